"""A map of Japan's prefectures as plain SVG from our own shapes: picks and drawn shapes shown, no script needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from satwarn.area import gazetteer
from satwarn.area.shape import Circle, Polygon

WEST, EAST, SOUTH, NORTH = 122.5, 146.5, 24.0, 46.0
SCALE = 30.0
SQUEEZE = 0.8  # a degree of longitude is this much of one of latitude near 37 degrees north
TOLERANCE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One prefecture: its code, names and outline as SVG path data."""

    code: str
    name: str
    name_ja: str
    path: str


def point(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """Where a place lies on the map, in its own units."""
    return (longitude_deg - WEST) * SQUEEZE * SCALE, (NORTH - latitude_deg) * SCALE


WIDTH, HEIGHT = point(SOUTH, EAST)
VIEW = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"


@cache
def pieces() -> tuple[Piece, ...]:
    """All 47."""
    return tuple(
        Piece(
            code=one.code,
            name=one.names["en"],
            name_ja=one.names["ja"],
            path="".join(path(polygon) for polygon in gazetteer.shape(one.code)),
        )
        for one in gazetteer.prefectures()
    )


def path(polygon: Polygon) -> str:
    """A ring as path data; corners nearer than half a pixel are left out."""
    found: list[tuple[float, float]] = []
    for latitude_deg, longitude_deg in polygon.points:
        here = point(latitude_deg, longitude_deg)
        if not found or abs(here[0] - found[-1][0]) + abs(here[1] - found[-1][1]) >= TOLERANCE:
            found.append(here)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in found) + "Z" if len(found) > 2 else ""


def circle(shape: Circle) -> tuple[float, float, float]:
    """Centre and radius on the map; a degree of latitude is 111 km."""
    x, y = point(shape.latitude_deg, shape.longitude_deg)
    return x, y, shape.radius_km / 111 * SCALE


def chosen(codes: Iterable[str]) -> frozenset[str]:
    """The prefectures that are touched by codes of prefectures or municipalities."""
    return frozenset(code[:2] for code in codes)
