"""Information on the Nankai Trough comes in pages: joined before it is shown, and what is missing is said."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house import trust
from satwarn.app.receiver_words import words_of
from satwarn.frame import decode, encode, l1s
from satwarn.frame.dcr import CORRECTION, MAXIMUM_PRIORITY, NankaiTrough
from satwarn.receiver import keeping
from satwarn.receiver.effects import Effect, Refine, Show, Warn
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Memory
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.site import Site

AT = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
TEXT = "南海トラフ地震の想定震源域では、大規模地震の発生可能性が平常時と比べて相対的に高まっていると考えられます。"
LANGUAGES = ("ja", "en", "de", "ko")


def pages_of(text: str, *, reported: datetime = AT, serial: int = 5, **changes: Any) -> list[NankaiTrough]:
    data = text.encode()
    parts = [data[at : at + 18].ljust(18, b"\0") for at in range(0, len(data), 18)]
    return [
        NankaiTrough(
            **{"classification": MAXIMUM_PRIORITY, "reported": reported, **changes},
            serial=serial,
            text=part,
            page=n,
            pages=len(parts),
        )
        for n, part in enumerate(parts, 1)
    ]


class Ear:
    """A receiver at Yonago with a sane radio; what it asked for, in order."""

    def __init__(self, memory: Memory | None = None) -> None:
        self.box = Receiver(Site(code="31202", outputs=("screen",)), trust(), memory=memory)
        self.now = AT
        self.effects: list[Effect] = []

    def hear(self, page: NankaiTrough) -> None:
        self.now += timedelta(seconds=4)
        self.box.hear_radio(Radio(at=self.now, jamming=Level.NONE, spoofing=Level.NONE))
        self.box.hear_frame(encode(page, preamble=0x53, counter=0, at=self.now), satellite=186, now=self.now)
        self.effects += self.box.effects()

    @property
    def shown(self) -> Show:
        """What stands on the screen: the newest, with what refined it."""
        (*_, shown) = [effect for effect in self.effects if isinstance(effect, Show)]
        for effect in self.effects:
            if isinstance(effect, Refine) and effect.warning == shown.warning:
                shown = replace(shown, text=effect.text or shown.text)
        return shown

    def lines(self, tag: str) -> str:
        (said,) = [one for one in words_of(self.shown, LANGUAGES) if one.language == tag]
        return "\n".join(said.sentences)


@given(st.randoms(use_true_random=False))
def test_pages_in_any_order_again_and_again_make_the_whole_text(chance: random.Random) -> None:
    ear, pages = Ear(), pages_of(TEXT)
    heard = [*pages, *chance.sample(pages, len(pages) // 2)]
    chance.shuffle(heard)
    for page in heard:
        ear.hear(page)
    assert (
        len([effect for effect in ear.effects if isinstance(effect, Show | Warn)]) == 1
    )  # one warning, not one a page
    assert TEXT in ear.lines("ja")
    assert "未受信" not in ear.lines("ja")
    assert TEXT not in ear.lines("en")  # the agency's words are Japanese; the others say what it is about
    assert "Nankai Trough" in ear.lines("en")


def test_what_is_missing_is_said_in_every_language_until_it_comes() -> None:
    ear, pages = Ear(), pages_of(TEXT)
    for page in (*pages[:2], *pages[3:]):
        ear.hear(page)
    assert "…" in ear.lines("ja")
    for tag, word in (("ja", "未受信"), ("en", "missing: 3."), ("de", "fehlen 3"), ("ko", "미수신: 3")):
        assert word in ear.lines(tag)
        assert str(len(pages)) in ear.lines(tag)
    ear.hear(pages[2])
    assert TEXT in ear.lines("ja")
    assert not any(word in ear.lines(tag) for tag, word in (("ja", "未受信"), ("en", "missing"), ("de", "fehlen")))


def test_the_real_pages_of_march_2026_are_joined_as_far_as_they_were_heard() -> None:
    rows = [json.loads(line) for line in (Path(__file__).parents[2] / "vectors/real.jsonl").read_text().splitlines()]
    real = [decode(l1s.from_hexadecimal(row["hex"]), received=AT) for row in rows]
    pages = [one for one in real if isinstance(one, NankaiTrough) and one.pages == 27 and one.reported < AT]
    assert all(page.is_test for page in pages)
    ear = Ear()
    for page in pages:
        ear.hear(page)
    assert not any(isinstance(effect, Show | Warn | Refine) for effect in ear.effects)  # tests are logged only
    for page in pages:  # the same pages, had they been for real and today
        ear.hear(replace(page, classification=MAXIMUM_PRIORITY, reported=AT))
    assert "南海トラフ沿いのプレート境界で通常とは異なるゆっくりすべりが" in ear.lines("ja")
    assert "missing: 6, 10, 13, 16, 19, 20, 22, 23, 25." in ear.lines("en")


def test_another_announcement_is_another_warning_and_a_correction_is_the_same_one() -> None:
    ear = Ear()
    for page in (*pages_of(TEXT), *pages_of("続報です。", reported=AT + timedelta(minutes=30))):
        ear.hear(page)
    assert "続報です。" in ear.lines("ja")
    assert TEXT not in ear.lines("ja")
    corrected = pages_of("訂正です。", reported=AT + timedelta(minutes=31), information_type=CORRECTION)
    for page in corrected:
        ear.hear(page)
    assert len([effect for effect in ear.effects if isinstance(effect, Show)]) == 2
    assert "訂正です。" in ear.lines("ja")


def test_after_a_restart_a_single_page_does_not_replace_the_whole() -> None:
    ear, pages = Ear(), pages_of(TEXT)
    for page in pages:
        ear.hear(page)
    kept = keeping.from_json(keeping.to_json(ear.box.memory))
    again = Ear(kept)
    again.hear(pages[1])
    (known,) = again.box.memory.live()
    assert known.text is not None
    assert known.text.complete
    assert known.text.text == TEXT
    assert not any(isinstance(effect, Show | Refine) for effect in again.effects)


@pytest.mark.parametrize("languages", [("en",), ("de", "ko")])
def test_where_nobody_speaks_japanese_the_text_still_stands_somewhere(languages: tuple[str, ...]) -> None:
    ear = Ear()
    for page in pages_of(TEXT):
        ear.hear(page)
    said = words_of(ear.shown, languages)
    assert [TEXT in one.sentences for one in said] == [True, *([False] * (len(languages) - 1))]
