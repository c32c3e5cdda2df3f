"""A light or a vibrating alarm behind a relay: on and off in a rhythm, and the contact that says it really switched."""

from dataclasses import dataclass

from satwarn.ledger.receipt import Cause
from satwarn.people.ports import Performance, Trouble

ON_S, OFF_S, TIMES = 0.5, 0.5, 30  # one flash a second: far below the three a second that can harm (WCAG 2.3.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Closed for `on_s`, open for `off_s`, `times` times."""

    on_s: float
    off_s: float
    times: int

    @property
    def lasts_s(self) -> float:
        """Its whole length."""
        return self.times * (self.on_s + self.off_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensed:
    """What the far side of the relay saw: whether its supply was there, and how often the contact closed and opened."""

    supply: bool
    closed: int
    opened: int


def rhythm(performance: Performance) -> Rhythm:
    """How the light flashes; the same for all, since the light only says "look at the screen"."""
    return Rhythm(on_s=ON_S, off_s=OFF_S, times=TIMES)


def judge_contact(meant: Rhythm, sensed: Sensed) -> Trouble | None:
    """None when the contact closed and opened as often as it was told."""
    if not sensed.supply:
        return Trouble(cause=Cause.POWER, detail="had no power", next_step="check fuse, plug and supply of the light")
    if sensed.closed < meant.times:
        return _stuck(f"switched on {sensed.closed} of {meant.times} times")
    if sensed.opened < sensed.closed:
        return _stuck("did not switch off again")
    return None


def _stuck(detail: str) -> Trouble:
    return Trouble(cause=Cause.DEVICE, detail=detail, next_step="replace the relay, then test this site again")
