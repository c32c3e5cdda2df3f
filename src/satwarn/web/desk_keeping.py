"""The console's pages about people, sites and the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from satwarn.alert.purpose import Purpose
from satwarn.alert.seal import Pinned
from satwarn.app.office import Appointed, Office
from satwarn.app.site_list import listed
from satwarn.app.sso import BY
from satwarn.area import gazetteer
from satwarn.authority.appointing import Appointment
from satwarn.authority.hazard import hazards
from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.prepared import Prepared, Sort, Stage
from satwarn.authority.rights import Role
from satwarn.errors import BadAlert, SatwarnError
from satwarn.hub.enrolment import fingerprint_of
from satwarn.ledger.kinds import chosen
from satwarn.ledger.receipt import Path
from satwarn.web.answers import see, status_of
from satwarn.web.desk_frame import desk_page
from satwarn.web.desk_pages import assent_in
from satwarn.web.desk_prepared import ask_to_sign, needed
from satwarn.web.here import Req, actor_on_page, deed_form, here

PAGE = 100
VIEWS = {
    "": "All entries",
    "deeds": "Deeds only",
    "deliveries": "What left",
    "receipts": "What sites did",
    "notes": "Notes of the hub",
}
"""The views of the ledger (`ledger/kinds`), and what each is called."""


@get("/desk/people", include_in_schema=False)
async def people(request: Req) -> Response[str]:
    """Who is appointed to what."""
    return _people(request, None)


def _people(request: Req, problem: SatwarnError | None, code: str = "", half: str = "") -> Response[str]:
    realm = here(request).realm
    waiting = [one for one in realm.views.kept(Sort.APPOINTMENT) if one.stage is Stage.WRITTEN and one.body]
    return desk_page(
        request,
        "people",
        actor_on_page(request),
        people=sorted(realm.views.roster.people.items()),
        waiting=[_reading(one) for one in waiting],
        by_sso=BY,
        keys=sorted(realm.views.roster.api_keys.values(), key=lambda key: key.person),
        roles=[role for role in Role if role is not Role.MACHINE],
        hazards=hazards(),
        purposes=list(Purpose),
        paths=list(Path),
        prefectures=gazetteer.prefectures(),
        problem=problem,
        code=code,
        half=half,
        status=status_of(problem) if problem else 200,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a second administrator reads before they agree: to what somebody shall be appointed, and what they are."""

    kept: Prepared
    wanted: Appointment
    present: Appointment | None
    pin: Pinned | None


def _reading(one: Prepared) -> Reading:
    body = one.body or {}
    present = Appointment.from_json({**body, **body["before"]}) if body["before"] else None
    wanted = Appointment.from_json(body)
    pin = Pinned.of(wanted.name, wanted.certificate.encode()) if wanted.certificate else None
    return Reading(kept=one, wanted=wanted, present=present, pin=pin)


@post("/desk/people/ask", include_in_schema=False, status_code=200)
async def ask(request: Req) -> dict[str, Any]:
    """What the browser asks a passkey, so that an administrator agrees to exactly what the page shows."""
    actor, form = await deed_form(request)
    return ask_to_sign(here(request), actor, Sort.APPOINTMENT, form)


