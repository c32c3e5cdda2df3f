"""Frames out of a stream of soft symbols that begins anywhere: which symbol is the first of a pair, which polarity,
where a frame begins, is found by decoding and told by preamble and checksum.
"""

import numpy as np

from satwarn.frame import l1s
from satwarn.frame.crc import remainder
from satwarn.satellite.convolution import FRAME_BITS, Bits, Soft, bits_of, encode
from satwarn.satellite.viterbi import Viterbi

PATIENCE = 3
"""Frame lengths without a sound frame after which the pairing of symbols is asked anew."""


def symbols_of(frames: list[bytes]) -> Soft:
    """The symbols of frames sent one after the other."""
    return encode(bits_of(frames))


class FrameFinder:
    """Bits go in, sound frames come out; either polarity (the code is transparent to it)."""

    def __init__(self) -> None:
        self._bits: Bits = np.empty(0, dtype=np.uint8)

    def feed(self, bits: Bits) -> list[bytes]:
        """The frames that these bits complete."""
        line = np.concatenate((self._bits, bits))
        found = []
        at = 0
        for candidate in _candidates(line):
            if candidate < at:
                continue
            if frame := _frame(line[candidate : candidate + FRAME_BITS]):
                found.append(frame)
                at = candidate + FRAME_BITS
        self._bits = line[max(at, len(line) - FRAME_BITS + 1) :]
        return found


def _candidates(line: Bits) -> list[int]:
    """Where a preamble of either polarity stands, with room for a frame behind it."""
    room = len(line) - FRAME_BITS + 1
    if room <= 0:
        return []
    octet = np.zeros(room, dtype=np.uint8)
    for place in range(8):
        octet |= line[place : place + room] << np.uint8(7 - place)
    wanted = np.zeros(256, dtype=np.bool_)
    for preamble in l1s.PREAMBLES:
        wanted[[preamble, preamble ^ 0xFF]] = True
    places: list[int] = np.flatnonzero(wanted[octet]).tolist()
    return places


def _frame(bits: Bits) -> bytes | None:
    """These 250 bits as a frame if they are sound, as they are or inverted."""
    for upright in (bits, np.bitwise_xor(bits, np.uint8(1))):
        frame = np.packbits(upright).tobytes()
        if frame[0] in l1s.PREAMBLES and not remainder(frame):
            return frame
    return None


class SymbolReceiver:
    """Soft symbols go in, frames come out. Both pairings are decoded until one gives frames; then that one alone."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._pairings = [(Viterbi(), FrameFinder(), skip) for skip in (0, 1)]
        self._fresh = True
        self._silent = 0

    def feed(self, symbols: Soft) -> list[bytes]:
        """The frames that these symbols complete."""
        found: list[bytes] = []
        for pairing in list(self._pairings):
            viterbi, finder, skip = pairing
            frames = finder.feed(viterbi.feed(symbols[skip if self._fresh else 0 :]))
            if frames and not found:
                found = frames
                self._pairings = [pairing]
        self._fresh = False
        self._silent = 0 if found else self._silent + len(symbols)
        if self._silent > PATIENCE * 2 * FRAME_BITS and len(self._pairings) == 1:
            self._start()
        return found

    def end(self) -> list[bytes]:
        """The frames that the last undecided bits complete."""
        for viterbi, finder, _ in self._pairings:
            if frames := finder.feed(viterbi.end()):
                return frames
        return []
