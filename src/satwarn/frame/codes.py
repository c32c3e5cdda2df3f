"""The code lists, as CSV beside this file: what a number on the air is called. Read when first asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from satwarn.errors import Missing

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


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
def _files() -> "Mapping[str, Traversable]":
    from importlib.resources import files  # a tenth of the time `import satwarn.frame` may take, needed by few

    folder = files("satwarn.frame.tables").iterdir()
    return {file.name.removesuffix(".csv"): file for file in folder if file.name.endswith(".csv")}


def tables() -> tuple[str, ...]:
    """The names of all code lists."""
    return tuple(sorted(_files()))


@cache
def table(name: str) -> tuple[Entry, ...]:
    """A whole code list in its own order; Missing if there is none of that name."""
    import csv  # as above

    if name not in _files():
        raise Missing(f"there is no code list {name!r}", fix="satwarn frame table")
    text = _files()[name].read_text(encoding="utf-8")
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
