"""What a u-blox receiver tells about itself between the frames: jamming, spoofing, time, place (UBX).

Bytes in, readings out; whatever does not hold its checksum is skipped. Layouts: UBX-SEC-SIG versions 1 and 2,
UBX-NAV-STATUS, UBX-NAV-PVT, UBX-NAV-TIMEUTC, UBX-MON-RF.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from satwarn.frame.containers.ubx_time import PVT, TIMEUTC, time_of
from satwarn.receiver.radio import Level

SYNC = b"\xb5\x62"
LONGEST = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one message tells; None where it says nothing of it."""

    jamming: Level | None = None
    spoofing: Level | None = None
    time: datetime | None = None
    position: tuple[float, float] | None = None
    satellites: int | None = None


def checksum(body: bytes) -> bytes:
    """The two bytes (8-bit Fletcher) behind class, id, length and payload."""
    a = b = 0
    for byte in body:
        a = a + byte & 0xFF
        b = b + a & 0xFF
    return bytes((a, b))


def message(number: tuple[int, int], payload: bytes) -> bytes:
    """A whole UBX message."""
    body = bytes(number) + struct.pack("<H", len(payload)) + payload
    return SYNC + body + checksum(body)


class UbxStream:
    """Finds sound UBX messages in a stream of bytes; keeps less than one between two feedings."""

    def __init__(self) -> None:
        self._kept = b""

    def messages(self, data: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
        """(class, id) and payload of every sound message that these bytes complete."""
        self._kept += data
        while (at := self._kept.find(SYNC)) >= 0:
            self._kept = self._kept[at:]
            if len(self._kept) < 8:
                return
            (length,) = struct.unpack_from("<H", self._kept, 4)
            if length <= LONGEST and len(self._kept) < 8 + length:
                return
            body = self._kept[2 : 6 + length]
            if length > LONGEST or checksum(body) != self._kept[6 + length : 8 + length]:
                self._kept = self._kept[1:]
                continue
            self._kept = self._kept[8 + length :]
            yield (body[0], body[1]), body[4:]
        self._kept = self._kept[-1:]

    def feed(self, data: bytes) -> list[Telling]:
        """What these bytes tell."""
        found = (READINGS[number](payload) for number, payload in self.messages(data) if number in READINGS)
        return [telling for telling in found if telling]


def _sec_sig(payload: bytes) -> Telling | None:
    """UBX-SEC-SIG: the version and the length choose the layout."""
    if len(payload) == 12 and payload[0] == 1:
        return Telling(jamming=Level(payload[4] >> 1 & 3), spoofing=Level(min(payload[8] >> 1 & 7, 3)))
    if len(payload) >= 4 and payload[0] == 2:
        return Telling(jamming=Level(payload[1] >> 1 & 3), spoofing=Level(min(payload[1] >> 4 & 7, 3)))
    return None


def _nav_status(payload: bytes) -> Telling | None:
    return Telling(spoofing=Level(payload[7] >> 3 & 3)) if len(payload) == 16 else None


def _mon_rf(payload: bytes) -> Telling | None:
    blocks = payload[1] if len(payload) >= 4 else 0
    flags = [payload[4 + 24 * block + 1] & 3 for block in range(blocks) if len(payload) >= 28 + 24 * block]
    return Telling(jamming=Level(max(flags))) if flags else None


def _nav_pvt(payload: bytes) -> Telling | None:
    if len(payload) != 92:
        return None
    longitude, latitude = struct.unpack_from("<ii", payload, 24)
    fixed = payload[21] & 1 and payload[20] in (2, 3)
    place = (latitude / 1e7, longitude / 1e7) if fixed and abs(latitude) <= 900_000_000 else None
    return Telling(time=time_of(PVT, payload), position=place, satellites=payload[23])


def _nav_timeutc(payload: bytes) -> Telling | None:
    time = time_of(TIMEUTC, payload)
    return Telling(time=time) if time else None


READINGS: dict[tuple[int, int], Callable[[bytes], Telling | None]] = {
    (0x27, 0x09): _sec_sig,
    (0x01, 0x03): _nav_status,
    (0x01, 0x07): _nav_pvt,
    (0x01, 0x21): _nav_timeutc,
    (0x0A, 0x38): _mon_rf,
}

# ── settings of the chip ─────────────────────────────────────────────────────────────────────────────────────────────

VALSET, VALGET, ACK, NAK, VERSION = (0x06, 0x8A), (0x06, 0x8B), (0x05, 0x01), (0x05, 0x00), (0x0A, 0x04)
RAM, BBR, FLASH = 1, 2, 4
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
Settings = tuple[tuple[int, int], ...]

# Order of the ports in a family of MSGOUT keys. An optional key that a chip does not know refuses its whole message,
# so the groups go one by one: what must be there first, what may be there after it.
PORTS = {"i2c": 0, "uart1": 1, "uart2": 2, "usb": 3, "spi": 4}
REQUIRED = "signals and frames"


def plan(port: str) -> tuple[tuple[str, Settings], ...]:
    """The groups of (key, value) that make a chip give frames and tell of itself on a port, the required one first."""
    at = PORTS[port]
    return (
        (
            REQUIRED,
            (
                (0x10310024, 1),  # QZSS
                (0x10310012, 1),  # QZSS L1C/A
                (0x10310014, 1),  # QZSS L1S
                (0x20910231 + at, 1),  # RXM-SFRBX
            ),
        ),
        ("time and place", ((0x20910006 + at, 1), (0x2091001A + at, 1))),  # NAV-PVT, NAV-STATUS
        ("state of the band", ((0x20910359 + at, 5),)),  # MON-RF
        ("jamming and spoofing", ((0x20910634 + at, 1),)),  # SEC-SIG
    )


def valset(pairs: Settings, *, layers: int = RAM) -> bytes:
    """The message that sets these keys in these layers."""
    payload = bytes((0, layers, 0, 0))
    for key, value in pairs:
        payload += struct.pack("<I", key) + value.to_bytes(_SIZES[key >> 28 & 7], "little")
    return message(VALSET, payload)


def valget(keys: tuple[int, ...]) -> bytes:
    """The message that asks for the live values of these keys."""
    return message(VALGET, bytes(4) + b"".join(struct.pack("<I", key) for key in keys))


def values(payload: bytes) -> dict[int, int]:
    """Keys and values of an answer to `valget`; what a chip does not have is missing."""
    found, at = {}, 4
    while at + 4 < len(payload):
        (key,) = struct.unpack_from("<I", payload, at)
        size = _SIZES.get(key >> 28 & 7, 1)
        found[key] = int.from_bytes(payload[at + 4 : at + 4 + size], "little")
        at += 4 + size
    return found
