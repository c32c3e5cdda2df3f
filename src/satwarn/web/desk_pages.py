"""The console's pages about warnings: situation, compose, one warning with all its deeds, approve, on air, correct."""

import asyncio
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from satwarn.alert import cap
from satwarn.alert.alert import Certainty, Severity, Urgency
from satwarn.alert.lifecycle import LIFECYCLE, State
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import Purpose, frames_of
from satwarn.app.compose import LANGUAGES, Composed, Said, compose, form_of, spelled_codes
from satwarn.app.deeds import DEEDS, SCOPES, Asked, announce_drill, begin, carry_out, next_subject
from satwarn.app.incoming import Incoming, look_at
from satwarn.app.launch_desk import take_report
from satwarn.app.partner_intake import bytes_of
from satwarn.app.preview import preview
from satwarn.app.realm import Realm
from satwarn.app.site_view import answers, not_told_of_the_end
from satwarn.app.warning_map import collection, footprint
from satwarn.area import search
from satwarn.area.gazetteer import point_to_draw
from satwarn.area.spelled import place_of, spell, within
from satwarn.authority.hazard import hazards, is_extreme_and_real
from satwarn.authority.officer import Assent, By, approval_statement
from satwarn.authority.standing import Standing, read_draft
from satwarn.errors import BadAlert, Missing, SatwarnError
from satwarn.web import svg_map
from satwarn.web.answers import see, status_of
from satwarn.web.desk_frame import desk_page, tag_of
from satwarn.web.here import COOKIE, Actor, Req, actor_on_page, agent, deed_form, here
from satwarn.web.outcome import worst_first
from satwarn.web.public_pages import stream

LOOKING = ("show", "find")
"""What the form's buttons ask for that only look."""
MOST_FOUND = 12

CHOICES: dict[str, Any] = {
    "hazards": hazards(),
    "purposes": list(Purpose),
    "severities": list(Severity),
    "urgencies": list(Urgency),
    "certainties": list(Certainty),
    "said_in": LANGUAGES,
}


def standing(realm: Realm, subject: str) -> Standing:
    """The warning of a name; Missing for none."""
    if subject not in realm.views.warnings:
        raise Missing("there is no warning of this name", where=subject[:80], fix="look at the situation")
    return realm.views.warnings[subject]


@get("/desk", include_in_schema=False)
async def situation(request: Req) -> Response[str]:
    """What is on, what waits for whom."""
    band = here(request).realm.band
    return desk_page(request, "situation", actor_on_page(request), band=band.state() if band else None)


@get("/desk/approve", include_in_schema=False)
async def approve_page(request: Req) -> Response[str]:
    """What waits for somebody's yes."""
    return desk_page(request, "approve", actor_on_page(request))


@get("/desk/on-air", include_in_schema=False)
async def on_air(request: Req) -> Response[str]:
    """What is on the air, and what came back of it."""
    return desk_page(request, "on_air", actor_on_page(request))


@get("/desk/correct", include_in_schema=False)
async def correct(request: Req) -> Response[str]:
    """Say that something was sent in error, or that the danger is over, or say it better."""
    return desk_page(request, "correct", actor_on_page(request))


# ── compose ──────────────────────────────────────────────────────────────────────────────────────


@get("/desk/compose", include_in_schema=False)
async def compose_page(request: Req) -> Response[str]:
    """An empty form, or one begun from a template, an earlier warning (never with its area), or a partner's message."""
    actor, realm = actor_on_page(request), here(request).realm
    source = request.query_params.get("from", "")
    if source.startswith("received:"):
        return await _from_partner(request, actor, source.removeprefix("received:"))
    form, begun = _beginning(realm, source)
    return await again(request, actor, form, None, begun=begun)


async def _from_partner(request: Req, actor: Actor, subject: str) -> Response[str]:
    realm = here(request).realm
    if subject not in realm.views.received:
        raise Missing("no partner sent this", where=subject[:80], fix="look at the situation")
    (kept,) = (entry for entry in realm.reader.of(subject) if entry.kind == "receive")
    try:
        came = look_at(realm, bytes_of(kept.body))
    except SatwarnError as error:
        return await again(request, actor, Composed(), error)
    return await again(request, actor, came.form, None, incoming=came)


