"""The map projection against published worked values, and against what equal-area means."""

from math import cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.area.projection import EqualArea
from satwarn.errors import BadArea


def test_the_worked_example_of_epsg():
    # EPSG guidance note 7-2, Lambert azimuthal equal area, ETRS89-LAEA: 50 N 5 E is E 3962799.45, N 2999718.85.
    east, north = EqualArea(52, 10)(50, 5)
    assert east == pytest.approx(3962.79945 - 4321, abs=1e-5)
    assert north == pytest.approx(2999.71885 - 3210, abs=1e-5)


def _ground_km2_per_deg2(latitude_deg: float) -> float:
    """Area element of WGS 84 from the radii of curvature, not by way of the projection's own q."""
    a, e2 = 6378.137, 0.00669437999014
    w = sqrt(1 - e2 * sin(radians(latitude_deg)) ** 2)
    return (a / w) * (a * (1 - e2) / w**3) * cos(radians(latitude_deg)) * radians(1) ** 2


@given(st.floats(20, 50), st.floats(120, 155), st.floats(24, 46), st.floats(123, 154))
def test_equal_areas_stay_equal(centre_lat, centre_lon, lat, lon):
    project, step = EqualArea(centre_lat, centre_lon), 1e-3
    (x0, y0), (x1, y1) = project(lat - step, lon), project(lat + step, lon)
    (x2, y2), (x3, y3) = project(lat, lon - step), project(lat, lon + step)
    drawn = ((x3 - x2) * (y1 - y0) - (y3 - y2) * (x1 - x0)) / (2 * step) ** 2
    assert drawn == pytest.approx(_ground_km2_per_deg2(lat), rel=1e-6)


def test_north_is_up_and_the_centre_is_nought():
    project = EqualArea(34.5, 133)
    assert project(34.5, 133) == (0, 0)
    east, north = project(35.5, 133)
    assert east == 0
    assert north == pytest.approx(110.95, abs=0.02)  # one degree of latitude there


def test_over_the_antimeridian_is_the_short_way():
    east, _ = EqualArea(0, 179)(0, -179)
    assert east == pytest.approx(222.6, abs=0.1)


@pytest.mark.parametrize("centre", [(90, 0), (-90, 10), (91, 0), (0, 181)])
def test_a_centre_that_is_none(centre):
    with pytest.raises(BadArea):
        EqualArea(*centre)
