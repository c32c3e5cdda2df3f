"""A serial port that is also written to: for setting up a receiver, never while a warning receiver listens on it."""

import asyncio
import os
from pathlib import Path
from typing import Self

from satwarn.adapters.air.source import PIECE, open_tty
from satwarn.errors import Missing


class SerialPort:
    """An open port; `async with` closes it."""

    def __init__(self, device: Path, speed: int) -> None:
        self._device, self._speed, self._handle = device, speed, -1
        self._ready = asyncio.Event()

    async def __aenter__(self) -> Self:
        try:
            self._handle = open_tty(str(self._device), self._speed)
        except OSError as error:
            raise Missing(f"cannot be opened: {error.strerror or error}", where=str(self._device)) from None
        asyncio.get_running_loop().add_reader(self._handle, self._ready.set)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        os.close(self._handle)

    def write(self, data: bytes) -> None:
        """Send it."""
        os.write(self._handle, data)

    async def read(self) -> bytes:
        """What has come, waiting for something; b"" when the other side is gone."""
        await self._ready.wait()
        self._ready.clear()
        try:
            return os.read(self._handle, PIECE)
        except OSError:
            return b""
