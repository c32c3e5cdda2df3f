"""Where a receiver's bytes come from: a serial port, a socket, gpsd, a file, a pipe. What they mean is not known here.

Every source gives pieces of bytes as they come and ends when the other side does; opening it again is the caller's.
"""

import asyncio
import os
import select
import stat
import sys
import termios
import tty
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

from satwarn.errors import Missing

PIECE = 4096
GPSD_WATCH = b'?WATCH={"enable":true,"json":false,"raw":2}\n'
SPEEDS = {int(name[1:]): getattr(termios, name) for name in dir(termios) if name[0] == "B" and name[1:].isdigit()}
BAUD = 115_200
WAIT_S = 1.0
Source = Callable[[], AsyncIterator[bytes]]


def source(kind: str, address: str, *, speed: int = BAUD) -> Source:
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
    handle = open_tty(address, speed)
    try:
        async for piece in _readable(handle):
            yield piece
    finally:
        os.close(handle)


def read_tty(address: str, speed: int) -> Iterator[bytes]:
    """A serial port, for whoever has no loop: an empty piece when nothing came for a second; Missing when unplugged."""
    try:
        handle = open_tty(address, speed)
    except OSError as error:
        fix = "see /dev/serial/by-id, and the group dialout"
        raise Missing(f"cannot open {address}: {error.strerror or error}", fix=fix) from None
    try:
        while True:
            if not select.select([handle], [], [], WAIT_S)[0]:
                yield b""
            elif piece := _piece(handle):
                yield piece
            else:
                raise Missing(f"{address} is gone", fix="plug it in again")
    finally:
        os.close(handle)


def _piece(handle: int) -> bytes:
    """What can be read now; b"" when the other side is gone, which a pseudo-terminal says with EIO."""
    try:
        return os.read(handle, PIECE)
    except OSError:
        return b""


def open_tty(address: str, speed: int) -> int:
    """A serial port in raw mode, at this speed (OSError, also for a speed no port has); its handle is the caller's."""
    handle = os.open(address, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        raw(handle, speed)
    except BaseException:
        os.close(handle)
        raise
    return handle


def raw(handle: int, speed: int) -> None:
    """Raw mode at this speed: a cooked tty changes 0x0A and 0x0D, and frames break."""
    if speed not in SPEEDS:
        raise OSError(f"no serial port has a speed of {speed} baud")
    try:
        tty.setraw(handle)
        attributes = termios.tcgetattr(handle)
        attributes[4] = attributes[5] = SPEEDS[speed]
        termios.tcsetattr(handle, termios.TCSANOW, attributes)
    except termios.error as error:
        raise OSError(f"is no serial port: {error.args[-1]}") from None


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
