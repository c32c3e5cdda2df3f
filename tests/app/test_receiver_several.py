"""Several warnings at one receiver: none takes another's place that matters more, and each is over when it is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_receiver_silence import Now, box_with

from house import (
    ELEVEN,
    REPORT,
    SECOND,
    YONAGO,
    exercise,
    exercise_bytes,
    frame,
    plan,
    receiver,
    signed,
    with_parameters,
)
from satwarn.alert.alert import Alert, MsgType, Reference, ResponseType, Severity, Status
from satwarn.alert.purpose import Purpose
from satwarn.app.receiver_box import Box
from satwarn.app.receiver_showing import END_SHOWN_FOR
from satwarn.frame.dcx import MessageType
from satwarn.ledger.receipt import OutputResult, Proof
from satwarn.ledger.receipt import Path as Way
from satwarn.people.ports import REPLACED, STOPPED, WAS_STOPPED, Done, Performance
from satwarn.receiver.clock import Reading, Source
from satwarn.receiver.effects import End, Replaced, Warn
from satwarn.receiver.memory import Life
from satwarn.receiver.radio import Level, Radio


class Recorder:
    """An Output that notes what it is told, and reports when it is let."""

    name = "speaker"

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self._waiting: list[Done] = []

    def allowed_s(self, performance: Performance) -> float:
        return 60.0

    def begin(self, performance: Performance, *, done: Done) -> None:
        self.told.append(("begin", _word(performance.warning), performance.purpose.value, performance.how))
        self._waiting.append(done)

    def end(self, warning: str, *, how: str, last: bool) -> None:
        self.told.append(("end", _word(warning), str(how), "last" if last else "others are on"))

    def report(self) -> None:
        """Everything that was begun is proven now."""
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done(OutputResult(output=self.name, proof=Proof.PROVEN))


def _word(name: str) -> str:
    """The identifier in the name of a warning of memory."""
    parts = name.split(" ")
    return parts[2] if parts[0] == "alert" else " ".join(parts[:1])


def real(
    identifier: str, *, sent: datetime = ELEVEN, severity: Severity = Severity.EXTREME, **changes: object
) -> Alert:
    made = with_parameters(exercise(sent=sent, identifier=identifier), purpose=("real",), frame=())
    event = str(changes.pop("event", "tsunami"))
    infos = tuple(
        replace(info, event=event, severity=severity, expires=sent + timedelta(hours=1)) for info in made.infos
    )
    return replace(made, status=Status.ACTUAL, infos=infos, **changes)  # type: ignore[arg-type]


def following(*earlier: Alert) -> tuple[Reference, ...]:
    return tuple(Reference(sender=one.sender, identifier=one.identifier, sent=one.sent) for one in earlier)


def over(identifier: str, *earlier: Alert, clear: bool = False) -> Alert:
    made = replace(earlier[-1], identifier=identifier, msg_type=MsgType.CANCEL, references=following(*earlier))
    if not clear:
        return made
    infos = tuple(replace(info, response_types=(ResponseType.ALL_CLEAR,)) for info in made.infos)
    return replace(made, infos=infos)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def box(recorder: Recorder, tmp_path: Path) -> Box:
    return box_with(tmp_path, [recorder], Now())


def hear(box: Box, *alerts: Alert) -> None:
    for alert in alerts:
        box.hear_message(signed(alert), Way.GROUND)


def on_screen(box: Box) -> str:
    return _word(box.shown.warning) if box.shown else ""


def test_an_update_that_sounds_again_and_then_a_retraction_leave_nothing_on(box: Box, recorder: Recorder) -> None:
    first = real("first", severity=Severity.SEVERE)
    graver = real("graver", msg_type=MsgType.UPDATE, references=following(first))
    hear(box, first, graver)
    recorder.report()
    hear(box, over("error", first, graver))
    assert recorder.told == [
        ("begin", "first", "real", ""),
        ("begin", "graver", "real", ""),
        ("end", "first", REPLACED, "others are on"),  # after the other's begin: no machine lets go between
        ("end", "graver", "retracted", "last"),
        ("begin", "graver", "real", "retracted"),
    ]
    assert box.shown
    assert box.shown.how == Life.RETRACTED
    assert box.state()["live"] == []


def test_what_was_only_shown_and_then_sounds_is_over_as_one(box: Box, recorder: Recorder) -> None:
    first = real("first", event="landslide", severity=Severity.SEVERE)
    hear(box, first)
    assert on_screen(box) == "first"
    assert recorder.told == []  # shown only, by the rules
    graver = real("graver", event="landslide", msg_type=MsgType.UPDATE, references=following(first))
    hear(box, graver)
    assert on_screen(box) == "graver"
    hear(box, over("clear", first, graver, clear=True))
    assert recorder.told[-1] == ("begin", "graver", "real", "cleared")


def test_what_is_only_shown_takes_no_sounding_warning_from_the_screen(box: Box) -> None:
    missile = real("missile", event="missile")
    lesser = real("lesser", event="landslide", severity=Severity.SEVERE)
    hear(box, missile, lesser)
    assert on_screen(box) == "missile"
    hear(box, over("clear", missile, clear=True))
    assert on_screen(box) == "lesser"
    hear(box, over("clear-too", lesser, clear=True))
    assert box.shown
    assert box.shown.how == Life.CLEARED


def test_a_drill_waits_until_what_is_real_was_given_out(box: Box, recorder: Recorder) -> None:
    hear(box, real("missile", event="missile"))
    box.hear_message(exercise_bytes(), Way.GROUND)
    assert recorder.told == [("begin", "missile", "real", "")]
    assert on_screen(box) == "missile"
    recorder.report()
    assert recorder.told[-1] == ("begin", "exercise-1", "exercise", "")
    assert on_screen(box) == "missile"


def test_what_is_real_does_not_wait_for_a_drill(box: Box, recorder: Recorder) -> None:
    box.hear_message(exercise_bytes(), Way.GROUND)
    hear(box, real("missile", event="missile"))
    assert recorder.told == [("begin", "exercise-1", "exercise", ""), ("begin", "missile", "real", "")]
    assert on_screen(box) == "missile"


def test_a_drill_that_waits_begins_when_the_real_one_was_an_error_and_not_once_it_was_called_off(
    box: Box, recorder: Recorder
) -> None:
    missile, drill = real("missile", event="missile"), exercise()
    hear(box, missile, drill, over("no-drill", drill))
    recorder.report()
    assert ("begin", "exercise-1", "exercise", "") not in recorder.told
    (told,) = (one for name, one in box.receipts.items() if "exercise-1" in name)
    assert [result.detail for result in told.outputs] == [WAS_STOPPED]
    again = replace(drill, identifier="exercise-2")
    missile_again = real("missile-2", event="missile")
    hear(box, over("error", missile), missile_again, again, over("error-too", missile_again))
    recorder.report()
    assert recorder.told[-1] == ("begin", "exercise-2", "exercise", "")


def test_a_drill_that_is_on_silences_no_real_all_clear(box: Box, recorder: Recorder) -> None:
    box.hear_message(exercise_bytes(), Way.GROUND)
    missile = real("missile", event="missile")
    hear(box, missile)
    recorder.report()
    hear(box, over("clear", missile, clear=True))
    assert recorder.told[-2:] == [
        ("end", "missile", "cleared", "others are on"),
        ("begin", "missile", "real", "cleared"),
    ]


def test_an_audible_test_that_ends_does_not_end_the_warning_that_came_meanwhile(box: Box, recorder: Recorder) -> None:
    assert box.audible_test("fitter") == "tested"
    assert on_screen(box).startswith("test")
    hear(box, real("missile", event="missile"))
    assert on_screen(box) == "missile"
    recorder.report()
    assert ("end", "", STOPPED, "last") not in recorder.told
    assert [one for one in recorder.told if one[0] == "end"] == [("end", "test", STOPPED, "others are on")]
    assert on_screen(box) == "missile"


def test_a_graver_frame_takes_the_place_of_the_one_before() -> None:
    """By frames alone, where nothing is signed."""
    machine = receiver(YONAGO)
    machine.hear_radio(Radio(at=ELEVEN, jamming=Level.NONE, spoofing=Level.NONE))
    said = replace(REPORT, message=MessageType.ALERT, hazard=8, instruction=128, onset=ELEVEN)
    for severity in (1, 3):
        machine.hear_frame(frame(replace(said, severity=severity)), satellite=184, now=ELEVEN + severity * SECOND)
    first, graver = sorted(machine.memory.warnings.values(), key=lambda one: one.begun_at)
    effects = [effect for effect in machine.effects() if isinstance(effect, Warn | Replaced)]
    assert effects[1:] == [effects[1], Replaced(warning=first.name)]
    assert [effect.warning for effect in effects] == [first.name, graver.name, first.name]
    assert (first.life, graver.life) == (Life.REPLACED, Life.LIVE)


def test_a_drill_by_a_frame_alone_is_over_when_its_window_is() -> None:
    """A site with nothing but the satellite: nobody signs an end, and none is needed."""
    machine = receiver(YONAGO)
    machine.hear_message(plan(), path=Way.MULTICAST, now=ELEVEN)
    machine.hear_frame(frame(), satellite=184, now=ELEVEN + SECOND)
    (armed,) = machine.memory.plans
    (warned,) = machine.memory.live()
    machine.effects()
    machine.tick(now=armed.armed_until)
    (end,) = (effect for effect in machine.effects() if isinstance(effect, End))
    assert (end.warning, end.how, end.audible, end.purpose) == (warned.name, Life.OVER, False, Purpose.EXERCISE)
    assert not machine.memory.warnings


def test_what_ran_out_while_nobody_looked_is_ended_all_the_same() -> None:
    """A machine that was suspended for days, a clock that was put right: the outputs are told."""
    machine = receiver(YONAGO)
    machine.hear_message(signed(real("missile", event="missile")), path=Way.GROUND, now=ELEVEN)
    machine.effects()
    machine.tick(now=ELEVEN + timedelta(days=30))
    assert [effect.how for effect in machine.effects() if isinstance(effect, End)] == [Life.UNKNOWN]
    assert not machine.memory.warnings


def test_how_the_last_one_ended_is_not_shown_for_ever(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    missile = real("missile", event="missile")
    hear(box, missile, over("error", missile))
    assert box.shown
    later = Reading(now=ELEVEN + END_SHOWN_FOR + timedelta(minutes=1), source=Source.HOST, error_s=0.0)
    monkeypatch.setattr(box, "_clock", lambda: later)
    assert box.shown is None
