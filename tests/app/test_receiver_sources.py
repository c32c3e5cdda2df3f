"""Where bytes come from: a socket, gpsd, a file, a pipe; and a line that breaks is opened again."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from satwarn.adapters.air.source import GPSD_WATCH, source
from satwarn.errors import Missing


async def all_of(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def test_a_socket_and_gpsd_which_wants_a_greeting() -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            heard.append(await asyncio.wait_for(reader.read(100), 0.2))
        except TimeoutError:
            heard.append(b"")
        writer.write(b'{"class":"VERSION"}\r\n\xb5\x62\x00\n\r\x00')
        writer.close()

    async def both() -> list[bytes]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        found = [await all_of(source(kind, address)()) for kind in ("tcp", "gpsd")]
        server.close()
        return found

    assert asyncio.run(both()) == [b'{"class":"VERSION"}\r\n\xb5\x62\x00\n\r\x00'] * 2
    assert heard == [b"", GPSD_WATCH]


def test_a_file_and_a_named_pipe(tmp_path: Path) -> None:
    whole = bytes(range(256)) * 50
    (tmp_path / "night.bin").write_bytes(whole)
    assert asyncio.run(all_of(source("file", str(tmp_path / "night.bin"))())) == whole
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    async def through() -> bytes:
        reading = asyncio.create_task(all_of(source("pipe", str(pipe))()))
        await asyncio.sleep(0.05)
        writer = os.open(pipe, os.O_WRONLY)
        os.write(writer, whole[:4000])
        os.close(writer)
        return await asyncio.wait_for(reading, 10)

    assert asyncio.run(through()) == whole[:4000]


def test_what_is_not_there_is_an_error_and_an_unknown_kind_is_named() -> None:
    with pytest.raises(OSError, match="No such file"):
        asyncio.run(all_of(source("tty", "/dev/none")()))
    with pytest.raises(Missing, match="no source of kind"):
        source("radio", "x")
