"""A country's prefectures, Laender or provinces as plain SVG from our own shapes: what is warned and framed is seen
without a script, and in print."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from typing import Any

from satwarn.area import gazetteer
from satwarn.area.shape import Polygon
from satwarn.area.spelled import country_of, is_known, line_of, place_of, spell

HEIGHT = 640.0
TOLERANCE = 0.6
DRAWN = ("warned", "over", "missed", "frame")
"""What of a footprint has an outline here, the last on top; `named` are points."""
Position = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One unit: its code as a form takes it, names and outline as SVG path data."""

    code: str
    names: Mapping[str, str]
    path: str

    def name(self, tag: str) -> str:
        """Its name in a language, else in English."""
        return self.names.get(tag, self.names["en"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One country's map: its edges in degrees, and its units by the scheme that numbers them."""

    scheme: str
    west: float
    east: float
    south: float
    north: float

    @property
    def scale(self) -> float:
        """Units of the drawing in a degree of latitude."""
        return HEIGHT / (self.north - self.south)

    @property
    def squeeze(self) -> float:
        """A degree of longitude is this much of one of latitude, in the middle of the map."""
        return cos(radians((self.south + self.north) / 2))

    @property
    def view(self) -> str:
        """SVG's viewBox."""
        width, height = self.point(self.south, self.east)
        return f"0 0 {width:.0f} {height:.0f}"

    def point(self, latitude_deg: float, longitude_deg: float) -> Position:
        """Where a place lies on the map, in its own units."""
        return (longitude_deg - self.west) * self.squeeze * self.scale, (self.north - latitude_deg) * self.scale

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All units of the country."""
        return _pieces(self)

    def dots(self, places: Iterable[str]) -> Iterator[tuple[str, Position]]:
        """Places of the sheet with their points, as far as tables know them."""
        for code in places:
            at = gazetteer.point_to_draw(place_of(code))
            if at and self.south <= at[0] <= self.north and self.west <= at[1] <= self.east:
                yield code, self.point(*at)

    def begins(self, drawn: Mapping[str, Any]) -> Iterator[bool]:
        """Whether the first corner of each thing of a footprint lies on the map."""
        for one in drawn["features"]:
            corner = one["geometry"]["coordinates"]
            while corner and isinstance(corner[0], list | tuple):
                corner = corner[0]  # what is too small to draw has none
            yield bool(corner) and self.west <= corner[0] <= self.east and self.south <= corner[1] <= self.north

    def outlines(self, drawn: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What a footprint (`app.warning_map`) draws, as kind and path data."""
        kinds = {one["properties"]["kind"]: one["geometry"] for one in drawn["features"]}
        for kind in DRAWN:
            found = kinds.get(kind, {"type": "", "coordinates": ()})
            parts = {"Polygon": [found["coordinates"]], "MultiPolygon": found["coordinates"]}.get(found["type"], ())
            if parts:
                yield kind, "".join(self.path((lat, lon) for lon, lat in ring) for part in parts for ring in part)

    def named(self, drawn: Mapping[str, Any]) -> Iterator[Position]:
        """The points of places whose outline nobody knows."""
        for one in drawn["features"]:
            if one["properties"]["kind"] == "named":
                yield from (self.point(lat, lon) for lon, lat in one["geometry"]["coordinates"])

    def path(self, points: Iterable[Position]) -> str:
        """A ring as path data; corners nearer than half a pixel are left out."""
        found: list[Position] = []
        for place in points:
            here = self.point(*place)
            if not found or abs(here[0] - found[-1][0]) + abs(here[1] - found[-1][1]) >= TOLERANCE:
                found.append(here)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in found) + "Z" if len(found) > 2 else ""


SHEETS = {
    "JP": Sheet(scheme="JISX0401", west=122.5, east=146.5, south=24.0, north=46.0),
    "DE": Sheet(scheme="AGS", west=5.5, east=15.4, south=47.1, north=55.2),
    "KR": Sheet(scheme="KR-SIDO", west=124.4, east=132.0, south=33.0, north=38.7),
}


def sheet_of(codes: Iterable[str], sites: Iterable[str], drawn: Mapping[str, Any] | None = None) -> Sheet:
    """The map of the first country that codes name, else on which a footprint begins, else of the one where most sites
    stand, else Japan's."""
    named = (country_of(code) for code in codes if is_known(code))
    if first := next((country for country in named if country in SHEETS), ""):
        return SHEETS[first]
    if drawn and (found := next((sheet for sheet in SHEETS.values() if next(sheet.begins(drawn), False)), None)):
        return found
    most = Counter(country_of(code) for code in sites if is_known(code)).most_common(1)
    return SHEETS.get(most[0][0] if most else "JP", SHEETS["JP"])


@cache
def _pieces(sheet: Sheet) -> tuple[Piece, ...]:
    def outline(shape: tuple[Polygon, ...]) -> str:
        return "".join(sheet.path(polygon.points) for polygon in shape)

    units = (one for one in gazetteer.places(sheet.scheme) if len(one.code) == 2)
    return tuple(
        Piece(code=spell(one.scheme, one.code), names=one.names, path=outline(gazetteer.shape_of(one))) for one in units
    )


def chosen(codes: Iterable[str]) -> dict[str, str]:
    """How units are drawn: `chosen` where a code names the whole, `touched` where it names a place in it."""
    known = [line_of(code) for code in codes if is_known(code)]
    touched = {spell(*key): "touched" for line in known for key in line}
    return touched | {spell(*line[0]): "chosen" for line in known}
