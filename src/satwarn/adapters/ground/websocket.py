"""A site's side of the ground path over WebSocket: connects for ever, catches up by number, keeps receipts."""

import asyncio
import json
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from satwarn import __version__
from satwarn.adapters import clock
from satwarn.adapters.ground.tls import in_words, tell_refusals
from satwarn.adapters.ground.wire import (
    BEAT_S,
    DOWN_AFTER,
    LARGEST_CARRIED,
    LONGEST_WAIT_S,
    PARCEL,
    UNANSWERED,
    Chance,
    Now,
    Said,
    back_off_s,
    said_in,
    spell,
)
from satwarn.adapters.secret import token
from satwarn.hub.ports import Hear, Line
from satwarn.hub.versions import PROTOCOL

HELD_RECEIPTS = 10_000
SETTLED = 3
"""Beats after which a line counts as one that stands: a hub that hangs up at once is called ever more seldom."""
HUNG_UP = "the hub hung up before the line stood: perhaps it does not know this site's certificate: enrol it"


class WebSocketLine(Line):
    """A site's end: connects again for ever, catches up by number, keeps receipts until the hub has them.

    `tls` is made anew for each attempt, so that a renewed certificate counts from the next one. `told` gets what else
    the hub says: "welcome", "beat", "renewed". `version` and `protocol` are those this end tells of itself.
    """

    def __init__(
        self,
        address: str,
        site: str,
        hear: Hear,
        *,
        now: Now,
        chance: Chance,
        tls: Callable[[], ssl.SSLContext | None] = lambda: None,
        told: Callable[[Said], None] = lambda said: None,
        version: str = __version__,
        protocol: int = PROTOCOL,
    ) -> None:
        self._address, self._site, self._hear, self._now, self._chance = address, site, hear, now, chance
        self._tls, self._told, self._version, self._protocol = tls, told, version, protocol
        self._since, self._mark = 0, b""
        self._receipts: dict[int, bytes] = {}
        self._unsent: list[int] = []
        self._number, self._run_name = 0, token()
        self._transport: WSTransport | None = None
        self._task: asyncio.Task[None] | None = None
        self._beats, self._heard_s = 0, 0.0
        self.last_heard: datetime | None = None
        self.state: Callable[[], dict[str, Any]] = dict
        self.why = "not yet connected"
        self._refusal: ssl.SSLError | None = None
        self.refused = ""
        self.remark = ""

    @property
    def connected(self) -> bool:
        """Whether the line stands."""
        return self._transport is not None and not self.refused

    def open(self) -> None:
        """Begin to connect, in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def report(self, receipt: bytes) -> None:
        """Send a receipt (JSON); it is kept until the hub says that it has it."""
        self._number += 1
        self._receipts[self._number] = receipt
        self._unsent.append(self._number)
        while len(self._receipts) > HELD_RECEIPTS:
            del self._receipts[next(iter(self._receipts))]
        self._send_receipts()

    def close(self) -> None:
        """Hang up and stay so."""
        if self._task:
            self._task.cancel()
        self._hang_up()

    def again(self) -> None:
        """Ask for everything that is on, also what was heard before (after a maintenance)."""
        self._since, self._mark = 0, b""
        self._hang_up()

    def renew(self, request: str) -> None:
        """Ask for a new certificate; the answer is `told`."""
        self.say({"renew": request})

    def call_anew(self) -> None:
        """Hang up and call at once: with a new certificate."""
        self._hang_up()

    def _hang_up(self) -> None:
        if self._transport:
            self._transport.disconnect(graceful=False)

    async def _run(self) -> None:
        attempt = 0
        while True:
            self._beats = 0
            try:
                await self._one_line()
            except Exception as error:  # noqa: BLE001 - whatever a hub answers, the next attempt comes
                self.why = f"{self._address}: {self._refused_why() or in_words(error)}"
            attempt = 0 if self._beats >= SETTLED else attempt + 1
            wait_s = back_off_s(max(0, attempt - 1), self._chance())
            await asyncio.sleep(LONGEST_WAIT_S * (0.5 + self._chance() / 2) if self.refused else wait_s)

    async def _one_line(self) -> None:
        self._refusal, tls = None, self._tls()
        transport, _ = await ws_connect(
            lambda: _SiteListener(self),
            self._address,
            ssl_context=tell_refusals(tls, self._was_refused) if tls else None,
            max_redirects=0,
            use_aiofastnet=False,  # its TLS does not let through why the hub refused
            max_frame_size=LARGEST_CARRIED,
        )
        if self._transport is not transport and not self.refused:
            self.why = f"{self._address}: {self._refused_why() or HUNG_UP}"
        beating = asyncio.create_task(self._beat(transport))
        try:
            await transport.wait_disconnected()
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)  # an end of this task itself still comes through

    def _refused_why(self) -> str:
        return in_words(self._refusal) if self._refusal else ""

    def _was_refused(self, error: ssl.SSLError) -> None:
        self._refusal = error

    async def _beat(self, transport: WSTransport) -> None:
        self._heard_s = clock.stopwatch()
        while self._transport is transport:
            self._beats += 1
            self.say({"beat": self.state()})
            await asyncio.sleep(BEAT_S)
            if clock.stopwatch() - self._heard_s > DOWN_AFTER.total_seconds():
                self.why = "the hub does not answer"
                transport.disconnect(graceful=False)  # half a line: its other end is gone, and nobody said so

    # called by its listener

    def joined(self, transport: WSTransport) -> None:
        """The line stands: hello, then what was kept."""
        self._transport, self.why, self.refused = transport, "", ""
        hello = {"hello": self._site, "since": self._since, "mark": self._mark.hex()}
        self.say({**hello, "protocol": self._protocol, "version": self._version})
        self._unsent = list(self._receipts)
        self._send_receipts()

    def left(self) -> None:
        """The line broke."""
        self._transport = None
        self.why = f"the hub refused: {self.refused}" if self.refused else self.why or "the line broke"

    def heard(self, data: bytes) -> None:
        """A message of the hub: the receiver has it first, then its number counts."""
        if len(data) < PARCEL.size:
            return
        number, mark = PARCEL.unpack_from(data)
        self.last_heard, self._heard_s = self._now(), clock.stopwatch()
        self._hear(data[PARCEL.size :], self.last_heard)
        if number > self._since:
            self._since, self._mark = number, mark

    def told(self, said: Said) -> None:
        """The hub said something: it has a receipt, what time it is, or that it will not have us."""
        self.last_heard, self._heard_s = self._now(), clock.stopwatch()
        if isinstance(got := said.get("got"), int):
            self._receipts.pop(got, None)
            self._send_receipts()
        elif "refused" in said:
            self.refused = str(said["refused"])[:200]
        else:
            if isinstance(welcome := said.get("welcome"), dict):
                self.remark = str(welcome.get("remark", ""))[:200]
            self._told(said)

    def _send_receipts(self) -> None:
        """As many as the hub has not yet answered for are at most on the way."""
        while self._transport and self._unsent and len(self._receipts) - len(self._unsent) < UNANSWERED:
            if receipt := self._receipts.get(number := self._unsent.pop(0)):
                self.say({"receipt": json.loads(receipt), "run": self._run_name, "number": number})

    def say(self, said: Said) -> None:
        """A text message, if the line stands."""
        if self._transport:
            self._transport.send(WSMsgType.TEXT, spell(said))


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
        elif (said := said_in(frame)) is not None:
            self._line.told(said)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._line.left()
