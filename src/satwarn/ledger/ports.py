"""What authority and hub need of whoever keeps the ledger."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from satwarn.ledger.entry import Entry, Record
from satwarn.ledger.head import Head


class Work(Protocol):
    """One transaction: what is read stays true and what is recorded is durable once the block is left, or neither."""

    def record(self, record: Record) -> Entry:
        """Write a record after the last one; it counts only when the work ends without an error."""
        ...

    def of(self, subject: str, *, since: int = 1) -> list[Entry]:
        """Every entry about a subject from position `since` on, oldest first."""
        ...

    def subjects(self, *kinds: str) -> frozenset[str]:
        """Every subject that an entry of one of these kinds speaks of."""
        ...

    def subjects_after(self, head: Head) -> frozenset[str] | None:
        """Every subject that entries after `head` speak of; None when the ledger does not hold `head` (any more)."""
        ...

    @property
    def head(self) -> Head:
        """The last entry, including those of this work."""
        ...


class Ledger(Protocol):
    """Remembers every deed and receipt, in order, for good."""

    def work(self) -> AbstractContextManager[Work]:
        """Begin a transaction; leaving the block normally makes it durable, an error undoes it."""
        ...

    def since(self, position: int = 0) -> Iterator[Entry]:
        """Entries after `position`, oldest first."""
        ...

    def of(self, subject: str, *, since: int = 1) -> list[Entry]:
        """Every entry about a subject from position `since` on, oldest first."""
        ...

    def subjects_after(self, head: Head) -> frozenset[str] | None:
        """Every subject that entries after `head` speak of; None when the ledger does not hold `head` (any more)."""
        ...

    def page(self, *, before: int, limit: int, subject: str = "", kinds: Iterable[str] = ()) -> list[Entry]:
        """Up to `limit` entries below position `before` (0: from the end), newest first."""
        ...

    def group(self) -> AbstractContextManager[object]:
        """Several works, one commit: each fails alone, none is durable before the block is left."""
        ...

    @property
    def head(self) -> Head:
        """The last durable entry."""
        ...

    def close(self) -> None:
        """Let go of the ledger; it stays on disk."""
        ...
