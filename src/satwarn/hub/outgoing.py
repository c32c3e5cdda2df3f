"""What is on, on the ground path: every signed message by number, until it is over or another has taken its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from satwarn.alert.alert import Alert, Key, MsgType

MARK_BYTES = 8
NEWS_LASTS = timedelta(hours=1)
"""How long a message that names no end is given to whoever comes late: the news of an end, most of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A signed message on its way: `number` grows with each, `mark` (8 bytes) is the ledger's seal at that number.

    `replaces` are the messages that need not be sent any more beside this one.
    """

    number: int
    mark: bytes
    message: bytes
    until: datetime
    key: Key | None = None
    replaces: frozenset[Key] = frozenset()


def parcel(alert: Alert, message: bytes, *, number: int, mark: bytes, sent: datetime) -> Parcel:
    """The parcel of a signed alert that left at `sent`; an Update or Cancel replaces what it references (CAP 3.2.1)."""
    ends = [info.expires for info in alert.infos if info.expires]
    follows = alert.msg_type in (MsgType.UPDATE, MsgType.CANCEL)
    return Parcel(
        number=number,
        mark=mark[:MARK_BYTES].ljust(MARK_BYTES, b"\0"),
        message=message,
        until=max(ends) if ends else sent + NEWS_LASTS,
        key=alert.key,
        replaces=frozenset(reference.key for reference in alert.references) if follows else frozenset(),
    )


@dataclass(slots=True)
class Outgoing:
    """Gives a site what is on and new to it. Numbers and marks stay known when a message is over."""

    _on: dict[int, Parcel] = field(default_factory=dict)
    _marks: dict[int, bytes] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The highest number given so far, 0 for none."""
        return max(self._marks, default=0)

    def add(self, one: Parcel) -> None:
        """Take in a message; what it replaces is over."""
        self._marks[one.number] = one.mark
        self._on = {number: kept for number, kept in self._on.items() if kept.key not in one.replaces}
        self._on[one.number] = one

    def after(self, number: int, mark: bytes, *, now: datetime) -> Iterable[Parcel]:
        """What a site lacks that has everything up to `number`, in order.

        A mark that is not the one of that number comes from another ledger (a restored backup, another hub): such a
        number says nothing, and the site gets all that is on. Receivers know copies, so once more never harms.
        """
        self._on = {kept.number: kept for kept in self._on.values() if kept.until > now}
        since = number if self._marks.get(number) == mark else 0
        return tuple(kept for kept in sorted(self._on.values(), key=lambda one: one.number) if kept.number > since)
