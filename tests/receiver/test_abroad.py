"""A receiver outside Japan: judged by its own country's codes, by shapes only when it is known where it stands."""

import pytest

from satwarn.alert.alert import Area, Named
from satwarn.area import gazetteer
from satwarn.area.shape import Circle
from satwarn.receiver.site import Site
from satwarn.receiver.where import Where, by_areas, by_codes

KREISE = [place.code for place in gazetteer.places("AGS") if len(place.code) == 5 and place.until is None]
MUNICH = Site(code="AGS:09162", outputs=("speaker",))
YONAGO = Site(code="31202", outputs=("speaker",))


def coded(*codes: tuple[str, str]) -> Area:
    return Area(description="x", geocodes=tuple(Named(value_name=name, value=value) for name, value in codes))


@pytest.mark.parametrize(
    ("codes", "where"),
    [
        ([("AGS", "09162")], Where.HERE),
        ([("AGS", "09162000")], Where.HERE),
        ([("ARS", "091620000000")], Where.HERE),
        ([("AGS", "091")], Where.HERE),
        ([("AGS", "09")], Where.HERE),
        ([("ISO3166-1", "DE")], Where.HERE),
        ([("AGS", "08111"), ("AGS", "09162")], Where.HERE),
        ([("AGS", "09162001")], Where.PERHAPS),  # a part of it: no table says which
        ([("AGS", "09999")], Where.PERHAPS),  # unknown, and of our own Land
        ([("SAME", "012345")], Where.PERHAPS),  # a scheme in which nothing can be said
        ([("EMMA_ID", "DE012")], Where.PERHAPS),
        ([("AGS", "08111")], Where.ELSEWHERE),
        ([("AGS", "08111001")], Where.ELSEWHERE),
        ([("AGS", "99999")], Where.ELSEWHERE),
        ([("JISX0401", "09")], Where.ELSEWHERE),
        ([("JISX0402", "09162")], Where.ELSEWHERE),
        ([("ISO3166-1", "JP")], Where.ELSEWHERE),
    ],
)
def test_where_a_message_is_for_munich(codes: list[tuple[str, str]], where: Where) -> None:
    assert by_areas(MUNICH, [coded(*codes)]) is where


def test_a_german_number_is_never_taken_for_a_japanese_one() -> None:
    sapporo = Site(code="01100", outputs=())
    assert by_areas(sapporo, [coded(("AGS", "01"))]) is Where.ELSEWHERE
    assert by_codes(MUNICH, ["09"]) is Where.ELSEWHERE
    assert by_areas(YONAGO, [coded(("AGS", "31202"))]) is Where.ELSEWHERE


def test_a_kreis_without_a_position_cannot_be_told_by_a_shape() -> None:
    circle = Area(description="x", circles=(Circle(latitude_deg=48.14, longitude_deg=11.58, radius_km=5),))
    assert by_areas(MUNICH, [circle]) is Where.PERHAPS
    placed = Site(code="AGS:09162", outputs=(), position=(48.137, 11.575))
    assert by_areas(placed, [circle]) is Where.HERE


def test_each_kreis_alone_and_all_of_them_together() -> None:
    sites = [Site(code=f"AGS:{code}", outputs=()) for code in KREISE]
    assert len(sites) == 400
    assert [site.code for site in sites if by_codes(site, ["AGS:05315"]) is Where.HERE] == ["AGS:05315"]
    assert all(by_codes(site, ["ISO3166-1:DE"]) is Where.HERE for site in sites)
    bavaria = [site for site in sites if by_codes(site, ["AGS:09"]) is Where.HERE]
    assert {site.code[4:6] for site in bavaria} == {"09"}
    assert len(bavaria) == 96
