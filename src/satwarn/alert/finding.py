"""What a reader or a rule has to say about a message: which rule, where, how grave, what, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How grave a finding is; only an error says that the message is not valid CAP."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found. `path` names the element; line and column count from 1, and are 0 where there are no lines."""

    rule: str
    path: str
    severity: Grade
    what: str
    fix: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.line}:{self.column} " if self.line else ""
        return f"{place}{self.path}: {self.what} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Odd:
    """What reading a text gave when the text was not as it should be: the best value there is (None: none), and why."""

    rule: str
    what: str
    value: object = None
    fix: str = ""
