"""The transmitter at the pace of the wall, within its own process: cuts, turns the carousel, sends to the group."""

import json
from collections import deque
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from satwarn.adapters import clock
from satwarn.adapters.air.flute_cut import cut
from satwarn.adapters.air.multicast import UdpAir
from satwarn.alert.alert import Severity
from satwarn.uplink.carousel import Carousel, Emission, Item, Priority

IDLE_S = 1.0
OPEN_AGAIN = timedelta(seconds=2)
RATE_OVER_S = 10.0


class Transmitting:
    """Obeys the pipe (`put`, `withdraw`, `state`) and sends, until the pipe is closed. A network that is gone is tried
    again for ever; what would have left meanwhile is lost, as on the air."""

    def __init__(self, pipe: "Connection[bytes, bytes]", given: dict[str, Any]) -> None:
        self._pipe, self._given = pipe, given
        self._carousel = Carousel(bandwidth_bit_s=given["bandwidth_bit_s"])
        self._air: UdpAir | None = None
        self._try_at = clock.now()
        self._why = ""
        self._sent: deque[tuple[float, int]] = deque()
        self._datagrams = self._bits = self._lost = 0

    def serve(self) -> None:
        """Send until nobody asks any more."""
        while True:
            if self._pipe.poll(self._wait_s()):
                self._pipe.send_bytes(json.dumps(self._answer(self._pipe.recv_bytes())).encode())
            elif emission := self._carousel.tick(clock.now()):
                self._send(emission)

    def _wait_s(self) -> float:
        now = clock.now()
        due = self._carousel.next_tick(now)
        return IDLE_S if due is None else min(IDLE_S, max(0.0, (due - now).total_seconds()))

    def _answer(self, request: bytes) -> dict[str, Any]:
        head, _, content = request.partition(b"\n")
        asked = json.loads(head)
        if asked["ask"] == "put":
            self._carousel.put(
                Item(
                    key=asked["key"],
                    datagrams=tuple(cut(asked["cut"], content)),
                    priority=Priority(asked["priority"]),
                    severity=Severity(asked["severity"]),
                    since=datetime.fromisoformat(asked["since"]),
                    until=datetime.fromisoformat(asked["until"]),
                )
            )
        elif asked["ask"] == "withdraw":
            self._carousel.withdraw(asked["key"])
        return self._state()

    def _state(self) -> dict[str, Any]:
        self._carousel.next_tick(clock.now())  # what is over goes
        return {
            "why": self._why,
            "passes": self._carousel.number,
            "datagrams": self._datagrams,
            "bits": self._bits,
            "lost": self._lost,
            "rate_bit_s": self._rate_bit_s(),
            "aboard": [
                {
                    "key": item.key,
                    "priority": item.priority.name.lower(),
                    "severity": item.severity.value,
                    "since": item.since.isoformat(),
                    "until": item.until.isoformat(),
                    "bytes_a_pass": item.bits // 8,
                }
                for item in sorted(self._carousel.aboard(), key=lambda item: item.order)
            ],
        }

    def _send(self, emission: Emission) -> None:
        try:
            self._open().send(emission.datagram)
        except OSError as error:
            self._lost += 1
            self._why = str(error)
            return
        self._why = ""
        bits = 8 * (len(emission.datagram) + 28)
        self._datagrams, self._bits = self._datagrams + 1, self._bits + bits
        self._sent.append((clock.stopwatch(), bits))
        self._forget()

    def _open(self) -> UdpAir:
        if self._air is None:
            if clock.now() < self._try_at <= clock.now() + OPEN_AGAIN:
                raise OSError(self._why)
            self._try_at = clock.now() + OPEN_AGAIN
            self._air = UdpAir(
                self._given["group"], self._given["port"], interface=self._given["interface"], ttl=self._given["ttl"]
            )
        return self._air

    def _rate_bit_s(self) -> float:
        """Over the last seconds, whole datagrams with their headers."""
        self._forget()
        if not self._sent:
            return 0.0
        return sum(bits for _, bits in self._sent) / max(1.0, min(RATE_OVER_S, clock.stopwatch() - self._sent[0][0]))

    def _forget(self) -> None:
        while self._sent and self._sent[0][0] < clock.stopwatch() - RATE_OVER_S:
            self._sent.popleft()
