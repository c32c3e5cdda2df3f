"""The API about appointments: whatever lets somebody do more than before takes two administrators (decision 10)."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from satwarn.app.office import Appointed, Office
from satwarn.authority.appointing import Appointment
from satwarn.authority.prepared import Prepared, Sort, Stage, sign_statement
from satwarn.web.api_keeping import Held, RevokeBody, SignBody, held_of, roles_of
from satwarn.web.api_warnings import KEY, assent_of
from satwarn.web.here import Req, actor_of_program, here


class AppointmentBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who is appointed to what."""

    name: str
    roles: list[str]
    jurisdiction: Held
    title: str = ""


class PartnerBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whose signed alerts are taken as proposals, and over what they may speak."""

    sender: str
    certificate: str
    jurisdiction: Held


class AppointedBody(msgspec.Struct, kw_only=True):
    """What came of it. `code` lets somebody new in once; while it `waits` for another administrator, it is the first
    half of that code, and `statement` is what an assent to the `digest` is given to."""

    name: str
    code: str
    waits: bool
    digest: str = ""
    statement: str = ""


class ProposedBody(msgspec.Struct, kw_only=True):
    """An appointment that two administrators make: to what (`now` is what they may without it, null for somebody new),
    and how far it has come."""

    name: str
    title: str
    roles: list[str]
    jurisdiction: Held
    certificate: str
    now: dict[str, Any] | None
    stage: Stage
    proposed_by: str
    digest: str
    statement: str


def _appointed(request: Req, name: str, done: Appointed) -> AppointedBody:
    waits = done.waits
    return AppointedBody(
        name=name,
        code=done.code,
        waits=waits is not None,
        digest=waits.digest if waits else "",
        statement=_statement(request, waits) if waits else "",
    )


def _statement(request: Req, one: Prepared) -> str:
    return sign_statement(one, sender=here(request).realm.settings.sender).decode()


def _proposed(request: Req, one: Prepared) -> ProposedBody:
    body = one.body or {}
    return ProposedBody(
        **{name: body[name] for name in ("name", "title", "roles", "certificate")},
        jurisdiction=msgspec.convert(body["jurisdiction"], Held),
        now=body["before"],
        stage=one.stage,
        proposed_by=one.written_by,
        digest=one.digest,
        statement=_statement(request, one) if one.stage is Stage.WRITTEN else "",
    )


def _office(request: Req) -> Office:
    served = here(request)
    return Office(served.realm, served.door)


@post("/api/people", tags=["people"], security=KEY, summary="Appoint somebody, or propose it")
async def appoint(request: Req, data: JSONBody[AppointmentBody]) -> AppointedBody:
    """At once where it lets nobody do more than before, and where there is no other administrator."""
    (actor := actor_of_program(request)).check_may("appoint")
    wanted = Appointment(
        name=data.name, roles=roles_of(data.roles), jurisdiction=held_of(data.jurisdiction), title=data.title
    )
    return _appointed(request, data.name, await _office(request).appoint(wanted, by=actor.name))


@post("/api/partners", tags=["partners"], security=KEY, summary="Take a sender's signed alerts as proposals")
async def trust(request: Req, data: JSONBody[PartnerBody]) -> AppointedBody:
    """They propose; only a standing order signed by two lets anything out without people. Appointed by two, as people
    are."""
    (actor := actor_of_program(request)).check_may("appoint")
    held = held_of(data.jurisdiction)
    done = await _office(request).trust_partner(data.sender, data.certificate, held, by=actor.name)
    return _appointed(request, data.sender, done)


@get("/api/appointments", tags=["people"], security=KEY, summary="Appointments that two administrators make")
async def appointments(request: Req) -> list[ProposedBody]:
    """By name, the last of each."""
    actor_of_program(request).check_may("read")
    return [_proposed(request, one) for one in here(request).realm.views.kept(Sort.APPOINTMENT)]


@post("/api/appointments/{name:str}/agree", tags=["people"], security=KEY, summary="Agree to what another proposed")
async def agree(request: Req, name: FromPath[str], data: JSONBody[SignBody]) -> AppointedBody:
    """With an assent to the `statement`. For somebody new `code` is the second half; the proposer has the first."""
    (actor := actor_of_program(request)).check_may("sign appointment")
    assent = assent_of(data.assent)
    return _appointed(
        request, name, await _office(request).agree(name, digest=data.digest, by=actor.name, assent=assent)
    )


@post("/api/appointments/{name:str}/withdraw", tags=["people"], security=KEY, summary="Take a proposal back")
async def withdraw(request: Req, name: FromPath[str], data: JSONBody[RevokeBody]) -> ProposedBody:
    """One's own or another's, alone, while it waits."""
    (actor := actor_of_program(request)).check_may("revoke appointment")
    return _proposed(request, await _office(request).withdraw(name, reason=data.reason, by=actor.name))


HANDLERS = (appoint, trust, appointments, agree, withdraw)
