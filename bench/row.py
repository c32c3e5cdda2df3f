"""One figure beside what it is measured against, and how to time things."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`ours` and `anchor` are shown as measured, `ratio` is what counts, `aim` is what we hope for."""

    what: str
    ours: str
    anchor: str
    ratio: str
    aim: str = ""


def best_of(rounds: int, call: Callable[[], object]) -> float:
    """The shortest of several runs, in seconds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)
