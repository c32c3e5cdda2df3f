"""report.html looked at in Chromium: a telephone and a wall, light and dark, on paper."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIZES = {"phone": (360, 780), "wide": (1600, 1000)}

# How large marks, names and lines of text come out, in CSS pixels.
MEASURE = """() => {
  const sizes = selector => [...document.querySelectorAll(selector)].map(one => one.getBoundingClientRect())
    .filter(box => box.width).map(box => Math.max(box.width, box.height));
  const text = [...document.querySelectorAll('p, td, th, li, figcaption, em, small')]
    .filter(one => one.checkVisibility()).map(one => parseFloat(getComputedStyle(one).fontSize));
  return {
    width: document.documentElement.scrollWidth,
    marks: sizes('.map.region use.proven'),
    crosses: sizes('.map use.failed'),
    smallest: Math.min(...text),
    paper: getComputedStyle(document.body).backgroundColor,
  }
}"""


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.fail("no Chromium to look with: apt-get install -y chromium fonts-noto-cjk")
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture(scope="module", params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def seen(request, browser, the_day):
    """The page on one screen, and everything it asked for or complained of."""
    size, scheme = request.param
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page, asked = context.new_page(), []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: asked.append(one.text))
    page.goto((the_day.out / "report.html").as_uri())
    yield size, scheme, page, asked
    context.close()


def test_it_asks_nobody_and_complains_of_nothing(seen):
    _, _, _, asked = seen
    assert len(asked) == 1
    assert asked[0].startswith("file:")


def test_it_fits_the_screen_and_can_be_read(seen):
    size, scheme, page, _ = seen
    found = page.evaluate(MEASURE)
    assert found["width"] == SIZES[size][0]
    assert found["smallest"] >= 13
    assert found["paper"] == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}[scheme]
    assert all(5 <= mark <= 11 for mark in found["marks"])  # 5 to 9 px and a halo of one
    assert all(mark > 8 for mark in found["crosses"])


def test_the_first_screen_holds_the_band_and_the_sentence(seen):
    _, _, page, _ = seen
    assert page.locator(".band").first.is_visible()
    foot = page.locator("h1").bounding_box()
    assert foot["y"] + foot["height"] < page.viewport_size["height"]


def test_letters_of_japan_and_korea_are_drawn(seen):
    _, _, page, _ = seen
    alike = """(letters) => {
      const drawn = letter => {
        const paper = document.createElement('canvas'), pen = paper.getContext('2d');
        pen.font = '40px sans-serif'; pen.fillText(letter, 2, 42); return paper.toDataURL()
      };
      return drawn(letters[0]) === drawn(letters[1])
    }"""
    assert not page.evaluate(alike, "訓練"), "no Japanese font: apt-get install -y fonts-noto-cjk"
    assert not page.evaluate(alike, "훈련"), "no Korean font: apt-get install -y fonts-noto-cjk"


def test_names_of_failed_sites_are_seen_and_hide_no_cross(seen):
    _, _, page, _ = seen
    boxes = page.evaluate(
        "() => ['.region text.failed', '.region use.failed'].map(all => [...document.querySelectorAll(all)]"
        ".map(one => { const b = one.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom] }))"
    )
    names, crosses = boxes
    assert len(names) == len(crosses) == 4
    for left, top, right, bottom in names:
        middles = [((a + c) / 2, (b + d) / 2) for a, b, c, d in crosses]
        assert not [1 for x, y in middles if left < x < right and top < y < bottom]


def test_on_paper_it_is_light_and_short(browser, the_day):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto((the_day.out / "report.html").as_uri())
    pdf = page.pdf(format="A4")
    page.emulate_media(media="print")
    assert page.evaluate(MEASURE)["paper"] == "rgb(255, 255, 255)"
    context.close()
    assert 3 <= pdf.count(b"/Type /Page\n") <= 6
