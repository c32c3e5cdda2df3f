"""What is done with shapes never loses ground: widened, simplified, enclosed, joined."""

from math import cos, pi, sin
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from satwarn.area.fit import enclose, mask
from satwarn.area.flat import flat, inside_many, shapes_of
from satwarn.area.gazetteer import shape
from satwarn.area.inside import inside
from satwarn.area.outline import area_km2, share, simplify, union, widen
from satwarn.area.shape import Circle, Ellipse, Polygon
from satwarn.errors import BadArea, DoesNotFit

GEOD = Geod(ellps="WGS84")
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def polygons(draw):
    """Star-shaped and self-crossing rings anywhere, over the antimeridian and near the poles."""
    latitude, longitude = draw(st.floats(-80, 80)), draw(st.sampled_from([180.0, -179.95, 0.0, 133.0]))
    size, corners = draw(st.sampled_from([0.02, 0.5, 4.0, 12.0])), draw(st.integers(3, 30))
    aways = draw(st.lists(st.floats(0.1, 1), min_size=corners, max_size=corners))
    turns = [2 * np.pi * corner / corners for corner in range(corners)]
    if draw(st.booleans()):
        turns = draw(st.permutations(turns))
    points = [
        (float(np.clip(latitude + size * away * np.cos(turn), -89.99, 89.99)),
         float((longitude + size * away * np.sin(turn) + 180) % 360 - 180))
        for away, turn in zip(aways, turns, strict=True)
    ]  # fmt: skip
    return Polygon((*points, points[0]))


def points_in(ground, rng, count=300):
    """Points that lie in a flat geometry, and its corners."""
    west, south, east, north = ground.bounds
    x, y = rng.uniform(west, east, count), rng.uniform(south, north, count)
    held = inside_many(ground, y, x)
    corners = shapely.get_coordinates(ground)[:200]
    return [*zip(y[held].tolist(), x[held].tolist(), strict=True), *((float(y), float(x)) for x, y in corners)]


@SLOW
@given(polygons(), st.integers(0, 1000))
def test_an_ellipse_encloses_always(polygon, seed):
    found = enclose([polygon])
    assert found.overreach >= 0
    lost = [
        point for point in points_in(flat(polygon), np.random.default_rng(seed)) if not inside(point, found.ellipse)
    ]
    assert not lost


@SLOW
@given(polygons(), st.integers(5, 60))
def test_a_simpler_outline_holds_every_point_of_the_area(polygon, most):
    ground = flat(polygon)
    found = simplify([polygon], most)
    assert sum(len(one.points) for one in found) <= most
    assert flat(*found).covers(ground)


@SLOW
@given(polygons(), st.floats(0, 300), st.integers(0, 1000))
def test_a_margin_holds_what_pyproj_puts_within_it(polygon, margin, seed):
    ground, rng = flat(polygon), np.random.default_rng(seed)
    wide = flat(*widen([polygon], margin))
    assert wide.covers(ground)
    points = points_in(ground, rng, 100)
    some = zip(points, rng.uniform(0, 360, len(points)), rng.uniform(0, 1, len(points)), strict=True)
    for (latitude, longitude), azimuth, part in some:
        x, y, _ = GEOD.fwd(longitude, latitude, azimuth, margin * part * 1000)
        assert shapely.intersects_xy(wide, x, y)


def test_a_margin_is_hardly_more_than_asked():
    wide = widen([Circle(latitude_deg=35, longitude_deg=135, radius_km=100)], 50)
    assert area_km2(flat(*wide)) == pytest.approx(np.pi * 150**2, rel=0.03)


def test_no_margin_may_take_people_out():
    with pytest.raises(BadArea, match="take people out"):
        widen([Circle(latitude_deg=35, longitude_deg=135, radius_km=100)], -1)


def test_areas_are_those_of_the_ellipsoid():
    for code in ("13", "31", "01"):
        theirs = sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(flat(*shape(code)))) / 1e6
        assert area_km2(flat(*shape(code))) == pytest.approx(theirs, rel=0.01)


def test_a_share_is_of_the_whole():
    west = Polygon(((30.0, 130.0), (30.0, 131.0), (31.0, 131.0), (31.0, 130.0), (30.0, 130.0)))
    both = Polygon(((30.0, 130.0), (30.0, 132.0), (31.0, 132.0), (31.0, 130.0), (30.0, 130.0)))
    assert share([west], [both]) == pytest.approx(0.5)
    assert share([both], [west]) == 1
    with pytest.raises(BadArea, match="no area"):
        share([west], [Polygon(((30.0, 130.0),) * 4)])


