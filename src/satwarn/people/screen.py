"""One alert as one value and one page: what, where and what to do, in huge type, every language in its turn.

The page asks nothing of the outside, moves only to change the language (all are shown at once where people asked for
less motion), and is a different page altogether in a drill.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from lxml import html

from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Cause
from satwarn.people.announcement import Announcement
from satwarn.people.look import look
from satwarn.people.ports import Performance, Trouble

LIVE, EXERCISE = "live", "exercise"

# The world a screen is in, by purpose; what is not real is shown as an exercise.
WORLDS = {
    Purpose.REAL: LIVE,
    Purpose.PUBLIC_TEST: EXERCISE,
    Purpose.EXERCISE: EXERCISE,
    Purpose.TECHNICAL_TEST: EXERCISE,
}
SYMBOLS = {LIVE: "\u26a0\ufe0e", EXERCISE: "\u25b3"}
TURN_S = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One language's turn: the word for a drill, the headline, what to do, and the label that ends it."""

    language: str
    world: str
    before: str
    headline: str
    sentences: tuple[str, ...]
    after: str

    def lines(self) -> tuple[str, ...]:
        """All its text, in the order shown."""
        return tuple(line for line in (self.world, self.before, self.headline, *self.sentences, self.after) if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What one screen shows; `world` is live or exercise."""

    world: str
    symbol: str
    panels: tuple[Panel, ...]

    def lines(self) -> tuple[str, ...]:
        """All text on it, in order."""
        return (self.symbol, *(line for panel in self.panels for line in panel.lines()))

    def page(self) -> str:
        """The HTML page; all text is escaped."""
        template = _templates().get_template("screen.html")
        return template.render(screen=self, css=look().css(), turn_s=TURN_S)


@cache
def _templates() -> Environment:
    loader = PackageLoader("satwarn.people", "pages")
    return Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined)


def screen(performance: Performance) -> Screen:
    """The value for one warning."""
    world = WORLDS[performance.purpose]
    words = look().worlds[world].words if world != LIVE else {}  # what is real needs no word for it
    return Screen(
        world=world,
        symbol=SYMBOLS[world],
        panels=tuple(_panel(said, words.get(said.language, "")) for said in performance.announcements),
    )


def _panel(said: Announcement, world: str) -> Panel:
    return Panel(
        language=said.language,
        world=world,
        before=said.label.before if said.label else "",
        headline=said.headline,
        sentences=said.sentences,
        after=said.label.after if said.label else "",
    )


def text_of(page: str) -> tuple[str, ...]:
    """Every line of text in the body of a page, as a browser would find it; nothing for a page that is none."""
    if not page.strip():
        return ()
    body = html.document_fromstring(page).find("body")
    return () if body is None else _clean(str(text) for text in body.itertext())


def _clean(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if line.strip())


def judge_screen(meant: Screen, shown: tuple[str, ...]) -> Trouble | None:
    """None when the lines read back from the display are those meant."""
    if shown == meant.lines():
        return None
    if not shown:
        return Trouble(
            cause=Cause.DEVICE,
            detail="was blank",
            next_step="check the display's power, cable and browser, then test this site again",
        )
    if _mangled(meant, shown):
        return Trouble(
            cause=Cause.CHARSET,
            detail="showed garbled characters",
            next_step="serve the page as UTF-8 and install fonts for Japanese and Korean, then look at it",
        )
    return Trouble(
        cause=Cause.DEVICE,
        detail="showed something else",
        next_step="close what covers the page, restart the display, then test this site again",
    )


def _mangled(meant: Screen, shown: tuple[str, ...]) -> bool:
    """Whether letters were lost on the way, or the lines are UTF-8 read as Latin-1, the commonest of all mistakes."""
    lost = len(shown) == len(meant.lines()) and "".join(shown).isascii()
    if lost or any("\ufffd" in line for line in shown):
        return True
    try:
        return any(line.encode("latin-1").decode("utf-8") in meant.lines() for line in shown if not line.isascii())
    except UnicodeError:
        return False
