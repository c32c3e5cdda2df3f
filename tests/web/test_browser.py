"""People at real browsers: the whole way at a hub as it is served, and every page of the console judged by axe."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from web.chrome import chromium, person
from web.conftest import free_port
from web.hub import EXERCISE, Hub, until

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:axe_playwright_python")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def sign_in(page: Page, code: str) -> None:
    page.goto("/desk/sign-in")
    page.fill("input[name=code]", code)
    page.locator("form[action$='sign-in']").last.get_by_role("button").click()
    page.wait_for_url(re.compile(r"/desk(/me)?$"))  # to one's own page after the last code


def enrol(browser: Browser, url: str, code: str, **context: object) -> Page:
    """A person who comes in by a code, makes a passkey, goes, and comes back by it."""
    page = person(browser, url, passkey=True, viewport={"width": 900, "height": 700}, **context)
    sign_in(page, code)
    page.goto("/desk/me")
    page.fill("input[name=label]", "the test's key")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("the test's key").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.get_by_role("button", name="Sign in with your passkey").click()
    page.wait_for_url("**/desk")
    return page


@contextmanager
def sandbox(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """`satwarn serve --demo` in a process of its own: the sandbox's address, and a code for each invented person."""
    command = [sys.executable, "-m", "satwarn", "serve", "--demo", "--port", str(free_port()), "--data", str(folder)]
    hub = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert hub.stdout is not None
    url, codes = "", {}
    try:
        for line in hub.stdout:
            if found := re.match(r"sandbox is at (\S+)", line):
                url = found[1]
            if found := re.match(r"  (\S.*?) +([0-9A-Za-z-]{8,})$", line):
                codes[found[1]] = found[2]
            if len(codes) == 4:
                break
        yield url, codes
    finally:
        hub.terminate()
        hub.communicate(timeout=20)


def map_of(page: Page) -> dict[str, float]:
    """Where the map lies on the page, once it is drawn."""
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.locator(".island-map[data-ready]").wait_for()
    box = page.locator(".island-map").bounding_box()
    assert box is not None
    return dict(box)


def draw_a_polygon(page: Page) -> None:
    """With the mouse: four corners around the middle of Japan, the last clicked twice to close it."""
    box = map_of(page)
    page.get_by_role("button", name="Polygon").click()
    corners = [(0.44, 0.52), (0.60, 0.52), (0.60, 0.66), (0.44, 0.66)]
    for x, y in [*corners, corners[-1]]:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def machine_s(page: Page) -> float:
    """From the request of the page that is shown to the last byte of its answer, redirects included."""
    return (
        float(
            page.evaluate("(() => { const n = performance.getEntriesByType('navigation')[0]; return n.responseEnd })()")
        )
        / 1000
    )


