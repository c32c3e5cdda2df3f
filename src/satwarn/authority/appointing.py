"""Whether one administrator appoints somebody, or another must agree: `tables/appointing.csv` (decision 10)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.rights import Role
from satwarn.authority.roster import Roster
from satwarn.errors import NotAllowed

AFTER_REMOVAL = timedelta(hours=72)
"""How long whoever ended another administrator's office appoints nobody alone."""


class Change(StrEnum):
    """What an appointment does to what somebody may."""

    WIDER = "wider"
    NOT_WIDER = "not wider"


class Appointer(StrEnum):
    """How the one who appoints stands among the administrators in office."""

    ONE_OF_SEVERAL = "one of several"
    ONLY = "the only one"
    ALONE_BY_THEIR_HAND = "alone by their own hand"


class Way(StrEnum):
    """How it is done."""

    AT_ONCE = "at once"
    """One suffices: it takes away."""
    TWO = "two"
    """Another administrator agrees."""
    ALONE = "alone"
    """There is no other one; the ledger says so."""
    LATER = "later"
    """Not now: the appointer made themselves the only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """To what somebody is appointed; for a partner also the certificate (PEM) by which it is known."""

    name: str
    roles: frozenset[Role]
    jurisdiction: Jurisdiction
    title: str = ""
    certificate: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "name": self.name,
            "roles": sorted(self.roles),
            "jurisdiction": self.jurisdiction.to_json(),
            "title": self.title,
            "certificate": self.certificate,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Appointment":
        """Read what `to_json` wrote; KeyError or ValueError where it is none."""
        return cls(
            name=values["name"],
            roles=frozenset(map(Role, values["roles"])),
            jurisdiction=Jurisdiction.from_json(values["jurisdiction"]),
            title=values["title"],
            certificate=values["certificate"],
        )


@cache
def _table() -> Mapping[tuple[Change, Appointer], Way]:
    table = (files("satwarn.authority") / "tables" / "appointing.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return {(Change(row["change"]), Appointer(row["appointer"])): Way(row["way"]) for row in rows}


def way_of(roster: Roster, wanted: Appointment, *, by: str, now: datetime) -> Way:
    """How an administrator in office may appoint; NotAllowed when not now."""
    way = _table()[change_of(roster, wanted), appointer_of(roster, by, now)]
    if way is Way.LATER:
        until = roster.removed[by] + AFTER_REMOVAL
        raise NotAllowed(
            f"{by} ended another administrator's office, so appoints nobody alone until {until:%Y-%m-%d %H:%M} UTC",
            where=wanted.name,
        )
    return way


def change_of(roster: Roster, wanted: Appointment) -> Change:
    """Whether anybody may more than before: a new person, a role, a place or danger, another key of a partner."""
    present = roster.get(wanted.name)
    if present is None or wanted.certificate or wanted.roles - present.roles:
        return Change.WIDER
    return Change.NOT_WIDER if present.jurisdiction.holds(wanted.jurisdiction) else Change.WIDER


def appointer_of(roster: Roster, by: str, now: datetime) -> Appointer:
    """How an administrator stands among those in office."""
    if roster.administrators() != (by,):
        return Appointer.ONE_OF_SEVERAL
    removed = roster.removed.get(by)
    return Appointer.ALONE_BY_THEIR_HAND if removed and now - removed < AFTER_REMOVAL else Appointer.ONLY


def office_of(roster: Roster, name: str) -> dict[str, Any] | None:
    """What somebody may now, so that a proposal of before a change is known for one; None out of office."""
    present = roster.get(name)
    return {"roles": sorted(present.roles), "jurisdiction": present.jurisdiction.to_json()} if present else None


def check_second(roster: Roster, proposed: Mapping[str, Any], *, proposed_by: str, by: str) -> None:
    """NotAllowed for the appointed person, after the proposer's office ended, and when the person's own has changed."""
    name = proposed["name"]
    if name == by:
        raise NotAllowed("nobody agrees to their own appointment", where=name, fix="ask another administrator")
    if proposed_by not in roster.administrators():
        raise NotAllowed(f"{proposed_by}, who proposed it, appoints nobody now", where=name, fix="propose it anew")
    if proposed["before"] != office_of(roster, name):
        raise NotAllowed(f"what {name} may has changed since it was proposed", where=name, fix="propose it anew")
