"""What an alert loses on its way into a frame: values, each naming the aspect, what was lost, and the field."""

from dataclasses import dataclass
from enum import StrEnum


class Aspect(StrEnum):
    """What of an alert a frame may lose, round or change."""

    IDENTITY = "identity"
    PURPOSE = "purpose"
    ACTION = "action"
    HAZARD = "hazard"
    SEVERITY = "severity"
    CERTAINTY = "certainty"
    ONSET = "onset"
    DURATION = "duration"
    INSTRUCTION = "instruction"
    AREA = "area"
    TEXT = "text"
    FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing lost: `field` is the field of the frame that could not say it ("" where there is none)."""

    aspect: Aspect
    what: str
    field: str = ""
