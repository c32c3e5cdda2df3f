"""A partner's signed alert: asked the hub's questions, kept as it came, proposed; under a standing order, issued."""

from dataclasses import dataclass, replace

from satwarn.alert import seal
from satwarn.alert.alert import Alert, MsgType
from satwarn.alert.purpose import FRAME_PARAMETER
from satwarn.alert.seal import Sealed, Trust
from satwarn.app.coding import with_frames
from satwarn.app.deeds import next_subject
from satwarn.app.realm import Realm
from satwarn.authority.desk import Issued
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Sort
from satwarn.errors import BadAlert, NotAllowed
from satwarn.hub.intake import Known, Refused, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of it: the proposal's name, and the order under which it went out ("" = it waits for people)."""

    subject: str
    identifier: str
    order: str = ""
    repeated: bool = False


async def take(realm: Realm, data: bytes) -> Taken:
    """Take a partner's alert in: durable before the answer. NotAllowed names the question that was answered badly."""
    partners = dict(realm.views.partners)
    trust = Trust.of([(one.sender, one.certificate.encode()) for one in partners.values()])
    sealed = seal.verify(data, trust, at=realm.now())
    subject = f"received/{sealed.alert.sender}/{sealed.alert.identifier}/{sealed.alert.sent.isoformat()}"

    def keep() -> Taken:
        if any(entry.kind == "receive" for entry in realm.ledger.of(subject)):
            return Taken(subject="", identifier=sealed.alert.identifier, repeated=True)
        known = Known(senders=frozenset(partners), heard=frozenset(realm.views.heard))
        answer = decide(sealed, known, now=realm.now())
        if isinstance(answer, Refused):
            raise NotAllowed(f"refused: {answer.why}", where=answer.question)
        return _propose(realm, sealed, subject, data)

    taken = await realm.do(keep)
    if taken.subject and (order := _order(realm, taken.subject, sealed.alert.sender)):
        await issue_under(realm, taken.subject, order)
        return replace(taken, order=order.name)
    return taken


def _propose(realm: Realm, sealed: Sealed, subject: str, data: bytes) -> Taken:
    with realm.ledger.work():
        body = {"cap": data.decode("utf-8", errors="surrogateescape").encode("utf-8", "replace").decode()}
        realm.record("receive", subject, body | {"sender": sealed.alert.sender}, by=sealed.alert.sender)
        if sealed.alert.msg_type is not MsgType.ALERT:
            raise BadAlert(f"{sealed.alert.msg_type} of a partner is not taken yet", where="msgType")
        name = next_subject(realm, "p")
        realm.desk.propose(_ours(realm, sealed.alert), subject=name, by=sealed.alert.sender, now=realm.now())
    return Taken(subject=name, identifier=sealed.alert.identifier)


def _ours(realm: Realm, alert: Alert) -> Alert:
    """The partner's words as our own alert: its source named, its frames made anew."""
    infos = tuple(
        replace(info, parameters=tuple(one for one in info.parameters if one.value_name != FRAME_PARAMETER))
        for info in alert.infos
    )
    return with_frames(
        replace(
            alert,
            sender=realm.settings.sender,
            source=alert.sender,
            sent=realm.now().replace(microsecond=0),
            infos=infos,
            references=(),
        )
    )


def _order(realm: Realm, subject: str, source: str) -> StandingOrder | None:
    """The first standing order in force under which it may go out."""
    proposed = realm.views.warnings[subject].alert
    for kept in realm.views.kept(Sort.ORDER):
        order = kept.order
        if order is None:
            continue
        try:
            order.check(proposed, source=source, now=realm.now())
        except NotAllowed:
            continue
        return order
    return None


async def issue_under(realm: Realm, subject: str, order: StandingOrder) -> Issued:
    """Put a proposal on the air without a person, as two people ordered beforehand."""
    by = realm.views.warnings[subject].proposed_by
    issued = await realm.do(
        lambda: realm.desk.issue(subject=subject, by=by, seal=realm.seal, now=realm.now(), order=order)
    )
    await realm.send(issued)
    return issued
