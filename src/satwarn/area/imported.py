"""An operator's own boundaries: GeoJSON, TopoJSON or a Shapefile, read into a layer of units (N03, VG250, NGII).

Coordinates must be degrees (WGS 84 or a datum within a metre of it: JGD2011, ETRS89, KGD2002). A Shapefile in metres is
turned into degrees by its .prj where pyproj is installed (extra `areas`), else refused.
"""

import io
import json
import struct
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import shapefile
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from satwarn.area.flat import only_polygons, shapes_of
from satwarn.area.layer import ShapeLayer
from satwarn.area.place import schemes, well_formed
from satwarn.area.shape import Polygon
from satwarn.errors import BadArea, BadSetting, Missing

Feature = tuple[BaseGeometry, Mapping[str, Any]]  # outline in (longitude, latitude) degrees, fields by name
_SHAPEFILE_FAULTS = (  # what pyshp and shapely raise on bytes that are none
    shapefile.ShapefileException,
    shapely.errors.ShapelyError,
    struct.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    OverflowError,
    EOFError,
    OSError,
    Warning,
)
MOST_SAID = 200
_BY_COUNTRY = {  # where the units lie, and how long their codes are: scheme and level
    ("JP", 2): ("JISX0401", "prefecture"),
    ("JP", 5): ("JISX0402", "municipality"),
    ("DE", 2): ("AGS", "Land"),
    ("DE", 5): ("AGS", "Kreis"),
    ("DE", 8): ("AGS", "Gemeinde"),
    ("DE", 12): ("ARS", "Gemeinde"),
    ("KR", 2): ("KR-SIDO", "province"),
    ("KR", 5): ("KR-SIGUNGU", "district"),
}


def _why(error: Exception) -> str:
    """What a parser says, without the file's content that some repeat."""
    return f"lacks {error}" if isinstance(error, KeyError) else str(error)[:MOST_SAID]


def read_geojson(data: bytes) -> list[Feature]:
    """The polygons of a GeoJSON or TopoJSON file, with their properties. Raises BadArea for anything else."""
    try:
        found = json.loads(data)
        kind = found["type"]
        features = list(_topology(found) if kind == "Topology" else _features(found))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
        raise BadArea(
            f"is no GeoJSON or TopoJSON ({_why(error)})", fix="a file with polygons in longitude, latitude"
        ) from None
    return [_sound(feature) for feature in features]


def _features(found: dict[str, Any]) -> Iterator[Feature]:
    match found["type"]:
        case "FeatureCollection":
            for one in found["features"]:
                yield from _features(one)
        case "Feature":
            if found["geometry"] is not None:
                yield shapely.geometry.shape(found["geometry"]), found.get("properties") or {}
        case _:
            yield shapely.geometry.shape(found), {}


def _topology(found: Mapping[str, Any]) -> Iterator[Feature]:
    arcs = [np.array(arc, dtype=float) for arc in found["arcs"]]
    if "transform" in found:
        scale, move = np.array(found["transform"]["scale"]), np.array(found["transform"]["translate"])
        arcs = [np.cumsum(arc, axis=0) * scale + move for arc in arcs]

    def ring(indices: list[int]) -> np.ndarray:
        parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    def objects(some: Iterable[Mapping[str, Any]]) -> Iterator[Feature]:
        for one in some:
            if one["type"] == "GeometryCollection":
                yield from objects(one["geometries"])
            elif one["type"] in ("Polygon", "MultiPolygon"):
                polygons = [one["arcs"]] if one["type"] == "Polygon" else one["arcs"]
                drawn = [shapely.Polygon(ring(outer), [ring(hole) for hole in holes]) for outer, *holes in polygons]
                yield shapely.MultiPolygon(drawn), one.get("properties") or {}

    yield from objects(found["objects"].values())


