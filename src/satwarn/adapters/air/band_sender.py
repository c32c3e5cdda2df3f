"""The sending end of the wide band, seen from outside: objects in, datagrams on a group, in a process of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from satwarn.adapters import clock
from satwarn.adapters.air.flute_message import cut_order
from satwarn.adapters.air.flute_process import FluteProcess
from satwarn.adapters.air.lct import SERVICE
from satwarn.adapters.air.limits import Limits
from satwarn.adapters.air.multicast import LOOPBACK, group_of
from satwarn.alert.alert import Severity
from satwarn.errors import BadSetting, DoesNotFit
from satwarn.uplink.carousel import FASTEST_BIT_S, SLOWEST_BIT_S, Priority

UNITS = {"k": 1_000, "M": 1_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class BandSettings:
    """Where and how fast: `address` is group:port, `interface` a name or an address, `ttl` 0 stays on this machine."""

    address: str
    bandwidth_bit_s: int = 256_000
    interface: str = LOOPBACK
    ttl: int = 0
    service: int = SERVICE

    def __post_init__(self) -> None:
        try:
            group_of(self.address)
        except DoesNotFit as error:
            raise BadSetting(error.what, where="wide band", fix=error.fix) from None
        if not SLOWEST_BIT_S <= self.bandwidth_bit_s <= FASTEST_BIT_S:
            raise BadSetting(f"{self.bandwidth_bit_s} bit/s", where="bandwidth", fix="64k to 10M")
        if not 0 <= self.ttl <= 255:
            raise BadSetting(f"a TTL of {self.ttl}", where="wide band", fix="0 (this machine), 1 (this network) to 255")


def read_bandwidth(text: str) -> int:
    """Bits per second of `256k`, `1.5M` or `64000`; BadSetting outside 64k to 10M."""
    number, unit = (text[:-1], UNITS[text[-1]]) if text[-1:] in UNITS else (text, 1)
    try:
        bits = round(float(number) * unit)
    except (ValueError, OverflowError):
        bits = 0
    if not SLOWEST_BIT_S <= bits <= FASTEST_BIT_S:
        raise BadSetting(
            f"{text!r} is no bandwidth of the wide band", where="--bandwidth", fix="64k to 10M, as in 256k"
        )
    return bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Aboard:
    """One object as it was put: what a transmitter that died is told again."""

    request: bytes
    until: datetime


class BandSender:
    """Puts objects on a carousel that turns in a process of its own; one that dies is started again with all that was
    aboard. `deaths` counts how often that was."""

    def __init__(self, folder: Path, settings: BandSettings, *, limits: Limits | None = None) -> None:
        self._settings, self._limits = settings, limits or Limits()
        group, port = group_of(settings.address)
        given = {
            "bandwidth_bit_s": settings.bandwidth_bit_s,
            "group": group,
            "port": port,
            "interface": settings.interface,
            "ttl": settings.ttl,
        }
        self._instance = int(clock.now().timestamp())
        self._aboard: dict[str, Aboard] = {}
        self._process = FluteProcess("transmit", folder, self._limits, given)

    @property
    def deaths(self) -> int:
        """How often the process died and was started again."""
        return self._process.starts - 1

    @property
    def pid(self) -> int:
        """The process's id, for whoever measures it."""
        return self._process.pid

    def put(
        self, key: str, content: bytes, *, mime_type: str, priority: Priority, severity: Severity, until: datetime
    ) -> None:
        """Have an object go round until it is over, in the place of an earlier one of the same key."""
        order = cut_order(
            content,
            mime_type=mime_type,
            service=self._settings.service,
            instance=self._instance,
            limits=self._limits,
        )
        head = {
            "ask": "put",
            "key": key,
            "cut": order,
            "priority": priority.value,
            "severity": severity.value,
            "since": clock.now().isoformat(),
            "until": until.isoformat(),
        }
        self._aboard[key] = Aboard(request=json.dumps(head).encode() + b"\n" + content, until=until)
        self._ask(self._aboard[key].request)

    def withdraw(self, key: str) -> None:
        """Take an object off, from the next datagram on."""
        if self._aboard.pop(key, None):
            self._ask(json.dumps({"ask": "withdraw", "key": key}).encode())

    def aboard(self) -> tuple[str, ...]:
        """What goes round now."""
        now = clock.now()
        self._aboard = {key: one for key, one in self._aboard.items() if one.until > now}
        return tuple(self._aboard)

    def state(self) -> Mapping[str, Any]:
        """Rate, passes, what is aboard, and `why` nothing leaves ("" when it does)."""
        return self._ask(b'{"ask": "state"}')

    def close(self) -> None:
        """Send no more."""
        self._process.close()

    def _ask(self, request: bytes) -> dict[str, Any]:
        for _ in range(2):
            try:
                answer: dict[str, Any] = json.loads(self._process.ask(request))
                return answer
            except EOFError:  # it died, and stands again with nothing aboard
                self._tell_all()
        raise OSError("the transmitter dies of what it is asked")

    def _tell_all(self) -> None:
        self._instance += 1  # its file tables are new ones
        self.aboard()
        for key, one in list(self._aboard.items()):
            head, _, content = one.request.partition(b"\n")
            order = json.loads(head)
            order["cut"]["instance"] = self._instance
            request = json.dumps(order).encode() + b"\n" + content
            try:
                self._process.ask(request)
            except EOFError:  # this very object kills it: the others go without it
                del self._aboard[key]
