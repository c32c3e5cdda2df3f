"""Codes as people write them: the same answers for Japan as the gazetteer gives, and no mixing of countries."""

import random

import pytest

from satwarn.area import gazetteer, spelled
from satwarn.errors import BadArea

JAPAN = [place.code for place in (*gazetteer.prefectures(), *gazetteer.municipalities(), *gazetteer.wards(former=True))]
JAPAN += [f"{place.code}000" for place in gazetteer.prefectures()]


def test_japan_is_as_the_gazetteer_has_it() -> None:
    chance = random.Random(1)
    for outer in [*chance.sample(JAPAN, 40), "31", "31000", "34100"]:
        inside = spelled.within((outer,))
        assert [inside(code) for code in JAPAN] == [gazetteer.contains(outer, code) for code in JAPAN]


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        ("ISO3166-1:DE", "AGS:09162", True),
        ("AGS:09", "AGS:09162", True),
        ("AGS:091", "AGS:09162", True),
        ("AGS:09162", "AGS:09162", True),
        ("AGS:09162000", "AGS:09162", True),
        ("ARS:091620000000", "AGS:09162", True),
        ("NUTS3:DE212", "AGS:09162", True),
        ("AGS:09184", "AGS:09162", False),
        ("AGS:09162001", "AGS:09162", False),
        ("AGS:08", "AGS:09162", False),
        ("09", "AGS:09162", False),
        ("ISO3166-1:JP", "AGS:09162", False),
        ("AGS:01", "01100", False),
        ("AGS:01001", "01100", False),
        ("31", "31202.school", True),
        ("31202", "31202.school", True),
        ("AGS:09", "AGS:09162.rathaus", True),
        ("31201", "31202.school", False),
        ("SAME:012345", "AGS:09162", False),
    ],
)
def test_what_holds_what(outer: str, inner: str, holds: bool) -> None:
    assert spelled.contains(outer, inner) is holds


def test_one_way_to_write_a_code() -> None:
    assert spelled.normal("31202") == "31202"
    assert spelled.normal("ARS:091620000000") == spelled.normal("NUTS3:DE212") == "AGS:09162"
    assert spelled.normal("31202.school") == "31202.school"
    assert spelled.normal("ARS:091620000000.rathaus-2") == "AGS:09162.rathaus-2"
    for wrong in ("AGS:99999", "99999", "AGS:x", "what", "XX:1", "", "31202.", "31202.A", "31202.a/b", "31999.a"):
        with pytest.raises(BadArea):
            spelled.normal(wrong)


def test_parts_below_the_kreis_are_checked_by_their_land() -> None:
    spelled.check("AGS:09162001")
    for wrong in ("AGS:99162001", "AGS:09999", "31999"):
        with pytest.raises(BadArea):
            spelled.check(wrong)
