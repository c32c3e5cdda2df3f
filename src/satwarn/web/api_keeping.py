"""The API about people, keys, partners, templates, orders, sites and the ledger."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from satwarn.alert.supply import SupplyKind
from satwarn.app import supplying
from satwarn.app.compose import template_of
from satwarn.app.office import Office
from satwarn.app.site_enrolment import enrol, renew, to_json
from satwarn.app.site_list import ground_summary, listed, taken
from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Prepared, Sort, Stage, content_of, sign_statement
from satwarn.authority.rights import Role
from satwarn.errors import BadAlert, NotAllowed
from satwarn.ledger import checkpoint
from satwarn.ledger.head import Head
from satwarn.ledger.kinds import chosen
from satwarn.web.api_warnings import KEY, Draft, Proof, assent_of, composed
from satwarn.web.here import Actor, Req, actor_of_program, address, here


class Held(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A jurisdiction; "*" among hazards or areas means every one."""

    hazards: list[str]
    areas: list[str]
    purposes: list[str]
    paths: list[str]


class KeyWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A key for a person's program: which deeds, for how many days."""

    person: str
    scopes: list[str]
    days: int = 90


class PublicKeyBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The public half of one's own Ed25519 key, 64 hex digits, and the assent to what a refusal without one names."""

    public_key: str
    assent: Proof | None = None


class FirstBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The secret of the printed link, and who the first administrator is; what else they shall be."""

    token: str
    name: str
    roles: list[str] = []


class CodeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A one-time code of one's own, what the key it becomes shall do, and, if this person shall approve by signature,
    the public half of their Ed25519 key (64 hex digits)."""

    code: str
    scopes: list[str]
    days: int = 90
    public_key: str = ""


class OrderBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A standing order."""

    name: str
    sources: list[str]
    jurisdiction: Held
    valid_from: datetime
    valid_until: datetime
    most_places: int
    assent: Proof | None = None


class SupplyBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What receivers shall keep: PEM certificates by sender, or texts by language; and fingerprints to revoke."""

    name: str
    kind: SupplyKind
    files: dict[str, str] = {}
    revoked: list[str] = []
    days: int = 30
    assent: Proof | None = None


class TemplateBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A template: a draft without any place."""

    name: str
    draft: Draft


class SignBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The digest of what was read, and an assent to its statement."""

    digest: str = ""
    assent: Proof | None = None


class RevokeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why it is revoked."""

    reason: str = ""


class CheckpointBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The auditor's signature (hex) under `satwarn checkpoint POSITION SEAL`."""

    position: int
    seal: str
    signature: str


class SiteBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A place, by code."""

    code: str


def _office(request: Req) -> Office:
    served = here(request)
    return Office(served.realm, served.door)


def _may(request: Req, deed: str) -> Actor:
    actor = actor_of_program(request)
    actor.check_may(deed)
    return actor


def held_of(held: Held) -> Jurisdiction:
    """The jurisdiction a request names; BadAlert or BadArea says what of it nobody knows."""
    try:
        return Jurisdiction.from_json(msgspec.to_builtins(held))
    except ValueError as error:
        raise BadAlert(str(error), where="jurisdiction") from None


def roles_of(names: list[str]) -> frozenset[Role]:
    """The roles a request names; BadAlert for one that nobody knows."""
    try:
        return frozenset(map(Role, names))
    except ValueError as error:
        raise BadAlert(str(error), where="roles", fix=f"some of {', '.join(Role)}") from None


def _kept(request: Req, one: Prepared) -> dict[str, Any]:
    sender = here(request).realm.settings.sender
    return {
        "name": one.name,
        "stage": one.stage,
        "version": one.version,
        "written_by": one.written_by,
        "content": content_of(one.body),
        "digest": one.digest,
        "statement": sign_statement(one, sender=sender).decode() if one.stage is Stage.WRITTEN else "",
        "in_force": content_of(one.in_force),
        "in_force_version": one.in_force_version,
        "signed_by": list(one.signed_by),
        "extreme": one.extreme,
    }


@get("/api/people", tags=["people"], security=KEY, summary="Who is appointed to what")
async def people(request: Req) -> list[dict[str, Any]]:
    """Names, roles and jurisdiction; no secrets, not even hashed."""
    _may(request, "read")
    return [
        {
            "name": name,
            "roles": sorted(one.officer.roles),
            "jurisdiction": one.officer.jurisdiction.to_json(),
            "dismissed": one.dismissed,
            "appointed_by": list(one.appointed_by),
            "alone": one.alone,
        }
        for name, one in sorted(here(request).realm.views.roster.people.items())
    ]


@delete("/api/people/{name:str}", tags=["people"], security=KEY, summary="Dismiss somebody")
async def dismiss(request: Req, name: FromPath[str]) -> None:
    """Their codes, passkeys and keys stop working at once."""
    actor = _may(request, "dismiss")
    await _office(request).dismiss(name, by=actor.name)


@post("/api/first", tags=["people"], summary="The first administrator, by the printed link")
async def first(request: Req, data: JSONBody[FirstBody]) -> dict[str, Any]:
    """Works once. Answers with their one-time codes, shown once."""
    codes = await _office(request).first(data.token, data.name, roles_of(data.roles))
    return {"name": data.name, "codes": list(codes)}


@post("/api/sign-in", tags=["people"], summary="A one-time code becomes a key for one's own program")
async def sign_in(request: Req, data: JSONBody[CodeBody]) -> dict[str, str]:
    """The code is spent; the secret is shown this once."""
    name, number, secret = await _office(request).make_key_by_code(
        data.code,
        frozenset(data.scopes),
        days=data.days,
        public_key=data.public_key,
        address=address(request),
    )
    return {"person": name, "id": number, "secret": secret}


@post("/api/keys", tags=["people"], security=KEY, summary="Make a key for a program")
async def make_key(request: Req, data: JSONBody[KeyWish]) -> dict[str, str]:
    """For oneself, with no more than this key may; an administrator also for a machine. Shown this once."""
    actor = actor_of_program(request)
    actor.check_may("make key" if data.person != actor.name else "read")
    if actor.key and data.person == actor.name and (more := frozenset(data.scopes) - actor.key.scopes):
        raise NotAllowed(f"this key may not {', '.join(sorted(more))}", where="scopes", fix="sign in by a code")
    number, secret = await _office(request).make_key(data.person, frozenset(data.scopes), by=actor.name, days=data.days)
    return {"id": number, "secret": secret}


@post("/api/keys/rotate", tags=["people"], security=KEY, summary="Exchange this key for a new one")
async def rotate_key(request: Req) -> dict[str, str]:
    """The same deeds, a new secret; the old one stops working."""
    actor = actor_of_program(request)
    if actor.key is None:
        raise BadAlert("is no key", where="authorization")
    office = _office(request)
    number, secret = await office.make_key(actor.key.person, actor.key.scopes, by=actor.name)
    await office.revoke_key(actor.key.id, by=actor.name)
    return {"id": number, "secret": secret}


@delete("/api/keys/{number:str}", tags=["people"], security=KEY, summary="Revoke a key")
async def revoke_key(request: Req, number: FromPath[str]) -> None:
    """One's own, or with that right anybody's."""
    actor = actor_of_program(request)
    await _office(request).revoke_key(number, by=actor.name)


@post("/api/me/key", tags=["people"], security=KEY, summary="Name the Ed25519 key you approve with", status_code=204)
async def show_key(request: Req, data: JSONBody[PublicKeyBody]) -> None:
    """Only its public half ever reaches the hub. Needs a key that may approve, and your own assent beside it."""
    actor = _may(request, "approve")
    await _office(request).show_key(data.public_key, assent_of(data.assent), by=actor.name)


@get("/api/templates", tags=["prepared"], security=KEY, summary="Templates")
async def templates(request: Req) -> list[dict[str, Any]]:
    """By name, with the version in force."""
    _may(request, "read")
    return [_kept(request, one) for one in here(request).realm.views.kept(Sort.TEMPLATE)]


@post("/api/templates", tags=["prepared"], security=KEY, summary="Write a template; somebody else signs it")
async def write_template(request: Req, data: JSONBody[TemplateBody]) -> dict[str, Any]:
    """A new version; the one in force stays until this one is signed."""
    actor, realm = _may(request, "write template"), here(request).realm
    _check_name(data.name)
    alert = template_of(composed(data.draft), sender=realm.settings.sender, now=realm.now())
    return _kept(
        request, await realm.do(lambda: realm.shelf.write_template(data.name, alert, by=actor.name, now=realm.now()))
    )


@get("/api/orders", tags=["prepared"], security=KEY, summary="Standing orders")
async def orders(request: Req) -> list[dict[str, Any]]:
    """By name, with the version in force."""
    _may(request, "read")
    return [_kept(request, one) for one in here(request).realm.views.kept(Sort.ORDER)]


@post("/api/orders", tags=["prepared"], security=KEY, summary="Write a standing order; somebody else signs it")
async def write_order(request: Req, data: JSONBody[OrderBody]) -> dict[str, Any]:
    """It counts for nothing until a second person has signed it. Asked without an assent, the answer (403) names the
    statement to sign."""
    actor, realm = _may(request, "write order"), here(request).realm
    _check_name(data.name)
    if data.valid_from.tzinfo is None or data.valid_until.tzinfo is None:
        raise BadAlert("needs an offset from UTC", where="valid_from", fix="a time like 2026-05-20T10:00:00+09:00")
    order = StandingOrder(
        name=data.name,
        sources=frozenset(data.sources),
        jurisdiction=held_of(data.jurisdiction),
        valid_from=data.valid_from,
        valid_until=data.valid_until,
        most_places=data.most_places,
    )
    assent = assent_of(data.assent)
    return _kept(
        request,
        await realm.do(lambda: realm.shelf.write_order(order, by=actor.name, now=realm.now(), assent=assent)),
    )


@get("/api/supplies", tags=["prepared"], security=KEY, summary="Supplies for receivers")
async def supplies(request: Req) -> list[dict[str, Any]]:
    """By name, with the version in force; while it is sent, its serial, how many of the enrolled sites have it (or a
    newer one), and how many do not say."""
    _may(request, "read")
    sent = taken(here(request))
    return [
        {**_kept(request, one), "taken": asdict(sent[one.subject]) if one.subject in sent else None}
        for one in here(request).realm.views.kept(Sort.SUPPLY)
    ]


@post("/api/supplies", tags=["prepared"], security=KEY, summary="Write a supply; another administrator signs it")
async def write_supply(request: Req, data: JSONBody[SupplyBody]) -> dict[str, Any]:
    """Certificates (PEM by sender), fingerprints to revoke, or texts (TOML by language). Asked without an assent, the
    answer (403) names the statement to sign."""
    actor, realm = _may(request, "write supply"), here(request).realm
    _check_name(data.name)
    body = supplying.content(realm, data.kind, data.files, revoked=data.revoked, days=data.days)
    written = await supplying.write(realm, data.name, body, by=actor.name, assent=assent_of(data.assent))
    return _kept(request, written)


@post("/api/{sort:str}/{name:str}/sign", tags=["prepared"], security=KEY, summary="Put in force what another wrote")
async def sign(request: Req, sort: FromPath[str], name: FromPath[str], data: JSONBody[SignBody]) -> dict[str, Any]:
    """`sort` is templates, orders or supplies; `statement` in their list is what an assent is given to."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may(f"sign {(which := _sort(sort))}")
    assent = assent_of(data.assent)
    if which is Sort.SUPPLY:
        return _kept(request, await supplying.sign(realm, name, digest=data.digest, by=actor.name, assent=assent))
    return _kept(
        request,
        await realm.do(
            lambda: realm.shelf.sign(which, name, digest=data.digest, by=actor.name, now=realm.now(), assent=assent)
        ),
    )


