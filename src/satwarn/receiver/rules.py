"""What a site does with what it hears: two tables, one for frames, one for signed alerts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from satwarn.alert.alert import Alert
from satwarn.alert.purpose import Purpose, PurposeRule, rules
from satwarn.area.gazetteer import SCHEMES
from satwarn.frame.dcx import JAlert, MessageType
from satwarn.ledger.receipt import Act
from satwarn.receiver.memory import Memory
from satwarn.receiver.site import Site

CLOCK_TOLERANCE = timedelta(minutes=1)
FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What to do, why, and for how long it is to be remembered."""

    act: Act
    why: str
    rule: PurposeRule
    until: datetime


# A frame cannot be signed. Alone it sounds only as the drill that a signed plan names; a real one needs the word of
# a radio known to be sane, which this receiver does not have yet, so it is shown and the duty officer is called.
FRAME_ACTS: dict[MessageType, tuple[Act, Purpose, str]] = {
    MessageType.TEST: (Act.SOUNDED, Purpose.EXERCISE, "named by a signed drill plan, within its window"),
    MessageType.ALERT: (Act.SHOWN, Purpose.REAL, "a frame alone, nothing signed yet"),
    MessageType.UPDATE: (Act.SHOWN, Purpose.REAL, "a frame alone, nothing signed yet"),
    MessageType.ALL_CLEAR: (Act.SHOWN, Purpose.REAL, "a frame alone, nothing signed yet"),
}


def judge_frame(report: JAlert, payload: str, *, site: Site, memory: Memory, now: datetime) -> Judgement | str:
    """What to do with a frame never met before, or the reason why it is only logged."""
    plan = next((plan for plan in memory.plans if plan.arms(payload, now=now)), None)
    if report.message is MessageType.TEST and plan is None:
        return "a test frame that no signed plan names now"
    act, purpose, why = FRAME_ACTS[report.message]
    until = plan.armed_until if plan else now + FORGET_AFTER
    if not site.lies_in(codes_of(report)):
        act, why = Act.SILENT, "not for this place"
    return Judgement(act=act, why=why, rule=rules()[purpose], until=until)


def codes_of(report: JAlert) -> tuple[str, ...]:
    """The JIS codes a frame names: two digits for a prefecture, five for a municipality."""
    return (*(f"{prefecture:02d}" for prefecture in report.prefectures), *report.municipalities)


def judge_alert(alert: Alert, rule: PurposeRule, *, site: Site, now: datetime) -> Judgement:
    """What to do with a signed alert never met before."""
    until = expiry(alert)
    codes = [code for scheme in SCHEMES for code in alert.geocodes(scheme)]
    for applies, act, why in ALERT_RULES:
        if applies(site, codes, rule):
            return Judgement(act=act, why=why, rule=rule, until=until)
    raise AssertionError("the last rule always applies")


AlertQuestion = Callable[[Site, list[str], PurposeRule], bool]

ALERT_RULES: tuple[tuple[AlertQuestion, Act, str], ...] = (
    (lambda site, codes, rule: not codes, Act.SHOWN, "names no code, so this place cannot be told from it"),
    (lambda site, codes, rule: bool(site.unknown_nearby(codes)), Act.SHOWN, "names an unknown code of our prefecture"),
    (lambda site, codes, rule: not site.lies_in(codes), Act.SILENT, "not for this place"),
    (lambda site, codes, rule: not rule.audible, Act.SILENT, "a technical test, which nobody shall hear"),
    (lambda site, codes, rule: True, Act.SOUNDED, "signed, for this place"),
)


def expiry(alert: Alert) -> datetime:
    """When the alert is over: its latest `expires`, else a day after it was sent."""
    return max((info.expires for info in alert.infos if info.expires), default=alert.sent + FORGET_AFTER)
