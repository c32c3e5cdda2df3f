"""A screen: the page shown by Chromium, its text read back and its picture looked at."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from satwarn.errors import Missing
from satwarn.ledger.receipt import Cause
from satwarn.people.ports import Trouble
from satwarn.people.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

WITHOUT_SANDBOX = ("--no-sandbox",)  # Chromium refuses its sandbox to root; the page is our own and asks for nothing

# Every text in the body, as laid out; then, per language, whether two of its letters are drawn alike (no such font).
READ_LINES = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), lines = [];
  while (walk.nextNode()) { const text = walk.currentNode.data.trim(); if (text) lines.push(text) }
  return lines
}"""
LETTERS_ALIKE = """([selector, one, other]) => {
  const family = getComputedStyle(document.querySelector(selector)).fontFamily;
  const drawn = letter => {
    const paper = document.createElement('canvas'); paper.width = paper.height = 48;
    const pen = paper.getContext('2d'); pen.font = '40px ' + family; pen.fillText(letter, 2, 42);
    return paper.toDataURL()
  };
  return drawn(one) === drawn(other)
}"""
HIDE_INK = "body * { color: transparent !important }"


def _chromium() -> str:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromiumScreen:
    """A display of `width_px` by `height_px`; `picture` is where its screenshot is left, None for nowhere."""

    browser: str = field(default_factory=_chromium)
    width_px: int = 1920
    height_px: int = 1080
    picture: Path | None = None

    def show(self, shown: Screen) -> tuple[str, ...] | Trouble:
        """Show the page, and return the lines read back from it, once its picture has been found good."""
        playwright = _playwright()
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=self.browser, args=list(WITHOUT_SANDBOX))
            try:
                size = {"width": self.width_px, "height": self.height_px}
                # All languages at once: what is looked at must not depend on whose turn it is.
                page = browser.new_page(viewport=size, reduced_motion="reduce")
                page.set_content(shown.page(), wait_until="load")
                return self._look(page, shown)
            finally:
                browser.close()

    def _look(self, page: "Page", shown: Screen) -> tuple[str, ...] | Trouble:
        lines = tuple(str(line) for line in page.evaluate(READ_LINES))
        blind = [panel.language for panel in shown.panels if _without_letters(page, panel.language, panel.lines())]
        if blind:
            return _trouble(
                Cause.CHARSET,
                f"has no letters for {', '.join(blind)}",
                "install fonts for that language (Debian: fonts-noto-cjk)",
            )
        picture = page.screenshot()
        if self.picture:
            self.picture.write_bytes(picture)
        page.add_style_tag(content=HIDE_INK)
        if page.screenshot() == picture:
            return _trouble(Cause.DEVICE, "showed no text", "look at the screen; restart the display")
        return lines


def _without_letters(page: "Page", language: str, lines: tuple[str, ...]) -> bool:
    letters = list(
        dict.fromkeys(letter for line in lines for letter in line if letter.isalpha() and ord(letter) > 0xFF)
    )
    if len(letters) < 2:
        return False
    return bool(page.evaluate(LETTERS_ALIKE, [f"section:lang({language}) h1", letters[0], letters[1]]))


def _trouble(cause: Cause, detail: str, next_step: str) -> Trouble:
    return Trouble(cause=cause, detail=detail, next_step=f"{next_step}, then test this site again")


def _playwright() -> ModuleType:
    try:
        from playwright import sync_api
    except ImportError as error:
        raise Missing("Playwright is not installed", fix="pip install 'satwarn[receiver]'") from error
    return sync_api
