"""The chain: each entry seals the one before, so that nothing can be changed unseen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from satwarn.errors import BrokenChain
from satwarn.ledger import checkpoint
from satwarn.ledger.entry import Entry, Record, canonical, digest_of
from satwarn.ledger.head import GENESIS, Head

__all__ = ["GENESIS", "Audit", "Head", "audit", "link", "seal_of", "verify"]

FORGET = "forget"
FORGETTABLE = frozenset({"receipt", "transmit", "delivery"})
"""What may be forgotten after its time; a deed never."""
REMEDY = "compare with an export or backup made earlier; entries before this one still hold"


def seal_of(*, position: int, kind: str, subject: str, actor: str, at: str, digest: str, previous: str) -> str:
    """SHA-256 in hex over every part of an entry (its text by digest) and the seal before it."""
    return digest_of(canonical([position, kind, subject, actor, at, digest, previous]))


def link(head: Head, record: Record) -> Entry:
    """Put a record in its place after `head`."""
    text = canonical(record.body)
    position, at, digest = head.position + 1, record.at.astimezone(UTC).isoformat(), digest_of(text)
    return Entry(
        position=position,
        kind=record.kind,
        subject=record.subject,
        actor=record.actor,
        at=at,
        text=text,
        digest=digest,
        previous=head.seal,
        seal=seal_of(
            position=position,
            kind=record.kind,
            subject=record.subject,
            actor=record.actor,
            at=at,
            digest=digest,
            previous=head.seal,
        ),
    )


@dataclass(slots=True)
class Audit:
    """What a check of the chain found: its head, the last entry a checkpoint covers, how many texts were forgotten."""

    head: Head = field(default_factory=Head)
    covered: int = 0
    checkpoints: int = 0
    forgotten: int = 0


def verify(entries: Iterable[Entry], *, after: Head | None = None) -> Head:
    """Check every seal and return the head; BrokenChain names the first entry that does not hold."""
    return audit(entries, after=after).head


def audit(entries: Iterable[Entry], *, after: Head | None = None, key: Ed25519PublicKey | None = None) -> Audit:
    """Check every seal and, with the auditor's public `key`, every checkpoint.

    BrokenChain names the first entry that does not hold: changed, out of place, blank without a deed that says so, or
    a checkpoint that is not the auditor's.
    """
    found = Audit(head=after or Head())
    seals: dict[int, str] = {found.head.position: found.head.seal}
    blank: dict[int, str] = {}
    for entry in entries:
        _check(entry, found.head)
        if not entry.text:
            blank[entry.position] = entry.kind
        if entry.kind == FORGET:
            found.forgotten += _account(entry, blank)
        if entry.kind == checkpoint.KIND and key:
            found.covered = max(found.covered, checkpoint.check(entry, seals, key))
            found.checkpoints += 1
        found.head = Head(position=entry.position, seal=entry.seal)
        if key:
            seals[entry.position] = entry.seal
    if blank:
        first = min(blank)
        raise BrokenChain(
            "its text is gone, and no deed says that it was forgotten", where=f"entry {first}", fix=REMEDY
        )
    return found


def _check(entry: Entry, head: Head) -> None:
    where = f"entry {entry.position}"
    if entry.position != head.position + 1:
        raise BrokenChain(f"expected entry {head.position + 1}", where=where, fix=REMEDY)
    if entry.previous != head.seal:
        raise BrokenChain("does not seal the entry before it", where=where, fix=REMEDY)
    sealed = seal_of(
        position=entry.position,
        kind=entry.kind,
        subject=entry.subject,
        actor=entry.actor,
        at=entry.at,
        digest=entry.digest,
        previous=entry.previous,
    )
    forgotten = not entry.text and entry.kind in FORGETTABLE
    if entry.seal != sealed or (digest_of(entry.text) != entry.digest and not forgotten):
        raise BrokenChain(
            "was changed after it was sealed",
            where=f"{where} ({entry.kind} of {entry.subject} by {entry.actor})",
            fix=REMEDY,
        )


def _account(entry: Entry, blank: dict[int, str]) -> int:
    until, kinds = entry.body["until"], entry.body["kinds"]
    named = [position for position, kind in blank.items() if position <= until and kind in kinds]
    for position in named:
        del blank[position]
    return len(named)
