"""Places are found by name in any language and spelling, and codes lead to one another."""

import re
from datetime import date

import pytest

from satwarn.area.crosswalk import first_code, holds, line, named, valid_on
from satwarn.area.gazetteer import neighbours, places, prefectures
from satwarn.area.place import rows
from satwarn.area.search import find, in_language, like
from satwarn.errors import BadArea


@pytest.mark.parametrize(
    ("name", "scheme", "code"),
    [
        ("Yonago", "JISX0402", "31202"), ("yonago-shi", "JISX0402", "31202"), ("米子", "JISX0402", "31202"),
        ("よなごし", "JISX0402", "31202"), ("ﾖﾅｺﾞ", "JISX0402", "31202"), ("YONAGO CITY", "JISX0402", "31202"),
        ("Muenchen", "AGS", "09162"), ("MÜNCHEN", "AGS", "09184"), ("Munchen", "AGS", "09162"), ("Bayern", "AGS", "09"),
        ("Bavaria", "AGS", "09"), ("バイエルン", "AGS", "09"), ("바이에른주", "AGS", "09"), ("서울", "KR-SIDO", "11"),
        ("강릉", "KR-SIGUNGU", "51150"), ("Ōsaka", "JISX0401", "27"), ("Oosaka", "JISX0401", "27"),
        ("大阪市", "JISX0402", "27100"), ("돗토리현", "JISX0401", "31"), ("Deutschland", "ISO3166-1", "DE"),
        ("日本", "ISO3166-1", "JP"), ("Cote d'Ivoire", "ISO3166-1", "CI"), ("DE21H", "AGS", "09184"),
        ("31202", "JISX0402", "31202"), ("JP-31", "JISX0401", "31"),
    ],
)  # fmt: skip
def test_a_place_is_found(name, scheme, code):
    assert (scheme, code) in {(one.scheme, one.code) for one in find(name)}


def test_every_listed_place_is_found_by_each_of_its_names():
    for scheme in ("ISO3166-1", "JISX0401", "JISX0402", "AGS", "KR-SIDO", "KR-SIGUNGU"):
        for one in places(scheme):
            for name in one.names.values():
                assert one in find(name), (name, one.code)


def test_nothing_is_found_for_nonsense_and_near_names_are_offered():
    assert find("") == find("xyzzy") == ()
    assert "Yonago" in like("Yonaga")


def test_larger_places_come_first():
    assert [one.scheme for one in find("Kochi")][:2] == ["JISX0401", "JISX0402"]


@pytest.mark.parametrize(
    ("scheme", "code", "first"),
    [
        ("ISO3166-2", "JP-31", ("JISX0401", "31")), ("ISO3166-2", "DE-BY", ("AGS", "09")),
        ("ISO3166-2", "KR-49", ("KR-SIDO", "50")), ("NUTS3", "DE21H", ("AGS", "09184")),
        ("ARS", "091840000000", ("AGS", "09184")), ("ARS", "090000000000", ("AGS", "09")),
        ("ARS", "091840148148", ("AGS", "09184148")), ("WARNCELLID", "109184000", ("AGS", "09184")),
        ("AGS", "09184000", ("AGS", "09184")), ("ISO3166-1", "JPN", ("ISO3166-1", "JP")),
        ("JISX0402", "31000", ("JISX0401", "31")), ("SAME", "020103", ("SAME", "020103")),
    ],
)  # fmt: skip
def test_second_codes_lead_to_the_first(scheme, code, first):
    assert first_code(scheme, code) == first


@pytest.mark.parametrize(
    ("scheme", "code"),
    [("JISX0402", "3120"), ("AGS", "9184"), ("WARNCELLID", "10918400"), ("CELL", "1"), ("SAME", "x")],
)
def test_what_cannot_be_a_code_is_refused(scheme, code):
    with pytest.raises(BadArea):
        first_code(scheme, code)


