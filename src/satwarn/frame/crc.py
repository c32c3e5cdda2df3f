"""CRC-24Q, the checksum of SBAS and QZSS L1 messages (RTCA DO-229; IS-QZSS-L1S 4.1.1).

Generator 0x1864CFB, register from zero, most significant bit first, no final inversion. A checksum of this kind is
linear: the remainder of a message is the XOR of the remainders of its single bits, so one small table a byte *position*
gives the remainder of a whole 32-byte frame without any carrying from byte to byte.
"""

from collections.abc import Iterable
from functools import reduce
from operator import getitem, xor

GENERATOR = 0x1864CFB
BITS = 250
"""Bits of a frame; the 6 bits behind them in 32 bytes weigh nothing."""


def crc24q(word: int, bits: int) -> int:
    """The checksum of the first `bits` bits given as one integer, computed as the definition says, bit by bit."""
    register = 0
    for position in reversed(range(bits)):
        register = register << 1 ^ (word >> position & 1) << 24
        if register & 1 << 24:
            register ^= GENERATOR
    return register


def _weights() -> Iterable[int]:
    """The remainder of each bit of a frame alone, from the last bit (x^0) to the first (x^249)."""
    remainder = 1
    for _ in range(BITS):
        yield remainder
        remainder <<= 1
        if remainder & 1 << 24:
            remainder ^= GENERATOR


def byte_tables() -> tuple[list[int], ...]:
    """For each of the 32 bytes: the remainder of each of its 256 values."""
    weights = [0] * 6 + list(_weights())
    tables = []
    for low in reversed(range(0, 256, 8)):
        table = [0]
        for weight in weights[low : low + 8]:
            table += [remainder ^ weight for remainder in table]
        tables.append(table)
    return tuple(tables)


_TABLES = byte_tables()


def remainder(frame: bytes) -> int:
    """What is left of 32 bytes after division: 0 for a sound frame, its checksum for one whose checksum bits are 0."""
    return reduce(xor, map(getitem, _TABLES, frame))
