"""FLUTE by two kinds of process: one that cuts objects into datagrams, one that puts them together again."""

import hashlib
import json
import os
import shutil
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from satwarn.adapters.air.flute_message import cut_order, unpack
from satwarn.adapters.air.flute_process import FluteProcess
from satwarn.adapters.air.lct import location_of
from satwarn.adapters.air.limits import Limits


class FluteSender:
    """Cuts objects into the datagrams of their own sessions. `instance` tells this start of a sender from any other.

    The file tables of two senders, or of one before and after a restart, differ (they hold a time of expiry), so they
    must not be taken for each other; the objects are the same to the bit, and their parts add up.
    """

    def __init__(self, folder: Path, *, service: int, instance: int, limits: Limits | None = None) -> None:
        self._service, self._instance, self._limits = service, instance, limits or Limits()
        self._process = FluteProcess("cut", folder, self._limits, {})

    def cut(self, content: bytes, *, mime_type: str) -> tuple[bytes, ...]:
        """The datagrams of one object, its file table first; DoesNotFit when no receiver would take it."""
        head = cut_order(
            content, mime_type=mime_type, service=self._service, instance=self._instance, limits=self._limits
        )
        request = json.dumps(head).encode() + b"\n" + content
        try:
            return unpack(self._process.ask(request))
        except EOFError:  # it died, by chance or by limit: once more, with a fresh one
            return unpack(self._process.ask(request))

    def close(self) -> None:
        """End the process."""
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """An object whole at a station: `digest` is the SHA-256 (hex) of `content`. Nothing is said of its truth."""

    station: int
    tsi: int
    digest: str
    content: bytes


class FluteReceiver:
    """Puts objects together at one station or many, each with a folder of its own, in one limited process.

    Give it datagrams by `push`, or a bound UDP socket, from which the process then reads by itself; `poll` tells what
    became whole there. `deaths` counts how often strangers' bytes (or anything else) ended the process: it starts
    again, and what was half there comes round once more.
    """

    def __init__(
        self,
        folder: Path,
        *,
        service: int,
        stations: int = 1,
        limits: Limits | None = None,
        socket: int | None = None,
    ) -> None:
        self._folder, self._limits = folder, limits or Limits()
        self._stations = range(stations)
        self.counts: dict[str, int] = {}
        self._early: list[Complete] = []
        self._process = FluteProcess(
            "listen",
            folder,
            self._limits,
            {"folder": str(folder), "service": service, "stations": stations},
            inherit=socket,
        )

    @property
    def deaths(self) -> int:
        """How often the process died and was started again."""
        return self._process.starts - 1

    @property
    def pid(self) -> int:
        """The process's id, for whoever measures it."""
        return self._process.pid

    def push(self, datagram: bytes, stations: Iterable[int] = (0,)) -> list[Complete]:
        """Have these stations hear a datagram; what it completed."""
        heard = tuple(stations)
        return self._early_and(self._ask(b"P" + struct.pack(f">{len(heard) + 1}H", len(heard), *heard) + datagram))

    def poll(self, timeout_s: float) -> list[Complete]:
        """What was completed from the socket within a time."""
        try:
            message = self._process.heard(0.0 if self._early else timeout_s)
        except EOFError:
            message = None
        return self._early_and(self._read(message) if message else [])

    def reopen(self, complete: Complete) -> None:
        """Listen for a session again, whose object was refused."""
        self._early += self._ask(b"R" + struct.pack(">HQ", complete.station, complete.tsi))

    def refresh(self) -> dict[str, int]:
        """The newest counts: datagrams heard, noise, alien, too big, odd, bad, sessions given up."""
        self._early += self._ask(b"S")
        return self.counts

    def close(self) -> None:
        """End the process and leave nothing behind."""
        self._process.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _early_and(self, complete: list[Complete]) -> list[Complete]:
        """What came while something else was asked, then the rest: the process may speak at any time."""
        early, self._early = self._early, []
        return early + complete

    def _ask(self, request: bytes) -> list[Complete]:
        try:
            return self._read(self._process.ask(request))
        except EOFError:
            return []

    def _read(self, message: bytes) -> list[Complete]:
        said = json.loads(message)
        self.counts = {name: int(count) for name, count in said["counts"].items()}
        taken = (self._take(int(station), int(tsi)) for station, tsi in said["complete"])
        return [complete for complete in taken if complete]

    def _take(self, station: int, tsi: int) -> Complete | None:
        """The file of a session, if it is what the session names; it is gone from the disk afterwards."""
        if station not in self._stations:
            return None
        folder = self._folder / str(station) / f"{tsi:012x}"
        try:
            descriptor = os.open(folder / location_of(tsi), os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(self._limits.object_bytes + 1)
        _discard(folder, location_of(tsi))
        digest = hashlib.sha256(content).hexdigest()
        if len(content) > self._limits.object_bytes or not digest.startswith(location_of(tsi)):
            return None
        return Complete(station=station, tsi=tsi, digest=digest, content=content)


def _discard(folder: Path, name: str) -> None:
    """Remove a session's folder: one file and nothing else, as a rule; whatever else there is, when there is more."""
    try:
        (folder / name).unlink()
        folder.rmdir()
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
