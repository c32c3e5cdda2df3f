"""The ground path in one process: delay, loss by chance, and sending again until it arrives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from satwarn.adapters.clock import VirtualClock
from satwarn.hub.ports import Hear

DELAY_S = 0.04
RETRY_S = 2.0
NO_ANSWER_AFTER = timedelta(hours=1)


@dataclass(slots=True)
class Faults:
    """What a test may break: `cut` holds the sites whose line is down; `alter` changes what arrives."""

    cut: set[str]
    alter: Callable[[str, bytes], bytes]


class LocalGround:
    """A Ground without sockets. `chance` gives numbers in [0, 1), seeded outside; each attempt may be lost."""

    def __init__(self, clock: VirtualClock, *, loss: float, chance: Callable[[], float]) -> None:
        self._clock, self._loss, self._chance = clock, loss, chance
        self._sites: dict[str, Hear] = {}
        self._take: Hear = lambda receipt, at: None
        self.faults = Faults(cut=set(), alter=lambda site, message: message)

    def connect(self, site: str, hear: Hear) -> "_LocalLine":
        """Join as a site (see hub.ports.Ground)."""
        self._sites[site] = hear
        return _LocalLine(self, site)

    def publish(self, message: bytes, *, until: datetime) -> None:
        """Send to every connected site, again where it is lost."""
        for site in self._sites:
            self._attempt(site, partial(self._hand, site, message), until)

    def on_receipt(self, take: Hear) -> None:
        """Have `take` called with receipts."""
        self._take = take

    def send_back(self, site: str, receipt: bytes) -> None:
        """Carry a receipt to the hub, again where it is lost."""
        self._attempt(site, lambda at: self._take(receipt, at), self._clock.now + NO_ANSWER_AFTER)

    def leave(self, site: str) -> None:
        """Forget a site's line."""
        self._sites.pop(site, None)

    def _hand(self, site: str, message: bytes, at: datetime) -> None:
        if site in self._sites:
            self._sites[site](self.faults.alter(site, message), at)

    def _attempt(self, site: str, arrive: Callable[[datetime], None], until: datetime) -> None:
        if self._clock.now > until:
            return
        if site not in self.faults.cut and self._chance() >= self._loss:
            self._clock.after(DELAY_S, lambda: arrive(self._clock.now))
        else:
            self._clock.after(RETRY_S, lambda: self._attempt(site, arrive, until))


class _LocalLine:
    def __init__(self, ground: LocalGround, site: str) -> None:
        self._ground, self._site = ground, site

    def report(self, receipt: bytes) -> None:
        self._ground.send_back(self._site, receipt)

    def close(self) -> None:
        self._ground.leave(self._site)
