"""The desk: an alert over HTTP beside bare ASGI (barer than Starlette), approve to air, standing orders, pages."""

import asyncio
import json
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import apsw
import httpx
import uvicorn

from bench.row import Row
from satwarn.adapters import clock
from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.seal import Trust
from satwarn.app.compose import Composed, Said, compose
from satwarn.app.partner_intake import take
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Assent, By
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Sort
from satwarn.authority.rights import Role
from satwarn.ledger.entry import Record

AGENCY = "quakes@agency.example"
POSTS, CALLERS, DEEDS, LOOKS = 200, 8, 150, 150


def run() -> list[Row]:
    """Every row of the desk."""
    from satwarn.web.server import quicken, settle
    from web.hub import running

    quicken()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), sites="1741") as hub:
        settle()
        pages = _pages(hub)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), sites="1741") as hub:
        settle()
        key = make_signing_key(AGENCY, now=clock.now())
        hub.appoint(AGENCY, {Role.MACHINE})
        hub.record(
            "trust partner", f"partner/{AGENCY}", {"sender": AGENCY, "certificate": key.certificate_pem.decode()}
        )
        return [_posts(hub, key, Path(folder)), _orders(hub, key), *_approve(hub), *pages]


class Scheduled:
    """Notes when the sky's own thread has put an alert into the schedule and handed it to the ground."""

    def __init__(self, sky: Any) -> None:
        self._put, self._done = sky._send, threading.Event()
        self._at = 0.0
        sky._send = self._send

    def _send(self, *given: Any) -> None:
        self._put(*given)
        self._at = clock.stopwatch()
        self._done.set()

    def at(self) -> float:
        """When it was so; waits for it."""
        assert self._done.wait(60)
        self._done.clear()
        return self._at


class Taken:
    """How long something took, again and again: on the wall's clock, and of this process's time on the cores."""

    def __init__(self) -> None:
        self._wall_s: list[float] = []
        self._cpu_s: list[float] = []
        self._begun = (0.0, 0.0)

    def begin(self) -> None:
        """Now."""
        self._begun = clock.stopwatch(), time.process_time()

    def end(self, at: float | None = None) -> None:
        """Now, or at a moment of the stopwatch."""
        self._cpu_s.append(time.process_time() - self._begun[1])
        self._wall_s.append((at or clock.stopwatch()) - self._begun[0])

    def row(self, what: str, aim: str) -> Row:
        """The middle one, and the one that all but one in a hundred stay under."""
        wall, cpu = (quantiles(taken, n=100) for taken in (self._wall_s, self._cpu_s))
        return Row(
            what=what,
            ours=f"p50 {wall[49] * 1000:.1f} ms",
            anchor=f"of it on cores {cpu[49] * 1000:.1f}, p99 {cpu[98] * 1000:.1f} ms",
            ratio=f"p99 {wall[98] * 1000:.1f} ms",
            aim=aim,
        )


def _alert(key: SigningKey, number: int) -> bytes:
    form = Composed(
        hazard="tsunami",
        purpose="real",
        severity="Severe",
        minutes=5,
        codes=("31",),
        said={
            tag: Said(headline="Tsunami", description="Waves of 3 m.", instruction="Go to high ground.")
            for tag in ("en", "ja")
        },
    )
    alert = replace(compose(form, sender=AGENCY, now=clock.now()), identifier=f"q-{number}-{clock.stopwatch():.6f}")
    return seal.sign(cap.write(alert), key_pem=key.key_pem, certificate_pem=key.certificate_pem)


def _posts(hub: Any, key: SigningKey, folder: Path) -> Row:
    url, stop = _bare(key, folder)
    try:
        bare_s, bare_cpu_s = min(_hammer(url, [_alert(key, n) for n in range(POSTS)]) for _ in range(2))
    finally:
        stop()
    ours_s, cpu_s = min(_hammer(f"{hub.url}/api/alerts", [_alert(key, n) for n in range(POSTS)]) for _ in range(2))
    return Row(
        what="POST of a signed CAP, checked, durable, proposed",
        ours=f"{POSTS / ours_s:.0f}/s",
        anchor=f"bare ASGI {POSTS / bare_s:.0f}/s; of cores {bare_cpu_s / cpu_s:.2f} x",
        ratio=f"{bare_s / ours_s:.2f} x",
        aim=">= 0.5 x",
    )


def _hammer(url: str, bodies: list[bytes]) -> tuple[float, float]:
    """Seconds until all are answered, and of this process's time on the cores, the caller's own included."""

    async def all_of_them() -> float:
        async with httpx.AsyncClient(timeout=60) as client:
            waiting = asyncio.Queue[bytes]()
            for body in bodies:
                waiting.put_nowait(body)

            async def caller() -> None:
                while not waiting.empty():
                    answer = await client.post(url, content=waiting.get_nowait())
                    answer.raise_for_status()

            begun = clock.stopwatch()
            await asyncio.gather(*(caller() for _ in range(CALLERS)))
            return clock.stopwatch() - begun

    begun_cpu = time.process_time()
    return asyncio.run(all_of_them()), time.process_time() - begun_cpu