@post("/api/{sort:str}/{name:str}/revoke", tags=["prepared"], security=KEY, summary="The kill switch")
async def revoke(request: Req, sort: FromPath[str], name: FromPath[str], data: JSONBody[RevokeBody]) -> dict[str, Any]:
    """One person, at once. `sort` is templates, orders or supplies."""
    actor, realm = actor_of_program(request), here(request).realm
    actor.check_may(f"revoke {(which := _sort(sort))}")
    if which is Sort.SUPPLY:
        return _kept(request, await supplying.revoke(realm, name, reason=data.reason, by=actor.name))
    return _kept(
        request,
        await realm.do(lambda: realm.shelf.revoke(which, name, reason=data.reason, by=actor.name, now=realm.now())),
    )


def _sort(word: str) -> Sort:
    sorts = {"templates": Sort.TEMPLATE, "orders": Sort.ORDER, "supplies": Sort.SUPPLY}
    if word not in sorts:
        raise BadAlert(f"{word[:40]!r} is none of them", where="sort", fix="templates, orders or supplies")
    return sorts[word]


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > 60 or not name.isprintable() or "/" in name:
        raise BadAlert(f"{name[:60]!r} is no name", where="name", fix="1 to 60 printable characters without /")


@get("/api/sites", tags=["sites"], security=KEY, summary="Sites and their state")
async def sites(request: Req) -> list[dict[str, Any]]:
    """Simulated and enrolled ones; of these also whether the line stands, since when, what they say is wrong, and which
    supplies they hold (null: they do not say)."""
    _may(request, "read")
    return [
        {
            "code": one.code,
            "state": one.state,
            "line": one.line,
            "since": one.since,
            "version": one.version,
            "note": one.note,
            "faults": dict(one.faults),
            "holds": one.holds and {kind: asdict(supply) for kind, supply in one.holds.items()},
        }
        for one in listed(here(request))
    ]


