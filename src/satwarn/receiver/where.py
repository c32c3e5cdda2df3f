"""Whether a message concerns this place: by code first, then by position with a margin. Nothing is excluded by a
coarse shape where a code names it, and what cannot be told is said to be so."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from math import cos, hypot, radians, sin

from satwarn.alert.alert import Area
from satwarn.area.place import schemes
from satwarn.area.shape import Circle, Point, Polygon
from satwarn.area.spelled import is_judged, spell
from satwarn.frame.camf import Ellipse
from satwarn.receiver.site import Site

KM_PER_DEG = 111.32


class Where(StrEnum):
    """A place and a message."""

    HERE = "here"
    PERHAPS = "perhaps"
    ELSEWHERE = "elsewhere"


def by_codes(site: Site, codes: Sequence[str]) -> Where:
    """By codes of municipalities and prefectures: an unknown one of our own prefecture is never ignored."""
    if site.lies_in(codes):
        return Where.HERE
    return Where.PERHAPS if not codes or site.unknown_nearby(codes) else Where.ELSEWHERE


def by_areas(site: Site, areas: Iterable[Area]) -> Where:
    """By the areas of a CAP alert: each by its known codes, else by its shapes; the best answer counts."""
    answers = [_by_area(site, area) for area in areas]
    return min(answers, key=list(Where).index, default=Where.PERHAPS)


def _by_area(site: Site, area: Area) -> Where:
    codes = [spell(code.value_name, code.value) for code in area.geocodes if code.value_name in schemes()]
    if judged := [code for code in codes if is_judged(code)]:
        return by_codes(site, judged)
    if area.polygons or area.circles:
        if not site.is_placed:
            return Where.PERHAPS
        near = any(_in_polygon(site, polygon) for polygon in area.polygons)
        return Where.HERE if near or any(_in_circle(site, circle) for circle in area.circles) else Where.ELSEWHERE
    return Where.PERHAPS


def by_ellipse(site: Site, ellipse: Ellipse) -> Where:
    """By the ellipse of a frame, which covers its target at least, and the margin."""
    if not site.is_placed:
        return Where.PERHAPS
    east, north = _offset(site.point, (ellipse.latitude_deg, ellipse.longitude_deg))
    azimuth = radians(ellipse.azimuth_deg)
    along = east * sin(azimuth) + north * cos(azimuth)
    across = east * cos(azimuth) - north * sin(azimuth)
    major, minor = ellipse.semi_major_km + site.margin_km, ellipse.semi_minor_km + site.margin_km
    return Where.HERE if hypot(along / major, across / minor) <= 1 else Where.ELSEWHERE


def _in_circle(site: Site, circle: Circle) -> bool:
    east, north = _offset(site.point, (circle.latitude_deg, circle.longitude_deg))
    return hypot(east, north) <= circle.radius_km + site.margin_km


def _in_polygon(site: Site, polygon: Polygon) -> bool:
    """On a plane laid at the site, which is its origin: inside by crossings, or within the margin of a side."""
    corners = [_offset(site.point, corner) for corner in polygon.points]
    inside = False
    for (x1, y1), (x2, y2) in pairwise(corners):
        if (y1 > 0) != (y2 > 0) and x1 - y1 * (x2 - x1) / (y2 - y1) > 0:
            inside = not inside
        if _from_side(x1, y1, x2, y2) <= site.margin_km:
            return True
    return inside


def _from_side(x1: float, y1: float, x2: float, y2: float) -> float:
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length))
    return hypot(x1 + share * dx, y1 + share * dy)


def _offset(origin: Point, there: Point) -> tuple[float, float]:
    """Kilometres east and north from the origin; the short way round the Earth."""
    east = (there[1] - origin[1] + 180) % 360 - 180
    middle = radians((origin[0] + there[0]) / 2)
    return east * KM_PER_DEG * cos(middle), (there[0] - origin[0]) * KM_PER_DEG


def offset_km(here: Point, there: Point) -> float:
    """The distance between two points not far apart, on a plane."""
    return hypot(*_offset(here, there))
