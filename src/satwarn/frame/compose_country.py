"""The country of CAMF A2 for an alert from outside Japan: by the gazetteer of its codes, else by where it lies."""

from functools import cache

from satwarn.alert.alert import Alert
from satwarn.area import gazetteer
from satwarn.area.inside import in_polygon
from satwarn.area.shape import Circle, Point, Polygon
from satwarn.errors import BadArea, DoesNotFit
from satwarn.frame.codes import name_of
from satwarn.frame.compose_area import Ground
from satwarn.frame.country import country_numbers

_ISO_OF = {
    "AGS": "DE", "ARS": "DE", "WARNCELLID": "DE", "SAME": "US", "FIPS6": "US", "UGC": "US", "KR-SIDO": "KR",
    "KR-SIGUNGU": "KR", "profile:CAP-CP:Location:0.3": "CA", "profile:CAP-CP:Location:0.4": "CA",
}  # fmt: skip
_BEGINS_WITH_ISO = ("ISO3166-1", "ISO3166-2", "EMMA_ID", "NUTS1", "NUTS2", "NUTS3")


def country_of(alert: Alert, ground: Ground, given: int | None) -> int:
    """The code of A2; raises DoesNotFit where it is neither given nor to be found."""
    if given is not None:
        if name_of("country", given) is None:
            raise DoesNotFit(f"no country has the code {given}", where="A2 country", fix="satwarn frame table country")
        return given
    iso = _by_geocode(alert) or _by_place(ground)
    if iso not in country_numbers():
        raise DoesNotFit("the country cannot be told", where="A2 country", fix="--country CODE")
    return country_numbers()[iso]


def _by_geocode(alert: Alert) -> str:
    for info in alert.infos:
        for area in info.areas:
            for code in area.geocodes:
                if code.value_name in _ISO_OF:
                    return _ISO_OF[code.value_name]
                if code.value_name in _BEGINS_WITH_ISO:
                    return code.value[:2].upper()
    return ""


def _by_place(ground: Ground) -> str:
    """The country in which the middle of the first shape lies, or else one of its corners."""
    for shape in ground.shapes:
        for point in _points(shape):
            for place in gazetteer.places("ISO3166-1"):
                if _holds(place.code, point):
                    return place.code
    return ""


def _points(shape: Polygon | Circle) -> tuple[Point, ...]:
    if isinstance(shape, Circle):
        return ((shape.latitude_deg, shape.longitude_deg),)
    corners = shape.points[:-1]
    middle = sum(p[0] for p in corners) / len(corners), sum(p[1] for p in corners) / len(corners)
    return (middle, *corners)


def _holds(code: str, point: Point) -> bool:
    latitude, longitude = point
    return any(
        south <= latitude <= north and (west <= longitude <= east or east - west > 180) and in_polygon(point, ring)
        for ring, south, north, west, east in _rings(code)
    )


@cache
def _rings(code: str) -> tuple[tuple[Polygon, float, float, float, float], ...]:
    """The rings of a country with their bounds: south, north, west, east."""
    try:
        rings = gazetteer.shape_of(gazetteer.in_scheme("ISO3166-1", code))
    except BadArea:
        return ()
    found = []
    for ring in rings:
        latitudes, longitudes = zip(*ring.points, strict=True)
        found.append((ring, min(latitudes), max(latitudes), min(longitudes), max(longitudes)))
    return tuple(found)