def _beginning(realm: Realm, source: str) -> tuple[Composed, str]:
    kind, _, name = source.partition(":")
    if kind == "template" and (kept := realm.views.prepared.get(f"template/{name}")) and kept.template:
        return form_of(kept.template), source
    if kind == "warning" and name in realm.views.warnings:
        # Texts may come back, places never: areas of an earlier drill once warned nine municipalities.
        earlier = form_of(realm.views.warnings[name].said)
        return Composed(hazard=earlier.hazard, severity=earlier.severity, said=earlier.said), source
    return Composed(), ""


@post("/desk/compose", include_in_schema=False)
async def compose_deed(request: Req) -> Response[Any]:
    """Show the form again with its map, or begin the draft."""
    actor, sent = await deed_form(request)
    realm, form = here(request).realm, read_form(sent)
    if sent.get("action") in LOOKING:
        return await again(request, actor, form, None, find=sought(sent))
    try:
        alert = await asyncio.to_thread(compose, form, sender=realm.settings.sender, now=realm.now())
        stands = await begin(realm, alert, by=actor.name)
    except SatwarnError as error:
        return await again(request, actor, form, error)
    return see(f"/desk/w/{stands.subject}")


async def again(
    request: Req,
    actor: Actor,
    form: Composed,
    problem: SatwarnError | None,
    subject: str = "",
    *,
    begun: str = "",
    stale: tuple[str, ...] = (),
    incoming: Incoming | None = None,
    find: str = "",
) -> Response[str]:
    """The form: begun from something, with what is wrong, the message it was filled in from, or places of a name."""
    realm = here(request).realm
    drawn = await asyncio.to_thread(covered, realm, form)
    sheet = svg_map.sheet_of(form.codes, [*realm.sky.sites, *realm.views.sites], drawn)
    return desk_page(
        request,
        "compose",
        actor,
        form=form,
        begun=incoming.alert.identifier if incoming else begun,
        subject=subject,
        problem=problem,
        stale=stale,
        status=status_of(problem) if problem else 200,
        incoming=incoming,
        find=find,
        found=named_places(find, tag_of(request)),
        sheet=sheet,
        drawn=drawn,
        chosen=svg_map.chosen(form.codes),
        **CHOICES,
    )


def covered(realm: Realm, form: Composed) -> dict[str, Any]:
    """What would be warned and framed if the form went out as it is; nothing while it cannot, and why."""
    try:
        return footprint(cap.write(compose(form, sender=realm.settings.sender, now=realm.now())))
    except SatwarnError as error:
        return collection((), missing=error.what, where=error.where)


def sought(sent: FormMultiDict) -> str:
    """The name that somebody looks for; nothing when they only want to see the map."""
    return str(sent.get("find", "")).strip()[:80] if sent.get("action") == "find" else ""


def named_places(name: str, tag: str) -> list[dict[str, str]]:
    """Places of that name or code, larger ones first, each with the code that the form takes."""
    found = search.find(name[:80])[:MOST_FOUND] if name.strip() else ()
    return [{"code": spell(one.scheme, one.code), "name": one.name(tag, "en")} for one in found if not one.until]


def read_form(sent: FormMultiDict) -> Composed:
    """What was filled in."""
    minutes = str(sent.get("minutes", "")).strip()
    typed = str(sent.get("more_codes", "")).replace(",", " ").split()
    return Composed(
        hazard=str(sent.get("hazard", "")),
        purpose=str(sent.get("purpose", "")),
        severity=str(sent.get("severity", "")),
        urgency=str(sent.get("urgency", "Immediate")),
        certainty=str(sent.get("certainty", "Likely")),
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0,
        codes=(*map(str, sent.getall("code", [])), *typed),
        polygons=tuple(line.strip() for line in str(sent.get("polygon", "")).splitlines() if line.strip()),
        circles=tuple(line.strip() for line in str(sent.get("circle", "")).splitlines() if line.strip()),
        said={
            tag: Said(
                headline=str(sent.get(f"headline_{tag}", "")).strip(),
                description=str(sent.get(f"description_{tag}", "")).strip(),
                instruction=str(sent.get(f"instruction_{tag}", "")).strip(),
            )
            for tag in LANGUAGES
        },
    )


