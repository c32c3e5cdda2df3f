"""A place beyond the edge of a shape and within the margin is warned; beyond that, or by a code elsewhere, not."""

import pytest

from satwarn.alert.alert import Area, Named
from satwarn.area.shape import Circle, Polygon
from satwarn.frame.camf import Ellipse
from satwarn.receiver.site import Site
from satwarn.receiver.where import KM_PER_DEG, Where, by_areas, by_ellipse

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
