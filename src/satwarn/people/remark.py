"""What a receiver remarks, in the language of its site (tables/remarks.csv): the English sentence is the key.

Machine, log, receipts and JSON have one language, so that they can be searched and compared; people before a page read
their own. A gap is whatever a device or a message said; it is told in their language too where it is a known sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from satwarn.people.danger import keys, sentence
from satwarn.people.page_words import MODEL, named, rows, words

LONGEST = 400
"""Characters: what is longer was not written by us, and is left as it is."""
ANSWERS = "hand"
AND, ABOUT = "; ", ": "
SAYING = frozenset(
    {"what", "why", "error", "detail", "next", "found", "before", "remark", "reason", "answer", "headline", "sent"}
)
"""Gaps that may hold whole remarks; what fills any other is one name, number or time."""
_GAP = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Form:
    """A sentence with gaps, taken apart: literals, and between them the names of the gaps."""

    literals: tuple[str, ...]
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, sentence: str) -> "Form":
        """The form of a row."""
        parts = _GAP.split(sentence)
        return cls(tuple(parts[::2]), tuple(parts[1::2]))

    def fill_of(self, text: str) -> Mapping[str, str] | None:
        """What fills the gaps where the text is that sentence, each gap as short as can be; None where it is not."""
        first, *middle = self.literals
        if not text.startswith(first):
            return None
        at, found = len(first), []
        for number, literal in enumerate(middle, 1):
            last = number == len(middle)
            to = (len(text) - len(literal) if text.endswith(literal) else -1) if last else text.find(literal, at + 1)
            if to <= at or not self._fits(number - 1, text[at:to]):
                return None
            found.append(text[at:to])
            at = to + len(literal)
        return dict(zip(self.gaps, found, strict=True)) if at == len(text) else None

    def _fits(self, gap: int, value: str) -> bool:
        return self.gaps[gap] in SAYING or not (AND in value or ABOUT in value)


@cache
def _whole() -> Mapping[str, Mapping[str, str]]:
    """The sentences without a gap."""
    answers = {row[MODEL]: row for row in words(ANSWERS).values()}
    return answers | {row[MODEL]: row for row in rows("remarks") if "{" not in row[MODEL]}


@cache
def _forms() -> tuple[tuple[Form, Mapping[str, str]], ...]:
    """The sentences with gaps, those with the most letters of their own first."""
    found = [(Form.of(row[MODEL]), row) for row in rows("remarks") if "{" in row[MODEL]]
    return tuple(sorted(found, key=lambda one: -sum(map(len, one[0].literals))))


@lru_cache(maxsize=4000)  # a page tells the same few sentences every five seconds
def remark(text: str, language: str) -> str:
    """The remark in that language; what is no sentence of ours (a name, another program's words) stays as it is."""
    if language == MODEL or len(text) > LONGEST:
        return text
    if found := known(text, language):
        return found
    return AND.join(_about(one, language) for one in text.split(AND))


def known(text: str, language: str) -> str:
    """The remark where it is one sentence of the table, or a type of danger; "" where it is none."""
    if row := _whole().get(text):
        return row[language]
    if text in keys():
        return sentence(text, language).headline
    for form, row in _forms():
        if (fill := form.fill_of(text)) is not None:
            return row[language].format(**{gap: remark(value, language) for gap, value in fill.items()})
    return ""


def _about(text: str, language: str) -> str:
    """A remark after what it is about, or after several: `speaker: end: was silent`."""
    said = ""
    while not (found := known(text, language)) and ABOUT in text:
        about, _, text = text.partition(ABOUT)
        said += (known(about, language) or named(about, language)) + ABOUT
    return said + (found or text)
