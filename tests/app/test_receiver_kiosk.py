"""The kiosk's page in Chromium: it takes up a warning by itself, and what it shows is read back as proof."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from house import key
from satwarn.adapters import clock
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_screen import Kiosk
from satwarn.app.receiver_settings import settings
from satwarn.ledger.receipt import Proof

CHROMIUM = shutil.which("chromium") or ""


@pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium")
def test_the_browser_on_the_wall_shows_the_test_and_proves_it(tmp_path: Path) -> None:
    (tmp_path / "hub.pem").write_bytes(key().certificate_pem)
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
            browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            wall = await browser.new_page(reduced_motion="reduce")
            asked: list[str] = []
            wall.on("request", lambda request: asked.append(request.url))
            await wall.goto(f"http://127.0.0.1:{run.status.port}/screen")
            assert "Yonago" in await wall.inner_text("body")
            assert run.box.audible_test("caretaker").startswith("every output")
            while "screen" not in run.box.results:
                await asyncio.sleep(0.05)
            picture = await wall.screenshot()
            await browser.close()
            assert picture
            assert all(url.startswith("http://127.0.0.1:") for url in asked)
        run._stopping.set()
        await task
        return run

    run = asyncio.run(live())
    assert run.box.results["screen"].proof is Proof.PROVEN
    assert isinstance(run.box.outputs[0], Kiosk)
    assert clock.now() > run.started
