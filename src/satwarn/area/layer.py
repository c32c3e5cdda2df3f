"""Layers of units on the ground: which of them an area touches and how much of each, and which one a point lies in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import as_file
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from satwarn.area.flat import Geometry, flat
from satwarn.area.outline import area_km2
from satwarn.area.place import REGIONS, drawn
from satwarn.area.shape import Polygon

Array = NDArray[Any]
_CELL = 0.01


@dataclass(frozen=True, slots=True)
class Share:
    """A unit an area touches, and how much of the unit's ground it covers: 0 (a touch) to 1 (all)."""

    scheme: str
    code: str
    share: float


class Layer(Protocol):
    """Units of one scheme and level. `made_of` says how they are drawn: "shape" or "1 km raster"."""

    scheme: str
    level: str
    made_of: str

    def touched(self, ground: Geometry) -> Iterator[Share]:
        """The units that a flat geometry touches."""
        ...

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[str, ...]:
        """The codes of the units at a point."""
        ...


@dataclass
class ShapeLayer:
    """Units with outlines, by code; `names` for those the gazetteer may not know, `source` for the map's foot."""

    scheme: str
    level: str
    outlines: Mapping[str, tuple[Polygon, ...]]
    names: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    made_of: str = "shape"
    coast_deg: float = 0.0  # a point in nothing, but so near to a unit drawn coarsely, is taken to lie in it

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.outlines)

    @cached_property
    def grounds(self) -> Array:
        return np.array([flat(*polygons) for polygons in self.outlines.values()], dtype=object)

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.grounds)

    @cached_property
    def areas_km2(self) -> Mapping[str, float]:
        return {code: area_km2(ground) for code, ground in zip(self.codes, self.grounds, strict=True)}

    def codes_in(self, ground: Geometry) -> tuple[str, ...]:
        """The codes of the units that a flat geometry touches, without measuring how much."""
        return tuple(self.codes[index] for index in sorted(self.tree.query(ground, predicate="intersects")))

    def touched(self, ground: Geometry) -> Iterator[Share]:
        indices = np.sort(self.tree.query(ground, predicate="intersects"))
        shapely.prepare(ground)
        whole = shapely.contains_properly(ground, self.grounds[indices])
        for index, covered in zip(indices, whole, strict=True):
            code = self.codes[index]
            part = 1.0
            if not covered:
                part = min(area_km2(self.grounds[index].intersection(ground)) / (self.areas_km2[code] or 1), 1.0)
            yield Share(self.scheme, code, part)

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[str, ...]:
        point = shapely.Point(longitude_deg, latitude_deg)
        found = self.tree.query(point, predicate="intersects")
        if not found.size and self.coast_deg:
            found = self.tree.query_nearest(point, max_distance=self.coast_deg)
        return tuple(self.codes[index] for index in sorted(found))


@dataclass
class RasterLayer:
    """Japan's municipalities as cells of 0.01 degrees (about 1 km), wards as their city: coarse, and said to be so."""

    runs: Array  # row, first column, number of cells, JIS code
    scheme: str = "JISX0402"
    level: str = "municipality"
    made_of: str = "1 km raster"

    @cached_property
    def cells(self) -> tuple[Array, Array, Array]:
        """Latitude, longitude and code of each cell's middle, from south to north."""
        row, column, count, code = (self.runs[:, index].astype(np.int64) for index in range(4))
        start = np.repeat(np.cumsum(count) - count, count)
        columns = np.repeat(column, count) + np.arange(count.sum()) - start
        return np.repeat(row, count) * _CELL, columns * _CELL, np.repeat(code, count)

    @cached_property
    def sizes(self) -> Array:
        return np.bincount(self.cells[2], minlength=48000)

    def touched(self, ground: Geometry) -> Iterator[Share]:
        near = ground.buffer(_CELL * 0.7072, quad_segs=2)  # half a cell's diagonal: no cell that is touched is missed
        west, south, east, north = near.bounds
        latitudes, longitudes, codes = self.cells
        rows = slice(*np.searchsorted(latitudes, (south, north)))
        among = np.flatnonzero((longitudes[rows] >= west) & (longitudes[rows] <= east)) + rows.start
        shapely.prepare([near, ground])
        among = among[shapely.contains_xy(near, longitudes[among], latitudes[among])]
        inner = codes[among[shapely.contains_xy(ground, longitudes[among], latitudes[among])]]
        covered = np.bincount(inner, minlength=48000)
        for code in np.unique(codes[among]):
            yield Share(self.scheme, f"{code:05}", float(covered[code] / self.sizes[code]))

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[str, ...]:
        latitudes, longitudes, codes = self.cells
        near = slice(*np.searchsorted(latitudes, (latitude_deg - 1.5 * _CELL, latitude_deg + 1.5 * _CELL)))
        away = np.maximum(np.abs(latitudes[near] - latitude_deg), np.abs(longitudes[near] - longitude_deg))
        if not away.size or away.min() > 1.5 * _CELL:
            return ()
        return (f"{codes[near][away.argmin()]:05}",)


@cache
def japan_raster() -> RasterLayer:
    """The raster shipped with the package."""
    with as_file(REGIONS / "jp_raster.npz") as file, np.load(file) as kept:
        return RasterLayer(kept["runs"])


@cache
def shipped(scheme: str, level: str, table: str) -> ShapeLayer:
    """A layer of the shapes shipped with the package."""
    return ShapeLayer(scheme, level, drawn(table), coast_deg=0.03)
