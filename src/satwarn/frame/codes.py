"""The code lists, as CSV beside this file: what a number on the air is called. Read when first asked for."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from satwarn.errors import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a code list; `more` holds the columns that only this list has."""

    code: str
    en: str
    ja: str
    status: str
    source: str
    more: Mapping[str, str]


@cache
def tables() -> tuple[str, ...]:
    """The names of all code lists."""
    files = resources.files("satwarn.frame.tables").iterdir()
    return tuple(sorted(file.name.removesuffix(".csv") for file in files if file.name.endswith(".csv")))


@cache
def table(name: str) -> tuple[Entry, ...]:
    """A whole code list in its own order; Missing if there is none of that name."""
    if name not in tables():
        raise Missing(f"there is no code list {name!r}", fix="satwarn frame table")
    text = resources.files("satwarn.frame.tables").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    common = ("code", "en", "ja", "status", "source")
    return tuple(
        Entry(**{key: row[key] for key in common}, more={key: row[key] for key in row if key not in common})
        for row in csv.DictReader(text.splitlines())
    )


@cache
def index(name: str) -> Mapping[str, Entry]:
    """A code list by code (the codes of lists with more than one key, such as provider, stand only once)."""
    return {entry.code: entry for entry in table(name)}


def name_of(name: str, code: int | str, language: str = "en") -> str | None:
    """What the list calls a code in English or Japanese, or None if it does not know it."""
    entry = index(name).get(str(code))
    return (entry.ja if language == "ja" and entry.ja else entry.en) if entry else None
