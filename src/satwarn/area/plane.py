"""A flat plane laid on the Earth at one point, in kilometres: what is measured around that point is measured there.

Azimuthal and equidistant on a sphere: distances and directions from the middle are true (to 0.6 % on the ellipsoid),
and lengths across stretch with the distance c (in radians) from the middle by c / sin c: 1.6 % at 2,000 km.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from satwarn.area.flat import Geometry, only_polygons
from satwarn.area.shape import Point
from satwarn.errors import BadArea

RADIUS_KM = 6371.0088
ELLIPSOID = 1.006  # what a length on the sphere may lack on the ellipsoid
_REACH_KM = 9000.0  # short of a quarter of the way round
_SIDE_DEG = 0.25  # a side straight in degrees is bent on the plane: measured in pieces no longer than this

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane whose middle is at this latitude and longitude in degrees; x points east and y north, in km."""

    latitude_deg: float
    longitude_deg: float

    @property
    def middle(self) -> Point:
        return self.latitude_deg, self.longitude_deg

    def down(self, points: Array) -> Array:
        """Longitude, latitude in degrees to x, y in km."""
        longitude, latitude = np.radians(points).T
        turn, at = longitude - np.radians(self.longitude_deg), np.radians(self.latitude_deg)
        east = np.cos(latitude) * np.sin(turn)
        north = np.cos(at) * np.sin(latitude) - np.sin(at) * np.cos(latitude) * np.cos(turn)
        up = np.sin(at) * np.sin(latitude) + np.cos(at) * np.cos(latitude) * np.cos(turn)
        level = np.hypot(east, north)
        scale = RADIUS_KM * np.where(level > 0, np.arctan2(level, up) / np.where(level > 0, level, 1), 1)
        return np.column_stack((east * scale, north * scale))

    def up(self, points: Array) -> Array:
        """x, y in km to longitude (-180 to 180), latitude in degrees."""
        x, y = (points / RADIUS_KM).T
        away = np.hypot(x, y)
        scale = np.where(away > 0, np.sin(away) / np.where(away > 0, away, 1), 1)
        east, north, above = x * scale, y * scale, np.cos(away)
        at = np.radians(self.latitude_deg)
        latitude = np.arcsin(np.clip(np.sin(at) * above + np.cos(at) * north, -1, 1))
        turn = np.arctan2(east, np.cos(at) * above - np.sin(at) * north)
        longitude = (np.degrees(turn) + self.longitude_deg + 180) % 360 - 180
        return np.column_stack((longitude, np.degrees(latitude)))

    def lay(self, geometry: Geometry) -> Geometry:
        """A geometry in degrees, laid on the plane. Raises BadArea if it reaches to the far side of the Earth."""
        fine = shapely.segmentize(geometry, _SIDE_DEG)
        laid = shapely.transform(fine, self.down)
        if np.hypot(*shapely.get_coordinates(laid).T).max(initial=0) > _REACH_KM:
            raise BadArea("reaches over more than a third of the Earth", fix="cut it into parts")
        return only_polygons(shapely.make_valid(laid))


def plane_of(geometry: Geometry) -> Plane:
    """The plane in the middle of a geometry in degrees, wherever on Earth it lies."""
    longitude, latitude = np.radians(shapely.get_coordinates(shapely.segmentize(geometry, 5.0))).T
    if not longitude.size:
        raise BadArea("there is no area", fix="give a polygon, circle, ellipse or codes")
    x, y, z = np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)
    middle = (float(value.min() + value.max()) / 2 for value in (x, y, z))
    east, north, up = middle
    return Plane(float(np.degrees(np.arctan2(up, np.hypot(east, north)))), float(np.degrees(np.arctan2(north, east))))
