"""Checkpoints: the auditor signs the head of the chain with a key the hub does not hold.

Whoever owns the hub could write a whole new chain; they cannot write the auditor's signature under it.
"""

from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from satwarn.errors import BrokenChain
from satwarn.ledger.entry import Entry, Record
from satwarn.ledger.head import Head

KIND = "checkpoint"


def statement(head: Head) -> bytes:
    """What the auditor signs."""
    return f"satwarn checkpoint {head.position} {head.seal}".encode()


def record(head: Head, signature: bytes, *, by: str, at: datetime) -> Record:
    """The checkpoint as the ledger keeps it."""
    body = {"position": head.position, "seal": head.seal, "signature": signature.hex()}
    return Record(kind=KIND, subject="ledger", actor=by, at=at, body=body)


def sign(head: Head, key: Ed25519PrivateKey) -> bytes:
    """The auditor's signature (64 bytes) under a head."""
    return key.sign(statement(head))


def check(entry: Entry, seals: Mapping[int, str], key: Ed25519PublicKey) -> int:
    """The position a checkpoint entry covers; BrokenChain when it is not the auditor's or speaks of another chain."""
    body, where = entry.body, f"entry {entry.position} (checkpoint)"
    head = Head(position=body["position"], seal=body["seal"])
    if seals.get(head.position) != head.seal:
        raise BrokenChain(f"speaks of an entry {head.position} that is not in this chain", where=where)
    try:
        key.verify(bytes.fromhex(body["signature"]), statement(head))
    except InvalidSignature:
        raise BrokenChain(
            "is not signed with this key", where=where, fix="ask the auditor for the right public key"
        ) from None
    return head.position
