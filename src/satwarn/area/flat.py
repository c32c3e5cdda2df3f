"""Shapes as shapely sees them: longitude and latitude on a sheet, cut at the antimeridian, closed over the poles."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, radians, sin
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from satwarn.area.geodesic import destination, distance_km
from satwarn.area.inside import in_ellipse, unwrapped
from satwarn.area.shape import Circle, Ellipse, Point, Polygon, Ring, Shape

Geometry: TypeAlias = BaseGeometry
CORNERS = 64  # of a circle or ellipse, drawn around it so that none of it is lost
_POLES: tuple[Point, Point] = ((90.0, 0.0), (-90.0, 0.0))
_SHEET = shapely.box(-180, -90, 180, 90)
_OUTWARD = 1 / cos(pi / CORNERS) + 2e-4
_BEND_DEG = 0.5


def only_polygons(geometry: Geometry) -> Geometry:
    """The geometry without the lines and points that repairs and cuts leave behind."""
    pieces = shapely.get_parts(shapely.get_parts(geometry))  # a collection may hold multipolygons
    parts = [part for part in pieces if isinstance(part, shapely.Polygon)]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]


def mended(drawn: shapely.Polygon) -> Geometry:
    """A ring's ground even where it crosses itself; where it does so very often, all that it goes round.

    What such a tangle means nobody can say, to take it apart takes minutes, and nobody must lose a warning by it.
    """
    if drawn.is_valid:
        return drawn
    return shapely.make_valid(drawn) if _is_plain(drawn) else drawn.convex_hull


def _is_plain(drawn: shapely.Polygon) -> bool:
    """Whether the sides of a ring cross at most `_CROSSINGS` times; stops counting there."""
    corners = np.asarray(drawn.exterior.coords)
    sides = np.asarray(shapely.linestrings(np.stack((corners[:-1], corners[1:]), axis=1)))
    tree, found, first, many = shapely.STRtree(sides), 0, 0, 1
    while first < len(sides) and found <= 2 * _CROSSINGS:  # each is found from both its sides
        found += tree.query(sides[first : first + many], predicate="crosses").shape[1]
        first, many = first + many, min(2 * many, 1024)  # few at first: in a tangle each side crosses thousands
    return found <= 2 * _CROSSINGS


_CROSSINGS = 100


def _on_sheet(ring: list[Point]) -> Geometry:
    """An unwrapped ring, cut into sheets from -180 to 180 and laid on one."""
    drawn = mended(shapely.Polygon([(x, y) for y, x in ring]))
    west, _, east, _ = drawn.bounds
    if west >= -180 and east <= 180:
        return only_polygons(drawn)
    turns = range(int((west + 180) // 360), int((east + 180) // 360) + 1)
    return only_polygons(
        shapely.union_all([_moved(_moved(drawn, -360.0 * turn).intersection(_SHEET), 0.0) for turn in turns])
    )


def _moved(geometry: Geometry, degrees: float) -> Geometry:
    return shapely.transform(geometry, lambda points: points + np.array([degrees, 0.0])) if degrees else geometry


@lru_cache(maxsize=64)  # one drawn by hand is asked about for every prefecture
def _polygon(polygon: Polygon) -> Geometry:
    drawn = _on_sheet(unwrapped(polygon.points))
    if polygon.holes:
        drawn = drawn.difference(shapely.union_all([_on_sheet(unwrapped(hole)) for hole in polygon.holes]))
    return drawn


def _round(middle: Point, radius_at: Iterable[tuple[float, float]], pole: float | None) -> Geometry:
    """What lies within a ring of (azimuth, km) around the middle, and the pole it holds if any."""
    corners = [(azimuth, km * _OUTWARD) for azimuth, km in radius_at]
    ring: list[Point] = []
    for before, after in pairwise((*corners, corners[0])):
        ring += _side(middle, before, after)
    return _on_sheet(unwrapped((*ring, ring[0]), pole))


def _side(middle: Point, before: tuple[float, float], after: tuple[float, float]) -> list[Point]:
    """A side that is straight on the plane around the middle: more points where it bends in degrees, near a pole."""
    first, last = destination(middle, *before), destination(middle, *after)
    turn = abs((last[1] - first[1] + 180) % 360 - 180)
    steps = min(int(turn / _BEND_DEG) + 1, 64)
    ends = [(km * sin(radians(azimuth)), km * cos(radians(azimuth))) for azimuth, km in (before, after)]
    found = [first]
    for step in range(1, steps):
        east, north = ((1 - step / steps) * a + step / steps * b for a, b in zip(*ends, strict=True))
        found.append(destination(middle, degrees(atan2(east, north)), hypot(east, north)))
    return found


@lru_cache(maxsize=1024)
def _circle(circle: Circle) -> Geometry:
    middle = (circle.latitude_deg, circle.longitude_deg)
    radius_km = max(circle.radius_km, 1e-3)
    held = [pole for pole in _POLES if distance_km(middle, pole) <= radius_km * _OUTWARD]
    if radius_km * _OUTWARD > 19_900:
        return _SHEET
    if len(held) == 2:  # all but a cap around the far side
        far = (-middle[0], (middle[1] + 360) % 360 - 180)
        inner = [destination(far, 360 * step / CORNERS, (20_003.9 - radius_km) * 0.99) for step in range(CORNERS)]
        return _SHEET.difference(_on_sheet(unwrapped((*inner, inner[0]))))
    pole = held[0][0] if held else None
    return _round(middle, ((360 * step / CORNERS, radius_km) for step in range(CORNERS)), pole)


def _ellipse(ellipse: Ellipse) -> Geometry:
    major, minor = max(ellipse.semi_major_km, 1e-3), max(ellipse.semi_minor_km, 1e-3)

    def radius(turn: float) -> float:
        return major * minor / hypot(minor * cos(turn), major * sin(turn))

    middle, ring = (ellipse.latitude_deg, ellipse.longitude_deg), []
    for step in range(CORNERS):  # equal steps of the eccentric angle: corners where the curve bends
        turn = 2 * pi * step / CORNERS
        turn = atan2(minor * sin(turn), major * cos(turn))
        ring.append((ellipse.azimuth_deg + degrees(turn), radius(turn)))
    held = [pole for pole in _POLES if in_ellipse(pole, ellipse)]
    return _round(middle, ring, held[0][0] if held else None)


def flat(*shapes: Shape) -> Geometry:
    """The shapes' common ground as one shapely geometry in (longitude, latitude) degrees; round ones drawn outward."""
    drawn = []
    for shape in shapes:
        match shape:
            case Polygon():
                drawn.append(_polygon(shape))
            case Circle():
                drawn.append(_circle(shape))
            case Ellipse():
                drawn.append(_ellipse(shape))
    return drawn[0] if len(drawn) == 1 else only_polygons(shapely.union_all(drawn))


