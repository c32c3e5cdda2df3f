"""Words of a receiver's own pages (tables/hand.csv, status.csv, replay.csv, faults.csv): each key in every language."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

MODEL = "en"
PAGES = ("hand", "status", "replay", "faults")
OTHER = "other"


def rows(table: str) -> list[dict[str, str]]:
    text = (files("satwarn.people") / "tables" / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def words(page: str) -> Mapping[str, Mapping[str, str]]:
    """By key, then by language."""
    return {row.pop("key"): row for row in rows(page)}


def word(page: str, key: str, language: str, **gaps: object) -> str:
    """The words of that key, its gaps filled; English where the language has none."""
    row = words(page)[key]
    return (row.get(language) or row[MODEL]).format(**gaps)


@cache
def sides() -> Mapping[str, str]:
    """Where the cause of each kind of fault lies, by its code."""
    return {row["code"]: row["side"] for row in rows("fault_sides")}


def kind_of(fault: str) -> str:
    """The kind of a fault's code: "output speaker" is an output, "speaker tried" a try; `other` when unknown."""
    found = (fault, fault.partition(" ")[0], fault.rpartition(" ")[2])
    return next((code for code in found if code in sides()), OTHER)


def named(code: str, language: str) -> str:
    """What a fault's code or a check's name is about: "output speaker" in the words of a language; a code without such
    words as it is."""
    kind = kind_of(code)
    of = code.replace(kind, "", 1).strip()
    return code if kind == OTHER else word("status", f"name-{kind}", language, of=of)
