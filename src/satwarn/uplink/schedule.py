"""What goes up next, and when: coded messages in their slots, live before drill. Sans-IO; told the time.

Slots follow GPS time of week: a DCX message starts where the second of the week modulo 4 is 2, and the
preamble cycles with the second modulo 3 (l1s-frame.md 1). So one satellite carries at most one DCX message in 4 s.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from satwarn.frame import encode, payload_of
from satwarn.frame.dcx import Extended
from satwarn.frame.l1s import dcx_slot, gps_time_of_week_s, preamble_at

COUNTER_MODULO = 16


class Priority(IntEnum):
    """The smaller goes first; a higher class takes every slot while it is on the air."""

    LIVE = 0
    DRILL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAir:
    """A message that is being repeated, from when and until when."""

    report: Extended
    since: datetime
    until: datetime
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """One frame (32 bytes) in one slot, the same from every satellite; `at` is when its first bit leaves."""

    frame: bytes
    payload: str
    at: datetime
    counter: int


class Uplink:
    """Repeats what is on the air, in turn, one message a slot, until each one's end."""

    def __init__(self) -> None:
        self._on_air: list[OnAir] = []
        self._counter = 0

    def put(self, report: Extended, *, since: datetime, until: datetime, priority: Priority) -> None:
        """Have a message repeated from `since` until `until`."""
        self._on_air.append(OnAir(report=report, since=since, until=until, priority=priority))

    def withdraw(self, report: Extended) -> None:
        """Take a message off the air from the next slot on."""
        self._on_air = [item for item in self._on_air if item.report != report]

    def next_tick(self, now: datetime) -> datetime | None:
        """The next slot at or after `now` in which there is something to send; None when nothing is left."""
        starts = [max(item.since, now) for item in self._on_air if item.until > now]
        return next_slot(min(starts)) if starts else None

    def tick(self, now: datetime) -> Transmission | None:
        """Send what this slot is for, if `now` is a slot and anything is on the air."""
        self._on_air = [item for item in self._on_air if item.until > now]
        due = [item for item in self._on_air if item.since <= now]
        if not due or next_slot(now) != now:
            return None
        chosen = min(due, key=lambda item: item.priority)
        # The chosen one goes to the end of the line, so that messages of one class take turns.
        self._on_air.remove(chosen)
        self._on_air.append(chosen)
        preamble = preamble_at(gps_time_of_week_s(now))
        frame = encode(chosen.report, preamble=preamble, counter=self._counter)
        sent = Transmission(frame=frame, payload=payload_of(frame), at=now, counter=self._counter)
        self._counter = (self._counter + 1) % COUNTER_MODULO
        return sent


def next_slot(now: datetime) -> datetime:
    """The first DCX slot that starts at or after `now`."""
    second = now if not now.microsecond else now.replace(microsecond=0) + timedelta(seconds=1)
    while not dcx_slot(gps_time_of_week_s(second)):
        second += timedelta(seconds=1)
    return second
