"""How errors and pages are answered: problem+json for programs, a plain page for people, the same headers for all."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException, ValidationException
from litestar.routes import HTTPRoute
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

BY_KIND: tuple[tuple[type[errors.SatwarnError], int, str, str], ...] = (
    (TooMany, 429, "too many failures", "wait a minute"),
    (errors.NotKept, 503, "not written down", "make room where the hub keeps its ledger, then ask again"),
    (errors.NotAllowed, 403, "not allowed", "GET /api/people says who may do what; a key may only what its scopes say"),
    (errors.OutOfTurn, 409, "not now", "look where it stands now, and decide anew"),
    (errors.Missing, 404, "not found", "GET the list that it should be in; /openapi.json names every address"),
    (errors.Ours, 422, "cannot be done as asked", "mend what `where` names; /openapi.json says what each field takes"),
    (errors.BadSignature, 403, "not believed", "sign it with a key whose certificate this hub trusts"),
    (
        errors.Theirs,
        400,
        "cannot be read",
        "`satwarn alert check FILE` says what is wrong with an alert, and where",
    ),
)
"""Of each kind of our errors the status, what the kind is called, and what to do where an error does not say itself."""

BY_STATUS: Mapping[int, tuple[str, str, str]] = {
    400: ("cannot be read", "{said}", "send what /openapi.json describes for this address"),
    401: ("sign in first", "{said}", "Authorization: Bearer KEY; POST /api/sign-in makes a key of a one-time code"),
    404: ("no such address", "nothing is at {path}", "/openapi.json names every address"),
    405: ("not in this way", "{method} is not taken at {path}", "one of {allow}"),
    408: ("too slow", "{said}", "send it whole, within ten seconds"),
    413: ("too large", "the body is larger than this address takes", "send less: at most 2 MB at once"),
    415: ("another kind of body", "a body of {kind} is not read as JSON", "Content-Type: application/json"),
    421: ("another host", "{said}", "ask under the name that the hub was started with"),
    500: ("something broke here", "something broke here", "ask whoever runs the hub: it is in its log"),
    503: ("too many at once", "{said}", "ask again in half a minute"),
}
"""Of each status that the framework gives: what it is called, what happened, and what to do."""


def titles() -> Mapping[int, str]:
    """What each status is called."""
    named = [(status, title) for _, status, title, _ in BY_KIND]
    named += [(status, title) for status, (title, _, _) in BY_STATUS.items()]
    return {status: ", or ".join(dict.fromkeys(name for one, name in named if one == status)) for status, _ in named}


class Problem(msgspec.Struct, kw_only=True):
    """A problem as RFC 9457 tells it: of which kind, what happened, where it lies and what to do."""

    title: str
    status: int
    detail: str
    where: str
    fix: str


def status_of(error: errors.SatwarnError) -> int:
    """The HTTP status of one of our errors."""
    return _kind_of(error)[0]


def _kind_of(error: errors.SatwarnError) -> tuple[int, str, str]:
    return next((row[1:] for row in BY_KIND if isinstance(error, row[0])), (500, BROKEN, BY_STATUS[500][2]))


def _problem(request: Req, problem: Problem) -> Response[bytes]:
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=_must_say(request, problem.status),
    )


def _wants_page(request: Req) -> bool:
    """Whether a person looks: on a page of ours unless JSON is asked for, elsewhere when a browser asks for HTML."""
    # Not `request.url`: of a Host that cannot be, there is none.
    path, accepts = str(request.scope["path"]), request.headers.get("accept", "")
    if path == "/" or path.startswith(("/desk", "/warning/")):
        return "json" not in accepts or "html" in accepts
    return "text/html" in accepts and not path.startswith("/api/")


def ours(request: Req, error: errors.SatwarnError) -> Response[Any]:
    """One of our errors, to whoever asked."""
    status, title, fix = _kind_of(error)
    if request.url.path.startswith("/desk/") and request.url.path.endswith("/ask"):
        return _told(request, error)  # a script asks, and puts the answer beside the button
    if _wants_page(request):
        return trouble(request, status, error.what, where=error.where, fix=error.fix)
    detail = ": ".join(filter(None, (error.where, error.what)))
    return _problem(
        request, Problem(title=title, status=status, detail=detail, where=error.where, fix=error.fix or fix)
    )


def _told(request: Req, error: errors.SatwarnError) -> Response[str]:
    tell = teller(language_of(request, CONSOLE_LANGUAGES))
    text = ": ".join(tell(one) for one in (error.what, error.fix) if one)
    return Response(text, status_code=status_of(error), media_type=MediaType.TEXT)


def theirs(request: Req, error: HTTPException) -> Response[Any]:
    """An error of the request itself."""
    if isinstance(error, SignInFirst) and _wants_page(request):
        return see("/desk/sign-in")
    if _wants_page(request):
        answer = trouble(request, error.status_code, error.detail if error.status_code != 500 else BROKEN)
        answer.headers.update(_must_say(request, error.status_code))
        return answer
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        return _misfit(request, [one for one in error.extra if isinstance(one, dict)])
    status = 415 if error.status_code == 400 and not _says_json(request) else error.status_code
    title, detail, fix = BY_STATUS.get(status, (error.detail, "{said}", BY_STATUS[400][2]))
    told = {
        "said": error.detail,
        "method": request.method,
        "path": str(request.scope["path"])[:80],
        "allow": ", ".join(_methods(request.scope)),
        "kind": request.headers.get("content-type", "")[:80],
    }
    detail, fix = detail.format(**told), fix.format(**told)
    return _problem(request, Problem(title=title, status=status, detail=detail, where="", fix=fix))


def _says_json(request: Req) -> bool:
    """Whether a body is named as JSON, or not named at all."""
    named = request.headers.get("content-type", "json").partition(";")[0]
    return named.endswith("json")


NO_BODY = "'data'"
"""How the framework says that there is none."""


def _misfit(request: Req, wrong: list[dict[str, Any]]) -> Response[bytes]:
    told = {
        str(one.get("key", "body")).replace("data", "body"): str(one.get("message", "")).replace(NO_BODY, "is missing")
        for one in wrong
    }
    where, detail = ", ".join(told), "; ".join(f"{key}: {what}" for key, what in told.items())
    fix = f"{detail}; /openapi.json describes this call"
    title = "does not fit the description of this call"
    return _problem(request, Problem(title=title, status=400, detail=detail, where=where, fix=fix))


def broken(request: Req, error: Exception) -> Response[Any]:
    """What nobody foresaw: told to whoever runs the hub, not to whoever asked."""
    logging.getLogger("uvicorn.error").error("%s %s broke", request.method, request.scope["path"], exc_info=error)
    if _wants_page(request):
        return trouble(request, 500, BROKEN)
    title, detail, fix = BY_STATUS[500]
    return _problem(request, Problem(title=title, status=500, detail=detail, where="", fix=fix))


BROKEN = BY_STATUS[500][0]


def _methods(scope: Scope) -> list[str]:
    """By what an address may be asked: by those of the routes that lead there which name most of it."""
    parts = str(scope["path"]).strip("/").split("/")
    routes = [route for route in scope["litestar_app"].routes if isinstance(route, HTTPRoute) and _leads(route, parts)]
    named = [sum(isinstance(one, str) for one in route.path_components) for route in routes]
    closest = [route for route, count in zip(routes, named, strict=True) if count == max(named)]
    return sorted({str(method) for route in closest for method in route.methods})


MUST_SAY: tuple[tuple[int, str, Callable[[Req], str]], ...] = (
    (401, "www-authenticate", lambda _: 'Bearer realm="satwarn"'),
    (429, "retry-after", lambda _: "60"),
    (503, "retry-after", lambda _: "30"),
    (405, "allow", lambda request: ", ".join(_methods(request.scope)) or "GET"),
)
"""Headers without which an answer of that status is none (RFC 9110, 15.5.2 and 15.5.6), or when to come again."""


def _must_say(request: Req, status: int) -> dict[str, str]:
    return {name: tell(request) for about, name, tell in MUST_SAY if about == status}


def _leads(route: HTTPRoute, parts: list[str]) -> bool:
    known = route.path_components or [""]
    return len(known) == len(parts) and all(
        not isinstance(one, str) or one == part for one, part in zip(known, parts, strict=True)
    )


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
    return Response(
        b"",
        status_code=303,
        media_type=MediaType.HTML,
        headers={"location": path, "cache-control": "no-store"},
        cookies=[cookie] if cookie else [],
    )


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
        if scope.get("method") == "OPTIONS":  # the framework names only the first of two handlers of one address
            kept = [(name, value) for name, value in message["headers"] if name != b"allow"]
            message["headers"] = [*kept, (b"allow", ", ".join(_methods(scope)).encode())]
        present = {name for name, _ in message["headers"]}
        message["headers"] = [
            *message["headers"],
            *((n.encode(), v.encode()) for n, v in _headers(scope["path"]).items() if n.encode() not in present),
        ]


def _headers(path: str) -> Mapping[str, str]:
    """What only one person may see is kept nowhere on the way; the rest is asked for again each time."""
    return HEADERS | {"cache-control": "no-store" if path.startswith(("/api/", "/desk")) else "no-cache"}
