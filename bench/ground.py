"""The ground path, measured: an alert to 1,741 receivers and their receipts back, beside a bare asyncio send loop.

Both hold as many TLS lines to one other process, both send the same bytes to each and wait for an answer of the same
size from each. Ours also reads the ledger, is a process of its own, and has every answer durable before it counts.
"""

import asyncio
import json
import multiprocessing
import ssl
import struct
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.ground_making import Hub, hub_with_ground, receipt, wait
from bench.row import Row
from satwarn.adapters import clock
from satwarn.adapters.ground.tls import tls_of_hub, tls_of_site
from satwarn.adapters.ground.websocket import WebSocketLine
from satwarn.area import gazetteer

SITES = 1741
ROUNDS = 3
LENGTH = struct.Struct(">I")
AT_ONCE = 40


def run() -> list[Row]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder, hub_with_ground(Path(folder)) as hub:
        codes = [place.code for place in gazetteer.municipalities()][:SITES]
        site = hub.enrol(codes[0])
        folders = {code: hub.enrol(code) for code in codes}
        ours = _ours(hub, folders)
        bare = _bare(hub, site, len(codes))
    return [
        Row(
            what=f"{len(codes)} receivers over TLS, issue -> last receipt durable",
            ours=f"{ours:.2f} s",
            anchor=f"{bare:.2f} s, bare asyncio send loop, answers not stored",
            ratio=f"{ours / bare:.1f}x",
            aim="<= 3x, < 2 s",
        )
    ]


def _ours(hub: Hub, folders: dict[str, Path]) -> float:
    with _others(_swarm, hub.address, {code: str(folder) for code, folder in folders.items()}) as other:
        assert other.recv() == "ready"
        return min(_one_alert(hub, len(folders)) for _ in range(ROUNDS))


def _one_alert(hub: Hub, count: int) -> float:
    begun = time.perf_counter()
    identifier = asyncio.run(hub.issue())
    wait(lambda: len(hub.realm.views.receipts.get(identifier, {})) == count, within_s=120)
    return time.perf_counter() - begun


def _swarm(told: Connection, address: str, folders: dict[str, str]) -> None:
    """Every receiver's line, in one loop; each answers a message with a receipt."""

    async def live() -> None:
        lines = [_line(address, code, folder) for code, folder in folders.items()]
        for at in range(0, len(lines), AT_ONCE):  # a storm of handshakes is not what is measured
            for line in lines[at : at + AT_ONCE]:
                line.open()
            while not all(line.connected for line in lines[at : at + AT_ONCE]):
                await asyncio.sleep(0.02)
        told.send("ready")
        await asyncio.Event().wait()

    asyncio.run(live())


def _line(address: str, code: str, folder: str) -> WebSocketLine:
    def hear(message: bytes, at: object) -> None:
        identifier = message.split(b"<identifier>")[1].split(b"<")[0].decode()
        line.report(json.dumps(receipt(code, identifier, "sounded")).encode())

    names = {key: f"{folder}/{file}" for key, file in
             (("certificate", "site.pem"), ("key", "site.key"), ("authority", "authority.pem"))}  # fmt: skip
    line = WebSocketLine(address, code, hear, now=clock.now, chance=lambda: 0.0, tls=lambda: tls_of_site(**names))
    return line


# ── the anchor ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _bare(hub: Hub, site: Path, count: int) -> float:
    message = next(iter(hub.realm.views.messages.values()))
    folder = hub.realm.settings.folder
    certificate, key = str(folder / "ground-certificate.pem"), str(folder / "ground-key.pem")
    tls = tls_of_hub(certificate=certificate, key=key, authority=str(folder / "sites-certificate.pem"))
    return asyncio.run(_send_loop(tls, message, site, count))


async def _send_loop(tls: ssl.SSLContext, message: bytes, site: Path, count: int) -> float:
    lines: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    gone = asyncio.Event()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((reader, writer))
        await gone.wait()
        writer.close()

    server = await asyncio.start_server(met, "localhost", 0, ssl=tls, backlog=2048)
    port = server.sockets[0].getsockname()[1]
    with _others(_answerers, port, str(site), count) as other:
        while not other.poll():
            await asyncio.sleep(0.05)
        taken = [await _one_round(lines, message) for _ in range(ROUNDS)]
        gone.set()
    server.close()
    return min(taken)


async def _one_round(lines: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]], message: bytes) -> float:
    begun = time.perf_counter()
    for _, writer in lines:
        writer.write(LENGTH.pack(len(message)) + message)

    async def answer(reader: asyncio.StreamReader) -> None:
        await reader.readexactly(*LENGTH.unpack(await reader.readexactly(LENGTH.size)))

    await asyncio.gather(*(answer(reader) for reader, _ in lines))
    return time.perf_counter() - begun


def _answerers(told: Connection, port: int, site: str, count: int) -> None:
    said = json.dumps(receipt("31202", "x", "sounded")).encode()

    async def one(tls: ssl.SSLContext, ready: asyncio.Semaphore) -> None:
        async with ready:
            reader, writer = await asyncio.open_connection("localhost", port, ssl=tls)
        met.append(1)
        while True:
            await reader.readexactly(*LENGTH.unpack(await reader.readexactly(LENGTH.size)))
            writer.write(LENGTH.pack(len(said)) + said)

    async def live() -> None:
        tls = tls_of_site(certificate=f"{site}/site.pem", key=f"{site}/site.key", authority=f"{site}/authority.pem")
        ready = asyncio.Semaphore(AT_ONCE)
        tasks = [asyncio.create_task(one(tls, ready)) for _ in range(count)]
        while len(met) < count:
            await asyncio.sleep(0.05)
        told.send("ready")
        await asyncio.gather(*tasks)

    met: list[int] = []
    asyncio.run(live())


class _others:  # noqa: N801 - reads as a function
    """The far end in a process of its own, ended when the block is left."""

    def __init__(self, work: Any, *values: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=work, args=(theirs, *values), daemon=True)

    def __enter__(self) -> Connection:
        self._process.start()
        return self._ours

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.join()
