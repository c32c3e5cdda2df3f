"""Ground to plane: the equal-area projection our maps are drawn in."""

from dataclasses import dataclass, field
from math import asin, cos, log, radians, sin, sqrt

from satwarn.area.shape import check_point
from satwarn.errors import BadArea

_A_KM = 6378.137  # WGS 84
_E2 = 0.00669437999014
_E = sqrt(_E2)


def _q(sine: float) -> float:
    """Snyder's q: the ellipsoid's area between equator and latitude, up to a factor."""
    return (1 - _E2) * (sine / (1 - _E2 * sine * sine) - log((1 - _E * sine) / (1 + _E * sine)) / (2 * _E))


_Q_POLE = _q(1.0)
_R_AUTHALIC_KM = _A_KM * sqrt(_Q_POLE / 2)


def _authalic(latitude_deg: float) -> float:
    return asin(max(-1.0, min(1.0, _q(sin(radians(latitude_deg))) / _Q_POLE)))


@dataclass(frozen=True, slots=True)
class EqualArea:
    """Lambert's azimuthal equal-area projection of WGS 84 around a centre (Snyder 1987, equations 24-17 to 24-20).

    Equal areas on the ground stay equal on the map, so crowded places look as crowded as they are; within 300 km of the
    centre lengths are true to 0.1 %, within 1,500 km to 1 %. Raises BadArea for a centre off Earth or at a pole.
    """

    latitude_deg: float
    longitude_deg: float
    _sin: float = field(init=False, repr=False)
    _cos: float = field(init=False, repr=False)
    _d: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_point(self.latitude_deg, self.longitude_deg)
        if abs(self.latitude_deg) == 90:
            raise BadArea("a map centred on a pole", fix="a centre between the poles")
        sine, beta = sin(radians(self.latitude_deg)), _authalic(self.latitude_deg)
        m = cos(radians(self.latitude_deg)) / sqrt(1 - _E2 * sine * sine)
        object.__setattr__(self, "_sin", sin(beta))
        object.__setattr__(self, "_cos", cos(beta))
        object.__setattr__(self, "_d", _A_KM * m / (_R_AUTHALIC_KM * cos(beta)))

    def __call__(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Kilometres (east, north) of the centre; ZeroDivisionError only for the point opposite to it."""
        beta, turn = _authalic(latitude_deg), radians(longitude_deg - self.longitude_deg)
        sine, cosine, along = sin(beta), cos(beta), cos(turn)
        b = _R_AUTHALIC_KM * sqrt(2 / (1 + self._sin * sine + self._cos * cosine * along))
        return b * self._d * cosine * sin(turn), b / self._d * (self._cos * sine - self._sin * cosine * along)
