"""A hub on a port of its own, in a thread of this process; and a browser without JavaScript, by httpx and lxml."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from lxml import html

from satwarn.adapters import clock, secret
from satwarn.adapters.air.band_sender import BandSettings
from satwarn.adapters.keys import make_officer_key
from satwarn.app.house import House, Served, ServeSettings, open_house
from satwarn.app.hub_settings import HubSettings
from satwarn.authority.guards import Policy
from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
from satwarn.authority.rights import Role
from satwarn.authority.roster import hash_secret, spell_code
from satwarn.web.haste import LIMITS
from satwarn.web.server import create

PEOPLE = {
    "Tanaka": {Role.AUTHOR, Role.ADMINISTRATOR},
    "Sato": {Role.APPROVER},
    "Mori": {Role.DUTY_OFFICER},
    "Ito": {Role.AUDITOR},
}


class Clock:
    """The wall's time, moved by a test."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return clock.now() + self.ahead


@dataclass
class Hub:
    house: House
    port: int
    clock: Clock
    codes: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    browsers: list["Browser"] = field(default_factory=list)

    @property
    def live(self) -> Served:
        return self.house.live

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def record(self, kind: str, subject: str, body: dict[str, Any], *, by: str = "test") -> None:
        realm = self.live.realm
        realm.submit(lambda: realm.record(kind, subject, body, by=by)).result()

    def appoint(self, name: str, roles: set[Role], jurisdiction: Jurisdiction = EVERYWHERE) -> None:
        self.keys[name] = make_officer_key()
        public = self.keys[name].public_key().public_bytes_raw().hex()
        body = {"roles": sorted(roles), "jurisdiction": jurisdiction.to_json(), "public_key": public}
        self.record("appoint", f"person/{name}", body)
        self.codes[name] = [secret.code() for _ in range(60)]
        self.record("make codes", f"person/{name}", {"codes": [hash_secret(spell_code(c)) for c in self.codes[name]]})

    def code(self, name: str) -> str:
        return self.codes[name].pop()

    def browser(self, name: str = "") -> "Browser":
        """A browser, signed in as somebody."""
        one = Browser(self.url)
        self.browsers.append(one)
        if name:
            one.get("/desk/sign-in")
            one.submit("/desk/sign-in", code=self.code(name))
        return one

    def api_key(self, name: str, *scopes: str) -> str:
        made = secret.token()
        until = (self.clock() + timedelta(days=1)).isoformat()
        body = {"id": made[:8], "hashed": hash_secret(made), "scopes": list(scopes), "until": until}
        self.record("make key", f"person/{name}", body)
        return made


class Browser:
    """Follows links and submits forms exactly as the page has them; knows no JavaScript."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, follow_redirects=True, timeout=30)
        self.page: httpx.Response | None = None

    def get(self, path: str) -> httpx.Response:
        self.page = self.http.get(path)
        return self.page

    @property
    def tree(self) -> Any:
        assert self.page is not None
        return html.fromstring(self.page.text)

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.url.path

    @property
    def heading(self) -> str:
        return " ".join(self.tree.xpath("string(//h1)").split())

    @property
    def problem(self) -> str:
        return " ".join(self.tree.xpath("string(//*[@class='problem'][1])").split())

    def form(self, ends: str) -> Any:
        found = [form for form in self.tree.forms if (form.action or "").endswith(ends)]
        offered = [form.action for form in self.tree.forms]
        assert found, f"no form to {ends} on {self.path}: {offered}; {self.heading}; {self.problem}"
        return found[-1]

    def submit(self, ends: str, **filled: Any) -> httpx.Response:
        """Send the form whose action ends so, with fields filled in; a list ticks several boxes."""
        form = self.form(ends)
        values: list[tuple[str, str]] = [(k, v) for k, v in form.form_values() if k not in filled]
        for name, value in filled.items():
            values += [(name, one) for one in (value if isinstance(value, list) else [value])]
        self.page = self.http.post(form.action, data=_multi(values), headers={"origin": str(self.http.base_url)})
        return self.page


def _multi(values: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in values:
        found.setdefault(name, []).append(value)
    return found


EXERCISE: dict[str, Any] = {
    "purpose": "exercise",
    "hazard": "system-test",
    "severity": "Minor",
    "minutes": "30",
    "code": ["31"],
    "headline_en": "Test of the warning system",
    "instruction_en": "You need not do anything.",
}


@contextmanager
def running(
    folder: Path,
    *,
    people: bool = True,
    sites: str = "20",
    quiet: bool = False,
    told: HubSettings | None = None,
    band: BandSettings | None = None,
) -> Iterator[Hub]:
    """Start a hub in a thread, and stop it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    when = Clock()
    settings = ServeSettings(port=port, data=folder, with_sites=sites, hub=told or HubSettings(), band=band)
    house = open_house(settings, now=when)
    if not quiet:
        object.__setattr__(house.live.realm.settings, "policy", Policy())
    server = uvicorn.Server(
        uvicorn.Config(
            create(house), port=port, log_level="error", access_log=False, timeout_graceful_shutdown=1, **LIMITS
        )
    )
    started = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(server, started)), daemon=True)
    thread.start()
    assert started.wait(20)
    hub = Hub(house=house, port=port, clock=when)
    if people:
        for name, roles in PEOPLE.items():
            hub.appoint(name, roles)
    try:
        yield hub
    finally:
        for browser in hub.browsers:
            browser.http.close()
        server.should_exit = True
        thread.join(20)


async def _serve(server: uvicorn.Server, started: threading.Event) -> None:
    original: Callable[..., Any] = server.startup

    async def startup(sockets: Any = None) -> None:
        await original(sockets)
        started.set()

    server.startup = startup  # type: ignore[method-assign]
    await server.serve()


def deeds(hub: Hub) -> list[str]:
    """What was done so far; frames go out and receipts come in when they do."""
    return [entry.kind for entry in hub.live.realm.reader.since() if entry.kind not in ("receipt", "transmit")]


def until(true: Callable[[], bool], *, within_s: float = 60.0) -> None:
    """Wait until something has happened in another thread; fails when it does not."""
    event, deadline = threading.Event(), clock.stopwatch() + within_s
    while not true():
        assert clock.stopwatch() < deadline, "it did not happen in time"
        event.wait(0.02)
