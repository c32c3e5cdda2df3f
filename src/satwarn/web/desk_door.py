"""Coming in and going out: the first link, codes, passkeys, and one's own page."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict

from satwarn.app.house import Served
from satwarn.app.office import Office
from satwarn.authority.officer import By
from satwarn.authority.rights import Role, deeds
from satwarn.errors import NotAllowed, SatwarnError
from satwarn.web.answers import see, session_cookie, status_of
from satwarn.web.desk_frame import desk_page
from satwarn.web.here import COOKIE, Actor, Req, actor_on_page, address, agent, check_origin, deed_form, here


@get("/desk/sign-in", include_in_schema=False)
async def sign_in_page(request: Req) -> Response[str]:
    """Codes for everybody, passkeys where there is JavaScript."""
    return desk_page(request, "sign_in", None, problem="", nobody_yet=bool(here(request).door.first_token()))


@post("/desk/sign-in", include_in_schema=False)
async def sign_in(request: Req) -> Response[Any]:
    """Come in by a one-time code, or by a passkey's answer."""
    check_origin(request)
    served, form = here(request), await request.form()
    try:
        if answer := str(form.get("answer", "")):
            person, by = await served.door.by_passkey(answer, address=address(request)), By.PASSKEY
        else:
            code = str(form.get("code", ""))
            person, by = await served.door.by_code(code, address=address(request)), By.CODE
    except NotAllowed as error:
        return desk_page(request, "sign_in", None, problem=error.what, status=status_of(error))
    return _in(request, served, person.officer.name, by)


def _in(request: Req, served: Served, person: str, by: By) -> Response[bytes]:
    served.door.end(request.cookies.get(COOKIE, ""))
    token, _ = served.door.begin(person, agent=agent(request), by=by)
    known = served.realm.views.roster.people[person]
    path = "/desk" if known.passkeys or known.codes else "/desk/me"
    return see(path, cookie=session_cookie(token, secure=request.url.scheme == "https"))


@post("/desk/sign-in/ask", include_in_schema=False, status_code=200)
async def ask_sign_in(request: Req) -> dict[str, Any]:
    """What the browser asks its passkeys."""
    check_origin(request)
    return here(request).door.ask_passkey()


@post("/desk/sign-out", include_in_schema=False)
async def sign_out(request: Req) -> Response[bytes]:
    """Forget this session."""
    await deed_form(request)
    here(request).door.end(request.cookies.get(COOKIE, ""))
    return see("/desk/sign-in", cookie=session_cookie("", secure=request.url.scheme == "https", ends=True))


@get("/desk/first", include_in_schema=False)
async def first_page(request: Req) -> Response[str]:
    """The printed link: looking at it spends nothing."""
    token = request.query_params.get("token", "")
    here(request).door.check_first(token)
    return desk_page(request, "first", None, token=token, problem="", roles=list(Role))


@post("/desk/first", include_in_schema=False)
async def first(request: Req) -> Response[str]:
    """Appoint the first administrator, show their codes once, and let them in."""
    check_origin(request)
    served, form = here(request), await request.form()
    token, name = str(form.get("token", "")), str(form.get("name", "")).strip()
    roles = frozenset(Role(role) for role in form.getall("role", []) if role in set(Role))
    try:
        codes = await Office(served.realm, served.door).first(token, name, roles)
    except SatwarnError as error:
        return desk_page(
            request, "first", None, token=token, problem=error.what, roles=list(Role), status=status_of(error)
        )
    secret, _ = served.door.begin(name, agent=agent(request), by=By.CODE)
    answer = desk_page(request, "codes", None, codes=codes, name=name)
    answer.cookies.append(session_cookie(secret, secure=request.url.scheme == "https"))
    return answer


@get("/desk/me", include_in_schema=False)
async def me(request: Req) -> Response[str]:
    """One's own codes, passkeys and keys."""
    return _me(request, actor_on_page(request), None, "")


def _me(request: Req, actor: Actor, problem: SatwarnError | None, secret: str) -> Response[str]:
    roster = here(request).realm.views.roster
    return desk_page(
        request,
        "me",
        actor,
        person=roster.people[actor.name],
        keys=[key for key in list(roster.api_keys.values()) if key.person == actor.name],
        deeds=[deed for deed in deeds() if actor.officer.may(deed)],
        secret=secret,
        problem=problem,
        status=status_of(problem) if problem else 200,
    )


async def _fresh_form(request: Req) -> tuple[Actor, FormMultiDict]:
    actor, form = await deed_form(request)
    here(request).door.check_fresh(actor.session)
    return actor, form


@post("/desk/me/keys", include_in_schema=False)
async def my_keys(request: Req) -> Response[Any]:
    """Make a key for a program of one's own, shown once, or revoke one."""
    actor, form = await deed_form(request)
    served = here(request)
    office = Office(served.realm, served.door)
    try:
        if number := str(form.get("id", "")):
            await office.revoke_key(number, by=actor.name)
            return see("/desk/me")
        served.door.check_fresh(actor.session)
        days, scopes = str(form.get("days", "")), frozenset(map(str, form.getall("scope", [])))
        wanted = int(days) if days.isdecimal() and len(days) < 4 else 0
        _, secret = await office.make_key(actor.name, scopes, by=actor.name, days=wanted)
    except SatwarnError as error:
        return _me(request, actor, error, "")
    return _me(request, actor, None, secret)


@post("/desk/me/codes", include_in_schema=False)
async def my_codes(request: Req) -> Response[str]:
    """A new list of codes, shown once."""
    actor, _ = await _fresh_form(request)
    codes = await here(request).door.make_codes(actor.name, by=actor.name)
    return desk_page(request, "codes", actor, codes=codes, name=actor.name)


@post("/desk/me/passkey/ask", include_in_schema=False, status_code=200)
async def ask_passkey(request: Req) -> dict[str, Any]:
    """What the browser asks in order to make a passkey."""
    actor, _ = await _fresh_form(request)
    return here(request).door.ask_new_passkey(actor.name)


@post("/desk/me/passkey", include_in_schema=False)
async def my_passkey(request: Req) -> Response[bytes]:
    """Keep a new passkey."""
    actor, form = await _fresh_form(request)
    label = str(form.get("label", "")) or "passkey"
    await here(request).door.enrol_passkey(actor.name, str(form.get("answer", "")), label=label)
    return see("/desk/me")


HANDLERS = (
    sign_in_page,
    sign_in,
    ask_sign_in,
    sign_out,
    first_page,
    first,
    me,
    my_keys,
    my_codes,
    ask_passkey,
    my_passkey,
)
