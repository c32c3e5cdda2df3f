"""The map: nothing of Japan is lost, lengths and places are true, names do not cover each other."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.area import gazetteer
from satwarn.drill.map import country, region_of
from satwarn.drill.map_frame import GRAIN, Box, Window, frames, ground, lands
from satwarn.drill.map_labels import beside, inside, middle, place_labels
from satwarn.people.look import look

WORDS = {name: mark.words["en"] for name, mark in look().marks.items()}
SCOPE = tuple(str(code) for code in range(31, 40))


@pytest.fixture(scope="module")
def sheets(the_day):
    return {sheet.key: sheet for sheet in _both(the_day.report.outcomes)}


def _both(outcomes):
    return country(outcomes, SCOPE, WORDS, region="japan"), region_of(outcomes, SCOPE, WORDS, region="japan")


def test_every_island_lies_in_exactly_one_frame():
    boxes = [frame.box for frame in frames("japan")]
    for code, _, box in ground():
        assert sum(frame.holds(*box.middle) for frame in boxes) == 1, (code, box)


def test_every_municipality_lies_in_exactly_one_frame():
    boxes = [frame.box for frame in frames("japan")]
    for place in gazetteer.municipalities():
        assert sum(box.holds(place.latitude_deg, place.longitude_deg) for box in boxes) == 1, place.names["en"]


def test_every_island_is_drawn(sheets):
    drawn = sum(land.path.count("M") for panel in sheets["country"].panels for land in panel.lands)
    assert drawn == sum(1 + len(polygon.holes) for _, polygon, _ in ground())


def test_all_47_prefectures_are_drawn_and_the_nine_stand_out(sheets):
    drawn = [land for panel in sheets["country"].panels for land in panel.lands]
    assert {land.code for land in drawn} == {place.code for place in gazetteer.prefectures()}
    assert {land.code for land in drawn if land.due} == set(SCOPE)


def test_insets_lie_on_the_sheet_and_on_no_land(sheets):
    sheet = sheets["country"]
    main, *insets = sheet.panels
    for inset in insets:
        assert inset.x >= 0
        assert inset.y >= 0
        assert inset.x + inset.width <= sheet.width
        assert inset.y + inset.height <= sheet.height
        for land in main.lands:
            for x, y in corners(land.path):
                inside = inset.x < x < inset.x + inset.width and inset.y < y < inset.y + inset.height
                assert not inside, f"{inset.name_en} covers {land.code}"
    for one, other in combinations(insets, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y


def corners(path):
    """The corners of path data, in units of the sheet."""
    for ring in path.split("M")[1:]:
        start, _, rest = ring.partition("l")
        if not rest:  # an island smaller than the grid
            start = ring.partition("h")[0]
        x, y = map(int, start.split())
        yield x / GRAIN, y / GRAIN
        steps = [int(step) for step in re.findall(r"-?\d+", rest)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            yield x / GRAIN, y / GRAIN


def test_a_path_is_the_coast_it_was_made_of():
    window = Window(box=Box(south_deg=34, north_deg=36, west_deg=132, east_deg=134), scale=2)
    polygon = gazetteer.shape("31")[0]
    (land,) = lands(window, [("31", polygon)], due=())
    drawn = list(corners(land.path))
    for point in polygon.points:
        x, y = window.at(*point)
        assert min(max(abs(x - a), abs(y - b)) for a, b in drawn) <= 0.5 / GRAIN


def test_neighbours_meet_without_a_gap():
    window = Window(box=Box(south_deg=34, north_deg=36, west_deg=132, east_deg=135), scale=1)
    shared = set(gazetteer.shape("31")[0].points) & set(gazetteer.shape("33")[0].points)
    assert len(shared) > 10
    paths = {code: set(corners(lands(window, [(code, gazetteer.shape(code)[0])], ())[0].path)) for code in ("31", "33")}
    rounded = {tuple(round(c * GRAIN) / GRAIN for c in window.at(*point)) for point in shared}
    assert rounded <= paths["31"]
    assert rounded <= paths["33"]


def test_the_scale_bar_is_as_long_as_it_says(sheets):
    window = Window(box=Box(south_deg=32.7, north_deg=36.3, west_deg=130.9, east_deg=134.7), scale=2)
    (_, north), (_, south) = window.at(35, 132.8), window.at(34, 132.8)
    assert (south - north) / window.scale == pytest.approx(110.93, abs=0.1)  # km in that degree of the meridian
    for sheet in sheets.values():
        assert 0.08 < sheet.bar / sheet.width < 0.25
    region = sheets["region"]
    yonago, tottori = (site(region, code) for code in ("31202", "31201"))
    km = ((yonago.x - tottori.x) ** 2 + (yonago.y - tottori.y) ** 2) ** 0.5 / region.bar * region.bar_km
    assert km == pytest.approx(great_circle_km("31202", "31201"), abs=4)  # Tottori stands half a mark aside


def great_circle_km(one, other):
    from math import acos, cos, radians, sin

    (a, b), (c, d) = ((radians(p.latitude_deg), radians(p.longitude_deg)) for p in map(gazetteer.place, (one, other)))
    return 6371 * acos(sin(a) * sin(c) + cos(a) * cos(c) * cos(b - d))


def site(sheet, code):
    return next(one for panel in sheet.panels for one in panel.sites if one.story.startswith(code))


def test_all_sites_are_on_the_country_and_those_due_on_the_region(sheets, the_day):
    told = [one.story[:5] for panel in sheets["country"].panels for one in panel.sites]
    assert sorted(told) == sorted(one.due.code for one in the_day.report.outcomes)
    due = {one.due.code for one in the_day.report.outcomes if one.due.act == "sounded"}
    assert due <= {one.story[:5] for one in sheets["region"].panels[0].sites}


def test_failed_sites_lie_on_top(sheets):
    marks = [one.mark for one in sheets["region"].panels[0].sites]
    assert marks[-4:] == ["failed"] * 4
    assert "failed" not in marks[:-4]


def test_sites_at_one_place_stand_side_by_side(sheets):
    for panel in sheets["region"].panels:
        spots = [(one.x, one.y) for one in panel.sites]
        assert len(set(spots)) == len(spots)


def test_names_on_the_map_cover_neither_each_other_nor_a_failed_site(sheets):
    (panel,) = sheets["region"].panels
    assert {label.name_en for label in panel.labels if label.kind == "failed"} == {
        "Yonago", "Shimane Office", "Okayama Office", "Onomichi",
    }  # fmt: skip
    crosses = [(one.x, one.y) for one in panel.sites if one.mark == "failed"]
    for drawn in ("wide", "phone"):
        papers = [label.paper(drawn) for label in panel.labels]
        assert not [pair for pair in combinations(papers, 2) if pair[0].meets(pair[1])]
        assert not [1 for paper in papers for cross in crosses if paper.holds(cross)]
        assert all(paper.left >= 0 and paper.right <= panel.width for paper in papers)


def test_a_name_of_a_prefecture_begins_in_it():
    ring = gazetteer.shape("38")[0].points
    window = Window(box=Box.around(ring), scale=2)
    spots = inside([window.at(*point) for point in ring])
    assert len(spots) > 20
    from shapely import Point, Polygon

    drawn = Polygon([window.at(*point) for point in ring])
    assert all(drawn.covers(Point(spot.x, spot.y)) for spot in spots[1:])


def test_the_centre_of_area_is_shapelys():
    from shapely import Polygon

    ring = gazetteer.shape("32")[0].points
    x, y = middle(ring)
    centre = Polygon(ring).centroid
    assert (x, y) == pytest.approx((centre.x, centre.y))


@given(st.floats(0, 640), st.floats(0, 700), st.text(min_size=1, max_size=20))
def test_a_lonely_failed_site_has_its_name_beside_it(x, y, name):
    (label,) = place_labels([(name, "", "failed", beside(x, y))], sites=[(x, y)], failed=[(x, y)], width=640)
    assert (label.spot.x, label.spot.y) == (x, y)
    assert not label.paper("wide").holds((x, y))