@post("/desk/launch", include_in_schema=False)
async def launch_deed(request: Req) -> Response[Any]:
    """Begin from a launch report: areas, times and texts are proposed, people decide."""
    actor, sent = await deed_form(request)
    realm = here(request).realm
    try:
        purpose = Purpose(_one(Purpose, str(sent.get("purpose", ""))))
        stands = await take_report(realm, str(sent.get("report", "")).encode(), by=actor.name, purpose=purpose)
    except SatwarnError as error:
        return await again(request, actor, Composed(), error)
    return see(f"/desk/w/{stands.subject}")


def _one(kind: type[Purpose], value: str) -> str:
    if value not in set(kind):
        raise BadAlert("is not chosen", where="purpose", fix=f"one of {', '.join(kind)}")
    return value


# ── one warning ──────────────────────────────────────────────────────────────────────────────────


@get("/desk/w/{subject:str}", include_in_schema=False)
async def warning_page(request: Req, subject: FromPath[str]) -> Response[str]:
    """Everything about one warning, and every deed that is possible now."""
    actor = actor_on_page(request)
    return await _warning(request, actor, subject, None)


async def _warning(request: Req, actor: Actor, subject: str, problem: SatwarnError | None) -> Response[str]:
    realm = here(request).realm
    stands = standing(realm, subject)
    may = [word for word in DEEDS if _possible(stands, actor, word)]
    codes = spelled_codes(stands.said)
    simulated = list(realm.sky.sites)
    drawn = await asyncio.to_thread(footprint, stands.signed or stands.draft)
    sheet = svg_map.sheet_of(codes, simulated, drawn)
    return desk_page(
        request,
        "warning",
        actor,
        w=stands,
        may=may,
        own=actor.name in stands.authors or actor.name in stands.approved,
        retraction=read_draft(stands.retraction) if stands.retraction else None,
        drawn=drawn,
        shown=await asyncio.to_thread(preview, stands, realm.views, dict(realm.sky.sites)),
        problem=problem,
        typed_needed=not stands.signed and is_extreme_and_real(stands.alert),
        chosen=svg_map.chosen(codes),
        sheet=sheet,
        sites=list(sheet.dots(simulated)),
        unplaced=[code for code in simulated if within(codes)(code) and point_to_draw(place_of(code)) is None],
        received=worst_first(said := answers(stands, realm.views)),
        unended=not_told_of_the_end(said) if stands.state in (State.CLEARED, State.RETRACTED) else None,
        history=realm.reader.of(subject),
        following=realm.views.following(subject),
        alarms=realm.views.alarms_of(subject),
        plan=plan_of(stands.alert),
        parties=[one.name for one in alarm.parties] if (alarm := here(request).alarm) else [],
        sent=realm.views.sent.get(stands.said.identifier, ()),
        frames_sent=sum(realm.views.transmissions[payload] for payload in frames_of(stands.said)),
        status=status_of(problem) if problem else 200,
    )


def _possible(stands: Standing, actor: Actor, word: str) -> bool:
    deed = SCOPES.get(word, word)
    joins = deed == "issue" and bool(stands.follows)
    return ("join" if joins else deed) in LIFECYCLE[stands.state] and actor.officer.may(deed)


@post("/desk/w/{subject:str}/{word:str}", include_in_schema=False)
async def warning_deed(request: Req, subject: FromPath[str], word: FromPath[str]) -> Response[Any]:
    """Carry out a deed, then show where the warning stands."""
    actor, form = await deed_form(request)
    realm = here(request).realm
    standing(realm, subject)
    try:
        if word in ("update", "clear"):
            return await _follow(realm, subject, word, actor)
        if word == "announce":
            return await _announce(realm, subject, actor, form)
        await carry_out(realm, subject, word, _asked(request, actor, form))
    except SatwarnError as error:
        return await _warning(request, actor, subject, error)
    stands = realm.views.warnings[subject]
    return see(f"/desk/w/{stands.follows if stands.signed and stands.follows else subject}")


async def _follow(realm: Realm, subject: str, does: str, actor: Actor) -> Response[bytes]:
    stands = await realm.do(
        lambda: realm.desk.follow(
            None, warning=subject, does=does, subject=next_subject(realm, does), by=actor.name, now=realm.now()
        )
    )
    return see(f"/desk/w/{stands.subject}" + ("/edit" if does == "update" else ""))


