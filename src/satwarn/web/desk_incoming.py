"""Composing from somebody else's CAP: uploaded, pasted, or sent in by a partner; and the same look for programs."""

import re
from typing import Any

import msgspec
from litestar import Response, post
from litestar.datastructures import FormMultiDict, UploadFile

from satwarn.app.compose import Composed
from satwarn.app.incoming import look_at
from satwarn.errors import BadMessage, SatwarnError
from satwarn.web.api_warnings import KEY
from satwarn.web.desk_pages import again
from satwarn.web.here import Req, actor_of_program, deed_form, here

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class IncomingBody(msgspec.Struct, kw_only=True):
    """A CAP message as a draft would begin from it; `lost` is what it would not say, `odd` what was wrong in it."""

    signature: str
    why: str
    sender: str
    identifier: str
    sent: str
    status: str
    hazard: str
    severity: str
    minutes: int
    codes: list[str]
    polygons: list[str]
    circles: list[str]
    languages: list[str]
    lost: list[dict[str, str]]
    odd: list[str]


@post("/desk/compose/cap", include_in_schema=False)
async def compose_cap(request: Req) -> Response[Any]:
    """The form filled in from a CAP message, with what it lost and whether anybody signed it."""
    actor, sent = await deed_form(request)
    realm = here(request).realm
    actor.check_may("draft")
    try:
        data = await _given(sent)
        came = await realm.do(lambda: look_at(realm, data))
    except SatwarnError as error:
        return await again(request, actor, Composed(), error)
    return await again(request, actor, came.form, None, incoming=came)


async def _given(sent: FormMultiDict) -> bytes:
    """The file, else the text. A pasted text is no longer in the encoding that its first line may name."""
    file = sent.get("file")
    data = await file.read() if isinstance(file, UploadFile) else b""
    data = data or DECLARATION.sub("", str(sent.get("text", ""))).encode()
    if not data.strip():
        raise BadMessage("nothing was sent", where="CAP", fix="choose a file, or paste its text")
    return data


@post("/api/cap", tags=["warnings"], security=KEY, status_code=200, summary="Look at a CAP message (as the body)")
async def look(request: Req) -> IncomingBody:
    """Who signed it, what a draft would take over, and what not; nothing is kept. Draft it by /api/warnings/cap."""
    actor_of_program(request).check_may("draft")
    realm, data = here(request).realm, await request.body()
    came = await realm.do(lambda: look_at(realm, data))
    return IncomingBody(
        signature=came.verdict.value,
        why=came.why,
        sender=came.alert.sender,
        identifier=came.alert.identifier,
        sent=came.alert.sent.isoformat(),
        status=came.alert.status.value,
        hazard=came.form.hazard,
        severity=came.form.severity,
        minutes=came.form.minutes,
        codes=list(came.form.codes),
        polygons=list(came.form.polygons),
        circles=list(came.form.circles),
        languages=sorted(came.form.said),
        lost=[{"path": one.path, "value": one.value} for one in came.lost],
        odd=[str(one) for one in came.odd],
    )


HANDLERS = (compose_cap, look)
