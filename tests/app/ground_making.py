"""A realm with its ground process, and real sites enrolled at it."""

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from authority.making import drill
from satwarn.adapters import clock, secret
from satwarn.adapters.ground.tls import tls_of_site
from satwarn.adapters.ground.websocket import WebSocketLine
from satwarn.adapters.keys import SigningKey, make_request
from satwarn.alert.alert import Alert
from satwarn.app.ground_keeper import GroundKeeper
from satwarn.app.realm import Realm, RealmSettings, World
from satwarn.app.site_enrolment import enrol
from satwarn.authority.hazard import hazard_of
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Assent, By
from satwarn.authority.rights import Role
from satwarn.authority.roster import hash_secret, spell_code
from satwarn.hub.enrolment import certify
from web.conftest import free_port


@dataclass
class Hub:
    """A realm, its ground, and how to say something there."""

    realm: Realm
    keeper: GroundKeeper
    folder: Path
    port: int
    number: int = 0
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"wss://localhost:{self.port}"

    def record(self, kind: str, subject: str, body: dict[str, Any]) -> None:
        self.realm.submit(lambda: self.realm.record(kind, subject, body)).result()

    def invite(self, code: str) -> str:
        made = secret.code()
        self.record("enrol site", f"site/{code}", {"state": "invited", "code": hash_secret(spell_code(made))})
        return made

    def enrol(self, code: str, *, version: str = "0.1.0") -> Path:
        """A folder with everything a line needs."""
        key, request = make_request(code)
        found = asyncio.run(enrol(self.realm, code=self.invite(code), request=request, version=version))
        folder = self.folder / f"site-{code}"
        folder.mkdir(exist_ok=True)
        (folder / "site.pem").write_text(found.certificate)
        (folder / "site.key").write_bytes(key)
        (folder / "authority.pem").write_text(found.trust[1])
        (folder / "warning.pem").write_text(found.trust[0])
        return folder

    async def issue(self, alert: Alert | None = None) -> str:
        """One agreed exercise (or another alert) on the air; returns its identifier."""
        self.number += 1
        subject, realm = f"w-{self.number}", self.realm

        def agreed() -> None:
            desk, now = realm.desk, clock.now()
            typed = hazard_of(alert).names["en"] if alert else ""
            assent = Assent(by=By.CODE, proof=b"x")
            desk.draft(timed(alert or drill(), now), subject=subject, by="a", now=now)
            desk.submit(subject=subject, by="a", now=now, typed=typed)
            digest = desk.stands(subject).digest
            desk.approve(subject=subject, by="b", digest=digest, assent=assent, now=now, typed=typed)

        await realm.do(agreed)
        return (await realm.issue(subject, by="a")).alert.identifier

    async def retract(self) -> str:
        subject = f"w-{self.number}"
        await self.realm.do(lambda: self.realm.desk.unlock(subject=subject, by="a", now=clock.now()))
        return (await self.realm.retract(subject, by="a", reason="by mistake")).alert.identifier


def timed(alert: Alert, now: datetime) -> Alert:
    """The same alert as of now, for half an hour."""
    now = now.replace(microsecond=0)
    infos = tuple(replace(info, onset=None, expires=now + timedelta(minutes=30)) for info in alert.infos)
    return replace(alert, sent=now, infos=infos)


@contextmanager
def hub_with_ground(folder: Path, *, port: int = 0) -> Iterator[Hub]:
    """A started realm with its ground process, which listens when this is entered."""
    port = port or free_port()
    settings = RealmSettings(
        world=World.LIVE, folder=folder / "live", sender="drill@satwarn.example", zone=UTC, ground_port=port
    )
    realm = Realm(settings, now=clock.now)
    realm.check_assent = lambda officer, statement, assent: "seen"
    keeper = GroundKeeper(realm, host="127.0.0.1", port=port)
    hub = Hub(realm=realm, keeper=keeper, folder=folder, port=port)
    realm.start()
    keeper.start()
    for name, role in (("a", Role.AUTHOR), ("b", Role.APPROVER), ("a", Role.DUTY_OFFICER)):
        roles = {str(role), *(realm.views.roster[name].roles if name in realm.views.roster.people else ())}
        hub.record("appoint", f"person/{name}", {"roles": sorted(roles), "jurisdiction": EVERYWHERE.to_json()})
    try:
        wait(lambda: keeper.state.up)
        yield hub
    finally:
        keeper.stop()
        realm.stop()


def wait(true: Callable[[], bool], *, within_s: float = 20.0) -> None:
    """Until something has happened elsewhere; fails when it does not."""
    deadline = clock.stopwatch() + within_s
    while not true():
        assert clock.stopwatch() < deadline, "it did not happen in time"
        clock.wait(0.02)


async def until(true: Callable[[], bool], *, within_s: float = 20.0) -> None:
    """The same, in a loop."""
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.01)


class Site:
    """A line with what it heard."""

    def __init__(self, hub: Hub, code: str, folder: Path, **more: Any) -> None:
        self.heard: list[bytes] = []
        self.code = code
        names = {
            "certificate": str(folder / "site.pem"),
            "key": str(folder / "site.key"),
            "authority": str(folder / "authority.pem"),
        }
        self.line = WebSocketLine(
            more.pop("address", hub.address),
            more.pop("name", code),
            lambda message, at: self.heard.append(message),
            now=clock.now,
            chance=lambda: 0.0,
            tls=more.pop("tls", lambda: tls_of_site(**names)),
            **more,
        )
        self.line.open()

    def names(self) -> list[str]:
        return [message.split(b"<identifier>")[1].split(b"<")[0].decode() for message in self.heard]

    def report(self, identifier: str, why: str = "armed") -> None:
        self.line.report(json.dumps(receipt(self.code, identifier, why)).encode())


def receipt(site: str, identifier: str, why: str) -> dict[str, Any]:
    return {
        "site": site,
        "warning": f"alert {identifier}",
        "identifier": identifier,
        "payloads": [],
        "act": "sounded",
        "why": why,
        "decided_at": "2026-06-03T02:00:00+00:00",
        "first_heard": {"ground": "2026-06-03T02:00:00+00:00"},
        "copies": {"ground": 1},
        "first_path": "ground",
        "labelled": True,
        "outputs": [],
    }


def no_check() -> ssl.SSLContext:
    """TLS of somebody who believes anybody and shows nothing."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def own_certificate(folder: Path, code: str, authority: SigningKey, *, ago: timedelta = timedelta()) -> None:
    key, request = make_request(code)
    pem, _, _ = certify(
        request,
        site=code,
        authority_key_pem=authority.key_pem,
        authority_certificate_pem=authority.certificate_pem,
        now=clock.now() - ago,
    )
    (folder / "site.pem").write_text(pem)
    (folder / "site.key").write_bytes(key)
