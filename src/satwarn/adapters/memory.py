"""A receiver's memory on disk: written whole beside the old one, made durable, then put in its place."""

import hashlib
import os
from pathlib import Path

from satwarn.errors import BadMessage

_SUM = 64  # hexadecimal digits of SHA-256, then a line end, then the text


class MemoryFile:
    """A text that survives the loss of power at any moment; `keep` returns only when it is durable."""

    def __init__(self, file: Path) -> None:
        self._file, self._new = file, file.with_name(file.name + ".new")
        file.parent.mkdir(parents=True, exist_ok=True)

    def keep(self, text: str) -> None:
        """Make the text durable; OSError when the disk will not have it."""
        data = text.encode()
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
