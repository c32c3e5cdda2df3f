"""What a frame says, as a value: the root of all report classes."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from satwarn.frame import l1s

Codes = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(ABC):
    """A message as a frozen value.

    Codes of lists are plain integers, also unknown ones. Quantities carry their unit in the name; None means that the
    message gives none. Times are aware UTC datetimes.

    `received` is when the frame was heard (aware UTC): what a message leaves out of a time (the week, the year) is
    taken from it, so without it such times are None. It is no part of the frame and two reports are equal without it.
    `codes` holds, by part name, the bits that no attribute can say (reserved codes, spare bits that are set, times that
    could not be resolved), so that every report turns into exactly the frame it came from.
    """

    kind: ClassVar[str]

    received: datetime | None = field(default=None, compare=False)
    codes: Codes = ()

    @property
    @abstractmethod
    def message_type(self) -> int:
        """The L1S message type, 0..63."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Report):
    """A message of another type than 43 and 44: augmentation (47 to 51, 58), null (63), test (0). Carried, not read."""

    kind: ClassVar[str] = "other"

    frame: bytes

    @property
    def message_type(self) -> int:
        """The L1S message type, 0..63."""
        return l1s.message_type(self.frame)
