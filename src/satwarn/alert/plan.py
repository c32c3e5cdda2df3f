"""The drill plan: what tells a receiver, beforehand and signed, which test frames it shall act on, and when.

A plan travels as a CAP alert of status System: one signature standard, one way to read. It never sounds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from satwarn.alert.alert import Alert, Area, MsgType, Status
from satwarn.alert.purpose import FRAME_PARAMETER, frames_of
from satwarn.alert.system import system_alert
from satwarn.errors import BadAlert

CODE = "satwarn:drill-plan"
DRILL = "satwarn:drill"
"""The info parameter that names the drill, in its plan and in the message that calls it off."""
LONGEST_WINDOW = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillPlan:
    """The armed window of one drill: from, until, and the payloads that may sound within it."""

    drill: str
    armed_from: datetime
    armed_until: datetime
    payloads: tuple[str, ...]

    def __post_init__(self) -> None:
        if not timedelta() < self.armed_until - self.armed_from <= LONGEST_WINDOW:
            raise BadAlert(
                f"armed from {self.armed_from} until {self.armed_until}: a window is more than 0 and at most 12 hours",
                where=f"drill plan {self.drill}",
            )
        if not self.payloads:
            raise BadAlert("names no frame, so it would arm receivers for anything", where=f"drill plan {self.drill}")

    def arms(self, payload: str, *, now: datetime) -> bool:
        """Whether a test frame with this payload may sound now."""
        return self.armed_from <= now < self.armed_until and payload in self.payloads


def plan_alert(
    plan: DrillPlan, *, identifier: str, sender: str, sent: datetime, areas: tuple[Area, ...], note: str
) -> Alert:
    """The plan as a CAP alert, to be agreed by two people and signed like any other."""
    return system_alert(
        CODE,
        "drill plan",
        identifier=identifier,
        sender=sender,
        sent=sent,
        onset=plan.armed_from,
        expires=plan.armed_until,
        parameters=[(DRILL, plan.drill), *((FRAME_PARAMETER, payload) for payload in plan.payloads)],
        areas=areas,
        note=note,
    )


def plan_of(alert: Alert) -> DrillPlan | None:
    """The plan an alert carries, None when it is no plan; BadAlert when it claims to be one and is not."""
    if CODE not in alert.codes:
        return None
    info = alert.infos[0] if len(alert.infos) == 1 else None
    drill = alert.parameters(DRILL)
    if alert.status is not Status.SYSTEM or not info or not info.onset or not info.expires or len(drill) != 1:
        raise BadAlert(
            "a drill plan has status System, one info with onset and expires, and one satwarn:drill",
            where=f"alert {alert.identifier}",
        )
    return DrillPlan(drill=drill[0], armed_from=info.onset, armed_until=info.expires, payloads=frames_of(alert))


def drill_called_off(alert: Alert) -> str:
    """The drill that a Cancel calls off, "" for every other message."""
    if alert.msg_type is not MsgType.CANCEL or CODE in alert.codes:
        return ""
    return next(iter(alert.parameters(DRILL)), "")
