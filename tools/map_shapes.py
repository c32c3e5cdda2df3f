"""Build the shapes below the console's map, as GeoJSON, from the tables of satwarn.area.

    python tools/map_shapes.py [DIR]

Writes land.json (countries that have no units of their own here, coarsely), units.json (Japan's prefectures,
Germany's Laender, Korea's provinces, with their names) and places.json (municipalities, Kreise and si/gun/gu as points,
by the code that a form takes). Borders that two units share stay shared. For looking at and picking only.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely

from satwarn.app.warning_map import DRAWN_BY_UNITS, UNITS
from satwarn.area import gazetteer
from satwarn.area.crosswalk import named
from satwarn.area.layer import shipped
from satwarn.area.spelled import spell

STATIC = Path(__file__).parents[1] / "src" / "satwarn" / "web" / "static"
LAND_DEG, UNITS_DEG = 0.3, 0.015
SMALLEST_DEG2 = {"land": 0.02, "units": 0.0005}
LEFT_OUT = {"AQ"}  # no map of ours goes there


def land() -> Iterator[tuple[dict[str, str], Any]]:
    """Countries by code."""
    layer = shipped("ISO3166-1", "country", "countries.json")
    for at, code in enumerate(layer.codes):
        if code not in DRAWN_BY_UNITS | LEFT_OUT:
            yield {"code": code}, layer.ground(at)


def units() -> Iterator[tuple[dict[str, str], Any]]:
    """Units by scheme and code, with their names."""
    for scheme, level, table in UNITS:
        layer = shipped(scheme, level, table)
        for at, code in enumerate(layer.codes):
            names = {tag: name for tag, name in named(scheme, code).names.items() if tag != "kana"}
            yield {"scheme": scheme, "code": code, **names}, layer.ground(at)


def places() -> Iterator[dict[str, Any]]:
    """Points of what lies in units, each with the code of its unit; the wards of cities stay with the list."""
    lists = (gazetteer.municipalities(), gazetteer.places("AGS"), gazetteer.places("KR-SIGUNGU"))
    inner = {"JISX0402": "JISX0401", "KR-SIGUNGU": "KR-SIDO", "AGS": "AGS"}
    for one in (one for found in lists for one in found if one.kind != "Land" and not one.until):
        point = gazetteer.point_to_draw(one)
        if point is None or one.parent is None:
            raise SystemExit(f"no point or no unit is known of {one.scheme} {one.code}")
        names = {tag: name for tag, name in one.names.items() if tag != "kana"}
        told = {"code": spell(one.scheme, one.code), "in": spell(inner[one.scheme], one.parent), **names}
        latitude_deg, longitude_deg = point
        yield _feature(told, {"type": "Point", "coordinates": [longitude_deg, latitude_deg]})


def _feature(told: dict[str, str], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": told, "geometry": geometry}


def text(found: list[tuple[dict[str, str], Any]], *, tolerance_deg: float, decimals: int, smallest: float) -> str:
    """Shapes, simplified together."""
    drawn = shapely.coverage_simplify([geometry for _, geometry in found], tolerance_deg)
    return lines(
        _feature(told, _geometry(geometry, decimals, smallest))
        for (told, _), geometry in zip(found, drawn, strict=True)
    )


def lines(features: Iterable[dict[str, Any]]) -> str:
    """The features, one a line."""
    written = [json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in features]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(written) + "\n]}\n"


def _geometry(geometry: Any, decimals: int, smallest: float) -> dict[str, Any]:
    parts = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)
    kept = [part for number, part in enumerate(parts) if number == 0 or part.area >= smallest]
    rings = [[_ring(ring, decimals) for ring in (part.exterior, *part.interiors)] for part in kept]
    return {"type": "MultiPolygon", "coordinates": rings}


def _ring(ring: Any, decimals: int) -> list[list[float]]:
    found: list[list[float]] = []
    for x, y in ring.coords:
        point = [round(x, decimals), round(y, decimals)]
        if not found or point != found[-1]:
            found.append(point)
    return found


def main(folder: Path) -> None:
    """Write the files."""
    made = {
        "land.json": text(list(land()), tolerance_deg=LAND_DEG, decimals=2, smallest=SMALLEST_DEG2["land"]),
        "units.json": text(list(units()), tolerance_deg=UNITS_DEG, decimals=3, smallest=SMALLEST_DEG2["units"]),
        "places.json": lines(places()),
    }
    for name, written in made.items():
        (folder / name).write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else STATIC)