def read_shapefile(shp: bytes, dbf: bytes, *, projection: str = "", encoding: str = "") -> list[Feature]:
    """The polygons of a Shapefile (.shp) with the fields of its .dbf; `projection` is the text of its .prj.

    Without an encoding UTF-8 is tried, then Shift JIS (N03), then Latin-1. Raises BadArea, or Missing where coordinates
    in metres cannot be turned.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pyshp only warns of a file cut short
            reader = shapefile.Reader(shp=io.BytesIO(shp), dbf=io.BytesIO(dbf), encoding="latin-1")
            found = [(shapely.geometry.shape(one.shape), one.record.as_dict()) for one in reader.shapeRecords()]
    except _SHAPEFILE_FAULTS as error:
        raise BadArea(f"is no Shapefile of polygons ({_why(error)})", fix="a .shp with its .dbf beside it") from None
    turn, spelled = _turning(projection), _spelled([fields for _, fields in found], encoding)
    return [
        _sound((shapely.transform(ground, turn) if turn else ground, fields))
        for (ground, _), fields in zip(found, spelled, strict=True)
    ]


def _spelled(records: list[dict[str, Any]], encoding: str) -> list[dict[str, Any]]:
    """Records read as Latin-1, in the encoding they were written in: the first that fits all of them."""
    for name in (encoding,) if encoding else ("utf-8", "cp932", "latin-1"):

        def again(value: Any, name: str = name) -> Any:
            return value.encode("latin-1").decode(name) if isinstance(value, str) else value

        try:
            return [{again(field): again(value) for field, value in one.items()} for one in records]
        except (UnicodeError, LookupError):
            continue
    raise BadArea(f"its names are not in {encoding}", fix="--encoding cp932")


def _turning(projection: str) -> Callable[[np.ndarray], np.ndarray] | None:
    """What turns projected metres into degrees, or nothing where the file is in degrees."""
    if not projection.lstrip().upper().startswith("PROJ"):
        return None
    try:
        import pyproj
    except ImportError:
        raise Missing(
            "its coordinates are projected metres",
            fix="pip install 'satwarn[areas]', or ogr2ogr -t_srs EPSG:4326 first",
        ) from None
    turn = pyproj.Transformer.from_crs(pyproj.CRS.from_wkt(projection), 4326, always_xy=True)
    return lambda points: np.column_stack(turn.transform(points[:, 0], points[:, 1]))


def _sound(feature: Feature) -> Feature:
    ground, fields = feature
    points = shapely.get_coordinates(ground)
    if not np.isfinite(points).all() or (points.size and (np.abs(points) > (180, 90)).any()):
        raise BadArea("its coordinates are no degrees", fix="convert it to WGS 84, longitude then latitude")
    return only_polygons(shapely.make_valid(ground)), fields


def guess_scheme(features: list[Feature], codes: Iterable[str]) -> tuple[str, str]:
    """Scheme and level, from where the units lie and how long their codes are. Raises BadArea where that is unclear."""
    codes = list(codes)
    if all(code[:1].isalpha() and schemes()["NUTS3"].pattern.fullmatch(code) for code in codes):
        return "NUTS3", "Kreis"
    west, south, east, north = shapely.total_bounds([ground for ground, _ in features])
    lengths = {len(code) for code in codes}
    for (_, length), (scheme, level) in _BY_COUNTRY.items():
        s, w, n, e = schemes()[scheme].box
        if lengths == {length} and w <= west and s <= south and east <= e and north <= n:
            return scheme, level
    raise BadSetting("it is unclear what these codes are", fix=f"--scheme with one of {', '.join(schemes())}")


def to_layer(
    features: list[Feature], *, code: str, name: str = "", scheme: str = "", source: str = ""
) -> tuple[ShapeLayer, int]:
    """The features as one layer: those of one code become one unit; and how many were left out for want of a code.

    Raises BadSetting for fields that are not there, BadArea for codes that are none, or nothing at all.
    """
    grounds: dict[str, list[BaseGeometry]] = {}
    named: dict[str, str] = {}
    left_out = 0
    fields = sorted({field for _, values in features for field in values})
    for field in (code, name):
        if field and field not in fields:
            raise BadSetting(f"no field is called {field!r}", fix=", ".join(map(str, fields)) or "a file with fields")
    for ground, values in features:
        found = str(values.get(code) if values.get(code) is not None else "").strip()
        if not found or ground.is_empty:
            left_out += 1
            continue
        grounds.setdefault(found, []).append(ground)
        named.setdefault(found, str(values.get(name) or "").strip() if name else "")
    if not grounds:
        raise BadArea("there is no unit with a code and an outline in it", fix=f"another field than {code!r}")
    guessed, level = guess_scheme(features, grounds) if not scheme else (scheme, _level(scheme, next(iter(grounds))))
    outlines: dict[str, tuple[Polygon, ...]] = {}
    for found, parts in sorted(grounds.items()):
        well_formed(guessed, found)
        outlines[found] = shapes_of(only_polygons(shapely.union_all(parts)))
    return ShapeLayer(
        guessed, level, outlines, {key: text for key, text in named.items() if text}, source, "imported"
    ), left_out


def _level(scheme: str, code: str) -> str:
    levels = {(scheme, length): level for (_, length), (scheme, level) in _BY_COUNTRY.items()}
    return levels.get((scheme, len(code)), schemes()[scheme].what if scheme in schemes() else "")


def write_layer(layer: ShapeLayer) -> str:
    """The layer as text that `read_layer` reads again."""
    shapes = {code: [[one.points, *one.holes] for one in polygons] for code, polygons in layer.outlines.items()}
    kept = {"scheme": layer.scheme, "level": layer.level, "source": layer.source, "names": dict(layer.names)}
    return json.dumps(kept | {"shapes": shapes}, ensure_ascii=False, separators=(",", ":"))


def read_layer(text: str) -> ShapeLayer:
    """A layer that `write_layer` wrote. Raises BadArea for anything else."""
    try:
        kept = json.loads(text)
        outlines = {
            code: tuple(
                Polygon(_tuples(outer), holes=tuple(_tuples(hole) for hole in holes)) for outer, *holes in polygons
            )
            for code, polygons in kept["shapes"].items()
        }
        return ShapeLayer(kept["scheme"], kept["level"], outlines, kept["names"], kept["source"], "imported")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadArea(f"is no imported layer ({_why(error)})", fix="satwarn area import FILE again") from None


def _tuples(ring: list[list[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(latitude), float(longitude)) for latitude, longitude in ring)
