"""A place beyond the edge of a shape and within the margin is warned; beyond that, or by a code elsewhere, not."""

from math import cos, radians

import pytest

from satwarn.alert.alert import Area, Named
from satwarn.area.shape import Circle, Polygon
from satwarn.frame.camf import Ellipse
from satwarn.receiver.site import Site
from satwarn.receiver.where import KM_PER_DEG, Where, by_areas, by_codes, by_ellipse

HERE = (35.43, 133.33)
SIDE_KM = 6.0


def site(margin_km: float) -> Site:
    return Site(code="31202", outputs=(), position=HERE, margin_km=margin_km)


def north(km: float) -> float:
    return HERE[0] + km / KM_PER_DEG


def circle(distance_km: float) -> Area:
    return Area(
        description="a circle to the north",
        circles=(Circle(latitude_deg=north(distance_km), longitude_deg=HERE[1], radius_km=SIDE_KM),),
    )


def square(distance_km: float) -> Area:
    low, high = north(distance_km - SIDE_KM), north(distance_km + SIDE_KM)
    ring = ((low, HERE[1] - 0.1), (low, HERE[1] + 0.1), (high, HERE[1] + 0.1), (high, HERE[1] - 0.1))
    return Area(description="a square to the north", polygons=(Polygon((*ring, ring[0])),))


def ellipse(distance_km: float) -> Ellipse:
    return Ellipse(
        latitude_deg=north(distance_km),
        longitude_deg=HERE[1],
        semi_major_km=3 * SIDE_KM,
        semi_minor_km=SIDE_KM,
        azimuth_deg=90.0,
    )


@pytest.mark.parametrize("kind", ["circle", "square", "ellipse"])
@pytest.mark.parametrize(
    ("distance_km", "margin_km", "expected"),
    [
        (SIDE_KM - 1, 0, Where.HERE),
        (SIDE_KM + 1, 0, Where.ELSEWHERE),
        (SIDE_KM + 4, 5, Where.HERE),
        (SIDE_KM + 6, 5, Where.ELSEWHERE),
        (SIDE_KM + 4, 3, Where.ELSEWHERE),
    ],
)
def test_the_margin_reaches_as_far_as_it_says(kind: str, distance_km: float, margin_km: float, expected: Where) -> None:
    here = site(margin_km)
    found = {
        "circle": lambda: by_areas(here, (circle(distance_km),)),
        "square": lambda: by_areas(here, (square(distance_km),)),
        "ellipse": lambda: by_ellipse(here, ellipse(distance_km)),
    }[kind]()
    assert found is expected


def test_a_code_that_is_judged_decides_before_a_shape_does() -> None:
    area = circle(0.0)
    elsewhere = Area(
        description="Sapporo, and a coarse circle over us",
        circles=area.circles,
        geocodes=(Named(value_name="JISX0402", value="01100"),),
    )
    assert by_areas(site(5), (area,)) is Where.HERE
    assert by_areas(site(5), (elsewhere,)) is Where.ELSEWHERE
    assert by_areas(site(5), (elsewhere, area)) is Where.HERE  # the best answer counts


def leaning(azimuth_deg: float) -> Ellipse:
    return Ellipse(
        latitude_deg=HERE[0], longitude_deg=HERE[1], semi_major_km=20.0, semi_minor_km=4.0, azimuth_deg=azimuth_deg
    )


@pytest.mark.parametrize(
    ("azimuth_deg", "east_km", "north_km", "expected"),
    [
        (45.0, 10, 10, Where.HERE), (45.0, -10, 10, Where.ELSEWHERE), (-45.0, -10, 10, Where.HERE),
        (-45.0, 10, 10, Where.ELSEWHERE), (0.0, 0, 18, Where.HERE), (0.0, 18, 0, Where.ELSEWHERE),
        (90.0, 18, 0, Where.HERE), (45.0, 20, 20, Where.ELSEWHERE),
    ],
)  # fmt: skip
def test_an_ellipse_leans_to_the_side_it_says(
    azimuth_deg: float, east_km: float, north_km: float, expected: Where
) -> None:
    there = (north(north_km), HERE[1] + east_km / KM_PER_DEG / cos(radians(HERE[0])))
    assert by_ellipse(Site(code="31202", outputs=(), position=there, margin_km=0), leaning(azimuth_deg)) is expected


@pytest.mark.parametrize("east_deg", [-0.3, 0.3])
def test_a_polygon_beside_the_place_is_beside_it_on_either_side(east_deg: float) -> None:
    ring = tuple((HERE[0] + lat, HERE[1] + east_deg + lon) for lat, lon in BOX)
    assert by_areas(site(0), (Area(description="beside", polygons=(Polygon(ring),)),)) is Where.ELSEWHERE


def test_a_bay_of_a_polygon_is_outside_of_it() -> None:
    """A horseshoe round the place: the way east crosses its side, the way out, and its side again."""
    horseshoe = ((-0.2, -0.1), (-0.2, 0.3), (0.2, 0.3), (0.2, -0.1), (0.1, -0.1), (0.1, 0.2), (-0.1, 0.2), (-0.1, -0.1))
    ring = tuple((HERE[0] + lat, HERE[1] + lon) for lat, lon in (*horseshoe, horseshoe[0]))
    assert by_areas(site(0), (Area(description="round us", polygons=(Polygon(ring),)),)) is Where.ELSEWHERE


BOX = ((-0.1, -0.1), (-0.1, 0.1), (0.1, 0.1), (0.1, -0.1), (-0.1, -0.1))


@pytest.mark.parametrize(("ours", "theirs"), [(179.95, -179.95), (-179.95, 179.95)])
def test_the_date_line_is_no_edge(ours: float, theirs: float) -> None:
    far = Site(code="31202", outputs=(), position=(0.0, ours), margin_km=0)
    near = Area(description="over the line", circles=(Circle(latitude_deg=0.0, longitude_deg=theirs, radius_km=20),))
    assert by_areas(far, (near,)) is Where.HERE


def test_what_names_no_place_may_be_for_this_one_and_so_may_a_shape_where_nobody_knows_where_it_stands() -> None:
    unplaced = Site(code="AGS:09162", outputs=())
    assert not unplaced.is_placed
    assert by_codes(site(5), ()) is Where.PERHAPS
    assert by_areas(site(5), ()) is Where.PERHAPS
    assert by_ellipse(unplaced, ellipse(0.0)) is Where.PERHAPS
    assert by_areas(unplaced, (circle(0.0),)) is Where.PERHAPS
