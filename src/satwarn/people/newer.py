"""Newer texts that came by a signed supply, put over those of the package. What is missing falls back to them.

Texts of a language are replaced whole or not at all (`check`): only keys that the package has, only text, and no gap
that the package's text does not fill. Labels of drills and tests are never replaced: a drill must not look real.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from satwarn.errors import BadSetting

LONGEST = 2000
FREE, NEVER = "reading", ("label", "language")
_GAP = re.compile(r"\{(\w*)[^}]*\}")
_TEXTS: dict[str, Mapping[str, Any]] = {}


def newer(tag: str) -> Mapping[str, Any]:
    """What was put over a language's own words; nothing where nothing came."""
    return _TEXTS.get(tag, {})


def put(tag: str, texts: Mapping[str, Any]) -> None:
    """Put checked texts over a language's own; an empty mapping takes them away."""
    _TEXTS[tag] = texts


def read(content: bytes) -> Mapping[str, Any]:
    """Texts as they travel: TOML, UTF-8; BadSetting when they are not."""
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSetting(
            f"no texts: {error}", where="language supply", fix="TOML with the keys of people/languages"
        ) from None


def check(texts: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """BadSetting naming the first key that may not be replaced so; `known` are the package's own words."""
    for path, text in _leaves(texts):
        where = f"language supply, {'.'.join(path)}"
        if path[0] in NEVER:
            raise BadSetting(f"{path[0]} is part of the program and is never replaced", where=where)
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or not text.isprintable():
            raise BadSetting(f"is no line of 1 to {LONGEST} characters", where=where)
        if path[0] == FREE:
            continue
        original = _at(known, path)
        if not isinstance(original, str):
            raise BadSetting("there is no such key", where=where)
        if strange := set(_GAP.findall(text)) - set(_GAP.findall(original)) or _broken(text):
            raise BadSetting(f"has a gap that nothing fills: {strange}", where=where)


def _leaves(texts: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in texts.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _at(known: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = known
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _broken(text: str) -> str:
    """A brace that would break the filling of gaps; "" when there is none."""
    rest = re.sub(r"\{\w+\}", "", text)
    return next((one for one in "{}" if one in rest), "")
