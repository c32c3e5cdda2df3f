"""Where a request stands: which realm, which session, which language. What every handler asks first."""

import hashlib
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import HTTPException

from satwarn.app.house import House, Served
from satwarn.app.public import choose_language
from satwarn.app.sign_in import Session
from satwarn.authority.officer import Officer
from satwarn.authority.roster import ApiKey
from satwarn.errors import NotAllowed

COOKIE = "satwarn_desk"
Req = Request[Any, Any, Any]


class NotHere(HTTPException):
    """A Host header that names nobody we serve."""

    status_code = 421
    detail = "this hub does not answer to that name"


class TwoHosts(HTTPException):
    """A request for two names at once: a proxy before us may have read the other one."""

    status_code = 400
    detail = "says more than once which host it is for"


class SignInFirst(HTTPException):
    """A page of the console without a session."""

    status_code = 401
    detail = "sign in first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: a person in a session, or a person's program with a key."""

    officer: Officer
    session: Session | None = None
    key: ApiKey | None = None

    @property
    def name(self) -> str:
        """As the ledger names them."""
        return self.officer.name

    def check_may(self, deed: str) -> None:
        """NotAllowed unless the role carries the deed, and the key its scope."""
        self.officer.check_may(deed)
        if self.key and deed not in self.key.scopes:
            raise NotAllowed(f"this key may not {deed}", where="scope", fix=f"it may: {', '.join(self.key.scopes)}")


def house_of(request: Req) -> House:
    """The house behind the application."""
    house: House = request.app.state.house
    return house


def here(request: Req) -> Served:
    """The realm this request speaks to, by its Host header."""
    if len(request.headers.getall("host", [])) > 1:
        raise TwoHosts
    found = house_of(request).named(request.headers.get("host", ""))
    if found is None:
        raise NotHere
    return found


def address(request: Req) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else ""


def agent(request: Req) -> str:
    """A fingerprint of the browser, to which a session is bound."""
    return hashlib.sha256(request.headers.get("user-agent", "").encode()).hexdigest()


def language_of(request: Req, offered: tuple[str, ...]) -> str:
    """The language asked for (`?lang=`), else the first the browser accepts."""
    return choose_language(
        request.query_params.get("lang", ""), request.headers.get("accept-language", ""), offered=offered
    )


def session_of(request: Req) -> Session | None:
    """The session of this browser, if there is one."""
    return here(request).door.session(request.cookies.get(COOKIE, ""), agent=agent(request))


def actor_on_page(request: Req) -> Actor:
    """Who looks at a page of the console; SignInFirst when nobody is signed in."""
    session = session_of(request)
    if session is None:
        raise SignInFirst
    return Actor(officer=here(request).realm.views.roster.officer(session.person), session=session)


def actor_of_program(request: Req) -> Actor:
    """Whose program this is, by its key (`Authorization: Bearer …`)."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise SignInFirst(detail="send a key: Authorization: Bearer …")
    served = here(request)
    key = served.door.by_key(secret, address=address(request))
    return Actor(officer=served.realm.views.roster.officer(key.person), key=key)


def check_origin(request: Req) -> None:
    """NotAllowed when another site sent this form (the browser says whence it comes)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("this form came from another site", where="origin")
    origin = request.headers.get("origin", "")
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise NotAllowed("this form came from another site", where="origin")
    if origin == "null":
        raise NotAllowed("this form came from nowhere", where="origin")


async def deed_form(request: Req) -> tuple[Actor, FormMultiDict]:
    """Who sends a form of the console, and the form; NotAllowed unless their own page made it."""
    check_origin(request)
    actor = actor_on_page(request)
    form = await request.form()
    if actor.session is None or not compare_digest(str(form.get("csrf", "")).encode(), actor.session.csrf.encode()):
        raise NotAllowed("this form is not from a page of yours, or the page is old", fix="open the page again")
    return actor, form
