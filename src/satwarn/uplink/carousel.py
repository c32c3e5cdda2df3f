"""The carousel of the wide band: what goes next, when, how often. Sans-IO; told the time.

Whole alerts go round and round, since nobody can ask for one again. A pass sends every live alert, drill and heartbeat
at least once, young ones more often, then a ration of the data, which goes on where the last pass left it. What is new
goes at once before what is repeated in its class and before all lower classes. No more than `bandwidth_bit_s` leaves.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from satwarn.alert.alert import Alert, Severity, Status
from satwarn.alert.heartbeat import heartbeat_of
from satwarn.alert.purpose import Purpose, rule_of
from satwarn.alert.supply import supply_of
from satwarn.errors import DoesNotFit
from satwarn.uplink.carousel_code import UDP_IP_BYTES

SLOWEST_BIT_S, FASTEST_BIT_S = 64_000, 10_000_000
CATCH_UP = timedelta(milliseconds=20)  # how late a sender may be and still keep its schedule, or by so many datagrams:
CATCH_UP_DATAGRAMS, DATAGRAM_BITS = 8, 12_000
PUT_BACK = timedelta(seconds=1)  # no datagram takes so long: whoever is told to wait longer, his clock was put back
SEVEREST_FIRST = (Severity.EXTREME, Severity.SEVERE, Severity.UNKNOWN, Severity.MODERATE, Severity.MINOR)


class Priority(IntEnum):
    """The smaller goes first."""

    LIVE = 0
    DRILL = 1
    HEARTBEAT = 2
    DATA = 3


# Times an object goes in each pass, by its age; DATA takes its ration whatever its age.
REPEATS = ((timedelta(minutes=1), 3), (timedelta(minutes=10), 2), (timedelta.max, 1))
DATA_SHARE = 4  # one part in so many of a pass is data, however full the pass is
PASS_S = 5.0  # and with data aboard a pass takes at least so long, so that little else does not go round idly


def priority_of(alert: Alert) -> Priority:
    """An alert's class: live only by its signed purpose, a supply is data; plans and tests go as drills."""
    if heartbeat_of(alert):
        return Priority.HEARTBEAT
    if alert.status is Status.SYSTEM:
        return Priority.DATA if supply_of(alert) else Priority.DRILL
    return Priority.LIVE if rule_of(alert).purpose is Purpose.REAL else Priority.DRILL


