"""The hub's side of the ground path over WebSocket: what is on goes to every site, receipts and states come back."""

import asyncio
import contextlib
import hashlib
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from satwarn.adapters import clock
from satwarn.adapters.ground.tls import in_words, tell_refusals
from satwarn.adapters.ground.wire import DOWN_AFTER, HELLO_WITHIN_S, LARGEST_SAID, PARCEL, Now, Said, said_in, spell
from satwarn.hub.outgoing import MARK_BYTES, Outgoing, Parcel
from satwarn.hub.ports import Hear
from satwarn.hub.versions import PROTOCOL, judge

MOST_LINES = 12_000
MOST_WAITING_BYTES = 16 * 2**20
"""A site that reads so slowly is hung up on, and catches up by number: it may not fill the hub's memory."""
MOST_UNANSWERED = 256
SOMEBODY = "?"
LOG = logging.getLogger("satwarn.ground")


@dataclass(slots=True)
class SiteState:
    """What the hub knows of a site: when it last spoke, what it said of itself, and by which certificate it came."""

    last: datetime
    connected: bool
    state: Said = field(default_factory=dict)
    version: str = ""
    remark: str = ""
    fingerprint: str = ""

    def down(self, now: datetime) -> bool:
        """Whether it is known to be down."""
        return not self.connected or now - self.last > DOWN_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A receipt of a site; `run` and `number` name it among all that the site ever sends."""

    site: str
    run: str
    number: int
    receipt: Said
    at: datetime


Admit = Callable[[str], str | None]
"""A certificate's SHA-256 in hex -> the site it opens a line for, None when it counts no more."""


