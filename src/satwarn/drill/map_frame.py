"""Windows on the ground: a box of degrees drawn with equal areas at a scale, and land as SVG path data."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise

from satwarn.area import gazetteer
from satwarn.area.projection import EqualArea
from satwarn.area.shape import Polygon, Ring

GRAIN = 2  # path data is in halves of a unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of degrees that does not cross the antimeridian."""

    south_deg: float
    north_deg: float
    west_deg: float
    east_deg: float

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> "Box":
        """The smallest box around (latitude, longitude) pairs, of which there must be one."""
        latitudes, longitudes = zip(*points, strict=True)
        return cls(
            south_deg=min(latitudes), north_deg=max(latitudes), west_deg=min(longitudes), east_deg=max(longitudes)
        )

    @property
    def middle(self) -> tuple[float, float]:
        """(latitude, longitude) of its middle."""
        return (self.south_deg + self.north_deg) / 2, (self.west_deg + self.east_deg) / 2

    def holds(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Whether the point lies in it."""
        return self.south_deg <= latitude_deg <= self.north_deg and self.west_deg <= longitude_deg <= self.east_deg

    def meets(self, other: "Box") -> bool:
        """Whether they share ground."""
        return (
            self.south_deg <= other.north_deg
            and other.south_deg <= self.north_deg
            and self.west_deg <= other.east_deg
            and other.west_deg <= self.east_deg
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A part of the country with a place on the map: `corner` of the main frame it hangs in, and km away from it."""

    name_en: str
    name_ja: str
    box: Box
    corner: str
    x_km: float
    y_km: float


def frames(region: str) -> tuple[Frame, ...]:
    """The frames of a region's map, the main one first, then the insets of far islands."""
    table = (files("satwarn.drill") / "maps" / f"{region}.csv").read_text(encoding="utf-8")
    return tuple(
        Frame(
            name_en=row["name_en"],
            name_ja=row["name_ja"],
            box=Box(**{side: float(row[side]) for side in ("south_deg", "north_deg", "west_deg", "east_deg")}),
            corner=row["corner"],
            x_km=float(row["x_km"]),
            y_km=float(row["y_km"]),
        )
        for row in csv.DictReader(table.splitlines())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A box drawn at `scale` units a kilometre with `margin_km` around it; x runs east, y runs south, in units."""

    box: Box
    scale: float
    margin_km: float = 0
    projection: EqualArea = field(init=False)
    _west_km: float = field(init=False)
    _north_km: float = field(init=False)
    width: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        west, south, east, north = extent_km(self.box)
        margin = self.margin_km
        object.__setattr__(self, "projection", EqualArea(*self.box.middle))
        object.__setattr__(self, "_west_km", west - margin)
        object.__setattr__(self, "_north_km", north + margin)
        object.__setattr__(self, "width", (east - west + 2 * margin) * self.scale)
        object.__setattr__(self, "height", (north - south + 2 * margin) * self.scale)

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Where a point of the ground lies in the window."""
        east, north = self.projection(latitude_deg, longitude_deg)
        return (east - self._west_km) * self.scale, (self._north_km - north) * self.scale


def extent_km(box: Box) -> tuple[float, float, float, float]:
    """West, south, east and north of a box on the plane around its middle, along its edges and middle lines."""
    project, (latitude, longitude) = EqualArea(*box.middle), box.middle
    drawn = [
        project(lat, lon)
        for lat in (box.south_deg, latitude, box.north_deg)
        for lon in (box.west_deg, longitude, box.east_deg)
    ]
    easts, norths = zip(*drawn, strict=True)
    return min(easts), min(norths), max(easts), max(norths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """One prefecture's ground in a window: SVG path data in 1/GRAIN units; `due` where the warning was meant."""

    code: str
    path: str
    due: bool


def lands(window: Window, polygons: Iterable[tuple[str, Polygon]], due: Iterable[str]) -> tuple[Land, ...]:
    """The ground of each prefecture in one path. Those that are due come last, so that their coast lies on top."""
    paths: dict[str, list[str]] = {}
    for code, polygon in polygons:
        rings = (polygon.points, *polygon.holes)
        paths.setdefault(code, []).extend(_path(window, ring) for ring in rings)
    scope = set(due)
    drawn = [Land(code=code, path="".join(found), due=code in scope) for code, found in paths.items()]
    return tuple(sorted(drawn, key=lambda land: land.due))


def ground() -> Sequence[tuple[str, Polygon, Box]]:
    """Every polygon of every prefecture with its code and box."""
    return [
        (place.code, polygon, Box.around(polygon.points))
        for place in gazetteer.prefectures()
        for polygon in gazetteer.shape(place.code)
    ]


def _path(window: Window, ring: Ring) -> str:
    """A ring on the grid of half units: neighbours share their corners there, so that no gap opens between them."""
    points: list[tuple[int, int]] = []
    for latitude_deg, longitude_deg in ring:
        x, y = window.at(latitude_deg, longitude_deg)
        point = round(x * GRAIN), round(y * GRAIN)
        if not points or point != points[-1]:
            points.append(point)
    if len(points) < 4:  # an island smaller than the grid is still an island
        return f"M{points[0][0] - 1} {points[0][1] - 1}h2v2h-2z"
    steps = (f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(points[:-1]))
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z"
