"""The way through the sky, modelled: four simulated satellites, each with its delay, every frame lost by chance."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FRAME_S = 1.0  # 250 bits at 250 bit/s: a receiver has the frame when its last bit is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Satellite:
    """One simulated satellite: its L1S PRN, and the time its signal takes to the ground in seconds."""

    name: str
    prn: int
    delay_s: float


# Delays are ours, from slant ranges of 36,000 to 39,500 km: round figures of a model, not an ephemeris.
SIMULATED = (
    Satellite(name="simulated QZO 1", prn=184, delay_s=0.121),
    Satellite(name="simulated QZO 2", prn=185, delay_s=0.126),
    Satellite(name="simulated QZO 3", prn=186, delay_s=0.131),
    Satellite(name="simulated GEO", prn=189, delay_s=0.125),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One satellite's copy of a frame, complete at `at`, at the sites that did not lose it."""

    satellite: Satellite
    at: datetime
    frame: bytes
    sites: tuple[str, ...]


class Sky:
    """Carries a frame from every satellite to every listener. `chance` gives numbers in [0, 1), seeded outside."""

    def __init__(
        self, *, loss: float, chance: Callable[[], float], satellites: Sequence[Satellite] = SIMULATED
    ) -> None:
        self._loss, self._chance, self._satellites = loss, chance, satellites

    def carry(self, frame: bytes, *, at: datetime, listeners: Sequence[str]) -> Iterator[Arrival]:
        """Yield who hears the frame from which satellite, and when."""
        for satellite in self._satellites:
            yield Arrival(
                satellite=satellite,
                at=at + timedelta(seconds=FRAME_S + satellite.delay_s),
                frame=frame,
                sites=tuple(site for site in listeners if self._chance() >= self._loss),
            )
