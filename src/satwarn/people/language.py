"""Languages are data: one TOML file each, the same keys in all."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from satwarn.errors import Missing

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
        return self.readings.get(text)


@cache
def language(tag: str) -> Language:
    """A language by its tag; Missing lists the ones there are."""
    file = files("satwarn.people") / "languages" / f"{tag}.toml"
    if not file.is_file():
        raise Missing(f"no words in language {tag!r}", fix=f"one of {', '.join(tags())}")
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    readings = words.pop("reading", {})
    return Language(tag=tag, name=words["language"]["name"], words=words, readings=readings)


def tags() -> tuple[str, ...]:
    """Every language there is a file for."""
    folder = files("satwarn.people") / "languages"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))
