"""The arc and the ground under it, against the published model and plain geometry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from satwarn.area.arc import Arc, depressed, least_energy
from satwarn.area.corridor import Flight, bend_km, corridor, distances_km, fan, track, window
from satwarn.area.flat import flat
from satwarn.area.inside import inside
from satwarn.area.shape import Circle
from satwarn.errors import BadArea

GEOD = Geod(ellps="WGS84")


def flight(**changed):
    said = {"latitude_deg": 39.2, "longitude_deg": 125.7, "azimuth_deg": 72.6, "azimuth_error_deg": 3.0}
    return Flight(**(said | {"least_km": 2565.0, "greatest_km": 2835.0, "apogee_km": 550.0} | changed))


@pytest.mark.parametrize(
    ("range_km", "minutes"),
    [(300, 4.2), (500, 5.5), (1000, 7.9), (1300, 9.1), (2000, 11.7), (3000, 14.9), (4000, 17.9), (5500, 21.9)],
)
def test_the_arc_of_least_energy_takes_the_time_of_the_textbook(range_km, minutes):
    assert least_energy(range_km).flight_s / 60 == pytest.approx(minutes, abs=0.06)


@pytest.mark.parametrize(
    ("range_km", "apogee_km", "minutes", "over"),
    [(2700, 550, 13.4, (6.2, 7.6)), (3700, 800, 17.2, (5.6, 6.9)), (4600, 1000, 20.3, (4.6, 5.2))],
)
def test_the_model_of_the_three_published_flights(range_km, apogee_km, minutes, over):
    arc = Arc(range_km=range_km, apogee_km=apogee_km)
    near, far = (1255, 1512) if range_km < 4000 else (1135, 1261)
    assert arc.flight_s / 60 == pytest.approx(minutes, abs=0.06)
    assert (arc.time_s(near) / 60, arc.time_s(far) / 60) == pytest.approx(over, abs=0.06)


@given(st.floats(50, 12000), st.floats(10, 3000), st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_time_runs_forward_along_any_arc(range_km, apogee_km, parts):
    arc = Arc(range_km=range_km, apogee_km=apogee_km)
    times = [arc.time_s(part * range_km) for part in sorted(parts)]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= arc.flight_s + 1e-6


@given(st.floats(50, 12000), st.floats(0, 1))
def test_a_flat_flight_is_never_later_than_the_arc(range_km, part):
    assert depressed(range_km).time_s(part * range_km) <= least_energy(range_km).time_s(part * range_km) + 1e-6


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-70, 70),
    st.floats(-180, 180),
    st.floats(0, 360),
    st.floats(0, 60),
    st.floats(200, 9000),
    st.integers(0, 99),
)
def test_every_point_within_the_error_lies_in_the_swath(latitude, longitude, azimuth, error, km, seed):
    given_one = flight(latitude_deg=latitude, longitude_deg=longitude, azimuth_deg=azimuth, azimuth_error_deg=error,
                       least_km=km, greatest_km=km, apogee_km=None)  # fmt: skip
    rng = np.random.default_rng(seed)
    swath = fan(given_one, error_deg=error, margin_km=25.0)
    for _ in range(40):
        x, y, _ = GEOD.fwd(longitude, latitude, azimuth + rng.uniform(-error, error) * 0.999, rng.uniform(0, km) * 1000)
        assert inside((y, x), swath)


def test_the_track_ends_where_the_azimuth_ends_and_bends_with_the_turning_earth():
    found = track(flight(), 2700)
    x, y, _ = GEOD.fwd(125.7, 39.2, 72.6, 2_700_000)
    assert found[-1] == pytest.approx((y, x), abs=1e-6)
    assert 5 < bend_km(flight(), 2700) < 60
    assert bend_km(flight(latitude_deg=0.0, azimuth_deg=90.0), 2700) == pytest.approx(0, abs=1)


def test_swath_path_and_impact():
    found = corridor(flight())
    swath, path, impact = flat(found.swath), flat(found.path), flat(found.impact)
    assert swath.covers(path)
    assert swath.buffer(0.02).covers(impact)
    assert impact.area < 0.4 * swath.area
    assert all(inside(point, found.swath) for point in found.track)


def test_an_impact_told_is_taken_for_ours():
    told = Circle(latitude_deg=42, longitude_deg=150, radius_km=80)
    assert corridor(flight(), impact=told).impact is told


def test_windows_open_with_the_flat_flight_and_close_late():
    found = window(flight(), 1255, 1512)
    assert found.earliest_s < found.expected_s < found.latest_s
    assert found.expected_s == pytest.approx(6.2 * 60, rel=0.06)
    assert found.latest_s - Arc(range_km=2565, apogee_km=550).time_s(1512) == pytest.approx(180)
    assert window(flight(space=True), 1255, 1512).latest_s - found.latest_s == pytest.approx(120)


def test_distances_are_those_of_the_ground():
    near, far = distances_km((39.2, 125.7), flat(Circle(latitude_deg=39.2, longitude_deg=130.0, radius_km=50)))
    away = GEOD.inv(125.7, 39.2, 130.0, 39.2)[2] / 1000
    assert (near, far) == pytest.approx((away - 50, away + 50), abs=2)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"azimuth_deg": 361.0}, "azimuth"),
        ({"azimuth_error_deg": -1.0}, "error"),
        ({"least_km": 0.0}, "range"),
        ({"least_km": 9.0, "greatest_km": 8.0}, "range"),
        ({"greatest_km": 25000.0}, "range"),
        ({"latitude_deg": 95.0}, "latitude"),
    ],
)
def test_what_cannot_fly_is_refused(changed, says):
    with pytest.raises(BadArea, match=says):
        flight(**changed)
