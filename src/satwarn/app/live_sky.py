"""The air and the ground of a running hub: the uplink on a thread and a clock of its own, at the pace of the wall, and
the simulated sites in a process of their own."""

import queue
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from satwarn.adapters.clock import VirtualClock
from satwarn.alert.seal import Trust
from satwarn.app.sites_keeper import SitesKeeper, Take
from satwarn.errors import SatwarnError
from satwarn.frame.dcx import Extended
from satwarn.ledger.receipt import Path
from satwarn.uplink.schedule import Priority, Transmission, Uplink

STEP_S = 0.05


class LiveSky:
    """Uplink at the pace of the wall. Other threads hand it work; it hands back transmissions, and sites' receipts."""

    def __init__(
        self, trust: Trust, *, now: Callable[[], datetime], take: Take, on_frame: Callable[[Transmission], None]
    ) -> None:
        self._now, self._on_frame = now, on_frame
        self._clock = VirtualClock(now())
        self._uplink = Uplink()
        self._jobs: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._awake = False
        self._troubles: list[str] = []
        self.simulated = SitesKeeper(trust, now=now, take=take)
        self._thread = threading.Thread(target=self._run, name="sky", daemon=True)

    @property
    def sites(self) -> dict[str, str]:
        """The codes of the simulated sites, with the word that stands for their state."""
        return dict.fromkeys(self.simulated.codes, "simulated")

    @property
    def troubles(self) -> list[str]:
        """What went wrong, the oldest first."""
        return [*self._troubles, *self.simulated.troubles]

    def start(self, codes: Iterable[str]) -> None:
        """Begin, with a simulated site at each of the codes."""
        self.simulated.start(tuple(codes))
        self._thread.start()

    def stop(self) -> None:
        """End the thread and the process; what is on the way is lost, as in a power cut."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join()
        self.simulated.stop()

    def send(
        self, signed: bytes, reports: tuple[Extended, ...], *, paths: frozenset[Path], until: datetime, live: bool
    ) -> None:
        """Put an alert on every path named; returns at once."""
        self._jobs.put(partial(self._send, signed, reports, paths, until, live))

    def carry(self, signed: bytes, *, until: datetime) -> None:
        """Have every site hear a message that came whole by the wide band; one FLUTE process decodes for all."""
        self.simulated.hear_carried(signed, until=until)

    def withdraw(self, report: Extended) -> None:
        """Take a message off the air from the next slot on."""
        self._jobs.put(partial(self._uplink.withdraw, report))

    def _send(
        self, signed: bytes, reports: tuple[Extended, ...], paths: frozenset[Path], until: datetime, live: bool
    ) -> None:
        if Path.GROUND in paths:
            self.simulated.hear_message(signed, until=until)
        if Path.GNSS in paths:
            priority = Priority.LIVE if live else Priority.DRILL
            for report in reports:
                self._uplink.put(report, since=self._clock.now, until=until, priority=priority)
            self._wake()

    def _wake(self) -> None:
        slot = self._uplink.next_tick(self._clock.now)
        if slot and not self._awake:
            self._awake = True
            self._clock.at(slot, self._slot)

    def _slot(self) -> None:
        self._awake = False
        sent = self._uplink.tick(self._clock.now)
        if sent:
            self._on_frame(sent)
            self.simulated.hear_frame(sent.frame, at=sent.at)
        self._clock.after(1, self._wake)

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=STEP_S)
            except queue.Empty:
                job = _nothing
            if job is None:
                return
            self._let_pass()
            self._safely(job)
            self._let_pass()

    def _let_pass(self) -> None:
        self._safely(lambda: self._clock.run_until(max(self._now(), self._clock.now)))

    def _safely(self, job: Callable[[], Any]) -> None:
        # What one message comes to grief of must not silence the others: it is kept and shown, the sky goes on.
        try:
            job()
        except SatwarnError as error:
            self._troubles.append(str(error))


def _nothing() -> None:
    """What there is to do when nobody asked for anything: let time pass."""
