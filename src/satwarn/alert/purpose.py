"""Why an alert is sent: real, public test, exercise or technical test. Signed with it, never a flag beside it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from satwarn.alert.alert import Alert, Status
from satwarn.errors import BadAlert

PARAMETER = "satwarn:purpose"
FRAME_PARAMETER = "satwarn:frame"


class Purpose(StrEnum):
    """CAP's status alone cannot say it: some countries test as Actual."""

    REAL = "real"
    PUBLIC_TEST = "public-test"
    EXERCISE = "exercise"
    TECHNICAL_TEST = "technical-test"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRule:
    """What a purpose means in one country's profile.

    `frame_message` is CAMF A1 (0 test, 1 alert); `label` keys the words put before and after ("" = none);
    `audible` says whether outputs that people hear or see may act.
    """

    purpose: Purpose
    status: Status
    frame_message: int
    label: str
    audible: bool


@cache
def rules(profile: str = "default") -> Mapping[Purpose, PurposeRule]:
    """The purposes of a profile, from tables/purposes.csv."""
    table = (files("satwarn.alert") / "tables" / "purposes.csv").read_text(encoding="utf-8")
    return {
        Purpose(row["purpose"]): PurposeRule(
            purpose=Purpose(row["purpose"]),
            status=Status(row["status"]),
            frame_message=int(row["frame_message"]),
            label=row["label"],
            audible=row["outputs"] == "all",
        )
        for row in csv.DictReader(table.splitlines())
        if row["profile"] == profile
    }


def rule_of(alert: Alert, *, profile: str = "default") -> PurposeRule:
    """The rule for an alert's signed purpose.

    BadAlert when the purpose is missing or unknown, or when the CAP status contradicts it: then nobody may be
    warned by it, and somebody must be told.
    """
    named = alert.parameters(PARAMETER)
    if len(named) != 1 or named[0] not in set(Purpose):
        raise BadAlert(
            f"purpose {' '.join(named) or 'missing'}: one of {', '.join(Purpose)} is needed",
            where=f"alert {alert.identifier}, info/parameter {PARAMETER}",
            fix="make the alert with satwarn, or set the parameter in every info before it is signed",
        )
    rule = rules(profile)[Purpose(named[0])]
    if alert.status is not rule.status:
        raise BadAlert(
            f"status {alert.status} contradicts the purpose {rule.purpose}, which goes out as {rule.status}",
            where=f"alert {alert.identifier}, status",
        )
    return rule


def frames_of(alert: Alert) -> tuple[str, ...]:
    """The payloads of every frame sent for the alert (parameter `satwarn:frame`), upper-case hex."""
    return tuple(payload.upper() for payload in alert.parameters(FRAME_PARAMETER))
