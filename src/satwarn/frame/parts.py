"""The parts of a message: how a run of bits becomes a typed value, and how the value becomes the same bits again.

A message table is a tuple of parts. Each part knows the standard's fields it stands on, the attribute of the report it
fills, and both directions. What bits mean can hang on what came before (a day of the month on the report time), so
`read` and `write` see the attributes of the report that stand further up in the table.

Where the bits say something that the type cannot (a reserved code, spare bits that are set), the attribute is None
(or absent) and the bits are kept by name in `codes`, so that a report always turns into the frame it came from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from satwarn.errors import DoesNotFit
from satwarn.frame.field import Field

Seen = Mapping[str, Any]


class Part(Protocol):
    """A run of bits in a message table."""

    @property
    def name(self) -> str: ...
    @property
    def attr(self) -> str:
        """The report's attribute, or "" for bits that carry nothing."""

    @property
    def fields(self) -> tuple[Field, ...]: ...
    @property
    def absent(self) -> int:
        """The bits written when the attribute is None and no code says otherwise."""

    @property
    def read(self) -> Callable[[int, Seen], Any] | None:
        """Bits to value; None means that the bits are the value."""

    @property
    def write(self) -> Callable[[Any, Seen], int]: ...


def _as_read(convert: Callable[[int], Any]) -> Callable[[int, Seen], Any]:
    return lambda bits, _: convert(bits)


@dataclass(frozen=True, slots=True)
class Of:
    """A part made of fields and two functions: the one shape of all parts below."""

    name: str
    attr: str
    fields: tuple[Field, ...]
    write: Callable[[Any, Seen], int]
    read: Callable[[int, Seen], Any] | None = None
    absent: int = 0


def code(name: str, width: int, attr: str, title: str = "", *, clause: str = "", table: str = "") -> Of:
    """A number or a code of a list, as it is: unknown codes stay what they are."""
    field = Field(name, width, title or attr.replace("_", " "), clause, table)
    return Of(name, attr, (field,), lambda value, _: field.check(value))


def spare(name: str, width: int) -> Of:
    """Reserved bits: zero, or kept in `codes`."""
    return Of(name, "", (Field(name, width, "spare"),), lambda _value, _seen: 0, lambda _bits, _seen: None)


def value(
    field: Field, attr: str, read: Callable[[int], Any], write: Callable[[Any], float | int | None], *, absent: int = 0
) -> Of:
    """A quantity in a unit: `read` gives None for a code that is no quantity, `write` None for what has no code."""

    def put(given: Any, _: Seen) -> int:
        bits = write(given)
        if bits is None:
            raise field.refuse(given)
        return field.check(round(bits))

    return Of(field.name, attr, (field,), put, _as_read(lru_cache(1024)(read)), absent)


def fixed(name: str, width: int, number: int) -> Of:
    """Bits that are the same in every message of the table, and tell it from its neighbours."""
    return Of(name, "", (Field(name, width),), lambda _value, _seen: number, lambda _bits, _seen: None, number)


def several(
    name: str,
    attr: str,
    count: int,
    *fields: Field,
    make: Callable[..., Any],
    take: Callable[..., Any],
    context: str = "",
    absent: int = 0,
) -> Of:
    """Up to `count` entries of the same fields; the list ends where only zeros follow.

    `make` turns the fields of one entry into its value, `take` gives the fields of a value back as a tuple; if the
    meaning of an entry hangs on another attribute, `context` names it and both get it first. An empty list is written
    as the bits `absent`; where those are none, it is refused.
    """
    stride = sum(field.width for field in fields)
    shifts = []
    left = stride
    for field in fields:
        left -= field.width
        shifts.append((left, (1 << field.width) - 1))

    def entries(bits: int, *first: Any) -> tuple[Any, ...]:
        found = []
        left = stride * count
        while bits & (1 << left) - 1:
            left -= stride
            entry = bits >> left
            found.append(make(*first, *[entry >> shift & mask for shift, mask in shifts]))
        return tuple(found)

    remembered = lru_cache(1024)(entries)

    def read(bits: int, seen: Seen) -> tuple[Any, ...] | None:
        found = remembered(bits, seen.get(context)) if context else remembered(bits)
        return found or (() if absent == 0 else None)

    def write(given: Any, seen: Seen) -> int:
        if len(given) > count:
            raise DoesNotFit(f"{len(given)} entries, there is room for {count}", where=f"{name} {attr}")
        first = (seen[context],) if context else ()
        bits = 0
        for entry in given:
            for field, number in zip(fields, take(*first, entry), strict=True):
                bits = bits << field.width | field.check(number)
        return bits << stride * (count - len(given))

    return Of(name, attr, _numbered(fields, count), write, read, absent)


def _numbered(fields: tuple[Field, ...], count: int) -> tuple[Field, ...]:
    """The rows of all entries: Es1, Pl1, Es2, Pl2, ..."""
    return tuple(
        Field(f"{field.name}{number}", field.width, field.title, field.clause, field.table)
        for number in range(1, count + 1)
        for field in fields
    )
