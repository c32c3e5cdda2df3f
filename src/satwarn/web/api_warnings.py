"""The API about warnings: everything the console can do, typed, for programs with a key."""

import asyncio
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import ServerSentEvent

from satwarn.alert import cap
from satwarn.alert.alert import Alert, MsgType
from satwarn.app.coding import with_frames
from satwarn.app.compose import Composed, Said, compose
from satwarn.app.deeds import SCOPES, Asked, announce_drill, begin, carry_out, next_subject
from satwarn.app.launch_desk import take_report
from satwarn.app.partner_intake import take
from satwarn.app.preview import preview
from satwarn.app.realm import Realm
from satwarn.authority.officer import Assent, By
from satwarn.authority.standing import Standing
from satwarn.errors import BadAlert, BadMessage, Missing
from satwarn.web.here import Req, actor_of_program, here
from satwarn.web.public_pages import stream

OF_PROGRAMS = (By.KEY, By.PASSKEY, By.CODE)
"""By what an assent may come with a request; a single sign-on is a browser's."""
KEY: list[dict[str, list[str]]] = [{"key": []}]


class Text(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What one language says."""

    headline: str = ""
    description: str = ""
    instruction: str = ""


class Draft(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A warning as an officer fills it in: `codes` are JIS X 0401 or 0402, shapes as CAP writes them."""

    hazard: str
    purpose: str
    severity: str
    minutes: int
    said: dict[str, Text]
    urgency: str = "Immediate"
    certainty: str = "Likely"
    codes: list[str] = []
    polygons: list[str] = []
    circles: list[str] = []
    confirmed: list[str] = []


class Proof(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An assent: by `key` (Ed25519 signature in hex under `statement`), `passkey` (assertion as JSON) or `code`."""

    by: str
    proof: str


class DeedBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What comes with a deed; which of it is needed depends on the deed. `together` names the all-clears of other
    tracks, each with its digest, that go out with the one issued."""

    digest: str = ""
    typed: str = ""
    reason: str = ""
    assent: Proof | None = None
    at_once: bool = False
    together: dict[str, str] = {}


class Follow(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What shall follow on a warning: `update` or `clear`; with `draft`, what an update says."""

    does: str
    draft: Draft | None = None


class DrillBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A drill to announce: its name, and between which times (at most twelve hours) its frames may sound."""

    name: str
    armed_from: datetime
    armed_until: datetime


class Stands(msgspec.Struct, kw_only=True):
    """Where a warning stands; `statement` is what an approver signs."""

    subject: str
    state: str
    digest: str
    statement: str
    authors: list[str]
    approved: list[str]
    proposed_by: str
    follows: str
    way: str
    stale: list[str]
    identifier: str
    paths: list[str]
    review_open: bool
    cap: str


class TrackBody(msgspec.Struct, kw_only=True):
    """Another live warning of the same danger for the same people; the all-clear prepared for it, whether two people
    agreed to it, and its digest."""

    warning: str
    clear: str
    digest: str
    agreed: bool


class AdviceBody(msgspec.Struct, kw_only=True):
    """What would make it better understood, by its rule, and in which language it lies. It stops nothing."""

    rule: str
    language: str
    what: str
    fix: str


class PreviewBody(msgspec.Struct, kw_only=True):
    """What will happen if it goes out. An all-clear has to wait for `tracks`, or takes them along (`together`)."""

    rings: str
    heard: list[dict[str, Any]]
    payloads: list[str]
    lost: list[str]
    codes: list[str]
    municipalities: int
    sites: int
    down: list[str]
    faulty: list[str]
    notes: dict[str, str]
    changed: list[dict[str, str]]
    tracks: list[TrackBody]
    advice: list[AdviceBody]


class TakenBody(msgspec.Struct, kw_only=True):
    """What came of a partner's message: the proposal it became, what it says (begins, goes on, is over, taken back) of
    which warning, and the order under which it went out, or why that did not let it out."""

    subject: str
    identifier: str
    does: str
    warning: str
    order: str
    remark: str
    repeated: bool


def shown(stands: Standing) -> Stands:
    """Where a warning stands, as programs are told."""
    return Stands(
        subject=stands.subject,
        state=stands.state,
        digest=stands.digest,
        statement=stands.statement.decode(),
        authors=sorted(stands.authors),
        approved=list(stands.approved),
        proposed_by=stands.proposed_by,
        follows=stands.follows,
        way=stands.agreement.way,
        stale=sorted(stands.stale),
        identifier=stands.said.identifier if stands.signed else "",
        paths=list(stands.paths),
        review_open=stands.review_open,
        cap=(stands.signed or stands.draft).decode(),
    )


def composed(draft: Draft) -> Composed:
    """The form behind a draft."""
    return Composed(
        hazard=draft.hazard,
        purpose=draft.purpose,
        severity=draft.severity,
        urgency=draft.urgency,
        certainty=draft.certainty,
        minutes=draft.minutes,
        codes=tuple(draft.codes),
        polygons=tuple(draft.polygons),
        circles=tuple(draft.circles),
        said={
            tag: Said(headline=one.headline, description=one.description, instruction=one.instruction)
            for tag, one in draft.said.items()
        },
    )


def known(realm: Realm, subject: str) -> Standing:
    """A warning by its name; Missing when there is none."""
    if subject not in realm.views.warnings:
        raise Missing("there is no warning of this name", where=subject[:80], fix="GET /api/warnings lists them")
    return realm.views.warnings[subject]


@get("/api/warnings", tags=["warnings"], security=KEY, summary="Every warning, by state if asked")
async def warnings(request: Req, standing: FromQuery[str] = "") -> list[Stands]:
    """Newest first."""
    actor_of_program(request).check_may("read")
    found = sorted(here(request).realm.views.warnings.values(), key=lambda one: one.last, reverse=True)
    return [shown(one) for one in found if not standing or one.state == standing][:500]


@post("/api/warnings", tags=["warnings"], security=KEY, summary="Draft a warning")
async def draft(request: Req, data: JSONBody[Draft]) -> Stands:
    """Begin a warning; nothing leaves by this."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may("draft")
    alert = await asyncio.to_thread(compose, composed(data), sender=realm.settings.sender, now=realm.now())

    return shown(await begin(realm, alert, by=actor.name))


@post("/api/warnings/cap", tags=["warnings"], security=KEY, summary="Draft a warning from CAP XML (as the body)")
async def draft_cap(request: Req) -> Stands:
    """The CAP's words and areas as our own draft; identifier, sender and time become ours."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may("draft")
    data = await request.body()
    read = cap.read(data).alert
    alert = await asyncio.to_thread(with_frames, _as_ours(realm, read))

    return shown(await begin(realm, alert, by=actor.name))


def _as_ours(realm: Realm, read: Alert) -> Alert:
    if read.msg_type is not MsgType.ALERT:
        raise BadAlert(f"{read.msg_type} cannot begin a warning", where="msgType", fix="follow on one that is on air")
    return replace(read, sender=realm.settings.sender, identifier="draft", sent=realm.now().replace(microsecond=0))


@get("/api/warnings/{subject:str}", tags=["warnings"], security=KEY, summary="One warning")
async def one(request: Req, subject: FromPath[str]) -> Stands:
    """Where it stands."""
    actor_of_program(request).check_may("read")
    return shown(known(here(request).realm, subject))


@put("/api/warnings/{subject:str}", tags=["warnings"], security=KEY, summary="Put other content in a draft's place")
async def change(request: Req, subject: FromPath[str], data: JSONBody[Draft]) -> Stands:
    """An approval given before no longer counts."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may("change")
    stands = known(realm, subject)
    onset = stands.alert.infos[0].onset if stands.follows and stands.alert.infos else None
    alert = await asyncio.to_thread(compose, composed(data), sender=realm.settings.sender, now=realm.now(), onset=onset)
    confirmed = frozenset(data.confirmed)
    return shown(
        await realm.do(
            lambda: realm.desk.change(alert, subject=subject, by=actor.name, now=realm.now(), confirmed=confirmed)
        )
    )


@get("/api/warnings/{subject:str}/preview", tags=["warnings"], security=KEY, summary="What will happen if it goes out")
async def previewed(request: Req, subject: FromPath[str]) -> PreviewBody:
    """As received, on every path, with what is lost."""
    actor_of_program(request).check_may("read")
    realm = here(request).realm
    found = await asyncio.to_thread(preview, known(realm, subject), realm.views, dict(realm.sky.sites))
    return PreviewBody(
        rings=found.rings,
        heard=[{"language": h.language, "lines": list(h.lines), "short": h.short, "long": h.long} for h in found.heard],
        payloads=list(found.coded.payloads),
        lost=list(found.coded.lost),
        codes=list(found.codes),
        municipalities=found.municipalities,
        sites=found.sites,
        down=list(found.down),
        faulty=list(found.faulty),
        notes=dict(found.notes),
        changed=[{"path": d.path, "before": d.before, "after": d.after} for d in found.changed],
        advice=[msgspec.convert(asdict(one), AdviceBody) for one in found.advice],
        tracks=[
            TrackBody(
                warning=one.warning.subject,
                clear=one.clear.subject if one.clear else "",
                digest=one.clear.digest if one.clear else "",
                agreed=one.is_agreed,
            )
            for one in found.tracks
        ],
    )


@post("/api/warnings/{subject:str}/follow", tags=["warnings"], security=KEY, summary="Draft an update or an all-clear")
async def follow(request: Req, subject: FromPath[str], data: JSONBody[Follow]) -> Stands:
    """What shall follow on a warning that is on the air."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may("draft")
    if data.does not in ("update", "clear"):
        raise BadAlert(f"{data.does[:40]!r} is none of them", where="does", fix="update or clear")
    parent = known(realm, subject)
    said = parent.said.infos[0].onset if parent.said.infos else None
    alert = (
        await asyncio.to_thread(
            compose, composed(data.draft), sender=realm.settings.sender, now=realm.now(), onset=said
        )
        if data.draft and data.does == "update"
        else None
    )

    def following() -> Standing:
        name = next_subject(realm, data.does)
        return realm.desk.follow(alert, warning=subject, does=data.does, subject=name, by=actor.name, now=realm.now())

    return shown(await realm.do(following))


@post("/api/warnings/{subject:str}/announce", tags=["warnings"], security=KEY, summary="Draft a drill's announcement")
async def announce(request: Req, subject: FromPath[str], data: JSONBody[DrillBody]) -> Stands:
    """The plan for an exercise that is drafted: once agreed on and issued, people read of it and receivers are armed.
    Retracting the plan says that the drill is cancelled."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may("draft")
    known(realm, subject)
    if data.armed_from.tzinfo is None or data.armed_until.tzinfo is None:
        raise BadAlert(
            "needs an offset from UTC", where="armed_from, armed_until", fix="a time like 2026-05-20T10:00:00+09:00"
        )
    begins, ends = (at.replace(microsecond=0) for at in (data.armed_from, data.armed_until))
    return shown(await announce_drill(realm, subject, name=data.name, begins=begins, ends=ends, by=actor.name))


@post(
    "/api/warnings/{subject:str}/{deed:str}",
    tags=["warnings"],
    security=KEY,
    status_code=200,
    summary="A deed: submit, approve, issue, unlock, retract, …",
)
async def deed(request: Req, subject: FromPath[str], deed: FromPath[str], data: JSONBody[DeedBody]) -> Stands:
    """The lifecycle's table says which deed may follow which."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may(SCOPES.get(deed, deed))
    known(realm, subject)
    if data.at_once:
        actor.check_may("issue")
    asked = Asked(
        by=actor.name,
        digest=data.digest,
        typed=data.typed,
        reason=data.reason[:500],
        assent=assent_of(data.assent),
        at_once=data.at_once,
        together=data.together,
    )
    return shown(await carry_out(realm, subject, deed, asked))


def assent_of(given: Proof | None) -> Assent | None:
    """The assent that came with a request, if one did."""
    if given is None:
        return None
    if given.by not in OF_PROGRAMS:
        raise BadAlert(f"{given.by[:40]!r} is none of them", where="assent", fix=f"one of {', '.join(OF_PROGRAMS)}")
    try:
        proof = bytes.fromhex(given.proof) if given.by == By.KEY else given.proof.encode()
    except ValueError:
        raise BadAlert("is not hex", where="assent.proof", fix="the Ed25519 signature as 128 hex digits") from None
    return Assent(by=By(given.by), proof=proof)


@post("/api/alerts", tags=["partners"], summary="A partner's CAP (as the body): proposed, or issued under order")
async def partner(request: Req) -> Response[TakenBody]:
    """Alert, Update or Cancel. The signature says who speaks; a key (scopes propose, update, clear) may stand for an
    unsigned one, which then always waits for people. 202: durable, and waiting or out under a standing order; 200:
    known already; 409: it speaks of what we do not know, or comes too late.
    """
    data = await request.body()
    if not data:
        raise BadMessage("is empty", where="body", fix="send one signed CAP 1.2 alert as XML")
    key = actor_of_program(request).key if request.headers.get("authorization") else None
    taken = await take(here(request).realm, data, key=key)
    return Response(msgspec.convert(asdict(taken), TakenBody), status_code=200 if taken.repeated else 202)


@post("/api/launch-reports", tags=["warnings"], security=KEY, summary="A launch report (as the body): its proposal")
async def launch_report(request: Req) -> Stands:
    """Proposed for two to agree on at once when a machine sends it, an officer's draft when they do."""
    actor = actor_of_program(request)
    if "propose" not in (actor.key.scopes if actor.key else ()):
        actor.check_may("draft")
    return shown(await take_report(here(request).realm, await request.body(), by=actor.name))


@get("/api/events", tags=["warnings"], security=KEY, summary="Server-sent events: every new entry of the ledger")
async def events(request: Req) -> ServerSentEvent:
    """Deed, subject and time of each; bodies are in the ledger."""
    actor, roster = actor_of_program(request), here(request).realm.views.roster
    actor.check_may("read")

    def still() -> bool:
        key = roster.api_keys.get(actor.key.id) if actor.key else None
        return bool(key and key.holds(here(request).realm.now()) and key.person in roster)

    return ServerSentEvent(stream(request, frozenset(), still=still))


HANDLERS = (warnings, draft, draft_cap, one, change, previewed, follow, announce, deed, partner, launch_report, events)