@get("/api/ground", tags=["sites"], security=KEY, summary="The ground path: whether it stands, and who is on it")
async def ground(request: Req) -> dict[str, Any]:
    """`up` is false, with the reason, while its process is down or the realm has none."""
    _may(request, "read")
    found = ground_summary(here(request))
    if found is None:
        return {"up": False, "why": "this realm has no ground path"}
    return {
        "up": found.up,
        "why": found.why,
        "since": found.since.isoformat(),
        "port": found.port,
        "restarts": found.restarts,
        "enrolled": found.enrolled,
        "connected": found.connected,
        "faulty": found.faulty,
        "refused": [{"site": site, "why": why, "at": at.isoformat()} for site, why, at in found.refused],
    }


@post("/api/sites", tags=["sites"], security=KEY, summary="Invite a receiver by a one-time code")
async def invite(request: Req, data: JSONBody[SiteBody]) -> dict[str, str]:
    """The code is typed in at the receiver."""
    actor = _may(request, "enrol site")
    return {"code": data.code, "invitation": await _office(request).invite_site(data.code, by=actor.name)}


class MarkBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether a site is known to be `down`, or `up` again, and why."""

    state: str
    note: str = ""


@post("/api/sites/{code:str}/mark", tags=["sites"], security=KEY, summary="Say that a site is down", status_code=204)
async def mark_site(request: Req, code: FromPath[str], data: JSONBody[MarkBody]) -> None:
    """Or up again: whoever approves is told of it beforehand."""
    actor = _may(request, "mark site")
    await _office(request).mark_site(code, data.state, data.note, by=actor.name)


class Enrolment(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A receiver's one-time code, its signing request (PKCS#10, PEM, P-256), and its version."""

    code: str
    request: str
    version: str


