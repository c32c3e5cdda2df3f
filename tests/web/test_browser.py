"""People at real browsers: passkeys, drawing, two people, hearing it at a site, taking it back; axe on every page."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from satwarn.adapters import clock
from web.chrome import chromium, person
from web.hub import Hub, until

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:axe_playwright_python")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def sign_in(page: Page, code: str) -> None:
    page.goto("/desk/sign-in")
    page.fill("input[name=code]", code)
    page.locator("form[action$='sign-in']").last.get_by_role("button").click()
    page.wait_for_url("**/desk")


def enrol(browser: Browser, hub: Hub, name: str) -> Page:
    page = person(browser, hub.url, passkey=True)
    sign_in(page, hub.code(name))
    page.goto("/desk/me")
    page.fill("input[name=label]", "the test's key")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("the test's key").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.get_by_role("button", name="Sign in with your passkey").click()
    page.wait_for_url("**/desk")
    return page


def test_enrol_draw_two_people_hear_it_retract(
    browser: Browser, hub: Hub, record_property: Callable[[str, object], None]
) -> None:
    author, approver = enrol(browser, hub, "Tanaka"), enrol(browser, hub, "Sato")
    author.goto("/desk/compose")
    author.check("input[name=purpose][value=exercise]")
    author.select_option("select[name=hazard]", "system-test")
    author.select_option("select[name=severity]", "Minor")
    author.fill("input[name=minutes]", "30")
    author.locator("svg.map [data-code='40']").click(force=True)
    assert author.is_checked("input[name=code][value='40']")
    author.fill("textarea[name=circle]", "33.6,130.4 20")
    author.fill("input[name=headline_en]", "Test of the warning system")
    author.fill("textarea[name=instruction_en]", "You need not do anything.")
    author.get_by_role("button", name="Save the draft").click()
    author.wait_for_url("**/desk/w/*")
    subject = author.url.rpartition("/")[2]
    author.get_by_role("button", name="Submit for approval").click()
    author.get_by_text("submitted").first.wait_for()

    approver.goto(f"/desk/w/{subject}")
    approver.get_by_role("button", name="Approve and put on air").click()
    approver.get_by_role("button", name="It was sent in error…").wait_for()
    identifier = hub.live.realm.views.warnings[subject].said.identifier
    receipts = hub.live.realm.views.receipts
    until(lambda: any(one["act"] == "sounded" for one in receipts.get(identifier, {}).values()))

    public = person(browser, hub.url, locale="ja-JP")
    asked: list[str] = []
    public.on("request", lambda request: asked.append(request.url))
    public.goto("/")
    assert "危険はありません" in public.inner_text("main")
    assert public.context.cookies() == []
    assert [url for url in asked if not url.startswith((hub.url, "data:"))] == []

    begun, clicks = clock.stopwatch(), 0
    approver.get_by_role("button", name="It was sent in error…").click()
    clicks += 1
    approver.get_by_role("button", name="Retract now").click()
    clicks += 1
    approver.get_by_text("retracted").first.wait_for()
    assert clicks == 2
    record_property("retraction", f"{clicks} clicks, {clock.stopwatch() - begun:.2f} s with a machine's hand")
    public.get_by_text("誤りです").first.wait_for()  # the open page looked again by itself


PAGES = ["/", "/desk", "/desk/compose", "/desk/approve", "/desk/on-air", "/desk/correct", "/desk/sites"]
PAGES += ["/desk/people", "/desk/templates", "/desk/ledger", "/desk/me"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_page(browser: Browser, hub: Hub, scheme: str) -> None:
    page = person(browser, hub.url, color_scheme=scheme, viewport={"width": 320, "height": 640})
    sign_in(page, hub.code("Tanaka"))
    subjects = [f"/desk/w/{one}" for one in list(hub.live.realm.views.warnings)[-1:]]
    found = {}
    for path in [*PAGES, *subjects]:
        page.goto(path)
        result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        if result.violations_count:
            found[path] = [(v["id"], [n["html"][:120] for n in v["nodes"][:2]]) for v in result.response["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert found == {}
