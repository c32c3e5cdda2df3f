"""The kiosk's page in Chromium: it takes up a warning by itself, and what it shows is read back as proof."""

import asyncio
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from house import key
from satwarn.adapters import clock
from satwarn.alert.purpose import Purpose
from satwarn.app.receiver_files import Held
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_screen import Kiosk, font, now_on, page
from satwarn.app.receiver_settings import settings
from satwarn.ledger.receipt import OutputResult, Proof
from satwarn.people import danger
from satwarn.people.language import tags
from satwarn.people.picture import Picture
from satwarn.people.ports import Performance
from satwarn.people.screen import screen

CHROMIUM = shutil.which("chromium") or ""


# A machine with one font, of Latin letters only; where even that is missing nothing changes.
NO_CJK = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{folder}</cachedir></fontconfig>"""


async def drawn_with(page: Any, selector: str) -> list[str]:
    """The fonts that the browser drew an element's letters with."""
    line = await page.context.new_cdp_session(page)
    await line.send("DOM.enable")
    await line.send("CSS.enable")
    root = (await line.send("DOM.getDocument"))["root"]["nodeId"]
    node = await line.send("DOM.querySelector", {"nodeId": root, "selector": selector})
    used = await line.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})
    return [font["familyName"] for font in used["fonts"]]


@pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium")
def test_the_browser_on_the_wall_shows_the_test_and_proves_it(tmp_path: Path) -> None:
    (tmp_path / "hub.pem").write_bytes(key().certificate_pem)
    (tmp_path / "fonts.conf").write_text(NO_CJK.format(folder=tmp_path))
    without_fonts = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    raw: dict[str, Any] = {
        "site": {"code": "31202", "name": "Yonago", "folder": str(tmp_path / "state"), "languages": ["ja", "en", "ko"]},
        "trust": [{"sender": "drill@satwarn.example", "certificate": "hub.pem"}],
        "output": [{"name": "screen", "kind": "screen"}],
        "status": {"address": "127.0.0.1:0"},
    }

    async def live() -> Running:
        from playwright.async_api import async_playwright

        run = Running(settings(raw, file=tmp_path / "site.toml"))
        task = asyncio.create_task(run.run())
        async with asyncio.timeout(60), async_playwright() as driver:
            while not (run.status and run.status.port):
                await asyncio.sleep(0.01)
            browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], env=without_fonts)
            wall = await browser.new_page(reduced_motion="reduce")
            asked: list[str] = []
            wall.on("request", lambda request: asked.append(request.url))
            await wall.goto(f"http://127.0.0.1:{run.status.port}/screen")
            assert "Yonago" in await wall.inner_text("body")
            assert run.box.audible_test("caretaker") == "tested"
            while "screen" not in run.box.results:
                await asyncio.sleep(0.05)
            fonts = await wall.evaluate("[...document.fonts].map(face => face.family + ' ' + face.status)")
            used = await drawn_with(wall, "section:lang(ja) h1")
            await browser.close()
            assert fonts == ["satwarn-ja loaded", "satwarn-ko loaded"]
            assert used == ["satwarn Japanese"]
            assert all(url.startswith("http://127.0.0.1:") for url in asked)
        run._stopping.set()
        await task
        return run

    run = asyncio.run(live())
    assert run.box.results["screen"].proof is Proof.PROVEN
    assert isinstance(run.box.outputs[0], Kiosk)
    assert clock.now() > run.started


@pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium")
@pytest.mark.parametrize("size", [(1920, 1080), (800, 480), (1080, 1920)], ids=str)
def test_every_danger_fits_on_the_screen_in_every_language(size: tuple[int, int]) -> None:
    """The longest text, as a drill, and five times as long, as an officer's may be: nothing is cut off."""
    from playwright.sync_api import sync_playwright

    outside = """() => {
      const box = part => part.getBoundingClientRect();
      const parts = [...document.querySelectorAll("section:first-of-type > *")].map(box);
      const band = box(document.querySelector(".world")).bottom;
      return parts.some(p => p.top < band || p.bottom > innerHeight || p.left < 0 || p.right > innerWidth) }"""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        wall = browser.new_page(viewport={"width": size[0], "height": size[1]})
        wall.route("**/*.woff2", lambda route: route.fulfill(body=font(route.request.url[-8:-6])))
        wall.route("**/wall", lambda route: route.fulfill(body=written[0], content_type="text/html; charset=utf-8"))
        written = [""]
        for tag in tags():
            said = [danger.say(about, label="exercise", languages=(tag,))[0] for about in sorted(danger.keys())]
            longest = max(said, key=lambda one: len("".join(one.lines())))
            many = replace(longest, sentences=tuple(" ".join([line] * 5) for line in longest.sentences))
            for one in (longest, many):
                drill = Performance(
                    warning="w", site="31202", purpose=Purpose.EXERCISE, announcements=(one,), at=clock.now()
                )
                written[0] = page(drill, site="", note="").replace("setInterval", "void")
                wall.goto("http://kiosk.invalid/wall")
                wall.evaluate("document.fonts.ready.then(() => true)")
                assert not wall.evaluate(outside), one.headline
        browser.close()


def test_a_picture_that_comes_later_makes_another_page_and_the_words_are_proven_all_the_same() -> None:
    said = danger.say("ballistic-missile", label="", languages=("ja", "en"))
    shown = Performance(warning="w", site="31202", purpose=Purpose.REAL, announcements=said, at=clock.now())
    picture = Held(
        name="ab12",
        identifier="a",
        description="map",
        mime_type="image/png",
        size_bytes=1,
        file="",
        picture=Picture(mime_type="image/png", width=1, height=1),
    )
    before, after = now_on(shown, None), now_on(shown, picture)
    assert before != after
    for token in (before, after):
        kiosk, found = Kiosk(name="screen"), list[OutputResult]()
        kiosk.begin(shown, done=found.append)
        kiosk.read_back(token, screen(shown, picture="/picture/ab12", about="map").lines())
        assert [one.proof for one in found] == [Proof.PROVEN]
    assert 'src="/picture/ab12" alt="map"' in page(shown, site="", note="", picture=picture)
