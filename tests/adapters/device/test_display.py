"""The screen for real: drawn by Chromium, read back as text, looked at as a picture."""

from dataclasses import replace
from pathlib import Path

import pytest

from performances import performance
from satwarn.adapters.device.screen import ChromiumScreen
from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Cause
from satwarn.people.ports import Trouble
from satwarn.people.screen import Panel, Screen, judge_screen, screen


class Altered(Screen):
    """A screen whose page somebody meddled with."""

    __slots__ = ("now", "was")
    was: str
    now: str

    def page(self) -> str:
        return super().page().replace(self.was, self.now)


def altered(meant: Screen, was: str, now: str) -> Screen:
    one = Altered(world=meant.world, symbol=meant.symbol, panels=meant.panels)
    object.__setattr__(one, "was", was)
    object.__setattr__(one, "now", now)
    assert one.page() != meant.page(), "nothing was altered"
    return one


@pytest.mark.parametrize(
    ("purpose", "size"),
    [(Purpose.EXERCISE, (1920, 1080)), (Purpose.REAL, (360, 640))],
    ids=["drill, wall", "real, phone"],
)
def test_what_chromium_shows_is_what_was_meant(purpose: Purpose, size: tuple[int, int], tmp_path: Path) -> None:
    meant = screen(performance(purpose=purpose))
    pictures = [tmp_path / "one.png", tmp_path / "again.png"]
    for picture in pictures:
        shown = ChromiumScreen(width_px=size[0], height_px=size[1], picture=picture).show(meant)
        assert not isinstance(shown, Trouble), shown
        assert judge_screen(meant, shown) is None
    assert pictures[0].read_bytes() == pictures[1].read_bytes(), "one value, two pictures"


def test_text_that_is_there_but_cannot_be_seen_is_found_in_the_picture() -> None:
    hidden = altered(screen(performance()), "</style>", "body * { opacity: 0 }</style>")
    trouble = ChromiumScreen().show(hidden)
    assert isinstance(trouble, Trouble)
    assert trouble.detail == "showed no text"


def test_letters_no_font_has_are_found() -> None:
    meant = screen(performance("ja"))
    cuneiform = Panel(language="ja", world="", before="", headline="\U00012000\U00012001", sentences=(), after="")
    trouble = ChromiumScreen().show(replace(meant, panels=(cuneiform,)))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.CHARSET


def test_a_page_with_another_text_is_found() -> None:
    meant = screen(performance())
    shown = ChromiumScreen().show(altered(meant, meant.panels[1].headline, "Welcome"))
    assert not isinstance(shown, Trouble)
    trouble = judge_screen(meant, shown)
    assert trouble is not None
    assert trouble.detail == "showed something else"


def test_text_from_an_alert_stays_text() -> None:
    meant = screen(performance("en"))
    nasty = replace(meant.panels[0], headline='<script>document.body.innerHTML=""</script>&amp;')
    meant = replace(meant, panels=(nasty,))
    shown = ChromiumScreen().show(meant)
    assert not isinstance(shown, Trouble), shown
    assert judge_screen(meant, shown) is None
