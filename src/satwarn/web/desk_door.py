"""Coming in and going out: the first link, codes, passkeys, and one's own page."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict

from satwarn.app.house import Served
from satwarn.app.office import Office
from satwarn.authority.officer import By
from satwarn.authority.rights import Role
from satwarn.errors import NotAllowed, SatwarnError
from satwarn.web.answers import see, session_cookie, status_of
from satwarn.web.desk_frame import desk_page
from satwarn.web.here import COOKIE, Actor, Req, actor_on_page, address, agent, check_origin, deed_form, here


@get("/desk/sign-in", include_in_schema=False)
async def sign_in_page(request: Req) -> Response[str]:
    """Codes for everybody, passkeys where there is JavaScript."""
    return desk_page(request, "sign_in", None, problem="")


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
    actor = actor_on_page(request)
    return desk_page(request, "me", actor, person=here(request).realm.views.roster.people[actor.name])


@post("/desk/me/codes", include_in_schema=False)
async def my_codes(request: Req) -> Response[str]:
    """A new list of codes, shown once."""
    actor, _ = await _fresh(request)
    codes = await here(request).door.make_codes(actor.name, by=actor.name)
    return desk_page(request, "codes", actor, codes=codes, name=actor.name)


@post("/desk/me/passkey/ask", include_in_schema=False, status_code=200)
async def ask_passkey(request: Req) -> dict[str, Any]:
    """What the browser asks in order to make a passkey."""
    actor, _ = await _fresh(request)
    return here(request).door.ask_new_passkey(actor.name)


@post("/desk/me/passkey", include_in_schema=False)
async def my_passkey(request: Req) -> Response[bytes]:
    """Keep a new passkey."""
    actor, form = await _fresh(request)
    label = str(form.get("label", "")) or "passkey"
    await here(request).door.enrol_passkey(actor.name, str(form.get("answer", "")), label=label)
    return see("/desk/me")


async def _fresh(request: Req) -> tuple[Actor, FormMultiDict]:
    """A form about what one agrees with; NotAllowed unless they have just signed in."""
    actor, form = await deed_form(request)
    if actor.session:
        here(request).door.check_fresh(actor.session)
    return actor, form


HANDLERS = (
    sign_in_page,
    sign_in,
    ask_sign_in,
    sign_out,
    first_page,
    first,
    me,
    my_codes,
    ask_passkey,
    my_passkey,
)