def test_enrol_draw_two_people_hear_it_retract(
    browser: Browser, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with sandbox(tmp_path) as (url, codes):
        author, approver = (enrol(browser, url, codes[name]) for name in ("H. Tanaka", "M. Sato"))
        complaints: list[str] = []
        author.on("pageerror", lambda error: complaints.append(str(error)))
        author.goto("/desk/compose")
        author.check("input[name=purpose][value=exercise]")
        author.select_option("select[name=hazard]", "system-test")
        author.select_option("select[name=severity]", "Minor")
        author.fill("input[name=minutes]", "30")
        author.fill("input[name=headline_en]", "Test of the warning system")
        author.fill("textarea[name=instruction_en]", "You need not do anything.")
        draw_a_polygon(author)
        drawn = author.input_value("textarea[name=polygon]")
        assert re.fullmatch(r"(\d+\.\d{4},\d+\.\d{4} ){4}\d+\.\d{4},\d+\.\d{4}", drawn), drawn
        author.get_by_text("km² beside the area").wait_for()  # said while the form is still open
        author.get_by_role("button", name="Save the draft").click()
        author.wait_for_url("**/desk/w/*")
        subject = author.url.rpartition("/")[2]
        author.get_by_role("button", name="Submit for approval").click()
        author.get_by_text("submitted").first.wait_for()

        approver.get_by_role("link", name="Test of the warning system").first.wait_for()  # by itself, without a look
        approver.goto(f"/desk/w/{subject}")
        assert "km² beside the area" in approver.inner_text("main")
        map_of(approver)
        approver.get_by_role("button", name="Approve and put on air").click()
        approver.get_by_role("button", name="It was sent in error…").wait_for()

        heard = hear(author, approver)
        public = person(browser, url, locale="ja-JP")
        asked: list[str] = []
        public.on("request", lambda request: asked.append(request.url))
        public.goto("/")
        assert public.context.cookies() == []
        assert [one for one in asked if not one.startswith((url, "data:"))] == []

        clicks = 0
        approver.bring_to_front()
        approver.reload()
        looking = machine_s(approver)  # what it takes to be shown a page, on this machine as busy as it is now
        begun = approver.evaluate("performance.timeOrigin + performance.now()")
        approver.get_by_role("button", name="It was sent in error…").click()
        clicks += 1
        approver.get_by_role("button", name="Retract now").wait_for()
        approver.get_by_role("button", name="Retract now").click()
        clicks += 1
        approver.get_by_text("retracted").first.wait_for()
        machine = machine_s(approver)
        whole = (approver.evaluate("performance.timeOrigin + performance.now()") - begun) / 1000
        assert clicks == 2
        assert machine < max(1.0, 4 * looking), (machine, looking)
        said = f"{clicks} clicks, {whole:.2f} s with a machine's hand, {machine:.2f} s for the last's answer; {heard}"
        record_property("retraction", said)
        print(f"retraction: {said}")  # noqa: T201 - the figure the issue asks for
        public.get_by_text("誤りです").first.wait_for()  # the open page looked again by itself
        author.locator(".lead", has_text="Nothing is on here.").wait_for()  # and so did the site's, without a reload
        assert complaints == []


def hear(author: Page, approver: Page) -> str:
    """Find a site that sounded, open its page, and play what its loudspeaker plays."""
    approver.locator("#came td", has_text="sounded").first.wait_for()  # it came by itself
    row = approver.locator("#came tr", has=approver.get_by_text("sounded", exact=True)).first
    site = row.get_by_role("link").inner_text().split()[0]
    author.goto(f"/desk/sites/{site}")
    assert "Test of the warning system" in author.inner_text(".as-screen")
    assert "This is an exercise." in author.inner_text(".as-screen")
    assert "simulated" in author.inner_text(".lead")
    author.get_by_text("The site's own record holds these very words.").wait_for()
    seconds, at = author.evaluate(
        """async () => {
          const sound = document.querySelector("audio");
          sound.muted = true;
          await sound.play();
          await new Promise((done) => sound.addEventListener("timeupdate", () => sound.currentTime > 0 && done()));
          return [sound.duration, sound.currentTime];
        }"""
    )
    assert seconds > 5
    assert at > 0
    return f"{seconds:.0f} s of sound at {site}"


PAGES = ["/", "/desk", "/desk/compose", "/desk/approve", "/desk/on-air", "/desk/correct", "/desk/sites"]
PAGES += [
    "/desk/w/none",
    "/desk/people",
    "/desk/templates",
    "/desk/orders",
    "/desk/ledger",
    "/desk/me",
    "/desk/sign-in",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = {
    "en": [("light", 320), ("dark", 1600)],
    "de": [("dark", 320), ("light", 1600)],
    "ja": [("dark", 320), ("light", 1600)],
}


@pytest.fixture(scope="module")
def on_air(hub: Hub) -> str:
    """An exercise on the air that sites have answered."""
    author, approver = hub.browser("Tanaka"), hub.browser("Sato")
    author.get("/desk/compose")
    code = next(iter(hub.live.realm.sky.sites))[:2]
    author.submit("/desk/compose", **{**EXERCISE, "code": [code]})
    subject = author.path.rpartition("/")[2]
    author.submit("/submit")
    approver.get(f"/desk/w/{subject}")
    approver.submit("/approve", code=hub.code("Sato"))
    identifier = hub.live.realm.views.warnings[subject].said.identifier
    until(lambda: any(one["act"] == "sounded" for one in hub.live.realm.views.receipts.get(identifier, {}).values()))
    return subject


@pytest.fixture(scope="module")
def reader(browser: Browser, hub: Hub) -> Page:
    page = person(browser, hub.url)
    sign_in(page, hub.code("Tanaka"))
    return page


def faults(page: Page, looks: list[tuple[str, int]] = LOOKS["en"]) -> dict[str, list[str]]:
    """What axe finds on a telephone and on a wall, by day and by night, all rules each time, the islands running."""
    found = {}
    if page.locator("[data-map]").count():
        page.locator("[data-map]").scroll_into_view_if_needed()
        page.locator(".island-map[data-ready]").wait_for()
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        result = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        wrong = [f"{v['id']}: {n['html'][:120]}" for v in result.response["violations"] for n in v["nodes"][:2]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append("wider than the screen")
        if wrong:
            found[f"{scheme} {width}"] = wrong
    return found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("tag", LOOKS)
def test_axe_finds_nothing(reader: Page, on_air: str, tag: str, path: str) -> None:
    reader.goto(f"{path}{'&' if '?' in path else '?'}lang={tag}")
    assert reader.locator("html").get_attribute("lang") == tag
    assert faults(reader, LOOKS[tag]) == {}


@pytest.mark.parametrize("tag", ["en", "de", "ja", "ko"])
def test_axe_finds_nothing_at_a_public_warning(browser: Browser, hub: Hub, on_air: str, tag: str) -> None:
    page = person(browser, hub.url)
    page.goto(f"/?lang={tag}")
    page.locator("article h2 a").first.click()
    page.locator("dl.big").wait_for()
    assert faults(page, [("light", 320), ("dark", 1600)]) == {}


def test_axe_finds_nothing_at_a_warning_its_site_and_the_list_of_keys(reader: Page, hub: Hub, on_air: str) -> None:
    for tag, looks in LOOKS.items():
        reader.goto(f"/desk/w/{on_air}?lang={tag}")
        assert faults(reader, looks) == {}
    reader.goto(f"/desk/w/{on_air}?lang=en")
    identifier = hub.live.realm.views.warnings[on_air].said.identifier
    site = next(code for code, one in hub.live.realm.views.receipts[identifier].items() if one["act"] == "sounded")
    reader.goto(f"/desk/sites/{site}")
    reader.get_by_role("button", name="Keyboard").wait_for()
    reader.keyboard.press("?")
    reader.get_by_role("dialog").wait_for()
    assert faults(reader) == {}
