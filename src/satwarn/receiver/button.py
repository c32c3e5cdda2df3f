"""A stop button: what its contact says over time, and when that is a press.

A press is a change that was seen: from let go to pressed, and still pressed a moment later. So a button that was stuck
or shorted before a warning silences nothing, nor does a line that comes back from being cut, nor a press from before.
"""

from enum import StrEnum

STUCK_S = 30.0


class Stand(StrEnum):
    """How a button stands."""

    OPEN = "open"
    PRESSED = "pressed"
    UNKNOWN = "unknown"


class Button:
    """One button. `pressed` is the value of its contact while it is; `debounce_s` how long that must last."""

    def __init__(self, *, pressed: str, debounce_s: float) -> None:
        self._value, self._debounce_s = pressed, debounce_s
        self.stand = Stand.UNKNOWN
        self._since_s = 0.0
        self._armed = False  # it was seen let go: the next time it is pressed somebody has pressed it

    def feed(self, value: str | None, *, at_s: float) -> bool:
        """What was read (None: nothing could be) at a time on a clock that only goes forward; whether it is a press."""
        stand = Stand.UNKNOWN if value is None else Stand.PRESSED if value == self._value else Stand.OPEN
        if stand is not self.stand:
            self.stand, self._since_s = stand, at_s
        if stand is not Stand.PRESSED:
            self._armed = stand is Stand.OPEN
            return False
        if self._armed and at_s - self._since_s >= self._debounce_s:
            self._armed = False
            return True
        return False

    def begin(self) -> None:
        """Something to stop has just begun: what was pressed until now was not pressed to stop it."""
        self._armed = self.stand is Stand.OPEN

    def is_stuck(self, *, at_s: float) -> bool:
        """Whether it stands pressed for longer than anybody presses a button."""
        return self.stand is Stand.PRESSED and at_s - self._since_s > STUCK_S
