"""The two-body arc: how long a body thrown from the ground takes to a distance. A civil-protection estimate.

Textbook mechanics on a sphere: no thrust, no air. It is early by 0.6 to 2.1 minutes against published flights, so its
times are lower bounds; see `corridor` for the margins.
"""

from dataclasses import dataclass
from math import atan2, cos, pi, sin, sqrt

from satwarn.area.plane import RADIUS_KM
from satwarn.errors import BadArea

GM_KM3_S2 = 398600.4418
LONGEST_KM = 19_000.0  # short of the far side of the Earth
DEPRESSED = 0.25  # apogee of a fast, flat flight, as a part of the apogee that needs the least energy


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """An arc over so many km of ground, so high at its top. Raises BadArea for what cannot be thrown."""

    range_km: float
    apogee_km: float

    def __post_init__(self) -> None:
        if not 0 < self.range_km <= LONGEST_KM:
            raise BadArea(f"a range of {self.range_km} km", fix=f"more than 0 and at most {LONGEST_KM:.0f} km")
        if not 0 < self.apogee_km < 100_000:
            raise BadArea(f"an apogee of {self.apogee_km} km", fix="more than 0 km")

    @property
    def _half(self) -> float:
        return self.range_km / RADIUS_KM / 2

    @property
    def _form(self) -> tuple[float, float]:
        """Eccentricity and half axis (km) of the ellipse around the middle of the Earth."""
        high = self.apogee_km / RADIUS_KM
        eccentricity = high / (1 + high - cos(self._half))
        return eccentricity, (RADIUS_KM + self.apogee_km) / (1 + eccentricity)

    def time_s(self, distance_km: float) -> float:
        """Seconds from the start until it is over the ground at that distance, at most the whole flight."""
        eccentricity, axis = self._form
        along = min(max(distance_km, 0.0), self.range_km) / RADIUS_KM
        start, now = (_mean(eccentricity, pi - self._half + turn) for turn in (0.0, along))
        return (now - start) * sqrt(axis**3 / GM_KM3_S2)

    @property
    def flight_s(self) -> float:
        """Seconds of the whole flight."""
        return self.time_s(self.range_km)


def _mean(eccentricity: float, true: float) -> float:
    """Mean anomaly of a true one between 0 and 2 pi."""
    half = true / 2
    eccentric = 2 * atan2(sqrt(1 - eccentricity) * sin(half), sqrt(1 + eccentricity) * cos(half))
    return eccentric - eccentricity * sin(eccentric)


def least_energy(range_km: float) -> Arc:
    """The arc over that range that needs the least energy: what is assumed where no apogee is known."""
    half = min(range_km, LONGEST_KM) / RADIUS_KM / 2
    return Arc(range_km=range_km, apogee_km=RADIUS_KM * (sin(half) + cos(half) - 1) / 2)


def depressed(range_km: float) -> Arc:
    """A fast, flat arc over that range: the earliest anything thrown so far could be there."""
    return Arc(range_km=range_km, apogee_km=least_energy(range_km).apogee_km * DEPRESSED)
