"""The gazetteer against what is known of Japan, and against geometry that did not make it."""

import subprocess
import sys

import pytest
import shapely

from satwarn.area.gazetteer import contains, cover, municipalities, place, prefectures, shape, wards
from satwarn.errors import BadArea


def flat(polygons):
    """Longitude, latitude as shapely wants them."""
    return shapely.union_all(
        [
            shapely.Polygon([point[::-1] for point in one.points], [[p[::-1] for p in hole] for hole in one.holes])
            for one in polygons
        ]
    )


def test_japan_has_47_prefectures_in_order():
    assert [one.code for one in prefectures()] == [f"{number:02}" for number in range(1, 48)]
    assert all(one.scheme == "JISX0401" and {"ja", "en", "kana"} <= set(one.names) for one in prefectures())
    assert [one.names["en"] for one in prefectures()[30:39]] == [
        "Tottori", "Shimane", "Okayama", "Hiroshima", "Yamaguchi", "Tokushima", "Kagawa", "Ehime", "Kochi",
    ]  # fmt: skip


def test_japan_has_1741_municipalities_and_171_wards():
    assert len(municipalities()) == 1741 == sum(len(municipalities(one.code)) for one in prefectures())
    assert len(wards()) == 171
    assert {one.kind for one in municipalities()} == {"city", "town", "village"}
    assert all({"ja", "en", "kana"} <= set(one.names) for one in municipalities())
    codes = [one.code for one in municipalities()]
    assert codes == sorted(set(codes))


def test_the_nine_prefectures_of_18_august_2017_have_202_municipalities():
    assert sum(len(municipalities(str(code))) for code in range(31, 40)) == 202


def test_yonago_and_hiroshima():
    yonago = place("31202")
    assert (yonago.names["ja"], yonago.names["en"], yonago.names["kana"]) == ("米子市", "Yonago", "よなごし")
    assert yonago.scheme == "JISX0402"
    assert yonago.prefecture == yonago.parent == "31"
    assert (yonago.latitude_deg, yonago.longitude_deg) == pytest.approx((35.43, 133.33), abs=0.1)
    assert place("34101").parent == "34100"
    assert [one.code for one in wards("34100")] == [f"3410{number}" for number in range(1, 9)]
    assert place("31000").names["ja"] == "鳥取県"


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        ("31", "31202", True), ("31", "31", True), ("31", "31000", True), ("31000", "31202", True),
        ("31202", "31202", True), ("34", "34101", True),
        ("34100", "34101", True), ("34101", "34100", False), ("34100", "34202", False),
        ("31202", "31", False), ("31202", "31000", False), ("32", "31202", False),
        ("22130", "22131", True), ("13", "13101", True),
    ],
)  # fmt: skip
def test_codes_hold_each_other_by_level(outer, inner, holds):
    assert contains(outer, inner) is holds


def test_every_municipality_lies_in_its_prefecture_only():
    for one in municipalities() + wards(former=True):
        assert contains(one.prefecture, one.code)
        assert not contains("01" if one.prefecture != "01" else "02", one.code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("48", "01 to 47"),
        ("00", "01 to 47"),
        ("31999", "area find Tottori"),
        ("310000", "lose the last"),
        ("", "two digits"),
        ("３１", "two digits"),
    ],
)
def test_an_unknown_code_is_named_with_what_to_try(code, says):
    with pytest.raises(BadArea, match=repr(code)) as raised:
        place(code)
    assert says in raised.value.fix


def test_a_former_ward_names_its_followers():
    assert place("22135").until == "2023-12-31"
    followers = {code for one in wards(former=True) for code in one.followed_by}
    assert followers <= {one.code for one in wards()}


@pytest.mark.parametrize("prefecture", [one.code for one in prefectures()])
def test_a_cover_cuts_nobody_off(prefecture):
    outline, drawn = flat(cover(prefecture)), flat(shape(prefecture))
    assert all(shapely.Polygon(one.points).is_valid for one in cover(prefecture) + shape(prefecture))
    assert outline.covers(drawn)
    assert all(outline.covers(shapely.Point(one.longitude_deg, one.latitude_deg)) for one in municipalities(prefecture))
    assert sum(len(one.points) for one in cover(prefecture)) <= 61


def test_a_shape_holds_most_of_its_municipalities():
    """Positions and shapes come from different makers; small islands are missing from the shapes."""
    for one in prefectures():
        drawn, inside = flat(shape(one.code)).buffer(0.02), municipalities(one.code)
        held = sum(drawn.covers(shapely.Point(m.longitude_deg, m.latitude_deg)) for m in inside)
        assert held >= len(inside) * 0.85, one.code


def test_the_small_receiver_needs_no_arrays():
    script = (
        "import sys; from satwarn.area import gazetteer, shape; gazetteer.place('31202'); gazetteer.cover('31');"
        "sys.exit('shapely' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
