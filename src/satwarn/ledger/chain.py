"""The chain: each entry seals the one before, so that nothing can be changed unseen."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC

from satwarn.errors import BrokenChain
from satwarn.ledger.entry import Entry, Record, canonical

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry's position (0 when the ledger is empty) and seal; who keeps it can prove what came before."""

    position: int = 0
    seal: str = GENESIS


def seal_of(*, position: int, kind: str, subject: str, actor: str, at: str, text: str, previous: str) -> str:
    """SHA-256 in hex over every part of an entry and the seal before it."""
    parts = canonical([position, kind, subject, actor, at, text, previous])
    return hashlib.sha256(parts.encode()).hexdigest()


def link(head: Head, record: Record) -> Entry:
    """Put a record in its place after `head`."""
    parts = {
        "position": head.position + 1,
        "kind": record.kind,
        "subject": record.subject,
        "actor": record.actor,
        "at": record.at.astimezone(UTC).isoformat(),
        "text": canonical(record.body),
        "previous": head.seal,
    }
    return Entry(**parts, seal=seal_of(**parts))  # type: ignore[arg-type]  # one dict serves both, with mixed values


def verify(entries: Iterable[Entry], *, after: Head | None = None) -> Head:
    """Check every seal and return the head; BrokenChain names the first entry that does not hold."""
    head = after or Head()
    for entry in entries:
        if entry.position != head.position + 1:
            raise BrokenChain(f"expected entry {head.position + 1}", where=f"entry {entry.position}", fix=REMEDY)
        if entry.previous != head.seal:
            raise BrokenChain("does not seal the entry before it", where=f"entry {entry.position}", fix=REMEDY)
        if entry.seal != seal_of(
            position=entry.position,
            kind=entry.kind,
            subject=entry.subject,
            actor=entry.actor,
            at=entry.at,
            text=entry.text,
            previous=entry.previous,
        ):
            raise BrokenChain(
                "was changed after it was sealed",
                where=f"entry {entry.position} ({entry.kind} of {entry.subject} by {entry.actor})",
                fix=REMEDY,
            )
        head = Head(position=entry.position, seal=entry.seal)
    return head


REMEDY = "compare with an export or backup made earlier; entries before this one still hold"
