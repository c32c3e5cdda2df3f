"""A run of bits with a name, and a layout: fields one after the other, most significant bit first.

A layout is the standard's own table, written once and used both ways: `pack` makes a word of it, `unpack` reads one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from satwarn.errors import DoesNotFit


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a bit layout: the standard's symbol, its width in bits, what it means, and where that is written."""

    name: str
    width: int
    title: str = ""
    clause: str = ""
    table: str = ""

    def refuse(self, value: object) -> DoesNotFit:
        """The error for a value that these bits cannot carry."""
        row = f"{self.name} {self.title}".rstrip()
        size = f"{self.width} bit" + "s" * (self.width > 1)
        return DoesNotFit(
            f"{value!r} does not fit {size} (0..{(1 << self.width) - 1})",
            where=f"{row} [{self.clause}]" if self.clause else row,
        )

    def check(self, value: object) -> int:
        """The value itself, or DoesNotFit."""
        if isinstance(value, int) and 0 <= value < 1 << self.width:
            return value
        raise self.refuse(value)


Layout = tuple[Field, ...]


def width(layout: Layout) -> int:
    """How many bits the layout takes."""
    return sum(field.width for field in layout)


def pack(layout: Layout, values: Mapping[str, int]) -> int:
    """The values as one word, in the order of the layout; DoesNotFit names the field that is missing or too large."""
    word = 0
    for field in layout:
        word = word << field.width | field.check(values.get(field.name))
    return word


def unpack(layout: Layout, word: int) -> dict[str, int]:
    """The word's values by field name: the mirror of `pack`."""
    left = width(layout)
    values = {}
    for field in layout:
        left -= field.width
        values[field.name] = word >> left & (1 << field.width) - 1
    return values


def offsets(layout: Layout, start: int = 0) -> dict[str, int]:
    """Where each field begins, counted from `start`."""
    found = {}
    for field in layout:
        found[field.name] = start
        start += field.width
    return found
