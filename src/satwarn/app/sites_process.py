"""The simulated sites in a process of their own, so that what they do never makes a person at the desk wait.

It holds no key and no ledger: killed at any moment it is started again, and told what is on the air. Hub and process
speak JSON over one pipe; when the hub is gone, so is the process. Started by `app.sites_keeper` as
`python -m satwarn.app.sites_process FD`.

    hub to process   codes, pins, now (first) · frame, at · message or carried, until · look, ask;
                     each with now, the hub's time
    process to hub   ready · alive (how late it is, in seconds) · receipts · trouble · seen, ask
"""

import json
import logging
import os
import queue
import sys
import threading
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from satwarn.adapters import clock
from satwarn.errors import SatwarnError

STEP_S = 0.05
ALIVE_S = 1.0
BATCH = 64
"""Receipts in one message: small enough that a deed at the desk does not wait long behind them."""
MOST_WAITING = 64
NICENESS = 10
"""The hub goes first."""

Said = dict[str, Any]


class Process:
    """Be the process until the hub is gone."""

    def __init__(self, pipe: "Connection[bytes, bytes]") -> None:
        # Imported here, once this process is nice: it starts beside a hub that wants to be ready.
        from satwarn.alert.seal import Trust
        from satwarn.app.simulated_sites import SimulatedSites

        self._pipe = pipe
        self._heard: queue.Queue[Said] = queue.Queue(MOST_WAITING)
        self._receipts: list[str] = []
        self._spoke_s = clock.stopwatch()
        begin = json.loads(pipe.recv_bytes())
        self._ahead = timedelta()
        self._set_time(begin)
        trust = Trust.of([(sender, certificate.encode()) for sender, certificate in begin["pins"]])
        self._sites = SimulatedSites(begin["codes"], trust, now=self._now(), on_receipt=self._keep)
        self._say({"ready": len(begin["codes"])})

    def serve(self) -> None:
        """Hear, let time pass, and say what came of it."""
        threading.Thread(target=self._listen, name="hub", daemon=True).start()
        while True:
            try:
                said = self._heard.get(timeout=STEP_S)
            except queue.Empty:
                said = {}
            self._let_pass()
            self._hear(said)
            self._let_pass()
            self._flush()

    def _listen(self) -> None:
        try:
            while True:
                self._heard.put(json.loads(self._pipe.recv_bytes()))
        except (EOFError, OSError):
            os._exit(0)  # the hub is gone, and with it everybody to whom this mattered

    def _hear(self, said: Said) -> None:
        self._set_time(said)
        if "frame" in said:
            self._sites.hear_frame(bytes.fromhex(said["frame"]), at=datetime.fromisoformat(said["at"]))
        elif "message" in said:
            self._sites.hear_message(said["message"].encode(), until=datetime.fromisoformat(said["until"]))
        elif "carried" in said:
            self._sites.hear_carried(said["carried"].encode())
        elif "look" in said:
            self._say({"seen": self._sites.look(said["look"]), "ask": said["ask"]})

    def _let_pass(self) -> None:
        until, more = self._now(), True
        while more:
            try:
                more = self._sites.turn(until)
            except SatwarnError as error:  # one site that cannot cope must not silence the others
                self._say({"trouble": str(error)})
            if clock.stopwatch() - self._spoke_s > ALIVE_S:
                self._flush()
                self._say({"alive": round((self._now() - until).total_seconds(), 3)})
        self._sites.stand_at(until)

    def _set_time(self, said: Said) -> None:
        if "now" in said:
            self._ahead = datetime.fromisoformat(said["now"]) - clock.now()

    def _now(self) -> datetime:
        return clock.now() + self._ahead

    def _keep(self, receipt: bytes, at: datetime) -> None:
        self._receipts.append(receipt.decode())
        if len(self._receipts) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._receipts:
            receipts, self._receipts = self._receipts, []
            self._say({"receipts": receipts})

    def _say(self, said: Said) -> None:
        self._spoke_s = clock.stopwatch()
        self._pipe.send_bytes(json.dumps(said).encode())


def main(arguments: list[str]) -> int:
    """Be the process; returns when the hub is gone."""
    os.nice(NICENESS)
    logging.disable(logging.INFO)
    try:
        Process(Connection(int(arguments[0]))).serve()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
