"""The questions asked of every signed alert, in order, before it may go anywhere. The order is the policy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from satwarn.alert.alert import Alert, MsgType
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import rule_of
from satwarn.alert.seal import Sealed, Verdict
from satwarn.errors import BadAlert

AHEAD = timedelta(minutes=1)  # how far another clock may run before ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the hub knows when it asks: who may speak, and which alerts (sender, identifier, sent) it has heard."""

    senders: frozenset[str]
    heard: frozenset[tuple[str, str, datetime]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Every question was answered well."""

    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The first question that was not."""

    question: str
    why: str


Question = Callable[[Sealed, Known, datetime], str]


def signature_holds(sealed: Sealed, known: Known, now: datetime) -> str:
    """Is it signed by somebody we trust, and unchanged?"""
    return "" if sealed.verdict is Verdict.TRUSTED else f"signature: {sealed.verdict}"


def sender_may_speak(sealed: Sealed, known: Known, now: datetime) -> str:
    """Is the sender one of ours?"""
    return "" if sealed.alert.sender in known.senders else f"{sealed.alert.sender} may not speak here"


def not_heard_before(sealed: Sealed, known: Known, now: datetime) -> str:
    """Is it new, by (sender, identifier, sent)?"""
    return f"{sealed.alert.identifier} was heard before" if sealed.alert.key in known.heard else ""


def references_exist(sealed: Sealed, known: Known, now: datetime) -> str:
    """Does an Update or Cancel speak of alerts we know? Anything but Alert must name one."""
    alert = sealed.alert
    if alert.msg_type is MsgType.ALERT:
        return ""
    missing = [r.identifier for r in alert.references if (r.sender, r.identifier, r.sent) not in known.heard]
    if not alert.references:
        return f"{alert.msg_type} names no alert it speaks of"
    return f"{alert.msg_type} speaks of unknown {', '.join(missing)}" if missing else ""


def sent_in_time(sealed: Sealed, known: Known, now: datetime) -> str:
    """Was it sent, and is it not over?"""
    alert = sealed.alert
    if alert.sent > now + AHEAD:
        return f"sent at {alert.sent.isoformat()}, which is in the future"
    ends = [info.expires for info in alert.infos if info.expires]
    return f"expired at {max(ends).isoformat()}" if ends and max(ends) <= now else ""


def purpose_is_plain(sealed: Sealed, known: Known, now: datetime) -> str:
    """Does it say, without contradiction, whether it is real? A bare Cancel says nothing to anybody, so it need not."""
    bare = sealed.alert.msg_type is MsgType.CANCEL and not sealed.alert.infos
    try:
        if plan_of(sealed.alert) is None and not bare:
            rule_of(sealed.alert)
    except BadAlert as error:
        return error.what
    return ""


INTAKE: tuple[Question, ...] = (
    signature_holds,
    sender_may_speak,
    not_heard_before,
    references_exist,
    sent_in_time,
    purpose_is_plain,
)


def decide(sealed: Sealed, known: Known, *, now: datetime) -> Accepted | Refused:
    """Ask every question in turn; the first refusal ends it."""
    for question in INTAKE:
        if why := question(sealed, known, now):
            return Refused(question=question.__name__, why=why)
    return Accepted(alert=sealed.alert)
