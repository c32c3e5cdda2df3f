"""What a person sees of the air: each message once, with its copies, satellites and losses; or one line a message."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from satwarn.frame.l1s import DCR, DCX
from satwarn.frame.monitor import Monitor, News
from satwarn.frame.notation import to_json
from satwarn.frame.stream import Stream
from satwarn.people.reports import describe

SHOWN, LINES = 8, 6


class AirScreen:
    """Keeps what is shown of the messages on the air."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._known: dict[str, News] = {}
        self._lost = 0
        self._skipped = 0
        self._faults = 0

    def show(self, news: News) -> None:
        """Take in one copy."""
        self._known.pop(news.episode.payload, None)
        self._known[news.episode.payload] = news
        self._lost += news.reception.lost or 0

    def note(self, *, faults: int, skipped: int) -> None:
        """Take in what was no frame."""
        self._faults += faults
        self._skipped = skipped

    def __rich__(self) -> Group:
        """The table and the count below it."""
        found = Table(expand=True, pad_edge=False)
        found.add_column("heard", justify="right")
        for title in ("satellites", "from", "message"):
            found.add_column(title, no_wrap=title != "message")
        for news in list(self._known.values())[-SHOWN:]:
            prns = " ".join(str(prn) for prn in sorted(news.episode.satellites) if prn) or "?"
            said = describe(news.report, self._tag)
            found.add_row(
                str(news.episode.copies), prns, f"{news.episode.first_heard:%H:%M:%S}", Text("\n".join(said[:LINES]))
            )
        below = f"{self._lost} messages lost, {self._faults} broken, {self._skipped} bytes are no frame"
        return Group(found, Text(below, style="dim"))


def _as_json(news: News) -> str:
    linked = {"link": news.linked.link.value} if news.linked else {}
    text = {"paged_text": news.text.text, "missing_pages": list(news.text.missing)} if news.text else {}
    return json.dumps(
        {**to_json(news.frame, received=news.episode.first_heard), **linked, **text},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _as_text(news: News, tag: str) -> str:
    head = f"{news.episode.first_heard:%Y-%m-%d %H:%M:%S} UTC  " + (
        f"satellite {news.frame.satellite}" if news.frame.satellite else "satellite not known"
    )
    link = [f"({news.linked.link.value})"] if news.linked else []
    return "\n".join([head, *describe(news.report, tag), *link, ""])


def follow(pieces: Iterable[bytes], *, now: Callable[[], datetime], as_json: bool, once: bool, tag: str) -> None:
    """Read until interrupted (`once`: until nothing comes) and show each message when it begins."""
    screen = AirScreen(tag)
    on_screen = sys.stdout.isatty() and not as_json
    with suppress(KeyboardInterrupt):
        if not on_screen:
            for news in _news(pieces, screen, now, once=once, tell=_remark):
                if news.episode.fresh and news.report.message_type in (DCR, DCX):
                    typer.echo(_as_json(news) if as_json else _as_text(news, tag))
            return
        with Live(screen, console=Console(), refresh_per_second=4):
            for _ in _news(pieces, screen, now, once=once, tell=lambda _: None):
                pass


def _reception(news: News) -> Iterator[str]:
    """What one copy tells about the sky, if anything is wrong with it."""
    satellite = news.frame.satellite or "not known"
    if news.reception.lost:
        yield f"satellite {satellite}: {news.reception.lost} messages of this type lost before this one"
    if news.reception.disagrees:
        others = ", ".join(map(str, sorted(news.reception.disagrees)))
        yield f"satellite {satellite} says something else than {others} in the same second"


def _remark(text: str) -> None:
    typer.echo(text, err=True)


def _news(
    pieces: Iterable[bytes], screen: AirScreen, now: Callable[[], datetime], *, once: bool, tell: Callable[[str], None]
) -> Iterator[News]:
    """Each copy as it is heard, noted on the screen; what does not hold is told."""
    stream, monitor = Stream(), Monitor()
    for piece in pieces:
        for frame in stream.end() if once and not piece else stream.feed(piece):
            news = monitor.hear(frame, now=now())
            screen.show(news)
            for remark in _reception(news):
                tell(remark)
            yield news
        faults = stream.faults()
        screen.note(faults=len(faults), skipped=stream.skipped)
        for fault in faults:
            tell(f"byte {fault.offset}: {fault.reason}")
        monitor.tick(now=now())
        if once and not piece:
            return
