"""One alert as one value and one page: what, where and what to do, in huge type, every language in its turn.

The page asks nothing of the outside, moves only to change the language (all are shown at once where people asked for
less motion), and is a different page altogether in a drill.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from lxml import etree

from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Cause
from satwarn.people.announcement import Announcement
from satwarn.people.look import look
from satwarn.people.ports import Performance, Trouble

LIVE, EXERCISE, OVER = "live", "exercise", "over"

# The world a screen is in, by purpose; what is not real is shown as an exercise.
WORLDS = {
    Purpose.REAL: LIVE,
    Purpose.PUBLIC_TEST: EXERCISE,
    Purpose.EXERCISE: EXERCISE,
    Purpose.TECHNICAL_TEST: EXERCISE,
}
SYMBOLS = {LIVE: "\u26a0\ufe0e", EXERCISE: "\u25b3", OVER: "\u25cb"}
STILL_LIVE = ("", "status unknown")  # that nobody knows of an end is none
TURN_S = 8
# Letters as large as fit a screen of 5:3 without its band, all in hundredths of its height (vmin); in a sentence's
# size: the headline, the label, the gap after a text; and how high a line is.
ROOM_WIDE, ROOM_HIGH, MARGINS = 156, 84, 7
ROOM_BESIDE = 96  # where a picture stands beside the words
SMALLEST, STEP = 1.5, 0.25
HEADLINE, LABEL, GAP, LINE = 1.7, 0.8, 0.5, 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One language's turn: the word for a drill, the headline, what to do, and the label that ends it."""

    language: str
    world: str
    before: str
    headline: str
    sentences: tuple[str, ...]
    after: str
    room_wide: int = ROOM_WIDE

    def lines(self) -> tuple[str, ...]:
        """All its text, in the order shown."""
        return tuple(line for line in (self.world, self.before, self.headline, *self.sentences, self.after) if line)

    def size_vmin(self) -> float:
        """The size of a sentence's letters with which it fits on the screen alone; a long text is set small."""
        return _fitting((self,))

    def height_vmin(self, size_vmin: float) -> float:
        """How high it is, its letters of that size."""
        parts = [(self.headline, HEADLINE), *((line, 1.0) for line in self.sentences)]
        parts += [(self.world, HEADLINE), (self.before, LABEL), (self.after, LABEL)]
        return MARGINS + sum(
            size_vmin * (_lines(text, size_vmin * part, self.room_wide) * part * LINE + GAP)
            for text, part in parts
            if text
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What one screen shows; `world` is live, exercise, or over (what was live). `picture` is the address of one that
    stands beside the words, `about` what it shows."""

    world: str
    symbol: str
    panels: tuple[Panel, ...]
    picture: str = ""
    about: str = ""

    def lines(self) -> tuple[str, ...]:
        """All text on it, in order."""
        return (self.symbol, *(line for panel in self.panels for line in panel.lines()))

    def together_vmin(self) -> float:
        """The size of a sentence's letters with which all languages fit at once; no picture stands beside several."""
        return _fitting(
            [replace(panel, room_wide=ROOM_WIDE) for panel in self.panels] if self.panels[1:] else self.panels
        )

    def page(self) -> str:
        """The HTML page; all text is escaped."""
        template = _templates().get_template("screen.html")
        return template.render(screen=self, css=look().css(), turn_s=TURN_S)


def _fitting(panels: Sequence[Panel]) -> float:
    largest = look().type["kiosk_vmin"] / HEADLINE
    sizes = [largest - STEP * n for n in range(int((largest - SMALLEST) / STEP))]
    fit = (size for size in sizes if sum(panel.height_vmin(size) for panel in panels) <= ROOM_HIGH)
    return round(next(fit, SMALLEST), 2)


def _lines(text: str, size: float, room_wide: int) -> int:
    """Lines it takes, a tenth of each lost at its end."""
    return math.ceil(_width(text) * size / (0.9 * room_wide))


@lru_cache(maxsize=1000)  # every size is tried on the same few texts
def _width(text: str) -> float:
    """How wide it is in heights of its letters; an East Asian letter is twice as wide as others."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.52 for letter in text)


@cache
def _templates() -> Environment:
    loader = PackageLoader("satwarn.people", "pages")
    return Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined)


def screen(performance: Performance, *, picture: str = "", about: str = "") -> Screen:
    """The value for one warning, or for its end, which is not to look like a warning from across the room."""
    world = WORLDS[performance.purpose]
    words = look().worlds[world].words if world != LIVE else {}  # what is real needs no word for it
    if world == LIVE and performance.how not in STILL_LIVE:
        world = OVER
    return Screen(
        world=world,
        symbol=SYMBOLS[world],
        panels=tuple(
            _panel(said, words.get(said.language, ""), ROOM_BESIDE if picture else ROOM_WIDE)
            for said in performance.announcements
        ),
        picture=picture,
        about=about,
    )


def _panel(said: Announcement, world: str, room_wide: int) -> Panel:
    return Panel(
        language=said.language,
        world=world,
        before=said.label.before if said.label else "",
        headline=said.headline,
        sentences=said.sentences,
        after=said.label.after if said.label else "",
        room_wide=room_wide,
    )


def text_of(page: str) -> tuple[str, ...]:
    """Every line of text in the body of a page, as a browser would find it; nothing for a page that is none."""
    if not page.strip():
        return ()
    body = etree.fromstring(page, etree.HTMLParser()).find("body")
    return () if body is None else _clean(str(text) for text in body.itertext())


def _clean(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if line.strip())


def judge_screen(meant: Screen, shown: tuple[str, ...]) -> Trouble | None:
    """None when the lines read back from the display are those meant."""
    if shown == meant.lines():
        return None
    if not shown:
        return Trouble(
            cause=Cause.DEVICE,
            detail="was blank",
            next_step="check the display's power, cable and browser, then test this site again",
        )
    if _mangled(meant, shown):
        return Trouble(
            cause=Cause.CHARSET,
            detail="showed garbled characters",
            next_step="serve the page as UTF-8 and install fonts for Japanese and Korean, then look at it",
        )
    return Trouble(
        cause=Cause.DEVICE,
        detail="showed something else",
        next_step="close what covers the page, restart the display, then test this site again",
    )


def _mangled(meant: Screen, shown: tuple[str, ...]) -> bool:
    """Whether letters were lost on the way, or the lines are UTF-8 read as Latin-1, the commonest of all mistakes."""
    lost = len(shown) == len(meant.lines()) and "".join(shown).isascii()
    if lost or any("\ufffd" in line for line in shown):
        return True
    try:
        return any(line.encode("latin-1").decode("utf-8") in meant.lines() for line in shown if not line.isascii())
    except UnicodeError:
        return False
