"""What a map shows of one warning: the area meant, what the satellite's frames cover of it and beside it, and of a
launch the swath. GeoJSON values (RFC 7946, longitude first); a picture to look at, never what decides who is warned.
"""

import json
from collections.abc import Hashable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import shapely

from satwarn.alert.alert import Alert, Area
from satwarn.app.coding import coded
from satwarn.area import gazetteer
from satwarn.area.atlas import shipped_atlas
from satwarn.area.corridor import Corridor
from satwarn.area.flat import Geometry, flat
from satwarn.area.layer import ShapeLayer, shipped
from satwarn.area.outline import area_km2
from satwarn.area.shape import Ellipse, Shape
from satwarn.area.spelled import is_known, place_of, spell
from satwarn.authority import launch, launch_report
from satwarn.authority.standing import read_draft
from satwarn.errors import SatwarnError
from satwarn.frame import camf
from satwarn.frame.dcx import Extended, JAlert

Json = dict[str, Any]
NOTHING: Geometry = shapely.Polygon()
GRID_DEG = 1e-4  # some ten metres: finer than any outline we have
SLIVER_KM2 = 1.0  # where two drawings of one border disagree there is no ground

UNITS = (
    ("JISX0401", "prefecture", "jp_prefectures.json"),
    ("AGS", "Land", "de_laender.json"),
    ("KR-SIDO", "province", "kr_sido.json"),
)
DRAWN_BY_UNITS = {"JP", "DE", "KR"}


def feature(kind: str, geometry: Geometry, **properties: Any) -> Json:
    """One thing on the map; `kind` says how it is drawn."""
    drawn = shapely.set_precision(geometry, GRID_DEG)
    return {
        "type": "Feature",
        "properties": {"kind": kind, **properties},
        "geometry": json.loads(shapely.to_geojson(drawn)),
    }


def collection(features: Iterable[Json], **others: Any) -> Json:
    """Features together; `others` are told beside them."""
    return {"type": "FeatureCollection", "features": list(features), **others}


# ── one warning ─────────────────────────────────────────


@lru_cache(maxsize=64)
def footprint(draft: bytes) -> Json:
    """What a draft means and what its frames say, each as drawn, and in km2 of land what differs.

    `frame_km2` is None where no frame can carry it.
    """
    alert = read_draft(draft)
    meant = dict(part for area in _areas(alert) for part in _meant(area))
    reports = coded(alert).reports
    said = dict(part for report in reports for part in _said(report))
    asked, covered = _union(meant.values()), _union(said.values())
    over = _apart(said, meant, asked)
    missed = _solid(_on_land(_apart(meant, said, covered))) if reports else NOTHING
    shown = [("warned", asked), ("frame", covered), ("over", over), ("missed", missed), ("named", _named(alert))]
    return collection(
        [feature(kind, geometry) for kind, geometry in shown if not geometry.is_empty],
        warned_km2=_land_km2(meant),
        frame_km2=_land_km2(said) if reports else None,
        over_km2=round(area_km2(_on_land(over))),
        missed_km2=round(area_km2(missed)),
    )


Parts = dict[Hashable, Geometry]
"""Pieces of ground, by code where they have one: what both sides have in common need not be cut."""


def _areas(alert: Alert) -> list[Area]:
    return list(dict.fromkeys(area for info in alert.infos for area in info.areas))


def _union(grounds: Iterable[Geometry]) -> Geometry:
    found = list(grounds)
    return shapely.union_all(found) if found else NOTHING


def _apart(these: Parts, others: Parts, ground: Geometry) -> Geometry:
    """What of these lies outside the others' ground."""
    left = _union(geometry for key, geometry in these.items() if key not in others)
    return _solid(left.difference(ground))


def _solid(ground: Geometry) -> Geometry:
    """Without slivers."""
    parts = [one for one in shapely.get_parts(ground) if isinstance(one, shapely.Polygon)]
    return shapely.MultiPolygon([one for one in parts if area_km2(one) > SLIVER_KM2])


def _land_km2(parts: Parts) -> int:
    """How much land that is: of units of the gazetteer all, of other shapes what of them lies on land beside these."""
    coded = [key for key in parts if isinstance(key, tuple)]
    drawn = _union(geometry for key, geometry in parts.items() if not isinstance(key, tuple))
    beside = _on_land(drawn.difference(_union(parts[key] for key in coded))) if not drawn.is_empty else NOTHING
    return round(sum(_unit_km2(*key) for key in coded) + area_km2(beside))


