"""The box itself: carries out what its machine asks, keeps what must outlast the power, and knows what is wrong."""

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from satwarn.adapters.memory import MemoryThread
from satwarn.alert.purpose import Purpose
from satwarn.alert.seal import Trust
from satwarn.app.performing import Performing, Timer, silence
from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.app.receiver_showing import Showing
from satwarn.app.receiver_test import Check
from satwarn.app.receiver_words import words_of, words_of_end
from satwarn.errors import BadMessage
from satwarn.hub.ports import Line
from satwarn.ledger.receipt import Act, OutputResult, Path, Proof, Receipt
from satwarn.people.danger import say
from satwarn.people.ports import REPLACED, STOPPED, WAS_STOPPED, Output, Performance
from satwarn.people.screen import screen
from satwarn.receiver import keeping
from satwarn.receiver.clock import Reading
from satwarn.receiver.effects import Effect, End, Fault, Hush, Isolate, Keep, Log, Refine, Replaced, Show, Tell, Warn
from satwarn.receiver.information import informations, of_hazard
from satwarn.receiver.jma import regions_of
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Life, Memory
from satwarn.receiver.radio import Radio

EVENTS_SHOWN = 200
FAULT_SHOWN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, for the status page."""

    at: datetime
    kind: str
    what: str


class Box:
    """A receiver's machine and everything around it but the inputs, which call `hear_*`."""

    def __init__(
        self,
        settings: ReceiverSettings,
        *,
        outputs: Sequence[Output],
        timer: Timer,
        clock: Callable[[], Reading],
        memory: MemoryThread,
        shadow: bool = False,
    ) -> None:
        self.settings, self.outputs, self._timer, self._clock = settings, tuple(outputs), timer, clock
        self._memory_file, self.shadow = memory, shadow
        self.trust = settings.trust
        self.events: deque[Event] = deque(maxlen=EVENTS_SHOWN)
        self.standing: dict[str, str] = {}  # faults that stand until they are gone, by code
        self.passing: dict[str, tuple[datetime, str]] = {}  # faults that were met, by code
        self.checks: dict[str, Check] = {}  # the newest of each thing the self-test looks at
        self.receipts: dict[str, Receipt] = {}
        self.line: Line | None = None
        self._effects: deque[Effect] = deque()
        self._acting = self._isolated = False
        self._showing = Showing()
        self._performing: dict[str, Performing] = {}
        self._waiting: dict[str, Performing] = {}  # drills and tests, until what is real has been given out
        self._said: dict[str, Warn | Show] = {}  # what each warning that is on is said by
        self.machine = Receiver(settings.site, self.trust, memory=self._recall(), policy=settings.policy)
        maintenance = self.machine.memory.maintenance
        self._isolated = maintenance is not None and self.now < maintenance.until

    @property
    def now(self) -> datetime:
        """The time believed."""
        return self._clock().now

    @property
    def results(self) -> dict[str, OutputResult]:
        """What came of each output when it was last used, before a restart too."""
        known = self.machine.memory.outputs
        return {output.name: known[output.name] for output in self.outputs if output.name in known}

    @property
    def shown(self) -> Performance | None:
        """What the screen shows now."""
        return None if self._isolated or self.shadow else self._showing.at(self.now)

    def warm(self) -> None:
        """Read every table and template now, so that the first warning does not wait for them."""
        regions_of(self.settings.site.code)
        informations()
        of_hazard(0)
        said = say("other", label="exercise", languages=self.settings.languages)
        drill = Performance(
            warning="", site=self.settings.site.code, purpose=Purpose.EXERCISE, announcements=said, at=self.now
        )
        screen(drill).page()

    # ── hearing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def hear_frame(self, frame: bytes, satellite: int) -> None:
        """A frame from the air."""
        self._judge(lambda now: self.machine.hear_frame(frame, satellite=satellite, now=now))

    def hear_message(self, message: bytes, path: Path) -> None:
        """A signed message."""
        self._judge(lambda now: self.machine.hear_message(message, path=path, now=now))

    def believe(self, trust: Trust) -> None:
        """Believe these from the next message on, and nobody else."""
        self.trust = trust
        self.machine.believe(trust)

    def hear_radio(self, radio: Radio | None) -> None:
        """What the radio tells of itself; None while it has told nothing."""
        self.machine.hear_radio(radio)

    def tick(self) -> None:
        """Time has passed."""
        self._judge(lambda now: self.machine.tick(now=now))
        known = self.machine.memory.warnings
        self.receipts = {name: receipt for name, receipt in self.receipts.items() if name in known}

    def stop(self, by: str) -> None:
        """Local stop."""
        self._judge(lambda now: self.machine.stop(by=by, now=now))

    @property
    def is_on(self) -> bool:
        """Whether there is anything a local stop would silence."""
        live = self.machine.memory.live()
        return bool(self._performing) or any(one.act is Act.SOUNDED and not one.stopped for one in live)

    def begin_maintenance(self, by: str, minutes: int) -> None:
        """Isolate every output for that long."""
        self._judge(lambda now: self.machine.begin_maintenance(by=by, until=now + timedelta(minutes=minutes), now=now))

    def leave_maintenance(self, by: str) -> bool:
        """Turn one of the two keys."""
        left: list[bool] = []
        self._judge(lambda now: left.append(self.machine.leave_maintenance(by=by, now=now)))
        return left[0]

    def audible_test(self, by: str) -> str:
        """A technical test on every output, on demand, labelled; not in a maintenance nor while a warning is on.

        What is told comes back as a key of people/tables/hand.csv.
        """
        if self._isolated or self.shadow:
            return "test-isolated"
        if any(one.act is Act.SOUNDED for one in self.machine.memory.live()):
            return "test-warning"
        self.note("test", f"an audible test by {by}")
        test = Performance(
            warning=f"test by {by} at {self.now.isoformat()}",
            site=self.settings.site.code,
            purpose=Purpose.TECHNICAL_TEST,
            announcements=say("system-test", label="technical-test", languages=self.settings.languages),
            at=self.now,
        )
        self._showing.test = test
        self._perform(test, self._outputs(), partial(self._tested, test.warning))
        return "tested"

    def _tested(self, test: str, results: tuple[OutputResult, ...]) -> None:
        self._showing.test = None
        self._hush(test, how=STOPPED, last=not self._showing.sounding())
        for result in results:
            self.note("test", f"{result.output}: {result.proof} {result.detail}".rstrip())
        self._judge(lambda now: self.machine.used(self._telling(results)))

    def _judge(self, hear: Callable[[datetime], None]) -> None:
        reading = self._clock()
        self.machine.hear_clock(reading.why)
        hear(reading.now)
        self._effects += self.machine.effects()
        if self._acting:  # an output that answers at once: what it brought about comes after what is being done
            return
        self._acting = True
        try:
            while self._effects:
                self._do_safely(self._effects.popleft())
        finally:
            self._acting = False

    # ── doing ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _do_safely(self, effect: Effect) -> None:
        try:
            self._do(effect)
        except Exception as error:  # noqa: BLE001 - what comes after it, a siren perhaps, is done all the same
            self.fault("inside", f"{type(effect).__name__}: {type(error).__name__}: {error}; please report it")

    def _do(self, effect: Effect) -> None:
        match effect:
            case Keep():
                self._keep(effect.memory)
            case Warn():
                self._warn(effect)
            case Show():
                self._show(effect)
            case End():
                self._end(effect)
            case Replaced():
                self._timer.after(0, partial(self._give_way, effect.warning))
            case Hush():
                self._hush("", how=STOPPED)
                self.note("stop", effect.why)
            case Isolate():
                self._isolated = effect.maintenance is not None
                self.note(
                    "maintenance", f"until {effect.maintenance.until:%H:%M} UTC" if effect.maintenance else "over"
                )
            case Refine():
                self._refine(effect)
            case Fault():
                self.fault(effect.code, effect.what)
            case Log():
                self.note("log", effect.what)
            case Tell():
                self._tell(effect.receipt)

    def _keep(self, memory: Memory) -> None:
        try:
            self._memory_file.keep(partial(keeping.to_json, memory))
            self.standing.pop("memory", None)
        except OSError as error:  # a full disk must not cost the alarm
            self.standing["memory"] = f"the memory cannot be kept: {error}"

    def kept(self) -> str | None:
        """The memory as it stands on disk; BadMessage where it is damaged."""
        return self._memory_file.read()

    def _recall(self) -> Memory:
        try:
            kept = self._memory_file.read()
            return keeping.from_json(kept) if kept else Memory()
        except BadMessage as error:
            self._memory_file.set_aside()
            self.fault("memory", f"{error.what}: started without it")
            return Memory()

    def _warn(self, warn: Warn) -> None:
        """Give a warning out, on every output at once."""
        said = words_of(warn, self.settings.languages)
        self._said[warn.warning] = warn
        performance = Performance(
            warning=warn.warning,
            site=self.settings.site.code,
            purpose=warn.purpose,
            announcements=said,
            at=warn.at,
            information=warn.information,
            severity=warn.severity,
        )
        self._showing.put(performance, sounded=True)
        self.note("warn", f"{warn.purpose}: {said[0].headline if said else warn.information} (by {warn.path})")
        self._perform(performance, self._outputs(), partial(self._done, warn.warning))

    def _outputs(self) -> list[Output]:
        """The outputs that may act: none of them in a maintenance or a shadow, whatever anybody asks."""
        return [] if self._isolated or self.shadow else list(self.outputs)

    def _perform(
        self, performance: Performance, outputs: Sequence[Output], finish: Callable[[tuple[OutputResult, ...]], None]
    ) -> None:
        """Begin on every output; a drill or a test never cuts off what is real, and waits until that was given out."""
        performing = Performing(
            outputs, performance, clock=self._timer, finish=partial(self._performed, performance.warning, finish)
        )
        if not performing.is_real and any(one.is_real for one in self._performing.values()):
            self._waiting[performing.warning] = performing
        else:
            self._begin(performing)

    def _begin(self, performing: Performing) -> None:
        self._performing[performing.warning] = performing
        performing.begin()

    def _performed(
        self,
        warning: str,
        finish: Callable[[tuple[OutputResult, ...]], None],
        results: tuple[OutputResult, ...],
    ) -> None:
        self._performing.pop(warning, None)
        finish(results)
        self._let_wait_no_more()

    def _let_wait_no_more(self) -> None:
        while self._waiting and not any(one.is_real for one in self._performing.values()):
            self._begin(self._waiting.pop(next(iter(self._waiting))))

    def _done(self, warning: str, results: tuple[OutputResult, ...]) -> None:
        for result in results:
            self.note("output", f"{result.output}: {result.proof} {result.detail}".rstrip())
        self._judge(lambda now: self._finish(warning, results))

    def _finish(self, warning: str, results: tuple[OutputResult, ...]) -> None:
        self.machine.done(warning, results)
        self.machine.used(self._telling(results))

    def _telling(self, results: tuple[OutputResult, ...]) -> tuple[OutputResult, ...]:
        """What says how an output is: that it was stopped by hand mends no failure."""
        failed = {name for name, known in self.results.items() if known.proof is Proof.FAILED}
        return tuple(one for one in results if one.detail != WAS_STOPPED or one.output not in failed)

    def _show(self, show: Show) -> None:
        self.note("show", f"{show.information}: {show.why}")
        if self._isolated or self.shadow:
            return
        self._said[show.warning] = show
        performance = Performance(
            warning=show.warning,
            site=self.settings.site.code,
            purpose=show.purpose,
            announcements=words_of(show, self.settings.languages),
            at=self.now,
        )
        self._showing.put(performance, sounded=False)

    def _refine(self, refine: Refine) -> None:
        """Say the same warning better where it is shown; nothing sounds."""
        self.note("update", refine.warning)
        said, known = self._said.get(refine.warning), self._showing.of(refine.warning)
        if said is None or known is None:
            return
        said = replace(said, infos=refine.infos or said.infos, text=refine.text or said.text)
        self._said[refine.warning] = said
        better = replace(known[1], announcements=words_of(said, self.settings.languages), at=refine.at)
        self._showing.put(better, sounded=known[0])
        for output in self.outputs:
            if callable(show := getattr(output, "refine", None)):
                show(better)

    def _give_way(self, warning: str) -> None:
        """Another warning has begun in its place: outputs are told once that one is on, so that no machine lets go."""
        self._said.pop(warning, None)
        self._showing.drop(warning)
        self._hush(warning, how=REPLACED, last=not self._showing.sounding())

    def _end(self, end: End) -> None:
        self.note("end", f"{end.warning}: {end.how}")
        self._said.pop(end.warning, None)
        over = Performance(
            warning=f"{end.warning} {end.how}",
            site=self.settings.site.code,
            purpose=end.purpose,
            announcements=words_of_end(end, self.settings.languages) if end.how is not Life.OVER else (),
            at=end.at,
            information=end.information,
            how=end.how,
        )
        self._showing.drop(end.warning, over=over if over.announcements else None)
        self._hush(end.warning, how=end.how, last=not self._showing.sounding())
        # Another warning still on is not to be taken for over; a drill that is on silences no real all-clear.
        if end.audible and not self._showing.sounding(real=end.purpose is Purpose.REAL):
            self._perform(over, self._outputs(), self._ended)
        self._let_wait_no_more()

    def _ended(self, results: tuple[OutputResult, ...]) -> None:
        for result in results:
            self.note("output", f"{result.output}: end {result.proof} {result.detail}".rstrip())

    def _hush(self, warning: str, *, how: str, last: bool = True) -> None:
        """Nothing more of it ("": of anything): neither what sounds nor what was about to."""
        for name in [name for name in self._waiting if warning in ("", name)]:
            waiting = self._waiting.pop(name)
            waiting.stop()
            waiting.begin()  # each output reports that it was stopped
        for name in [name for name in self._performing if warning in ("", name)]:
            self._performing.pop(name).stop()
        for wrong in silence(self.outputs, warning, how=how, last=last):
            self.fault("stop", wrong)

    def _tell(self, receipt: Receipt) -> None:
        told = replace(receipt, why=f"shadow: {receipt.why}") if self.shadow else receipt
        self.receipts[receipt.warning] = told
        if self.line:
            self.line.report(json.dumps(told.to_json(), ensure_ascii=False).encode())

    # ── knowing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def note(self, kind: str, what: str) -> None:
        """Something happened."""
        self.events.append(Event(at=self.now, kind=kind, what=what))

    def fault(self, code: str, what: str) -> None:
        """Something is wrong that somebody must know."""
        self.passing[code] = (self.now, what)
        self.events.append(Event(at=self.now, kind="fault", what=f"{code}: {what}"))

    def checked(self, found: Sequence[Check]) -> None:
        """What the self-test found; what was a fault before, and is none now, is noted."""
        for one in found:
            known = self.checks.get(one.name)
            if one.good is False and (known is None or known.good is not False):
                self.note("fault", f"{one.name}: {one.what}")
            if one.good is not False and known is not None and known.good is False:
                self.note("log", f"{one.name}: {one.what}, after {known.what}")
            self.checks[one.name] = one

    def faults(self) -> dict[str, str]:
        """What is wrong now: what stands, what the self-test found, what was met within a day, and outputs that failed
        last time."""
        recent = {code: what for code, (at, what) in self.passing.items() if self.now - at < FAULT_SHOWN_FOR}
        failed = {
            f"output {name}": f"{result.detail}; {result.next_step}"
            for name, result in self.results.items()
            if result.proof is Proof.FAILED and result.detail != WAS_STOPPED
        }
        found = {one.name: one.what for one in self.checks.values() if one.good is False}
        return {**recent, **failed, **found, **self.standing}

    def state(self) -> dict[str, Any]:
        """Everything the status page, `receiver status` and the hub are told."""
        reading, memory = self._clock(), self.machine.memory
        return {
            "site": self.settings.site.code,
            "name": self.settings.name,
            "now": reading.now.isoformat(),
            "clock": {"source": reading.source.value, "doubt": reading.why},
            "shadow": self.shadow,
            "maintenance": (
                {"by": memory.maintenance.by, "until": memory.maintenance.until.isoformat()}
                if memory.maintenance and self._isolated
                else None
            ),
            "live": [
                {
                    "warning": one.name,
                    "information": one.information,
                    "act": one.act.value,
                    "why": one.why,
                    "first_path": one.first_path.value,
                }
                for one in memory.live()
            ],
            "outputs": {
                output.name: self.results[output.name].proof.value if output.name in self.results else "not yet used"
                for output in self.outputs
            },
            "self_test": [check.to_json() for check in self.checks.values()],
            "noise": self.machine.noise,
            "faults": self.faults(),
        }
