"""Time: the one place that reads the clock, and the virtual clock that drives a drill."""

import ctypes
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_FAILED, _TIME_ERROR = -1, 5
_TIMEX_BYTES = 1024  # struct timex has some 208; all zero asks and changes nothing


def now() -> datetime:
    """The time of this machine, aware, in UTC."""
    return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds on a clock that only goes forward, for measuring how long something took."""
    return time.perf_counter()


def disciplined() -> bool:
    """Whether the kernel says that something outside keeps this machine's time (adjtimex(2)); False if none does."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    return ask is not None and ask(ctypes.create_string_buffer(_TIMEX_BYTES)) not in (_FAILED, _TIME_ERROR)


def wait(seconds: float) -> None:
    """Let that much time pass: for what cannot be waited for in any other way, such as a file that grows."""
    time.sleep(seconds)


class VirtualClock:
    """A clock that moves from one due moment to the next: as fast as the machine can, or at the pace of the wall.

    What is due at one moment happens in the order it was asked for, so that the same run gives the same order.
    """

    def __init__(self, start: datetime, *, real_time: bool = False) -> None:
        self._now = start.astimezone(UTC)
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._wall_start = time.monotonic() if real_time else None
        self._start = start

    @property
    def now(self) -> datetime:
        """The present moment of this run."""
        return self._now

    def at(self, when: datetime, call: Callable[[], None]) -> None:
        """Have `call` happen at `when`, or at once if that is past."""
        heapq.heappush(self._due, (max(when, self._now), next(self._order), call))

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        """Have `call` happen `delay_s` seconds from now."""
        self.at(self._now + timedelta(seconds=delay_s), call)

    def run_until(self, end: datetime) -> None:
        """Let everything due before or at `end` happen, and stand at `end`."""
        self.settle(end)
        self._stand_at(max(end, self._now))

    def settle(self, limit: datetime) -> None:
        """Let everything due before or at `limit` happen, and stand where the last of it happened."""
        while self.turn(limit):
            pass

    def turn(self, limit: datetime) -> bool:
        """Let the next thing happen that is due before or at `limit`; False when there is none."""
        if not self._due or self._due[0][0] > limit:
            return False
        when, _, call = heapq.heappop(self._due)
        self._stand_at(when)
        call()
        return True

    def _stand_at(self, when: datetime) -> None:
        if self._wall_start is not None:
            ahead_s = (when - self._start).total_seconds() - (time.monotonic() - self._wall_start)
            if ahead_s > 0:
                time.sleep(ahead_s)
        self._now = when.astimezone(UTC)
