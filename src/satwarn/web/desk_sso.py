"""Coming in by a single sign-on: away to the provider, back with a code, in as whoever the provider names."""

import asyncio

from litestar import Response, get
from litestar.datastructures import Cookie

from satwarn.app.house import SSO_BACK, Served
from satwarn.app.sso import SingleSignOn
from satwarn.authority.officer import By
from satwarn.errors import Missing, SatwarnError
from satwarn.web.answers import session_cookie, status_of
from satwarn.web.desk_frame import desk_page
from satwarn.web.here import COOKIE, Req, agent, here

BROWSER = "satwarn_sso"


def _sso(served: Served) -> SingleSignOn:
    if served.sso is None:
        raise Missing("this hub knows no single sign-on", where="sign in", fix="sign in by a code or a passkey")
    return served.sso


@get("/desk/sso", include_in_schema=False)
async def away(request: Req) -> Response[bytes] | Response[str]:
    """To the provider, with a new question; nothing that the request brings decides whither."""
    sso = _sso(here(request))
    try:
        address, browser = await asyncio.to_thread(sso.begin)
    except SatwarnError as error:
        return desk_page(request, "sign_in", None, problem=error.what, status=status_of(error))
    answer = Response(b"", status_code=303, headers={"location": address, "cache-control": "no-store"})
    answer.cookies.append(_browser(browser, secure=request.url.scheme == "https"))
    return answer


@get(SSO_BACK, include_in_schema=False)
async def back(request: Req) -> Response[str]:
    """From the provider: the answer is taken once, by the browser that was sent, and only to our own console.

    It answers with a page, not a redirect: a strict cookie is not sent along a way that began at another site.
    """
    served = here(request)
    sso, browser = _sso(served), request.cookies.get(BROWSER, "")
    try:
        claims = await asyncio.to_thread(sso.claims, dict(request.query_params), browser)
        name = await sso.admit(claims)
    except SatwarnError as error:
        answer = desk_page(request, "sign_in", None, problem=error.what, status=status_of(error))
    else:
        served.door.end(request.cookies.get(COOKIE, ""))
        token, _ = served.door.begin(name, agent=agent(request), by=By.SSO)
        answer = desk_page(request, "signed_in", None, name=name)
        answer.cookies.append(session_cookie(token, secure=request.url.scheme == "https"))
    answer.cookies.append(_browser("", secure=request.url.scheme == "https", ends=True))
    return answer


def _browser(value: str, *, secure: bool, ends: bool = False) -> Cookie:
    """What binds a question to the browser it was asked in. Lax: it must come along when the provider sends it back."""
    return Cookie(
        key=BROWSER,
        value=value,
        path="/desk/sso",
        httponly=True,
        samesite="lax",
        secure=secure,
        max_age=0 if ends else 600,
    )


HANDLERS = (away, back)
