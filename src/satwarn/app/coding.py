"""An alert as frames for the satellite path, and what they cannot say: the bridge, as the desk asks it."""

from dataclasses import dataclass, replace
from datetime import datetime

from satwarn.alert.alert import Alert, MsgType, Named
from satwarn.alert.chain import Ending, ending_of
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import FRAME_PARAMETER
from satwarn.errors import BadArea, DoesNotFit
from satwarn.frame import payload_of
from satwarn.frame.compose import compose
from satwarn.frame.dcx import Extended

SILENCE = "no code says that it was sent in error: its frames stop, and the ground says why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What goes to the satellite (nothing, when nothing can), the payloads, and in words what is lost of the alert."""

    reports: tuple[Extended, ...] = ()
    payloads: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def coded(alert: Alert) -> Coded:
    """The frames for an alert as sent at its onset, and what they cannot say."""
    if plan_of(alert):
        return Coded(lost=("a drill plan is signed, and no frame can be",))
    if alert.msg_type is MsgType.CANCEL and ending_of(alert) is not Ending.ALL_CLEAR:
        return Coded(lost=(SILENCE,))
    at = next((info.onset for info in alert.infos if info.onset), alert.sent)
    try:
        found = compose(alert, at=at)
        payloads = tuple(payload_of(frame) for frame in found.frames(at))
    except (BadArea, DoesNotFit) as error:
        return Coded(lost=(error.what,))
    return Coded(reports=found.reports, payloads=payloads, lost=tuple(f"{x.aspect}: {x.what}" for x in found.losses))


def with_frames(alert: Alert) -> Alert:
    """The alert with the payloads of its frames as signed parameters, so that receivers know both copies as one."""
    if plan_of(alert):
        return alert
    named = tuple(Named(value_name=FRAME_PARAMETER, value=payload) for payload in coded(alert).payloads)
    infos = tuple(
        replace(info, parameters=(*(p for p in info.parameters if p.value_name != FRAME_PARAMETER), *named))
        for info in alert.infos
    )
    return replace(alert, infos=infos)


def until(alert: Alert, otherwise: datetime) -> datetime:
    """When an alert ends: the latest `expires` of its languages."""
    ends = [info.expires for info in alert.infos if info.expires]
    return max(ends) if ends else otherwise
