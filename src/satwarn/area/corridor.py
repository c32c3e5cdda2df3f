"""From a launch to the ground under it: where it may fly, where it may fall, and when. A civil-protection estimate.

Inputs are what a launch report says; nothing here is measured, aimed or steered. Directions spread by the error of the
azimuth and a fixed margin, times by a minute margin (docs/explanation/launch.md).
"""

from dataclasses import dataclass
from math import cos, pi, radians, sin

import numpy as np
import shapely

from satwarn.area.arc import LONGEST_KM, Arc, depressed, least_energy
from satwarn.area.flat import Geometry
from satwarn.area.geodesic import destination, way
from satwarn.area.plane import RADIUS_KM, Plane
from satwarn.area.shape import Circle, Point, Polygon, Shape, check_point
from satwarn.errors import BadArea

MARGIN_KM = 25.0
LATE_S = 180.0  # the model is early by up to 2.1 minutes against published flights
LATE_SPACE_S = 300.0  # a space launch climbs more slowly
_EARTH_DEG_S = 360.9856 / 86400
_STEPS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """What a report says of a flight: start, azimuth and its error in degrees, least and greatest range in km.

    `apogee_km` only where it was told; `space` for a space launch. Raises BadArea for what cannot be.
    """

    latitude_deg: float
    longitude_deg: float
    azimuth_deg: float
    azimuth_error_deg: float
    least_km: float
    greatest_km: float
    apogee_km: float | None = None
    space: bool = False

    def __post_init__(self) -> None:
        check_point(self.latitude_deg, self.longitude_deg)
        if not 0 <= self.azimuth_deg <= 360:
            raise BadArea(f"azimuth {self.azimuth_deg} is outside 0..360", fix="degrees from north, by east")
        if not 0 <= self.azimuth_error_deg <= 180:
            raise BadArea(f"azimuth error {self.azimuth_error_deg} is outside 0..180", fix="180 if nothing is known")
        if not 0 < self.least_km <= self.greatest_km <= LONGEST_KM:
            raise BadArea(
                f"a range from {self.least_km} to {self.greatest_km} km",
                fix=f"0 < least <= greatest <= {LONGEST_KM:.0f}",
            )

    @property
    def start(self) -> Point:
        return self.latitude_deg, self.longitude_deg

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """The arcs that fit the report: for the least and for the greatest range."""
        return tuple(
            Arc(range_km=km, apogee_km=self.apogee_km) if self.apogee_km else least_energy(km)
            for km in dict.fromkeys((self.least_km, self.greatest_km))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Seconds after the launch: not before `earliest_s`, by the arc at `expected_s`, and `latest_s` with its margin."""

    earliest_s: float
    expected_s: float
    latest_s: float


def window(flight: Flight, near_km: float, far_km: float) -> Window:
    """When it is over, or falls on, ground from `near_km` to `far_km` away; earliest the fast, flat flight."""
    arcs = flight.arcs
    first = [arc.time_s(near_km) for arc in (*arcs, *(depressed(arc.range_km) for arc in arcs))]
    return Window(
        earliest_s=min(first),
        expected_s=min(arc.time_s(near_km) for arc in arcs),
        latest_s=max(arc.time_s(far_km) for arc in arcs) + (LATE_SPACE_S if flight.space else LATE_S),
    )


def track(flight: Flight, range_km: float) -> tuple[Point, ...]:
    """The ground under the middle of the arc, the Earth turning below it: points from the start to the far end.

    The arc stays in a plane that does not turn; its far end is where the azimuth's great circle ends on the ground.
    """
    end = destination(flight.start, flight.azimuth_deg, range_km)
    arc = Arc(range_km=range_km, apogee_km=flight.apogee_km) if flight.apogee_km else least_energy(range_km)
    turned = _EARTH_DEG_S * arc.flight_s
    here, there = _up(flight.start), _up((end[0], end[1] + turned))
    angle = float(np.arccos(np.clip(here @ there, -1, 1)))
    found = []
    for step in range(_STEPS + 1):
        part = step / _STEPS
        at = (sin((1 - part) * angle) * here + sin(part * angle) * there) / sin(angle)
        latitude, longitude = _down(at)
        later = _EARTH_DEG_S * arc.time_s(part * range_km)
        found.append((latitude, (longitude - later + 180) % 360 - 180))
    return tuple(found)


def _up(point: Point) -> np.ndarray:
    latitude, longitude = radians(point[0]), radians(point[1])
    return np.array([cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)])


def _down(at: np.ndarray) -> Point:
    return float(np.degrees(np.arcsin(at[2]))), float(np.degrees(np.arctan2(at[1], at[0])))


def bend_km(flight: Flight, range_km: float) -> float:
    """How far the turning Earth takes the ground track off the great circle at most."""
    off = 0.0
    for point in track(flight, range_km)[1:-1:4]:
        away, azimuth = way(flight.start, point)
        off = max(off, RADIUS_KM * abs(sin(away / RADIUS_KM) * sin(radians(azimuth - flight.azimuth_deg))))
    return off


def fan(flight: Flight, *, error_deg: float, margin_km: float, from_km: float = 0.0) -> Shape:
    """The ground between two azimuths, from a distance to the greatest range, with a margin all round.

    A whole circle where the azimuth is as good as unknown (an error of 90 degrees or more).
    """
    far = flight.greatest_km + margin_km
    if error_deg >= 90:
        return Circle(latitude_deg=flight.latitude_deg, longitude_deg=flight.longitude_deg, radius_km=far)
    near = max(from_km - margin_km, 0.0)
    left, right = flight.azimuth_deg - error_deg, flight.azimuth_deg + error_deg
    ring = [
        *(_beside(flight.start, left, km, -90, margin_km) for km in _between(near, flight.greatest_km)),
        *(destination(flight.start, left + (right - left) * s / 16, far) for s in range(17)),
        *(_beside(flight.start, right, km, 90, margin_km) for km in reversed(_between(near, flight.greatest_km))),
    ]
    if near == 0 and margin_km:
        back = flight.azimuth_deg + 180
        ring += [destination(flight.start, back + turn, margin_km) for turn in (-60, 0, 60)]
    elif near:
        ring += [destination(flight.start, right - (right - left) * s / 16, near) for s in range(17)]
    ring = [(latitude, (longitude + 180) % 360 - 180) for latitude, longitude in ring]
    return Polygon((*ring, ring[0]))


def _between(near_km: float, far_km: float) -> list[float]:
    steps = max(int((far_km - near_km) / 100), 4)
    return [near_km + (far_km - near_km) * step / steps for step in range(steps + 1)]


def _beside(start: Point, azimuth_deg: float, km: float, turn_deg: float, margin_km: float) -> Point:
    """The point so far beside the ray that leaves in that direction."""
    on_ray = destination(start, azimuth_deg, km)
    if margin_km == 0:
        return on_ray
    heading = (way(on_ray, start)[1] + 180) if km > 1e-6 else azimuth_deg
    return destination(on_ray, heading + turn_deg, margin_km)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """The ground under a flight: `path` below its middle, `swath` where it may fly, `impact` where it may fall."""

    flight: Flight
    path: Shape
    swath: Shape
    impact: Shape
    track: tuple[Point, ...]
    given_impact: bool = False


def corridor(flight: Flight, *, impact: Circle | None = None) -> Corridor:
    """The ground under a flight; where the report's source predicts an impact, that is taken instead of ours."""
    bend = bend_km(flight, flight.greatest_km)
    swath = fan(flight, error_deg=flight.azimuth_error_deg, margin_km=MARGIN_KM + bend)
    ours = fan(
        flight,
        error_deg=flight.azimuth_error_deg,
        margin_km=MARGIN_KM + bend,
        from_km=flight.least_km,
    )
    return Corridor(
        flight=flight,
        path=fan(flight, error_deg=0.0, margin_km=MARGIN_KM + bend),
        swath=swath,
        impact=impact or ours,
        track=track(flight, flight.greatest_km),
        given_impact=impact is not None,
    )


def gap_km(found: Corridor) -> float:
    """How far a given impact lies outside of where our own computation puts it: 0 where they agree."""
    if not isinstance(found.impact, Circle):
        return 0.0
    middle = (found.impact.latitude_deg, found.impact.longitude_deg)
    flight = found.flight
    away, azimuth = way(flight.start, middle)
    off = abs((azimuth - flight.azimuth_deg + 180) % 360 - 180)
    sideways = max(off - flight.azimuth_error_deg, 0.0)
    along = max(flight.least_km - away, away - flight.greatest_km, 0.0)
    across = away * sin(min(radians(sideways), pi / 2))
    return max(float(np.hypot(along, across)) - MARGIN_KM - found.impact.radius_km, 0.0)


def distances_km(start: Point, ground: Geometry) -> tuple[float, float]:
    """The least and the greatest distance from the start to a ground, to about 1 km."""
    points = shapely.get_coordinates(shapely.segmentize(ground, 0.1))
    away = np.hypot(*Plane(*start).down(points).T)
    return float(away.min()), float(away.max())
