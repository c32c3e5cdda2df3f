"""Frames from a file, or from what grows at its end."""

from collections.abc import Iterator
from pathlib import Path

from satwarn.adapters.clock import wait
from satwarn.errors import Missing

AT_ONCE = 1 << 16
WAIT_S = 0.2


def read(path: Path, *, follow: bool = False) -> Iterator[bytes]:
    """The bytes of a file in pieces; with `follow` also what is added later, with an empty piece while nothing is."""
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise Missing(f"cannot read {path}: {error.strerror}") from None
    with file:
        while True:
            piece = file.read(AT_ONCE)
            if piece or follow:
                yield piece
            if not piece:
                if not follow:
                    return
                wait(WAIT_S)
