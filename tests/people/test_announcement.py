"""The label is the receiver's, first and last, in every language; real and drill never mix."""

import pytest

from house import exercise
from satwarn.alert.purpose import Purpose, rules
from satwarn.errors import BadAlert, Missing
from satwarn.people.announcement import REPEAT, announce
from satwarn.people.language import MODEL, language

SPOKEN = ("ja", "en", "de", "ko")


def keys(words: object, path: str = "") -> set[str]:
    if not isinstance(words, dict):
        return {path}
    return {key for name, inner in words.items() for key in keys(inner, f"{path}/{name}")}


@pytest.mark.parametrize("tag", SPOKEN)
def test_every_language_says_everything(tag: str) -> None:
    assert keys(language(tag).words) == keys(language(MODEL).words)


@pytest.mark.parametrize("infos", [exercise().infos, ()], ids=["from the signed text", "from the code"])
def test_a_drill_is_labelled_before_and_after_in_every_language(infos: tuple[object, ...]) -> None:
    said = announce(
        purpose=Purpose.EXERCISE,
        label="exercise",
        infos=infos,  # type: ignore[arg-type]
        instruction=136,
        languages=SPOKEN,
    )
    assert tuple(announcement.language for announcement in said) == SPOKEN
    for announcement in said:
        label, lines = language(announcement.language).label("exercise"), announcement.lines()
        assert (lines[0], lines[-1]) == (label.before, label.after)
        sentence = language(announcement.language).sentence("system-test")
        assert lines[1:-1] == [sentence.description, sentence.instruction] * REPEAT


def test_frame_and_alert_say_the_same() -> None:
    common = {"purpose": Purpose.EXERCISE, "label": "exercise", "instruction": 136, "languages": SPOKEN}
    assert announce(infos=(), **common) == announce(infos=exercise().infos, **common)  # type: ignore[arg-type]


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("label", ["", "exercise", "public-test"])
def test_no_other_label_than_the_purposes_own(purpose: Purpose, label: str) -> None:
    common = {"infos": exercise().infos, "instruction": 136, "languages": ("en",)}
    if label == rules()[purpose].label:
        assert announce(purpose=purpose, label=label, **common)  # type: ignore[arg-type]
    else:
        with pytest.raises(BadAlert, match="for purpose"):
            announce(purpose=purpose, label=label, **common)  # type: ignore[arg-type]


def test_only_a_real_warning_has_no_label() -> None:
    assert [purpose for purpose in Purpose if not rules()[purpose].label] == [Purpose.REAL]


def test_a_code_without_words_is_refused() -> None:
    with pytest.raises(BadAlert, match="no words"):
        announce(purpose=Purpose.EXERCISE, label="exercise", infos=(), instruction=999, languages=("en",))


def test_an_unknown_language_names_the_ones_there_are() -> None:
    with pytest.raises(Missing, match="de, en, ja, ko"):
        language("tlh")
