"""Words for dangers known by their type: all there, in every language, labelled in a drill, speakable."""

import re

import pytest

from satwarn.adapters.device.speech import Voices
from satwarn.people import danger
from satwarn.people.language import language, tags
from satwarn.people.sound import LEVEL, RATE_HZ, effective, even
from satwarn.receiver.information import Wish, informations

ACTED_ON = sorted(name for name, one in informations().items() if one.wish is not Wish.LOG)
DRILL = {"en": "exercise", "ja": "訓練", "de": "Übung", "ko": "훈련"}
GAP = re.compile(r"\{\w+\}")  # filled with numbers of pages
EXCLAMATION = re.compile(r"[!！]")


def lines(about: str, tag: str) -> tuple[str, str]:
    """What is spoken of a danger, its gaps filled."""
    words = danger.sentence(about, tag)
    return GAP.sub("2", words.description), GAP.sub("2", words.instruction)


@pytest.mark.parametrize("tag", tags())
def test_all_that_is_sounded_or_shown_has_words_of_its_own(tag: str) -> None:
    missing = [
        name for name in ACTED_ON if danger.sentence(name, tag).headline == danger.sentence("other", tag).headline
    ]
    assert missing == ["other"]


@pytest.mark.parametrize("tag", tags())
def test_words_are_short_whole_and_without_exclamation(tag: str) -> None:
    for about in sorted(danger.keys()):
        for line in lines(about, tag):
            assert line.endswith((".", "。")), line
            assert not EXCLAMATION.search(line), line
            assert len(line) <= (90 if tag in ("ja", "ko") else 200), line
        if tag in ("ja", "ko"):
            said = "".join((danger.sentence(about, tag).headline, *lines(about, tag)))
            assert not re.search("[A-Za-z]", said), said  # no English left


@pytest.mark.parametrize("tag", tags())
def test_a_drill_says_so_before_and_after(tag: str) -> None:
    for about in sorted(danger.keys()):
        [said] = danger.say(about, label="exercise", languages=[tag])
        first, *_, last = said.lines()
        assert DRILL[tag] in first
        assert DRILL[tag] in last


def test_every_spoken_line_of_japanese_has_its_reading() -> None:
    """espeak-ng knows no kanji: without a reading the box would be silent in Japanese."""
    japanese = language("ja")
    for about in sorted(danger.keys()):
        for line in lines(about, "ja"):
            reading = japanese.reading(line)
            assert reading is not None, line
            assert not re.search("[\u4e00-\u9fff]", reading), reading


@pytest.mark.skipif(not Voices().espeak, reason="needs Debian's espeak-ng")
@pytest.mark.parametrize(
    ("tag", "least_s", "most_s"), [("en", 0.04, 0.1), ("de", 0.04, 0.1), ("ja", 0.1, 0.3), ("ko", 0.1, 0.25)]
)
def test_every_line_can_be_spoken_at_an_even_pace_and_level(tag: str, least_s: float, most_s: float) -> None:
    """Seconds a letter: far above, letters are spelled out; far below, some are left out."""
    voices = Voices(open_jtalk=False)
    for about in sorted(danger.keys()):
        for line in lines(about, tag):
            spoken = voices.speak(tag, line)
            assert spoken is not None, line
            assert least_s < spoken.size / RATE_HZ / len(line) < most_s, line
            assert effective(even(spoken)) == pytest.approx(LEVEL, rel=0.1), line
