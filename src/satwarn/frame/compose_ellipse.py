"""An ellipse that a frame can say and that leaves nobody out: its centre, axes and azimuth on CAMF's grid with B1.

Plain Python, because it runs while somebody waits. Points are laid on a plane around the centre; the axes are grown
until every point lies inside by its true distance and direction, which is how a receiver will ask.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt, tan
from typing import NamedTuple

from satwarn.area.geodesic import way
from satwarn.area.shape import Circle, Point, Polygon
from satwarn.area.shape import Ellipse as Wanted
from satwarn.errors import DoesNotFit
from satwarn.frame.camf import AXES_KM, Ellipse
from satwarn.frame.settings import Refinement

_R_KM = 6371.0
_LATITUDE_STEP, _LONGITUDE_STEP, _AZIMUTH_STEP = 180 / 65535, 360 / 131071, 180 / 64
_ROUGH = 0.012
"""How far a place on the rough plane may be from where it truly is, as a share of its distance."""
_CORNERS = 48
"""Sides of the figure that is drawn around a circle."""

XY = tuple[float, float]


class Axis(NamedTuple):
    """A length that A14 or A15 with B1 can say."""

    length_km: float
    code: int
    shorter: int


AXES = tuple(
    sorted(
        Axis(AXES_KM[k] - (AXES_KM[k] - (AXES_KM[k - 1] if k else 0.0)) * eighths / 8, k, eighths)
        for k in range(32)
        for eighths in range(8)
    )
)
_LENGTHS = [axis.length_km for axis in AXES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a frame says of an area: the ellipse on the grid and its refinement."""

    ellipse: Ellipse
    refinement: Refinement
    semi_major_km: float
    semi_minor_km: float

    @property
    def area_km2(self) -> float:
        return pi * self.semi_major_km * self.semi_minor_km


def around(shapes: Sequence[Polygon | Circle | Wanted]) -> Said:
    """A small ellipse on the grid that holds every point of the shapes; raises DoesNotFit over 2500 km."""
    rim = [point for shape in shapes for point in _rim(shape)]
    middle = _middle(rim)
    plane = [_laid(middle, point) for point in rim]
    hull = _hull(plane)
    centre, azimuth = _lying(_spread(hull))
    latitude, north = _grid(_raised(middle, centre)[0] + 90, _LATITUDE_STEP)
    longitude, east = _grid((_raised(middle, centre)[1] + 180) % 360, _LONGITUDE_STEP)
    at = (-90 + _LATITUDE_STEP * (latitude + north / 8), -180 + _LONGITUDE_STEP * (longitude + east / 8))
    corners = [_raised(middle, point) for point in hull]
    turn = -90 + _AZIMUTH_STEP * (round((azimuth + 90) / _AZIMUTH_STEP) % 64)
    major, minor = _axes(_true(at, corners, [_laid(at, point) for point in corners], turn, _margin_km(rim)))
    return Said(
        ellipse=Ellipse(
            latitude_deg=-90 + _LATITUDE_STEP * latitude,
            longitude_deg=-180 + _LONGITUDE_STEP * longitude,
            semi_major_km=AXES_KM[major.code],
            semi_minor_km=AXES_KM[minor.code],
            azimuth_deg=turn,
        ),
        refinement=Refinement(north=north, east=east, shorter_major=major.shorter, shorter_minor=minor.shorter),
        semi_major_km=major.length_km,
        semi_minor_km=minor.length_km,
    )


def _grid(value: float, step: float) -> tuple[int, int]:
    """The step below a value, and the nearest eighths above that."""
    eighths = round(value / step * 8)
    return eighths // 8, eighths % 8


# ── the rim as points ────────────────────────────────────────────────────────────────────────────────────────────────


def _rim(shape: Polygon | Circle | Wanted) -> Iterable[Point]:
    match shape:
        case Polygon():
            return _sides(_convex(shape.points))
        case Circle():
            reach = shape.radius_km * (1 + _ROUGH) / cos(pi / _CORNERS)
            return _round((shape.latitude_deg, shape.longitude_deg), reach, reach, 0.0)
        case Wanted():
            more = (1 + _ROUGH) / cos(pi / _CORNERS)
            centre = (shape.latitude_deg, shape.longitude_deg)
            return _round(centre, shape.semi_major_km * more, shape.semi_minor_km * more, shape.azimuth_deg)


