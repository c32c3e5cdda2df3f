"""A receiver's memory on disk: written whole beside the old one, made durable, then put in its place."""

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

from satwarn.adapters import clock
from satwarn.errors import BadMessage

Text = str | Callable[[], str]
"""What is to be kept, or how it is made: by whoever writes it, not by whoever has no time."""

REST, LONGEST_REST_S = 9.0, 1.0  # times as long as the last writing took

_SUM = 64  # hexadecimal digits of SHA-256, then a line end, then the text


class MemoryFile:
    """A text that survives the loss of power at any moment; `keep` returns only when it is durable."""

    def __init__(self, file: Path) -> None:
        self._file, self._new = file, file.with_name(file.name + ".new")
        file.parent.mkdir(parents=True, exist_ok=True)

    def keep(self, text: Text) -> None:
        """Make the text durable; OSError when the disk will not have it."""
        data = (text if isinstance(text, str) else text()).encode()
        handle = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            whole = hashlib.sha256(data).hexdigest().encode() + b"\n" + data
            while whole:
                whole = whole[os.write(handle, whole) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(self._new, self._file)
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def read(self) -> str | None:
        """The text last kept, None when there is none; BadMessage when the disk has changed it."""
        try:
            whole = self._file.read_bytes()
        except FileNotFoundError:
            return None
        said, data = whole[:_SUM], whole[_SUM + 1 :]
        if hashlib.sha256(data).hexdigest().encode() != said:
            raise BadMessage(
                "the memory on disk is damaged", where=str(self._file), fix="check the disk; it starts empty"
            )
        return data.decode()

    def set_aside(self) -> None:
        """Put a damaged memory where somebody can look at it."""
        os.replace(self._file, self._file.with_name(self._file.name + ".damaged"))


class MemoryThread:
    """A MemoryFile written by a thread of its own, the newest text only: a siren waits for no disk, slow or hung.

    What is lost with the power before it is durable is heard again on the air, and sounded again.
    """

    def __init__(self, file: MemoryFile) -> None:
        self._file = file
        self._wanted: Text | None = None
        self._trouble: OSError | None = None
        self._changed = threading.Condition()
        self._writing = self._closed = self._hurry = False
        threading.Thread(target=self._work, daemon=True).start()

    def keep(self, text: Text) -> None:
        """Have the text made durable soon; OSError when the disk would not have the one before."""
        with self._changed:
            self._wanted = text
            self._changed.notify_all()
            if self._trouble:
                raise self._trouble

    def read(self) -> str | None:
        """As MemoryFile does, once all that was to be kept is written."""
        self.wait()
        return self._file.read()

    def set_aside(self) -> None:
        """Put a damaged memory where somebody can look at it."""
        self._file.set_aside()

    def wait(self, within_s: float = 5.0) -> None:
        """Until all is written, or it takes too long."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._wanted is None and not self._writing, within_s)
            self._hurry = False

    def close(self) -> None:
        """Write what is left, and end."""
        self.wait()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (text := self._next()) is not None:
            trouble, begun_s = None, clock.stopwatch()
            try:
                self._file.keep(text)
            except OSError as error:
                trouble = error
            took_s = clock.stopwatch() - begun_s
            with self._changed:
                self._trouble, self._writing = trouble, False
                self._changed.notify_all()
                # In a flood of messages whoever hears them has most of the time, and the disk the rest.
                self._changed.wait_for(lambda: self._closed or self._hurry, min(REST * took_s, LONGEST_REST_S))

    def _next(self) -> Text | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._wanted is not None)
            text, self._wanted = self._wanted, None
            self._writing = text is not None
            return text
