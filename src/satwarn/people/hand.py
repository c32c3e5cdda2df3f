"""Words for what is done to a receiver by hand (tables/hand.csv): every key stands in every language."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

MODEL = "en"


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """By key, then by language."""
    text = (files("satwarn.people") / "tables" / "hand.csv").read_text(encoding="utf-8")
    return {row.pop("key"): row for row in csv.DictReader(text.splitlines())}


def word(key: str, language: str) -> str:
    """The words of that key; English where the language has none."""
    row = words()[key]
    return row.get(language) or row[MODEL]
