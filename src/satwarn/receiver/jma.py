"""What a report of the Japan Meteorological Agency (type 43) says to one place, by the crosswalks of its regions.

Traps that are handled here (each met in live frames or in the agency's tables): the local bit of an early warning
decides, the regional one only where no local bit of that region is set; tsunami frames of one report time add up; a
lifted tsunami warning with a height of a metre is a downgrade and no all-clear; the coast ranks and never suppresses;
"other ..." codes mean "not in the list" and are never dropped.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from satwarn.area import gazetteer, spelled
from satwarn.frame import dcr
from satwarn.receiver.site import Site
from satwarn.receiver.where import Where

_TABLES = files("satwarn.receiver") / "tables"
OTHER_EEW, OTHER_WEATHER, OTHER_COASTS = 80, 500000, frozenset({193, 1000})
DOWNGRADED_FROM = 2  # code of a height of 1 m: what is lifted to this is an advisory
Codes = frozenset[int]


def _table(name: str) -> Iterator[dict[str, str]]:
    with (_TABLES / f"{name}.csv").open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def _places_of(prefecture: str) -> tuple[dict[str, str], ...]:
    """The rows of one prefecture's places: a receiver keeps no more of the table."""
    return tuple(row for row in _table("jma_places") if row["code"][:2] == prefecture)


@cache
def _short(name: str) -> tuple[dict[str, str], ...]:
    return tuple(_table(name))


def _numbers(words: str) -> Codes:
    return frozenset(map(int, words.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The agency's regions that one place lies in, as the plain integers of a frame."""

    prefecture: int
    eew: Codes
    coasts: Codes
    weather: Codes
    rivers: Codes
    local_governments: Codes
    volcanoes: Codes
    coasts_of_prefecture: Codes


_ABROAD = Regions(
    prefecture=0,
    eew=frozenset(),
    coasts=frozenset(),
    weather=frozenset(),
    rivers=frozenset(),
    local_governments=frozenset(),
    volcanoes=frozenset(),
    coasts_of_prefecture=frozenset(),
)


@cache
def regions_of(code: str) -> Regions:
    """The regions of a municipality, a ward, or a whole prefecture (its office's code: all its municipalities'); none
    for a place in another country."""
    if spelled.country_of(code) != "JP":
        return _ABROAD
    code = spelled.plain(code)
    office = gazetteer.place(code).kind == "prefecture"
    rows = [row for row in _places_of(code[:2]) if office or row["code"] == code]
    places = {row["code"] for row in rows} | {gazetteer.place(code).parent or code}

    def all_of(column: str) -> Codes:
        return frozenset().union(*(_numbers(row[column]) for row in rows))

    return Regions(
        prefecture=int(code[:2]),
        eew=all_of("eew_region"),
        coasts=all_of("tsunami_regions"),
        weather=all_of("weather_regions"),
        rivers=all_of("flood_regions"),
        local_governments=all_of("local_government"),
        volcanoes=frozenset(
            int(row["code"])
            for row in _short("jma_volcanoes")
            if places & set(row["municipalities_within_10km"].split())
        ),
        coasts_of_prefecture=frozenset(
            int(row["code"]) for row in _short("jma_coasts") if code[:2] in row["prefectures"].split()
        ),
    )


@cache
def _members() -> Mapping[int, Codes]:
    return {int(row["code"]): _numbers(row["members"]) for row in _table("jma_eew_regions")}


@cache
def _other_rivers() -> Mapping[int, Codes]:
    return {int(row["code"]): _numbers(row["prefectures"]) for row in _table("jma_other_rivers")}


def shaking(site: Site, regions: Iterable[int]) -> Where:
    """An early warning: our local region, or a regional bit of which no local bit is set; the unknown one, perhaps."""
    named, own = set(regions), regions_of(site.code).eew
    if named & own:
        return Where.HERE
    for regional in named & _members().keys():
        members = _members()[regional]
        if members & own and not members & named:
            return Where.HERE
    return Where.PERHAPS if OTHER_EEW in named or not own else Where.ELSEWHERE


def coast(site: Site, regions: Iterable[int]) -> Where:
    """A tsunami: our stretches of coast; inland of a prefecture whose coast is named it may run up the rivers."""
    named, own = set(regions), regions_of(site.code)
    if named & own.coasts:
        return Where.HERE
    inland = not own.coasts and named & own.coasts_of_prefecture
    return Where.PERHAPS if inland or named & OTHER_COASTS else Where.ELSEWHERE


def sky(site: Site, regions: Iterable[int]) -> Where:
    """Weather: any of the forecast regions that hold us."""
    named = set(regions)
    if named & regions_of(site.code).weather:
        return Where.HERE
    return Where.PERHAPS if OTHER_WEATHER in named else Where.ELSEWHERE


def river(site: Site, regions: Iterable[int]) -> Where:
    """Floods: a river whose list names us; an "other river" of our prefecture, or of none in particular, perhaps."""
    named, own = set(regions), regions_of(site.code)
    if named & own.rivers:
        return Where.HERE
    others = [_other_rivers()[one] for one in named & _other_rivers().keys()]
    return Where.PERHAPS if any(own.prefecture in one or not one for one in others) else Where.ELSEWHERE


def ground(site: Site, volcano: int, governments: Iterable[int]) -> Where:
    """A volcano: the municipalities its report lists; without a list all within 10 km; "others of xx", perhaps."""
    named, own = set(governments) - {0}, regions_of(site.code)
    if named & own.local_governments or (not named and volcano in own.volcanoes):
        return Where.HERE
    return Where.PERHAPS if own.prefecture * 100000 + 99999 in named else Where.ELSEWHERE


def downgraded(site: Site, areas: Iterable[dcr.TsunamiArrival]) -> bool:
    """Whether what is called lifted still expects a metre or more at our coast: an advisory, and no all-clear."""
    own = regions_of(site.code).coasts
    return any(area.height >= DOWNGRADED_FROM and (area.region in own or not own) for area in areas)
