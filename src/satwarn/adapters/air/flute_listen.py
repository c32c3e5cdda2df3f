"""Datagrams into objects, by the FLUTE extension, within its own process: bounded, and never believed.

A session that only hears what it had already, and still is not complete, was led astray by a forged symbol or table: it
begins anew. What is complete by its session's name is handed on by that name and forgotten here.
"""

import hashlib
import json
import os
import shutil
import socket
import struct
from collections import Counter, OrderedDict
from collections.abc import Iterable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from flute import receiver

from satwarn.adapters.air.lct import OBJECT_TOI, Header, location_of, read_header, refusal, unclosed
from satwarn.adapters.air.limits import Limits
from satwarn.adapters.clock import stopwatch
from satwarn.errors import BadMessage

BURST = 512  # datagrams read from the socket before the pipe is looked at again
_STATION = struct.Struct(">H")
_REOPEN = struct.Struct(">HQ")
_NOWHERE = receiver.UDPEndpoint("127.0.0.1", 0)  # it wants one and does nothing with it


class Session:
    """One object on its way at one station."""

    def __init__(self, folder: Path, tsi: int) -> None:
        self.tsi, self.folder, self.file = tsi, folder, folder / location_of(tsi)
        self.begun = self.heard = stopwatch()
        self.size = 0
        self._begin()

    def _begin(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        config = receiver.Config()
        self._receiver = receiver.Receiver(_NOWHERE, self.tsi, receiver.ObjectWriterBuilder(str(self.folder)), config)
        self._seen: set[tuple[int, ...]] = set()
        self._again = 0

    def push(self, header: Header, datagram: bytes) -> bool:
        """Take a datagram; True when the object is whole and is what its session names."""
        self.heard = stopwatch()
        self._receiver.push(unclosed(datagram))
        if header.toi != OBJECT_TOI:
            return False
        self._count(header)
        return self._written() >= header.length_bytes and self._holds()

    def _count(self, header: Header) -> None:
        if header.place not in self._seen:
            self._seen.add(header.place)
            self._again = 0
            return
        self._again += 1
        if self._again > len(self._seen):
            self._begin()

    def _written(self) -> int:
        try:
            self.size = os.stat(self.file).st_size
        except FileNotFoundError:
            self.size = 0
        return self.size

    def _holds(self) -> bool:
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
        elif sum(other.size for other in self._open.values()) > self._limits.disk_bytes:
            self._give_up(next(iter(self._open)))
        return whole

    def reopen(self, tsi: int) -> None:
        """What came was not what it should be: listen for it again."""
        self._complete.pop(tsi, None)

    def _begin(self, tsi: int) -> Session:
        self._tidy()
        while len(self._open) >= self._limits.sessions:
            self._give_up(next(iter(self._open)))
        self._open[tsi] = Session(self._folder / f"{tsi:012x}", tsi)
        return self._open[tsi]

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
        self._stations = [Station(folder / str(number), limits, self._counts) for number in range(given["stations"])]
        self._socket = socket.socket(fileno=given["socket"]) if given["socket"] is not None else None

    def serve(self) -> None:
        """Listen until the pipe is closed."""
        sources: list[Any] = [self._pipe, *([self._socket] if self._socket else [])]
        while True:
            for source in wait(sources):
                if source is self._pipe:
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
