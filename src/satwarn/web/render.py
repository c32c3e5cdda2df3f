"""Templates and their words: pages in every language from one set of files. Needs no server."""

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from satwarn.app.public import best_info
from satwarn.area.spelled import place_of
from satwarn.errors import BadArea
from satwarn.people.look import look
from satwarn.people.page_words import named
from satwarn.people.remark import remark
from satwarn.web.svg_map import SHEETS

CONSOLE_LANGUAGES = ("en", "de", "ja")
NAMES = {"en": "English", "de": "Deutsch", "ja": "日本語", "ko": "한국어"}


@cache
def words(tag: str) -> Mapping[str, str]:
    """Our own words in a language, by their English; in English, only for names that are none."""
    said: dict[str, str] = tomllib.loads((files("satwarn.web") / "words" / f"{tag}.toml").read_text(encoding="utf-8"))
    return said


class Count(int):
    """A number in a sentence. `{count:site|sites}` in the words is the first of two for one thing, else the second."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return (one if self == 1 else many) if bar else super().__format__(spec)


def translator(tag: str) -> Callable[..., str]:
    """What templates call `t`: the word in a language, with its blanks filled in."""
    known = words(tag)

    def t(text: str, **blanks: object) -> str:
        said = known.get(text, text)
        counted = {name: Count(value) if isinstance(value, int) else value for name, value in blanks.items()}
        return said.format(**counted) if blanks else said

    return t


@cache
def _patterns(tag: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Our sentences with blanks as what they match: the plainest first, which begin with a word and have most."""
    found = []
    known = {**messages(tag), **words(tag)}
    for english, said in sorted(known.items(), key=lambda pair: (pair[0][0] == "{", -len(BLANK.sub("", pair[0])))):
        if "{" in english:
            pattern = "".join(map(_matched, PIECE.findall(english)))
            found.append((re.compile(pattern, re.DOTALL), said))
    return tuple(found)


def _matched(piece: str) -> str:
    """A blank matches whatever stands there, a choice by number either of its words, other text itself."""
    if blank := BLANK.fullmatch(piece):
        return f"(?P<{blank[1]}>.+?)"
    if choice := CHOICE.fullmatch(piece):
        return f"(?:{'|'.join(map(re.escape, choice.groups()))})"
    return re.escape(piece)


BLANK, CHOICE = re.compile(r"{(\w+)}"), re.compile(r"{\w+:([^|{}]*)\|([^|{}]*)}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
PIECE = re.compile(r"{[^{}]*}|[^{]+|{")


@cache
def messages(tag: str) -> Mapping[str, str]:
    """What the rooms below say when something cannot be done, or is lost, in a language, by their English."""
    if tag == "en":
        return {}
    text = (files("satwarn.web") / "words" / f"messages.{tag}.toml").read_text(encoding="utf-8")
    said: dict[str, str] = tomllib.loads(text)
    return said


def teller(tag: str) -> Callable[[str], str]:
    """What templates call `tell`: a sentence of the rooms below in a language.

    What stands in a blank is told in turn, so that an enumeration of deeds or paths is in that language too.
    """

    def tell(text: str) -> str:
        if tag == "en" or not text:
            return text
        if exact := messages(tag).get(text) or words(tag).get(text):
            return exact
        if ", " in text and all(one in words(tag) for one in text.split(", ")):
            return ", ".join(words(tag)[one] for one in text.split(", "))
        for pattern, said in _patterns(tag):
            if found := pattern.fullmatch(text):
                told = {name: tell(value) for name, value in found.groupdict().items()}
                return said.format(**{name: Count(one) if one.isdecimal() else one for name, one in told.items()})
        return text

    return tell


@cache
def rules() -> Mapping[str, Mapping[str, str]]:
    """What a rule of CAP that a message breaks means to people, by rule and language."""
    table = (files("satwarn.web") / "words" / "rules.csv").read_text(encoding="utf-8")
    return {row["rule"]: row for row in csv.DictReader(table.splitlines())}


def told_rule(rule: str, tag: str) -> str:
    """A broken rule in a language; "" for one without words of ours."""
    return rules().get(rule, {}).get(tag, "")


def said(text: str, t: Callable[[str], str]) -> str:
    """A word told by `t`, as a filter for lists of words."""
    return t(str(text))


def clock_time(moment: datetime | None) -> str:
    """Local time with its zone, as people read it."""
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname()}" if moment else ""


def moment(text: str, zone: tzinfo) -> str:
    """A time of the ledger (ISO 8601) as people of a zone read it."""
    return clock_time(datetime.fromisoformat(text).astimezone(zone))


def local_times(text: str, zone: tzinfo) -> str:
    """A sentence of the rooms below, its moments as people of a zone read them."""
    return MOMENT.sub(lambda found: moment(found[0], zone), text)


def thousands(number: int, tag: str) -> str:
    """A whole number as a language groups its digits."""
    return f"{number:,}".replace(",", "." if tag == "de" else ",")


def utc_time(moment: datetime | None) -> str:
    """The same moment in UTC, for the title of a time."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def place_name(spelled: str, tag: str) -> str:
    """A code with its place's name in a language, as a filter; the code alone where nobody bears it."""
    try:
        return f"{spelled} {place_of(spelled).name(tag, 'en')}"
    except BadArea:
        return spelled


@cache
def environment() -> Environment:
    """Jinja as we use it: everything escaped, nothing undefined."""
    made = Environment(
        loader=PackageLoader("satwarn.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["said"] = said
    made.filters["rule"] = told_rule
    made.filters["in_language"] = best_info
    made.filters["place"] = place_name
    made.filters["clock"] = clock_time
    made.filters["moment"] = moment
    made.filters["utc"] = utc_time
    made.filters["local_times"] = local_times
    made.filters["thousands"] = thousands
    made.filters["remark"] = remark
    made.filters["fault_name"] = named
    return made


def prepare() -> None:
    """Have every template and word at hand before somebody asks for a page."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
    for tag in NAMES:
        words(tag)
    for tag in CONSOLE_LANGUAGES:
        messages(tag)
    _ = SHEETS["JP"].pieces  # other countries' are drawn when first asked for


def page(template: str, tag: str, **values: Any) -> str:
    """One page as HTML."""
    shown = {"lang": tag, "t": translator(tag), "tell": teller(tag), "names": NAMES, "marks": look().marks, **values}
    return environment().get_template(template).render(**shown)


@cache
def stylesheet() -> str:
    """The house's look and the pages' layout as one style sheet."""
    return look().css() + (files("satwarn.web") / "static" / "pages.css").read_text(encoding="utf-8")
