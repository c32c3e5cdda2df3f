"""Write shapes compactly, and widen a shape to one of few corners that cuts nobody off."""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

CORNERS = 60  # wished for in one cover
SEA = 0.5  # degrees of water that still make neighbours
MARGIN = 0.2  # widest in degrees of latitude


def _ring(ring: shapely.LinearRing, decimals: int) -> np.ndarray | None:
    """Latitude, longitude of each corner in whole steps; None if rounding makes nothing of the ring."""
    whole = np.round(np.asarray(ring.coords)[:, ::-1] * 10**decimals).astype(int)
    keep = np.any(np.diff(whole, axis=0, prepend=whole[:1] - 1) != 0, axis=1)
    return whole[keep] if keep.sum() >= 4 else None


def _box(ring: shapely.LinearRing, decimals: int) -> np.ndarray:
    """A square around a ring that rounding would make nothing of: small islands stay."""
    whole = np.round(np.asarray(ring.coords)[:, ::-1] * 10**decimals).astype(int)
    limit = np.array([90, 180]) * 10**decimals
    (south, west), (north, east) = np.maximum(whole.min(axis=0) - 1, -limit), np.minimum(whole.max(axis=0) + 1, limit)
    return np.array([[south, west], [south, east], [north, east], [north, west], [south, west]])


def _rings(polygon: Polygon, decimals: int) -> list[list[int]]:
    """Outer ring and holes: the first corner, then the steps from corner to corner; the last equals the first."""
    outer = _ring(polygon.exterior, decimals)
    holes = [hole for hole in (_ring(ring, decimals) for ring in polygon.interiors) if hole is not None]
    return [_steps(ring) for ring in (outer if outer is not None else _box(polygon.exterior, decimals), *holes)]


def _steps(whole: np.ndarray) -> list[int]:
    return np.diff(whole, axis=0, prepend=0).ravel().tolist()


def write_shapes(file: Path, shapes: dict[str, list[Polygon]], source: str, decimals: int) -> None:
    rows = {code: [_rings(polygon, decimals) for polygon in polygons] for code, polygons in shapes.items()}
    lines = ",\n".join(f'"{code}":{json.dumps(row, separators=(",", ":"))}' for code, row in rows.items())
    form = "code: polygons: rings (outer, holes): first latitude, longitude, then steps, in units of 10**-decimals deg"
    head = json.dumps({"source": source, "form": form, "decimals": decimals})[:-1]
    file.write_text(f'{head}, "shapes": {{\n{lines}\n}}}}\n')


def write(file: Path, header: str, rows: Iterable[tuple]) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons of a geometry, largest first."""
    parts = getattr(geometry, "geoms", [geometry])
    return sorted((part for part in parts if isinstance(part, Polygon)), key=lambda part: -part.area)


def neighbours(lands: dict[str, BaseGeometry], tolerance: float = 0.005) -> Iterator[tuple[str, str, str]]:
    """Pairs of codes that share a border ("land"), or that only some SEA degrees of water part ("sea")."""
    lands = {code: land.simplify(tolerance) for code, land in lands.items()}
    everything = shapely.union_all([land.buffer(tolerance) for land in lands.values()])
    for (a, here), (b, there) in combinations(lands.items(), 2):
        gap = here.distance(there)
        if gap < 2 * tolerance:
            yield a, b, "land"
        elif gap < SEA and shapely.shortest_line(here, there).intersection(everything).length < 0.2 * gap:
            yield a, b, "sea"


def _parts(geometry: BaseGeometry) -> list[Polygon]:
    return list(geometry.geoms) if isinstance(geometry, MultiPolygon) else [geometry]


def _widened(land: BaseGeometry, margin: float) -> list[Polygon]:
    """Few-cornered outlines at most two margins outside: holes filled, small islands boxed."""
    filled = shapely.union_all([Polygon(part.exterior) for part in _parts(land.buffer(margin, quad_segs=2))])
    rough = _parts(filled.simplify(margin * 0.9))
    boxed = [part.envelope if max(np.ptp(np.asarray(part.exterior.coords), axis=0)) < 0.3 else part for part in rough]
    return _parts(shapely.union_all(boxed))


def cover(land: BaseGeometry) -> list[Polygon]:
    """The tightest outline with at most CORNERS corners that covers the land whole, largest ring first.

    Works in degrees with longitude shrunk by the cosine of the latitude, so that a margin is the same length all round.
    Many far islands may not be joined into a few rings: then the outline of fewest corners within MARGIN is taken.
    """
    shrink = float(np.cos(np.radians(land.centroid.y)))
    flat = shapely.transform(land, lambda points: points * [shrink, 1.0])
    found: list[Polygon] = []
    for margin in np.arange(0.02, MARGIN, 0.01):
        widened = [
            shapely.transform(part, lambda points: points / [shrink, 1.0]) for part in _widened(flat, float(margin))
        ]
        rings = [Polygon(np.round(part.exterior.coords, 2)) for part in widened]
        if not all(ring.is_valid for ring in rings) or not shapely.union_all(rings).covers(land):
            continue
        if not found or corners(rings) < corners(found):
            found = rings
        if corners(found) <= CORNERS:
            break
    if not found:
        raise SystemExit("no outline covers the land")
    return sorted(found, key=lambda ring: -ring.area)


def corners(rings: list[Polygon]) -> int:
    return sum(len(ring.exterior.coords) for ring in rings)
