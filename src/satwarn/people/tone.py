"""A tone too quiet to disturb and easy to find again: the silent proof that what is played reaches the far end.

Plain Python, since a receiver carries no arrays. The tone is looked for in short blocks, so that two devices whose
crystals differ by some hundred millionths still agree on it.
"""

from array import array
from itertools import pairwise
from math import cos, pi, sin, sqrt

FULL_SCALE = 32767
BLOCK_S = 0.1
EDGE_S = 0.05
ASIDE_HZ = (-310.0, -170.0, 170.0, 310.0)  # where nothing was played: the noise there is what the tone stands above
ABOVE = 4.0  # 12 dB
LEAST = 10 ** (-90 / 20)  # of full scale: less is no sound


def tone(hz: float, level: float, seconds: float, *, rate_hz: int) -> bytes:
    """16-bit samples of a tone with soft edges; `level` is the amplitude as a share of full scale."""
    count, edge = int(seconds * rate_hz), int(EDGE_S * rate_hz)
    step = 2 * pi * hz / rate_hz
    samples = (level * FULL_SCALE * min(1.0, n / edge, (count - n) / edge) * sin(step * n) for n in range(count))
    return array("h", (round(sample) for sample in samples)).tobytes()


def found(heard: bytes, hz: float, *, rate_hz: int) -> float:
    """How long the tone stands in what was heard, in seconds."""
    samples = array("h", heard[: len(heard) // 2 * 2])
    size = int(BLOCK_S * rate_hz)
    starts = range(0, len(samples) + 1, size)
    return BLOCK_S * sum(_stands(samples[a:b], hz, rate_hz) for a, b in pairwise(starts))


def _stands(block: "array[int]", hz: float, rate_hz: int) -> bool:
    level = _level(block, hz, rate_hz)
    return level > LEAST and level > ABOVE * max(_level(block, hz + aside, rate_hz) for aside in ASIDE_HZ)


def _level(block: "array[int]", hz: float, rate_hz: int) -> float:
    """The amplitude at a frequency, as a share of full scale (Goertzel's sum)."""
    turn = 2 * cos(2 * pi * hz / rate_hz)
    one = two = 0.0
    for sample in block:
        one, two = sample + turn * one - two, one
    return 2 * sqrt(max(0.0, one * one + two * two - turn * one * two)) / (len(block) * FULL_SCALE)
