"""Chance from a seed: every user of it has a stream of their own, so that one more draw here changes nothing there."""

import random
from collections.abc import Callable


def stream(seed: int, name: str) -> Callable[[], float]:
    """Numbers in [0, 1), the same for the same seed and name."""
    return random.Random(f"{seed}/{name}").random  # noqa: S311 - a simulation wants repeatable chance, not secrecy
