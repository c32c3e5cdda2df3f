"""How errors and pages are answered: problem+json for programs, a plain page for people, the same headers for all."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope

from satwarn import errors
from satwarn.app.sign_in import TooMany
from satwarn.web.here import COOKIE, Req, SignInFirst, here, language_of
from satwarn.web.render import CONSOLE_LANGUAGES, page, teller

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer a browser says "Origin: null" for our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=(), publickey-credentials-get=(self)",
}

STATUS: tuple[tuple[type[errors.SatwarnError], int], ...] = (
    (TooMany, 429),
    (errors.NotAllowed, 403),
    (errors.OutOfTurn, 409),
    (errors.Missing, 404),
    (errors.Ours, 422),
    (errors.BadSignature, 403),
    (errors.Theirs, 400),
)


class Problem(msgspec.Struct, kw_only=True):
    """A problem as RFC 9457 tells it, with where it lies and what to do."""

    title: str
    status: int
    detail: str = ""
    where: str = ""
    fix: str = ""


def status_of(error: errors.SatwarnError) -> int:
    """The HTTP status of one of our errors."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def _problem(status: int, title: str, *, where: str = "", fix: str = "") -> Response[bytes]:
    body = msgspec.json.encode(Problem(title=title, status=status, where=where, fix=fix))
    return Response(body, status_code=status, media_type="application/problem+json")


def _wants_page(request: Req) -> bool:
    path = request.url.path
    return path == "/" or path.startswith(("/desk", "/warning"))


def ours(request: Req, error: errors.SatwarnError) -> Response[Any]:
    """One of our errors, to whoever asked."""
    status = status_of(error)
    if request.url.path.startswith("/desk/") and request.url.path.endswith("/ask"):
        return _told(request, error)  # a script asks, and puts the answer beside the button
    if _wants_page(request):
        return trouble(request, status, error.what, where=error.where, fix=error.fix)
    return _problem(status, error.what, where=error.where, fix=error.fix)


def _told(request: Req, error: errors.SatwarnError) -> Response[str]:
    tell = teller(language_of(request, CONSOLE_LANGUAGES))
    text = ": ".join(tell(one) for one in (error.what, error.fix) if one)
    return Response(text, status_code=status_of(error), media_type=MediaType.TEXT)


def theirs(request: Req, error: HTTPException) -> Response[Any]:
    """An error of the request itself."""
    if isinstance(error, SignInFirst) and _wants_page(request):
        return Response(b"", status_code=303, headers={"location": "/desk/sign-in"})
    title = error.detail if error.status_code < 500 else "something broke here"
    if _wants_page(request):
        return trouble(request, error.status_code, title)
    return _problem(error.status_code, title)


def trouble(request: Req, status: int, what: str, *, where: str = "", fix: str = "") -> Response[str]:
    """A plain page that says what is wrong and what to do."""
    tag = language_of(request, CONSOLE_LANGUAGES)
    try:
        world = here(request).world.value
    except HTTPException:
        world = "live"
    text = page("trouble.html", tag, root="/", world=world, what=what, where=where, fix=fix, status=status)
    return Response(text, status_code=status, media_type=MediaType.HTML)


def html(text: str, *, status: int = 200) -> Response[str]:
    """A page of the console: never kept by a browser or a proxy."""
    return Response(text, status_code=status, media_type=MediaType.HTML, headers={"cache-control": "no-store"})


def see(path: str, *, cookie: Cookie | None = None) -> Response[bytes]:
    """Look there next (303), after a form was carried out."""
    return Response(b"", status_code=303, headers={"location": path}, cookies=[cookie] if cookie else [])


def session_cookie(token: str, *, secure: bool, ends: bool = False) -> Cookie:
    """The console's only cookie; public pages have none."""
    return Cookie(
        key=COOKIE,
        value=token,
        path="/desk",
        httponly=True,
        samesite="strict",
        secure=secure,
        max_age=0 if ends else None,
    )


async def add_headers(message: Message, scope: Scope) -> None:
    """The same protective headers on every answer."""
    if message["type"] == "http.response.start":
        present = {name for name, _ in message["headers"]}
        message["headers"] = [
            *message["headers"],
            *((n.encode(), v.encode()) for n, v in _headers().items() if n.encode() not in present),
        ]


def _headers() -> Mapping[str, str]:
    return HEADERS
