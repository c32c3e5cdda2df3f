"""A partner's alert: asked the hub's questions, kept as it came, proposed; under a standing order, issued.

What goes out without people must be signed. What only a key vouches for waits for people, whatever an order says.
"""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace

from satwarn.alert import seal
from satwarn.alert.alert import Alert, MsgType
from satwarn.alert.chain import Ending, ending_of
from satwarn.alert.lifecycle import LIVE, OPEN, State
from satwarn.alert.purpose import FRAME_PARAMETER
from satwarn.alert.seal import Sealed, Trust, Verdict, draft_digest
from satwarn.app.coding import with_frames
from satwarn.app.deeds import next_subject
from satwarn.app.realm import Realm
from satwarn.app.realm_views import ReceivedRow, Said
from satwarn.authority import ending
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Sort
from satwarn.authority.roster import ApiKey
from satwarn.authority.standing import Standing
from satwarn.errors import BadAlert, NotAllowed, Ours, OutOfTurn
from satwarn.hub.intake import Known, Refused, decide

WAITS_FOR_ONE = frozenset({State.PROPOSED, State.AGREED})
"""A proposal nobody has made their own: its source may still take it back."""
SCOPE: Mapping[MsgType, str] = {MsgType.ALERT: "propose", MsgType.UPDATE: "update", MsgType.CANCEL: "clear"}
"""What a partner's key must be good for."""
REFUSALS: Mapping[str, type[Ours]] = {
    "references_exist": OutOfTurn,
    "sent_in_time": OutOfTurn,
    "not_heard_before": OutOfTurn,
    "purpose_is_plain": BadAlert,
}
"""What kind of trouble a badly answered question is; NotAllowed where it is not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of it.

    `subject` is the proposal it became ("" = none), `warning` the one it is about, `does` what it says of it, `order`
    that under which it went out ("" = it waits for people), `remark` why an order did not let it out.
    """

    subject: str
    identifier: str
    does: Said = Said.BEGINS
    warning: str = ""
    order: str = ""
    remark: str = ""
    repeated: bool = False


async def take(realm: Realm, data: bytes, *, key: ApiKey | None = None) -> Taken:
    """Take a partner's message in: durable before the answer. `key` is the program's, if it showed one.

    NotAllowed for who may not say it, OutOfTurn for what comes at the wrong time or speaks of what we do not know.
    """
    sealed = await asyncio.to_thread(_vouched, realm, data, key)
    signed = sealed.signer != _by(key)
    taken = await realm.do(lambda: _keep(realm, sealed, data))
    if not taken.subject or taken.repeated or not signed or taken.does is Said.GOES_ON:
        return taken
    order = _order(realm, taken.subject, sealed.alert.sender)
    if order is None:
        return taken
    try:
        await realm.issue(taken.subject, by=sealed.alert.sender, order=order)
    except (NotAllowed, OutOfTurn) as error:
        return replace(taken, remark=error.what)  # it is durable, and people see it
    return replace(taken, order=order.name)


# ── who speaks ───────────────────────────────────────────────────────────────────────────────────


def _by(key: ApiKey | None) -> str:
    return f"key {key.id}" if key else "nobody"


def _vouched(realm: Realm, data: bytes, key: ApiKey | None) -> Sealed:
    """The message, and who stands for it: a certificate we know, or else the key that brought it."""
    trust = Trust.of([(one.sender, one.certificate.encode()) for one in list(realm.views.partners.values())])
    sealed = seal.verify(data, trust, at=realm.now())
    if key is None:
        return sealed
    alert, unsigned = sealed.received.alert, sealed.verdict is Verdict.NONE
    if alert.sender != key.person:
        if not unsigned:
            return sealed  # a signature speaks for itself, whoever brings it
        raise NotAllowed(f"this key is {key.person}'s, and the message says it is from {alert.sender}", where="sender")
    scope = SCOPE.get(alert.msg_type, alert.msg_type)
    if scope not in key.scopes:
        raise NotAllowed(f"this key may not {scope}", where="scope", fix=f"it may: {', '.join(sorted(key.scopes))}")
    realm.views.roster.officer(key.person).check_may(scope)
    return replace(sealed, verdict=Verdict.TRUSTED, signer=_by(key)) if unsigned else sealed


# ── what it says ─────────────────────────────────────────────────────────────────────────────────


def _keep(realm: Realm, sealed: Sealed, data: bytes) -> Taken:
    """On the ledger's thread: answer the questions, keep the bytes, propose."""
    alert = sealed.alert
    subject = f"received/{alert.sender}/{alert.identifier}/{alert.sent.isoformat()}"
    if known := realm.views.received.get(subject):
        if known.digest != draft_digest(alert):
            raise OutOfTurn("came before with other content", where=alert.identifier, fix="give it a new identifier")
        return Taken(subject="", identifier=alert.identifier, does=known.does, warning=known.warning, repeated=True)
    senders = frozenset(realm.views.partners) | ({alert.sender} if sealed.signer.startswith("key ") else frozenset())
    heard = frozenset(row.key for row in realm.views.received.values())
    answer = decide(sealed, Known(senders=senders, heard=heard), now=realm.now())
    if isinstance(answer, Refused):
        raise REFUSALS.get(answer.question, NotAllowed)(f"refused: {answer.why}", where=answer.question)
    taken = _read(realm, alert)
    with realm.ledger.work():
        body = _bytes(data) | {
            "sender": alert.sender,
            "by": sealed.signer,
            "digest": draft_digest(alert),
            "does": taken.does.value,
            "warning": taken.subject or taken.warning,
            "about": taken.warning,
        }
        realm.record("receive", subject, body, by=alert.sender)
        _propose(realm, alert, taken)
    return taken


