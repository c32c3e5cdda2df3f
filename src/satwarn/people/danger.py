"""Words for what a receiver knows only by its type: a frame carries codes, a DC report regions, an end nothing at all.

The table (tables/danger.csv) is worded by us, reviewed as one piece: every key stands in every language.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from satwarn.people.announcement import Announcement
from satwarn.people.language import Sentence, language
from satwarn.people.newer import newer

OTHER, INCOMPLETE = "other", "text-incomplete"


@cache
def _sentences() -> Mapping[tuple[str, str], Sentence]:
    text = (files("satwarn.people") / "tables" / "danger.csv").read_text(encoding="utf-8")
    return {
        (row["key"], row["language"]): Sentence(
            event=row["headline"],
            headline=row["headline"],
            description=row["description"],
            instruction=row["instruction"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def keys() -> frozenset[str]:
    """What there are words for."""
    return frozenset(key for key, _ in _sentences())


def sentence(key: str, tag: str) -> Sentence:
    """The words for a type of information, or for an end (`end:cleared`); those of `other` where it has none."""
    table = _sentences()
    found = table.get((key, tag)) or table.get((OTHER, tag)) or table[OTHER, "en"]
    later = newer(tag).get("danger", {}).get(key, {})
    return replace(found, **later, **({"event": later["headline"]} if "headline" in later else {}))


def texts(tag: str) -> Mapping[str, Mapping[str, str]]:
    """The package's own words in a language, by key and part: what newer ones may replace."""
    return {
        key: {"headline": one.headline, "description": one.description, "instruction": one.instruction}
        for (key, language_tag), one in _sentences().items()
        if language_tag == tag
    }


def say(key: str, *, label: str, languages: Iterable[str]) -> tuple[Announcement, ...]:
    """The announcement of a danger known by its type, labelled as its purpose demands ("" only for what is real)."""
    said = []
    for tag in languages:
        words = sentence(key, tag)
        said.append(
            Announcement(
                language=tag,
                label=language(tag).label(label) if label else None,
                headline=words.headline,
                sentences=(words.description, words.instruction),
            )
        )
    return tuple(said)


def with_text(
    said: tuple[Announcement, ...], text: str, *, language_of_text: str, pages: int, missing: tuple[int, ...]
) -> tuple[Announcement, ...]:
    """The announcements with a text that came in pages: in its own language where that is spoken here, else in the
    first; and in every language, while pages are missing, that and which."""
    spoken = [one.language for one in said]
    bearer = language_of_text if language_of_text in spoken else next(iter(spoken), "")
    return tuple(
        replace(
            one,
            sentences=(
                *one.sentences,
                *([text] if one.language == bearer else []),
                *(_incomplete(one.language, pages, missing) if missing else ()),
            ),
        )
        for one in said
    )


def _incomplete(tag: str, pages: int, missing: tuple[int, ...]) -> tuple[str, ...]:
    words = sentence(INCOMPLETE, tag)
    named = ", ".join(map(str, missing))
    return words.description.format(pages=pages, missing=named), words.instruction
