"""The ground path in a process of its own: reads the hub's ledger, holds the sites' lines, tells the hub what comes.

It has no key but that of its own TLS, writes nothing, and keeps nothing that is not in the ledger: killed at any moment
it comes back with everything. The hub speaks to it by lines of JSON on standard input, it answers on standard output;
when the hub is gone, so is it. Started by `app.ground_keeper` as `python -m satwarn.app.ground_process`.

    hub to process   new (the ledger has grown) · got (site, run, number) · renewed (site, answer)
    process to hub   listening (port) · failed (why) · receipt · site · renew · refused · alive
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path as File
from typing import Any

from satwarn import __version__
from satwarn.adapters import clock
from satwarn.adapters.ground.tls import tls_of_hub
from satwarn.adapters.ground.websocket_hub import Arrived, SiteState, WebSocketGround
from satwarn.adapters.ground.wire import DOWN_AFTER, LARGEST_SAID
from satwarn.adapters.ledger.sqlite import SqliteReader
from satwarn.alert import cap
from satwarn.alert.supply import supply_of
from satwarn.errors import SatwarnError
from satwarn.hub import sites
from satwarn.hub.outgoing import Outgoing, Parcel, parcel
from satwarn.hub.sites import SiteRow, faults_of, holds_of
from satwarn.ledger.entry import Entry
from satwarn.ledger.receipt import Path

SEND, SUPPLY, NO_SUPPLY = "send", "send supply", "revoke supply"
KINDS = (SEND, SUPPLY, NO_SUPPLY, *sorted(sites.KINDS))
HAND_AGAIN_S = 60.0
"""A site that still lacks a supply is given it once more after so long."""
TICK_S = 1.0
ALIVE_S = 5.0
TELL_AGAIN_S = 2.0
"""A site whose state flickers is told of no more often than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A supply as it is given to sites that lack it; `key` is "<sender> <kind>", as they tell what they hold."""

    key: str
    serial: int
    until: datetime
    said: dict[str, Any]

    def is_lacked(self, holds: Mapping[str, Sequence[Any]]) -> bool:
        """Whether a site that holds these has neither all of it nor a newer one of its kind."""
        serial, whole = holds.get(self.key, (0, False))
        return (serial, whole) < (self.serial, True)


class Post:
    """What the ledger says of messages, supplies and sites, read on from where it was."""

    def __init__(self, ledger: SqliteReader) -> None:
        self._ledger, self._read = ledger, 0
        self.outgoing = Outgoing()
        self.rows: dict[str, SiteRow] = {}
        self.supplies: dict[str, Handed] = {}
        self._opens: dict[str, str] = {}

    def admit(self, fingerprint: str) -> str | None:
        """The site a certificate opens a line for."""
        return self._opens.get(fingerprint)

    def read(self) -> list[Parcel]:
        """Take in what is new; the messages among it, not yet in `outgoing`."""
        found: list[Parcel] = []
        last = self._ledger.head.position
        for entry in self._ledger.between(self._read, last, KINDS):
            if entry.kind == SUPPLY:
                self.supplies[entry.subject] = _handed(entry)
            elif entry.kind == NO_SUPPLY:
                self.supplies.pop(entry.subject, None)
            elif entry.kind != SEND:
                row = sites.moved(self.rows.get(entry.subject.partition("/")[2]), entry)
                self.rows[row.code] = row
            elif Path.GROUND in entry.body["paths"]:
                found.append(self._parcel(entry))
        self._read = last
        self._opens = {print_: row.code for row in self.rows.values() for print_ in row.fingerprints}
        return found

    def _parcel(self, entry: Entry) -> Parcel:
        """The signed bytes of what a "send" let go: they stand in the deed before it."""
        deeds = self._ledger.of(entry.subject)
        identifier = entry.body["identifier"]
        bodies = (deed.body for deed in reversed(deeds) if deed.kind != "send")
        message: bytes = next(body["cap"].encode() for body in bodies if body.get("identifier") == identifier)
        mark = bytes.fromhex(entry.seal)
        return parcel(cap.read(message).alert, message, number=entry.position, mark=mark, sent=entry.time)


def _handed(entry: Entry) -> Handed:
    body = entry.body
    alert = cap.read(body["cap"].encode()).alert
    supply = supply_of(alert)
    assert supply is not None  # the desk made it
    return Handed(
        key=f"{alert.sender} {supply.kind}",
        serial=supply.serial,
        until=datetime.fromisoformat(body["until"]),
        said={"supply": {"cap": body["cap"], "files": list(body["files"].values())}},
    )


class Process:
    """The ground and the pipe to the hub, in one event loop."""

    def __init__(self, wanted: dict[str, Any], out: asyncio.StreamWriter) -> None:
        self._out = out
        self._post = Post(SqliteReader(File(wanted["ledger"])))
        self._told: dict[str, tuple[Any, float]] = {}
        self._handed: dict[tuple[str, int], float] = {}
        self._wanted = wanted
        tls = tls_of_hub(certificate=wanted["certificate"], key=wanted["key"], authority=wanted["authority"])
        self.ground = WebSocketGround(
            now=clock.now,
            tls=tls,
            outgoing=self._post.outgoing,
            admit=self._admit,
            version=wanted.get("version", __version__),
        )
        self.ground.on_arrival(self._arrived)
        self.ground.on_renewal(self._renew)
        self.ground.on_refused = self._refused

    async def open(self) -> None:
        """Read the ledger, then listen."""
        for one in self._post.read():
            self._post.outgoing.add(one)
        for row in self._post.rows.values():
            if row.connected:  # so that one that does not come again is told of
                self.ground.sites[row.code] = SiteState(last=clock.now(), connected=False)
                held = row.holds if row.holds is None else {k: [one.serial, one.whole] for k, one in row.holds.items()}
                told = _state(row.connected, row.faults, held, row.version, row.note, "")
                self._told[row.code] = (told, clock.stopwatch())
        port = await self.ground.open(self._wanted["host"], self._wanted["port"])
        self.say({"listening": port})

    def say(self, said: dict[str, Any]) -> None:
        """One line to the hub."""
        self._out.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")

    def hear(self, said: dict[str, Any]) -> None:
        """One line of the hub."""
        if "new" in said:
            self.grow()
        elif "got" in said:
            self.ground.got(*said["got"])
        elif "renewed" in said:
            self.ground.renewed(*said["renewed"])

    def grow(self) -> None:
        """Carry what is new in the ledger, and hang up on whom it revokes."""
        self._carry()
        self.ground.check()

    def _carry(self) -> None:
        for one in self._post.read():
            self.ground.carry(one)

    def _admit(self, fingerprint: str) -> str | None:
        """The site a certificate opens a line for; the ledger is read on first, for it may be a moment old."""
        if (site := self._post.admit(fingerprint)) is None:
            self._carry()
            site = self._post.admit(fingerprint)
        return site

    async def look(self) -> None:
        """Once a second: what is new (should the hub have forgotten to say so), who fell silent, what changed."""
        begun, turn = clock.stopwatch(), 0
        while True:
            await asyncio.sleep(TICK_S)
            turn += 1
            self.grow()
            self.ground.tick()
            settled = clock.stopwatch() - begun > DOWN_AFTER.total_seconds()
            self._tell_changes(settled)
            self._hand_supplies()
            if turn % int(ALIVE_S / TICK_S) == 0:
                self.say({"alive": [site for site, state in self.ground.sites.items() if state.connected]})

    def _tell_changes(self, settled: bool) -> None:
        for site, state in self.ground.sites.items():
            if state.version == "" and not settled:
                continue  # it was there before this process began, and may still come
            holds, faults = holds_of(state.state), faults_of(state.state)
            now = _state(state.connected, faults, holds, state.version, state.remark, state.fingerprint)
            before, at = self._told.get(site, (None, -TELL_AGAIN_S))
            if now != before and clock.stopwatch() - at >= TELL_AGAIN_S:
                self._told[site] = (now, clock.stopwatch())
                self.say({"site": site, **now})

    def _hand_supplies(self) -> None:
        """Give sites what they say they lack; one that says nothing would not know what to do with it."""
        if not self._post.supplies:
            return
        now, at = clock.now(), clock.stopwatch()
        wanted = [one for one in sorted(self._post.supplies.values(), key=lambda one: one.serial) if one.until > now]
        for site, state in self.ground.sites.items():
            holds = holds_of(state.state) if state.connected else None
            for one in wanted if holds is not None else ():
                before = self._handed.get((site, one.serial), -HAND_AGAIN_S)
                if one.is_lacked(holds or {}) and at - before >= HAND_AGAIN_S:
                    self._handed[site, one.serial] = at
                    self.ground.tell(site, one.said)

    def _arrived(self, arrived: Arrived) -> None:
        line = {"run": arrived.run, "number": arrived.number}
        self.say({"receipt": arrived.receipt, "site": arrived.site, "line": line})

    def _renew(self, site: str, fingerprint: str, request: str) -> None:
        version = self.ground.sites[site].version
        self.say({"renew": request, "site": site, "fingerprint": fingerprint, "version": version})

    def _refused(self, site: str, why: str) -> None:
        self.say({"refused": why, "site": site})


def _state(connected: bool, faults: Any, holds: Any, version: str, remark: str, fingerprint: str) -> dict[str, Any]:
    return {
        "connected": connected,
        "faults": dict(faults),
        "holds": holds,
        "version": version,
        "remark": remark,
        "fingerprint": fingerprint,
    }


async def run(lines: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    """Until the hub says no more."""
    try:
        process = Process(json.loads(await lines.readline()), out)
        await process.open()
    except (OSError, SatwarnError) as error:
        out.write(json.dumps({"failed": str(error)}).encode() + b"\n")
        await out.drain()
        return
    looking = asyncio.create_task(process.look())
    hearing = asyncio.create_task(_hear(process, lines))
    done, _ = await asyncio.wait((looking, hearing), return_when=asyncio.FIRST_COMPLETED)
    for task in (looking, hearing):
        task.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.ground.close(), 2)
    _raise(done)


async def _hear(process: Process, lines: asyncio.StreamReader) -> None:
    while line := await lines.readline():
        process.hear(json.loads(line))


def _raise(tasks: Iterable["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.result()


async def _main() -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=4 * LARGEST_SAID)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, sys.stdout)
    await run(lines, asyncio.StreamWriter(transport, protocol, None, loop))


if __name__ == "__main__":
    asyncio.run(_main())