def _bytes(data: bytes) -> dict[str, str]:
    """The very bytes, as text where they are UTF-8."""
    try:
        return {"cap": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def bytes_of(body: Mapping[str, str]) -> bytes:
    """The bytes of a received message, from the body of its entry."""
    return base64.b64decode(body["base64"]) if "base64" in body else body.get("cap", "").encode()


def _read(realm: Realm, alert: Alert) -> Taken:
    """What a message will do, decided before anything is written."""
    if alert.msg_type is MsgType.ALERT:
        name = next_subject(realm, "p")
        return Taken(subject=name, identifier=alert.identifier, warning=name)
    if alert.msg_type not in (MsgType.UPDATE, MsgType.CANCEL):
        raise BadAlert(f"{alert.msg_type} is not taken here", where="msgType", fix="Alert, Update or Cancel")
    about = _about(realm, alert)
    if about.state not in LIVE | OPEN:
        raise OutOfTurn(f"is {about.state}, so nothing can follow on it", where=about.subject, fix="send a new Alert")
    if about.said.status is not alert.status:
        raise OutOfTurn(f"{alert.status} cannot follow on {about.said.status}", where="status")
    if alert.msg_type is MsgType.UPDATE:
        does, name = Said.GOES_ON, next_subject(realm, "u")
    elif ending_of(alert) is Ending.ALL_CLEAR and about.state in LIVE:
        does, name = Said.IS_OVER, next_subject(realm, "c")
    else:
        does, name = Said.TAKEN_BACK, ""
    return Taken(subject=name, identifier=alert.identifier, does=does, warning=about.subject)


def _about(realm: Realm, alert: Alert) -> Standing:
    """The one warning its references lead to."""
    if stranger := next((one.sender for one in alert.references if one.sender != alert.sender), ""):
        raise NotAllowed(f"{alert.sender} may not speak of what {stranger} sent", where="references")
    rows = {row.key: row for row in realm.views.received.values()}
    named = [rows[one.key] for one in alert.references]
    roots = {_root(realm, row) for row in named}
    if len(roots) > 1:
        raise OutOfTurn("speaks of several warnings at once", where="references", fix="one message for each")
    (root,) = roots
    last = max((row for row in rows.values() if _root(realm, row) == root), key=lambda row: row.key[2])
    if alert.sent <= last.key[2]:
        raise OutOfTurn(
            f"was sent at {alert.sent.isoformat()}, not after {last.key[1]}, the last you said of it",
            where="sent",
            fix="send what holds now as a new message",
        )
    return realm.views.warnings[root]


def _root(realm: Realm, row: ReceivedRow) -> str:
    return realm.views.warnings[row.warning].follows or row.warning


def _propose(realm: Realm, alert: Alert, taken: Taken) -> None:
    """Lay it before people; what it overtakes is taken away from them."""
    desk, now, by = realm.desk, realm.now(), alert.sender
    if taken.does is Said.BEGINS:
        desk.propose(_ours(realm, alert), subject=taken.subject, by=by, now=now)
        return
    about = realm.views.warnings[taken.warning]
    for waiting in (about, *realm.views.following(about.subject)):
        if waiting.state in WAITS_FOR_ONE and waiting.proposed_by == by:
            desk.withdraw(subject=waiting.subject, by=by, reason=alert.identifier, now=now)
    if taken.does is Said.IS_OVER:
        over = replace(ending.ending_of(about.said, Ending.ALL_CLEAR, about.chain, zone=realm.settings.zone), source=by)
        desk.propose(with_frames(over), subject=taken.subject, by=by, now=now, follows=about.subject)
    elif taken.does is Said.GOES_ON and about.state in LIVE:
        update = replace(_ours(realm, alert), msg_type=MsgType.UPDATE, references=about.chain)
        desk.propose(update, subject=taken.subject, by=by, now=now, follows=about.subject, does="update")
    elif taken.does is Said.GOES_ON:  # people were told nothing yet, so to them it is the first
        desk.propose(_ours(realm, alert), subject=taken.subject, by=by, now=now)


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
            msg_type=MsgType.ALERT,
            infos=infos,
            references=(),
        )
    )


def _order(realm: Realm, subject: str, source: str) -> StandingOrder | None:
    """The first standing order in force under which it may go out."""
    for kept in realm.views.kept(Sort.ORDER):
        order = kept.order
        if order is None:
            continue
        try:
            order.check(realm.views.warnings[subject].alert, source=source, now=realm.now())
        except NotAllowed:
            continue
        return order
    return None
