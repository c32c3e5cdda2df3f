"""What a site does with what it hears: two tables, one for frames, one for signed alerts. The first row that applies
decides; reading a table aloud from the top is reading the policy."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from satwarn.alert.alert import Alert, MsgType, ResponseType, Severity
from satwarn.alert.purpose import Purpose, PurposeRule, rules
from satwarn.ledger.receipt import Act
from satwarn.receiver.information import Move, Wish, informations, of_event
from satwarn.receiver.memory import Maintenance, Memory
from satwarn.receiver.policy import Policy
from satwarn.receiver.radio import Radio
from satwarn.receiver.radio import doubt as radio_doubt
from satwarn.receiver.said import Said, codes_of
from satwarn.receiver.site import Site
from satwarn.receiver.where import Where, by_areas

__all__ = ["Judgement", "Situation", "codes_of", "expiry", "judge_alert", "judge_frame", "said_in"]

CLOCK_TOLERANCE = timedelta(minutes=1)
FORGET_AFTER = timedelta(hours=24)
ENDING = frozenset({Move.END, Move.RETRACT})


class Doubt(Enum):
    """Why less is done than a warning for this place deserves: no doubt (its rules say so), one that stays with the
    message, or a circumstance that may pass, so that the next copy is judged anew."""

    NONE = 0
    LASTING = 1
    PASSING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the site is and how it stands when a message is judged."""

    site: Site
    policy: Policy = field(default_factory=Policy)
    radio: Radio | None = None
    clock_doubt: str = ""
    maintenance: Maintenance | None = None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What to do, why, for how long it is believed (`ends`) and remembered (`until`).

    `wanted` differs from `act` in maintenance, when nothing acts.
    """

    act: Act
    why: str
    rule: PurposeRule
    ends: datetime
    until: datetime
    doubt: Doubt = Doubt.NONE
    wanted: Act | None = None

    @property
    def held(self) -> bool:
        """Whether only a passing circumstance keeps it from acting."""
        return self.doubt is Doubt.PASSING


FrameQuestion = Callable[[Said, Situation], str]


def _where(said: Said, _: Situation) -> str:
    return "may concern this place, which cannot be told from it" if said.where is Where.PERHAPS else ""


def _old(said: Said, at: Situation) -> str:
    if said.made is None or at.now - said.made <= informations()[said.information].fresh:
        return ""
    return f"a frame alone, and made {(at.now - said.made) // timedelta(minutes=1)} minutes ago"


def _early(said: Said, at: Situation) -> str:
    return "a frame alone, made later than now" if said.made and said.made - at.now > timedelta(minutes=10) else ""


def _wish(said: Said, at: Situation) -> Wish:
    return at.policy.wish(said.information, said.severity, signed=False)


def _radio(said: Said, at: Situation) -> str:
    why = radio_doubt(at.radio, now=at.now, lenient=at.policy.unmonitored_radio)
    return f"a frame alone, nothing signed yet, and {why}" if why else ""


def _clock(said: Said, at: Situation) -> str:
    return f"a frame alone, nothing signed yet, and {at.clock_doubt}" if at.clock_doubt else ""


_NOT_HERE = "not for this place"
_LOGGED, _SHOWN = "logged only, by this site's rules", "shown only, by this site's rules"

# A frame cannot be signed (decision 8). Each row: the reason it applies for, what is done, and in what doubt.
FrameRow = tuple[FrameQuestion, Act, Doubt]
REAL_FRAME: tuple[FrameRow, ...] = (
    (lambda said, at: _NOT_HERE if said.where is Where.ELSEWHERE else "", Act.SILENT, Doubt.NONE),
    (lambda said, at: _LOGGED if _wish(said, at) is Wish.LOG else "", Act.SILENT, Doubt.NONE),
    (_where, Act.SHOWN, Doubt.LASTING),
    (lambda said, at: _SHOWN if _wish(said, at) is Wish.SHOW else "", Act.SHOWN, Doubt.NONE),
    (_old, Act.SHOWN, Doubt.LASTING),
    (_early, Act.SHOWN, Doubt.PASSING),
    (_radio, Act.SHOWN, Doubt.PASSING),
    (_clock, Act.SHOWN, Doubt.PASSING),
    (lambda said, at: "says that something is over" if said.move in ENDING else "", Act.SHOWN, Doubt.NONE),
    (lambda said, at: "a frame for this place, and the radio looks sane", Act.SOUNDED, Doubt.NONE),
)
TEST_FRAME: tuple[FrameRow, ...] = (
    (lambda said, at: _NOT_HERE if said.where is Where.ELSEWHERE else "", Act.SILENT, Doubt.NONE),
    (lambda said, at: "named by a signed drill plan, within its window", Act.SOUNDED, Doubt.NONE),
)


def doubts_about(said: Said, at: Situation) -> str:
    """Why a frame is not to be believed alone, "" when it may be."""
    return next((why for asks in (_old, _early, _radio, _clock) if (why := asks(said, at))), "")


def judge_frame(said: Said, payload: str, *, at: Situation, memory: Memory) -> Judgement | str:
    """What to do with a frame, or the reason why it is only logged."""
    plan = next((plan for plan in memory.plans if plan.arms(payload, now=at.now)), None)
    if said.test and plan is None:
        return "a test frame that no signed plan names now"
    if not said.test and said.event.startswith("jma") and said.where is Where.ELSEWHERE:
        return _NOT_HERE
    if not said.test and _wish(said, at) is Wish.LOG:
        return _LOGGED
    lasts = said.lasts or informations()[said.information].limit
    ends = plan.armed_until if plan and said.test else at.now + lasts
    rule = rules()[Purpose.EXERCISE if said.test else Purpose.REAL]
    table = TEST_FRAME if said.test else REAL_FRAME
    until = ends if plan and said.test else ends + FORGET_AFTER
    return _first(table, said, at, rule=rule, ends=ends, until=until)


def said_in(alert: Alert, *, site: Site) -> Said:
    """What a signed alert says to this place."""
    severities = [info.severity for info in alert.infos]
    information = of_event(info.event for info in alert.infos)
    return Said(
        information=information,
        event=f"cap {alert.sender}",
        move=_move(alert),
        where=by_areas(site, (area for info in alert.infos for area in info.areas)),
        rank=_RANKS[min(severities, key=list(_RANKS).index, default=Severity.UNKNOWN)],
        severity=min(severities, key=list(_RANKS).index, default=Severity.UNKNOWN),
        test=False,
        made=alert.sent,
        about=min((info.onset for info in alert.infos if info.onset), default=alert.sent),
    )


_RANKS = {
    Severity.EXTREME: 4,
    Severity.SEVERE: 3,
    Severity.UNKNOWN: 2,
    Severity.MODERATE: 1,
    Severity.MINOR: 0,
}


def _move(alert: Alert) -> Move:
    """An all-clear says so in every language; any other Cancel says that it was sent in error."""
    clear = bool(alert.infos) and all(ResponseType.ALL_CLEAR in info.response_types for info in alert.infos)
    if alert.msg_type is MsgType.CANCEL:
        return Move.END if clear else Move.RETRACT
    if alert.msg_type is MsgType.UPDATE:
        return Move.END if clear else Move.UPDATE
    return Move.WARN


AlertQuestion = Callable[[Said, Situation, PurposeRule, bool], bool]
AlertRow = tuple[AlertQuestion, Act, Doubt, str]

SIGNED_ALERT: tuple[AlertRow, ...] = (
    (
        lambda said, at, rule, valid: said.where is Where.PERHAPS,
        Act.SHOWN,
        Doubt.LASTING,
        "names no code or shape that tells this place, or an unknown code of our prefecture",
    ),
    (lambda said, at, rule, valid: said.where is Where.ELSEWHERE, Act.SILENT, Doubt.NONE, _NOT_HERE),
    (
        lambda said, at, rule, valid: not rule.audible,
        Act.SILENT,
        Doubt.NONE,
        "a technical test, which nobody shall hear",
    ),
    (
        lambda said, at, rule, valid: not valid and said.severity is not Severity.EXTREME,
        Act.SHOWN,
        Doubt.LASTING,
        "its certificate has expired",
    ),
    (lambda said, at, rule, valid: _by_rules(said, at, rule, Wish.LOG), Act.SILENT, Doubt.NONE, _LOGGED),
    (lambda said, at, rule, valid: _by_rules(said, at, rule, Wish.SHOW), Act.SHOWN, Doubt.NONE, _SHOWN),
    (lambda said, at, rule, valid: True, Act.SOUNDED, Doubt.NONE, "signed, for this place"),
)


def _by_rules(said: Said, at: Situation, rule: PurposeRule, wish: Wish) -> bool:
    real = rule.purpose is Purpose.REAL
    return real and at.policy.wish(said.information, said.severity, signed=True) is wish


def judge_alert(said: Said, rule: PurposeRule, *, expires: datetime, valid: bool, at: Situation) -> Judgement:
    """What to do with a signed alert; `valid` is false when its certificate has expired."""
    act, doubt, why = next((act, doubt, why) for asks, act, doubt, why in SIGNED_ALERT if asks(said, at, rule, valid))
    until = max(expires, at.now) + FORGET_AFTER
    return _isolated(Judgement(act=act, why=why, rule=rule, ends=expires, until=until, doubt=doubt), at)


def expiry(alert: Alert) -> datetime:
    """When the alert is over: its latest `expires`, else a day after it was sent."""
    return max((info.expires for info in alert.infos if info.expires), default=alert.sent + FORGET_AFTER)


def _first(
    table: tuple[FrameRow, ...],
    said: Said,
    at: Situation,
    *,
    rule: PurposeRule,
    ends: datetime,
    until: datetime,
) -> Judgement:
    for question, act, doubt in table:
        if why := question(said, at):
            return _isolated(Judgement(act=act, why=why, rule=rule, ends=ends, until=until, doubt=doubt), at)
    raise AssertionError("the last row always applies")


def _isolated(judgement: Judgement, at: Situation) -> Judgement:
    """In maintenance nothing acts, and what would have is judged again when it is heard again."""
    if at.maintenance is None or judgement.act is Act.SILENT:
        return judgement
    why = f"in maintenance by {at.maintenance.by} until {at.maintenance.until:%H:%M} UTC; else {judgement.act}"
    return replace(judgement, act=Act.SILENT, why=why, doubt=Doubt.PASSING, wanted=judgement.act)
