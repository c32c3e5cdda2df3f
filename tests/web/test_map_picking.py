"""Towns and Kreise are picked on the map: by a click, a box, the cross and keys, or a name; and by names without it."""

import re
from collections.abc import Iterator
from math import atan, degrees, log, pi, radians, sinh, tan
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from satwarn.area import gazetteer
from web.chrome import chromium, person
from web.hub import EXERCISE, Hub, running
from web.test_browser import sign_in

ZOOM = 8  # to which a name found takes the map
WORLD_PX = 512 * 2**ZOOM
YONAGO, MUNICH = "31202", "AGS:09162"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def form(browser: Browser, hub: Hub) -> Iterator[Page]:
    """The form with its map, filled in as far as it is no matter of places."""
    yield from filled_in(browser, hub)


def filled_in(browser: Browser, hub: Hub) -> Iterator[Page]:
    page = person(browser, hub.url, viewport={"width": 1000, "height": 800}, reduced_motion="reduce")
    sign_in(page, hub.code("Tanaka"))
    page.goto("/desk/compose")
    page.check(f"input[name=purpose][value={EXERCISE['purpose']}]")
    page.select_option("select[name=hazard]", EXERCISE["hazard"])
    page.select_option("select[name=severity]", EXERCISE["severity"])
    page.fill("input[name=minutes]", EXERCISE["minutes"])
    page.fill("input[name=headline_en]", EXERCISE["headline_en"])
    page.fill("textarea[name=instruction_en]", EXERCISE["instruction_en"])
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.locator(".island-map[data-ready]").wait_for()
    page.locator(".map-place[data-mode=pick]").wait_for()
    yield page
    page.context.close()


def find(page: Page, name: str, said: str) -> None:
    """Look for a place that has its name alone: it is chosen, and lies in the middle of the map from now on."""
    page.fill("input[name=find]", name)
    page.press("input[name=find]", "Enter")
    page.get_by_text(said).wait_for()


