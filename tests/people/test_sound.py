"""Signals as data, even loudness, and proof from what came out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performances import LANGUAGES, Murmur, performance, studio
from satwarn.alert.purpose import Purpose
from satwarn.errors import BadMessage, Missing
from satwarn.ledger.receipt import Cause
from satwarn.people.hearing import judge_sound
from satwarn.people.language import language
from satwarn.people.programme import KEPT_PROGRAMMES, Studio
from satwarn.people.signal import Certainty, profiles, signals
from satwarn.people.sound import (
    CEILING,
    LEVEL,
    RATE_HZ,
    Pcm,
    Samples,
    at_rate,
    effective,
    even,
    from_wav,
    pcm,
    synthesise,
    to_wav,
)

PROGRAMME = studio().programme(performance())


# ── signals are data ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("profile", profiles())
def test_every_signal_says_where_it_comes_from(profile: str) -> None:
    for signal in signals(profile).values():
        assert signal.source
        assert signal.steps
        assert signal.lasts_s > 0


def test_no_pitch_of_a_profile_is_called_official_but_the_two_that_are_law() -> None:
    official = {
        profile for profile in profiles() for one in signals(profile).values() if one.hz_certainty is Certainty.OFFICIAL
    }
    assert official == {"ch", "fr"}


def test_the_french_cycle_lasts_as_its_order_says() -> None:
    assert sum(step.seconds for step in signals("fr")["warning"].steps) == 101


def test_the_default_is_our_own_and_no_us_attention_tone_is_anywhere() -> None:
    assert all(one.hz_certainty is Certainty.OWN for one in signals().values())
    pitches = {
        hz
        for profile in profiles()
        for one in signals(profile).values()
        for step in one.steps
        for hz in (step.hz, step.to_hz)
    }
    assert not {853, 960} & pitches


def test_a_profile_nobody_has_is_named_with_those_there_are() -> None:
    with pytest.raises(Missing, match="own"):
        signals("xx")


def test_the_drill_chime_rises_before_and_falls_after() -> None:
    rising = [step.hz for step in signals()["drill-begins"].steps]
    assert rising == sorted(rising)
    assert [step.hz for step in signals()["drill-ends"].steps] == rising[::-1]
    assert len(rising) == 4


@pytest.mark.parametrize("key", list(signals()))
def test_a_signal_is_as_long_and_as_loud_as_it_should_be(key: str) -> None:
    samples = synthesise(signals()[key])
    assert samples.size / RATE_HZ == pytest.approx(signals()[key].lasts_s, abs=0.01)
    assert effective(samples) == pytest.approx(LEVEL, rel=0.05)
    assert np.abs(samples).max() <= CEILING


@pytest.mark.parametrize(("profile", "key"), [("ch", "warning"), ("kr", "disaster")])
def test_a_wail_stays_within_its_pitches(profile: str, key: str) -> None:
    signal = signals(profile)[key]
    once = synthesise(signal)[: round(sum(step.seconds for step in signal.steps) * RATE_HZ)]
    spectrum = np.abs(np.fft.rfft(once))
    loudest = np.fft.rfftfreq(once.size, 1 / RATE_HZ)[np.argmax(spectrum)]
    low, high = min(step.hz for step in signal.steps), max(step.to_hz for step in signal.steps)
    assert low - 5 <= loudest <= high + 5


# ── the programme ────────────────────────────────────────────────────────────────────────────────


def test_a_drill_is_chime_label_sentences_three_times_label_chime() -> None:
    parts = [part.what for part in studio().parts(performance())]
    said = [tag for tag in LANGUAGES for _ in range(1 + 3 * 2 + 1)]
    assert parts == ["drill-begins", *said, "drill-ends"]


def test_a_real_warning_has_the_signal_and_no_label() -> None:
    parts = [part.what for part in studio().parts(performance("en", purpose=Purpose.REAL))]
    assert parts == ["warning", *["en"] * 6]


def test_each_part_is_as_loud_as_the_others_and_nothing_is_cut() -> None:
    levels = [effective(part.samples) for part in studio().parts(performance())]
    assert max(levels) / min(levels) < 1.12  # 1 dB
    assert np.abs(PROGRAMME.astype(int)).max() < 0.98 * 32767


def test_every_distinct_text_is_spoken_once() -> None:
    one = studio()
    first = one.programme(performance(site="31202"))
    assert one.programme(performance(site="31201")) is first
    assert isinstance(one.voice, Murmur)
    assert len(one.voice.asked) == len(set(one.voice.asked))


def test_a_language_without_a_voice_is_left_out_and_remembered() -> None:
    one = studio("en")
    assert [part.what for part in one.parts(performance())] == ["drill-begins", *["en"] * 8, "drill-ends"]
    assert one.unspoken == {"ja", "de", "ko"}


class Shy(Murmur):
    """A voice that cannot say lines with a certain word in them."""

    def __init__(self, word: str) -> None:
        super().__init__(*LANGUAGES)
        self.word = word

    def speak(self, language: str, text: str) -> Samples | None:
        return None if self.word in text else super().speak(language, text)


def test_a_sentence_that_cannot_be_spoken_does_not_silence_what_to_do() -> None:
    one = Studio(voice=Shy("This is a test of the warning system"), signals=signals())
    real = performance("en", purpose=Purpose.REAL)
    assert [part.what for part in one.parts(real)] == ["warning", "en", "en", "en"]
    assert one.unspoken == {"en"}


def test_a_drill_whose_label_cannot_be_spoken_is_not_spoken_at_all() -> None:
    one = Studio(voice=Shy("This was an exercise"), signals=signals())
    assert [part.what for part in one.parts(performance("en"))] == ["drill-begins", "drill-ends"]


def test_without_any_voice_the_chimes_sound_alone_and_can_be_proven() -> None:
    alone = studio("xx").programme(performance())
    assert alone.size / RATE_HZ > 5
    assert judge_sound(alone, alone) is None


def test_an_engine_that_was_away_is_asked_again_for_the_next_warning() -> None:
    one = studio("xx")
    one.parts(performance("en"))
    one.voice = Murmur("en")
    assert "en" in [part.what for part in one.parts(performance("en"))]


def test_a_receiver_that_runs_for_years_does_not_keep_every_programme() -> None:
    one = studio("xx")
    for number in range(KEPT_PROGRAMMES + 3):
        said = replace(performance("en").announcements[0], headline="x", sentences=(f"Number {number}.",))
        one.programme(replace(performance("en"), announcements=(said,)))
    assert len(one._made) == KEPT_PROGRAMMES


def test_a_site_may_bring_its_own_recording() -> None:
    own = even(np.sin(np.arange(RATE_HZ) / 20).astype(np.float32))
    one = Studio(voice=Murmur(), signals=signals(), own={"drill-begins": own})
    assert np.array_equal(one.parts(performance())[0].samples, even(own))


def test_a_line_with_gaps_is_read_with_the_names_that_fill_them() -> None:
    japanese = language("ja")
    filled = japanese.sentence("missile-clear").description.format(place="北朝鮮", areas="鳥取県、米子市")
    reading = japanese.reading(filled)
    assert reading is not None
    assert "きたちょーせん" in reading
    assert "とっとり" in reading
    assert "よなご" in reading
    nowhere = japanese.sentence("missile-clear").description.format(place="幻の国", areas="鳥取県")
    assert japanese.reading(nowhere) is None


def test_every_spoken_japanese_line_of_ours_has_a_reading_without_kanji() -> None:
    words = language("ja").words
    lines = [text for label in words["label"].values() for text in label.values()]
    lines += [sentence[key] for sentence in words["sentence"].values() for key in ("description", "instruction")]
    for line in lines:
        reading = language("ja").reading(line)
        assert reading, f"{line} has no reading"
        assert not any("\u3400" <= letter <= "\u9fff" for letter in reading)


def test_a_text_with_kanji_and_no_reading_cannot_be_read() -> None:
    assert language("ja").reading("津波") is None
    assert language("ja").reading("つなみ") == "つなみ"
    assert language("de").reading("Übung") == "Übung"


# ── samples ──────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40))
def test_whatever_comes_in_is_brought_to_level_without_being_cut(values: list[float]) -> None:
    out = even(np.repeat(np.asarray(values, np.float32), 100))
    assert np.abs(out).max(initial=0) <= CEILING + 1e-6


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 48_000])
def test_another_rate_is_brought_to_ours(rate_hz: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz).astype(np.float32)
    ours = at_rate(tone, rate_hz)
    assert ours.size == RATE_HZ
    assert np.argmax(np.abs(np.fft.rfft(ours))) == 440


def test_a_wav_is_read_back_as_written() -> None:
    assert np.array_equal(pcm(from_wav(to_wav(PROGRAMME))), PROGRAMME)


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"\0" * 100, to_wav(PROGRAMME[:0]), to_wav(PROGRAMME)[:30]],
    ids=["empty", "RIFF", "zeros", "none", "cut"],
)
def test_what_is_no_wav_is_refused(data: bytes) -> None:
    with pytest.raises(BadMessage):
        from_wav(data)


# ── proof ────────────────────────────────────────────────────────────────────────────────────────


def far(samples: Pcm, *, gain: float = 0.25, lag_s: float = 0.2, noise: float = 0.0) -> Pcm:
    late = np.concatenate([np.zeros(round(lag_s * RATE_HZ)), samples * gain])
    return np.asarray(late + np.random.default_rng(1).normal(0, noise * 32767, late.size), np.int16)


@pytest.mark.parametrize("lag_s", [0.0, 0.03, 0.5, 1.9])
@pytest.mark.parametrize("gain", [0.02, 0.3, 1.0])
def test_quieter_and_later_is_still_proof(gain: float, lag_s: float) -> None:
    assert judge_sound(PROGRAMME, far(PROGRAMME, gain=gain, lag_s=lag_s)) is None


def test_a_microphone_in_the_wind_is_still_proof() -> None:
    assert judge_sound(PROGRAMME, far(PROGRAMME, noise=0.005)) is None


@given(st.dictionaries(st.sampled_from([0, 20, 40, 60, 80]), st.integers(-150, 300)), st.sampled_from([0.05, 1.0]))
def test_a_player_or_an_ear_that_stumbles_for_a_moment_is_still_proof(stumbles: dict[int, int], gain: float) -> None:
    """A starved machine plays a little silence, or does not hear a little, and goes on."""
    heard = PROGRAMME
    for percent, ms in stumbles.items():
        at, length = heard.size * percent // 100, abs(ms) * RATE_HZ // 1000
        more = np.zeros(length if ms > 0 else 0, np.int16)
        heard = np.concatenate([heard[:at], more, heard[at if ms > 0 else at + length :]])
    assert judge_sound(PROGRAMME, far(heard, gain=gain)) is None


def test_another_announcement_after_the_same_signal_is_not_the_one_that_was_meant() -> None:
    other = np.concatenate([PROGRAMME[: PROGRAMME.size // 3], PROGRAMME[: PROGRAMME.size // 3 - 1 : -1]])
    assert judge_sound(PROGRAMME, far(other)) is not None


def _half(samples: Pcm) -> Pcm:
    out = far(samples)
    out[out.size // 2 :] = 0
    return out


def _patch(samples: Pcm) -> Pcm:
    out = far(samples)
    out[4 * RATE_HZ : 6 * RATE_HZ] = 0
    return out


@pytest.mark.parametrize(
    ("heard", "detail"),
    [
        (np.zeros_like(PROGRAMME), "was silent"),
        (PROGRAMME[:0], "was silent"),
        (far(PROGRAMME * 0, noise=0.0003), "was silent"),
        (_half(PROGRAMME), "was silent from second"),
        (_patch(PROGRAMME), "was silent from second"),
        (np.clip(PROGRAMME.astype(int) * 16, -32767, 32767).astype(np.int16), "was distorted"),
        (far(PROGRAMME[::-1]), "was silent from second"),
        ((2000 * np.sin(np.arange(PROGRAMME.size) / 9)).astype(np.int16), "gave a sound, but not the one"),
    ],
    ids=["zeros", "nothing", "hiss", "half", "a hole", "clipped", "backwards", "a hum"],
)
def test_what_did_not_come_out_as_meant_is_found(heard: Pcm, detail: str) -> None:
    trouble = judge_sound(PROGRAMME, heard)
    assert trouble is not None
    assert trouble.cause is Cause.DEVICE
    assert detail in trouble.detail


@given(st.integers(1, 60), st.integers(1, 20))
def test_any_hole_of_a_second_or_more_in_the_words_is_found(start: int, length: int) -> None:
    samples = np.asarray(8000 * np.sin(np.arange(90 * RATE_HZ // 10) / 12), np.int16)
    heard = samples.copy()
    heard[start * RATE_HZ // 10 : (start + 10 + length) * RATE_HZ // 10] = 0
    assert judge_sound(samples, heard) is not None


def test_silence_that_was_meant_is_no_hole() -> None:
    pause = np.concatenate([PROGRAMME[: 3 * RATE_HZ], np.zeros(3 * RATE_HZ, np.int16), PROGRAMME[3 * RATE_HZ :]])
    assert judge_sound(pause, far(pause)) is None