@post("/desk/people/{word:str}", include_in_schema=False)
async def people_deed(request: Req, word: FromPath[str]) -> Response[Any]:
    """Appoint, agree to or withdraw an appointment, dismiss, revoke a key."""
    actor, form = await deed_form(request)
    served = here(request)
    office, name = Office(served.realm, served.door), str(form.get("name", "")).strip()
    done, half = Appointed(), ""
    try:
        if word == "appoint":
            held = Jurisdiction.from_json(
                {
                    "hazards": form.getall("hazard", []),
                    "areas": form.getall("area", []),
                    "purposes": form.getall("purpose", []),
                    "paths": form.getall("path", []),
                }
            )
            roles = frozenset(Role(role) for role in form.getall("role", []))
            wanted = Appointment(name=name, roles=roles, jurisdiction=held, title=str(form.get("title", "")))
            # A screen that was left open must not become a second person: see `check_fresh`.
            done = await office.appoint(
                wanted, by=actor.name, check_alone=lambda: served.door.check_fresh(actor.session)
            )
            half = "first" if done.waits else ""
        elif word == "agree":
            digest, assent = str(form.get("digest", "")), needed(assent_in(request, actor, form))
            done, half = await office.agree(name, digest=digest, by=actor.name, assent=assent), "second"
        elif word == "withdraw":
            await office.withdraw(name, reason=str(form.get("reason", ""))[:500], by=actor.name)
        elif word == "dismiss":
            await office.dismiss(name, by=actor.name)
        elif word == "revoke-key":
            await office.revoke_key(str(form.get("id", "")), by=actor.name)
        else:
            raise BadAlert(f"no deed {word[:40]!r}", where="people")
    except SatwarnError as error:
        return _people(request, error)
    except ValueError as error:
        return _people(request, BadAlert(str(error), where="form"))
    return _people(request, None, done.code, half) if done.code else see("/desk/people")


@get("/desk/sites", include_in_schema=False)
async def sites(request: Req) -> Response[str]:
    """Which sites there are, which are known to be down."""
    return _sites(request, None, "")


def _sites(request: Req, problem: SatwarnError | None, code: str) -> Response[str]:
    realm = here(request).realm
    wanted = request.query_params.get("find", "")
    rows = sorted(listed(here(request), wanted), key=lambda one: not one.is_bad)
    return desk_page(
        request,
        "sites",
        actor_on_page(request),
        rows=rows[:200],
        total=len(rows),
        down=[row for row in list(realm.views.sites.values()) if row.known_down and row.state != "revoked"],
        authority=fingerprint_of(realm.site_authority.certificate_pem),
        origin=here(request).origin,
        troubles=realm.sky.troubles[-5:],
        find=wanted,
        problem=problem,
        code=code,
        status=status_of(problem) if problem else 200,
    )


@post("/desk/sites/{word:str}", include_in_schema=False)
async def site_deed(request: Req, word: FromPath[str]) -> Response[Any]:
    """Invite a receiver, revoke it, or mark a site down or up."""
    actor, form = await deed_form(request)
    served = here(request)
    office, site, code = Office(served.realm, served.door), str(form.get("site", "")).strip(), ""
    try:
        if word == "invite":
            code = await office.invite_site(site, by=actor.name)
        elif word == "revoke":
            await office.revoke_site(site, by=actor.name)
        else:
            await office.mark_site(site, word, str(form.get("note", "")), by=actor.name)
    except SatwarnError as error:
        return _sites(request, error, "")
    return _sites(request, None, code) if code else see("/desk/sites")


@get("/desk/ledger", include_in_schema=False)
async def ledger(request: Req) -> Response[str]:
    """Every entry, or those of some kinds or about one subject, newest first."""
    actor, realm = actor_on_page(request), here(request).realm
    asked_for = [one for one in request.query_params.getall("kinds", []) if one]
    asked = request.query_params.get("before", "0")
    before = int(asked) if asked.isdecimal() and len(asked) < 16 else 0
    subject = request.query_params.get("subject", "")
    entries = realm.reader.page(before=before, limit=PAGE, subject=subject, kinds=(kinds := chosen(asked_for)))
    return desk_page(
        request,
        "ledger",
        actor,
        entries=entries,
        head=realm.reader.head,
        subject=subject,
        asked_for=asked_for,
        kinds=kinds,
        choices=VIEWS,
        address=_ledger,
        full=len(entries) == PAGE,
    )


def _ledger(subject: str, kinds: Sequence[str], before: int = 0) -> str:
    """Where entries about a subject, or of some kinds, are shown."""
    said = [*([("subject", subject)] if subject else []), *(("kinds", one) for one in kinds if one)]
    said += [("before", str(before))] if before else []
    return f"/desk/ledger?{urlencode(said)}" if said else "/desk/ledger"


HANDLERS = (people, ask, people_deed, sites, site_deed, ledger)