def middle(page: Page) -> tuple[float, float]:
    """Of the map, once it is in sight."""
    page.locator(".island-map").scroll_into_view_if_needed()
    box = page.locator(".island-map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def chosen(page: Page) -> set[str]:
    return set(page.input_value("input[name=more_codes]").split())


def saved(page: Page, hub: Hub) -> tuple[str, dict[str, Any]]:
    """Save the draft; its name, and what the preview says of it."""
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url("**/desk/w/*")
    subject = page.url.rpartition("/")[2]
    key = hub.api_key("Tanaka", "read")
    answer = hub.browser().http.get(f"/api/warnings/{subject}/preview", headers={"authorization": f"Bearer {key}"})
    return subject, answer.json()


def boxed(lat: float, lon: float, width: float, height: float) -> set[str]:
    """The municipalities in so many pixels around a place, by Mercator's formula."""
    middle = log(tan(pi / 4 + radians(lat) / 2))

    def latitude(off: float) -> float:
        return degrees(atan(sinh(middle - off * 2 * pi / WORLD_PX)))

    wide = width / 2 * 360 / WORLD_PX
    south, north = latitude(height / 2), latitude(-height / 2)
    return {
        one.code
        for one in gazetteer.municipalities()
        if south <= one.latitude_deg <= north and lon - wide <= one.longitude_deg <= lon + wide
    }


def test_a_click_takes_a_town_and_gives_it_back_and_a_click_beside_takes_nothing(form: Page, hub: Hub) -> None:
    find(form, "米子", "Chosen: Yonago.")
    x, y = middle(form)
    assert chosen(form) == {YONAGO}
    form.mouse.move(x, y)
    form.locator(".island-name", has_text="Yonago 31202").wait_for()
    form.mouse.click(x, y)
    form.get_by_text("No longer chosen: Yonago.").wait_for()
    assert chosen(form) == set()
    form.mouse.click(x, y - 90)  # the sea before Yonago; from farther off this would be the prefecture
    form.get_by_text("Nothing lies here.").wait_for()
    assert chosen(form) == set()
    assert form.locator("input[name=code]:checked").count() == 0
    form.mouse.click(x, y)
    form.get_by_text("Chosen: Yonago.", exact=True).wait_for()
    subject, preview = saved(form, hub)
    assert preview["codes"] == [YONAGO]
    assert hub.live.realm.views.warnings[subject].said.infos[0].areas[0].geocodes[0].value == YONAGO
    assert "1 place named, 1 municipality" in form.inner_text("main")


def test_a_box_takes_all_in_it_and_the_list_gives_one_back(form: Page, hub: Hub) -> None:
    place = gazetteer.place(YONAGO)
    expected = boxed(place.latitude_deg, place.longitude_deg, 120, 100)
    assert len(expected) >= 3, expected
    find(form, "Yonago", "Chosen: Yonago.")
    form.get_by_role("button", name="Take back 31202 Yonago").click()
    form.get_by_role("button", name="Box").click()
    x, y = middle(form)
    form.mouse.move(x - 60, y - 50)
    form.mouse.down()
    form.mouse.move(x, y, steps=3)
    form.locator(".island-box").wait_for()
    form.mouse.move(x + 60, y + 50, steps=3)
    form.mouse.up()
    form.get_by_text("Chosen: ").wait_for()
    assert chosen(form) == expected
    assert form.locator("#chosen li").count() == len(expected)
    form.get_by_role("button", name="Take back 31202 Yonago").click()
    assert chosen(form) == expected - {YONAGO}
    _, preview = saved(form, hub)
    assert set(preview["codes"]) == expected - {YONAGO}
    form.goto(form.url + "/edit")  # the draft's places are in the form again, by name
    assert {one.split()[0] for one in form.locator("#chosen li").all_inner_texts()} == expected - {YONAGO}


def test_what_is_typed_shows_on_the_map_and_a_town_of_a_chosen_prefecture_is_not_chosen_twice(form: Page) -> None:
    find(form, "Yonago", "Chosen: Yonago.")
    form.fill("input[name=more_codes]", "31201 31401")
    form.locator("input[name=more_codes]").blur()
    form.get_by_role("button", name="Take back 31201 Tottori").wait_for()
    assert form.locator("#chosen li").count() == 2
    form.check("input[name=code][value='31']")
    form.mouse.click(*middle(form))
    form.get_by_text("Yonago lies in what is chosen already.").wait_for()
    assert chosen(form) == {"31201", "31401"}


def test_keys_do_all_of_it(form: Page) -> None:
    find(form, "Yonago", "Chosen: Yonago.")
    form.get_by_role("button", name="Pick").focus()
    form.keyboard.press("Shift+Tab")
    form.evaluate("document.querySelector('.island-map canvas').focus()")
    form.get_by_text("Under the cross: Yonago 31202").wait_for()
    form.keyboard.press(" ")
    form.get_by_text("No longer chosen: Yonago.").wait_for()
    form.get_by_role("button", name="Box").focus()
    form.keyboard.press("Enter")
    form.evaluate("document.querySelector('.island-map canvas').focus()")
    form.keyboard.press("ArrowLeft")
    form.keyboard.press("ArrowUp")
    form.keyboard.press("Enter")
    form.get_by_text("1 corners set").wait_for()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        form.keyboard.press(key)
    form.keyboard.press("Enter")
    form.get_by_text(re.compile("^Chosen: ")).wait_for()
    place = gazetteer.place(YONAGO)
    assert chosen(form) == boxed(place.latitude_deg, place.longitude_deg, 200, 200)  # an arrow moves it by 100 px


def test_several_of_a_name_are_offered_and_none_is_taken_by_itself(form: Page) -> None:
    form.fill("input[name=find]", "府中市")
    form.get_by_role("button", name="Find", exact=True).click()
    form.get_by_role("button", name="34208").wait_for()
    assert chosen(form) == set()
    form.get_by_role("button", name="34208").click()
    form.get_by_text("Chosen: Fuchu").wait_for()
    assert chosen(form) == {"34208"}


def test_names_are_found_without_javascript_and_ticked(hub: Hub) -> None:
    author = hub.browser("Tanaka")
    author.get("/desk/compose")
    author.submit("/desk/compose", **{**EXERCISE, "code": [], "find": "よなご", "action": "find"})
    assert author.tree.xpath("//div[@id='found']//input[@name='code']/@value") == [YONAGO]
    author.submit("/desk/compose", **{**EXERCISE, "code": [YONAGO], "find": "", "action": "show"})
    assert author.tree.xpath("//ul[@id='chosen']/li/text()") == ["31202 Yonago"]
    author.submit("/desk/compose", **{**EXERCISE, "code": [], "find": "Nirgendwo", "action": "find"})
    assert "No place is called Nirgendwo." in author.page.text  # type: ignore[union-attr]  # it was just asked for


def test_a_kreis_is_picked_and_drawn_where_it_lies(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("germany"), sites="germany") as hub:
        for form in filled_in(browser, hub):
            find(form, "09162", "Chosen: Munich.")
            assert chosen(form) == {MUNICH}
            form.mouse.click(*middle(form))
            form.get_by_text("No longer chosen: Munich.").wait_for()
            form.mouse.click(*middle(form))
            form.get_by_text("Chosen: Munich.", exact=True).wait_for()
            subject, preview = saved(form, hub)
            assert (preview["codes"], preview["sites"]) == ([MUNICH], 1)
            form.locator("[data-map]").scroll_into_view_if_needed()
            form.get_by_text("place warned: a point in it").wait_for()
            drawn = form.request.get(f"/desk/w/{subject}/map.json").json()["features"]
            assert [one["geometry"] for one in drawn if one["properties"]["kind"] == "named"] == [
                {"type": "MultiPoint", "coordinates": [[11.58, 48.14]]}
            ]
