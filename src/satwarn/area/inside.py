"""Whether a point lies in a shape, in plain Python: the small receiver's question.

The edge belongs to the shape, so that nobody on it is left out. A polygon's sides are straight in latitude and
longitude, as CAP draws them; where it crosses itself, ground enclosed twice is outside (even-odd).
"""

from itertools import pairwise
from math import cos, hypot, radians, sin

from satwarn.area.geodesic import distance_km, way
from satwarn.area.shape import Circle, Ellipse, Point, Polygon, Ring, Shape

_ROUND_KM = 1e-6  # a millimetre: what rounding may take from somebody on the edge


def unwrapped(ring: Ring, pole: float | None = None) -> list[Point]:
    """The ring with longitudes that go on past 180, each side the short way round; closed over the pole it goes round.

    A ring that goes once round the Earth holds the pole given (90 or -90), else the one nearer to it.
    """
    points = [ring[0]]
    for (_, before), (latitude, longitude) in pairwise(ring):
        step = (longitude - before + 180) % 360 - 180
        points.append((latitude, points[-1][1] + step))
    if abs(points[-1][1] - points[0][1]) > 180:
        if pole is None:
            pole = 90.0 if sum(latitude for latitude, _ in ring) >= 0 else -90.0
        points += [(pole, points[-1][1]), (pole, points[0][1]), points[0]]
    return points


def _side(point: Point, ring: list[Point]) -> int:
    """1 inside, 0 on the edge, -1 outside of an unwrapped ring (even-odd)."""
    y, x = point
    found = -1
    for (y1, x1), (y2, x2) in pairwise(ring):
        turn = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return 0
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            found = -found
    return found


def _around(point: Point, ring: list[Point]) -> int:
    """`_side`, whichever turn of the Earth the ring was unwrapped on."""
    latitude, longitude = point
    lowest, highest = min(x for _, x in ring), max(x for _, x in ring)
    turns = [longitude + turn for turn in (-720, -360, 0, 360, 720) if lowest <= longitude + turn <= highest]
    return max((_side((latitude, x), ring) for x in turns), default=-1)


def in_polygon(point: Point, polygon: Polygon) -> bool:
    """Whether the point lies in the polygon or on its edge, and in none of its holes."""
    if _around(point, unwrapped(polygon.points)) < 0:
        return False
    return all(_around(point, unwrapped(hole)) <= 0 for hole in polygon.holes)


def in_circle(point: Point, circle: Circle) -> bool:
    """Whether the point is no further from the middle than the radius, along the ellipsoid."""
    return distance_km((circle.latitude_deg, circle.longitude_deg), point) <= circle.radius_km + _ROUND_KM


def in_ellipse(point: Point, ellipse: Ellipse) -> bool:
    """Whether the point, by its distance and direction from the middle, lies in the ellipse drawn there on a plane."""
    away_km, azimuth_deg = way((ellipse.latitude_deg, ellipse.longitude_deg), point)
    turn = radians(azimuth_deg - ellipse.azimuth_deg)
    along, across = away_km * cos(turn), away_km * sin(turn)
    major, minor = ellipse.semi_major_km + _ROUND_KM, ellipse.semi_minor_km + _ROUND_KM
    return hypot(along / major, across / minor) <= 1


def inside(point: Point, shape: Shape) -> bool:
    """Whether the (latitude, longitude) in degrees lies in the shape; the edge belongs to it."""
    match shape:
        case Polygon():
            return in_polygon(point, shape)
        case Circle():
            return in_circle(point, shape)
        case Ellipse():
            return in_ellipse(point, shape)
