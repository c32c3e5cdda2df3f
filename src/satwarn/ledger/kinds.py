"""What kinds of entries there are, and which view of the ledger shows each (`tables/kinds.csv`).

Deeds are what people and partners did, deliveries what left, receipts what sites did, notes what the hub says of
itself.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from satwarn.errors import BadAlert


@cache
def views() -> Mapping[str, tuple[str, ...]]:
    """The kinds of each view, in the table's order."""
    table = (files("satwarn.ledger") / "tables" / "kinds.csv").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(table.splitlines()):
        found.setdefault(row["view"], []).append(row["kind"])
    return {view: tuple(kinds) for view, kinds in found.items()}


def chosen(words: Iterable[str]) -> tuple[str, ...]:
    """The kinds that views or kinds name, each once; none for no word. BadAlert for a word that is neither."""
    known = {kind: (kind,) for kinds in views().values() for kind in kinds} | dict(views())
    found: dict[str, None] = {}
    for word in words:
        if word not in known:
            raise BadAlert(
                f"{word[:40]!r} is no kind of entry", where="kinds", fix=f"{', '.join(views())}, or a single kind"
            )
        found |= dict.fromkeys(known[word])
    return tuple(found)
