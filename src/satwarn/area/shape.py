"""Shapes on the ground, as CAP 1.2 knows them: polygon, circle, and the satellite's ellipse. Degrees on WGS 84.

Plain Python: the small receiver holds these without arrays or a geometry library.
"""

from dataclasses import dataclass, field
from itertools import chain
from math import isfinite

from satwarn.errors import BadArea

Point = tuple[float, float]
Ring = tuple[Point, ...]


def check_point(latitude_deg: float, longitude_deg: float) -> None:
    """Refuse with BadArea a place that is not on Earth."""
    if not -90 <= latitude_deg <= 90:
        raise BadArea(f"latitude {latitude_deg} is outside -90..90", fix="give latitude first, in degrees")
    if not -180 <= longitude_deg <= 180:
        raise BadArea(f"longitude {longitude_deg} is outside -180..180", fix="give longitude second, in degrees")


def _check_size(what: str, size_km: float) -> None:
    if not (isfinite(size_km) and size_km >= 0):
        raise BadArea(f"{what} of {size_km} km", fix="give a size of 0 km or more")


def _check_ring(points: Ring, where: str) -> None:
    for point in points:
        check_point(*point)
    if len(points) < 4:
        raise BadArea(
            f"{len(points)} points, a ring needs 4 or more", where=where, fix="repeat the first point at the end"
        )
    if points[0] != points[-1]:
        raise BadArea(
            f"starts at {points[0]} and ends at {points[-1]}", where=where, fix="repeat the first point at the end"
        )


@dataclass(frozen=True, slots=True)
class Polygon:
    """A ground outline: (latitude, longitude) pairs in degrees, the last the same as the first (CAP 1.2, polygon).

    A side between longitudes more than 180 degrees apart goes the short way round, over the antimeridian. Holes are
    rings of the same form; CAP cannot carry them. Raises BadArea for fewer than four pairs, an open ring, or a pair
    off Earth.
    """

    points: Ring
    holes: tuple[Ring, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        for number, ring in enumerate(chain((self.points,), self.holes)):
            _check_ring(ring, f"hole {number}" if number else "polygon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A circle on the ground (CAP 1.2, circle); radius in km along the ellipsoid, 0 for a point."""

    latitude_deg: float
    longitude_deg: float
    radius_km: float

    def __post_init__(self) -> None:
        check_point(self.latitude_deg, self.longitude_deg)
        _check_size("radius", self.radius_km)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """An ellipse (CAMF A12 to A16): half axes in km, azimuth of the major one in degrees from north by east."""

    latitude_deg: float
    longitude_deg: float
    semi_major_km: float
    semi_minor_km: float
    azimuth_deg: float

    def __post_init__(self) -> None:
        check_point(self.latitude_deg, self.longitude_deg)
        _check_size("semi-major axis", self.semi_major_km)
        _check_size("semi-minor axis", self.semi_minor_km)
        if self.semi_minor_km > self.semi_major_km:
            raise BadArea(
                f"semi-minor axis {self.semi_minor_km} km is longer than semi-major axis {self.semi_major_km} km",
                fix="swap them and turn the azimuth by 90 degrees",
            )
        if not -360 <= self.azimuth_deg <= 360:
            raise BadArea(f"azimuth {self.azimuth_deg} is outside -360..360", fix="give degrees from north, by east")


Shape = Polygon | Circle | Ellipse
