"""What people are told by one site: every line in every language, the label first and last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from satwarn.alert.alert import Info
from satwarn.alert.purpose import Purpose, rules
from satwarn.errors import BadAlert
from satwarn.people.language import Label, language

REPEAT = 3  # J-Alert says its sentence three times

# The texts of Japan's library (CAMF A11 with A9 1) that have a sentence of our own, by key.
SENTENCE_OF_INSTRUCTION = {136: "system-test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One language's words: `label` is None only for a real warning; `sentences` are said `REPEAT` times."""

    language: str
    label: Label | None
    headline: str
    sentences: tuple[str, ...]

    def lines(self) -> list[str]:
        """All that is said, in order."""
        said = [*self.sentences * REPEAT]
        return [self.label.before, *said, self.label.after] if self.label else said


def announce(
    *, purpose: Purpose, label: str, infos: Sequence[Info], instruction: int, languages: Iterable[str]
) -> tuple[Announcement, ...]:
    """The words for a warning: from its signed texts where there are any, else from its code.

    BadAlert when the label is not the one the purpose demands (a real alert can never use drill text, nor the
    reverse), or when nothing can be said in a language.
    """
    if label != rules()[purpose].label:
        raise BadAlert(f"label {label or 'none'} for purpose {purpose}", where="announcement")
    said = {info.language.partition("-")[0]: info for info in infos}
    return tuple(
        _from_info(tag, said[tag], label) if tag in said else _from_code(tag, instruction, label) for tag in languages
    )


def _from_info(tag: str, info: Info, label: str) -> Announcement:
    sentences = tuple(text for text in (info.description, info.instruction) if text)
    return Announcement(
        language=tag, label=_label(tag, label), headline=info.headline or info.event, sentences=sentences
    )


def _from_code(tag: str, instruction: int, label: str) -> Announcement:
    if instruction not in SENTENCE_OF_INSTRUCTION:
        raise BadAlert(f"no words for instruction {instruction} in {tag}", where="announcement")
    sentence = language(tag).sentence(SENTENCE_OF_INSTRUCTION[instruction])
    return Announcement(
        language=tag,
        label=_label(tag, label),
        headline=sentence.headline,
        sentences=(sentence.description, sentence.instruction),
    )


def _label(tag: str, key: str) -> Label | None:
    return language(tag).label(key) if key else None