class Renewal(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A site's present certificate, a new request, and its signature (hex) under it with the present key."""

    certificate: str
    request: str
    proof: str
    version: str


@post("/api/enrolments", tags=["sites"], summary="A receiver enrols by its one-time code")
async def enrol_site(request: Req, data: JSONBody[Enrolment]) -> dict[str, Any]:
    """Its certificate, and what it shall trust. The code is the only secret needed, and is spent."""
    found = await enrol(here(request).realm, code=data.code, request=data.request, version=data.version)
    return to_json(found)


@post("/api/enrolments/renew", tags=["sites"], summary="A receiver renews its certificate")
async def renew_site(request: Req, data: JSONBody[Renewal]) -> dict[str, Any]:
    """The present certificate stops counting as soon as the new one has been used on the ground."""
    try:
        proof = bytes.fromhex(data.proof)
    except ValueError:
        raise BadAlert("is not hex", where="proof", fix="an ECDSA signature as hex digits") from None
    found = await renew(
        here(request).realm, certificate=data.certificate, request=data.request, proof=proof, version=data.version
    )
    return to_json(found)


@delete("/api/sites/{code:str}", tags=["sites"], security=KEY, summary="Revoke a site")
async def revoke_site(request: Req, code: FromPath[str]) -> None:
    """Its certificate and invitation count no more."""
    actor = _may(request, "revoke site")
    await _office(request).revoke_site(code, by=actor.name)


@get("/api/ledger", tags=["ledger"], security=KEY, summary="A page of the ledger, newest first")
async def page(
    request: Req,
    before: FromQuery[int] = 0,
    limit: FromQuery[int] = 100,
    subject: FromQuery[str] = "",
    kinds: FromQuery[list[str] | None] = None,
) -> list[dict[str, Any]]:
    """`before` is the position of the last one seen; at most 1,000 at once. `kinds` are single kinds of entries, or
    deeds, deliveries, receipts, notes; it may come several times."""
    _may(request, "read")
    if not (0 <= before < 2**62 and 0 < limit <= 1000):
        raise BadAlert("out of range", where="before, limit", fix="before from 0, limit 1 to 1000")
    found = here(request).realm.reader.page(before=before, limit=limit, subject=subject, kinds=chosen(kinds or ()))
    return [asdict(entry) for entry in found]


@get("/api/ledger/head", tags=["ledger"], security=KEY, summary="Where the chain ends, and what an auditor signs")
async def head(request: Req) -> dict[str, Any]:
    """Position, seal, and the statement for a checkpoint."""
    _may(request, "read")
    found = here(request).realm.reader.head
    return {"position": found.position, "seal": found.seal, "statement": checkpoint.statement(found).decode()}


@post("/api/ledger/checkpoints", tags=["ledger"], security=KEY, summary="Keep the auditor's signature under the chain")
async def keep_checkpoint(request: Req, data: JSONBody[CheckpointBody]) -> dict[str, int]:
    """The auditor's key never reaches the hub."""
    actor, realm = _may(request, "checkpoint"), here(request).realm
    try:
        signature = bytes.fromhex(data.signature)
    except ValueError:
        raise BadAlert("is not hex", where="signature", fix="an Ed25519 signature as 128 hex digits") from None
    at = Head(position=data.position, seal=data.seal)

    def work() -> int:
        with realm.ledger.work() as work:
            found = realm.ledger.page(before=at.position + 1, limit=1) if 0 < at.position < 2**62 else []
            if not found or (found[0].position, found[0].seal) != (at.position, at.seal):
                raise BadAlert("is not in this chain", where="position, seal", fix="read the head again")
            return work.record(checkpoint.record(at, signature, by=actor.name, at=realm.now())).position

    return {"entry": await realm.do(work)}


@get(
    "/api/ledger/export",
    tags=["ledger"],
    security=KEY,
    summary="Every entry as JSON lines",
    media_type="application/jsonl",
)
async def export(request: Req) -> Stream:
    """What `satwarn ledger verify EXPORT --key PUB` checks."""
    _may(request, "export")
    reader = here(request).realm.reader

    async def lines() -> AsyncIterator[bytes]:
        for entry in reader.since():
            yield msgspec.json.encode(entry) + b"\n"

    return Stream(lines(), media_type="application/jsonl")


HANDLERS = (
    people,
    dismiss,
    first,
    sign_in,
    make_key,
    rotate_key,
    revoke_key,
    show_key,
    templates,
    write_template,
    orders,
    write_order,
    supplies,
    write_supply,
    sign,
    revoke,
    sites,
    ground,
    invite,
    mark_site,
    enrol_site,
    renew_site,
    revoke_site,
    page,
    head,
    keep_checkpoint,
    export,
)
