"""The QZSS L1S frame: 250 bits in 32 bytes, its preamble, its place in the second, its checksum (IS-QZSS-L1S 4.1).

| bits | 0-7 | 8-13 | 14-221 | 222-225 | 226-249 |
|---|---|---|---|---|---|
| | preamble | message type | data | rolling counter (types 43 and 44) | CRC-24Q |

The counter was found in recordings: one more, modulo 16, with every message of the same type.
"""

from datetime import UTC, datetime, timedelta

from satwarn.errors import BadFrame, DoesNotFit
from satwarn.frame.crc import BITS, remainder
from satwarn.frame.field import Field

BYTES = 32
PAD = 8 * BYTES - BITS
"""Zero bits behind the frame in 32 bytes."""
HEX_DIGITS = 63

PREAMBLES = (0x53, 0x9A, 0xC6)
"""One a second, in turn, the same on all satellites."""

DCR, DCX = 43, 44
"""Message types: the weather agency's report, and the extended message that carries CAMF."""

GPS_AHEAD_OF_UTC = timedelta(seconds=18)
"""Since 2017; a new leap second changes it."""
GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)
WEEK_S = 7 * 24 * 3600

COUNTER = Field("CNT", 4, "rolling counter", "IS-QZSS-L1S 4.1, bits 222-225")
PREAMBLE = Field("PAB", 8, "preamble", "IS-QZSS-L1S 4.1.1")

_SATELLITE_MASK = 0x3FF << 250 - 24
_PAYLOAD_BITS = 214
_COUNTER_SHIFT = 250 - 226


def gps_time_of_week_s(at: datetime) -> int:
    """Seconds since the GPS week began (Sunday 00:00 GPS time, 18 s ahead of UTC), 0..604799."""
    return (at + GPS_AHEAD_OF_UTC - GPS_EPOCH) // timedelta(seconds=1) % WEEK_S


def gps_week(at: datetime) -> int:
    """Weeks since the GPS epoch, not rolled over."""
    return (at + GPS_AHEAD_OF_UTC - GPS_EPOCH) // timedelta(weeks=1)


def from_gps(week: int, time_of_week_s: float) -> datetime:
    """A GPS week and second as UTC."""
    return GPS_EPOCH + timedelta(weeks=week, seconds=time_of_week_s) - GPS_AHEAD_OF_UTC


def preamble_at(time_of_week_s: int) -> int:
    """The preamble of the frame that starts in this second of the GPS week."""
    return PREAMBLES[time_of_week_s % 3]


def dcr_slot(time_of_week_s: int) -> bool:
    """Whether a DC report (type 43) may start in this second of the GPS week."""
    return time_of_week_s % 4 == 0


def dcx_slot(time_of_week_s: int) -> bool:
    """Whether an extended message (type 44) may start in this second of the GPS week."""
    return time_of_week_s % 4 == 2


def wrap(body: int, *, preamble: int, counter: int) -> bytes:
    """Bits 8..221 as the 32 bytes of a whole frame, with preamble, counter and checksum."""
    if preamble not in PREAMBLES:
        raise DoesNotFit(
            f"preamble {preamble:#04x} is none of 0x53, 0x9a, 0xc6", where="PAB preamble [IS-QZSS-L1S 4.1.1]"
        )
    word = ((preamble << _PAYLOAD_BITS | body) << COUNTER.width | COUNTER.check(counter)) << 24
    frame = word << PAD
    return (frame | remainder(frame.to_bytes(BYTES)) << PAD).to_bytes(BYTES)


def sound(frame: bytes) -> bytes:
    """The frame with zeros behind bit 249; BadFrame if its length, preamble or checksum is wrong."""
    if len(frame) != BYTES:
        raise BadFrame(f"{len(frame)} bytes, a frame has {BYTES}", where="L1S frame")
    if frame[0] not in PREAMBLES:
        raise BadFrame(f"preamble {frame[0]:#04x} is none of 0x53, 0x9a, 0xc6", where="L1S frame, bit 0")
    if off := remainder(frame):
        raise BadFrame(f"CRC-24Q does not hold (off by {off:06X})", where="L1S frame, bits 226-249")
    return frame[:-1] + bytes((frame[-1] & 0xC0,)) if frame[-1] & 0x3F else frame


def message_type(frame: bytes) -> int:
    """The message type, 0..63."""
    return frame[1] >> 2


def counter(frame: bytes) -> int:
    """The rolling counter, 0..15; without meaning for types other than 43 and 44."""
    return frame[27] << 2 & 0xC | frame[28] >> 6


def hexadecimal(frame: bytes) -> str:
    """The 63 upper-case digits in which frames are written (250 bits and 2 zero bits)."""
    return frame.hex().upper()[:HEX_DIGITS]


def from_hexadecimal(text: str) -> bytes:
    """The 32 bytes of 63 or 64 hexadecimal digits of either case; whether they are a frame, `sound` says.

    62 digits are 248 bits: the end of the checksum is missing and the frame cannot be trusted. BadFrame says so.
    """
    digits = text.strip()
    if len(digits) not in (HEX_DIGITS, HEX_DIGITS + 1):
        lost = ": the last two bits of the checksum are missing" if len(digits) == HEX_DIGITS - 1 else ""
        raise BadFrame(f"{len(digits)} hexadecimal digits, a frame has 63 (or 64){lost}", where="L1S frame")
    try:
        frame = bytes.fromhex(digits if len(digits) > HEX_DIGITS else digits + "0")
    except ValueError:
        frame = b""
    if len(frame) != BYTES:
        raise BadFrame("not hexadecimal", where="L1S frame")
    return frame


def payload_of(frame: bytes) -> str:
    """What identifies a frame on the air: bits 8..221 as 54 upper-case digits, without what differs between copies.

    Left out: preamble, rolling counter, checksum, and for type 44 the satellite mask (set to zero).
    """
    word = int.from_bytes(frame) >> PAD
    if message_type(frame) == DCX:
        word &= ~_SATELLITE_MASK
    return f"{word >> _COUNTER_SHIFT + COUNTER.width & (1 << _PAYLOAD_BITS) - 1:054X}"