def _bare(key: SigningKey, folder: Path) -> tuple[str, Callable[[], None]]:
    """The least a server can do: parse, verify, one FULL commit of the bytes, 202."""
    trust = Trust.of([(AGENCY, key.certificate_pem)])
    db = apsw.Connection(str(folder / "bare.db"))
    db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE kept (body BLOB)").fetchall()

    async def post(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        seal.verify(body, trust, at=clock.now())
        db.execute("INSERT INTO kept VALUES (?)", (body,))
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    server = uvicorn.Server(uvicorn.Config(post, port=0, log_level="error", lifespan="off"))
    started = threading.Event()

    async def serve() -> None:
        original = server.startup

        async def startup(sockets: Any = None) -> None:
            await original(sockets)
            started.set()

        server.startup = startup  # type: ignore[method-assign]
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    started.wait()
    port = server.servers[0].sockets[0].getsockname()[1]

    def stop() -> None:
        server.should_exit = True
        thread.join()

    return f"http://127.0.0.1:{port}/", stop


def _orders(hub: Any, key: SigningKey) -> Row:
    realm = hub.live.realm
    now = clock.now()
    order = StandingOrder(
        name="tsunami",
        sources=frozenset({AGENCY}),
        jurisdiction=EVERYWHERE,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=30),
        most_places=5,
    )
    first, second = (Assent(by=By.CODE, proof=hub.code(name).encode()) for name in ("Sato", "Mori"))
    written = realm.submit(lambda: realm.shelf.write_order(order, by="Sato", now=now, assent=first)).result()
    realm.submit(
        lambda: realm.shelf.sign(Sort.ORDER, "tsunami", digest=written.digest, by="Mori", now=now, assent=second)
    ).result()
    taken, scheduled = Taken(), Scheduled(realm.sky)
    for number in range(DEEDS):
        data = _alert(key, number)
        taken.begin()
        asyncio.run(take(realm, data))
        taken.end(scheduled.at())
        _end(realm, scheduled)
    realm.submit(lambda: realm.shelf.revoke(Sort.ORDER, "tsunami", reason="", by="Mori", now=now)).result()
    return taken.row("standing order: signed CAP in -> frame scheduled, ground sent", "< 300 ms")


def _end(realm: Any, scheduled: Scheduled) -> None:
    for one in realm.views.live():
        realm.submit(lambda s=one.subject: realm.desk.unlock(subject=s, by="Mori", now=clock.now())).result()
        asyncio.run(realm.retract(one.subject, by="Mori", reason="bench"))
        scheduled.at()


def _approve(hub: Any) -> list[Row]:
    people, scheduled = _people(hub), Scheduled(hub.live.realm.sky)
    out, back = Taken(), Taken()
    duty = _duty(hub)
    for _ in range(DEEDS):
        subject, approve = _submitted(hub, *people)
        out.begin()
        approve()
        out.end(scheduled.at())
        back.begin()
        duty.post(f"/warnings/{subject}/unlock").raise_for_status()
        duty.post(f"/warnings/{subject}/retract", reason="bench").raise_for_status()
        back.end(scheduled.at())
    return [
        out.row("approve over HTTP -> frame scheduled, ground sent", "< 50 ms"),
        back.row("retraction: both actions over HTTP -> off the air, ground sent", "< 1 s"),
    ]


def _people(hub: Any) -> tuple[Any, Any]:
    from web.test_api import Program

    return Program(hub, "Tanaka", "draft", "submit", "read"), Program(hub, "Sato", "read", "approve", "issue")


def _duty(hub: Any) -> Any:
    from web.test_api import Program

    return Program(hub, "Mori", "unlock retraction", "retract")


def _submitted(hub: Any, author: Any, approver: Any) -> tuple[str, Callable[[], Any]]:
    """A warning that waits for its second person, and what to call for their yes; then off it goes."""
    from web.test_api import DRAFT

    subject = author.post("/warnings", **DRAFT).json()["subject"]
    stands = author.post(f"/warnings/{subject}/submit").json()
    proof = hub.keys["Sato"].sign(stands["statement"].encode()).hex()
    body = {"digest": stands["digest"], "assent": {"by": "key", "proof": proof}, "at_once": True}
    return subject, lambda: approver.post(f"/warnings/{subject}/approve", **body).raise_for_status()


def _pages(hub: Any) -> list[Row]:
    realm = hub.live.realm
    need = max(0, 100_000 - realm.views.entries)

    def fill() -> None:
        with realm.ledger.work() as work:
            for number in range(need):
                body = {"n": number}
                work.record(
                    Record(kind="delivery", subject=f"site/{number % 1741}", actor="x", at=clock.now(), body=body)
                )

    realm.submit(fill).result()
    _submitted(hub, *_people(hub))[1]()  # and 1,741 sites answer while people look
    browser = hub.browser("Tanaka")
    rows = []
    for path in ("/", "/desk", "/desk/sites", "/desk/ledger", "/desk/ledger?kinds=deeds", "/desk/compose"):
        taken = Taken()
        for _ in range(LOOKS):
            taken.begin()
            browser.http.get(path).raise_for_status()
            taken.end()
        rows.append(taken.row(f"page {path}: 1,741 sites, {json.dumps(realm.views.entries)} entries", "< 100 ms"))
    return rows