def _round(centre: Point, major_km: float, minor_km: float, azimuth_deg: float) -> Iterable[Point]:
    """The corners of a figure around an ellipse."""
    turn = radians(azimuth_deg)
    for number in range(_CORNERS):
        angle = 2 * pi * number / _CORNERS
        along, across = major_km * cos(angle), minor_km * sin(angle)
        yield _raised(centre, (along * sin(turn) + across * cos(turn), along * cos(turn) - across * sin(turn)))


def _convex(points: Sequence[Point]) -> list[Point]:
    """The outermost corners of a ring, its longitudes made one piece; a side of CAP is straight in degrees."""
    first = points[0][1]
    piece = [(lon if abs(lon - first) <= 180 else lon + (360 if lon < first else -360), lat) for lat, lon in points]
    return [(lat, lon) for lon, lat in _hull(piece)]


def _sides(corners: list[Point]) -> Iterable[Point]:
    """The corners, and points between them so close that a side bends little from one to the next."""
    step = _step_deg(corners)
    for (lat, lon), (next_lat, next_lon) in zip(corners, corners[1:] + corners[:1], strict=True):
        pieces = max(1, int(hypot(next_lat - lat, (next_lon - lon) * cos(radians(lat))) / step) + 1)
        for piece in range(pieces):
            yield lat + (next_lat - lat) * piece / pieces, lon + (next_lon - lon) * piece / pieces


def _step_deg(corners: Sequence[Point]) -> float:
    return max(0.05, (max(p[0] for p in corners) - min(p[0] for p in corners)) / 24, _width(corners) / 24)


def _width(corners: Sequence[Point]) -> float:
    spread = max(p[1] for p in corners) - min(p[1] for p in corners)
    return spread * cos(radians(min(abs(p[0]) for p in corners)))


def _margin_km(rim: Sequence[Point]) -> float:
    """How far a side may bend out between two of its points: in degrees it is straight, on the plane it is not, and on
    the ellipsoid a little otherwise than on the sphere."""
    step_km = _step_deg(rim) * 111.2
    steepest = min(max(abs(p[0]) for p in rim), 89.0)
    extent_km = 111.2 * max(max(p[0] for p in rim) - min(p[0] for p in rim), _width(rim))
    return step_km**2 / (8 * _R_KM) * (tan(radians(steepest)) + 0.3) + 0.0005 * extent_km + 0.003


def outline(ellipse: Wanted) -> Polygon:
    """A polygon of 48 corners that holds the ellipse, for CAP, which has no ellipse; to 5 decimals, a metre."""
    more, rounding_km = (1 + _ROUGH) / cos(pi / _CORNERS), 0.002
    major, minor = (axis * more + rounding_km for axis in (ellipse.semi_major_km, ellipse.semi_minor_km))
    centre = (ellipse.latitude_deg, ellipse.longitude_deg)
    corners = [
        (round(lat, 5), round((lon + 180) % 360 - 180, 5))
        for lat, lon in _round(centre, major, minor, ellipse.azimuth_deg)
    ]
    return Polygon((*corners, corners[0]))


# ── the plane ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _middle(points: Sequence[Point]) -> Point:
    latitudes, longitudes = [p[0] for p in points], [p[1] for p in points]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _laid(centre: Point, point: Point) -> XY:
    """East and north of the centre in km, by distance and direction on a sphere."""
    lat0, lat, dlon = radians(centre[0]), radians(point[0]), radians(point[1] - centre[1])
    y = cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(dlon)
    x = cos(lat) * sin(dlon)
    z = sin(lat0) * sin(lat) + cos(lat0) * cos(lat) * cos(dlon)
    away = hypot(x, y)
    if away < 1e-15:
        return 0.0, 0.0
    stretch = _R_KM * atan2(away, z) / away
    return x * stretch, y * stretch


def _raised(centre: Point, xy: XY) -> Point:
    """The place of a point of the plane; its longitude may pass 180 so that neighbours stay neighbours."""
    away = hypot(*xy)
    if away == 0:
        return centre
    lat0, angle = radians(centre[0]), away / _R_KM
    east, north = xy[0] / away, xy[1] / away
    lat = sin(lat0) * cos(angle) + cos(lat0) * sin(angle) * north
    dlon = atan2(east * sin(angle), cos(lat0) * cos(angle) - sin(lat0) * sin(angle) * north)
    return degrees(atan2(lat, sqrt(max(0.0, 1 - lat * lat)))), centre[1] + degrees(dlon)


def _hull(points: Iterable[XY]) -> list[XY]:
    """The outermost points, around (Andrew's monotone chain)."""
    order = sorted(set(points))
    if len(order) < 3:
        return order

    def half(row: Iterable[XY]) -> list[XY]:
        kept: list[XY] = []
        for p in row:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], p) <= 0:
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return half(order) + half(reversed(order))


