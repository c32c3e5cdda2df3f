"""The application: every handler, the same headers and errors for all, and the process that serves it."""

import asyncio
import contextlib
import gc
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotFoundException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from satwarn import __version__
from satwarn.app.demo import fill
from satwarn.app.house import House, ServeSettings, held_alone, open_house
from satwarn.area import gazetteer
from satwarn.errors import Missing, SatwarnError
from satwarn.web import (
    api_appointing,
    api_keeping,
    api_warnings,
    description,
    desk_door,
    desk_incoming,
    desk_keeping,
    desk_map,
    desk_orders,
    desk_pages,
    desk_prepared,
    desk_site,
    desk_sso,
    public_pages,
    static_files,
)
from satwarn.web.answers import add_headers, broken, ours, theirs
from satwarn.web.haste import LIMITS
from satwarn.web.headers_only import HeadersOnly
from satwarn.web.one_answer import OneAnswer, Secrets
from satwarn.web.patience import Patience
from satwarn.web.render import prepare

HANDLERS = (
    *description.HANDLERS,
    *public_pages.HANDLERS,
    *static_files.HANDLERS,
    *desk_door.HANDLERS,
    *desk_pages.HANDLERS,
    *desk_sso.HANDLERS,
    *desk_map.HANDLERS,
    *desk_site.HANDLERS,
    *desk_incoming.HANDLERS,
    *desk_keeping.HANDLERS,
    *desk_orders.HANDLERS,
    *desk_prepared.HANDLERS,
    *api_warnings.HANDLERS,
    *api_keeping.HANDLERS,
    *api_appointing.HANDLERS,
)
MOST_BYTES = 2_000_000
PULSE_S = 1.0


def create(house: House) -> Litestar:
    """The application over a house; the house is started and stopped with it."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        house.start()
        pulse = asyncio.create_task(_pulse(house))
        try:
            yield
        finally:
            pulse.cancel()
            await asyncio.to_thread(house.stop)

    return Litestar(
        route_handlers=HANDLERS,
        state=State({"house": house, "secrets": Secrets()}),
        lifespan=[lifespan],
        exception_handlers={SatwarnError: ours, HTTPException: theirs, Exception: broken},
        before_send=[add_headers],
        request_max_body_size=MOST_BYTES,
        middleware=[Patience, OneAnswer],
        openapi_config=OpenAPIConfig(
            title="satwarn",
            version=__version__,
            description="Public warnings: drafted, agreed on by two, issued on every path, and what came of them.",
            components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
            openapi_router=Router(path="/schema", route_handlers=[], include_in_schema=False, guards=[_hidden]),
        ),
    )


def _hidden(_: object, __: object) -> None:
    """The framework's own pages about the API ask other hosts for scripts; ours is `/openapi.json`."""
    raise NotFoundException


async def _pulse(house: House) -> None:
    """Once a second: warnings whose time has run out are noted."""
    while True:
        await asyncio.sleep(PULSE_S)
        for served in (house.live, house.sandbox):
            await served.realm.expire_due()


def settle() -> None:
    """Do beforehand what the first look at each page would wait for, and leave all that lives for good out of every
    later search for garbage, during which nobody is answered."""
    prepare()
    gazetteer.municipalities()
    gc.collect()
    gc.freeze()


def quicken() -> None:
    """Let threads take turns ten times as often as Python's default: a person's click must not wait for the sites."""
    sys.setswitchinterval(0.0005)


def serve(settings: ServeSettings, *, say: Any) -> None:
    """Serve until stopped. `say` is told where, once it answers."""
    quicken()
    listening = _listen(settings)
    with held_alone(settings):
        house = open_house(settings)
        config = uvicorn.Config(
            HeadersOnly(create(house)),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            **LIMITS,
        )
        asyncio.run(_Server(config, house, say).serve(sockets=[listening]))


def _listen(settings: ServeSettings) -> socket.socket:
    """Take the port before anything is opened."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        where = f"{settings.host}, port {settings.port}"
        raise Missing(f"cannot answer there: {error.strerror}", where=where, fix="--port 8081") from None
    return listening


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, house: House, say: Any) -> None:
        super().__init__(config)
        self._house, self._say = house, say
        self._settling: asyncio.Task[None] | None = None

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            await announce(self._house, self._say)
            self._settling = asyncio.create_task(asyncio.to_thread(settle))


async def announce(house: House, say: Any) -> None:
    """Say where the hub answers, and give whoever started it the one-time link."""
    say(f"satwarn is at {house.live.origin}   (console: {house.live.origin}/desk)")
    say(f"sandbox is at {house.sandbox.origin}   (nothing there reaches anybody)")
    if house.settings.demo:
        say("invented people of the sandbox, each with a code that signs in once:")
        for name, code in (await fill(house.sandbox)).items():
            say(f"  {name:12} {code}")
    for served in (house.live, house.sandbox):
        if token := served.door.first_token():
            say(f"first administrator ({served.world.value}), one use: {served.origin}/desk/first?token={token}")
