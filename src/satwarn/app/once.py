"""Once and only once: what a request under an Idempotency-Key first writes is one commit with the key being spent."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from satwarn.authority.roster import hash_secret
from satwarn.errors import BadAlert, OutOfTurn
from satwarn.ledger.entry import Entry
from satwarn.ledger.ports import Ledger

LONGEST = 200
SPENT = "answer"

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Once:
    """A request under a key: how the ledger names the two, the digest of what was asked, who asked, and whether it is
    still being carried out."""

    subject: str
    digest: str
    who: str
    open: bool = True


asking: ContextVar[Once | None] = ContextVar("asking", default=None)
"""The request under whose key works are done here and now."""


def named(key: str, *, caller: str, who: str, path: str, body: bytes) -> Once:
    """What a request is known by; BadAlert for a key that cannot be one."""
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise BadAlert(
            "is empty, too long or not printable", where="Idempotency-Key", fix=f"1 to {LONGEST} printable characters"
        )
    return Once(subject=f"once/{hash_secret(caller + chr(0) + key)}", digest=hash_secret(path + body.hex()), who=who)


def earlier(once: Once, answered: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What the ledger holds of the key (`answered` as in the views); OutOfTurn when another request spent it."""
    found = answered.get(once.subject)
    if found is not None and found["request"] != once.digest:
        raise OutOfTurn(
            "came with another request before", where="Idempotency-Key", fix="a new key for each new request"
        )
    return found


def spending(
    job: Callable[[], T], ledger: Ledger, answered: Callable[[], Mapping[str, Any]], record: Callable[..., Entry]
) -> Callable[[], T]:
    """The job of a request under a key, which also says that the key is spent, if it writes and nothing has before."""
    once = asking.get()
    if once is None:
        return job

    def work() -> T:
        before = ledger.head.position
        try:
            return job()
        finally:
            if once.open and once.subject not in answered() and ledger.head.position > before:
                about = list(dict.fromkeys(entry.subject for entry in ledger.since(before)))
                record(SPENT, once.subject, {"request": once.digest, "about": about}, by=once.who)

    return work
