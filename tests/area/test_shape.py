"""A shape that exists is a shape on Earth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.area.shape import Circle, Ellipse, Polygon
from satwarn.errors import BadArea

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
SQUARE = ((35.0, 133.0), (35.0, 134.0), (36.0, 134.0), (35.0, 133.0))


@given(st.lists(st.tuples(latitudes, longitudes), min_size=3, max_size=20))
def test_every_closed_ring_on_earth_is_a_polygon(points):
    ring = (*points, points[0])
    assert Polygon(ring).points == ring


def test_a_hole_is_a_ring_too():
    assert Polygon(SQUARE, holes=(SQUARE,)).holes == (SQUARE,)
    with pytest.raises(BadArea, match="hole 1"):
        Polygon(SQUARE, holes=(SQUARE[:3],))


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ((), "0 points"),
        (SQUARE[:3], "3 points"),
        ((*SQUARE[:3], (35.5, 133.0)), "repeat the first point"),
        (((135.0, 35.0), (136.0, 35.0), (136.0, 36.0), (135.0, 35.0)), "latitude 135.0"),
        (((35.0, 180.5), (35.0, 134.0), (36.0, 134.0), (35.0, 180.5)), "longitude 180.5"),
        (((float("nan"), 133.0), (35.0, 134.0), (36.0, 134.0), (float("nan"), 133.0)), "latitude nan"),
    ],
)
def test_what_is_no_outline_is_refused(points, says):
    with pytest.raises(BadArea, match=says):
        Polygon(points)


@pytest.mark.parametrize("radius", [-1, float("nan"), float("inf")])
def test_a_circle_has_a_size(radius):
    with pytest.raises(BadArea, match="radius"):
        Circle(latitude_deg=35, longitude_deg=133, radius_km=radius)


def test_an_ellipse_has_its_longer_axis_first():
    with pytest.raises(BadArea, match="swap"):
        Ellipse(latitude_deg=35, longitude_deg=133, semi_major_km=1, semi_minor_km=2, azimuth_deg=0)
    with pytest.raises(BadArea, match="azimuth"):
        Ellipse(latitude_deg=35, longitude_deg=133, semi_major_km=2, semi_minor_km=1, azimuth_deg=float("nan"))
    with pytest.raises(BadArea, match="latitude 91"):
        Ellipse(latitude_deg=91, longitude_deg=133, semi_major_km=2, semi_minor_km=1, azimuth_deg=0)