def test_levels_hold_each_other_across_schemes():
    assert line("JISX0402", "34101") == (
        ("JISX0402", "34101"),
        ("JISX0402", "34100"),
        ("JISX0401", "34"),
        ("ISO3166-1", "JP"),
    )
    assert holds(("ISO3166-1", "DE"), ("WARNCELLID", "109184000"))
    assert holds(("ISO3166-2", "DE-BY"), ("AGS", "09184148"))
    assert holds(("KR-SIDO", "11"), ("KR-SIGUNGU", "11110"))
    assert not holds(("AGS", "09"), ("JISX0402", "09201"))
    assert not holds(("JISX0402", "31202"), ("JISX0401", "31"))
    with pytest.raises(BadArea, match="31999"):
        holds(("JISX0401", "31"), ("JISX0402", "31999"))


def test_germany_and_korea_have_their_units():
    assert len([one for one in places("AGS") if len(one.code) == 2]) == 16
    assert len([one for one in places("AGS") if len(one.code) == 5]) == 401
    assert len(places("KR-SIDO")) == 17
    assert named("NUTS3", "DE21H").kind == "district"


@pytest.mark.parametrize(
    ("code", "day", "then"),
    [
        (("JISX0402", "22135"), date(2023, 12, 31), {"22135"}),
        (("JISX0402", "22135"), date(2024, 1, 1), {"22138", "22139"}),
        (("AGS", "16056"), date(2021, 7, 1), {"16063"}),
        (("KR-SIGUNGU", "42150"), date(2026, 1, 1), {"51150"}),
        (("KR-SIDO", "45"), date(2024, 1, 17), {"45"}),
        (("JISX0402", "31202"), date(2026, 1, 1), {"31202"}),
    ],
)
def test_codes_are_followed_through_reforms(code, day, then):
    assert {found for _, found in valid_on(*code, day)} == then


def test_neighbours_are_mutual_and_cross_the_straits():
    assert "02" in neighbours("01")
    assert neighbours("01", by="land") == ()
    assert {"40", "34", "32"} <= set(neighbours("35"))
    assert {"33", "34", "32", "28"} <= set(neighbours("31"))
    assert {"46"} == set(neighbours("47"))
    assert neighbours("11", "AGS") == ("12",)
    for scheme, codes in (("JISX0401", prefectures()), ("AGS", places("AGS")[:16]), ("KR-SIDO", places("KR-SIDO"))):
        for one in codes:
            assert neighbours(one.code, scheme), one.code
            assert all(one.code in neighbours(other, scheme) for other in neighbours(one.code, scheme))


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("North Korea", "ja", "北朝鮮"),
        ("north korea", "de", "Nordkorea"),
        ("북한", "en", "North Korea"),
        ("北朝鮮", "ko", "북한"),
        ("Yonago", "ja", "米子市"),
        ("Fuchu", "ja", "Fuchu"),  # there are two
        ("an invented place in the east", "de", "an invented place in the east"),
        ("North Korea", "fr", "North Korea"),  # no name known
        ("", "ja", ""),
    ],
)
def test_a_place_is_called_in_the_language_spoken(name: str, language: str, said: str) -> None:
    assert in_language(name, language) == said


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Munich", "09162"), ("ミュンヘン", "09162"), ("뮌헨", "09162"), ("Cologne", "05315"), ("Nuremberg", "09564"),
        ("Hanover", "03241"), ("Jongno", "11110"), ("Gangneung-si", "51150"), ("Ulleung", "47940"),
        ("Suwon-si Jangan-gu", "41111"), ("Chilgok", "47850"), ("Mungyeong", "47280"), ("Hapcheon", "48890"),
    ],
)  # fmt: skip
def test_cities_abroad_are_found_by_the_names_foreigners_use(name: str, code: str) -> None:
    assert find(name)[0].code == code


def test_every_name_says_where_it_is_from() -> None:
    known = {row["source"] for row in rows("sources.csv")}
    for table in ("de_units.csv", "kr_units.csv", "countries.csv"):
        assert {origin for row in rows(table) for origin in row["source"].split("+")} <= known
    sigungu = places("KR-SIGUNGU")
    assert all(re.fullmatch("[A-Z][a-z]+-(si|gun|gu)( [A-Z][a-z]+-gu)?", one.names["en"]) for one in sigungu)