def test_a_union_keeps_holes_and_islands():
    frame = Polygon(
        ((0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (9.0, 0.0), (0.0, 0.0)),
        holes=(((3.0, 3.0), (3.0, 6.0), (6.0, 6.0), (6.0, 3.0), (3.0, 3.0)),),
    )
    island = Polygon(((4.0, 4.0), (4.0, 5.0), (5.0, 5.0), (5.0, 4.0), (4.0, 4.0)))
    joined = union(frame, island)
    assert len(joined) == 2
    assert len(joined[0].holes) == 1
    assert flat(*joined).equals(flat(frame, island))


def test_what_goes_round_a_pole_comes_back_as_the_same_ground():
    cap = Polygon(tuple((70.0, float(longitude)) for longitude in (-180, -90, 0, 90, -180)))
    again = shapes_of(flat(cap))
    assert flat(*again).symmetric_difference(flat(cap)).area == pytest.approx(0, abs=1e-9)
    assert inside((89.0, 10.0), again[0])


@pytest.mark.parametrize("radius_km", [9990.0, 11000.0, 19000.0])
def test_a_circle_over_half_the_earth_is_still_its_ground(radius_km):
    ground = flat(Circle(latitude_deg=10, longitude_deg=170, radius_km=radius_km))
    assert area_km2(ground) == pytest.approx(2 * np.pi * 6371.0088**2 * (1 - np.cos(radius_km / 6371.0088)), rel=0.01)


def test_what_cannot_be_made_simpler_says_so():
    with pytest.raises(DoesNotFit, match="3 points"):
        simplify([Circle(latitude_deg=35, longitude_deg=135, radius_km=100)], 3)
    with pytest.raises(BadArea, match="third of the Earth"):
        widen([Polygon(((-60.0, -80.0), (-60.0, 80.0), (60.0, 80.0), (60.0, -80.0), (-60.0, -80.0)))], 10)


def test_nine_prefectures_fit_a_mask_exactly_and_an_ellipse_roughly():
    nine = [part for code in range(31, 40) for part in shape(str(code))]
    found = mask(nine)
    assert found is not None
    assert found.prefectures == tuple(str(code) for code in range(31, 40))
    assert found.overreach == pytest.approx(0, abs=1e-6)
    assert 1 < enclose(nine).overreach < 2
    assert mask([Circle(latitude_deg=0, longitude_deg=0, radius_km=10)]) is None


def test_the_ellipse_of_an_ellipse_is_it():
    given_one = Ellipse(latitude_deg=40, longitude_deg=179, semi_major_km=200, semi_minor_km=60, azimuth_deg=30)
    found = enclose([given_one]).ellipse
    assert (found.semi_major_km, found.semi_minor_km) == pytest.approx((200, 60), rel=0.02)
    assert found.azimuth_deg == pytest.approx(30, abs=1)


def _tangle(count: int) -> Polygon:
    random = Random(7)
    points = tuple((35 + random.random(), 134 + random.random()) for _ in range(count))
    return Polygon((*points, points[0]))


def test_a_ring_that_crosses_itself_without_end_is_all_it_goes_round_and_takes_no_minutes() -> None:
    """A drawing of 500 random corners once held the hub for three minutes, and everybody with it."""
    few, many = _tangle(8), _tangle(4000)
    assert 0 < flat(few).area < shapely.Polygon([(x, y) for y, x in few.points]).convex_hull.area
    hull = shapely.Polygon([(x, y) for y, x in many.points]).convex_hull
    assert flat(many).equals(hull)


def test_one_slip_of_the_hand_in_a_long_ring_costs_only_what_it_crosses() -> None:
    round_ = [(35 + sin(2 * pi * k / 3000), 134 + cos(2 * pi * k / 3000)) for k in range(3000)]
    round_[10], round_[12] = round_[12], round_[10]
    assert flat(Polygon((*round_, round_[0]))).area == pytest.approx(pi, rel=1e-3)
    dent = [p if k % 2 else (35 + (p[0] - 35) * 0.5, 134 + (p[1] - 134) * 0.5) for k, p in enumerate(round_)]
    assert flat(Polygon((*dent, dent[0]))).area < 0.7 * pi  # a ring that is odd but crosses nowhere stays as it is
