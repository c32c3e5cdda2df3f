"""Our style sheet, scripts and shapes: nothing else, the same for everybody, squeezed once and asked anew each time."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from litestar import Response, get
from litestar.params import FromPath

from satwarn.errors import Missing
from satwarn.web.here import Req
from satwarn.web.render import stylesheet

TYPES = {".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/geo+json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file as it is sent: its bytes, the same squeezed, and a name for exactly these bytes."""

    media_type: str
    plain: bytes
    squeezed: bytes
    tag: str


@cache
def names() -> frozenset[str]:
    """Every name there is."""
    found = {one.name for one in (files("satwarn.web") / "static").iterdir()}
    return frozenset(name for name in found if any(name.endswith(ending) for ending in TYPES))


@cache
def kept(name: str) -> Kept:
    """One file, by a name that there is."""
    raw = (files("satwarn.web") / "static" / name).read_bytes() if name != "pages.css" else stylesheet().encode()
    return Kept(
        media_type=next(kind for ending, kind in TYPES.items() if name.endswith(ending)) + "; charset=utf-8",
        plain=raw,
        squeezed=gzip.compress(raw, mtime=0),
        tag=f'"{hashlib.sha256(raw).hexdigest()[:24]}"',
    )


@get("/static/{name:str}", include_in_schema=False, sync_to_thread=True)
def static(request: Req, name: FromPath[str]) -> Response[bytes]:
    """One file; nothing but a word where the browser has it already."""
    if name not in names():
        raise Missing("no such file", where=name[:80])
    file = kept(name)
    headers = {"cache-control": "no-cache", "etag": file.tag, "vary": "accept-encoding"}
    if request.headers.get("if-none-match", "") == file.tag:
        return Response(b"", status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.squeezed, media_type=file.media_type, headers={**headers, "content-encoding": "gzip"})
    return Response(file.plain, media_type=file.media_type, headers=headers)


HANDLERS = (static,)
