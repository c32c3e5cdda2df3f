"""Codes of places as people, pages and settings write them: Japan's plain (31, 31202), others with their scheme
(AGS:09162, ISO3166-1:DE), so that two countries' numbers are never taken for each other. A site's code may bear its own
name after a dot (31202.school), because several can stand in one place; it lies where its place lies."""

import re
from collections.abc import Callable
from functools import lru_cache

from satwarn.area import crosswalk
from satwarn.area.crosswalk import Code
from satwarn.area.gazetteer import SCHEMES
from satwarn.area.place import Place, schemes
from satwarn.errors import BadArea

BY_PREFIX = ("AGS",)
"""Schemes whose codes hold every code they begin: so also a Regierungsbezirk, which the gazetteer has not."""
LISTED = ("ISO3166-1", "JISX0401", "JISX0402", "AGS", "KR-SIDO", "KR-SIGUNGU")
"""Schemes in which the gazetteer can say of any code whether it means a place."""
NAME = re.compile("[a-z0-9][a-z0-9-]{0,39}")
PLAIN = {2: "JISX0401", 5: "JISX0402"}
"""The schemes of codes without a scheme, by their length."""


@lru_cache(maxsize=8192)
def key_of(spelled: str) -> Code:
    """(scheme, code) by which the gazetteer lists the place, or as it stands where no table has it.

    BadArea for what is no code of any scheme.
    """
    return crosswalk.first_code(*_parts(spelled))


def spell(scheme: str, code: str) -> str:
    """The one way to write a code; what cannot be read stays as it came, with its scheme."""
    try:
        scheme, code = crosswalk.first_code(scheme, code) if scheme not in SCHEMES else (scheme, code)
    except BadArea:
        return f"{scheme}:{code}"
    return code if scheme in SCHEMES else f"{scheme}:{code}"


@lru_cache(maxsize=8192)
def place_of(spelled: str) -> Place:
    """The place of a code; BadArea for a code that nobody bears."""
    return crosswalk.named(*_parts(spelled))


def _parts(spelled: str) -> Code:
    scheme, colon, code = plain(spelled).rpartition(":")
    return (scheme, code) if colon else (PLAIN.get(len(code), "JISX0402"), code)


@lru_cache(maxsize=8192)
def line_of(spelled: str) -> tuple[Code, ...]:
    """The place and all it lies in, smallest first; BadArea for a code nobody bears."""
    return crosswalk.line(*key_of(spelled))


@lru_cache(maxsize=1024)
def within(outers: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether the whole place of a code lies in any of these; a code that nobody bears holds nothing."""
    keys = frozenset(key_of(code) for code in outers if is_known(code) or _by_prefix(code))
    prefixes = tuple(code for scheme, code in keys if scheme in BY_PREFIX)

    def lies_within(inner: str) -> bool:
        line = line_of(inner)
        scheme, code = line[0]
        return not keys.isdisjoint(line) or (scheme in BY_PREFIX and code.startswith(prefixes))

    return lies_within


def contains(outer: str, inner: str) -> bool:
    """Whether the place of one code holds the whole place of the other; a code that nobody bears is in no other."""
    try:
        return within((outer,))(inner)
    except BadArea:
        return False


def check(spelled: str) -> None:
    """BadArea for a code that nobody bears; of parts below the Kreis only the Land can be checked."""
    if not is_known(spelled) and _by_prefix(spelled):
        scheme, code = key_of(spelled)
        crosswalk.named(scheme, code[:2])
    else:
        place_of(spelled)


def normal(spelled: str) -> str:
    """The one way to write a code that somebody typed; BadArea for one that nobody bears, or a name that is none."""
    place_of(spelled)
    _, dot, name = spelled.partition(".")
    if dot and not NAME.fullmatch(name):
        raise BadArea(f"{name[:40]!r} is no name of a site", fix="a-z, 0-9 and -, as in 31202.school")
    return spell(*_parts(spelled)) + dot + name


def plain(spelled: str) -> str:
    """The code without the name of a site."""
    return spelled.partition(".")[0]


def _by_prefix(spelled: str) -> bool:
    try:
        scheme, code = key_of(spelled)
    except BadArea:
        return False
    return scheme in BY_PREFIX and len(code) not in (2, 5)


def is_judged(spelled: str) -> bool:
    """Whether it can be said of the code which places it means: of a code in no listed scheme nothing can."""
    try:
        return key_of(spelled)[0] in LISTED
    except BadArea:
        return spelled.rpartition(":")[0] in ("", *LISTED)


def is_known(spelled: str) -> bool:
    """Whether a place bears the code."""
    try:
        place_of(spelled)
    except BadArea:
        return False
    return True


def country_of(spelled: str) -> str:
    """The country (ISO 3166-1 alpha-2) whose scheme a code is of, "" where that is none's."""
    scheme = key_of(spelled)[0]
    return key_of(spelled)[1] if scheme == "ISO3166-1" else schemes()[scheme].country
