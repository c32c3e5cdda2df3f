"""Datagrams into objects, by the FLUTE extension, within its own process: bounded, and never believed.

A session that only hears what it had already, and still is not complete, was led astray by a forged symbol or table: it
begins anew. What is complete by its session's name is handed on by that name and forgotten here.
"""

import hashlib
import json
import os
import selectors
import shutil
import socket
import struct
from collections import Counter, OrderedDict
from collections.abc import Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flute import receiver

from satwarn.adapters.air.lct import OBJECT_TOI, Coding, Header, location_of, read_header, refusal, unclosed
from satwarn.adapters.air.limits import Limits
from satwarn.adapters.clock import stopwatch
from satwarn.errors import BadMessage

MOST_CODINGS = 8  # one object is cut in one way; whoever says otherwise again and again is not us
SILENT_S = 30.0
BURST = 512  # datagrams read from the socket before the pipe is looked at again
_STATION = struct.Struct(">H")
_REOPEN = struct.Struct(">HQ")
_NOWHERE = receiver.UDPEndpoint("127.0.0.1", 0)  # it wants one and does nothing with it


class Parts:
    """Which datagrams of an object were heard, and whether they are enough by what they say of themselves."""

    def __init__(self) -> None:
        self._heard: dict[Coding, dict[int, set[int]]] = {}
        self._short: dict[Coding, set[int]] = {}
        self.count = self.again = 0

    def add(self, header: Header) -> bool:
        """Note a datagram; True when every block of its object has as many symbols as it needs."""
        if header.coding not in self._heard and len(self._heard) == MOST_CODINGS:
            self.again += 1
            return False
        blocks = self._heard.setdefault(header.coding, {})
        symbols = blocks.setdefault(header.sbn, set())
        if header.esi in symbols:
            self.again += 1
        else:
            symbols.add(header.esi)
            self.count, self.again = self.count + 1, 0
        needed = header.coding.needed
        short = self._short.setdefault(header.coding, set(range(len(needed))))
        if header.sbn in short and len(symbols) >= needed[header.sbn]:
            short.discard(header.sbn)
        return not short


