"""Templates and their words: pages in every language from one set of files. Needs no server."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from satwarn.people.look import look

CONSOLE_LANGUAGES = ("en", "de", "ja")
NAMES = {"en": "English", "de": "Deutsch", "ja": "日本語", "ko": "한국어"}


@cache
def words(tag: str) -> Mapping[str, str]:
    """Our own words in a language, by their English."""
    if tag == "en":
        return {}
    said: dict[str, str] = tomllib.loads((files("satwarn.web") / "words" / f"{tag}.toml").read_text(encoding="utf-8"))
    return said


def translator(tag: str) -> Callable[..., str]:
    """What templates call `t`: the word in a language, with its blanks filled in."""
    known = words(tag)

    def t(text: str, **blanks: object) -> str:
        said = known.get(text, text)
        return said.format(**blanks) if blanks else said

    return t


def clock_time(moment: datetime | None) -> str:
    """Local time with its zone, as people read it."""
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname()}" if moment else ""


def utc_time(moment: datetime | None) -> str:
    """The same moment in UTC, for the title of a time."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


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
    made.filters["clock"] = clock_time
    made.filters["utc"] = utc_time
    return made


def prepare() -> None:
    """Have every template and word at hand before somebody asks for a page."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
    for tag in NAMES:
        words(tag)


def page(template: str, tag: str, **values: Any) -> str:
    """One page as HTML."""
    shown = {"lang": tag, "t": translator(tag), "names": NAMES, "marks": look().marks, **values}
    return environment().get_template(template).render(**shown)


@cache
def stylesheet() -> str:
    """The house's look and the pages' layout as one style sheet."""
    return look().css() + (files("satwarn.web") / "static" / "pages.css").read_text(encoding="utf-8")
