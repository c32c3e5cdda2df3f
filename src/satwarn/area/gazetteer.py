"""Places that have a code: Japan's prefectures, municipalities and wards; countries; parts of Germany and Korea.

Plain Python over committed tables: the small receiver asks it which code lies in which.
"""

from collections.abc import Mapping
from functools import cache
from math import isnan
from types import MappingProxyType

from satwarn.area.place import Place, drawn, names, rows, well_formed
from satwarn.area.shape import Point, Polygon
from satwarn.errors import BadArea

__all__ = [
    "Place",
    "contains",
    "cover",
    "municipalities",
    "neighbours",
    "place",
    "places",
    "point_to_draw",
    "prefectures",
    "shape",
    "wards",
]

SCHEMES = ("JISX0401", "JISX0402")  # the geocode valueNames whose codes `place` knows
_TABLES = {"ISO3166-1": "countries.csv", "AGS": "de_units.csv", "KR-SIDO": "kr_units.csv", "KR-SIGUNGU": "kr_units.csv"}
_DRAWN = {
    "ISO3166-1": "countries.json",
    "JISX0401": "jp_prefectures.json",
    "AGS": "de_laender.json",
    "KR-SIDO": "kr_sido.json",
    "KR-SIGUNGU": "kr_sigungu.json",
}
_COVERS = {"JISX0401": "jp_covers.json", "AGS": "de_covers.json", "KR-SIDO": "kr_covers.json"}


@cache
def prefectures() -> tuple[Place, ...]:
    """Japan's 47 prefectures in code order; the position is that of the municipality where the office stands."""
    return tuple(
        Place(
            code=row["code"],
            scheme="JISX0401",
            names=names(
                ja=row["name_ja"], en=row["name_en"], kana=row["name_kana"], de=row["name_de"], ko=row["name_ko"]
            ),
            latitude_deg=float(row["latitude_deg"]),
            longitude_deg=float(row["longitude_deg"]),
            prefecture=row["code"],
            parent="JP",
            kind="prefecture",
            also=(f"ISO3166-2:JP-{row['code']}",),
        )
        for row in rows("jp_prefectures.csv")
    )


@cache
def _jisx0402() -> tuple[Place, ...]:
    return tuple(
        Place(
            code=row["code"],
            scheme="JISX0402",
            names=names(ja=row["ja"], en=row["en"], kana=row["kana"]),
            latitude_deg=float(row["latitude_deg"]),
            longitude_deg=float(row["longitude_deg"]),
            prefecture=row["prefecture"],
            parent=row["parent"] or row["prefecture"],
            kind=row["kind"],
            until=row["until"] or None,
            followed_by=tuple(row["followed_by"].split()),
        )
        for row in rows("jp_municipalities.csv")
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


def shape(prefecture: str) -> tuple[Polygon, ...]:
    """The prefecture's outline to about 500 m, largest part first. It cuts coasts: never exclude anybody by it."""
    return drawn("jp_prefectures.json")[_known_prefecture(prefecture)]


def cover(prefecture: str) -> tuple[Polygon, ...]:
    """A few-cornered outline that cuts nobody of the prefecture off: every island drawn, every place known."""
    return drawn("jp_covers.json")[_known_prefecture(prefecture)]


@cache
def _listed(scheme: str) -> Mapping[str, Place]:
    """The places of one scheme outside Japan, by code."""
    former = {row["code"]: row for row in rows("crosswalk.csv") if row["scheme"] == scheme}
    found = {
        row["code"]: Place(
            code=row["code"],
            scheme=scheme,
            names=names(en=row["en"], ja=row["ja"], de=row["de"], ko=row["ko"]),
            latitude_deg=float(row["latitude_deg"] or "nan"),
            longitude_deg=float(row["longitude_deg"] or "nan"),
            parent=row["parent"] or None,
            kind=row["kind"],
            also=tuple(row["also"].split()),
            until=former[row["code"]]["until"] if row["code"] in former else None,
            followed_by=tuple(former[row["code"]]["followed_by"].split()) if row["code"] in former else (),
        )
        for row in rows(_TABLES[scheme])
        if row["scheme"] == scheme
    }
    return MappingProxyType(found)


def places(scheme: str) -> tuple[Place, ...]:
    """Every place the gazetteer has in a scheme: ISO3166-1, JISX0401, JISX0402, AGS, KR-SIDO, KR-SIGUNGU; else none."""
    if scheme == "JISX0401":
        return prefectures()
    if scheme == "JISX0402":
        return _jisx0402()
    return tuple(_listed(scheme).values()) if scheme in _TABLES else ()


def in_scheme(scheme: str, code: str) -> Place:
    """The place of a code in a scheme that the gazetteer lists. Raises BadArea for a code that nobody bears."""
    well_formed(scheme, code)
    if scheme in ("JISX0401", "JISX0402"):
        return place(code)
    try:
        return _listed(scheme)[code]
    except KeyError:
        raise BadArea(f"nobody bears the {scheme} code {code!r}", fix="satwarn area find NAME") from None


def shape_of(one: Place) -> tuple[Polygon, ...]:
    """The place's outline where one is shipped, else none: countries, prefectures, Laender and Korea's units."""
    table = _DRAWN.get(one.scheme)
    return drawn(table).get(one.code, ()) if table else ()


def cover_of(one: Place) -> tuple[Polygon, ...]:
    """A few-cornered outline that cuts nobody of a prefecture, Land or sido off; none for other places."""
    table = _COVERS.get(one.scheme)
    return drawn(table).get(one.code, ()) if table else ()


@cache
def _towns() -> Mapping[str, Point]:
    return {row["code"]: (float(row["latitude_deg"]), float(row["longitude_deg"])) for row in rows("de_points.csv")}


def point_to_draw(one: Place) -> Point | None:
    """Where maps draw a place: its own position, of a Kreis one of its towns; None where no table knows.

    For pictures only: a Kreis reaches far from any of its towns, so this never decides who is warned.
    """
    if isnan(one.latitude_deg):
        return _towns().get(one.code) if one.scheme == "AGS" else None
    return one.latitude_deg, one.longitude_deg


@cache
def _pairs(scheme: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in [*rows("jp_neighbours.csv"), *rows("other_neighbours.csv")]:
        if row["scheme"] == scheme:
            found.setdefault(row["a"], []).append((row["b"], row["by"]))
            found.setdefault(row["b"], []).append((row["a"], row["by"]))
    return MappingProxyType({code: tuple(sorted(others)) for code, others in found.items()})


def neighbours(code: str, scheme: str = "JISX0401", *, by: str = "") -> tuple[str, ...]:
    """Codes of the prefectures, Laender or sido next to one; `by` "land" or "sea" (a strait): only those."""
    in_scheme(scheme, code)
    return tuple(other for other, how in _pairs(scheme).get(code, ()) if by in ("", how))
