"""What a receiver's screen shows: of all that is on what matters most, else its test, else how the last one ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from satwarn.alert.purpose import Purpose
from satwarn.people.ports import Performance

END_SHOWN_FOR = timedelta(hours=24)


@dataclass(slots=True)
class Showing:
    """A warning that sounded stands before one that is only shown, a real one before a drill, then the newest."""

    test: Performance | None = None
    _over: Performance | None = None
    _on: dict[str, tuple[bool, Performance]] = field(default_factory=dict)

    def put(self, performance: Performance, *, sounded: bool) -> None:
        """A warning is on, or is said better now."""
        self._on[performance.warning] = sounded, performance
        self._over = None

    def drop(self, warning: str, *, over: Performance | None = None) -> None:
        """A warning is no longer on; `over` are the words of its end."""
        self._on.pop(warning, None)
        self._over = over or self._over

    def of(self, warning: str) -> tuple[bool, Performance] | None:
        """Whether a warning that is on has sounded, and what is shown of it; None when it is not on."""
        return self._on.get(warning)

    def sounding(self, *, real: bool = False) -> bool:
        """Whether anything is on that was given out on the outputs; `real`: that is no drill."""
        return any(sounded and (not real or one.purpose is Purpose.REAL) for sounded, one in self._on.values())

    def at(self, now: datetime) -> Performance | None:
        """What is to be seen now."""
        if self._over and now - self._over.at >= END_SHOWN_FOR:
            self._over = None
        on = max(enumerate(self._on.values()), key=lambda one: (*_weight(*one[1]), one[0]), default=None)
        if on is None or (self.test and not on[1][0]):
            return self.test or self._over
        return on[1][1]


def _weight(sounded: bool, performance: Performance) -> tuple[bool, bool]:
    return sounded, performance.purpose is Purpose.REAL
