"""The codes of CAMF that are not a place: message type, severity, onset, duration, instruction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache

from satwarn.alert.alert import Alert, Info, ResponseType, Severity, Status
from satwarn.alert.chain import Effect, effect_of
from satwarn.alert.purpose import PARAMETER, Purpose, rule_of
from satwarn.errors import DoesNotFit
from satwarn.frame.camf import MessageType, monday
from satwarn.frame.codes import Entry, table
from satwarn.frame.compose_loss import Aspect, Loss


class Service(StrEnum):
    """Who speaks through the satellite (A2, A3)."""

    J_ALERT = "j-alert"
    L_ALERT = "l-alert"
    LOCAL_GOVERNMENT = "local-government"
    OUTSIDE_JAPAN = "outside-japan"


Losses = list[Loss]
SEVERITY = {
    Severity.UNKNOWN: 0, Severity.MINOR: 1, Severity.MODERATE: 1, Severity.SEVERE: 2, Severity.EXTREME: 3
}  # fmt: skip
"""A5. Minor has no code; it goes as Moderate, because 0 is unknown, which is not low."""


def purpose_of(alert: Alert) -> Purpose:
    """Real, or one of the tests; raises BadAlert where status and purpose disagree, DoesNotFit for nobody."""
    if alert.parameters(PARAMETER):
        return rule_of(alert).purpose
    known = {Status.ACTUAL: Purpose.REAL, Status.EXERCISE: Purpose.EXERCISE, Status.TEST: Purpose.PUBLIC_TEST}
    if alert.status not in known:
        raise DoesNotFit(f"a message of status {alert.status} is for nobody on the air", where="status")
    return known[alert.status]


def message_type(alert: Alert, purpose: Purpose, losses: Losses) -> MessageType:
    """A1; a test can only say that it is one, and a retraction has no code."""
    effect = effect_of(alert)
    if effect in (Effect.ACKNOWLEDGES, Effect.REFUSES):
        raise DoesNotFit(f"an {alert.msg_type} is not for people", where="msgType")
    if effect in (Effect.RETRACTS, Effect.WITHDRAWS):
        said = "A1 0, a test" if purpose is not Purpose.REAL else "A1 3, all clear"
        losses.append(Loss(aspect=Aspect.ACTION, what=f"no code for retraction: goes as {said}", field="A1"))
    elif purpose is not Purpose.REAL and effect is not Effect.NEW:
        losses.append(Loss(aspect=Aspect.ACTION, what=f"a test cannot say that it {effect}", field="A1"))
    if purpose is not Purpose.REAL:
        if purpose is not Purpose.PUBLIC_TEST:
            losses.append(Loss(aspect=Aspect.PURPOSE, what=f"{purpose}: A1 has one code for every test", field="A1"))
        return MessageType.TEST
    by_effect = {Effect.NEW: MessageType.ALERT, Effect.SUPERSEDES: MessageType.UPDATE}
    return by_effect.get(effect, MessageType.ALL_CLEAR)


def severity(info: Info | None, losses: Losses) -> int:
    """A5."""
    if info is None:
        return 0
    if info.severity is Severity.MINOR:
        losses.append(Loss(aspect=Aspect.SEVERITY, what="Minor has no code: goes as moderate", field="A5"))
    return SEVERITY[info.severity]


def onset(alert: Alert, info: Info | None, at: datetime, losses: Losses) -> datetime:
    """A6 and A7: a whole minute of this week or the next; raises DoesNotFit for a later one."""
    wanted = (info and (info.onset or info.effective)) or alert.sent
    minute = wanted.astimezone(UTC).replace(second=0, microsecond=0)
    if minute != wanted:
        losses.append(Loss(aspect=Aspect.ONSET, what=f"{wanted.isoformat()} rounded down to the minute", field="A7"))
    week = monday(at.astimezone(UTC))
    if minute < week:
        losses.append(
            Loss(aspect=Aspect.ONSET, what=f"{wanted.isoformat()} was before this week: goes as now", field="A6")
        )
        return at.astimezone(UTC).replace(second=0, microsecond=0)
    if minute >= week + timedelta(weeks=2):
        raise DoesNotFit(f"{wanted.isoformat()} is after next week", where="A6 week of the onset", fix="send it later")
    return minute


def duration(info: Info | None, start: datetime, service: Service, losses: Losses) -> int:
    """A8: under 6, 12 or 24 hours; J-Alert always says 0, as on the air."""
    if info is None or info.expires is None:
        return 0
    length = info.expires - start
    code = next((c for c, hours in ((1, 6), (2, 12), (3, 24)) if length < timedelta(hours=hours)), 0)
    code = 0 if service is Service.J_ALERT else code
    said = {0: "unknown", 1: "under 6 hours", 2: "6 to 12 hours", 3: "12 to 24 hours"}[code]
    until = f"until {info.expires.isoformat()}" + (", which is past," if length <= timedelta() else "")
    losses.append(Loss(aspect=Aspect.DURATION, what=f"{until} goes as {said}", field="A8"))
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """A9 and A11, and what it says in our words."""

    library_type: int
    code: int
    says: str


@cache
def _instructions(service: Service) -> tuple[Entry, ...]:
    """The rows for a service, those of named hazards before those of all."""
    rows = [row for row in table("cap_instruction") if service in row.more["services"].split()]
    return tuple(sorted(rows, key=lambda row: row.more["hazards"] == "*"))


_STRONGEST = (
    ResponseType.ALL_CLEAR, ResponseType.EVACUATE, ResponseType.SHELTER, ResponseType.AVOID, ResponseType.PREPARE,
    ResponseType.EXECUTE, ResponseType.MONITOR, ResponseType.ASSESS, ResponseType.NONE,
)  # fmt: skip


def instruction(info: Info | None, hazard: int, service: Service, message: MessageType, losses: Losses) -> Instruction:
    """A9 to A11 by hazard and response; of several responses the strongest is said, at the end only that it is over."""
    given = info.response_types if info else ()
    response = next((r for r in _STRONGEST if r in given), ResponseType.NONE)
    wanted = _OF_MESSAGE.get(message, response.value)
    row = next(
        row
        for row in _instructions(service)
        if wanted in row.more["responses"].split() and row.more["hazards"] in ("*", *_hazards(row, hazard))
    )
    library = 0 if service is Service.OUTSIDE_JAPAN else 1
    _lost(info, wanted, row, losses)
    return Instruction(library_type=library, code=int(row.code), says=row.en)


_OF_MESSAGE = {MessageType.TEST: "test", MessageType.ALL_CLEAR: "AllClear"}


def _hazards(row: Entry, hazard: int) -> tuple[str, ...]:
    return (row.more["hazards"],) if str(hazard) in row.more["hazards"].split() else ()


def _lost(info: Info | None, wanted: str, row: Entry, losses: Losses) -> None:
    others = [r.value for r in (info.response_types if info else ()) if r.value != wanted]
    if others:
        what = f"{', '.join(others)} not said, only: {row.en}"
        losses.append(Loss(aspect=Aspect.INSTRUCTION, what=what, field="A11"))
    elif int(row.code) == 0 and wanted not in ("None", "AllClear", "Monitor"):
        losses.append(Loss(aspect=Aspect.INSTRUCTION, what=f"no code for {wanted} in this service", field="A11"))
