"""Layers of units on the ground: which of them an area touches and how much of each, and which one a point lies in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import as_file
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from satwarn.area.flat import Geometry, flat, shapes_of
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

    def outline(self, code: str) -> tuple[Polygon, ...]:
        """The outline of a unit, or none."""
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
    _grounds: dict[int, Geometry] = field(default_factory=dict, repr=False)
    _sizes: dict[int, float] = field(default_factory=dict, repr=False)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.outlines)

    @cached_property
    def boxes(self) -> Array:
        """West, south, east, north of each unit, found without drawing it; all the Earth for one that goes round it."""
        found = []
        for polygons in self.outlines.values():
            points = np.concatenate([np.array(one.points) for one in polygons])
            (south, west), (north, east) = points.min(axis=0), points.max(axis=0)
            found.append((west, south, east, north) if east - west <= 180 else (-180, -90, 180, 90))
        return np.array(found).reshape(-1, 4)

    def near(self, bounds: Iterable[float]) -> list[int]:
        """Which units may touch a box of west, south, east, north."""
        west, south, east, north = bounds
        w, s, e, n = self.boxes.T
        return np.flatnonzero((w <= east) & (e >= west) & (s <= north) & (n >= south)).tolist()

    def ground(self, index: int) -> Geometry:
        """The unit's ground, drawn when first asked for."""
        if index not in self._grounds:
            self._grounds[index] = flat(*self.outlines[self.codes[index]])
            shapely.prepare(self._grounds[index])
        return self._grounds[index]

    def _size_km2(self, index: int) -> float:
        if index not in self._sizes:
            self._sizes[index] = area_km2(self.ground(index))
        return self._sizes[index]

    def _meeting(self, ground: Geometry) -> list[int]:
        near = self.near(ground.bounds)
        shapely.prepare(ground)
        meets: Iterable[bool] = shapely.intersects(ground, [self.ground(index) for index in near]) if near else ()
        return [index for index, met in zip(near, meets, strict=True) if met]

    def codes_in(self, ground: Geometry) -> tuple[str, ...]:
        """The codes of the units that a flat geometry touches, without measuring how much."""
        return tuple(self.codes[index] for index in self._meeting(ground))

    def touched(self, ground: Geometry) -> Iterator[Share]:
        for index in self._meeting(ground):
            unit, part = self.ground(index), 1.0
            if not ground.contains_properly(unit):
                part = min(area_km2(unit.intersection(ground)) / (self._size_km2(index) or 1), 1.0)
            yield Share(self.scheme, self.codes[index], part)

    def size_km2(self, code: str) -> float:
        """The area of a unit."""
        return self._size_km2(self.codes.index(code))

    def outline(self, code: str) -> tuple[Polygon, ...]:
        return tuple(self.outlines.get(code, ()))

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[str, ...]:
        reach, point = self.coast_deg, shapely.Point(longitude_deg, latitude_deg)
        box = (longitude_deg - reach, latitude_deg - reach, longitude_deg + reach, latitude_deg + reach)
        away = {self.codes[index]: self.ground(index).distance(point) for index in self.near(box)}
        if nearest := [code for code, distance in away.items() if distance == 0]:
            return tuple(nearest)
        return (min(away, key=lambda code: away[code]),) if away and min(away.values()) <= reach else ()


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

    def outline(self, code: str) -> tuple[Polygon, ...]:
        row, column, count = (self.runs[self.runs[:, 3] == int(code or 0), index] * _CELL for index in range(3))
        half = _CELL / 2
        cells = shapely.box(column - half, row - half, column + count - half, row + half)
        return shapes_of(shapely.union_all(cells, grid_size=_CELL / 10)) if code.isdigit() else ()


@cache
def japan_raster() -> RasterLayer:
    """The raster shipped with the package."""
    with as_file(REGIONS / "jp_raster.npz") as file, np.load(file) as kept:
        return RasterLayer(kept["runs"])


@cache
def shipped(scheme: str, level: str, table: str) -> ShapeLayer:
    """A layer of the shapes shipped with the package."""
    return ShapeLayer(scheme, level, drawn(table), coast_deg=0.03)
