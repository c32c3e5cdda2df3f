"""Writes docs/explanation/launch-checks.md: what `satwarn launch` says of published flights, beside what happened.

Run: python tools/launch_checks.py   (reports and observations are in tests/authority/launch/)
"""

import csv
from datetime import datetime, timedelta
from pathlib import Path

from satwarn.area.atlas import Atlas, shipped_atlas
from satwarn.authority.launch import Proposal, propose
from satwarn.authority.launch_draft import clock
from satwarn.authority.launch_report import read
from satwarn.cli.launch_page import picture

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "tests/authority/launch"
PAGE = ROOT / "docs/explanation/launch-checks.md"
MAPS = ROOT / "docs/explanation/launch"
ASSUMED = timedelta(seconds=90)
HEAD = """# Launch proposals against published flights

A civil-protection estimate. Every map and figure here is made by `tools/launch_checks.py` with the code that
`satwarn launch` runs; launch times, overflight and first alerts are published ones. The azimuths are **derived** from
the launch area to the place a flight was reported to pass (Cape Erimo for 2017, the middle of Aomori for 2022-10-04,
the strait south of Okinawa for the space launches), because none was published: these rows check times and the
choice of areas under a known direction, not the finding of a direction. Ranges and apogees are as
published; where no apogee was, the arc of least energy is assumed.

*Minutes gained* compares the published first alert with an assumed one: a report and the approval of two people in
90 seconds together after the launch. That delay is our assumption, not a measurement; the proposal itself takes some
30 ms (`make bench`). Where detection was the slow part, as on 2022-11-03 and 2023-04-13, nothing of this would have
been gained by faster dissemination alone.

"""
TAIL = """## Rows of the list that are not here

2012-04-13: J-Alert was not used, and no path over Japan is published. 2024-05-27: no launch time is in the sources
read.

## What is not ballistic

Drones, cruise missiles and air raids fly no arc. A report of such a kind names its areas, and the proposal is an area
alarm until ended: no times, looked at again every hour, never quietly expired (`tests/authority/launch/air-raid.toml`).
"""


def checked(row: dict[str, str], atlas: Atlas, *, maps: bool) -> str:
    """One flight: the sentence, the map, the figures."""
    event = row["event"]
    proposal = propose(read((REPORTS / f"{event}.toml").read_bytes()), atlas)
    if maps:
        MAPS.mkdir(exist_ok=True)
        (MAPS / f"{event}.svg").write_text(picture(proposal, atlas), encoding="utf-8")
    rings = {
        ring: ", ".join(atlas.named(unit.scheme, unit.code).name("en") for unit in proposal.units if unit.ring == ring)
        for ring in ("certain", "possible", "neighbour")
    }
    lines = [
        f"## {event}",
        "",
        f"![Map of {event}](launch/{event}.svg)",
        "",
        "| | published | proposed |",
        "|---|---|---|",
        f"| launch | {clock(proposal, proposal.report.time)} JST | |",
        *_overfly(row, proposal),
        *_first_alert(row, proposal),
        f"| areas | {row['warned']} | {_rings(rings)} |",
        *([f"| fell | {row['fell']} | |"] if row["fell"] else []),
        *(f"\nNote: {note}." for note in proposal.notes),
        "",
    ]
    return "\n".join(lines)


def _overfly(row: dict[str, str], proposal: Proposal) -> list[str]:
    found = [unit for unit in proposal.units if f"{unit.scheme}:{unit.code}" == row["unit"]]
    if not found:
        return []
    unit = found[0]
    seen = f"{row['overfly_from']} to {row['overfly_to']}" if row["overfly_from"] else "none"
    first, arc, last = (clock(proposal, at) for at in (unit.earliest, unit.expected, unit.latest))
    return [f"| over {row['unit']} | {seen} | {first} to {last}, by the arc {arc} |"]


def _first_alert(row: dict[str, str], proposal: Proposal) -> list[str]:
    if not row["first_alert"]:
        return []
    after = _minutes(row, proposal)
    return [f"| first alert | {row['first_alert']} ({after} after launch) | {_gained(row, proposal)} |"]


def _alert(row: dict[str, str], proposal: Proposal) -> timedelta:
    return datetime.fromisoformat(f"{row['event']}T{row['first_alert']}:00+09:00") - proposal.report.time


def _minutes(row: dict[str, str], proposal: Proposal) -> str:
    return f"{_alert(row, proposal).total_seconds() / 60:.0f} min"


def _gained(row: dict[str, str], proposal: Proposal) -> str:
    gained = (_alert(row, proposal) - ASSUMED).total_seconds() / 60
    return f"{clock(proposal, proposal.report.time + ASSUMED)} assumed: {gained:.1f} min gained"


def _rings(rings: dict[str, str]) -> str:
    return "; ".join(f"{ring}: {names}" for ring, names in rings.items() if names)


def page(*, maps: bool) -> str:
    """The whole page; draws the maps where asked."""
    atlas = shipped_atlas()
    with (REPORTS / "observed.csv").open(newline="", encoding="utf-8") as file:
        return HEAD + "\n".join(checked(row, atlas, maps=maps) for row in csv.DictReader(file)) + "\n" + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(maps=True), encoding="utf-8")
