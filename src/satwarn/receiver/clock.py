"""What time it is, and how far that may be believed: satellite time, the ground's, a host that keeps time, holdover.

A wrong clock must not make the old fresh: a time before what a signed message has proven is not believed, whoever
says it, also across a restart (`floor`), nor one before what the satellites said, unless they say it themselves: a
clock that ran ahead is put back by them, never by hand.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Source(StrEnum):
    """Where the time comes from, the best first."""

    GNSS = "gnss"
    GROUND = "ground"
    NTP = "ntp"  # the host, while its kernel says that a time server disciplines it
    HOST = "host"
    HOLDOVER = "holdover"
    NONE = "none"


FRESH = timedelta(minutes=5)
HOLDOVER_LASTS = timedelta(days=7)
DRIFT_S_PER_DAY = 10.0
JUMP_S = 2.0
TOLERANCE = timedelta(minutes=1)
BEST_FIRST = (Source.GNSS, Source.GROUND, Source.NTP, Source.HOST)
NOT_BY_RADIO = (Source.GROUND, Source.NTP)
SPOKEN = {Source.GROUND: "the hub's", Source.NTP: "a time server's"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The time believed, its source, and by how many seconds it may be wrong; `why` when it may not be believed."""

    now: datetime
    source: Source
    error_s: float
    why: str = ""

    @property
    def sane(self) -> bool:
        """Whether the age of a message can be judged by it."""
        return not self.why


class Clock:
    """Host seconds (monotonic) and outside times go in, the time believed comes out. Reads no clock itself."""

    def __init__(self, *, floor: datetime | None = None) -> None:
        self._proven = floor
        self._set: dict[Source, tuple[datetime, float]] = {}
        self.jumps = 0

    def hear(self, source: Source, time: datetime, *, host_s: float) -> None:
        """An outside time, valid at this reading of the host's monotonic clock."""
        known = self._set.get(source)
        if known:
            off_s = abs((time - known[0]).total_seconds() - (host_s - known[1]))
            self.jumps += off_s > JUMP_S
        self._set[source] = (time, host_s)

    def prove(self, time: datetime) -> None:
        """A time that a signed message proves to be past."""
        self._proven = max(time, self._proven or time)

    def offsets_s(self, *, wall: datetime, host_s: float) -> dict[str, float]:
        """How far the host's wall clock is ahead of each outside time heard lately, in seconds."""
        return {
            source.value: (wall - self._at(source, host_s)).total_seconds()
            for source in (Source.GNSS, Source.GROUND)
            if self._fresh(source, host_s)
        }

    def read(self, *, wall: datetime, host_s: float) -> Reading:
        """The time believed, from the host's wall clock and its monotonic seconds: what is fresh first, then the best
        of what was heard within a week."""
        known = [source for source in BEST_FIRST if source in self._set]
        for other in (source for source in NOT_BY_RADIO if self._fresh(source, host_s)):
            if (apart := self._apart(Source.GNSS, other, host_s)) > TOLERANCE:
                why = f"satellite time and {SPOKEN[other]} are {apart.total_seconds():.0f} s apart"
                return Reading(now=self._at(other, host_s), source=Source.NONE, error_s=float("inf"), why=why)
            break  # the hub proves who it is, so its word weighs more than a time server's
        for source in known:
            if self._fresh(source, host_s):
                return self._believed(source, source, 0.1, host_s)
        for source in known:
            if (age := self._age(source, host_s)) <= HOLDOVER_LASTS:
                return self._believed(source, Source.HOLDOVER, DRIFT_S_PER_DAY * age / timedelta(days=1) + 0.1, host_s)
        return self._of_host(wall)

    def off_s(self, time: datetime, *, host_s: float) -> float | None:
        """How far a satellite's time is ahead of what others say now, or else of what satellites said before.

        A radio that is deceived slowly or at once is told from a clock by what does not come from that radio.
        """
        for source in (*NOT_BY_RADIO, Source.HOST, Source.GNSS):
            if self._fresh(source, host_s):
                return (time - self._at(source, host_s)).total_seconds()
        return None

    def _apart(self, source: Source, other: Source, host_s: float) -> timedelta:
        if not self._fresh(source, host_s):
            return timedelta()
        return abs(self._at(source, host_s) - self._at(other, host_s))

    def _fresh(self, source: Source, host_s: float) -> bool:
        return source in self._set and self._age(source, host_s) <= FRESH

    def _age(self, source: Source, host_s: float) -> timedelta:
        return timedelta(seconds=host_s - self._set[source][1])

    def _at(self, source: Source, host_s: float) -> datetime:
        return self._set[source][0] + self._age(source, host_s)

    def _floor(self, source: Source, host_s: float) -> datetime | None:
        """What is past already, as far as this source may be told so."""
        times = [self._proven] if self._proven else []
        if source is not Source.GNSS and Source.GNSS in self._set and self._age(Source.GNSS, host_s) <= HOLDOVER_LASTS:
            times.append(self._at(Source.GNSS, host_s))
        return max(times, default=None)

    def _believed(self, source: Source, called: Source, error_s: float, host_s: float) -> Reading:
        time, floor = self._at(source, host_s), self._floor(source, host_s)
        if floor and time < floor - TOLERANCE:
            return Reading(now=floor, source=Source.NONE, error_s=float("inf"), why=_past(source.value, time, floor))
        return Reading(now=time, source=called, error_s=error_s)

    def _of_host(self, wall: datetime) -> Reading:
        time, why = wall, "nothing confirms the clock"
        if self._proven and wall < self._proven:
            time, why = self._proven, _past("the clock", wall, self._proven)
        return Reading(now=time, source=Source.NONE, error_s=float("inf"), why=why)


def _past(who: str, time: datetime, floor: datetime) -> str:
    return f"{who} says {time.isoformat()}, but {floor.isoformat()} is already past"
