"""The air in one process: each ear loses datagrams by chance, or by what a test breaks. The same port as UDP."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from satwarn.adapters.air.multicast import MOST_BYTES
from satwarn.errors import DoesNotFit


def _as_sent(ear: int, datagram: bytes) -> tuple[bytes, ...]:
    return (datagram,)


@dataclass(slots=True)
class Faults:
    """What a test may break: ears that are `deaf`, and what becomes of a datagram on its way to an ear."""

    deaf: set[int] = field(default_factory=set)
    alter: Callable[[int, bytes], tuple[bytes, ...]] = _as_sent


class LocalAir:
    """A multicast without sockets. `chance` gives numbers in [0, 1), seeded outside."""

    def __init__(self, *, loss: float, chance: Callable[[], float]) -> None:
        self._loss, self._chance = loss, chance
        self._ears: list[LocalEar] = []
        self.faults = Faults()

    def send(self, datagram: bytes) -> None:
        """Send one datagram to whoever has joined (see `multicast.UdpAir.send`)."""
        if len(datagram) > MOST_BYTES:
            raise DoesNotFit(f"{len(datagram)} bytes, a datagram has at most {MOST_BYTES}", where="wide band")
        for number, ear in enumerate(self._ears):
            if self._chance() >= self._loss and number not in self.faults.deaf:
                ear.heard.extend(self.faults.alter(number, datagram))

    def join(self) -> "LocalEar":
        """Hear what is sent from now on."""
        self._ears.append(LocalEar())
        return self._ears[-1]

    def close(self) -> None:
        """Send no more."""
        self._ears.clear()


class LocalEar:
    """One receiver's end."""

    def __init__(self) -> None:
        self.heard: deque[bytes] = deque()

    def take(self, timeout_s: float = 0.0) -> bytes | None:
        """The next datagram, None if there is none; nothing comes by waiting."""
        return self.heard.popleft() if self.heard else None

    def close(self) -> None:
        """Hear no more."""
        self.heard.clear()
