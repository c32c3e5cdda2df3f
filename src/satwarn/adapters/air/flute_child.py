"""The process that holds the FLUTE extension: it prints on stdout, blocks, and is fed by strangers, so it lives alone.

`python -m satwarn.adapters.air.flute_child '{"role": ..., "pipe": fd, ...}'` limits itself, then answers on the pipe
until that is closed. It decides nothing: whatever it hands back is checked by the process that asked.
"""

import json
import logging
import os
import resource
import sys
from multiprocessing.connection import Connection
from typing import Any

from satwarn.adapters.air.limits import Limits

SPARE_FILES = 64


def main(arguments: list[str]) -> int:
    """Be the process; returns when the pipe is closed."""
    given: dict[str, Any] = json.loads(arguments[0])
    limits = Limits(**given["limits"])
    _limit(limits, stations=given.get("stations", 1))
    _silence(given["log"])
    pipe: Connection[bytes, bytes] = Connection(given["pipe"])
    try:
        if given["role"] == "cut":
            from satwarn.adapters.air.flute_cut import serve_cuts

            serve_cuts(pipe)
        elif given["role"] == "transmit":
            from satwarn.adapters.air.flute_transmit import Transmitting

            Transmitting(pipe, given).serve()
        else:
            from satwarn.adapters.air.flute_listen import Listening

            Listening(pipe, given, limits).serve()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return 0  # whoever asked is gone
    return 0


def _limit(limits: Limits, *, stations: int) -> None:
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(most_files, SPARE_FILES + stations * min(limits.sessions, 16) + limits.sessions)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.object_bytes),
        (resource.RLIMIT_NOFILE, files),
    ):
        resource.setrlimit(what, (most, most))


def _silence(log: str) -> None:
    logging.disable(logging.CRITICAL)
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
