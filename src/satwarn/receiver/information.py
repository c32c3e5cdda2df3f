"""What a warning is about: the information types of J-Alert and what stands beside them, and how each is known.

Policy goes by this type first and by severity second (reference: the list of 25 types, automatic by default or not).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from satwarn.alert.alert import Severity


class Wish(StrEnum):
    """What a site wants done with one type of information."""

    SOUND = "sound"
    SHOW = "show"
    LOG = "log"


class Move(StrEnum):
    """What a message does to its warning."""

    WARN = "warn"
    UPDATE = "update"
    END = "end"
    RETRACT = "retract"


OTHER = "other"
_SEVERITY = {
    "extreme": Severity.EXTREME,
    "severe": Severity.SEVERE,
    "moderate": Severity.MODERATE,
    "minor": Severity.MINOR,
    "none": Severity.MINOR,
    "unknown": Severity.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """One type: `wish` by default, how grave it is by itself, how long it is believed without word of its duration
    (`limit`), and how old a frame about it may be (`fresh`)."""

    name: str
    names: Mapping[str, str]
    severity: Severity
    wish: Wish
    limit: timedelta
    fresh: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one code of a DC report means: its type, its rank among those of its kind, what it does."""

    information: str
    rank: int
    move: Move


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    text = (files("satwarn.receiver") / "tables" / f"{table}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def informations() -> Mapping[str, Information]:
    """Every type by name (tables/information.csv)."""
    return {
        row["information"]: Information(
            name=row["information"],
            names={"en": row["name_en"], "ja": row["name_ja"]},
            severity=_SEVERITY[row["grade"]],
            wish=Wish(row["act"]),
            limit=timedelta(minutes=int(row["limit_min"])),
            fresh=timedelta(minutes=int(row["fresh_min"])),
        )
        for row in _rows("information")
    }


@cache
def _by_hazard() -> Mapping[int, str]:
    return {int(row["hazard"]): row["information"] for row in _rows("hazards")}


# Texts of Japan's library (CAMF A11) that end the danger they speak of, whatever the message calls itself.
RELEASING = frozenset({129, 130, 131, 135})


def of_hazard(hazard: int, instruction: int = 0) -> str:
    """The type of a CAMF hazard (A4); `other` for one that no row names."""
    return "missile-passed" if instruction in RELEASING else _by_hazard().get(hazard, OTHER)


@cache
def _by_code() -> Mapping[tuple[str, str], Meaning]:
    return {
        (row["kind"], row["code"]): Meaning(
            information=row["information"], rank=int(row["rank"]), move=Move(row["move"])
        )
        for row in _rows("dcr")
    }


def of_dcr(kind: str, code: int = 0) -> Meaning:
    """The meaning of a code in a DC report of this kind; an unknown code means what its kind's last row says."""
    table = _by_code()
    return table.get((kind, str(code))) or table.get((kind, "")) or table["unknown_category", ""]


def of_event(texts: Iterable[str]) -> str:
    """The type that a CAP event names, in any of its languages; `other` where none is recognised."""
    said = [text.casefold() for text in texts]
    for row in _rows("events"):
        if any(row["words"] in text for text in said):
            return row["information"]
    return OTHER
