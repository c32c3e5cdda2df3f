"""The smallest ellipse around a shape: what a satellite message of 250 bits can carry of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, radians, sin
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from satwarn.area.flat import Geometry, flat
from satwarn.area.geodesic import way
from satwarn.area.layer import shipped
from satwarn.area.outline import area_km2
from satwarn.area.plane import Plane, plane_of
from satwarn.area.shape import Ellipse, Point, Shape

_LOOSE = 1e-3  # the ellipse may be so much larger than the smallest one
_ROOM = 1.0005  # for what bulges between two points of a side

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """An ellipse that holds an area, and how much more ground it covers: 0.4 is 40 % more than asked."""

    ellipse: Ellipse
    overreach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """The prefectures that together hold an area (a frame carries them as 47 bits), and how much more they cover."""

    prefectures: tuple[str, ...]
    overreach: float


def mask(shapes: Sequence[Shape]) -> Mask | None:
    """The fewest prefectures that hold the shapes, or None where the shapes lie in none.

    A sliver where two drawings of one border disagree (less than 1 in 1,000 of the prefecture and of the area) is none.
    """
    layer, ground = shipped("JISX0401", "prefecture", "jp_prefectures.json"), flat(*shapes)
    wanted = area_km2(ground)
    found = [
        one for one in layer.touched(ground) if one.share > 1e-3 or one.share * layer.size_km2(one.code) > 1e-3 * wanted
    ]
    if not found or not wanted:
        return None
    total = sum(layer.size_km2(one.code) for one in found)
    return Mask(prefectures=tuple(one.code for one in found), overreach=max(total / wanted - 1, 0.0))


def enclose(shapes: Sequence[Shape]) -> Fit:
    """The smallest ellipse (within 1 %) that holds all of the shapes. Raises BadArea for none."""
    ground = flat(*shapes)
    plane = plane_of(ground)
    rim = _rim(plane, ground)
    for _ in range(3):  # towards an ellipse drawn around its own middle
        offset, _ = _smallest(rim)
        if np.hypot(*offset) < 1e-3:
            break
        longitude, latitude = plane.up(offset[None, :])[0]
        plane = Plane(float(latitude), float(longitude))
        rim = _rim(plane, ground)
    ellipse = _scaled(plane.middle, _smallest(rim)[1], rim)
    wanted = area_km2(ground)
    covered = pi * ellipse.semi_major_km * ellipse.semi_minor_km
    return Fit(ellipse=ellipse, overreach=max(covered / wanted - 1, 0.0) if wanted else float("inf"))


def _rim(plane: Plane, ground: Geometry) -> Array:
    """Where the outermost points of the ground lie, by true distance and direction from the plane's middle."""
    hull = shapely.convex_hull(shapely.MultiPoint(shapely.get_coordinates(plane.lay(ground))))
    corners = shapely.get_coordinates(hull)
    found = []
    for longitude, latitude in plane.up(corners):
        away, azimuth = way(plane.middle, (float(latitude), float(longitude)))
        found.append((away * sin(radians(azimuth)), away * cos(radians(azimuth))))
    return np.unique(np.array(found), axis=0)


def _smallest(points: Array) -> tuple[Array, Array]:
    """Middle and form matrix of the smallest ellipse around points (Khachiyan's algorithm, to `_LOOSE`)."""
    spread = float(np.ptp(points, axis=0).max()) or 1.0
    if len(points) < 3 or np.linalg.matrix_rank(points - points[0], tol=1e-6 * spread) < 2:
        points = np.concatenate(
            [points + spread * 1e-3 * np.array(step) for step in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        )
    lifted = np.column_stack((points, np.ones(len(points))))
    weights = np.full(len(points), 1 / len(points))
    for _ in range(2000):
        spread_of = (lifted * weights[:, None]).T @ lifted
        reach = np.einsum("ij,ji->i", lifted, np.linalg.solve(spread_of, lifted.T))
        far = int(reach.argmax())
        if reach[far] <= 3 * (1 + _LOOSE):
            break
        step = (reach[far] - 3) / (3 * (reach[far] - 1))
        weights *= 1 - step
        weights[far] += step
    middle = weights @ points
    scatter = (points - middle).T @ ((points - middle) * weights[:, None])
    return middle, np.linalg.inv(scatter) / 2


def _scaled(middle: Point, form: Array, rim: Array) -> Ellipse:
    """The ellipse of that form around its own middle, just large enough for the whole rim."""
    values, vectors = np.linalg.eigh(form)
    minor_axis, major_axis = (1 / float(np.sqrt(max(value, 1e-12))) for value in values[::-1])
    east, north = vectors[:, 0]
    turn = atan2(east, north)
    along = rim @ np.array([sin(turn), cos(turn)])
    across = rim @ np.array([cos(turn), -sin(turn)])
    reach = max(hypot(a / major_axis, b / minor_axis) for a, b in zip(along, across, strict=True)) * _ROOM
    return Ellipse(
        latitude_deg=middle[0],
        longitude_deg=middle[1],
        semi_major_km=major_axis * reach + 0.005,
        semi_minor_km=minor_axis * reach + 0.005,
        azimuth_deg=degrees(turn) % 180,
    )
