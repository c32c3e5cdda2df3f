"""Countries by ISO 3166-1 and by their number in CAMF A2."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from satwarn.area import gazetteer
from satwarn.frame.codes import table

_OTHER_NAMES = {
    "US": "United States of America", "GB": "United Kingdom of Great Britain and Northern Ireland",
    "KR": "Republic of Korea", "KP": "Democratic People's Republic of Korea", "RU": "Russian Federation",
    "VN": "Viet Nam", "TW": "Taiwan (Province of China)",
}  # fmt: skip
"""Countries whose name in CAMF's list is another one."""


@cache
def country_numbers() -> Mapping[str, int]:
    """ISO 3166-1 alpha-2 to A2, by the English names of both lists."""
    by_name = {row.en.removeprefix("The ").casefold(): int(row.code) for row in table("country")}
    found = {}
    for place in gazetteer.places("ISO3166-1"):
        code = by_name.get(_OTHER_NAMES.get(place.code, place.name("en")).casefold())
        if code is not None:
            found[place.code] = code
    return MappingProxyType(found)
