"""What a third party is told when the duty officer went alone: `tables/alarm.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "de", "ja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One breaking of the glass: `number` is its entry in the ledger, by which who is told twice knows it again."""

    number: int
    subject: str
    headline: str
    purpose: str
    by: str
    reason: str
    at: datetime
    link: str

    def letter(self, tag: str) -> tuple[str, str]:
        """Subject (one line) and text of a letter, in a console language."""
        words, blanks = _words()[tag], {**asdict(self), "at": self.at.isoformat(timespec="seconds")}
        subject = words["subject"].format(**blanks)
        return " ".join(subject.split()), words["text"].strip().format(**blanks) + "\n"

    def values(self) -> dict[str, Any]:
        """The same as values for a program; `event` says what it is."""
        return {"event": "break glass", **asdict(self), "at": self.at.isoformat(timespec="seconds")}


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("satwarn.authority") / "tables" / "alarm.toml").read_text(encoding="utf-8"))
