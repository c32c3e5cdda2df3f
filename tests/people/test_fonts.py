"""The kiosk's own fonts have every letter that a receiver can be told to show; no font of the machine is asked."""

import io
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from satwarn.app.receiver_screen import FONTS, font
from satwarn.area import gazetteer
from satwarn.frame import codes
from satwarn.people import danger
from satwarn.people.language import language, tags
from satwarn.people.look import look
from satwarn.people.page_words import words
from satwarn.people.screen import SYMBOLS


def characters(tag: str) -> set[str]:
    return {chr(code) for code in TTFont(io.BytesIO(font(tag))).getBestCmap()}


HAS = {tag: characters(tag) for tag in FONTS}
ALL = HAS["ja"] | HAS["ko"]  # look.toml names both for every language: what the first lacks the second draws
SCHEMES = ("ISO3166-1", "JISX0401", "JISX0402", "AGS", "KR-SIDO", "KR-SIGUNGU")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def missing(texts: Iterable[str]) -> set[str]:
    return {letter for text in texts for letter in text if letter.isprintable()} - ALL


def test_both_fonts_are_asked_for_every_language() -> None:
    for name in ("kiosk", "ja", "ko"):
        assert {"satwarn-ja", "satwarn-ko"} == set(look().fonts[name].split(", ")[:2])
    assert look().fonts["ko"].startswith("satwarn-ko")


@pytest.mark.parametrize("tag", tags())
def test_every_word_of_a_language_can_be_drawn(tag: str) -> None:
    spoken = language(tag)
    assert not missing((*strings(dict(spoken.words)), spoken.name))


@pytest.mark.parametrize("tag", tags())
def test_every_danger_and_world_can_be_drawn(tag: str) -> None:
    said = (danger.sentence(about, tag) for about in sorted(danger.keys()))
    assert not missing(text for one in said for text in (one.headline, one.description, one.instruction))
    assert not missing(world.words[tag] for world in look().worlds.values())


def test_every_fault_can_be_drawn() -> None:
    """They stand on the kiosk's page while nothing is on."""
    assert not missing(text for row in words("faults").values() for text in row.values())


def test_every_name_of_a_place_can_be_drawn() -> None:
    assert not missing(
        name for scheme in SCHEMES for place in gazetteer.places(scheme) for name in place.names.values()
    )


@pytest.mark.parametrize("name", codes.tables())
def test_every_name_of_the_code_lists_can_be_drawn(name: str) -> None:
    assert not missing(text or "" for entry in codes.table(name) for text in (entry.ja, entry.en))


def test_what_an_officer_types_can_be_drawn() -> None:
    """Level 1 of JIS X 0208 and the Hangul of KS X 1001, of which nearly all that is written today is made."""

    def block(codec: str, rows: range) -> set[str]:
        return set(
            "".join(bytes((0xA0 + row, 0xA0 + cell)).decode(codec, "ignore") for row in rows for cell in range(1, 95))
        )

    assert not block("euc_jp", range(16, 48)) - HAS["ja"]
    assert not block("euc_jp", range(4, 6)) - HAS["ja"]  # hiragana, katakana
    assert not block("euc_kr", range(16, 41)) - HAS["ko"]
    assert all(set(symbol) <= HAS["ja"] | {"\ufe0e"} for symbol in SYMBOLS.values())


def test_a_changed_font_does_not_bear_the_reserved_name_and_carries_its_licence() -> None:
    for tag in FONTS:
        names = TTFont(io.BytesIO(font(tag)))["name"]
        assert all("Source" not in names.getDebugName(number) for number in (1, 4, 6))
        assert "SIL Open Font License" in names.getDebugName(13)
        assert len(font(tag)) < 1_000_000
    assert "SIL OPEN FONT LICENSE" in (files("satwarn.people") / "fonts" / "OFL.txt").read_text(encoding="utf-8")
