"""Voices for real: espeak-ng from Debian, and what happens without any."""

import numpy as np
import pytest

from performances import LANGUAGES, performance
from satwarn.adapters.device.speech import ESPEAK, OPEN_JTALK, Voices
from satwarn.people.language import language
from satwarn.people.programme import Studio
from satwarn.people.signal import signals
from satwarn.people.sound import RATE_HZ

VOICES = Voices(open_jtalk=False)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_line_of_a_drill_is_spoken(tag: str) -> None:
    assert VOICES.engine(tag) == ESPEAK
    (said,) = performance(tag).announcements
    for line in set(said.lines()):
        samples = VOICES.speak(tag, line)
        assert samples is not None, line
        assert 0.5 < samples.size / RATE_HZ < 8
        assert np.abs(samples).max() > 0.05


def test_a_voice_that_knows_no_kanji_never_gets_one() -> None:
    """espeak-ng would say the words "Chinese letter", in English, once a sign."""
    assert VOICES.speak("ja", "津波が来ます") is None


def test_kana_are_read_as_they_stand() -> None:
    assert VOICES.speak("ja", "つなみ") is not None


def test_the_words_are_never_taken_for_options() -> None:
    assert VOICES.speak("en", "--version -w /tmp/x") is not None


@pytest.mark.parametrize(
    "voices", [Voices(espeak="", open_jtalk=False), Voices(espeak="/nowhere/espeak-ng", open_jtalk=False)]
)
def test_without_an_engine_nothing_is_spoken_and_chimes_remain(voices: Voices) -> None:
    one = Studio(voice=voices, signals=signals())
    assert [part.what for part in one.parts(performance())] == ["drill-begins", "drill-ends"]
    assert one.unspoken == set(LANGUAGES)


def test_japanese_prefers_the_engine_that_reads_kanji() -> None:
    assert Voices(open_jtalk=True).engine("ja") == OPEN_JTALK
    assert Voices(open_jtalk=True).engine("ko") == ESPEAK


@pytest.mark.skipif(not Voices().open_jtalk, reason="pyopenjtalk-plus is not installed (make drill SPEECH=1)")
def test_open_jtalk_reads_japanese_as_it_is_written() -> None:
    samples = Voices().speak("ja", language("ja").sentence("system-test").description)
    assert samples is not None
    assert 1 < samples.size / RATE_HZ < 8
