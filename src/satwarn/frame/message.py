"""A message table at work: 208 bits of data to a report and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from satwarn.errors import DoesNotFit
from satwarn.frame.field import Layout, width
from satwarn.frame.parts import Part
from satwarn.frame.report import Codes, Report

DATA_BITS = 208
"""Bits 14..221: everything between the message type and the rolling counter."""


@dataclass(frozen=True)
class Message:
    """One kind of message: its report class and its parts, in the order in which they are sent."""

    report: type[Report]
    parts: tuple[Part, ...]
    _plan: tuple[tuple[Any, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        left = DATA_BITS
        plan = []
        for part in self.parts:
            bits = width(part.fields)
            left -= bits
            plan.append((part.attr, left, (1 << bits) - 1, part.read, part.name, part.absent))
        if left:
            raise DoesNotFit(f"the table of {self.report.__name__} leaves {left} bits over")
        object.__setattr__(self, "_plan", tuple(plan))

    @property
    def layout(self) -> Layout:
        """All fields of the table, with the standard's symbols."""
        return tuple(row for part in self.parts for row in part.fields)

    def read(self, data: int, received: datetime | None) -> Report:
        """The report that these 208 bits are."""
        values: dict[str, Any] = {"received": received}
        codes: Codes = ()
        for attr, shift, mask, read, name, absent in self._plan:
            bits = data >> shift & mask
            if read is None:
                values[attr] = bits
                continue
            meant = read(bits, values)
            if meant is not None:
                values[attr] = meant
            elif bits != absent:
                codes += ((name, bits),)
        return self.report(codes=codes, **values)

    def write(self, report: Report, at: datetime | None) -> int:
        """The 208 bits of a report; DoesNotFit if a value is too large or contradicts its own code."""
        codes = dict(report.codes)
        seen: dict[str, Any] = {"received": at or report.received}
        data = 0
        for part in self.parts:
            seen[part.attr] = meant = getattr(report, part.attr) if part.attr else None
            data = data << width(part.fields) | _bits(part, meant, codes, seen)
        if codes:
            raise DoesNotFit(f"codes for {', '.join(codes)}: there is no such part", where=self.report.__name__)
        return data


def _bits(part: Part, meant: Any, codes: dict[str, int], seen: Mapping[str, Any]) -> int:
    kept = codes.pop(part.name, None)
    if kept is None:
        return part.absent if meant is None else part.write(meant, seen)
    if meant not in (None, ()):
        raise DoesNotFit(
            f"{meant!r} contradicts code {kept}", where=f"{part.name} {part.attr}", fix="leave out one of them"
        )
    if kept >> width(part.fields):
        raise DoesNotFit(f"code {kept} does not fit {width(part.fields)} bits", where=f"{part.name} {part.attr}")
    return kept
