"""The shortest way on the ellipsoid WGS 84, through geographiclib: kilometres and degrees, latitude first."""

from geographiclib.geodesic import Geodesic

from satwarn.area.shape import Point

_WGS84 = Geodesic.WGS84
_WANTED = Geodesic.DISTANCE | Geodesic.AZIMUTH


def distance_km(here: Point, there: Point) -> float:
    """How far it is from one point to the other."""
    return float(_WGS84.Inverse(*here, *there, Geodesic.DISTANCE)["s12"]) / 1000


def way(here: Point, there: Point) -> tuple[float, float]:
    """How far (km), and in which direction one sets out (degrees from north by east, 0 to 360)."""
    found = _WGS84.Inverse(*here, *there, _WANTED)
    return float(found["s12"]) / 1000, float(found["azi1"]) % 360


def destination(here: Point, azimuth_deg: float, distance_km: float) -> Point:
    """Where one arrives after so many km from here in that direction."""
    found = _WGS84.Direct(*here, azimuth_deg, distance_km * 1000)
    return float(found["lat2"]), float(found["lon2"])
