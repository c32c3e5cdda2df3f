"""Soft decisions back to bits: a Viterbi decoder that runs along an endless stream of symbols.

A state is the last six bits, the newest the most significant. State n is entered from 2n and 2n + 1 with the bit
`n >> 5`; because both generators use the first and the last bit, the four branches of such a butterfly differ only in
the sign of one number. With numba (extra `sim`) the inner loop is compiled; without it NumPy does the same, slower.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from satwarn.satellite.convolution import STATES, Bits, Soft, branch_signs

HALF = STATES // 2
DELAY = 96
"""Bits that stay undecided: 14 constraint lengths, beyond which all survivors agree."""

Decisions = npt.NDArray[np.uint8]
Walk = Callable[[Soft, Soft, Soft, Soft, Decisions], None]
Trace = Callable[[Decisions, int, Bits], None]


def _walk(symbols: Soft, metric: Soft, sign0: Soft, sign1: Soft, decisions: Decisions) -> None:
    """One step a bit: the better of two ways into each state; `metric` is left as after the last step."""
    for step in range(len(decisions)):
        branch = sign0 * symbols[2 * step] + sign1 * symbols[2 * step + 1]
        even, odd = metric[0::2], metric[1::2]
        ways = np.concatenate((even + branch, even - branch)), np.concatenate((odd - branch, odd + branch))
        decisions[step] = ways[1] > ways[0]
        metric[:] = np.maximum(*ways)


def _trace(decisions: Decisions, state: int, bits: Bits) -> None:
    """Back along the survivor that ends in this state."""
    for step in range(len(decisions) - 1, -1, -1):
        bits[step] = state >> 5
        state = (2 * state & STATES - 1) | decisions[step, state]


def _walk_scalar(symbols: Any, metric: Any, sign0: Any, sign1: Any, decisions: Any) -> None:
    """`_walk` written for a compiler: the same numbers, one state at a time."""
    old = metric.copy()
    new = metric
    for step in range(len(decisions)):
        first, second = symbols[2 * step], symbols[2 * step + 1]
        row = decisions[step]
        for n in range(HALF):
            branch = sign0[n] * first + sign1[n] * second
            even, odd = old[2 * n], old[2 * n + 1]
            a, b = even + branch, odd - branch
            c, d = even - branch, odd + branch
            new[n] = max(a, b)
            row[n] = b > a
            new[n + HALF] = max(c, d)
            row[n + HALF] = d > c
        old[:] = new


@cache
def kernels() -> tuple[Walk, Trace, bool]:
    """The two inner loops, and whether they are compiled."""
    try:
        from numba import njit
    except ModuleNotFoundError:
        return _walk, _trace, False
    compiled: tuple[Any, Any] = njit(cache=True)(_walk_scalar), njit(cache=True)(_trace)
    return *compiled, True


class Viterbi:
    """Symbols go in, bits come out `DELAY` bits later. One decoder for one alignment of the symbols in pairs."""

    def __init__(self) -> None:
        self._signs = branch_signs()
        self._metric = np.zeros(STATES, dtype=np.float32)
        self._undecided = np.empty((0, STATES), dtype=np.uint8)
        self._odd: Soft = np.empty(0, dtype=np.float32)

    def feed(self, symbols: Soft) -> Bits:
        """The bits that these soft symbols (+ for zero, - for one, any scale) decide."""
        walk, trace, _ = kernels()
        symbols = np.concatenate((self._odd, symbols.astype(np.float32, copy=False)))
        steps = len(symbols) // 2
        self._odd = symbols[2 * steps :]
        decisions = np.empty((steps, STATES), dtype=np.uint8)
        walk(symbols, self._metric, *self._signs, decisions)
        self._metric -= self._metric.max()
        line = np.concatenate((self._undecided, decisions))
        bits = np.empty(len(line), dtype=np.uint8)
        trace(line, int(self._metric.argmax()), bits)
        decided = max(0, len(line) - DELAY)
        self._undecided = line[decided:]
        return bits[:decided]

    def end(self) -> Bits:
        """The bits still undecided, along the best survivor."""
        bits = np.empty(len(self._undecided), dtype=np.uint8)
        kernels()[1](self._undecided, int(self._metric.argmax()), bits)
        self._undecided = self._undecided[:0]
        return bits
