"""The screen as one value and one page."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performances import LANGUAGES, performance
from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Cause
from satwarn.people.screen import Screen, judge_screen, screen, text_of

EXERCISE, REAL = screen(performance()), screen(performance(purpose=Purpose.REAL))
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=60)


def test_every_language_has_its_panel_with_the_label_first_and_last() -> None:
    assert [panel.language for panel in EXERCISE.panels] == list(LANGUAGES)
    for panel in EXERCISE.panels:
        assert panel.lines()[:2] == (panel.world, panel.before)
        assert panel.lines()[-1] == panel.after


def test_a_real_warning_is_another_page_without_a_word_of_drill() -> None:
    assert (EXERCISE.world, REAL.world) == ("exercise", "live")
    assert 'class="live"' in REAL.page()
    assert not [line for line in REAL.lines() if "exercise" in line.lower() or "訓練" in line]


def test_the_page_asks_nothing_of_the_outside() -> None:
    page = EXERCISE.page()
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?:|<script", page)


def test_what_the_page_says_is_what_was_meant() -> None:
    assert judge_screen(EXERCISE, text_of(EXERCISE.page())) is None


@given(TEXT)
def test_any_text_of_an_alert_is_shown_as_text(text: str) -> None:
    shown = replace(REAL, panels=(replace(REAL.panels[0], headline=text.strip() or "x"),))
    assert "<script" not in shown.page()
    assert judge_screen(shown, text_of(shown.page())) is None


def garbled(meant: Screen) -> tuple[str, ...]:
    return text_of(meant.page().encode().decode("latin-1"))


@pytest.mark.parametrize(
    ("shown", "cause", "detail"),
    [
        ((), Cause.DEVICE, "was blank"),
        (garbled(EXERCISE), Cause.CHARSET, "garbled"),
        (tuple("?" * len(line) for line in EXERCISE.lines()), Cause.CHARSET, "garbled"),
        (REAL.lines(), Cause.DEVICE, "something else"),
        (("Welcome to the town hall",), Cause.DEVICE, "something else"),
        (EXERCISE.lines()[:-1], Cause.DEVICE, "something else"),
    ],
    ids=["blank", "latin-1", "question marks", "another page", "an English page", "the last line missing"],
)
def test_what_is_not_shown_as_meant_is_found(shown: tuple[str, ...], cause: Cause, detail: str) -> None:
    trouble = judge_screen(EXERCISE, shown)
    assert trouble is not None
    assert trouble.cause is cause
    assert detail in trouble.detail


def test_an_empty_answer_is_a_blank_screen() -> None:
    assert text_of("") == ()
    assert text_of("<p>") == ()


def test_letters_are_as_large_as_fit() -> None:
    panel = REAL.panels[0]
    sizes = [replace(panel, sentences=panel.sentences * times).size_vmin() for times in (1, 5, 10, 20)]
    assert sizes[0] == pytest.approx(12 / 1.7, abs=0.01)  # look.toml: a headline of 12 vmin
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0] / 2
    assert EXERCISE.together_vmin() < min(panel.size_vmin() for panel in EXERCISE.panels)


@pytest.mark.parametrize(
    ("how", "world"),
    [("cleared", "over"), ("retracted", "over"), ("no longer for this place", "over"), ("status unknown", "live")],
)
def test_an_end_does_not_look_like_a_warning(how: str, world: str) -> None:
    ended = screen(replace(performance(purpose=Purpose.REAL), how=how))
    assert ended.world == world
    assert f'class="{world}"' in ended.page()
    assert screen(replace(performance(), how=how)).world == "exercise"


def test_a_picture_stands_beside_the_words_never_before_or_in_place_of_them() -> None:
    shown = performance()
    plain, beside = screen(shown), screen(shown, picture="/picture/1", about="map <1>")
    assert beside.lines() == plain.lines() == text_of(beside.page()), "what is read back as proof is the same"
    page = beside.page()
    assert page.index("</main>") < page.index('<img class="beside" src="/picture/1" alt="map &lt;1&gt;"')
    assert "<img" not in plain.page()
    for with_it, without in zip(beside.panels, plain.panels, strict=True):
        assert with_it.size_vmin() <= without.size_vmin()
    assert beside.together_vmin() == plain.together_vmin(), "several languages at once leave no room for it"