def _on_land(ground: Geometry) -> Geometry:
    return _union(land.intersection(ground) for land in _land_near(ground)) if not ground.is_empty else NOTHING


@cache
def _unit_km2(scheme: str, code: str) -> float:
    return area_km2(unit_ground(scheme, code))


@cache
def unit_ground(scheme: str, code: str) -> Geometry:
    """The ground of a code; nothing where no outline is known."""
    layer = _layers().get(scheme)
    if layer and code in layer.outlines:
        return layer.ground(layer.codes.index(code))
    try:
        return flat(*shipped_atlas().outline_of(scheme, code))
    except SatwarnError:
        return NOTHING


@cache
def _layers() -> dict[str, ShapeLayer]:
    countries = shipped("ISO3166-1", "country", "countries.json")
    return {**{scheme: shipped(scheme, level, table) for scheme, level, table in UNITS}, "ISO3166-1": countries}


def _land_near(ground: Geometry) -> Iterator[Geometry]:
    for scheme, layer in _layers().items():
        for at in layer.near(ground.bounds):
            if scheme != "ISO3166-1" or layer.codes[at] not in DRAWN_BY_UNITS:
                yield layer.ground(at)


def _named(alert: Alert) -> Geometry:
    """A point of each place that is named and whose outline nobody here knows."""
    codes = {(code.value_name, code.value) for area in _areas(alert) for code in area.geocodes}
    unknown = [code for code in sorted(codes) if unit_ground(*code).is_empty and is_known(spell(*code))]
    points = (gazetteer.point_to_draw(place_of(spell(*code))) for code in unknown)
    return shapely.MultiPoint([(longitude_deg, latitude_deg) for latitude_deg, longitude_deg in filter(None, points)])


def _meant(area: Area) -> Iterator[tuple[Hashable, Geometry]]:
    """What its codes stand for, as far as outlines are known; else what it draws itself."""
    codes = [(code.value_name, code.value) for code in area.geocodes]
    outlines = [(code, ground) for code in codes if not (ground := unit_ground(*code)).is_empty]
    yield from outlines
    if not outlines:
        drawn: tuple[Shape, ...] = (*area.polygons, *area.circles)
        yield from ((str(shape), flat(shape)) for shape in drawn)


def _said(report: Extended) -> Iterator[tuple[Hashable, Geometry]]:
    """What one frame covers."""
    prefectures = [f"{number:02}" for number in report.prefectures] if isinstance(report, JAlert) else []
    named = report.municipalities if isinstance(report, JAlert) else (getattr(report, "municipality", None),)
    for code in filter(None, named):
        if code.endswith("000"):
            prefectures.append(code[:2])
        else:
            yield ("JISX0402", code), unit_ground("JISX0402", _city(code))
    for code in prefectures:
        yield ("JISX0401", code), unit_ground("JISX0401", code)
    if report.area:
        yield str(report.area), flat(_ellipse(report.area))


def _city(code: str) -> str:
    place = gazetteer.place(code)
    return place.parent if place.kind == "ward" and place.parent else code


def _ellipse(said: camf.Ellipse) -> Ellipse:
    longer = said.semi_major_km >= said.semi_minor_km
    return Ellipse(
        latitude_deg=said.latitude_deg,
        longitude_deg=(said.longitude_deg + 180) % 360 - 180,
        semi_major_km=max(said.semi_major_km, said.semi_minor_km),
        semi_minor_km=min(said.semi_major_km, said.semi_minor_km),
        azimuth_deg=said.azimuth_deg if longer else said.azimuth_deg + 90,
    )


# ── a launch ──────────────────────────────────────────


@lru_cache(maxsize=16)
def swath(report: bytes) -> tuple[Json, ...]:
    """Where a reported flight may pass and fall, and the line under its middle; nothing for what flies no arc."""
    found = launch.propose(launch_report.read(report), shipped_atlas()).corridor
    return tuple(_corridor(found)) if found else ()


def _corridor(found: Corridor) -> Iterator[Json]:
    yield feature("swath", flat(found.swath))
    yield feature("impact", flat(found.impact))
    points = [(lon, lat) for lat, lon in found.track]
    line = shapely.LineString(points)
    if line.length < 180:  # one that goes over the antimeridian would be drawn around the Earth
        yield feature("track", line)
