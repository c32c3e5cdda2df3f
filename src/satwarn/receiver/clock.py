"""What time it is, and how far that may be believed: satellite time, then the ground's, then holdover.

A wrong clock must not make the old fresh: the time believed never falls below what a signed message or a satellite has
proven, also across a restart (`floor`). A clock that ran ahead is put back by the satellites, never by hand.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Source(StrEnum):
    """Where the time comes from, the best first."""

    GNSS = "gnss"
    GROUND = "ground"
    HOLDOVER = "holdover"
    NONE = "none"


FRESH = timedelta(minutes=5)
HOLDOVER_LASTS = timedelta(days=7)
DRIFT_S_PER_DAY = 10.0
JUMP_S = 2.0


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
        self._floor = floor
        self._set: dict[Source, tuple[datetime, float]] = {}
        self.jumps = 0

    def hear(self, source: Source, time: datetime, *, host_s: float) -> None:
        """An outside time, valid at this reading of the host's monotonic clock."""
        known = self._set.get(source)
        if known:
            off_s = abs((time - known[0]).total_seconds() - (host_s - known[1]))
            self.jumps += off_s > JUMP_S
        self._set[source] = (time, host_s)
        if source is Source.GNSS:
            self._floor = max(time, self._floor or time)

    def prove(self, time: datetime) -> None:
        """A time that a signed message proves to be past."""
        self._floor = max(time, self._floor or time)

    def read(self, *, wall: datetime, host_s: float) -> Reading:
        """The time believed, from the host's wall clock and its monotonic seconds."""
        for source in (Source.GNSS, Source.GROUND):
            if source in self._set:
                time, heard_s = self._set[source]
                age = timedelta(seconds=host_s - heard_s)
                if age <= HOLDOVER_LASTS:
                    fresh = age <= FRESH
                    return Reading(
                        now=time + age,
                        source=source if fresh else Source.HOLDOVER,
                        error_s=0.1 if fresh else DRIFT_S_PER_DAY * age / timedelta(days=1) + 0.1,
                    )
        return self._of_host(wall)

    def _of_host(self, wall: datetime) -> Reading:
        if self._floor and wall < self._floor:
            return Reading(
                now=self._floor,
                source=Source.NONE,
                error_s=float("inf"),
                why=f"the clock says {wall.isoformat()}, but {self._floor.isoformat()} is already past",
            )
        return Reading(now=wall, source=Source.NONE, error_s=float("inf"), why="nothing confirms the clock")
