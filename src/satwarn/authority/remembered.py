"""What was folded before, so that a deed folds only what is new in the ledger."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from satwarn.authority.standing import Standing, moved, standing
from satwarn.ledger.entry import Entry
from satwarn.ledger.head import Head

MOST = 1024
"""How many warnings are remembered at most: more than are ever live at once."""


class Source(Protocol):
    """Where entries are read: a ledger, or a work within it."""

    def of(self, subject: str, *, since: int = 1) -> list[Entry]:
        """Every entry about a subject from position `since` on, oldest first."""
        ...

    def subjects_after(self, head: Head) -> frozenset[str] | None:
        """Every subject that entries after `head` speak of; None when the ledger does not hold `head` (any more)."""
        ...

    @property
    def head(self) -> Head:
        """The last entry."""
        ...


class Remembered:
    """Where warnings stood when last asked. It is never the authority, and belongs to the thread of its ledger.

    What is remembered counts only while the ledger still holds the head it was folded up to. A head's seal covers
    every entry before it, so a rollback or a restored backup is found out, and everything is folded anew.
    """

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._head = Head()
        self._known: dict[str, Standing] = {}
        self._behind: set[str] = set()

    def standings(self, source: Source, subjects: Iterable[str]) -> Iterator[Standing]:
        """Where each warning stands, as `standing.standing` folds it from every entry."""
        self._catch_up(source)
        return (self._one(source, subject) for subject in subjects)

    def _catch_up(self, source: Source) -> None:
        newer = source.subjects_after(self._head) if self._known else None
        if newer is None:
            self._known.clear()
            self._behind.clear()
        else:
            self._behind |= newer & self._known.keys()
        self._head = source.head

    def _one(self, source: Source, subject: str) -> Standing:
        now = self._known.get(subject)
        if now is None:
            now = standing(subject, source.of(subject))
        elif subject in self._behind:
            for entry in source.of(subject, since=now.last + 1):
                now = moved(now, entry)
        self._behind.discard(subject)
        self._known.pop(subject, None)
        self._known[subject] = now
        if len(self._known) > self._most:
            self._forget(next(iter(self._known)))
        return now

    def _forget(self, subject: str) -> None:
        del self._known[subject]
        self._behind.discard(subject)
