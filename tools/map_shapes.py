"""Build the shapes below the console's map, as GeoJSON, from the tables of satwarn.area.

    python tools/map_shapes.py [DIR]

Writes land.json (countries that have no units of their own here, coarsely) and units.json (Japan's prefectures,
Germany's Laender, Korea's provinces, with their names). Borders that two units share stay shared. For looking at only.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from satwarn.app.warning_map import DRAWN_BY_UNITS, UNITS
from satwarn.area.crosswalk import named
from satwarn.area.layer import shipped

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


def text(found: list[tuple[dict[str, str], Any]], *, tolerance_deg: float, decimals: int, smallest: float) -> str:
    """The features, one a line."""
    drawn = shapely.coverage_simplify([geometry for _, geometry in found], tolerance_deg)
    lines = [
        json.dumps(
            {"type": "Feature", "properties": told, "geometry": _geometry(geometry, decimals, smallest)},
            separators=(",", ":"),
            ensure_ascii=False,
        )
        for (told, _), geometry in zip(found, drawn, strict=True)
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


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
    """Write both files."""
    made = {
        "land.json": text(list(land()), tolerance_deg=LAND_DEG, decimals=2, smallest=SMALLEST_DEG2["land"]),
        "units.json": text(list(units()), tolerance_deg=UNITS_DEG, decimals=3, smallest=SMALLEST_DEG2["units"]),
    }
    for name, written in made.items():
        (folder / name).write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else STATIC)
