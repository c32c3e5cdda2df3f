"""Addresses become adapters: growing up is a changed address, not changed code."""

from collections.abc import Callable, Iterator
from pathlib import Path

from satwarn.errors import Missing
from satwarn.ledger.entry import Entry
from satwarn.ledger.ports import Ledger


def _sqlite(rest: str) -> Ledger:
    from satwarn.adapters.ledger.sqlite import SqliteLedger

    return SqliteLedger(Path(rest))


LEDGERS: dict[str, Callable[[str], Ledger]] = {"sqlite": _sqlite}


def open_ledger(address: str = "sqlite:warnings.db") -> Ledger:
    """Open a ledger by its address; Missing lists the kinds there are."""
    kind, _, rest = address.partition(":")
    if kind not in LEDGERS:
        raise Missing(f"no ledger of kind {kind!r}", where=address, fix=f"one of {', '.join(LEDGERS)}")
    return LEDGERS[kind](rest)


def read_ledger(file: Path) -> Iterator[Entry]:
    """Every entry of a ledger file, read only."""
    from satwarn.adapters.ledger.sqlite import read_only

    return read_only(file)
