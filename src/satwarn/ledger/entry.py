"""One line of the ledger: who did what to which subject, when, sealed to the line before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is to be written down, before it has a place in the chain.

    `kind` is a deed ("approve"), a "receipt" or a "delivery"; `subject` is the warning or site it speaks of;
    `body` is anything JSON can say.
    """

    kind: str
    subject: str
    actor: str
    at: datetime
    body: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"{self.kind} of {self.subject}: the time {self.at} has no zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record in its place: `position` counts from 1, `digest`, `previous` and `seal` are SHA-256 in hex.

    `at` and `text` (the body as canonical JSON) are kept as the exact characters that were sealed. The seal covers the
    text by its `digest`, so that the text of an old receipt can be forgotten ("") while the chain still holds.
    """

    position: int
    kind: str
    subject: str
    actor: str
    at: str
    text: str
    digest: str
    previous: str
    seal: str

    @property
    def body(self) -> dict[str, Any]:
        """The body as JSON values; empty when it was forgotten."""
        values: dict[str, Any] = json.loads(self.text) if self.text else {}
        return values

    @property
    def time(self) -> datetime:
        """When it was done, as an aware datetime."""
        return datetime.fromisoformat(self.at)


def canonical(value: object) -> str:
    """JSON in one form only: sorted keys, no spaces, characters as themselves."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(text: str) -> str:
    """SHA-256 in hex of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()
