"""A process of its own for the FLUTE extension, seen from outside: started, asked, and started again when it dies."""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from satwarn.adapters.air.limits import Limits
from satwarn.adapters.clock import stopwatch
from satwarn.errors import Missing

ANSWER_S = 30.0
END_S = 5.0
SCRATCH = "satwarn-flute-"
MOST_STARTS, WITHIN_S = 200, 3600.0


def scratch_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder for a while: in memory where there is such a place, for nothing in it need outlast the process.

    What a process of ours that was killed left behind goes now: memory is not given back by itself.
    """
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a fresh folder in it, for us alone
    place = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    for left in place.glob(f"{SCRATCH}*-*"):
        if _is_ours_and_over(left):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-", dir=place)


def _is_ours_and_over(folder: Path) -> bool:
    pid, told = folder.name.removeprefix(SCRATCH).partition("-")[0], Path("/proc/self").exists()
    try:
        return told and pid.isdecimal() and folder.lstat().st_uid == os.getuid() and not Path(f"/proc/{pid}").exists()
    except OSError:
        return False


def check_installed() -> None:
    """Missing, with the command that helps, where the extension is not installed."""
    if importlib.util.find_spec("flute") is None:
        raise Missing(
            "the wide band needs flute-alc, which is not installed",
            where="multicast",
            fix="pip install 'satwarn[receiver]' (or 'satwarn[hub]')",
        )


class FluteProcess:
    """One process and the pipe to it. Close it when done."""

    def __init__(
        self, role: str, folder: Path, limits: Limits, given: Mapping[str, Any], *, inherit: int | None = None
    ) -> None:
        check_installed()
        folder.mkdir(parents=True, exist_ok=True)
        self._given = {"role": role, "log": str(folder / f"{role}.log"), "limits": limits.to_json(), **given}
        self._inherit = inherit
        self.starts = 0
        self._begun: deque[float] = deque(maxlen=MOST_STARTS)
        self._start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def fileno(self) -> int:
        """The pipe, for a loop that waits on many things."""
        return self._pipe.fileno()

    def ask(self, request: bytes) -> bytes:
        """Send a request and wait for its answer; EOFError when the process died of it, and was started again."""
        try:
            self._pipe.send_bytes(request)
            if not self._pipe.poll(ANSWER_S):
                self._process.kill()
            return self._pipe.recv_bytes()
        except (EOFError, OSError):
            self._restart()
            raise EOFError from None

    def heard(self, timeout_s: float) -> bytes | None:
        """What it says by itself within a time, None if nothing; EOFError when it died and was started again."""
        try:
            return self._pipe.recv_bytes() if self._pipe.poll(timeout_s) else None
        except (EOFError, OSError):
            self._restart()
            raise EOFError from None

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _restart(self) -> None:
        with suppress(OSError):
            self._pipe.close()
        self._process.kill()
        self._process.wait()
        self._start()

    def _start(self) -> None:
        self.starts += 1
        now = stopwatch()
        if len(self._begun) == MOST_STARTS and now - self._begun[0] < WITHIN_S:
            what = f"the FLUTE process died {MOST_STARTS} times in {now - self._begun[0]:.0f} s"
            raise Missing(what, where="multicast", fix=f"read {self._given['log']}")
        self._begun.append(now)
        ours, theirs = socket.socketpair()
        with theirs:
            passed = [theirs.fileno(), *([] if self._inherit is None else [self._inherit])]
            given = {**self._given, "pipe": theirs.fileno(), "socket": self._inherit}
            self._process = subprocess.Popen(  # noqa: S603 - our own module, arguments of our own making
                [sys.executable, "-m", "satwarn.adapters.air.flute_child", json.dumps(given)],
                stdin=subprocess.DEVNULL,
                pass_fds=passed,
            )
        self._pipe: Connection[bytes, bytes] = Connection(ours.detach())