def assent_in(request: Req, actor: Actor, form: FormMultiDict) -> Assent | None:
    """The passkey's answer or the one-time code that came with a form; else a single sign-on, where that is enough."""
    answer, code = str(form.get("answer", "")), str(form.get("code", "")).strip()
    if answer:
        return Assent(by=By.PASSKEY, proof=answer.encode())
    if code:
        return Assent(by=By.CODE, proof=code.encode())
    by_sso = here(request).sso and actor.session and actor.session.by is By.SSO
    return Assent(by=By.SSO, proof=request.cookies.get(COOKIE, "").encode()) if by_sso else None


async def _announce(realm: Realm, subject: str, actor: Actor, form: FormMultiDict) -> Response[bytes]:
    zone = realm.settings.zone
    begins, ends = (_moment(str(form.get(name, "")), zone, name) for name in ("armed_from", "armed_until"))
    name = str(form.get("name", "")).strip()
    plan = await announce_drill(realm, subject, name=name, begins=begins, ends=ends, by=actor.name)
    return see(f"/desk/w/{plan.subject}")


def _moment(typed: str, zone: tzinfo, where: str) -> datetime:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone, second=0, microsecond=0)
    except ValueError:
        raise BadAlert(f"{typed[:30]!r} is no time", where=where, fix="2026-05-20T10:00, local time") from None


def _asked(request: Req, actor: Actor, form: FormMultiDict) -> Asked:
    return Asked(
        by=actor.name,
        digest=str(form.get("digest", "")),
        typed=str(form.get("typed", "")),
        reason=str(form.get("reason", ""))[:500],
        assent=assent_in(request, actor, form),
        at_once=form.get("at_once") == "yes",
        together=dict(str(one).split(" ", 1) for one in form.getall("together", []) if " " in str(one)),
    )


@post("/desk/w/{subject:str}/ask", include_in_schema=False, status_code=200)
async def ask_assent(request: Req, subject: FromPath[str]) -> dict[str, Any]:
    """What the browser asks a passkey, so that the person agrees to exactly what the page shows."""
    actor, form = await deed_form(request)
    served = here(request)
    digest = str(form.get("digest", ""))
    taken_back = standing(served.realm, subject).taken_back.count(digest)
    return served.door.ask_assent(actor.name, approval_statement(subject, digest, taken_back))


@get("/desk/w/{subject:str}/edit", include_in_schema=False)
async def edit_page(request: Req, subject: FromPath[str]) -> Response[str]:
    """The draft in the form again."""
    actor, realm = actor_on_page(request), here(request).realm
    stands = standing(realm, subject)
    return await again(request, actor, form_of(stands.alert), None, subject, stale=tuple(sorted(stands.stale)))


@post("/desk/w/{subject:str}/edit", include_in_schema=False)
async def edit(request: Req, subject: FromPath[str]) -> Response[Any]:
    """Put other content in the draft's place."""
    actor, sent = await deed_form(request)
    realm, form = here(request).realm, read_form(sent)
    stands = standing(realm, subject)
    if sent.get("action") in LOOKING:
        return await again(request, actor, form, None, subject, find=sought(sent))
    try:
        onset = stands.alert.infos[0].onset if stands.follows and stands.alert.infos else None
        alert = await asyncio.to_thread(compose, form, sender=realm.settings.sender, now=realm.now(), onset=onset)
        confirmed = frozenset(map(str, sent.getall("confirmed", [])))
        await realm.do(
            lambda: realm.desk.change(alert, subject=subject, by=actor.name, now=realm.now(), confirmed=confirmed)
        )
    except SatwarnError as error:
        return await again(request, actor, form, error, subject)
    return see(f"/desk/w/{subject}")


@get("/desk/events", include_in_schema=False)
async def desk_events(request: Req) -> ServerSentEvent:
    """Every new entry, for pages that are open."""
    actor_on_page(request)
    await asyncio.sleep(0)
    since = request.query_params.get("since", "")[:20]
    door, token = here(request).door, request.cookies.get(COOKIE, "")
    known = int(since) if since.isdecimal() else None
    still = partial(door.lasts, token, agent=agent(request))
    return ServerSentEvent(stream(request, frozenset(), event="entry", since=known, still=still))


HANDLERS = (
    situation,
    approve_page,
    on_air,
    correct,
    compose_page,
    compose_deed,
    launch_deed,
    warning_page,
    warning_deed,
    ask_assent,
    edit_page,
    edit,
    desk_events,
)
