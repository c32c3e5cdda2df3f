"""The console's page of templates and supplies: written by one, read and signed by another, each with their assent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath

from satwarn.alert import cap
from satwarn.alert.alert import Alert
from satwarn.alert.seal import Pinned
from satwarn.alert.supply import SupplyKind
from satwarn.app import supplying
from satwarn.app.compose import template_of
from satwarn.app.house import Served
from satwarn.app.realm import Realm
from satwarn.app.site_list import taken
from satwarn.authority.officer import Assent
from satwarn.authority.prepared import Prepared, Sort, Stage, sign_statement, write_statement
from satwarn.errors import BadAlert, Missing, NotAllowed, SatwarnError
from satwarn.web.answers import see, status_of
from satwarn.web.desk_frame import desk_page
from satwarn.web.desk_pages import CHOICES, assent_in, read_form
from satwarn.web.here import Actor, Req, actor_on_page, deed_form, here

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a second person reads before they sign: a template's alert, or a supply's certificates and texts by name."""

    kept: Prepared
    alert: Alert | None = None
    pins: tuple[Pinned, ...] = ()
    texts: Mapping[str, str] | None = None


def _reading(one: Prepared) -> Reading:
    body = one.body or {}
    if one.sort is Sort.TEMPLATE:
        return Reading(kept=one, alert=cap.read(body["cap"].encode()).alert)
    if body["kind"] == SupplyKind.TRUST:
        return Reading(kept=one, pins=tuple(Pinned.of(name, pem.encode()) for name, pem in body["files"].items()))
    return Reading(kept=one, texts=body["files"])


@get("/desk/templates", include_in_schema=False)
async def templates(request: Req) -> Response[str]:
    """What was prepared: templates, extreme ones apart."""
    return _page(request, None)


def _page(request: Req, problem: SatwarnError | None) -> Response[str]:
    views = here(request).realm.views
    kept, supplies = views.kept(Sort.TEMPLATE), views.kept(Sort.SUPPLY)
    return desk_page(
        request,
        "templates",
        actor_on_page(request),
        waiting=[_reading(one) for one in (*supplies, *kept) if one.stage is Stage.WRITTEN],
        routine=[one for one in kept if not one.extreme],
        extreme=[one for one in kept if one.extreme],
        orders=views.kept(Sort.ORDER),
        supplies=supplies,
        taken=taken(here(request)),
        problem=problem,
        status=status_of(problem) if problem else 200,
        **CHOICES,
    )


@post("/desk/templates/ask", include_in_schema=False, status_code=200)
async def ask(request: Req) -> dict[str, Any]:
    """What the browser asks a passkey, so that the person signs exactly what the page shows."""
    actor, form = await deed_form(request)
    served = here(request)
    if form.get("deed") == "write":
        return ask_to_write(served, actor, Sort.SUPPLY, name_in(form), _content(served.realm, form))
    return ask_to_sign(served, actor, _sort(form), form)


def ask_to_write(served: Served, actor: Actor, sort: Sort, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The challenge for the first of two, who writes this content."""
    found = served.realm.views.prepared.get(f"{sort}/{name}") or Prepared(sort=sort, name=name)
    return served.door.ask_assent(actor.name, write_statement(found, body, sender=served.realm.settings.sender))


def ask_to_sign(served: Served, actor: Actor, sort: Sort, form: FormMultiDict) -> dict[str, Any]:
    """The challenge for the second, who has read the version whose digest the form carries."""
    name = str(form.get("name", ""))
    found = served.realm.views.prepared.get(f"{sort}/{name}")
    if found is None:
        raise Missing("nothing of this name is prepared", where=name[:LONGEST_NAME], fix="open the page again")
    if found.digest != str(form.get("digest", "")):
        raise NotAllowed("it has changed since you read it", where=found.subject, fix="read it again, then sign")
    return served.door.ask_assent(actor.name, sign_statement(found, sender=served.realm.settings.sender))


@post("/desk/templates/{word:str}", include_in_schema=False)
async def deed(request: Req, word: FromPath[str]) -> Response[Any]:
    """Write, sign, revoke."""
    actor, form = await deed_form(request)
    try:
        await _deed(here(request).realm, word, form, assent_in(request, actor, form), by=actor.name)
    except SatwarnError as error:
        return _page(request, error)
    except ValueError as error:
        return _page(request, BadAlert(str(error), where="form"))
    return see("/desk/templates")


async def _deed(realm: Realm, word: str, form: FormMultiDict, assent: Assent | None, *, by: str) -> None:
    name, sort, digest = name_in(form), _sort(form), str(form.get("digest", ""))
    reason = str(form.get("reason", ""))[:500]
    if word == "write":
        alert = template_of(read_form(form), sender=realm.settings.sender, now=realm.now())
        await realm.do(lambda: realm.shelf.write_template(name, alert, by=by, now=realm.now()))
    elif word == "supply":
        await supplying.write(realm, name, _content(realm, form), by=by, assent=needed(assent))
    elif word == "sign" and sort is Sort.SUPPLY:
        await supplying.sign(realm, name, digest=digest, by=by, assent=needed(assent))
    elif word == "sign":
        given = needed(assent)
        await realm.do(lambda: realm.shelf.sign(sort, name, digest=digest, by=by, now=realm.now(), assent=given))
    elif word == "revoke" and sort is Sort.SUPPLY:
        await supplying.revoke(realm, name, reason=reason, by=by)
    elif word == "revoke":
        await realm.do(lambda: realm.shelf.revoke(sort, name, reason=reason, by=by, now=realm.now()))
    else:
        raise BadAlert(f"no deed {word[:40]!r}", where="templates")


def needed(assent: Assent | None) -> Assent:
    """The assent that came with a form; NotAllowed in a person's words when none did."""
    if assent is None:
        raise NotAllowed("this needs your signature", where="assent", fix="your passkey, or a one-time code")
    return assent


def name_in(form: FormMultiDict) -> str:
    """What a prepared thing is called; BadAlert when it cannot be called so."""
    name = str(form.get("name", "")).strip()
    if not name or len(name) > LONGEST_NAME or "/" in name or not name.isprintable():
        raise BadAlert(f"{name[:LONGEST_NAME]!r} is no name", where="name")
    return name


def _sort(form: FormMultiDict) -> Sort:
    return Sort.SUPPLY if form.get("sort") == Sort.SUPPLY else Sort.TEMPLATE  # orders have a page of their own


def _content(realm: Realm, form: FormMultiDict) -> dict[str, Any]:
    kind, about, text, days = (str(form.get(one, "")) for one in ("kind", "about", "text", "days"))
    if kind not in set(SupplyKind):
        raise BadAlert("is not chosen", where="kind", fix=f"one of {', '.join(SupplyKind)}")
    return supplying.content(
        realm,
        SupplyKind(kind),
        {about.strip(): text.replace("\r\n", "\n").strip() + "\n"} if text.strip() else {},
        revoked=[one for one in str(form.get("revoked", "")).splitlines() if one.strip()],
        days=int(days) if days.isdecimal() and len(days) < 6 else 0,
    )


HANDLERS = (templates, ask, deed)
