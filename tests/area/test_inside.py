"""Point-in, in plain Python, against shapely and pyproj on 100,000 random cases, antimeridian and poles among them."""

import random

import numpy as np
import pytest
import shapely
from pyproj import Geod

from satwarn.area.flat import flat, inside_many
from satwarn.area.inside import inside
from satwarn.area.shape import Circle, Ellipse, Polygon

GEOD = Geod(ellps="WGS84")
HERE = ((35.0, 133.0), (35.0, 134.0), (36.0, 134.0), (36.0, 133.0), (35.0, 133.0))


def wrapped(longitude):
    return (longitude + 180) % 360 - 180


def ring(chance, latitude, longitude, corners, reach):
    """A star-shaped ring around a point; longitudes not wrapped."""
    found = []
    for corner in range(corners):
        turn, away = 2 * np.pi * corner / corners, chance.uniform(0.2, 1) * reach
        found.append(
            (float(np.clip(latitude + away * np.cos(turn), -89.9, 89.9)), float(longitude + away * np.sin(turn)))
        )
    return [*found, found[0]]


def test_polygons_agree_with_shapely_on_50000_points_around_the_antimeridian_and_elsewhere():
    """The oracle never sees the antimeridian: it looks at the same ring and points moved to the prime meridian."""
    chance = random.Random(1)
    for _ in range(500):
        latitude, longitude = chance.uniform(-60, 60), chance.choice([180.0, 179.5, -179.9, 135.0, 0.0, -75.0])
        drawn = ring(chance, latitude, 0.0, chance.randint(3, 40), chance.choice([0.5, 5, 20]))
        polygon = Polygon(tuple((y, wrapped(x + longitude)) for y, x in drawn))
        oracle = shapely.make_valid(shapely.Polygon([(x, y) for y, x in drawn]))
        points = [(chance.uniform(latitude - 21, latitude + 21), chance.uniform(-21, 21)) for _ in range(100)]
        here = [(y, wrapped(x + longitude)) for y, x in points]
        theirs = shapely.intersects_xy(oracle, [x for _, x in points], [y for y, _ in points])
        ours = [inside(point, polygon) for point in here]
        assert ours == theirs.tolist()
        assert inside_many(flat(polygon), [y for y, _ in here], [x for _, x in here]).tolist() == ours


@pytest.mark.parametrize("pole", [90, -90])
def test_rings_around_a_pole_hold_what_lies_beyond_them_on_10000_points(pole):
    """The oracle: beyond the ring's own latitude at that longitude, by plain interpolation."""
    chance, sign = random.Random(pole), pole // 90
    for _ in range(100):
        corners = chance.randint(4, 30)
        longitudes = [-180 + 360 * corner / corners + chance.uniform(0, 300 / corners) for corner in range(corners)]
        latitudes = [chance.uniform(40, 85) for _ in longitudes]
        points = [(sign * y, wrapped(x)) for y, x in zip(latitudes, longitudes, strict=True)]
        polygon = Polygon((*points, points[0]))
        for _ in range(100):
            latitude, longitude = chance.uniform(30, 90), chance.uniform(-180, 180)
            edge = np.interp(longitude, [longitudes[-1] - 360, *longitudes, longitudes[0] + 360],
                             [latitudes[-1], *latitudes, latitudes[0]])  # fmt: skip
            assert inside((sign * latitude, longitude), polygon) == (latitude >= edge)
        assert inside((float(pole), 77.0), polygon)


def test_circles_agree_with_pyproj_on_20000_points_over_poles_and_antimeridian():
    chance, rng = random.Random(3), np.random.default_rng(3)
    for _ in range(100):
        circle = Circle(
            latitude_deg=chance.choice([chance.uniform(-90, 90), 90.0, -89.9, 0.0]),
            longitude_deg=chance.choice([chance.uniform(-180, 180), 180.0, -179.9]),
            radius_km=chance.choice([1.0, 50.0, 800.0, 5000.0, 12000.0]),
        )
        latitudes, longitudes, away = _around(circle.latitude_deg, circle.longitude_deg, circle.radius_km, rng)
        ours = np.array([inside(point, circle) for point in zip(latitudes, longitudes, strict=True)])
        assert (ours == (away <= circle.radius_km)).all()
        assert inside_many(flat(circle), latitudes, longitudes)[ours].all(), "the flat drawing loses nobody"


def test_ellipses_agree_with_pyproj_on_20000_points():
    chance, rng = random.Random(4), np.random.default_rng(4)
    for _ in range(100):
        major = chance.choice([5.0, 300.0, 1500.0])
        ellipse = Ellipse(
            latitude_deg=chance.uniform(-88, 88),
            longitude_deg=chance.choice([chance.uniform(-180, 180), 180.0]),
            semi_major_km=major,
            semi_minor_km=major * chance.uniform(0.05, 1),
            azimuth_deg=chance.uniform(0, 180),
        )
        latitudes, longitudes, away = _around(ellipse.latitude_deg, ellipse.longitude_deg, major, rng)
        here = np.full_like(latitudes, ellipse.longitude_deg), np.full_like(latitudes, ellipse.latitude_deg)
        azimuth = np.radians(GEOD.inv(*here, longitudes, latitudes)[0] - ellipse.azimuth_deg)
        form = (away * np.cos(azimuth) / major) ** 2 + (away * np.sin(azimuth) / ellipse.semi_minor_km) ** 2
        ours = np.array([inside(point, ellipse) for point in zip(latitudes, longitudes, strict=True)])
        clear = np.abs(form - 1) > 1e-6
        assert (ours == (form <= 1))[clear].all()
        assert inside_many(flat(ellipse), latitudes, longitudes)[ours].all()


def _around(latitude, longitude, radius_km, rng):
    """200 points from a distance of 0 to twice the radius, and how far away they are (km)."""
    away = rng.uniform(0, min(2 * radius_km, 19900), 200)
    azimuth = rng.uniform(0, 360, 200)
    there = GEOD.fwd(np.full(200, longitude), np.full(200, latitude), azimuth, away * 1000)
    longitudes, latitudes = there[0], there[1]
    away = GEOD.inv(np.full(200, longitude), np.full(200, latitude), longitudes, latitudes)[2] / 1000
    clear = np.abs(away - radius_km) > 1e-5
    return latitudes[clear], longitudes[clear], away[clear]


def test_the_edge_and_the_corners_belong_to_the_shape_and_holes_end_at_theirs():
    polygon = Polygon(HERE, holes=(((35.4, 133.4), (35.4, 133.6), (35.6, 133.6), (35.6, 133.4), (35.4, 133.4)),))
    assert all(inside(point, polygon) for point in [(35.0, 133.0), (35.0, 133.5), (36.0, 134.0), (35.4, 133.5)])
    assert not inside((35.5, 133.5), polygon)
    assert not inside((34.999, 133.5), polygon)


def test_the_short_way_round_is_meant():
    strip = Polygon(((10.0, 170.0), (10.0, -170.0), (20.0, -170.0), (20.0, 170.0), (10.0, 170.0)))
    assert inside((15.0, 180.0), strip)
    assert inside((15.0, -180.0), strip)
    assert not inside((15.0, 0.0), strip)


def test_a_circle_of_no_size_is_its_middle():
    assert inside((35.0, 133.0), Circle(latitude_deg=35.0, longitude_deg=133.0, radius_km=0))
    assert not inside((35.001, 133.0), Circle(latitude_deg=35.0, longitude_deg=133.0, radius_km=0))
