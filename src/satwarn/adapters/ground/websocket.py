"""The ground path over WebSocket: a hub that keeps what is on, sites that catch up by number, receipts back.

Binary messages are eight bytes of sequence number (big-endian) and the signed bytes. Text messages are JSON: a site
says `hello` (its code and the last number it has), `ack`, `receipt` with a number of its own, and `beat` with its
state; the hub answers `got` for a receipt and `beat` with its time. Neither side believes what is not signed.
"""

import asyncio
import json
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_connect, ws_create_server

from satwarn.hub.ports import Hear, Line

Now = Callable[[], datetime]
Chance = Callable[[], float]
BEAT_S = 15.0
DOWN_AFTER = timedelta(seconds=45)  # three beats missed; seen at the hub within 60 s
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
HELD_RECEIPTS = 10_000
_SEQ = struct.Struct(">Q")


def back_off_s(attempt: int, chance: float) -> float:
    """Seconds before the next attempt: doubling up to a minute, and spread, so that no storm meets a hub that rises."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt, 10)) * (0.5 + chance / 2)


# ── the hub's side ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class SiteState:
    """What the hub knows of a site: when it last spoke, and what it said of itself (`faults`)."""

    last: datetime
    connected: bool
    state: dict[str, Any] = field(default_factory=dict)

    def down(self, now: datetime) -> bool:
        """Whether it is known to be down."""
        return not self.connected or now - self.last > DOWN_AFTER


class WebSocketGround:
    """A Ground with sockets, on the hub's side: to be opened in a running event loop of its own process."""

    def __init__(self, *, now: Now, tls: ssl.SSLContext | None = None) -> None:
        self._now, self._tls = now, tls
        self._kept: dict[int, tuple[bytes, datetime]] = {}
        self._sequence = 0
        self._lines: dict[str, _HubLine] = {}
        self._take: Hear = lambda receipt, at: None
        self._server: asyncio.base_events.Server | None = None
        self.sites: dict[str, SiteState] = {}
        self.strangers: list[tuple[str, str]] = []

    async def open(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; returns the port."""
        self._server = await ws_create_server(self._welcome, host, port, ssl=self._tls)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Hang up on everybody."""
        for line in list(self._lines.values()):
            line.hang_up()
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    def publish(self, message: bytes, *, until: datetime) -> None:
        """Send to every connected site, and to whoever connects until then (see hub.ports.Ground)."""
        self._sequence += 1
        self._kept = {number: kept for number, kept in self._kept.items() if kept[1] > self._now()}
        self._kept[self._sequence] = (message, until)
        for line in self._lines.values():
            line.carry(self._sequence, message)

    def on_receipt(self, take: Hear) -> None:
        """Have `take` called with receipts."""
        self._take = take

    def down(self) -> list[str]:
        """The sites known to be down now."""
        return sorted(site for site, state in self.sites.items() if state.down(self._now()))

    def _welcome(self, request: WSUpgradeRequest) -> WSListener:
        return _HubLine(self)

    # called by its lines

    def joined(self, site: str, since: int, line: "_HubLine") -> None:
        """A site said hello: it gets what is still on and new to it."""
        self._lines[site] = line
        self.sites[site] = SiteState(last=self._now(), connected=True)
        for number, (message, until) in sorted(self._kept.items()):
            if number > since and until > self._now():
                line.carry(number, message)

    def refused(self, site: str, named: str | None) -> None:
        """Somebody said hello in another site's name."""
        self.strangers.append((site, named or ""))

    def left(self, site: str, line: "_HubLine") -> None:
        """A line broke."""
        if self._lines.get(site) is line:
            del self._lines[site]
            self.sites[site].connected = False

    def heard(self, site: str, said: dict[str, Any]) -> dict[str, Any] | None:
        """A site said something; the answer, if it wants one."""
        known = self.sites[site]
        known.last = self._now()
        if "receipt" in said:
            self._take(json.dumps(said["receipt"], ensure_ascii=False).encode(), self._now())
            return {"got": said.get("number")}
        if "beat" in said:
            known.state = said["beat"]
            return {"beat": {"now": self._now().isoformat(), "sequence": self._sequence}}
        return None


class _HubLine(WSListener):
    def __init__(self, ground: WebSocketGround) -> None:
        self._ground, self._site = ground, ""
        self._transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.CLOSE:
            transport.disconnect()
            return
        said = _object(frame)
        if said is None:
            return
        if isinstance(hello := said.get("hello"), str) and not self._site:
            if (named := _named(transport)) not in (None, hello):
                self._ground.refused(hello, named)
                transport.disconnect()
                return
            self._site = hello
            self._ground.joined(hello, int(said.get("since", 0)), self)
        elif self._site and (answer := self._ground.heard(self._site, said)):
            transport.send(WSMsgType.TEXT, json.dumps(answer).encode())

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if self._site:
            self._ground.left(self._site, self)

    def carry(self, number: int, message: bytes) -> None:
        if self._transport:
            self._transport.send(WSMsgType.BINARY, _SEQ.pack(number) + message)

    def hang_up(self) -> None:
        if self._transport:
            self._transport.disconnect()


def _named(transport: WSTransport) -> str | None:
    """The site that the other side's certificate names; None where there is none (no TLS, or no authority)."""
    certificate = transport.underlying_transport.get_extra_info("peercert") or {}
    names = (value for part in certificate.get("subject", ()) for key, value in part if key == "commonName")
    return next(names, None)


def _object(frame: WSFrame) -> dict[str, Any] | None:
    """A JSON object in a text message; None for anything else, which is noise."""
    if frame.msg_type is not WSMsgType.TEXT:
        return None
    try:
        said = json.loads(frame.get_payload_as_bytes())
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


# ── a site's side ────────────────────────────────────────────────────────────────────────────────────────────────────


class WebSocketLine(Line):
    """A site's end: connects again for ever, catches up by number, keeps receipts until the hub has them."""

    def __init__(
        self,
        address: str,
        site: str,
        hear: Hear,
        *,
        now: Now,
        chance: Chance,
        tls: ssl.SSLContext | None = None,
        since: int = 0,
        told: Callable[[dict[str, Any]], None] = lambda said: None,
    ) -> None:
        self._address, self._site, self._hear, self._now, self._chance = address, site, hear, now, chance
        self._tls, self._told = tls, told
        self._since = since
        self._receipts: dict[int, bytes] = {}
        self._number = 0
        self._transport: WSTransport | None = None
        self._task: asyncio.Task[None] | None = None
        self.last_heard: datetime | None = None
        self.state: Callable[[], dict[str, Any]] = dict
        self.why = "not yet connected"

    @property
    def connected(self) -> bool:
        """Whether the line stands."""
        return self._transport is not None

    def open(self) -> None:
        """Begin to connect, in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def report(self, receipt: bytes) -> None:
        """Send a receipt (JSON); it is kept until the hub says that it has it."""
        self._number += 1
        self._receipts[self._number] = receipt
        while len(self._receipts) > HELD_RECEIPTS:
            del self._receipts[next(iter(self._receipts))]
        self._send_receipt(self._number)

    def close(self) -> None:
        """Hang up and stay so."""
        if self._task:
            self._task.cancel()
        if self._transport:
            self._transport.disconnect()

    def again(self) -> None:
        """Ask for everything that is on, also what was heard before (after a maintenance)."""
        self._since = 0
        if self._transport:
            self._transport.disconnect()

    async def _run(self) -> None:
        attempt = 0
        while True:
            try:
                transport, _ = await ws_connect(
                    lambda: _SiteListener(self), self._address, ssl_context=self._tls, max_redirects=0
                )
                attempt = 0
                beating = asyncio.create_task(self._beat(transport))
                try:
                    await transport.wait_disconnected()
                finally:
                    beating.cancel()
            except Exception as error:  # noqa: BLE001 - whatever a hub answers, the next attempt comes
                self.why = f"{self._address}: {type(error).__name__}: {error}"
            attempt += 1
            await asyncio.sleep(back_off_s(attempt - 1, self._chance()))

    async def _beat(self, transport: WSTransport) -> None:
        while self._transport is transport:
            self._say({"beat": self.state()})
            await asyncio.sleep(BEAT_S)

    # called by its listener

    def joined(self, transport: WSTransport) -> None:
        """The line stands: hello, then what was kept."""
        self._transport, self.why = transport, ""
        self._say({"hello": self._site, "since": self._since})
        for number in list(self._receipts):
            self._send_receipt(number)

    def left(self) -> None:
        """The line broke."""
        self._transport, self.why = None, "the line broke"

    def heard(self, data: bytes) -> None:
        """A message of the hub: heard at the receiver first, acknowledged after."""
        if len(data) < _SEQ.size:
            return
        (number,) = _SEQ.unpack_from(data)
        self.last_heard = self._now()
        self._hear(data[_SEQ.size :], self.last_heard)
        self._since = max(self._since, number)
        self._say({"ack": number})

    def told(self, said: dict[str, Any]) -> None:
        """The hub said something: it has a receipt, or what time it is."""
        self.last_heard = self._now()
        if "got" in said:
            self._receipts.pop(said["got"], None)
        else:
            self._told(said)

    def _send_receipt(self, number: int) -> None:
        self._say({"receipt": json.loads(self._receipts[number]), "number": number})

    def _say(self, said: dict[str, Any]) -> None:
        if self._transport:
            self._transport.send(WSMsgType.TEXT, json.dumps(said, ensure_ascii=False).encode())


class _SiteListener(WSListener):
    def __init__(self, line: WebSocketLine) -> None:
        self._line = line

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._line.joined(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.BINARY:
            self._line.heard(frame.get_payload_as_bytes())
        elif frame.msg_type is WSMsgType.CLOSE:
            transport.disconnect()
        elif (said := _object(frame)) is not None:
            self._line.told(said)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._line.left()


def tls_of_site(*, certificate: str, key: str, authority: str) -> ssl.SSLContext:
    """A site's TLS: its own certificate, and only the named authority for the hub's."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=authority or None)
    if certificate:
        context.load_cert_chain(certificate, key or None)
    return context


def tls_of_hub(*, certificate: str, key: str, authority: str) -> ssl.SSLContext:
    """The hub's TLS: its certificate, and only sites whose certificates the authority made."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority or None)
    context.load_cert_chain(certificate, key)
    if authority:
        context.verify_mode = ssl.CERT_REQUIRED
    return context
