"""A place with a code, and the committed tables (`regions/`, sources in `regions/sources.csv`) where places stand."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from satwarn.area.shape import Polygon, Ring
from satwarn.errors import BadArea

REGIONS = files("satwarn.area") / "regions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with a code of a scheme (`schemes()`), and its names by language ("ja", "en", "de", "ko", "kana").

    The position is a point of it in degrees, nan where none is known (Kreise). `kind` is the English word for its sort
    (prefecture, city, ward, Land, district, country); `prefecture` two digits in Japan, else empty; `parent` the code
    of what it lies in. `until` is the last day (ISO 8601) of a place that is no more, `followed_by` the codes that took
    its ground; `also` other codes it bears, as scheme:code.
    """

    code: str
    scheme: str
    names: Mapping[str, str]
    latitude_deg: float
    longitude_deg: float
    prefecture: str = ""
    parent: str | None = None
    kind: str = ""
    until: str | None = None
    followed_by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def name(self, *languages: str) -> str:
        """Its name in the first of the languages it has one in, else any."""
        known = [self.names[language] for language in (*languages, "en", "ja", "de", "ko") if language in self.names]
        return known[0] if known else self.code


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way of numbering places: CAP's valueName, the form of a code, its country (empty: any), what it names."""

    name: str
    pattern: re.Pattern[str]
    country: str
    what: str
    box: tuple[float, float, float, float]  # south, west, north, east of all its places, in degrees

    def reaches(self, latitude_deg: float | tuple[float, float], longitude_deg: float | tuple[float, float]) -> bool:
        """Whether any of its places can be at a point, or between two latitudes and two longitudes."""
        south, west, north, east = self.box
        low, high = latitude_deg if isinstance(latitude_deg, tuple) else (latitude_deg, latitude_deg)
        left, right = longitude_deg if isinstance(longitude_deg, tuple) else (longitude_deg, longitude_deg)
        return low <= north and high >= south and left <= east and right >= west


_EARTH = "-90 -180 90 180"


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of one table in `regions/`."""
    return csv.DictReader((REGIONS / table).read_text(encoding="utf-8").splitlines())


def names(**by_language: str) -> Mapping[str, str]:
    """Names by language, without the empty ones."""
    return MappingProxyType({language: name for language, name in by_language.items() if name})


@cache
def schemes() -> Mapping[str, Scheme]:
    """The schemes of codes, by their valueName."""
    found = (
        Scheme(
            row["scheme"],
            re.compile(row["pattern"]),
            row["country"],
            row["what"],
            (*map(float, (row["south_west_north_east"] or _EARTH).split()),),  # type: ignore[arg-type]  # four numbers
        )
        for row in rows("schemes.csv")
    )
    return MappingProxyType({one.name: one for one in found})


def well_formed(scheme: str, code: str) -> None:
    """Refuse with BadArea an unknown scheme, or a code that cannot be one of it."""
    if scheme not in schemes():
        raise BadArea(f"no scheme of codes is called {scheme!r}", fix=", ".join(schemes()))
    if not schemes()[scheme].pattern.fullmatch(code):
        raise BadArea(f"{code!r} is no {scheme} code", fix=f"a code of the form {schemes()[scheme].pattern.pattern}")


def _ring(steps: list[int], decimals: int) -> Ring:
    points, latitude, longitude = [], 0, 0
    for index in range(0, len(steps), 2):
        latitude, longitude = latitude + steps[index], longitude + steps[index + 1]
        points.append((latitude / 10**decimals, longitude / 10**decimals))
    return tuple(points)


@cache
def drawn(table: str) -> Mapping[str, tuple[Polygon, ...]]:
    """All shapes of one file in `regions/` by code, largest part first; its `form` says how they are written."""
    kept = json.loads((REGIONS / table).read_text(encoding="utf-8"))
    found = {}
    for code, polygons in kept["shapes"].items():
        rings = [[_ring(steps, kept["decimals"]) for steps in polygon] for polygon in polygons]
        found[code] = tuple(Polygon(outer, holes=tuple(holes)) for outer, *holes in rings)
    return MappingProxyType(found)
