"""The watch over the wide band: a heartbeat a minute, or somebody is called. No I/O; told the time."""

from datetime import datetime, timedelta

from satwarn.alert.heartbeat import LASTS
from satwarn.receiver.effects import Fault, Log


class Vigil:
    """One site's watch, from when it was switched on; `lasts` is how long it bears with silence."""

    def __init__(self, since: datetime, *, lasts: timedelta = LASTS) -> None:
        self._last, self._lasts = since, lasts
        self.silent = False

    def hear(self, now: datetime) -> list[Fault | Log]:
        """A heartbeat that was believed."""
        self._last = now
        if not self.silent:
            return []
        self.silent = False
        return [Log(what="the wide band is heard again")]

    def tick(self, now: datetime) -> list[Fault | Log]:
        """Time has passed; one fault a silence."""
        if self.silent or now < self.next_tick():
            return []
        self.silent = True
        minutes = self._lasts.total_seconds() / 60
        what = f"no heartbeat on the wide band for {minutes:.0f} minutes: check antenna, receiver and uplink"
        return [Fault(code="silence", what=what)]

    def next_tick(self) -> datetime:
        """When silence would be a fault."""
        return self._last + self._lasts
