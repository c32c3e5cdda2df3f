"""Languages are data: one TOML file each, the same keys in all."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from satwarn.area import gazetteer
from satwarn.errors import Missing
from satwarn.people.newer import newer

MODEL = "en"
_IDEOGRAPHS = re.compile("[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The words a receiver puts before and after everything that is not real."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What is said about one thing, keyed by code: CAP's event, headline, description and instruction."""

    event: str
    headline: str
    description: str
    instruction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its tag (RFC 5646), its own name, its words by key, and how lines are read aloud (text to kana)."""

    tag: str
    name: str
    words: Mapping[str, Any]
    readings: Mapping[str, str]

    def label(self, key: str) -> Label:
        """The drill or test label of that key."""
        return Label(**self.words["label"][key])

    def sentence(self, key: str) -> Sentence:
        """The sentences of that key."""
        return Sentence(**self.words["sentence"][key])

    def reading(self, text: str) -> str | None:
        """The text as a voice that reads letters only must get it: the text itself where the language has no readings.

        None for a text that would need a reading and has none; kana alone need none.
        """
        if not self.readings or not _IDEOGRAPHS.search(text):
            return self.readings.get(text, text)
        return self.readings.get(text) or next(filter(None, (self._filled(text, form) for form in self._forms())), None)

    def _forms(self) -> list[str]:
        return [line for line in self.readings if "{" in line]

    def _filled(self, text: str, form: str) -> str | None:
        """The reading of a line with gaps, if the text is that line and every word in a gap has a reading."""
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(form)), text)
        if not found:
            return None
        words = {gap: [self._word(word) for word in value.split("、")] for gap, value in found.groupdict().items()}
        if any(None in read for read in words.values()):
            return None
        return self.readings[form].format_map({gap: "、".join(filter(None, read)) for gap, read in words.items()})

    def _word(self, word: str) -> str | None:
        return self.readings.get(word) or (word if not _IDEOGRAPHS.search(word) else _kana().get(word))


@cache
def _kana() -> Mapping[str, str]:
    """How the names of Japan's prefectures and municipalities are read."""
    places = (*gazetteer.prefectures(), *gazetteer.municipalities())
    return {place.names["ja"]: place.names["kana"] for place in places if "kana" in place.names}


@cache
def language(tag: str) -> Language:
    """A language by its tag, a draft if there is nothing better; Missing lists the ones there are."""
    folder = files("satwarn.people") / "languages"
    file = folder / f"{tag}.toml"
    if not file.is_file():
        file = folder / "drafts" / f"{tag}.toml"
    if not file.is_file():
        raise Missing(f"no words in language {tag!r}", fix=f"one of {', '.join((*tags(), *drafts()))}")
    words = _over(tomllib.loads(file.read_text(encoding="utf-8")), newer(tag))
    readings = words.pop("reading", {})
    return Language(tag=tag, name=words["language"]["name"], words=words, readings=readings)


def _over(words: dict[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """The words, with others in the place of those of the same key."""
    return words | {
        key: _over(words.get(key, {}), value) if isinstance(value, Mapping) else value for key, value in others.items()
    }


def tags() -> tuple[str, ...]:
    """Every language there is a file for."""
    return _tags(files("satwarn.people") / "languages")


def drafts() -> tuple[str, ...]:
    """Languages in which frames are told, but no native speaker has reviewed the words."""
    return _tags(files("satwarn.people") / "languages" / "drafts")


def _tags(folder: Traversable) -> tuple[str, ...]:
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))
