"""The time that a u-blox receiver gives beside its frames: UBX-NAV-PVT and UBX-NAV-TIMEUTC. Never written.

A frame in UBX-RXM-SFRBX says nothing of when it was heard; what stands before it in the same stream does.
"""

from datetime import UTC, datetime, timedelta
from struct import unpack_from

from satwarn.frame.containers import MORE, NOT_ONE, Container
from satwarn.frame.containers.ubx import checksum
from satwarn.frame.heard import Heard

PVT, TIMEUTC = b"\x01\x07", b"\x01\x21"
_SYNC = b"\xb5\x62"
_LENGTHS = {PVT: 92, TIMEUTC: 20}
_STARTS = tuple(_SYNC + number + length.to_bytes(2, "little") for number, length in _LENGTHS.items())
_ALL_VALID = 0b111
"""NAV-PVT: date, time, fully resolved. NAV-TIMEUTC: time of week, week, UTC. The same three bits in both."""


def measure(head: bytes) -> int:
    """The length of a sound message of either kind at the head; a broken one is none."""
    start = next((start for start in _STARTS if head.startswith(start) or start.startswith(head)), None)
    if start is None:
        return NOT_ONE
    if len(head) < len(start):
        return MORE
    size = len(start) + int.from_bytes(start[4:6], "little") + 2
    if len(head) < size:
        return MORE
    return size if checksum(head[2 : size - 2]) == head[size - 2 : size] else NOT_ONE


def time_of(number: bytes, payload: bytes) -> datetime | None:
    """The time in a message's payload (`number` its class and id), None where the receiver is not sure of it."""
    if _LENGTHS.get(number) != len(payload):
        return None
    at, nano_at, valid_at = (4, 16, 11) if number == PVT else (12, 8, 19)
    year, month, day, hour, minute, second = unpack_from("<HBBBBB", payload, at)
    if payload[valid_at] & _ALL_VALID != _ALL_VALID:
        return None
    (nano,) = unpack_from("<i", payload, nano_at)
    try:
        # A leap second is told as second 60: the last of its minute twice.
        whole = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return whole + timedelta(microseconds=nano / 1000)
    except (ValueError, OverflowError):
        return None


def read(message: bytes) -> datetime | None:
    """The time in a whole message."""
    return time_of(message[2:4], message[6:-2])


def _no_frame(message: bytes) -> Heard | None:
    return None


def _not_written(frame: Heard) -> bytes:
    raise NotImplementedError


UBX_TIME = Container(name="ubx-time", title="UBX-NAV-PVT", measure=measure, open_item=_no_frame, write=_not_written)
