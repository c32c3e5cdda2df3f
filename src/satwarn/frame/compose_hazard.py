"""Which of CAMF's 113 hazards an alert is about: by its event codes, else by its words, else by its category.

All from one reviewed table, `tables/cap_hazard.csv`; a page of the manual prints it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from satwarn.alert.alert import Alert, Category, Info, Named
from satwarn.frame.codes import Entry, name_of, table
from satwarn.frame.compose_loss import Aspect, Loss

TEST_ALERT = 113
OWN = "satwarn:hazard"
"""The eventCode or parameter that names the code of CAMF A4 itself."""

_SCHEMES = (
    ("SAME", re.compile(r"SAME")),
    ("CAP-CP", re.compile(r"profile:CAP-CP:Event:0\.\d")),
    ("DWD-II", re.compile(r"II")),
)
_AWARENESS = re.compile(r"(\d+)")
_ONLY_CATEGORY = {
    Category.MET: 77, Category.FIRE: 30, Category.HEALTH: 50, Category.ENV: 15, Category.INFRA: 95,
    Category.TRANSPORT: 95, Category.GEO: 95, Category.CBRNE: 91, Category.SECURITY: 95, Category.RESCUE: 95,
    Category.SAFETY: 95, Category.OTHER: 95,
}  # fmt: skip
"""Where neither code nor word is known: the hazard that says least and still tells people to take care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A code of CAMF A4, and by what it was found: "code", "event code", "word" or "category"."""

    code: int
    by: str


@cache
def _by_code() -> Mapping[str, int]:
    return {code: int(row.code) for row in table("cap_hazard") for code in row.more["event_codes"].split()}


@cache
def _words() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """Every word that names a hazard, the longest first."""
    found = [(word, int(row.code)) for row in table("cap_hazard") for word in words_of(row)]
    return tuple(
        (word, code, re.compile(rf"\b{re.escape(word)}" if word.isascii() else re.escape(word)))
        for word, code in sorted(found, key=lambda pair: (-len(pair[0]), pair[0]))
    )


def words_of(row: Entry) -> Iterator[str]:
    """The words of one hazard in all languages of the table."""
    for language in ("words_en", "words_de", "words_ja"):
        yield from (word.lower() for word in row.more[language].split(";") if word)
    yield row.en.lower()


def hazard_of(alert: Alert) -> Hazard:
    """The hazard of an alert, by the first of its infos that tells."""
    for find in (_own, _coded, _worded):
        for info in alert.infos:
            if (found := find(info)) is not None:
                return found
    categories = [category for info in alert.infos for category in info.categories]
    return Hazard(code=_ONLY_CATEGORY[categories[0]] if categories else 95, by="category")


def _own(info: Info) -> Hazard | None:
    said = [named.value for named in (*info.event_codes, *info.parameters) if named.value_name == OWN]
    known = [int(value) for value in said if value.isdigit() and name_of("hazard", int(value))]
    return Hazard(code=known[0], by="code") if known and known[0] else None


def _coded(info: Info) -> Hazard | None:
    for named in (*info.event_codes, *info.parameters):
        if (key := _key(named)) in _by_code():
            return Hazard(code=_by_code()[key], by="event code")
    return None


def _key(named: Named) -> str:
    if named.value_name == "awareness_type":
        number = _AWARENESS.match(named.value)
        return f"awareness_type:{number[1]}" if number else ""
    scheme = next((name for name, form in _SCHEMES if form.fullmatch(named.value_name)), "")
    return f"{scheme}:{named.value.strip()}"


def _worded(info: Info) -> Hazard | None:
    for text in (info.event, info.headline):
        said = text.lower()
        for _, code, pattern in _words():
            if pattern.search(said):
                return Hazard(code=code, by="word")
    return None


def hazard_loss(hazard: Hazard, alert: Alert) -> Loss | None:
    """What was lost of the hazard: nothing when it was said by a code."""
    said = alert.infos[0].event if alert.infos else ""
    named = name_of("hazard", hazard.code)
    if hazard.by == "category":
        what = f"nothing in {said!r} is a hazard of CAMF; by its category it goes as {hazard.code} {named}"
        return Loss(aspect=Aspect.HAZARD, what=what, field="A4")
    if hazard.by == "word" and said.strip().lower() != (named or "").lower():
        return Loss(aspect=Aspect.HAZARD, what=f"{said!r} goes as {hazard.code} {named}", field="A4")
    return None
