"""What one site did with one warning, by which path, how soon, and which outputs were proven."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Path(StrEnum):
    """A way a warning travels."""

    GNSS = "gnss"
    MULTICAST = "multicast"
    GROUND = "ground"


class Act(StrEnum):
    """What a site did."""

    SOUNDED = "sounded"
    SHOWN = "shown"
    SILENT = "silent"


class Proof(StrEnum):
    """How sure we are that an output did what it was asked."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    FAILED = "failed"


class Cause(StrEnum):
    """Why an output, or a whole site, is not proven."""

    NONE = ""
    POWER = "power"
    PATH = "path"
    RULE = "rule"
    CHARSET = "charset"
    DEVICE = "device"
    LATE = "late"
    UNPROVEN = "unproven"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputResult:
    """What came of one output.

    Not proven: `cause` says why, `detail` completes the sentence "the output ...", `next_step` is for the officer.
    ValueError for a proof with a cause, or for none without.
    """

    output: str
    proof: Proof
    cause: Cause = Cause.NONE
    detail: str = ""
    next_step: str = ""

    def __post_init__(self) -> None:
        if (self.proof is Proof.PROVEN) is not (self.cause is Cause.NONE):
            raise ValueError(f"{self.output}: {self.proof} with cause {self.cause.value or 'none'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One site, one warning; `warning` is the site's own name for it, the same in every receipt about it.

    `identifier` is the CAP identifier once a signed copy was heard, "" before; `payloads` are the frames heard for it.
    `first_heard` is per path, `first_path` the path of the very first copy; `why` is the rule that decided.
    """

    site: str
    warning: str
    identifier: str
    payloads: tuple[str, ...]
    act: Act
    why: str
    decided_at: datetime
    first_heard: Mapping[Path, datetime]
    copies: Mapping[Path, int]
    first_path: Path
    labelled: bool
    outputs: tuple[OutputResult, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The receipt as JSON values, times in ISO 8601 UTC."""
        return {
            "site": self.site,
            "warning": self.warning,
            "identifier": self.identifier,
            "payloads": list(self.payloads),
            "act": self.act.value,
            "why": self.why,
            "decided_at": self.decided_at.isoformat(),
            "first_heard": {path.value: at.isoformat() for path, at in sorted(self.first_heard.items())},
            "copies": {path.value: count for path, count in sorted(self.copies.items())},
            "first_path": self.first_path.value,
            "labelled": self.labelled,
            "outputs": [
                {
                    "output": result.output,
                    "proof": result.proof.value,
                    "cause": result.cause.value,
                    "detail": result.detail,
                    "next_step": result.next_step,
                }
                for result in self.outputs
            ],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Receipt":
        """Read what `to_json` wrote; KeyError or ValueError where it is not a receipt."""
        return cls(
            site=values["site"],
            warning=values["warning"],
            identifier=values["identifier"],
            payloads=tuple(values["payloads"]),
            act=Act(values["act"]),
            why=values["why"],
            decided_at=datetime.fromisoformat(values["decided_at"]),
            first_heard={Path(path): datetime.fromisoformat(at) for path, at in values["first_heard"].items()},
            copies={Path(path): count for path, count in values["copies"].items()},
            first_path=Path(values["first_path"]),
            labelled=values["labelled"],
            outputs=tuple(
                OutputResult(**{**result, "proof": Proof(result["proof"]), "cause": Cause(result["cause"])})
                for result in values["outputs"]
            ),
        )
