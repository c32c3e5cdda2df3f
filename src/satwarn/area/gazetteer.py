"""Places that have a code: names, positions, shapes, and which lies in which.

Plain Python over committed tables (`regions/`, sources in `regions/sources.csv`).
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from satwarn.area.shape import Polygon, Ring
from satwarn.errors import BadArea

_REGIONS = files("satwarn.area") / "regions"

SCHEMES = ("JISX0401", "JISX0402")  # the geocode valueNames whose codes `place` knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with a code: a prefecture (JISX0401), or a municipality, ward or prefectural office (JISX0402).

    `names` by language ("ja", "en", where known "kana"); `kind` is the English word for its sort (city, town, village,
    ward, prefecture); `prefecture` two digits; `parent` the city of a ward, the prefecture of a municipality.
    `until` is the last day (ISO 8601) of a place that is no more, `followed_by` the codes that took its ground.
    """

    code: str
    scheme: str
    names: Mapping[str, str]
    latitude_deg: float
    longitude_deg: float
    prefecture: str
    parent: str | None
    kind: str = ""
    until: str | None = None
    followed_by: tuple[str, ...] = ()


def _rows(table: str) -> Iterator[dict[str, str]]:
    return csv.DictReader((_REGIONS / table).read_text(encoding="utf-8").splitlines())


def _names(**names: str) -> Mapping[str, str]:
    return MappingProxyType({language: name for language, name in names.items() if name})


@cache
def prefectures() -> tuple[Place, ...]:
    """Japan's 47 prefectures in code order; the position is that of the municipality where the office stands."""
    return tuple(
        Place(
            code=row["code"],
            scheme="JISX0401",
            names=_names(ja=row["name_ja"], en=row["name_en"], kana=row["name_kana"]),
            latitude_deg=float(row["latitude_deg"]),
            longitude_deg=float(row["longitude_deg"]),
            prefecture=row["code"],
            parent=None,
            kind="prefecture",
        )
        for row in _rows("jp_prefectures.csv")
    )


@cache
def _jisx0402() -> tuple[Place, ...]:
    return tuple(
        Place(
            code=row["code"],
            scheme="JISX0402",
            names=_names(ja=row["ja"], en=row["en"], kana=row["kana"]),
            latitude_deg=float(row["latitude_deg"]),
            longitude_deg=float(row["longitude_deg"]),
            prefecture=row["prefecture"],
            parent=row["parent"] or row["prefecture"],
            kind=row["kind"],
            until=row["until"] or None,
            followed_by=tuple(row["followed_by"].split()),
        )
        for row in _rows("jp_municipalities.csv")
    )


def municipalities(prefecture: str | None = None) -> tuple[Place, ...]:
    """Japan's 1,741 municipalities, or those of one prefecture (two digits), in code order and without wards.

    Raises BadArea for a prefecture that is not.
    """
    if prefecture is not None:
        _known_prefecture(prefecture)
    return tuple(one for one in _jisx0402() if one.kind != "ward" and prefecture in (None, one.prefecture))


def wards(city: str | None = None, *, former: bool = False) -> tuple[Place, ...]:
    """The wards of the designated cities, or of one (five digits); with `former` also those that are no more."""
    found = (one for one in _jisx0402() if one.kind == "ward" and city in (None, one.parent))
    return tuple(one for one in found if former or one.until is None)


@cache
def _by_code() -> Mapping[str, Place]:
    offices = {
        one.code + "000": Place(
            code=one.code + "000",
            scheme="JISX0402",
            names=one.names,
            latitude_deg=one.latitude_deg,
            longitude_deg=one.longitude_deg,
            prefecture=one.code,
            parent=one.code,
            kind="prefecture",
        )
        for one in prefectures()
    }
    return MappingProxyType(offices | {one.code: one for one in prefectures() + _jisx0402()})


def place(code: str) -> Place:
    """The place of a code: two digits a prefecture, five a municipality or ward, or with 000 a prefectural office.

    Raises BadArea for a code that nobody bears.
    """
    try:
        return _by_code()[code]
    except KeyError:
        pass
    if not (code.isascii() and code.isdigit() and len(code) in (2, 5)):
        fix = "two digits for a prefecture (31), five for a municipality (31202); six with a check digit lose the last"
    elif code[:2] in _by_code():
        fix = f"satwarn area find {place(code[:2]).names['en']}"
    else:
        fix = "prefectures run from 01 to 47"
    raise BadArea(f"nobody bears the code {code!r}", fix=fix)


def contains(outer: str, inner: str) -> bool:
    """Whether the place of one code holds the whole place of the other; a place holds itself.

    A prefecture holds its office, cities and wards; a city its wards; an office code (31000) stands for the whole
    prefecture when it is the outer one too. Former wards lie in their city. Raises BadArea for an unknown code.
    """
    whole, part = place(outer), place(inner)
    if whole.kind == "prefecture":
        return whole.prefecture == part.prefecture
    return whole.code in (part.code, part.parent)


def _known_prefecture(code: str) -> str:
    found = place(code)
    if found.kind != "prefecture":
        raise BadArea(f"{code!r} is no prefecture", fix=f"{found.prefecture!r}, in which it lies")
    return found.prefecture


def _ring(steps: list[int], decimals: int) -> Ring:
    points, latitude, longitude = [], 0, 0
    for index in range(0, len(steps), 2):
        latitude, longitude = latitude + steps[index], longitude + steps[index + 1]
        points.append((latitude / 10**decimals, longitude / 10**decimals))
    return tuple(points)


@cache
def _shapes(table: str) -> Mapping[str, tuple[Polygon, ...]]:
    """All shapes of one file in `regions/`; its `form` says how they are written."""
    kept = json.loads((_REGIONS / table).read_text(encoding="utf-8"))
    found = {}
    for code, polygons in kept["shapes"].items():
        rings = [[_ring(steps, kept["decimals"]) for steps in polygon] for polygon in polygons]
        found[code] = tuple(Polygon(outer, holes=tuple(holes)) for outer, *holes in rings)
    return MappingProxyType(found)


def shape(prefecture: str) -> tuple[Polygon, ...]:
    """The prefecture's outline to about 500 m, largest part first. It cuts coasts: never exclude anybody by it."""
    return _shapes("jp_prefectures.json")[_known_prefecture(prefecture)]


def cover(prefecture: str) -> tuple[Polygon, ...]:
    """A few-cornered outline that cuts nobody of the prefecture off: every island drawn, every place known."""
    return _shapes("jp_covers.json")[_known_prefecture(prefecture)]