def _ring(coordinates: NDArray[Any]) -> Ring:
    return tuple((float(y), float(x)) for x, y in np.clip(coordinates, [-180, -90], [180, 90]))


def shapes_of(geometry: Geometry) -> tuple[Polygon, ...]:
    """Polygons of a shapely geometry in (longitude, latitude) degrees, largest first; long sides get points between."""
    found = []
    for part in shapely.get_parts(geometry):
        if not isinstance(part, shapely.Polygon) or part.is_empty:
            continue
        rings = [_short_sides(np.asarray(ring.coords)) for ring in (part.exterior, *part.interiors)]
        found.append((part.area, Polygon(rings[0], holes=tuple(rings[1:]))))
    return tuple(polygon for _, polygon in sorted(found, key=lambda one: -one[0]))


def _short_sides(coordinates: NDArray[Any]) -> Ring:
    """The ring, with points put in where a side is longer than 90 degrees and would else go the other way round."""
    ring: list[Point] = []
    for (y1, x1), (y2, x2) in pairwise(_ring(coordinates)):
        steps = int(abs(x2 - x1) // 90) + 1
        ring += [(y1 + (y2 - y1) * step / steps, x1 + (x2 - x1) * step / steps) for step in range(steps)]
    return (*ring, ring[0])


def inside_many(geometry: Geometry, latitudes_deg: ArrayLike, longitudes_deg: ArrayLike) -> NDArray[np.bool_]:
    """Which of many points lie in a flat geometry or on its edge."""
    shapely.prepare(geometry)
    found: NDArray[np.bool_] = shapely.intersects_xy(geometry, np.asarray(longitudes_deg), np.asarray(latitudes_deg))
    return found