def severity_of(alert: Alert) -> Severity:
    """The severest of what it says."""
    return min((info.severity for info in alert.infos), key=SEVEREST_FIRST.index, default=Severity.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One object as datagrams, its file table first; the same bytes every time, so that what is heard adds up.

    `key` names its place: a new item of the same key takes it. It goes from `since` until `until`.
    """

    key: str
    datagrams: tuple[bytes, ...]
    priority: Priority
    severity: Severity
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if not self.datagrams:
            raise DoesNotFit("an object of no datagrams cannot be sent", where=self.key)

    @property
    def bits(self) -> int:
        """Bits of one pass on the air, UDP and IP headers included."""
        return sum(_bits(datagram) for datagram in self.datagrams)

    @property
    def order(self) -> tuple[int, int, float]:
        """Where it stands in a pass: by class, then the severest, then the newest."""
        return self.priority, SEVEREST_FIRST.index(self.severity), -self.since.timestamp()

    def repeats(self, now: datetime) -> int:
        """How often it goes in a pass that begins now."""
        return next(times for age, times in REPEATS if now - self.since < age)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """One datagram that leaves: the `index`-th of its item, in the `number`-th pass, busy on the air until `ends`."""

    item: Item
    index: int
    at: datetime
    ends: datetime
    number: int

    @property
    def datagram(self) -> bytes:
        return self.item.datagrams[self.index]


@dataclass(slots=True)
class _Turn:
    """An item being sent, and how far it is."""

    item: Item
    index: int = 0


class Carousel:
    """Repeats what is put on it until each one's end. Ask `next_tick`, call `tick` then, send what it returns."""

    def __init__(self, *, bandwidth_bit_s: int) -> None:
        if not SLOWEST_BIT_S <= bandwidth_bit_s <= FASTEST_BIT_S:
            raise DoesNotFit(
                f"{bandwidth_bit_s} bit/s is outside {SLOWEST_BIT_S} to {FASTEST_BIT_S}", where="bandwidth"
            )
        self._bandwidth = bandwidth_bit_s
        self._catch_up = max(CATCH_UP, timedelta(seconds=CATCH_UP_DATAGRAMS * DATAGRAM_BITS / bandwidth_bit_s))
        self._items: dict[str, Item] = {}
        self._new: list[_Turn] = []
        self._pass: deque[_Turn] = deque()
        self._data: deque[_Turn] = deque()
        self._ration = 0  # bits of data still to go in this pass
        self._busy_since: datetime | None = None
        self._busy_bits = 0
        self.number = 0  # passes begun

    def put(self, item: Item) -> None:
        """Have an item go round, in the place of an earlier one of the same key."""
        self.withdraw(item.key)
        self._items[item.key] = item
        if item.priority is Priority.DATA:
            self._data.append(_Turn(item))
        else:
            self._new.append(_Turn(item))
            self._new.sort(key=lambda turn: turn.item.order)

    def withdraw(self, key: str) -> None:
        """Take an item off, from the next datagram on."""
        if self._items.pop(key, None):
            self._forget()

    def aboard(self) -> tuple[Item, ...]:
        """What goes round now."""
        return tuple(self._items.values())

    def next_tick(self, now: datetime) -> datetime | None:
        """When the next datagram may leave; None when there is nothing to send."""
        self._expire(now)
        return max(now, self._free_at(now)) if self._items else None

    def tick(self, now: datetime) -> Emission | None:
        """Send the next datagram, if the air is free and there is one."""
        self._expire(now)
        if not self._items or now < self._free_at(now):
            return None
        turn = self._choose(now)
        emission = Emission(item=turn.item, index=turn.index, at=now, ends=self._occupy(turn, now), number=self.number)
        turn.index += 1
        self._advance(turn)
        return emission

    # ── what goes next ───────────────────────────────────────────────────────────────────────────

    def _choose(self, now: datetime) -> _Turn:
        ahead = self._new[0] if self._new else None
        if not self._pass and not (self._ration > 0 and self._data):
            if ahead:  # between two passes all that is new goes out, whatever its class
                return ahead
            self._begin_pass(now)
        current = self._pass[0] if self._pass else self._data[0]
        return ahead if ahead and ahead.item.priority <= current.item.priority else current

    def _begin_pass(self, now: datetime) -> None:
        self.number += 1
        steady = sorted(
            (item for item in self._items.values() if item.priority is not Priority.DATA), key=lambda item: item.order
        )
        for lap in range(REPEATS[0][1]):
            self._pass.extend(_Turn(item) for item in steady if item.repeats(now) > lap)
        bits = sum(turn.item.bits for turn in self._pass)
        self._ration = max(bits // (DATA_SHARE - 1), int(self._bandwidth * PASS_S) - bits)

    def _advance(self, turn: _Turn) -> None:
        whole = turn.index == len(turn.item.datagrams)
        if turn.item.priority is Priority.DATA:
            self._ration -= _bits(turn.item.datagrams[turn.index - 1])
            if whole:
                turn.index = 0
                self._data.rotate(-1)
        elif whole:
            (self._new if self._new and self._new[0] is turn else self._pass).remove(turn)

    def _expire(self, now: datetime) -> None:
        if self._free_at(now) > now + PUT_BACK:
            self._busy_since = None
        over = [key for key, item in self._items.items() if item.until <= now]
        for key in over:
            del self._items[key]
        if over:
            self._forget()

    def _forget(self) -> None:
        def stays(turn: _Turn) -> bool:
            return self._items.get(turn.item.key) is turn.item

        self._new = list(filter(stays, self._new))
        self._pass = deque(filter(stays, self._pass))
        self._data = deque(filter(stays, self._data))

    # ── when: an exact schedule, so that rounding never adds up ──────────────────────────────────

    def _free_at(self, now: datetime) -> datetime:
        if self._busy_since is None:
            return now
        return self._busy_since + timedelta(microseconds=-(-self._busy_bits * 1_000_000 // self._bandwidth))

    def _occupy(self, turn: _Turn, now: datetime) -> datetime:
        if self._busy_since is None or now > self._free_at(now) + self._catch_up:
            self._busy_since, self._busy_bits = now, 0
        self._busy_bits += _bits(turn.item.datagrams[turn.index])
        return self._free_at(now)


def _bits(datagram: bytes) -> int:
    return 8 * (len(datagram) + UDP_IP_BYTES)
