"""The map that needs no script: of the country that is meant, with what is warned and what the frames cover."""

import re

import pytest

from satwarn.web import svg_map
from web.hub import EXERCISE, Hub

JAPAN, GERMANY, KOREA = (svg_map.SHEETS[country] for country in ("JP", "DE", "KR"))


@pytest.mark.parametrize(
    ("codes", "sites", "sheet"),
    [
        ((), (), JAPAN),
        (("31202",), ("AGS:09162",), JAPAN),
        (("AGS:09162",), ("31202", "31201"), GERMANY),
        ((), ("31202", "AGS:09162", "AGS:09184.school"), GERMANY),
        (("KR-SIGUNGU:11110",), (), KOREA),
        (("ISO3166-1:DE", "99999"), (), GERMANY),
        (("ISO3166-1:FR",), (), JAPAN),
    ],
)
def test_the_country_is_that_of_the_codes_else_of_the_sites(
    codes: tuple[str, ...], sites: tuple[str, ...], sheet: svg_map.Sheet
) -> None:
    assert svg_map.sheet_of(codes, sites) is sheet


@pytest.mark.parametrize(("sheet", "units"), [(JAPAN, 47), (GERMANY, 16), (KOREA, 17)])
def test_every_unit_is_drawn_within_the_edges(sheet: svg_map.Sheet, units: int) -> None:
    assert len([piece for piece in sheet.pieces if piece.path]) == units
    _, _, width, height = map(float, sheet.view.split())
    for piece in sheet.pieces:
        if sheet is not JAPAN:  # Tokyo's and Okinawa's far islands lie beyond the edge
            corners = [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", piece.path)]
            assert all(-1 <= x <= width + 1 and -1 <= y <= height + 1 for x, y in corners), piece.code


def test_only_a_unit_that_is_named_whole_is_filled() -> None:
    found = svg_map.chosen(["31202", "AGS:09162", "13", "13101", "no code"])
    assert (found["31"], found["AGS:09"], found["13"]) == ("touched", "touched", "chosen")


def test_a_form_without_a_script_shows_what_is_warned_and_framed(hub: Hub) -> None:
    author = hub.browser("Tanaka")
    author.get("/desk/compose")
    author.submit("/desk/compose", **{**EXERCISE, "code": ["31202"], "action": "show"})
    assert author.tree.xpath("//*[local-name()='path' and @class='touched']/@data-code") == ["31"]
    kinds = author.tree.xpath("//*[local-name()='path' and not(@data-code)]/@class")
    assert "warned" in kinds
    assert "frame" in kinds
    author.submit("/desk/compose", **{**EXERCISE, "code": ["AGS:09162"], "action": "show"})
    assert len(author.tree.xpath("//*[local-name()='path']/@data-code")) == 16
    assert author.tree.xpath("//*[local-name()='circle']/@class") == ["named"]
    assert "AGS:09" in author.tree.xpath("//input[@name='code']/@value")


def test_a_shape_alone_is_drawn_on_the_map_of_its_country(hub: Hub) -> None:
    author = hub.browser("Tanaka")
    author.get("/desk/compose")
    author.submit("/desk/compose", **{**EXERCISE, "code": [], "circle": "48.14,11.58 30", "action": "show"})
    assert len(author.tree.xpath("//*[local-name()='path']/@data-code")) == 16
    assert "warned" in author.tree.xpath("//*[local-name()='path' and not(@data-code)]/@class")
