"""Where a receiver's bytes come from: a serial port, a socket, gpsd, a file, a pipe. What they mean is not known here.

Every source gives pieces of bytes as they come and ends when the other side does; opening it again is the caller's.
"""

import asyncio
import os
import stat
import sys
import termios
import tty
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

from satwarn.errors import Missing

PIECE = 4096
GPSD_WATCH = b'?WATCH={"enable":true,"json":false,"raw":2}\n'
SPEEDS = {speed: getattr(termios, f"B{speed}") for speed in (4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800)}
Source = Callable[[], AsyncIterator[bytes]]


def source(kind: str, address: str, *, speed: int = 115200) -> Source:
    """The source of a kind (tty, tcp, gpsd, file, pipe) at an address; Missing for an unknown kind."""
    kinds: dict[str, Source] = {
        "tty": lambda: from_tty(address, speed),
        "tcp": lambda: from_tcp(address),
        "gpsd": lambda: from_tcp(address, greeting=GPSD_WATCH),
        "file": lambda: from_file(Path(address)),
        "pipe": lambda: from_pipe(address),
    }
    if kind not in kinds:
        raise Missing(f"no source of kind {kind!r}", where=address, fix=f"one of {', '.join(kinds)}")
    return kinds[kind]


async def from_tcp(address: str, *, greeting: bytes = b"") -> AsyncIterator[bytes]:
    """Bytes of a TCP connection (host:port); gpsd wants a greeting and then sends raw bytes among its JSON lines."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        if greeting:
            writer.write(greeting)
        while piece := await reader.read(PIECE):
            yield piece
    finally:
        writer.close()


async def from_file(file: Path) -> AsyncIterator[bytes]:
    """A recording, from its beginning to its end, as fast as it is read."""
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece
            await asyncio.sleep(0)


async def from_pipe(address: str) -> AsyncIterator[bytes]:
    """A named pipe, or standard input for `-`."""
    handle = sys.stdin.fileno() if address == "-" else os.open(address, os.O_RDONLY | os.O_NONBLOCK)
    try:
        async for piece in _readable(handle):
            yield piece
    finally:
        if address != "-":
            os.close(handle)


async def from_tty(address: str, speed: int) -> AsyncIterator[bytes]:
    """A serial port."""
    handle = os.open(address, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        raw(handle, speed)
        async for piece in _readable(handle):
            yield piece
    finally:
        os.close(handle)


def raw(handle: int, speed: int) -> None:
    """Raw mode at this speed: a cooked tty changes 0x0A and 0x0D, and frames break."""
    tty.setraw(handle)
    attributes = termios.tcgetattr(handle)
    attributes[4] = attributes[5] = SPEEDS.get(speed, termios.B115200)
    termios.tcsetattr(handle, termios.TCSANOW, attributes)


async def _readable(handle: int) -> AsyncIterator[bytes]:
    """Pieces of an open handle until its other side closes (a tty unplugged, a pipe's last writer gone)."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    if stat.S_ISREG(os.fstat(handle).st_mode):
        while piece := os.read(handle, PIECE):
            yield piece
        return
    os.set_blocking(handle, False)
    loop.add_reader(handle, ready.set)
    try:
        while True:
            await ready.wait()
            ready.clear()
            try:
                piece = os.read(handle, PIECE)
            except BlockingIOError:
                continue
            except OSError:  # a pseudo-terminal whose master is gone says EIO: the end, like b""
                return
            if not piece:
                return
            yield piece
    finally:
        with suppress(ValueError):
            loop.remove_reader(handle)
