"""The convolutional code below the frame: rate 1/2, constraint length 7, 171 and 133 octal, G1 first, without an end.

The same as SBAS uses on L1. 250 bits a second become 500 symbols a second; symbols here are numbers, +1 for a zero bit
and -1 for a one, so that noise can be added to them. No carrier, no spreading code.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from satwarn.frame import l1s

Bits = npt.NDArray[np.uint8]
Soft = npt.NDArray[np.float32]

GENERATORS = (0o171, 0o133)
CONSTRAINT = 7
STATES = 1 << CONSTRAINT - 1
FRAME_BITS = 250


def bits_of(frames: list[bytes]) -> Bits:
    """The 250 bits of each frame, one after the other."""
    octets = np.frombuffer(b"".join(frames), dtype=np.uint8).reshape(-1, l1s.BYTES)
    return np.unpackbits(octets, axis=1)[:, :FRAME_BITS].ravel()


def encode(bits: Bits, state: int = 0) -> Soft:
    """Two symbols a bit, +1 or -1; `state` is the six bits before, the newest the most significant."""
    before = [state >> place & 1 for place in range(CONSTRAINT - 1)]  # the oldest first
    line = np.concatenate([np.array(before, dtype=np.uint8), bits])
    symbols = np.empty(2 * len(bits), dtype=np.float32)
    for number, generator in enumerate(GENERATORS):
        taps = [tap for tap in range(CONSTRAINT) if generator >> tap & 1]  # tap 6 is the newest bit
        parity = np.bitwise_xor.reduce([line[tap : tap + len(bits)] for tap in taps])
        symbols[number::2] = 1 - 2 * parity.astype(np.float32)
    return symbols


def branch_signs() -> tuple[Soft, Soft]:
    """For the states 0..31 entered with a zero from an even state: the signs of the two symbols."""
    signs: list[list[Any]] = []
    for generator in GENERATORS:
        signs.append([1 - 2 * ((2 * state & generator).bit_count() & 1) for state in range(STATES // 2)])
    return np.array(signs[0], dtype=np.float32), np.array(signs[1], dtype=np.float32)