def _turn(a: XY, b: XY, c: XY) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


# ── how the ellipse lies ─────────────────────────────────────────────────────────────────────────────────────────────


def _spread(hull: Sequence[XY]) -> list[XY]:
    """At most 24 of the outermost points, those that reach farthest in as many directions."""
    if len(hull) <= 24:
        return list(hull)
    turns = [(cos(pi * k / 12), sin(pi * k / 12)) for k in range(24)]
    return list(dict.fromkeys(_farthest(hull, turn) for turn in turns))


def _farthest(points: Sequence[XY], turn: XY) -> XY:
    return max(points, key=lambda p: p[0] * turn[0] + p[1] * turn[1])


def _lying(points: Sequence[XY]) -> tuple[XY, float]:
    """Centre and azimuth of nearly the smallest ellipse around points (Khachiyan's algorithm, broken off early)."""
    weights = [1 / len(points)] * len(points)
    cx = cy = sxx = sxy = syy = 0.0
    for _ in range(40):
        cx = sum(w * p[0] for w, p in zip(weights, points, strict=True))
        cy = sum(w * p[1] for w, p in zip(weights, points, strict=True))
        sxx = sum(w * (p[0] - cx) ** 2 for w, p in zip(weights, points, strict=True)) + 1e-9
        syy = sum(w * (p[1] - cy) ** 2 for w, p in zip(weights, points, strict=True)) + 1e-9
        sxy = sum(w * (p[0] - cx) * (p[1] - cy) for w, p in zip(weights, points, strict=True))
        determinant = max(sxx * syy - sxy * sxy, 1e-18)
        reach = [
            (syy * (p[0] - cx) ** 2 - 2 * sxy * (p[0] - cx) * (p[1] - cy) + sxx * (p[1] - cy) ** 2) / determinant + 1
            for p in points
        ]
        far = max(range(len(points)), key=reach.__getitem__)
        if reach[far] <= 3.15:
            break
        step = (reach[far] - 3) / (3 * (reach[far] - 1))
        weights = [w * (1 - step) for w in weights]
        weights[far] += step
    return (cx, cy), _azimuth(sxx, sxy, syy)


def _azimuth(sxx: float, sxy: float, syy: float) -> float:
    """The direction of the longer axis, -90 to 90 degrees from north by east."""
    turn = degrees(0.5 * atan2(2 * sxy, syy - sxx))
    return turn if turn <= 90 else turn - 180


# ── how long its axes must be ────────────────────────────────────────────────────────────────────────────────────────


def _true(at: Point, corners: Sequence[Point], rough: Sequence[XY], azimuth_deg: float, margin: float) -> list[XY]:
    """Each corner along and across the axes: exactly where it may decide, else with room for the rough plane."""
    turn = radians(azimuth_deg)
    axes = [(abs(x * sin(turn) + y * cos(turn)), abs(x * cos(turn) - y * sin(turn))) for x, y in rough]
    longest = max(along for along, _ in axes) or 1.0
    widest = max(across for _, across in axes) or 1.0
    decisive = 0.9 * max(hypot(along / longest, across / widest) for along, across in axes)
    found = []
    for (along, across), corner in zip(axes, corners, strict=True):
        room = _ROUGH * hypot(along, across)
        if hypot((along + room) / longest, (across + room) / widest) < decisive:
            found.append((along + room + margin, across + room + margin))
            continue
        away, direction = way(at, (corner[0], (corner[1] + 180) % 360 - 180))
        angle = radians(direction) - turn
        found.append((abs(away * cos(angle)) + margin, abs(away * sin(angle)) + margin))
    return found


def _axes(points: Sequence[XY]) -> tuple[Axis, Axis]:
    """The pair of lengths with the least area that holds all the points."""
    first = bisect_left(_LENGTHS, max(a for a, _ in points))
    best: tuple[float, Axis, Axis] | None = None
    for major in AXES[first : first + 26]:
        room = [1 - (a / major.length_km) ** 2 for a, _ in points]
        if min(room) <= 1e-9:
            continue
        needed = max(b / sqrt(r) for (_, b), r in zip(points, room, strict=True))
        at = bisect_left(_LENGTHS, needed)
        if at < len(AXES) and (best is None or major.length_km * _LENGTHS[at] < best[0]):
            best = (major.length_km * _LENGTHS[at], major, AXES[at])
    if best is None:
        raise DoesNotFit("larger than any ellipse a frame can say (semi-axes of 2500 km)", where="A14 semi-major axis")
    return best[1], best[2]
