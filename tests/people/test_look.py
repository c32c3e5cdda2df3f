"""The look is readable: contrast measured, a shape and a word beside every colour."""

import re

import pytest

from satwarn.people.language import tags
from satwarn.people.look import look

MEASURED = {  # against light and dark paper, from the design's table
    "proven": (6.6, 9.9), "unproven": (5.4, 9.7), "failed": (6.5, 8.1), "silent": (5.8, 7.8), "live": (9.1, 8.1),
    "exercise": (8.0, 9.0), "sandbox": (8.6, 9.0), "ink": (17.6, 15.5),
}  # fmt: skip


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", [name for name, colour in look().colours.items() if colour.text])
def test_words_can_be_read_on_both_papers(name):
    colour, paper = look().colours[name], look().colours["paper"]
    ratios = contrast(colour.light, paper.light), contrast(colour.dark, paper.dark)
    assert min(ratios) >= 4.5
    assert ratios == pytest.approx(MEASURED[name], abs=0.06)


@pytest.mark.parametrize("name", list(look().marks))
@pytest.mark.parametrize("ground", ["paper", "land", "land-due"])
def test_marks_stand_out_on_every_ground(name, ground):
    mark, below = look().colours[name], look().colours[ground]
    assert min(contrast(mark.light, below.light), contrast(mark.dark, below.dark)) >= 3


def test_every_mark_has_its_own_shape_and_a_word_in_every_language():
    marks = look().marks
    assert {name: mark.symbol for name, mark in marks.items()} == {
        "proven": "●", "unproven": "◐", "failed": "✕", "silent": "○",
    }  # fmt: skip
    assert all(set(tags()) == set(mark.words) for mark in marks.values())


def test_every_world_has_its_own_pattern_and_a_word_in_every_language():
    worlds = look().worlds
    assert len({world.pattern for world in worlds.values()}) == 3
    assert all(set(tags()) == set(world.words) for world in worlds.values())


def test_css_asks_for_nothing_and_needs_no_escaping():
    css = look().css()
    assert not re.search(r"url|http|@import|[\"'<&]", css)
    for name, colour in look().colours.items():
        assert css.count(f"--{name}:{colour.light}") >= 1
        assert f"--{name}:{colour.dark}" in css.split("prefers-color-scheme:dark")[1]
