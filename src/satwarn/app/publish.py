"""The public pages as files: what a static host can serve when everybody looks at once."""

from collections.abc import Callable
from pathlib import Path

from satwarn.adapters import clock
from satwarn.app.feed import atom
from satwarn.app.public import KEEP_S, LANGUAGES, Notice, notice, notices, zone_of
from satwarn.app.realm_views import Views
from satwarn.app.wiring import read_ledger
from satwarn.errors import Missing

Render = Callable[..., str]


def publish(out: Path, ledger: Path, *, zone_name: str, address: str, render: Render, stylesheet: str) -> int:
    """Write every page, message and the feed below `out`; returns how many warnings are shown.

    Missing without a ledger: pages from nothing would say that nothing is on.
    """
    if not ledger.is_file():
        raise Missing("there is no hub's ledger", where=str(ledger), fix="name the hub's folder: --data satwarn-data")
    views, now, zone = Views(), clock.now(), zone_of(zone_name)
    for entry in read_ledger(ledger):
        views.tell(entry)
    shown: list[Notice] = []
    for tag in LANGUAGES:
        shown = notices(views, now=now, tag=tag, zone=zone)
        page = {"world": "live", "static": True, "languages": LANGUAGES, "as_of": now.astimezone(zone)}
        index = render(
            "public/index.html",
            tag,
            root="",
            here={one: _index(one) for one in LANGUAGES},
            notices=shown,
            link=lambda n, t=tag: f"warning/{n.subject}.{t}.html",
            **page,
        )
        _write(out / _index(tag), index.encode())
        for standing in views.public(now=now, keep_s=KEEP_S):
            if all(one.subject != standing.subject for one in shown):
                continue
            text = render(
                "public/warning.html",
                tag,
                root="../",
                here={one: f"{standing.subject}.{one}.html" for one in LANGUAGES},
                n=notice(standing, tag=tag, zone=zone),
                back=f"../{_index(tag)}",
                cap=f"../cap/{standing.said.identifier}.xml",
                **page,
            )
            _write(out / "warning" / f"{standing.subject}.{tag}.html", text.encode())
    for one in shown:
        _write(out / "cap" / f"{one.identifier}.xml", views.messages[one.identifier])
    english = notices(views, now=now, tag="en", zone=zone)
    _write(out / "feed.atom", atom(english, root=address.rstrip("/"), tag="en", now=now))
    _write(out / "static" / "pages.css", stylesheet.encode())
    return len(shown)


def _index(tag: str) -> str:
    return "index.html" if tag == "en" else f"index.{tag}.html"


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all: who reads at this moment gets the old page or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.write_bytes(data)
    part.replace(file)
