"""What scripts add to the console: news that arrive, keys to move and draw by, and nothing done behind one's back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from satwarn.authority.rights import Role
from web.chrome import chromium, person
from web.hub import EXERCISE, Hub
from web.test_browser import sign_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def at_the_desk(browser: Browser, hub: Hub, name: str) -> Page:
    """Somebody who asked for less motion: the map jumps instead of gliding."""
    page = person(browser, hub.url, viewport={"width": 800, "height": 700}, reduced_motion="reduce")
    sign_in(page, hub.code(name))
    return page


def submitted(hub: Hub) -> str:
    author = hub.browser("Tanaka")
    author.get("/desk/compose")
    author.submit("/desk/compose", **EXERCISE)
    author.submit("/submit")
    return author.path.rpartition("/")[2]


def test_news_arrive_without_a_look_are_said_and_leave_the_focus_where_it_was(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Mori")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Compose a warning").focus()
    subject = submitted(hub)
    page.get_by_text(subject).wait_for()
    page.locator("p.unseen", has_text="waiting").wait_for(state="attached")  # to poll a script is against the CSP
    assert page.evaluate("document.activeElement.textContent") == "Compose a warning"
    assert page.evaluate("window.same") is True


def test_what_one_is_about_to_agree_on_never_changes_under_ones_eyes(browser: Browser, hub: Hub) -> None:
    subject = submitted(hub)
    page = at_the_desk(browser, hub, "Sato")
    page.goto(f"/desk/w/{subject}")
    digest = page.locator("input[name=digest]").first.input_value()
    author = hub.browser("Tanaka")
    author.get(f"/desk/w/{subject}/edit")
    author.submit("/edit", headline_en="Something else")
    page.get_by_role("alert").get_by_text("This has changed since you opened it.").wait_for()
    assert page.locator("input[name=digest]").first.input_value() == digest
    assert "Something else" not in page.inner_text("main")
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("heading", name="Something else").first.wait_for()


def test_a_lost_connection_is_said_and_found_again(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Mori")
    page.route("**/desk/events*", lambda route: route.abort())
    page.reload()
    page.get_by_text("The connection is lost since").wait_for()
    subject = submitted(hub)
    page.unroute("**/desk/events*")
    page.locator(".link-state").wait_for(state="hidden")
    page.get_by_text(subject).wait_for()  # what was missed meanwhile is fetched


def test_the_ledger_counts_what_is_new_and_moves_nothing(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Ito")
    page.goto("/desk/ledger")
    top = page.locator("tbody tr").first.inner_text()
    at = page.locator("tbody tr").first.bounding_box()
    subject = submitted(hub)
    page.get_by_text("New entries: ").wait_for()
    assert page.locator("tbody tr").first.inner_text() == top
    assert page.locator("tbody tr").first.bounding_box() == at
    page.get_by_role("link", name="New entries: ").click()
    page.locator("tbody tr", has_text=subject).first.wait_for()
    page.goto(f"/desk/ledger?subject={subject}")
    submitted(hub)  # about something else
    hub.record("remark", subject, {})
    page.get_by_text("New entries: 1.").wait_for()


def test_a_site_that_goes_down_is_said_where_it_stands(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Mori")
    page.goto("/desk/sites")
    codes = page.locator("tbody tr td:first-child").all_inner_texts()
    last = codes[-1]
    page.locator(f"[id='mark-{last}']").focus()
    office = hub.browser("Mori")
    office.get("/desk/sites")
    office.submit("/down", site=last)
    page.locator(f"[id='site-{last}']", has_text="✕ down").wait_for()
    assert page.locator("tbody tr td:first-child").all_inner_texts() == codes  # none has moved
    assert page.evaluate("document.activeElement.id") == f"mark-{last}"
    page.get_by_role("heading", name="1 known to be down").wait_for()
    page.get_by_role("link", name="The list has changed.").click()
    page.locator("tbody tr").first.get_by_text("✕ down").wait_for()
    page.get_by_role("button", name=f"Mark as up: {last}").click()
    page.get_by_role("button", name=f"Mark as down: {last}").wait_for()


def test_a_view_of_the_ledger_counts_only_what_it_shows(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Ito")
    with page.expect_response(lambda one: "/desk/events" in one.url):
        page.goto("/desk/ledger?kinds=notes")
    hub.record("transmit", "frame", {})
    for _ in range(2):
        hub.record("fault", "wide band", {"what": "silence"})
    page.get_by_text("New entries: 2.").wait_for()


def test_who_is_appointed_meanwhile_is_said_and_moves_nobody(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Tanaka")
    page.goto("/desk/people")
    hub.appoint("Abe", {Role.AUTHOR})
    page.get_by_text("This has changed since you opened it.").wait_for()
    assert "Abe" not in page.inner_text("table")
    page.get_by_role("link", name="Look again").click()
    page.locator("table", has_text="Abe").wait_for()


def test_after_a_deed_that_was_refused_the_page_looks_where_it_can(browser: Browser, hub: Hub) -> None:
    subject = submitted(hub)
    page = at_the_desk(browser, hub, "Sato")
    page.goto(f"/desk/w/{subject}")
    page.fill("input[name=code]", "WRONG-CODE")
    page.get_by_role("button", name="Approve and put on air").click()
    page.locator(".problem").first.wait_for()
    assert page.url.endswith("/approve")  # an address that only forms are sent to
    submitted(hub)
    author = hub.browser("Tanaka")
    author.get(f"/desk/w/{subject}/edit")
    author.submit("/edit", headline_en="Something else")
    page.get_by_text("This has changed since you opened it.").wait_for()
    assert not page.get_by_text("The connection is lost").is_visible()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("heading", name="Something else").first.wait_for()
    assert page.url.endswith(subject)


def test_keys_move_show_their_list_and_can_be_switched_off(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Mori")
    page.goto("/desk/sites")
    page.get_by_role("button", name="Keyboard").wait_for()
    for key, row in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        links = page.locator("main td a[href]")
        assert page.evaluate("document.activeElement.textContent") == links.nth(row).inner_text()
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_label("Switch single keys off in this browser").check()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.get_by_role("dialog").is_visible()
    page.get_by_role("button", name="Keyboard").click()  # the list stays within reach
    assert page.get_by_role("dialog").is_visible()


def test_the_map_is_picked_and_drawn_on_by_keys_and_follows_the_form(browser: Browser, hub: Hub) -> None:
    page = at_the_desk(browser, hub, "Tanaka")
    page.goto("/desk/compose")
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.locator(".island-map[data-ready]").wait_for()
    page.check(f"input[name=purpose][value={EXERCISE['purpose']}]")
    page.select_option("select[name=hazard]", EXERCISE["hazard"])
    page.select_option("select[name=severity]", EXERCISE["severity"])
    page.fill("input[name=minutes]", EXERCISE["minutes"])
    page.fill("input[name=headline_en]", EXERCISE["headline_en"])
    page.fill("textarea[name=circle]", "36.2,138.0 30")
    page.get_by_text("km² beside the area").wait_for()  # the frame names all of Nagano
    page.get_by_role("button", name="Whole area").click()
    page.evaluate("document.querySelector('.island-map canvas').focus()")
    page.keyboard.press(" ")
    assert page.is_checked("input[name=code][value='20']")
    page.get_by_role("button", name="Polygon").click()
    page.evaluate("document.querySelector('.island-map canvas').focus()")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press("Enter")
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    (line,) = page.input_value("textarea[name=polygon]").splitlines()
    corners = line.split()
    assert len(corners) == 5
    assert corners[0] == corners[-1]
    assert page.input_value("textarea[name=circle]") == "36.2,138.0 30"
    page.get_by_role("button", name="Remove everything drawn").click()
    assert page.input_value("textarea[name=polygon]") + page.input_value("textarea[name=circle]") == ""
