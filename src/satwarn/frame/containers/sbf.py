"""Septentrio SBF block 4228 (QZSRawL1S). No recording was to be had: written after the layout of its neighbour 4246.

`24 40`, CRC16, number, length, then time of week (ms), week, satellite, CRC passed, Viterbi count, source, frequency,
channel, and eight words of 32 bits, first bit first.
"""

from binascii import crc_hqx
from struct import Struct

from satwarn.errors import BadFrame
from satwarn.frame import l1s
from satwarn.frame.containers import FIRST_PRN, LAST_PRN, MORE, NOT_ONE, Container
from satwarn.frame.heard import Heard

START = b"$@"
NUMBER = 4228
SIZE = 52
L1S_SOURCE = 33
_HEAD = Struct("<2sHHH")
_BLOCK = Struct("<2sHHHIHBBBBBB8I")
_NO_TIME, _NO_WEEK = 0xFFFFFFFF, 0xFFFF


def measure(head: bytes) -> int:
    """The length of the block at the head."""
    if not head.startswith(START):
        return MORE if START.startswith(head) else NOT_ONE
    if len(head) < _HEAD.size:
        return MORE
    _, _, number, length = _HEAD.unpack_from(head)
    if number & 0x1FFF != NUMBER or length % 4 or not SIZE <= length <= 2 * SIZE:
        return NOT_ONE
    return length if len(head) >= length else MORE


def open_item(block: bytes) -> Heard | None:
    """The frame of a whole block; BadFrame if either CRC is wrong."""
    _, crc, _, _, tow_ms, week, satellite, _, _, source, _, _, *words = _BLOCK.unpack_from(block)
    if crc_hqx(block[4:], 0) != crc:
        raise BadFrame(f"CRC {crc:04X}, the block gives {crc_hqx(block[4:], 0):04X}", where="SBF 4228")
    if source & 0x3F != L1S_SOURCE:
        return None
    frame = b"".join(word.to_bytes(4) for word in words)
    known = tow_ms != _NO_TIME and week != _NO_WEEK
    return Heard(
        frame,
        container=SBF.name,
        satellite=satellite if FIRST_PRN <= satellite <= LAST_PRN else None,
        received=l1s.from_gps(week, tow_ms / 1000) if known else None,
    )


def write(frame: Heard) -> bytes:
    """The block; without a time its fields say so."""
    at = frame.received
    tow_ms = l1s.gps_time_of_week_s(at) * 1000 + at.microsecond // 1000 if at else _NO_TIME
    week = l1s.gps_week(at) if at else _NO_WEEK
    words = (int.from_bytes(frame[place : place + 4]) for place in range(0, l1s.BYTES, 4))
    block = _BLOCK.pack(START, 0, NUMBER, SIZE, tow_ms, week, frame.satellite or 0, 1, 0, L1S_SOURCE, 0, 0, *words)
    return START + crc_hqx(block[4:], 0).to_bytes(2, "little") + block[4:]


SBF = Container(name="sbf", title="Septentrio SBF 4228", measure=measure, open_item=open_item, write=write)
