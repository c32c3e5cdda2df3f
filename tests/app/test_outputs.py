"""Outputs side by side: each with its proof or its cause, none waiting for another."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from performances import Murmur, performance, studio
from satwarn.adapters.clock import VirtualClock
from satwarn.adapters.device.simulated import WAYS
from satwarn.adapters.device.speaker import WavSink
from satwarn.adapters.device.threaded import InThread
from satwarn.app.outputs import Fitter
from satwarn.app.performing import Performing
from satwarn.drill import scenario as scenarios
from satwarn.drill.due import OUTPUTS, due_sites
from satwarn.drill.fault import faults
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.hearing import judge_sound
from satwarn.people.ports import UNPROVEN_STEP, Done, Output, Performance, ProvingOutput, Trouble
from satwarn.people.programme import Studio
from satwarn.people.signal import signals
from satwarn.people.sound import Samples

START = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
PERFORMANCE = performance("ja", "en")
STUDIO = studio("ja", "en")
YONAGO = next(due for due in due_sites(scenarios.load("japan-2017-08-18")) if due.code == "31202")


@dataclass
class Fake:
    """An output that does what a test wants."""

    name: str
    act: Callable[[Done], None]
    clock: VirtualClock

    def allowed_s(self, performance: Performance) -> float:
        return 10.0

    def begin(self, performance: Performance, *, done: Done) -> None:
        self.act(done)


def proven(name: str) -> OutputResult:
    return OutputResult(output=name, proof=Proof.PROVEN)


def perform(clock: VirtualClock, outputs: list[Output]) -> list[tuple[datetime, tuple[OutputResult, ...]]]:
    finished: list[tuple[datetime, tuple[OutputResult, ...]]] = []
    Performing(outputs, PERFORMANCE, clock=clock, finish=lambda results: finished.append((clock.now, results))).begin()
    clock.run_until(START + timedelta(minutes=10))
    return finished


def test_one_that_hangs_and_one_that_dies_delay_nobody() -> None:
    clock = VirtualClock(START)
    came: dict[str, datetime] = {}

    def good(done: Done) -> None:
        clock.after(1, lambda: (came.__setitem__("good", clock.now), done(proven("good")))[0])

    def dies(done: Done) -> None:
        raise OSError("no such device")

    outputs: list[Output] = [
        Fake("hangs", lambda done: None, clock),
        Fake("dies", dies, clock),
        Fake("good", good, clock),
    ]
    ((at, results),) = perform(clock, outputs)
    assert came["good"] == START + timedelta(seconds=1)
    assert at == START + timedelta(seconds=10)
    assert [(result.output, result.proof, result.cause) for result in results] == [
        ("hangs", Proof.FAILED, Cause.LATE),
        ("dies", Proof.FAILED, Cause.DEVICE),
        ("good", Proof.PROVEN, Cause.NONE),
    ]
    assert "no such device" in results[1].detail
    assert all(result.next_step for result in results[:2])


def test_what_comes_after_it_was_called_late_changes_nothing() -> None:
    clock = VirtualClock(START)
    slow = Fake("slow", lambda done: clock.after(60, lambda: done(proven("slow"))), clock)
    ((_, results),) = perform(clock, [slow])
    assert results[0].cause is Cause.LATE


def test_a_device_that_answers_twice_counts_once() -> None:
    clock = VirtualClock(START)
    twice = Fake("twice", lambda done: (done(proven("twice")), done(proven("twice")))[0], clock)
    slow = Fake("slow", lambda done: clock.after(2, lambda: done(proven("slow"))), clock)
    assert len(perform(clock, [twice, slow])) == 1


def test_a_site_without_outputs_is_done_at_once() -> None:
    assert perform(VirtualClock(START), []) == [(START, ())]


def test_nobody_at_the_far_end_is_unproven_and_says_what_to_do() -> None:
    clock = VirtualClock(START)

    class Deaf:
        def carry(self, meant: str, *, came_out: Callable[[str | Trouble | None], None]) -> None:
            came_out(None)

    output = ProvingOutput(
        name="speaker", mean=lambda p: "words", carrier=Deaf(), judge=lambda meant, far: None, lasts_s=lambda p: 1.0
    )
    ((_, (result,)),) = perform(clock, [output])
    assert (result.proof, result.cause, result.next_step) == (Proof.UNPROVEN, Cause.UNPROVEN, UNPROVEN_STEP)


def test_every_fault_of_the_table_has_a_device_that_has_it_and_no_other() -> None:
    assert {name for ways in WAYS.values() for name in ways if name} == set(faults())
    assert all(name in WAYS[fault.output] for name, fault in faults().items())
    assert all(set(outputs) <= set(WAYS) for outputs in OUTPUTS.values())


def test_devices_without_a_fault_are_proven() -> None:
    clock = VirtualClock(START)
    ((_, results),) = perform(clock, list(Fitter(clock, STUDIO, {}).outputs(YONAGO)))
    assert [(result.output, result.proof) for result in results] == [(name, Proof.PROVEN) for name in YONAGO.outputs]


CAUSES = {
    "mail-garbled": Cause.CHARSET,
    "mail-mislabelled": Cause.CHARSET,
    "mail-not-sent": Cause.PATH,
    "mail-server-dead": Cause.PATH,
    "screen-garbled": Cause.CHARSET,
    "relay-without-power": Cause.POWER,
    **{name: Cause.LATE for name in faults() if name.endswith("-hangs")},
}


@pytest.mark.parametrize("name", faults())
def test_each_fault_is_found_and_only_it(name: str) -> None:
    clock, output = VirtualClock(START), faults()[name].output
    ((_, results),) = perform(clock, list(Fitter(clock, STUDIO, {("31202", output): name}).outputs(YONAGO)))
    found = [result for result in results if result.proof is not Proof.PROVEN]
    assert [result.output for result in found] == [output]
    assert found[0].cause is CAUSES.get(name, Cause.DEVICE)
    assert found[0].detail
    assert found[0].next_step


def test_a_blocking_device_answers_from_its_own_thread() -> None:
    answered, answers = threading.Event(), []

    def take(far: str | Trouble | None) -> None:
        answers.append(far)
        answered.set()

    InThread(way=lambda meant: meant.upper()).carry("words", came_out=take)
    assert answered.wait(5)
    assert answers == ["WORDS"]


def test_a_blocking_device_that_dies_is_told_of() -> None:
    answered, answers = threading.Event(), []

    def take(far: str | Trouble | None) -> None:
        answers.append(far)
        answered.set()

    def way(meant: str) -> str:
        raise RuntimeError("driver lost")

    InThread(way=way).carry("words", came_out=take)
    assert answered.wait(5)
    assert answers[0].cause is Cause.DEVICE
    assert "driver lost" in answers[0].detail


def test_a_voice_that_hangs_holds_up_nothing_but_its_own_loudspeaker(tmp_path: Path) -> None:
    well, shown, heard = threading.Event(), threading.Event(), threading.Event()

    class Stuck(Murmur):
        def speak(self, language: str, text: str) -> Samples | None:
            assert well.wait(20)
            return super().speak(language, text)

    one = Studio(voice=Stuck("ja", "en"), signals=signals())
    # A real loudspeaker renders in its own thread: what it is given is the performance, not the samples.
    speaker = ProvingOutput(
        name="speaker",
        mean=lambda performance: performance,
        carrier=InThread(way=lambda meant: WavSink(file=tmp_path / "drill.wav").play(one.programme(meant))),
        judge=lambda meant, far: judge_sound(one.programme(meant), far),
        lasts_s=lambda performance: 60.0,
    )
    clock = VirtualClock(START)
    (display,) = Fitter(clock, STUDIO, {}).fit(["screen"], "31202")
    speaker.begin(PERFORMANCE, done=lambda result: heard.set())
    display.begin(PERFORMANCE, done=lambda result: shown.set())
    clock.run_until(START + timedelta(seconds=5))
    assert shown.is_set()
    assert not heard.is_set()
    well.set()
    assert heard.wait(20)


def test_a_real_device_is_plugged_in_the_same_way(tmp_path: Path) -> None:
    finished = threading.Event()
    results: list[OutputResult] = []

    def finish(result: OutputResult) -> None:
        results.append(result)
        finished.set()

    speaker = ProvingOutput(
        name="speaker",
        mean=STUDIO.programme,
        carrier=InThread(way=WavSink(file=tmp_path / "drill.wav").play),
        judge=judge_sound,
        lasts_s=lambda performance: 60.0,
    )
    speaker.begin(PERFORMANCE, done=finish)
    assert finished.wait(20)
    assert results[0].proof is Proof.PROVEN
    assert (tmp_path / "drill.wav").stat().st_size > 100_000