class Session:
    """One object on its way at one station."""

    def __init__(self, folder: Path, tsi: int) -> None:
        self.tsi, self.folder, self.file = tsi, folder, folder / location_of(tsi)
        self.begun = self.heard = stopwatch()
        self.size = 0
        self._begin()

    def _begin(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self._receiver = receiver.Receiver(
            _NOWHERE, self.tsi, receiver.ObjectWriterBuilder(str(self.folder)), receiver.Config()
        )
        self.parts, self._tables = Parts(), set[tuple[int, int]]()

    def push(self, header: Header, datagram: bytes) -> bool:
        """Take a datagram; True when the object is whole and is what its session names."""
        self.heard = stopwatch()
        self._receiver.push(unclosed(datagram))
        if header.toi != OBJECT_TOI:
            self._tables.add((header.sbn, header.esi))
            return self.parts.count > 0 and self._holds()
        enough = self.parts.add(header)
        if enough and self._holds():
            return True
        if self.parts.again > self.parts.count:
            self.drop()
            self._begin()
        return False

    @property
    def worth(self) -> int:
        """How many different datagrams it has heard."""
        return self.parts.count + len(self._tables)

    def written(self) -> int:
        """Bytes of the object on the disk."""
        try:
            self.size = os.stat(self.file).st_size
        except FileNotFoundError:
            self.size = 0
        return self.size

    def _holds(self) -> bool:
        if not self.written():
            return False
        with self.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest().startswith(location_of(self.tsi))

    def drop(self) -> None:
        """Give it up, and its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Station:
    """One receiver: its sessions, within its limits."""

    def __init__(self, folder: Path, limits: Limits, counts: Counter[str]) -> None:
        self._folder, self._limits, self._counts = folder, limits, counts
        self._open: OrderedDict[int, Session] = OrderedDict()
        self._complete: OrderedDict[int, None] = OrderedDict()

    def push(self, header: Header, datagram: bytes) -> bool:
        """Take a datagram; True when it completed an object."""
        if header.tsi in self._complete:
            return False
        session = self._open.get(header.tsi) or self._begin(header.tsi)
        try:
            whole = session.push(header, datagram)
        except TypeError:  # what the extension says to any packet it does not like
            self._counts["bad"] += 1
            return False
        if whole:
            del self._open[header.tsi]
            self._remember(header.tsi)
        return whole

    def reopen(self, tsi: int) -> None:
        """What came was not what it should be: listen for it again."""
        self._complete.pop(tsi, None)

    def _begin(self, tsi: int) -> Session:
        self._tidy()
        while self._open and (len(self._open) >= self._limits.sessions or self._full()):
            self._give_up(self._least())
        self._open[tsi] = Session(self._folder / f"{tsi:012x}", tsi)
        return self._open[tsi]

    def _least(self) -> int:
        """The session to lose least by: a silent one, else the one that has the least. So a flood evicts itself."""
        now = stopwatch()
        return min(self._open, key=lambda tsi: (now - self._open[tsi].heard < SILENT_S, self._open[tsi].worth))

    def _full(self) -> bool:
        room = self._limits.disk_bytes - self._limits.object_bytes
        return sum(session.written() for session in self._open.values()) > room

    def _tidy(self) -> None:
        now = stopwatch()
        for tsi, session in list(self._open.items()):
            if now - session.heard > self._limits.idle_s or now - session.begun > self._limits.longest_s:
                self._give_up(tsi)

    def _give_up(self, tsi: int) -> None:
        self._open.pop(tsi).drop()
        self._counts["given up"] += 1

    def _remember(self, tsi: int) -> None:
        self._complete[tsi] = None
        while len(self._complete) > self._limits.remembered:
            self._complete.popitem(last=False)


class Listening:
    """Every station of this process, fed by the pipe, by a socket, or by both."""

    def __init__(self, pipe: "Connection[bytes, bytes]", given: dict[str, Any], limits: Limits) -> None:
        self._pipe, self._limits, self._service = pipe, limits, given["service"]
        self._counts: Counter[str] = Counter()
        folder = Path(given["folder"])
        for number in range(given["stations"]):
            (folder / str(number)).mkdir(exist_ok=True)
        self._stations = [Station(folder / str(number), limits, self._counts) for number in range(given["stations"])]
        self._socket = socket.socket(fileno=given["socket"]) if given["socket"] is not None else None

    def serve(self) -> None:
        """Listen until the pipe is closed."""
        with selectors.DefaultSelector() as sources:
            sources.register(self._pipe, selectors.EVENT_READ)
            if self._socket:
                sources.register(self._socket, selectors.EVENT_READ)
            while True:
                for ready, _ in sources.select():
                    if ready.fileobj is self._pipe:
                        self._answer(self._pipe.recv_bytes())
                    else:
                        self._hear()

    def _answer(self, request: bytes) -> None:
        kind, body = request[:1], request[1:]
        complete: list[tuple[int, int]] = []
        if kind == b"P":
            (count,) = _STATION.unpack_from(body)
            stations = struct.unpack_from(f">{count}H", body, 2)
            complete = self._push(body[2 + 2 * count :], stations)
        elif kind == b"R":
            station, tsi = _REOPEN.unpack(body)
            self._stations[station].reopen(tsi)
        self._say(complete)

    def _hear(self) -> None:
        assert self._socket
        everyone = range(len(self._stations))
        complete: list[tuple[int, int]] = []
        for _ in range(BURST):
            try:
                datagram = self._socket.recv(65535, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            complete += self._push(datagram, everyone)
        if complete:
            self._say(complete)

    def _push(self, datagram: bytes, stations: Iterable[int]) -> list[tuple[int, int]]:
        self._counts["heard"] += 1
        try:
            header = read_header(datagram)
        except BadMessage:
            self._counts["noise"] += 1
            return []
        if why := refusal(header, service=self._service, most_bytes=self._limits.object_bytes):
            self._counts[why] += 1
            return []
        return [(number, header.tsi) for number in stations if self._stations[number].push(header, datagram)]

    def _say(self, complete: list[tuple[int, int]]) -> None:
        self._pipe.send_bytes(json.dumps({"complete": complete, "counts": self._counts}).encode())
