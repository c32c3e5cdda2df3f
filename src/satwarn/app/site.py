"""One site in this process: carries out what its receiver asks for, and keeps what must outlast a restart."""

import json
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from satwarn.adapters.clock import VirtualClock
from satwarn.alert.seal import Trust
from satwarn.app.events import SiteFault, SiteProved, SiteWarned, Watch
from satwarn.app.performing import Performing, silence
from satwarn.hub.ports import Line
from satwarn.ledger.receipt import OutputResult, Path, Receipt
from satwarn.people.announcement import Announcement
from satwarn.people.ports import REPLACED, STOPPED, Output, Performance
from satwarn.receiver.effects import Effect, End, Fault, Hush, Isolate, Keep, Log, Replaced, Show, Tell, Warn
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Memory
from satwarn.receiver.site import Site

Speak = Callable[[Warn], tuple[Announcement, ...]]


class LiveSite:
    """A receiver and the world around it. `receipts` holds the newest receipt of each warning, by name."""

    def __init__(
        self, site: Site, *, trust: Trust, clock: VirtualClock, speak: Speak, watch: Watch, outputs: Sequence[Output]
    ) -> None:
        self.site, self._trust, self._clock, self._speak, self._watch = site, trust, clock, speak, watch
        self.outputs = tuple(outputs)
        self.memory = Memory()
        self.receipts: dict[str, Receipt] = {}
        self._told = 0
        self.said: list[tuple[Announcement, ...]] = []
        self.faults: list[str] = []
        self.logged: list[str] = []
        self._line: Line | None = None
        self._wakes_at: datetime | None = None
        self._receiver = Receiver(site, trust)
        self._effects: deque[Effect] = deque()
        self._carrying = self._isolated = False
        self._performing: dict[str, Performing] = {}

    def join(self, line: Line) -> None:
        """Have a way back: receipts kept so far and all later ones go out on it."""
        self._line = line
        for receipt in self.receipts.values():
            self._report(receipt)

    def restart(self) -> None:
        """Lose the power and come back with what was kept."""
        self._receiver = Receiver(self.site, self._trust, memory=self.memory)

    def believe(self, trust: Trust) -> None:
        """Believe these from the next message on, and nobody else."""
        self._trust = trust
        self._receiver.believe(trust)

    def hear_frame(self, frame: bytes, satellite: int) -> None:
        """A frame from the air."""
        self._receiver.hear_frame(frame, satellite=satellite, now=self._clock.now)
        self._carry_out()

    def hear_message(self, message: bytes, path: Path) -> None:
        """A signed message."""
        self._receiver.hear_message(message, path=path, now=self._clock.now)
        self._carry_out()

    def fault(self, fault: Fault) -> None:
        """Something about the site that its receiver does not see; the desk is told where there is a way back."""
        self._do(fault)
        if self._line:
            said = {"site": self.site.code, "fault": fault.code, "what": fault.what}
            self._line.report(json.dumps(said).encode())

    def stop(self, by: str) -> None:
        """Local stop: every output falls silent."""
        self._receiver.stop(by=by, now=self._clock.now)
        self._carry_out()

    def begin_maintenance(self, by: str, until: datetime) -> None:
        """Isolate every output until then."""
        self._receiver.begin_maintenance(by=by, until=until, now=self._clock.now)
        self._carry_out()

    def tick(self) -> None:
        """Time has passed."""
        self._receiver.tick(now=self._clock.now)
        self._carry_out()

    def _carry_out(self) -> None:
        self._effects += self._receiver.effects()
        if self._carrying:  # an output that answers at once: what it brought about comes after what is being done
            return
        self._carrying = True
        try:
            while self._effects:
                self._do(self._effects.popleft())
        finally:
            self._carrying = False
        wake = self._receiver.next_tick()
        if wake and wake != self._wakes_at:
            self._wakes_at = wake
            self._clock.at(wake, self.tick)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Keep():
                self.memory = effect.memory
            case Warn():
                self._warn(effect)
            case Tell():
                self._tell(effect.receipt)
            case Fault():
                self.faults.append(effect.code)
                self._watch(SiteFault(at=self._clock.now, code=self.site.code, fault=effect.code, what=effect.what))
            case End():
                others = self._performing.keys() - {effect.warning}
                self._hush(effect.warning, how=effect.how, last=not others)
            case Replaced():
                self._hush(effect.warning, how=REPLACED, last=False)
            case Hush():
                self._hush("", how=STOPPED)
            case Isolate():
                self._isolated = effect.maintenance is not None
            case Show():
                self.logged.append(f"shown: {effect.why}")
            case Log():
                self.logged.append(effect.what)

    def _warn(self, warn: Warn) -> None:
        said = self._speak(warn)
        self.said.append(said)
        self._watch(SiteWarned(at=self._clock.now, code=self.site.code, path=warn.path))
        performance = Performance(
            warning=warn.warning, site=self.site.code, purpose=warn.purpose, announcements=said, at=warn.at
        )
        wanted = [output for output in self.outputs if output.name in warn.outputs and not self._isolated]
        performing = Performing(
            wanted, performance, clock=self._clock, finish=partial(self._outputs_done, warn.warning)
        )
        self._performing[warn.warning] = performing
        performing.begin()

    def _hush(self, warning: str, *, how: str, last: bool = True) -> None:
        """Nothing more of it ("": of anything)."""
        for name in [name for name in self._performing if warning in ("", name)]:
            self._performing.pop(name).stop()
        self.faults += silence(self.outputs, warning, how=how, last=last)

    def _outputs_done(self, warning: str, results: tuple[OutputResult, ...]) -> None:
        self._watch(SiteProved(at=self._clock.now, code=self.site.code, results=results))
        self._receiver.done(warning, results)
        self._carry_out()

    def _tell(self, receipt: Receipt) -> None:
        self.receipts[receipt.warning] = receipt
        if self._line:
            self._report(receipt)

    def _report(self, receipt: Receipt) -> None:
        if self._line:
            # A line that was cut may deliver the older receipt last: the number says which is the newer one.
            self._told += 1
            self._line.report(json.dumps({**receipt.to_json(), "number": self._told}).encode())
