"""An alert as frames for the satellite path, and what a frame cannot say. The bridge (`frame/compose`) takes over here.

Until it has landed this knows Japan's J-Alert service only: prefectures, or up to four municipalities.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from satwarn.alert.alert import Alert, MsgType, Named
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import FRAME_PARAMETER, Purpose, rule_of
from satwarn.authority.hazard import hazard_of
from satwarn.errors import DoesNotFit
from satwarn.frame import encode, payload_of
from satwarn.frame.dcx import JAlert, MessageType
from satwarn.frame.l1s import gps_time_of_week_s, preamble_at

FDMA = 2
TEST_HAZARD, TEST_TEXT = 113, 136
SEVERITY = {"Moderate": 1, "Severe": 2, "Extreme": 3}
MOST_MUNICIPALITIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What goes to the satellite (None: nothing can), its payload, and in words what it loses of the alert."""

    report: JAlert | None
    payload: str = ""
    lost: tuple[str, ...] = ()


def coded(alert: Alert) -> Coded:
    """The frame for an alert, and what it cannot say."""
    if plan_of(alert) or alert.msg_type is MsgType.CANCEL:
        return Coded(report=None, lost=("no code for this message: its frames stop, and the ground says why",))
    prefectures, municipalities = alert.geocodes("JISX0401"), alert.geocodes("JISX0402")
    if len(municipalities) > MOST_MUNICIPALITIES or (prefectures and municipalities):
        whole = {code[:2] for code in municipalities}
        added = f"{len(municipalities)} municipalities become {len(whole)} whole prefectures"
        return _framed(alert, tuple(sorted(whole | set(prefectures))), (), (added,))
    if not prefectures and not municipalities:
        return Coded(report=None, lost=("the area has no code, so no frame can carry it",))
    return _framed(alert, prefectures, municipalities, ())


def _framed(
    alert: Alert, prefectures: tuple[str, ...], municipalities: tuple[str, ...], lost: tuple[str, ...]
) -> Coded:
    rule, hazard, info = rule_of(alert), hazard_of(alert), alert.infos[0]
    real = rule.purpose is Purpose.REAL
    if real and hazard.camf_a4 is None:
        return Coded(report=None, lost=("this hazard has no code, so no frame can carry it",))
    onset = (info.onset or alert.sent).astimezone(UTC).replace(second=0)
    report = JAlert(
        message=MessageType(rule.frame_message),
        provider=FDMA,
        hazard=hazard.camf_a4 or 0 if real else TEST_HAZARD,
        severity=SEVERITY.get(info.severity, 0) if real else 0,
        onset=onset,
        instruction=TEST_TEXT if not real else 0,
        prefectures=tuple(map(int, prefectures)),
        municipalities=municipalities,
    )
    loss = [*lost, "headline, description and instruction are not in the frame: receivers say their own words"]
    if any(area.polygons or area.circles for area in info.areas):
        loss.append("drawn shapes are not in the frame: whole places are")
    if not real:
        loss.append(f"the frame says test alert; that it is {hazard.names['en']} only the signed alert says")
    try:
        payload = payload_of(encode(report, preamble=preamble_at(gps_time_of_week_s(onset)), counter=0))
    except DoesNotFit as error:
        return Coded(report=None, lost=(*loss, error.what))
    return Coded(report=report, payload=payload, lost=tuple(loss))


def with_frames(alert: Alert) -> Alert:
    """The alert with the payload of its frame as a signed parameter, so that receivers know both copies as one."""
    if plan_of(alert):
        return alert
    payload = coded(alert).payload
    named = (Named(value_name=FRAME_PARAMETER, value=payload),) if payload else ()
    infos = tuple(
        replace(
            info,
            parameters=(*(p for p in info.parameters if p.value_name != FRAME_PARAMETER), *named),
        )
        for info in alert.infos
    )
    return replace(alert, infos=infos)


def until(alert: Alert, otherwise: datetime) -> datetime:
    """When an alert ends: the latest `expires` of its languages."""
    ends = [info.expires for info in alert.infos if info.expires]
    return max(ends) if ends else otherwise
