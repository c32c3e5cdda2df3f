"""The folder of a process: held by it alone, and stood in for where it cannot be written."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from satwarn.errors import BadSetting

LOCK = "lock"
LARGEST_COPIED = 8 << 20


class Folder:
    """A folder that this process alone writes to, until `close`; BadSetting while another one holds it.

    A disk that turned read-only or is full must not cost an alarm: then `place` is a fresh folder in memory with a copy
    of what could be read, and `wrong` says why.
    """

    def __init__(self, wanted: Path) -> None:
        self.wrong = ""
        self._stand_in: tempfile.TemporaryDirectory[str] | None = None
        try:
            wanted.mkdir(parents=True, exist_ok=True)
            self.place, self._lock = wanted, os.open(wanted / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._try_to_write()
        except OSError as error:
            self.wrong = f"{wanted} cannot be written ({error.strerror}): what is kept now is lost with the power"
            self.place = self._copy_of(wanted)
            self._lock = os.open(self.place / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _take(self._lock, wanted, what="receiver", setting="site.folder")

    def _try_to_write(self) -> None:
        probe = self.place / f"{LOCK}.probe"
        try:
            probe.write_bytes(b"x" * 4096)
        finally:
            with suppress(OSError):
                probe.unlink(missing_ok=True)

    def _copy_of(self, wanted: Path) -> Path:
        from satwarn.adapters.air.flute_process import scratch_folder  # goes with the process, also one that is killed

        self._stand_in = scratch_folder()
        there = Path(self._stand_in.name)
        with suppress(OSError):
            for file in wanted.iterdir():
                with suppress(OSError):
                    if file.is_file() and file.name != LOCK and file.stat().st_size <= LARGEST_COPIED:
                        shutil.copyfile(file, there / file.name)
        return there

    def close(self) -> None:
        """Let go of it."""
        os.close(self._lock)
        if self._stand_in:
            self._stand_in.cleanup()


@contextmanager
def held(folder: Path, *, what: str, setting: str) -> Iterator[None]:
    """Hold a folder that must be writable; BadSetting while another process, which `what` names, holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _take(lock, folder, what=what, setting=setting)
    try:
        yield
    finally:
        os.close(lock)


def _take(lock: int, folder: Path, *, what: str, setting: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        fix = f"stop that one, or give this one a folder of its own ({setting})"
        raise BadSetting(f"another {what} runs on this folder", where=str(folder), fix=fix) from None