class WebSocketGround:
    """A Ground with sockets, on the hub's side: to be opened in a running event loop of its own process.

    Without TLS every hello is believed: for tests. `version` and `protocol` are those the hub tells of itself.
    """

    def __init__(
        self,
        *,
        now: Now,
        tls: ssl.SSLContext | None = None,
        outgoing: Outgoing | None = None,
        admit: Admit = lambda fingerprint: None,
        version: str = "0",
        protocol: int = PROTOCOL,
        most_lines: int = MOST_LINES,
    ) -> None:
        self.now, self.admit = now, admit
        self._tls = tell_refusals(tls, self._tls_refused) if tls else None
        self.version, self.protocol, self._most = version, protocol, most_lines
        self.outgoing = outgoing or Outgoing()
        self._lines: dict[str, _HubLine] = {}
        self._strange: set[_HubLine] = set()
        self._server: asyncio.base_events.Server | None = None
        self._arrive: Callable[[Arrived], None] = lambda arrived: None
        self._renew: Callable[[str, str, str], None] = lambda site, fingerprint, request: None
        self.sites: dict[str, SiteState] = {}
        self.on_refused: Callable[[str, str], None] = lambda site, why: None

    async def open(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; returns the port. OSError when it is taken."""
        handshake: dict[str, Any] = (
            {"ssl_handshake_timeout": HELLO_WITHIN_S, "ssl_shutdown_timeout": 2.0} if self._tls else {}
        )
        self._server = await ws_create_server(
            self._welcome,
            host,
            port,
            ssl=self._tls,
            use_aiofastnet=False,  # its TLS hangs up without a word where ours says why
            max_frame_size=LARGEST_SAID,
            websocket_handshake_timeout=HELLO_WITHIN_S,
            reuse_address=True,
            backlog=2048,
            **handshake,
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Hang up on everybody."""
        for line in [*self._lines.values(), *self._strange]:
            line.hang_up()
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    # ── to sites ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def publish(self, message: bytes, *, until: datetime) -> None:
        """Send to every connected site, and to whoever connects until then (see hub.ports.Ground)."""
        number = self.outgoing.last + 1
        mark = hashlib.sha256(b"%d" % number + message).digest()[:MARK_BYTES]
        self.carry(Parcel(number=number, mark=mark, message=message, until=until))

    def carry(self, one: Parcel) -> None:
        """Send a parcel to every connected site, and keep it for who comes later."""
        self.outgoing.add(one)
        frame = PARCEL.pack(one.number, one.mark) + one.message
        for line in list(self._lines.values()):
            line.carry(frame)

    def tell(self, site: str, said: Said) -> None:
        """Say something to one site, if it is there."""
        if line := self._lines.get(site):
            line.say(said)

    def got(self, site: str, run: str, number: int) -> None:
        """A receipt is durable: the site may forget it."""
        if (line := self._lines.get(site)) and line.run == run:
            line.unanswered -= 1
            line.say({"got": number})

    def renewed(self, site: str, answer: Said) -> None:
        """What came of a site's wish for a new certificate."""
        if line := self._lines.get(site):
            line.say({"renewed": answer})

    def check(self) -> None:
        """Hang up on every site whose certificate counts no more."""
        if self._tls:
            for line in [*self._lines.values()]:
                if self.admit(line.fingerprint) != line.site:
                    line.refuse("this site's certificate was revoked or replaced")

    def tick(self) -> None:
        """Time has passed: lines on which nothing was heard for three beats are dead."""
        for line in list(self._lines.values()):
            if clock.stopwatch() - line.spoke_s > DOWN_AFTER.total_seconds():
                line.hang_up()

    # ── from sites ───────────────────────────────────────────────────────────────────────────────────────────────────

    def on_receipt(self, take: Hear) -> None:
        """Have `take` called with receipts; each is answered when it returns."""

        def arrive(arrived: Arrived) -> None:
            take(spell(arrived.receipt), arrived.at)
            self.got(arrived.site, arrived.run, arrived.number)

        self._arrive = arrive

    def on_arrival(self, arrive: Callable[[Arrived], None]) -> None:
        """Have `arrive` called with receipts; whoever has made one durable calls `got`."""
        self._arrive = arrive

    def on_renewal(self, renew: Callable[[str, str, str], None]) -> None:
        """Have `renew` called with (site, fingerprint of its present certificate, request); answer by `renewed`."""
        self._renew = renew

    def down(self) -> list[str]:
        """The sites known to be down now."""
        return sorted(site for site, state in self.sites.items() if state.down(self.now()))

    def _welcome(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        if len(self._lines) + len(self._strange) >= self._most:
            busy = WSUpgradeResponse.create_error_response(503, b"this hub holds as many lines as it may")
            return WSUpgradeResponseWithListener(busy, None)
        return _HubLine(self)

    def _tls_refused(self, error: ssl.SSLError) -> None:
        """A handshake came to nothing: who it was is not known, for nobody unproven is asked for a name."""
        self.on_refused(SOMEBODY, in_words(error, here="the hub", there="a site"))

    # called by its lines

    def met(self, line: "_HubLine") -> None:
        """Somebody is there who has not yet said who."""
        self._strange.add(line)

    def joined(self, line: "_HubLine", said: Said) -> None:
        """A site said hello: the newest line is its line, and it gets what is on and new to it."""
        self._strange.discard(line)
        if older := self._lines.get(line.site):
            older.hang_up()
        self._lines[line.site] = line
        judged = judge(
            hub=self.version,
            site=str(said.get("version", "")),
            site_protocol=said.get("protocol"),
            hub_protocol=self.protocol,
        )
        self.sites[line.site] = SiteState(
            last=self.now(),
            connected=not judged.refused,
            version=str(said.get("version", ""))[:40],
            remark=judged.refused or judged.remark,
            fingerprint=line.fingerprint,
        )
        if judged.refused:
            line.refuse(judged.refused)
            return
        line.say({"welcome": {"version": self.version, "protocol": self.protocol, "remark": judged.remark}})
        for one in self.outgoing.after(*_since(said), now=self.now()):
            line.carry(PARCEL.pack(one.number, one.mark) + one.message)

    def left(self, line: "_HubLine") -> None:
        """A line broke."""
        self._strange.discard(line)
        if self._lines.get(line.site) is line:
            del self._lines[line.site]
            self.sites[line.site].connected = False

    def heard(self, line: "_HubLine", said: Said) -> None:
        """A site said something."""
        known, now = self.sites[line.site], self.now()
        known.last, line.spoke_s = now, clock.stopwatch()
        if isinstance(receipt := said.get("receipt"), dict) and isinstance(number := said.get("number"), int):
            line.run = str(said.get("run", ""))[:60]
            line.unanswered += 1
            if line.unanswered > MOST_UNANSWERED:
                line.refuse("too much is said at once")
                return
            self._arrive(Arrived(site=line.site, run=line.run, number=number, receipt=receipt, at=now))
        elif isinstance(state := said.get("beat"), dict):
            known.state = state
            line.say({"beat": {"now": now.isoformat()}})
        elif isinstance(request := said.get("renew"), str):
            self._renew(line.site, line.fingerprint, request)


def _since(said: Said) -> tuple[int, bytes]:
    """What a hello says the site has: a number, and the mark that came with it."""
    number, mark = said.get("since"), said.get("mark")
    with contextlib.suppress(ValueError):
        if isinstance(number, int) and isinstance(mark, str):
            return number, bytes.fromhex(mark)
    return 0, b""


class _HubLine(WSListener):
    def __init__(self, ground: WebSocketGround) -> None:
        self._ground = ground
        self._transport: WSTransport | None = None
        self._patience: asyncio.TimerHandle | None = None
        self.site, self.fingerprint, self.run, self.unanswered = "", "", "", 0
        self.spoke_s = clock.stopwatch()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._ground.met(self)
        self._patience = asyncio.get_running_loop().call_later(HELLO_WITHIN_S, partial(self.refuse, "no hello"))
        if shown := _certificate(transport):
            self.fingerprint = hashlib.sha256(shown).hexdigest()
            if self._ground.admit(self.fingerprint) is None:
                self.refuse("this site's certificate was revoked or replaced: enrol it anew")

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.CLOSE:
            transport.disconnect()
        elif self._transport is None or (said := said_in(frame)) is None:
            return
        elif self.site:
            self._ground.heard(self, said)
        elif isinstance(hello := said.get("hello"), str) and hello:
            self._hello(hello, said)

    def _hello(self, hello: str, said: Said) -> None:
        if self.fingerprint and (named := self._ground.admit(self.fingerprint)) != hello:
            self.refuse(f"this certificate is that of {named}, not of {hello[:20]}")
            return
        if self._patience:
            self._patience.cancel()
        self.site = hello
        self._ground.joined(self, said)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport = None
        if self._patience:
            self._patience.cancel()
        self._ground.left(self)

    def say(self, said: Said) -> None:
        self._send(WSMsgType.TEXT, spell(said))

    def carry(self, frame: bytes) -> None:
        self._send(WSMsgType.BINARY, frame)

    def _send(self, kind: WSMsgType, data: bytes) -> None:
        if self._transport is None:
            return
        if self._transport.underlying_transport.get_write_buffer_size() > MOST_WAITING_BYTES:
            LOG.warning("%s reads too slowly: hung up, it will catch up by number", self.site)
            self._transport.disconnect(graceful=False)
            return
        self._transport.send(kind, data)

    def refuse(self, why: str) -> None:
        """Say why, and hang up."""
        self._ground.on_refused(self.site or self._ground.admit(self.fingerprint) or self.fingerprint[:16], why)
        self.say({"refused": why})
        if transport := self._transport:
            transport.send_close(WSCloseCode.POLICY_VIOLATION, why.encode()[:120])
            transport.disconnect()

    def hang_up(self) -> None:
        if self._transport:
            self._transport.disconnect(graceful=False)


def _certificate(transport: WSTransport) -> bytes | None:
    """The certificate the other side showed (DER); None where there is no TLS."""
    tls: Any = transport.underlying_transport.get_extra_info("ssl_object")
    return tls.getpeercert(True) if tls else None
