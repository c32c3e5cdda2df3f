"""The carousel on a clock: at the pace of the wall for a real transmitter, as fast as the machine can for a drill."""

from collections.abc import Callable

from satwarn.adapters.clock import VirtualClock
from satwarn.uplink.carousel import Carousel, Emission, Item


class Transmitter:
    """Sends what the carousel says when it says it, as long as the clock runs."""

    def __init__(self, clock: VirtualClock, carousel: Carousel, send: Callable[[Emission], None]) -> None:
        self._clock, self.carousel, self._send = clock, carousel, send
        self._waiting = False
        self.dead = False

    def put(self, item: Item) -> None:
        """Put an item on the carousel and see that it turns."""
        self.carousel.put(item)
        self._wait()

    def stop(self) -> None:
        """Send nothing more, in the middle of an object or not: switched off, or killed."""
        self.dead = True

    def start(self) -> None:
        """Send again, from where the carousel is."""
        self.dead = False
        self._wait()

    def _wait(self) -> None:
        when = self.carousel.next_tick(self._clock.now)
        if when and not self._waiting and not self.dead:
            self._waiting = True
            self._clock.at(when, self._tick)

    def _tick(self) -> None:
        self._waiting = False
        emission = None if self.dead else self.carousel.tick(self._clock.now)
        if emission:
            self._send(emission)
        self._wait()
