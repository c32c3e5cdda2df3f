"""With a keyboard alone: every control of every page is reached, seen when it is reached, and left again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from web.chrome import chromium, person
from web.hub import Hub
from web.test_browser import sign_in
from web.test_islands import submitted

CONTROLS = """() => {
  const sorts = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const open = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0;
  const seen = [...document.querySelectorAll(sorts)].filter(open);
  const groups = new Set();
  const stops = seen.filter((one) => {
    if (one.type !== "radio") return true;
    if (groups.has(one.name)) return false;
    return groups.add(one.name);
  });
  stops.forEach((one, number) => (one.dataset.stop = one.type === "radio" ? `radio ${one.name}` : String(number)));
  for (const one of seen) if (one.type === "radio") one.dataset.stop = `radio ${one.name}`;
  return stops.map((one) => one.dataset.stop);
}"""
WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const { top, bottom, left } = at.getBoundingClientRect();
  const marked = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  const seen = marked && bottom > 0 && top < innerHeight && left > -100;
  return { stop: at.dataset.stop ?? "", what: at.outerHTML.slice(0, 120), seen };
}"""
PAGES = [
    "/",
    "/desk",
    "/desk/compose",
    "/desk/correct",
    "/desk/sites",
    "/desk/people",
    "/desk/templates",
    "/desk/orders",
]
PAGES += ["/desk/ledger", "/desk/me", "/desk/w/SUBJECT", "/desk/w/SUBJECT/edit"]


@pytest.fixture(scope="module")
def approver(hub: Hub) -> Iterator[Page]:
    with chromium() as browser:
        yield officer(browser, hub)


def officer(browser: Browser, hub: Hub) -> Page:
    page = person(browser, hub.url, viewport={"width": 1000, "height": 700}, reduced_motion="reduce")
    sign_in(page, hub.code("Tanaka"))
    return page


@pytest.fixture(scope="module")
def subject(hub: Hub) -> str:
    return submitted(hub)


@pytest.mark.parametrize("path", PAGES)
def test_tab_reaches_everything_shows_where_it_is_and_is_caught_nowhere(
    approver: Page, subject: str, path: str
) -> None:
    approver.goto(path.replace("SUBJECT", subject))
    if approver.locator("[data-map]").count():
        approver.locator("[data-map]").scroll_into_view_if_needed()
        approver.locator(".island-map[data-ready]").wait_for()
        if "w/" not in path or "edit" in path:
            approver.locator(".map-place[data-mode=pick]").wait_for()
    if path.startswith("/desk"):
        approver.get_by_role("button", name="Keyboard").wait_for()
    approver.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    missing = set(approver.evaluate(CONTROLS))
    assert len(missing) > 5
    approver.evaluate("document.querySelector('.skip').focus()")
    missing.discard(approver.evaluate(WHERE)["stop"])
    seen: dict[str, bool] = {}
    for _ in range(8 * len(missing)):  # a field for a time has a stop for each of its parts
        approver.keyboard.press("Tab")
        at = approver.evaluate(WHERE)
        if at is None:
            break
        missing.discard(at["stop"])
        seen[at["what"]] = seen.get(at["what"], False) or at["seen"]  # a part's own ring is the browser's
    lost = [
        approver.locator(f"[data-stop='{one}']").first.evaluate("e => e.outerHTML.slice(0, 120)") for one in missing
    ]
    assert lost == []
    assert [what for what, is_seen in seen.items() if not is_seen] == []
