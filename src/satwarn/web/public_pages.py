"""What anybody may see: warnings in their language, the signed messages, a feed, and how the hub is."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from typing import Annotated

import msgspec
from litestar import MediaType, Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath, PathParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from satwarn.app.feed import atom
from satwarn.app.metrics import metrics
from satwarn.app.public import KEEP_S, LANGUAGES, Notice, notice, notices
from satwarn.app.site_list import ground_summary
from satwarn.errors import Missing
from satwarn.ledger.entry import Entry
from satwarn.web.here import Req, here, language_of
from satwarn.web.render import page

PUBLIC_DEEDS = frozenset({"issue", "update", "clear", "retract", "expire"})
CAP_TYPE = "application/cap+xml"


def _public(text: str) -> Response[str]:
    return Response(
        text, media_type=MediaType.HTML, headers={"cache-control": "no-cache", "vary": "accept-language, host"}
    )


@get("/", include_in_schema=False)
async def index(request: Req) -> Response[str]:
    """Every warning that is on."""
    served, tag = here(request), language_of(request, LANGUAGES)
    realm = served.realm
    found = notices(realm.views, now=realm.now(), tag=tag, zone=realm.settings.zone)
    return _public(
        page(
            "public/index.html",
            tag,
            root="/",
            world=served.world.value,
            static=False,
            languages=LANGUAGES,
            here={one: f"/?lang={one}" for one in LANGUAGES},
            as_of=realm.now().astimezone(realm.settings.zone),
            notices=found,
            link=partial(_link, tag),
        )
    )


def _link(tag: str, shown: Notice) -> str:
    return f"/warning/{shown.subject}?lang={tag}"


@get("/warning/{subject:str}", include_in_schema=False)
async def warning(request: Req, subject: FromPath[str]) -> Response[str]:
    """One warning: what, where, when, what to do, until when."""
    served, tag = here(request), language_of(request, LANGUAGES)
    realm = served.realm
    public = {one.subject: one for one in realm.views.public(now=realm.now(), keep_s=KEEP_S)}
    if subject not in public:
        raise Missing("there is no such warning, or it ended long ago", where=subject, fix="look at all warnings")
    shown = notice(public[subject], tag=tag, zone=realm.settings.zone)
    return _public(
        page(
            "public/warning.html",
            tag,
            root="/",
            world=served.world.value,
            static=False,
            languages=LANGUAGES,
            here={one: f"/warning/{subject}?lang={one}" for one in LANGUAGES},
            as_of=realm.now().astimezone(realm.settings.zone),
            n=shown,
            back=f"/?lang={tag}",
            cap=f"/cap/{shown.identifier}.xml",
        )
    )


@get("/cap/{name:str}", tags=["public"], summary="One signed CAP message, as it was sent", media_type=CAP_TYPE)
async def cap_message(
    request: Req, name: Annotated[str, PathParameter(description="The identifier, with .xml", max_length=200)]
) -> Response[bytes]:
    """The signed bytes of one message, by its identifier."""
    identifier = name.removesuffix(".xml")
    found = here(request).realm.views.messages.get(identifier)
    if found is None or not re.fullmatch(r"[\w.-]+", identifier):
        raise Missing("no message of that identifier", where=name[:80], fix="/feed.atom lists them")
    return Response(found, media_type=CAP_TYPE)


class PublicAlert(msgspec.Struct, kw_only=True):
    """One warning as programs list it."""

    subject: str
    identifier: str
    state: str
    purpose: str
    headline: str
    places: tuple[str, ...]
    instruction: str
    url: str


@get("/api/alerts", tags=["public"], summary="Warnings that are on, and those that ended within a day")
async def alerts(request: Req) -> list[PublicAlert]:
    """The public list, in the language of the request."""
    realm, tag = here(request).realm, language_of(request, LANGUAGES)
    return [
        PublicAlert(
            subject=one.subject,
            identifier=one.identifier,
            state=one.state,
            purpose=one.purpose,
            headline=one.headline,
            places=one.places,
            instruction=one.instruction,
            url=f"/cap/{one.identifier}.xml",
        )
        for one in notices(realm.views, now=realm.now(), tag=tag, zone=realm.settings.zone)
    ]


@get(
    "/feed.atom",
    tags=["public"],
    summary="Atom feed of warnings, with links to their CAP",
    media_type="application/atom+xml",
)
async def feed(request: Req) -> Response[bytes]:
    """Newest first."""
    served, tag = here(request), language_of(request, LANGUAGES)
    realm = served.realm
    found = notices(realm.views, now=realm.now(), tag=tag, zone=realm.settings.zone)
    body = atom(found, root=served.origin, tag=tag, now=realm.now())
    return Response(body, media_type="application/atom+xml")


@get("/events", tags=["public"], summary="Server-sent events: a line whenever a warning is issued, updated or ended")
async def events(request: Req) -> ServerSentEvent:
    """Public events only; each names the warning and the deed. 503 when too many listen already."""
    if len(_crowd) >= MOST_LISTENING:
        raise Crowded
    return ServerSentEvent(_counted(stream(request, PUBLIC_DEEDS)))


class Crowded(HTTPException):
    """So many listen that whoever is on duty must keep room: the feed says the same to all others."""

    status_code = 503
    detail = "too many listen already; read /feed.atom instead"


MOST_LISTENING = 1000
_crowd: set[int] = set()


async def _counted(events: AsyncGenerator[ServerSentEventMessage, None]) -> AsyncIterator[ServerSentEventMessage]:
    _crowd.add(id(events))
    try:
        async with aclosing(events):
            async for one in events:
                yield one
    finally:
        _crowd.discard(id(events))


def _always() -> bool:
    return True


STILL_EVERY_S = 5.0
"""How often a stream for people in office asks whether they still are."""


async def stream(
    request: Req,
    kinds: frozenset[str],
    *,
    event: str = "",
    since: int | None = None,
    still: Callable[[], bool] = _always,
) -> AsyncGenerator[ServerSentEventMessage]:
    """New entries of some kinds as they become durable, with a comment every 15 s so that nobody hangs up.

    Each is an event of its own name, or of the one given. `since` is the last entry the asker knows: when there are
    later ones, one event `missed` comes first. It ends when whoever listens may not any more (`still`).
    """
    realm, loop = here(request).realm, asyncio.get_running_loop()
    waiting: asyncio.Queue[Entry] = asyncio.Queue(maxsize=1000)

    def hear(entry: Entry) -> None:
        if entry.kind in kinds or not kinds:
            loop.call_soon_threadsafe(_offer, waiting, entry)

    stop = realm.listen(hear)
    try:
        yield ServerSentEventMessage(comment="listening")
        if since is not None and realm.views.entries != since:
            yield ServerSentEventMessage(event="missed", id=str(realm.views.entries), data="{}")
        asked = loop.time()
        while True:
            try:
                entry = await asyncio.wait_for(waiting.get(), timeout=15)
            except TimeoutError:
                entry = None
            if loop.time() - asked > STILL_EVERY_S:
                asked = loop.time()
                if not still():
                    return
            if entry is None:
                yield ServerSentEventMessage(comment="still here")
                continue
            said = {"deed": entry.kind, "subject": entry.subject, "at": entry.at}
            yield ServerSentEventMessage(
                event=event or entry.kind.replace(" ", "-"),
                id=str(entry.position),
                data=msgspec.json.encode(said).decode(),
            )
    finally:
        stop()


def _offer(waiting: "asyncio.Queue[Entry]", entry: Entry) -> None:
    if not waiting.full():  # who reads too slowly misses events, and sees it by the gap in ids
        waiting.put_nowait(entry)


@get("/healthz", tags=["operation"], summary="Whether the process answers", media_type=MediaType.TEXT)
async def healthz(request: Req) -> str:
    """Says ok as long as anything works; below it how the wide band is, and what of the rest is down."""
    realm, ground = here(request).realm, ground_summary(here(request))
    band, simulated = realm.band, realm.sky.simulated.state
    lines = ["ok", *([f"wide band: {band.fault() or 'heard'}"] if band else [])]
    if simulated.down:
        lines.append(f"simulated sites: down since {simulated.since:%H:%M:%SZ}, {simulated.why}")
    if ground and not ground.up:
        lines.append(f"ground: down since {ground.since:%H:%M:%SZ}, {ground.why}")
    return "".join(f"{line}\n" for line in lines)


@get("/readyz", tags=["operation"], summary="Whether a deed would be durable now", media_type=MediaType.TEXT)
async def readyz(request: Req) -> str:
    """Goes through the ledger's own thread and file."""
    realm = here(request).realm
    head = await realm.do(lambda: realm.ledger.head)
    return f"ready, {head.position} entries\n"


@get("/metrics", tags=["operation"], summary="Figures for Prometheus", media_type=MediaType.TEXT)
async def metrics_text(request: Req) -> Response[bytes]:
    """Warnings, sites, receipts and entries of this realm."""
    return Response(metrics(here(request).realm, ground_summary(here(request))), media_type="text/plain; version=0.0.4")


HANDLERS = (index, warning, cap_message, alerts, feed, events, healthz, readyz, metrics_text)
