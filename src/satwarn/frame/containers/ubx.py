"""UBX-RXM-SFRBX of u-blox receivers: `B5 62 02 13`, length, payload, Fletcher checksum.

Quirks seen on real receivers: nine words where eight carry the frame (ZED-F9P, MAX-M10S), and noise in the padding bits
and the ninth word (MAX-M10S). Frames of SBAS (gnssId 1) have the same preambles and checksum and are left alone.
"""

from itertools import accumulate
from struct import pack, unpack_from

from satwarn.errors import BadFrame
from satwarn.frame import l1s
from satwarn.frame.containers import MORE, NOT_ONE, SVID_BELOW_PRN, Container
from satwarn.frame.heard import Heard

START = b"\xb5\x62\x02\x13"
HEAD = 6
"""Bytes before the payload: start and length."""
WORDS_AT = HEAD + 8
QZSS, L1S, NOT_SAID = 5, 1, 0
_LONGEST = HEAD + 8 + 4 * 16 + 2


def checksum(body: bytes) -> bytes:
    """The 8-bit Fletcher sum over class, id, length and payload."""
    return bytes((sum(body) & 0xFF, sum(accumulate(body)) & 0xFF))


def measure(head: bytes) -> int:
    """The length of the message at the head."""
    if not head.startswith(START):
        return MORE if START.startswith(head) else NOT_ONE
    if len(head) < HEAD:
        return MORE
    size = HEAD + (head[4] | head[5] << 8) + 2
    if not WORDS_AT + 2 <= size <= _LONGEST:
        return NOT_ONE
    return size if len(head) >= size else MORE


def open_item(message: bytes) -> Heard | None:
    """The frame of a whole message, None for other signals; BadFrame if checksum, length or CRC are wrong."""
    if checksum(message[2:-2]) != message[-2:]:
        raise BadFrame(
            f"checksum {message[-2:].hex()}, the message gives {checksum(message[2:-2]).hex()}", where="UBX-RXM-SFRBX"
        )
    system, number, signal, words = message[6], message[7], message[8], message[10]
    if system != QZSS or signal not in (L1S, NOT_SAID):
        return None
    if words < 8 or len(message) < WORDS_AT + 4 * words + 2:
        if signal == NOT_SAID:
            return None
        raise BadFrame(f"{words} words, a frame needs 8", where="UBX-RXM-SFRBX")
    frame = pack(">8I", *unpack_from("<8I", message, WORDS_AT))
    if signal == NOT_SAID and frame[0] not in l1s.PREAMBLES:
        return None  # receivers of the eighth generation do not name the signal; this is the navigation message
    return Heard(frame, container=UBX.name, satellite=number + SVID_BELOW_PRN if 1 <= number <= 9 else None)


def write(frame: Heard) -> bytes:
    """The message as a ZED-F9P gives it: nine words, the last one zero."""
    number = frame.satellite - SVID_BELOW_PRN if frame.satellite else 0
    payload = bytes((QZSS, number, L1S, 0, 9, 0, 2, 0)) + pack("<9I", *unpack_from(">8I", frame), 0)
    body = START[2:] + pack("<H", len(payload)) + payload
    return START[:2] + body + checksum(body)


UBX = Container(name="ubx", title="UBX-RXM-SFRBX", measure=measure, open_item=open_item, write=write)
