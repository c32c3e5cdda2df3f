"""What is done with shapes: joined, widened, drawn with fewer corners, and measured against each other.

Nothing here loses ground it was given: what is widened or simplified is checked to hold it, or refused.
"""

from collections.abc import Iterable, Sequence
from math import sin

import numpy as np
import shapely

from satwarn.area.flat import Geometry, flat, shapes_of
from satwarn.area.plane import ELLIPSOID, RADIUS_KM, Plane, plane_of
from satwarn.area.shape import Polygon, Ring, Shape
from satwarn.errors import BadArea, DoesNotFit

_SIDE_KM = 25.0


def area_km2(geometry: Geometry) -> float:
    """The area of a flat geometry in km2, on the sphere."""
    equal = shapely.transform(
        shapely.segmentize(geometry, 1.0), lambda p: np.column_stack((np.radians(p[:, 0]), np.sin(np.radians(p[:, 1]))))
    )
    return float(shapely.area(equal)) * RADIUS_KM**2


def share(part: Iterable[Shape], whole: Iterable[Shape]) -> float:
    """How much of the whole's ground the part covers, 0 to 1. Raises BadArea if the whole has none."""
    ground = flat(*whole)
    total = area_km2(ground)
    if total == 0:
        raise BadArea("the whole has no area to take a share of", fix="give a polygon with some ground")
    return min(area_km2(ground.intersection(flat(*part))) / total, 1.0)


def union(*shapes: Shape) -> tuple[Polygon, ...]:
    """The common ground of the shapes as polygons, largest first."""
    return shapes_of(flat(*shapes))


def _closed(coordinates: np.ndarray) -> Ring:
    return tuple((float(y), float(x)) for x, y in coordinates)


def _close_set(ring: shapely.LinearRing) -> np.ndarray:
    """The ring's points on the plane, and more where a side is long and would be bent on the Earth."""
    return shapely.get_coordinates(shapely.segmentize(ring, _SIDE_KM))


def raised(plane: Plane, geometry: Geometry, decimals: int | None = None) -> tuple[Polygon, ...]:
    """Polygons of a geometry on the plane, largest first; they may cross the antimeridian or hold a pole."""
    found = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            rings = [plane.up(_close_set(ring)) for ring in (part.exterior, *part.interiors)]
            if decimals is not None:
                rings = [np.round(ring, decimals) for ring in rings]
            found.append((part.area, Polygon(_closed(rings[0]), holes=tuple(map(_closed, rings[1:])))))
    return tuple(polygon for _, polygon in sorted(found, key=lambda one: -one[0]))


def _stretch(laid: Geometry, more_km: float) -> float:
    """How much longer than true a length may be drawn at the rim of what lies on the plane."""
    reach = (np.hypot(*shapely.get_coordinates(laid).T).max(initial=0) + more_km) / RADIUS_KM
    return float(reach / sin(reach)) if reach > 0 else 1.0


def widen(shapes: Sequence[Shape], margin_km: float) -> tuple[Polygon, ...]:
    """The shapes and everything within the margin (km, 0 or more) of them; a little more, never less."""
    if margin_km < 0:
        raise BadArea(f"a margin of {margin_km} km would take people out", fix="give 0 km or more")
    ground = flat(*shapes)
    plane = plane_of(ground)
    laid = plane.lay(ground)
    wide = margin_km * ELLIPSOID * _stretch(laid, margin_km)
    for more_km in (0.05, 0.5, 5.0, 50.0):  # sides straight on the plane and in degrees differ by some metres
        found = raised(plane, laid.buffer(wide + more_km, quad_segs=16))
        if flat(*found).covers(ground):
            return found
    raise DoesNotFit("no outline holds it", fix="send it in parts")


def simplify(shapes: Sequence[Shape], most_points: int = 100, *, decimals: int = 3) -> tuple[Polygon, ...]:
    """The shapes with at most so many points in all and no holes, widened just enough that nobody is cut off.

    Islands near each other are joined. Points are rounded to `decimals` of a degree. Raises DoesNotFit if it cannot be
    done within 500 km.
    """
    ground = flat(*shapes)
    plane = plane_of(ground)
    laid = plane.lay(ground)
    for drawing in (_rough, _boxed):
        margin = 0.05
        while margin < 500:
            drawn = tuple(_raised_plainly(plane, part, decimals) for part in drawing(laid, margin))
            if sum(len(one.points) for one in drawn) <= most_points and flat(*drawn).covers(ground):
                return tuple(sorted(drawn, key=lambda one: -area_km2(flat(one))))
            margin *= 1.4
    raise DoesNotFit(f"no outline of {most_points} points holds it", fix="allow more points, or send it in parts")


def _raised_plainly(plane: Plane, part: shapely.Polygon, decimals: int) -> Polygon:
    """The outer ring with no more points than it has."""
    return Polygon(_closed(np.round(plane.up(np.asarray(part.exterior.coords)), decimals)))


def _boxed(laid: Geometry, margin: float) -> list[shapely.Polygon]:
    """One slanted box around everything: when hardly any points are left."""
    box = shapely.minimum_rotated_rectangle(laid.buffer(margin, quad_segs=2))
    return [box] if isinstance(box, shapely.Polygon) else []


def _rough(laid: Geometry, margin: float) -> list[shapely.Polygon]:
    wide = shapely.get_parts(laid.buffer(margin, quad_segs=2))
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in wide])
    return [part for part in shapely.get_parts(filled.simplify(margin * 0.9)) if isinstance(part, shapely.Polygon)]
