"""From one scheme of codes to another, and from a code that was to the codes that took its ground."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from satwarn.area.gazetteer import in_scheme, place, places
from satwarn.area.place import Place, rows, well_formed
from satwarn.errors import BadArea

Code = tuple[str, str]  # valueName, value
_LISTED = ("ISO3166-1", "JISX0401", "JISX0402", "AGS", "KR-SIDO", "KR-SIGUNGU")


@cache
def _also() -> Mapping[Code, Code]:
    """Every second code a listed place bears (ISO 3166-2, NUTS3, alpha-3), to its first."""
    found = {}
    for scheme in _LISTED:
        for one in places(scheme):
            for other in one.also:
                name, _, code = other.partition(":")
                found[name, code] = (scheme, one.code)
    return MappingProxyType(found)


def _ags(code: str) -> str:
    """The shortest key of the same place: 09184000 is the whole Kreis 09184, 09000000 the whole Land 09."""
    if len(code) == 8 and code.endswith("000"):
        code = code[:5]
    return code[:2] if len(code) == 5 and code.endswith("000") else code


def first_code(scheme: str, code: str) -> Code:
    """The same place in the scheme the gazetteer lists it by.

    ISO 3166-2, NUTS3, ARS and WARNCELLID become JIS, AGS or Korea's codes; what is in no table stays as it is.
    Raises BadArea for an unknown scheme or a code that is none of it.
    """
    if (scheme, code) in _also():
        return _also()[scheme, code]
    well_formed(scheme, code)
    match scheme:
        case "JISX0402" if code.endswith("000"):
            return "JISX0401", code[:2]
        case "AGS":
            return "AGS", _ags(code)
        case "ARS":
            return "AGS", _ags(code[:5] + code[9:])
        case "WARNCELLID" if code[0] == "1":
            return "AGS", _ags(code[1:])
    return scheme, code


def named(scheme: str, code: str) -> Place:
    """The place that bears a code of any scheme. Raises BadArea if the gazetteer has none."""
    return in_scheme(*first_code(scheme, code))


def line(scheme: str, code: str) -> tuple[Code, ...]:
    """The place itself and all it lies in, smallest first: ward, city, prefecture, country."""
    first = scheme_now, code_now = first_code(scheme, code)
    found = [first]
    while (up := _above(scheme_now, code_now)) is not None:
        found.append(up)
        scheme_now, code_now = up
    return tuple(found)


def _above(scheme: str, code: str) -> Code | None:
    match scheme:
        case "JISX0402":
            parent = place(code).parent or code[:2]
            return ("JISX0402" if len(parent) == 5 else "JISX0401"), parent
        case "AGS" if len(code) > 2:
            return "AGS", {8: code[:5], 5: code[:2], 3: code[:2]}[len(code)]
        case "KR-SIGUNGU":
            return "KR-SIDO", code[:2]
        case "JISX0401" | "AGS" | "KR-SIDO":
            return "ISO3166-1", {"JISX0401": "JP", "AGS": "DE", "KR-SIDO": "KR"}[scheme]
        case "ISO3166-2" | "NUTS3" | "EMMA_ID":
            return "ISO3166-1", code[:2]
    return None


def holds(outer: Code, inner: Code) -> bool:
    """Whether the place of one code holds the whole place of the other, whatever schemes they are of.

    A country holds its prefectures, these their cities, these their wards. Raises BadArea for a code that cannot be.
    """
    return first_code(*outer) in line(*inner)


@cache
def _followers(scheme: str) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    found = {row["code"]: (row["until"], tuple(row["followed_by"].split())) for row in rows("crosswalk.csv")
             if row["scheme"] == scheme}  # fmt: skip
    found |= {one.code: (one.until, one.followed_by) for one in places(scheme) if one.until}
    return MappingProxyType(found)


def valid_on(scheme: str, code: str, day: date) -> tuple[Code, ...]:
    """The codes that stand on that day for the ground of a code: itself, or those that followed it.

    Raises BadArea for a code that neither is nor was.
    """
    scheme, code = first_code(scheme, code)
    if code in _followers(scheme):
        until, after = _followers(scheme)[code]
        if day > date.fromisoformat(until):
            return tuple(found for one in after for found in valid_on(scheme, one, day))
        return ((scheme, code),)
    if scheme == "AGS" and len(code) in (3, 8):  # the gazetteer ends at the Kreis
        named("AGS", code[:2])
    elif scheme in _LISTED:
        in_scheme(scheme, code)
    else:
        raise BadArea(f"no table of {scheme} codes is here", fix="a code of another scheme for the same place")
    return ((scheme, code),)
