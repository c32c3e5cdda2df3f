"""The hub's hold on the process of its simulated sites: starts it, restarts it, hands on what it tells."""

import itertools
import json
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from satwarn.adapters import clock
from satwarn.alert.seal import Trust
from satwarn.errors import Missing

MODULE = "satwarn.app.sites_process"
SILENT_S = 60.0
"""A process that has said nothing for so long hangs, and is ended. The first sentence of a voice may take many."""
TICK_S = 1.0
MESSAGE, CARRIED = "message", "carried"  # by the ground path, by the wide band
MOST_WAITING = 1000
MOST_TROUBLES = 200
LONGEST_PAUSE_S = 30.0
SETTLED_S = 30.0
END_S = 5.0

Said = dict[str, Any]
Take = Callable[[list[bytes]], "Future[Any]"]
"""Keeps receipts; the future is done when they are durable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesState:
    """Whether the simulated sites run; `why` says why not, `since` from when on it is so."""

    up: bool
    why: str
    since: datetime
    restarts: int = 0

    @property
    def down(self) -> bool:
        """Whether they ran and do not run now."""
        return not self.up and self.restarts > 0


class SitesKeeper:
    """The simulated sites as the hub sees them. Nothing here blocks its caller."""

    def __init__(self, trust: Trust, *, now: Callable[[], datetime], take: Take) -> None:
        self._trust, self._now, self._take = trust, now, take
        self.codes: tuple[str, ...] = ()
        self.state = SitesState(up=False, why="is starting", since=now())
        self.troubles: list[str] = []
        self._live: dict[tuple[str, bytes], datetime] = {}
        self._asked: dict[int, Future[Said]] = {}
        self._number = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._to_say: queue.Queue[Said | None] = queue.Queue()
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._keep, name="sites", daemon=True)

    @property
    def pid(self) -> int:
        """The process's number, 0 when there is none."""
        return self._process.pid if self._process and self._process.poll() is None else 0

    def start(self, codes: Sequence[str]) -> None:
        """Begin, with a simulated site at each of the codes; without any there is no process."""
        self.codes = tuple(codes)
        if codes:
            self._thread.start()

    def stop(self) -> None:
        """End the process; the receipts that it has handed over are kept."""
        self._stopping.set()
        self._end()
        if self._thread.is_alive():
            self._thread.join()

    def hear_frame(self, frame: bytes, *, at: datetime) -> None:
        """A frame that left; lost, and said so, when the sites are too far behind."""
        if self.state.up and not self._say({"frame": frame.hex(), "at": at.isoformat()}):
            self._trouble("the simulated sites are behind: a frame was lost")

    def hear_message(self, signed: bytes, *, until: datetime) -> None:
        """A signed message for every site; whatever becomes of the process, it is told until then."""
        if self.codes:
            self._tell(MESSAGE, signed, until)

    def forget(self, signed: bytes) -> None:
        """A message that another has taken the place of: a process that is started again is not told it any more."""
        with self._lock:
            for kind in (MESSAGE, CARRIED):
                self._live.pop((kind, signed), None)

    def hear_carried(self, signed: bytes, *, until: datetime) -> None:
        """A signed message that came whole by the wide band, for every site; it goes round until then, so a process
        that is not there yet, or is started again, is told it too."""
        if self.codes:
            self._tell(CARRIED, signed, until)

    def look(self, code: str) -> "Future[Said]":
        """What one site has said (see SimulatedSites.look); Missing when the sites do not run, or not there."""
        answer: Future[Said] = Future()
        number = next(self._number)
        self._asked[number] = answer
        if code not in self.codes or not self.state.up or not self._say({"look": code, "ask": number}):
            self._asked.pop(number, None)
            answer.set_exception(Missing(f"no simulated site {code} runs", where="sites", fix=self.state.why))
        return answer

    # ── the process ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _keep(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            begun = clock.stopwatch()
            why = self._one_life()
            if self._stopping.is_set():
                return
            attempt = 0 if clock.stopwatch() - begun > SETTLED_S else attempt + 1
            self.state = SitesState(up=False, why=why, since=self._now(), restarts=self.state.restarts + 1)
            self._trouble(f"the simulated sites were started again: {why}")
            self._stopping.wait(min(2.0**attempt / 4, LONGEST_PAUSE_S))

    def _one_life(self) -> str:
        """From its start to its end; why it ended."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", MODULE, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C at the hub is the hub's to handle: it ends us in good order
            )
        pipe: Connection[bytes, bytes] = Connection(ours.detach())
        self._process, to_say = process, self._begin()
        if self._stopping.is_set():
            process.kill()
        writing = threading.Thread(target=self._write, args=(pipe, to_say), name="sites out", daemon=True)
        writing.start()
        why = self._read(pipe)
        process.kill()
        code = process.wait()
        with suppress(queue.Full):
            to_say.put_nowait(None)
        writing.join()
        pipe.close()
        for answer in [self._asked.pop(number) for number in list(self._asked)]:
            answer.set_exception(Missing("the simulated sites have just ended", where="sites", fix="look again"))
        return why or f"their process ended ({code})"

    def _begin(self) -> "queue.Queue[Said | None]":
        """What a new process is told first: who it is, and every message that still holds."""
        pins = [[pin.sender, pin.certificate_pem.decode()] for pin in self._trust.pins]
        with self._lock:
            self._live = {told: until for told, until in self._live.items() if until > self._now()}
            to_say: queue.Queue[Said | None] = queue.Queue(MOST_WAITING + len(self._live))
            self._to_say = to_say
            live = [_message(*told, until) for told, until in self._live.items()]
            for said in ({"codes": self.codes, "pins": pins}, *live):
                to_say.put({**said, "now": self._now().isoformat()})
        return to_say

    def _write(self, pipe: "Connection[bytes, bytes]", to_say: "queue.Queue[Said | None]") -> None:
        # A thread of its own: a process that hangs must not hold up the sky.
        with suppress(OSError):  # it has ended, which `_read` sees too
            while True:
                try:
                    said = to_say.get(timeout=TICK_S)
                except queue.Empty:
                    said = {"now": self._now().isoformat()}
                if said is None:
                    return
                pipe.send_bytes(json.dumps(said).encode())

    def _read(self, pipe: "Connection[bytes, bytes]") -> str:
        spoke_s = clock.stopwatch()
        try:
            while True:
                if pipe.poll(TICK_S):
                    self._hear(json.loads(pipe.recv_bytes()))
                    spoke_s = clock.stopwatch()
                elif clock.stopwatch() - spoke_s > SILENT_S:
                    return f"they said nothing for {SILENT_S:.0f} s"
        except (EOFError, OSError):
            return ""

    def _tell(self, kind: str, signed: bytes, until: datetime) -> None:
        with self._lock:
            self._live[kind, signed] = until
        if not self._say(_message(kind, signed, until)):
            self._trouble("the simulated sites do not listen: they are started again")
            self._end()

    def _end(self) -> None:
        if self._process:
            self._process.terminate()

    def _say(self, said: Said) -> bool:
        try:
            self._to_say.put_nowait({**said, "now": self._now().isoformat()})
        except queue.Full:
            return False
        return True

    # ── what it tells ────────────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, said: Said) -> None:
        if "receipts" in said:
            self._keep_receipts([receipt.encode() for receipt in said["receipts"]])
        elif "ready" in said:
            self.state = replace(self.state, up=True, why="", since=self._now())
        elif "trouble" in said:
            self._trouble(said["trouble"])
        elif "seen" in said and (answer := self._asked.pop(said["ask"], None)):
            answer.set_result(said["seen"])

    def _keep_receipts(self, receipts: list[bytes]) -> None:
        """Until they are durable. One lot at a time: people's deeds come between, and a slow disk slows the sites."""
        while error := self._take(receipts).exception():
            self._trouble(f"receipts wait: {error}")
            if self._stopping.wait(TICK_S):
                return

    def _trouble(self, what: str) -> None:
        self.troubles.append(what)
        del self.troubles[:-MOST_TROUBLES]


def _message(kind: str, signed: bytes, until: datetime) -> Said:
    return {kind: signed.decode(), "until": until.isoformat()}
