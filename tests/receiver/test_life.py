"""The life of a signed warning at a site: updates, ends, order, certificates, clocks, maintenance."""

from dataclasses import replace
from datetime import timedelta
from typing import TypeGuard

import pytest

from house import (
    ELEVEN,
    REPORT,
    SECOND,
    SENDER,
    exercise,
    exercise_bytes,
    frame,
    key,
    receiver,
    signed,
    warns,
    with_parameters,
)
from satwarn.alert.alert import Alert, Info, MsgType, Named, Reference, ResponseType, Severity, Status
from satwarn.alert.plan import DrillPlan, plan_alert
from satwarn.alert.seal import Trust
from satwarn.errors import BadAlert, NotAllowed
from satwarn.frame import payload_of
from satwarn.frame.dcx import MessageType
from satwarn.ledger.receipt import Act, OutputResult, Path, Proof
from satwarn.receiver import keeping
from satwarn.receiver.clock import Clock, Source
from satwarn.receiver.effects import Effect, End, Fault, Hush, Isolate, Refine
from satwarn.receiver.information import Wish
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Life, Memory
from satwarn.receiver.policy import Policy
from satwarn.receiver.radio import Level, Radio

HOUR = timedelta(hours=1)


def real(
    *, identifier: str = "real-1", code: str = "31202", severity: Severity = Severity.EXTREME, **changes: object
) -> Alert:
    made = exercise(identifier=identifier, status=Status.ACTUAL, **changes)
    area = replace(made.infos[0].areas[0], polygons=(), geocodes=(Named(value_name="JISX0402", value=code),))
    infos = tuple(_info(info, area, severity) for info in made.infos)
    return with_parameters(replace(made, infos=infos), purpose=("real",), frame=())


def _info(info: Info, area: object, severity: Severity) -> Info:
    return replace(info, areas=(area,), severity=severity, expires=ELEVEN + HOUR, event="missile")


def following(
    alert: Alert, *, identifier: str, kind: MsgType, seconds: int = 60, clear: bool = False, **changes: object
) -> Alert:
    reference = Reference(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)
    infos = tuple(replace(info, response_types=(ResponseType.ALL_CLEAR,) if clear else ()) for info in alert.infos)
    made = replace(
        alert,
        identifier=identifier,
        msg_type=kind,
        sent=alert.sent + timedelta(seconds=seconds),
        references=(reference,),
        infos=infos,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def hears(box: Receiver, alert: Alert, *, after_s: int = 61) -> list[Effect]:
    box.hear_message(signed(alert), path=Path.GROUND, now=ELEVEN + after_s * SECOND)
    return box.effects()


def ends(effects: list[Effect]) -> list[Life]:
    return [effect.how for effect in effects if isinstance(effect, End)]


def faults(effects: list[Effect]) -> list[str]:
    return [effect.code for effect in effects if isinstance(effect, Fault)]


@pytest.mark.parametrize(("clear", "how"), [(False, Life.RETRACTED), (True, Life.CLEARED)])
def test_sent_in_error_and_danger_over_are_two_things(clear: bool, how: Life) -> None:
    box = receiver()
    assert len(warns(hears(box, real()))) == 1
    end = following(real(), identifier="end", kind=MsgType.CANCEL, clear=clear)
    assert ends(hears(box, end)) == [how]
    assert warns(hears(box, real())) == []


@pytest.mark.parametrize("severity", [Severity.SEVERE, Severity.EXTREME])
def test_an_update_of_what_was_ended_is_a_fault_and_no_sound_however_grave(severity: Severity) -> None:
    box = receiver()
    first = real(severity=Severity.SEVERE)
    assert len(warns(hears(box, first))) == 1
    hears(box, following(first, identifier="end", kind=MsgType.CANCEL))
    graver = following(real(severity=severity), identifier="late", kind=MsgType.UPDATE, seconds=90)
    effects = hears(box, graver, after_s=91)
    assert warns(effects) == []
    assert not any(isinstance(effect, Refine) for effect in effects)
    assert faults(effects) == ["after-end"]
    assert warns(hears(box, graver, after_s=92)) == []
    assert box.memory.live() == ()


def test_an_end_that_comes_first_keeps_what_it_ends_silent() -> None:
    box = receiver()
    assert ends(hears(box, following(real(), identifier="end", kind=MsgType.CANCEL))) == []
    assert warns(hears(box, real())) == []


def test_an_end_is_heard_however_late_it_comes() -> None:
    box = receiver()
    lasting = tuple(replace(info, expires=ELEVEN + 9 * HOUR) for info in real().infos)
    hears(box, replace(real(), infos=lasting))
    end = following(real(), identifier="end", kind=MsgType.CANCEL, clear=True)
    assert ends(hears(box, end, after_s=2 * 3600)) == [Life.CLEARED]  # it says that it expired an hour ago


def test_what_seems_to_have_expired_by_a_clock_in_doubt_is_a_fault_once() -> None:
    box = receiver()
    assert faults(hears(box, real(identifier="old"), after_s=2 * 3600)) == []
    box.hear_clock("nothing confirms the clock")
    told = [faults(hears(box, real(), after_s=2 * 3600 + number)) for number in range(2)]
    assert told == [["clock"], []]


def test_a_cancel_by_somebody_else_ends_nothing() -> None:
    box = receiver()
    hears(box, real())
    reference = Reference(sender="other@satwarn.example", identifier="real-1", sent=ELEVEN)
    strange = following(real(), identifier="end", kind=MsgType.CANCEL, references=(reference,))
    assert faults(hears(box, strange)) == ["cancel"]
    assert len(box.memory.live()) == 1


def test_a_drill_s_cancel_never_ends_what_is_real() -> None:
    box = receiver()
    hears(box, real())
    drill = with_parameters(
        following(real(), identifier="end", kind=MsgType.CANCEL, status=Status.EXERCISE), purpose=("exercise",)
    )
    assert ends(hears(box, drill)) == []
    assert [one.name for one in box.memory.live()] != []


def test_an_older_update_that_comes_late_changes_nothing() -> None:
    box = receiver()
    hears(box, real())
    newer = following(real(), identifier="u2", kind=MsgType.UPDATE, seconds=120)
    older = following(real(code="01100"), identifier="u1", kind=MsgType.UPDATE, seconds=60)
    hears(box, newer, after_s=121)
    effects = hears(box, older, after_s=122)
    assert [one for one in effects if isinstance(one, (Refine, End))] == []
    assert [(one.identifier, one.sent) for one in box.memory.live()] == [("u2", newer.sent)]


def test_an_update_refines_in_silence_sounds_where_it_is_new_and_leaves_where_it_left() -> None:
    box = receiver()
    assert len(warns(hears(box, real()))) == 1
    better = following(real(), identifier="u1", kind=MsgType.UPDATE)
    effects = hears(box, better)
    assert warns(effects) == []
    assert [type(one) for one in effects if isinstance(one, Refine)] == [Refine]
    elsewhere = following(real(code="01100"), identifier="u2", kind=MsgType.UPDATE, seconds=120)
    assert ends(hears(box, elsewhere, after_s=121)) == [Life.LEFT]
    there = receiver("01100")
    assert warns(hears(there, real())) == []
    assert len(warns(hears(there, elsewhere, after_s=121))) == 1


def test_a_graver_update_sounds_again() -> None:
    box = receiver()
    assert len(warns(hears(box, real(severity=Severity.SEVERE)))) == 1
    graver = following(real(severity=Severity.EXTREME), identifier="u1", kind=MsgType.UPDATE)
    assert len(warns(hears(box, graver))) == 1


def test_an_original_that_comes_after_its_update_does_not_sound_again() -> None:
    box = receiver()
    assert len(warns(hears(box, following(real(), identifier="u1", kind=MsgType.UPDATE)))) == 1
    assert warns(hears(box, real())) == []


def test_a_real_warning_that_runs_out_is_status_unknown_and_a_drill_is_merely_over() -> None:
    box = receiver()
    hears(box, real())
    box.hear_message(exercise_bytes(), path=Path.GROUND, now=ELEVEN + SECOND)
    box.effects()
    box.tick(now=ELEVEN + 2 * HOUR)
    effects = box.effects()
    assert set(ends(effects)) == {Life.UNKNOWN, Life.OVER}
    assert [one.audible for one in effects if isinstance(one, End)] == [False, False]


def test_an_expired_certificate_does_not_silence_an_extreme_alert_and_is_a_fault() -> None:
    late = ELEVEN + timedelta(days=400)
    for severity, act in ((Severity.EXTREME, Act.SOUNDED), (Severity.SEVERE, Act.SHOWN)):
        alert = real(severity=severity, sent=late)
        infos = tuple(replace(info, expires=late + HOUR, onset=late) for info in alert.infos)
        box = receiver()
        box.hear_message(signed(replace(alert, infos=infos)), path=Path.GROUND, now=late + SECOND)
        assert "certificate" in faults(box.effects())
        assert [one.act for one in box.memory.warnings.values()] == [act]
    assert key().certificate_pem


@pytest.mark.parametrize(("days", "armed"), [(0, 1), (400, 0)])
def test_a_plan_under_an_expired_certificate_arms_nothing(days: int, armed: int) -> None:
    """An alert must not be silenced by a date; a drill may wait until somebody has renewed it."""
    at = ELEVEN + timedelta(days=days)
    window = DrillPlan(drill="later", armed_from=at, armed_until=at + HOUR, payloads=("00" * 29,))
    areas = exercise().infos[0].areas
    made = plan_alert(window, identifier="plan", sender=SENDER, sent=at, areas=areas, note="Arms receivers.")
    box = receiver()
    box.hear_message(signed(made), path=Path.GROUND, now=at + SECOND)
    assert len(box.memory.plans) == armed


def test_what_cannot_be_verified_is_said_and_nothing_is_called_clear() -> None:
    box = receiver()
    hears(box, real())
    broken = signed(real(identifier="x")).replace(b"Extreme", b"Minor!!")
    box.hear_message(broken, path=Path.GROUND, now=ELEVEN + 2 * SECOND)
    effects = box.effects()
    assert ends(effects) == []
    assert faults(effects) in (["signature"], ["message"])
    assert len(box.memory.live()) == 1


def test_whom_nobody_believes_any_more_is_not_counted_by_what_was_verified_before() -> None:
    box, same = receiver(), signed(real())  # the very bytes: a signature is another one each time
    for believes, says in ((True, []), (True, []), (False, ["signature"])):
        if not believes:
            box.believe(Trust.of([]))
        box.hear_message(same, path=Path.GROUND, now=ELEVEN + SECOND)
        assert faults(box.effects()) == says
    assert len(box.memory.live()) == 1  # and what it said is not called clear


# ── maintenance and local stop ───────────────────────────────────────────────────────────────────────────────────────


def test_maintenance_isolates_every_output_until_two_people_or_time_end_it() -> None:
    box = receiver()
    box.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN)
    effects = box.effects()
    assert {Hush, Isolate} <= {type(effect) for effect in effects}
    assert faults(effects) == ["maintenance"]
    effects = hears(box, real(), after_s=1)
    assert warns(effects) == []
    assert faults(effects) == ["held"]
    assert box.leave_maintenance(by="fitter", now=ELEVEN + 20 * SECOND) is False
    assert box.leave_maintenance(by="fitter", now=ELEVEN + 21 * SECOND) is False
    assert box.leave_maintenance(by="warden", now=ELEVEN + 22 * SECOND) is True
    assert warns(box.effects()) == []  # never from storage
    assert len(warns(hears(box, real(), after_s=23))) == 1  # still on: heard again, it sounds


def test_maintenance_ends_by_itself_and_outlasts_a_restart() -> None:
    box = receiver()
    box.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN)
    again = receiver(memory=keeping.from_json(keeping.to_json(box.memory)))
    assert warns(hears(again, real(), after_s=1)) == []
    again.tick(now=ELEVEN + HOUR)
    assert [effect.maintenance for effect in again.effects() if isinstance(effect, Isolate)] == [None]


def test_a_maintenance_without_end_is_refused() -> None:
    with pytest.raises(NotAllowed, match="twelve hours"):
        receiver().begin_maintenance(by="fitter", until=ELEVEN + 13 * HOUR, now=ELEVEN)


def test_a_key_turned_in_one_maintenance_is_no_key_in_the_next() -> None:
    box = receiver()
    box.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN)
    assert box.leave_maintenance(by="fitter", now=ELEVEN + SECOND) is False
    box.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN + 2 * SECOND)
    assert box.leave_maintenance(by="warden", now=ELEVEN + 3 * SECOND) is False
    assert box.leave_maintenance(by="fitter", now=ELEVEN + 4 * SECOND) is True
    box.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN + 5 * SECOND)
    assert box.leave_maintenance(by="warden", now=ELEVEN + 6 * SECOND) is False
    box.tick(now=ELEVEN + HOUR)
    box.begin_maintenance(by="fitter", until=ELEVEN + 2 * HOUR, now=ELEVEN + HOUR)
    assert box.leave_maintenance(by="fitter", now=ELEVEN + HOUR + SECOND) is False


def test_the_second_key_comes_within_five_minutes() -> None:
    box = receiver()
    box.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN)
    box.leave_maintenance(by="fitter", now=ELEVEN)
    assert box.leave_maintenance(by="warden", now=ELEVEN + 301 * SECOND) is False
    assert box.leave_maintenance(by="fitter", now=ELEVEN + 601 * SECOND) is True


def test_in_maintenance_neither_a_copy_nor_an_end_is_heard() -> None:
    box = receiver()
    hears(box, real(), after_s=1)
    unproven = receiver(memory=keeping.from_json(keeping.to_json(box.memory)))
    unproven.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN + 2 * SECOND)
    unproven.effects()
    assert warns(hears(unproven, real(), after_s=3)) == []
    (end,) = [one for one in hears(unproven, following(real(), identifier="end", kind=MsgType.CANCEL)) if is_end(one)]
    assert end.audible is False


def test_nor_a_frame_of_what_is_signed_and_not_yet_proven() -> None:
    said = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128)
    alert = with_parameters(real(), frame=(payload_of(frame(said)),))
    box = receiver()
    assert len(warns(hears(box, alert, after_s=1))) == 1
    unproven = receiver(memory=keeping.from_json(keeping.to_json(box.memory)))
    unproven.begin_maintenance(by="fitter", until=ELEVEN + HOUR, now=ELEVEN + 2 * SECOND)
    unproven.hear_frame(frame(said), satellite=184, now=ELEVEN + 3 * SECOND)
    assert warns(unproven.effects()) == []
    unproven.leave_maintenance(by="fitter", now=ELEVEN + 4 * SECOND)
    unproven.leave_maintenance(by="warden", now=ELEVEN + 4 * SECOND)
    unproven.hear_frame(frame(said, counter=1), satellite=184, now=ELEVEN + 5 * SECOND)
    assert len(warns(unproven.effects())) == 1


def is_end(effect: Effect) -> TypeGuard[End]:
    return isinstance(effect, End)


def test_a_local_stop_silences_now_and_not_what_comes_new() -> None:
    box = receiver()
    hears(box, real())
    box.stop(by="caretaker", now=ELEVEN + 70 * SECOND)
    assert [type(effect) for effect in box.effects() if isinstance(effect, Hush)] == [Hush]
    assert warns(hears(box, real(), after_s=75)) == []
    assert len(warns(hears(box, real(identifier="real-2"), after_s=76))) == 1
    again = receiver(memory=keeping.from_json(keeping.to_json(box.memory)))
    assert warns(hears(again, real(), after_s=77)) == []  # nor does it begin anew with the power


# ── rules, clock, memory ─────────────────────────────────────────────────────────────────────────────────────────────


def test_rules_of_a_site_go_by_type_and_never_suppress_an_extreme_one() -> None:
    with pytest.raises(BadAlert, match="never suppressed"):
        Policy(wishes={"ballistic-missile": Wish.LOG})
    with pytest.raises(BadAlert, match="no information type"):
        Policy(wishes={"misile": Wish.LOG})
    policy = Policy(wishes={"tornado-alert": Wish.SOUND})
    assert policy.wish("tornado-alert", Severity.MINOR, signed=False) is Wish.SOUND
    assert policy.wish("weather-warning", Severity.SEVERE, signed=True) is Wish.LOG
    assert policy.wish("weather-warning", Severity.EXTREME, signed=True) is Wish.SOUND
    assert policy.wish("other", Severity.MINOR, signed=True) is Wish.SOUND


def test_a_clock_that_fell_back_makes_nothing_fresh() -> None:
    box = receiver()
    hears(box, real())
    newer = real(identifier="real-2", sent=ELEVEN + 2 * HOUR)
    infos = tuple(replace(info, expires=ELEVEN + 3 * HOUR) for info in newer.infos)
    box.hear_message(signed(replace(newer, infos=infos)), path=Path.GROUND, now=ELEVEN + 2 * HOUR)
    box.effects()
    old = real(identifier="real-3")  # expired at twelve, and the clock now says eleven again
    effects = hears(box, old, after_s=1)
    assert warns(effects) == []
    assert "clock" in faults(effects)


def test_what_is_proven_past_never_moves_back() -> None:
    clock = Clock()
    clock.prove(ELEVEN + HOUR)
    clock.prove(ELEVEN)
    assert clock.read(wall=ELEVEN, host_s=0.0).now == ELEVEN + HOUR
    box = receiver()
    later = real(identifier="later", sent=ELEVEN + 40 * SECOND)
    hears(box, later)
    hears(box, real())  # sent before that, and heard after it
    assert box.memory.proven_time == ELEVEN + 40 * SECOND


def test_the_clock_takes_satellites_first_then_the_ground_then_holds_and_says_when_it_knows_nothing() -> None:
    clock = Clock(floor=ELEVEN)
    lost = clock.read(wall=ELEVEN - HOUR, host_s=0.0)
    assert (lost.now, lost.source, lost.sane) == (ELEVEN, Source.NONE, False)
    clock.hear(Source.GROUND, ELEVEN + HOUR, host_s=0.0)
    assert clock.read(wall=ELEVEN, host_s=10.0).source is Source.GROUND
    clock.hear(Source.GNSS, ELEVEN + HOUR + 10 * SECOND, host_s=10.0)
    told = clock.read(wall=ELEVEN - HOUR, host_s=11.0)
    assert (told.now, told.source) == (ELEVEN + HOUR + 11 * SECOND, Source.GNSS)
    held = clock.read(wall=ELEVEN, host_s=10.0 + 86400)
    assert held.source is Source.HOLDOVER
    assert held.error_s == pytest.approx(10.1, abs=0.2)


def test_a_fresh_time_of_the_ground_beats_satellite_time_of_hours_ago() -> None:
    clock = Clock()
    clock.hear(Source.GNSS, ELEVEN, host_s=0.0)
    clock.hear(Source.GROUND, ELEVEN + HOUR + 2 * SECOND, host_s=3600.0)
    told = clock.read(wall=ELEVEN, host_s=3600.0)
    assert (told.source, told.now) == (Source.GROUND, ELEVEN + HOUR + 2 * SECOND)


@pytest.mark.parametrize("source", [Source.GROUND, Source.NTP, Source.HOST])
def test_a_clock_set_back_is_not_believed_whoever_sets_it(source: Source) -> None:
    proven = Clock(floor=ELEVEN)
    proven.hear(source, ELEVEN - HOUR, host_s=0.0)
    told = proven.read(wall=ELEVEN - HOUR, host_s=1.0)
    assert (told.now, told.sane) == (ELEVEN, False)
    heard = Clock()
    heard.hear(Source.GNSS, ELEVEN, host_s=0.0)
    heard.hear(source, ELEVEN - HOUR, host_s=600.0)  # the satellites fell silent, and the other goes back an hour
    told = heard.read(wall=ELEVEN - HOUR, host_s=600.0)
    assert (told.now, told.sane) == (ELEVEN + timedelta(minutes=10), False)


def test_satellites_put_back_a_clock_that_ran_ahead_but_not_before_what_is_proven() -> None:
    clock = Clock()
    clock.hear(Source.GNSS, ELEVEN + 5 * HOUR, host_s=0.0)
    clock.hear(Source.GNSS, ELEVEN, host_s=1.0)
    assert clock.read(wall=ELEVEN, host_s=1.0).sane
    assert clock.read(wall=ELEVEN, host_s=1.0).now == ELEVEN
    assert clock.jumps == 1
    clock.prove(ELEVEN + HOUR)
    told = clock.read(wall=ELEVEN, host_s=1.0)
    assert (told.now, told.sane) == (ELEVEN + HOUR, False)


@pytest.mark.parametrize(("source", "whose"), [(Source.GROUND, "the hub's"), (Source.NTP, "a time server's")])
def test_satellite_time_that_contradicts_what_no_radio_brought_is_a_doubt_and_is_not_told_time_by(
    source: Source, whose: str
) -> None:
    clock = Clock()
    clock.hear(source, ELEVEN, host_s=0.0)
    clock.hear(Source.GNSS, ELEVEN + HOUR, host_s=0.0)
    told = clock.read(wall=ELEVEN, host_s=1.0)
    assert (told.now, told.sane) == (ELEVEN + SECOND, False)
    assert told.why == f"satellite time and {whose} are 3600 s apart"
    assert clock.off_s(ELEVEN + HOUR + SECOND, host_s=1.0) == 3600


def test_the_hub_s_time_weighs_more_than_a_time_server_s_and_a_host_that_nobody_disciplines_weighs_nothing() -> None:
    clock = Clock()
    clock.hear(Source.NTP, ELEVEN + HOUR, host_s=0.0)
    clock.hear(Source.GROUND, ELEVEN, host_s=0.0)
    clock.hear(Source.GNSS, ELEVEN, host_s=0.0)
    told = clock.read(wall=ELEVEN + HOUR, host_s=1.0)
    assert (told.now, told.source) == (ELEVEN + SECOND, Source.GNSS)
    board = Clock()
    board.hear(Source.HOST, ELEVEN - 1000 * HOUR, host_s=0.0)  # no battery, no network
    board.hear(Source.GNSS, ELEVEN, host_s=0.0)
    told = board.read(wall=ELEVEN - 1000 * HOUR, host_s=1.0)
    assert (told.now, told.source) == (ELEVEN + SECOND, Source.GNSS)


def test_a_radio_that_is_deceived_stays_told_from_the_clock_it_sets() -> None:
    clock = Clock()
    clock.hear(Source.HOST, ELEVEN, host_s=0.0)
    for second in range(1, 4):
        assert clock.off_s(ELEVEN + 30 * SECOND + second * SECOND, host_s=second) == pytest.approx(30)
        clock.hear(Source.GNSS, ELEVEN + 30 * SECOND + second * SECOND, host_s=second)
    alone = Clock()
    assert alone.off_s(ELEVEN, host_s=0.0) is None
    alone.hear(Source.GNSS, ELEVEN, host_s=0.0)
    assert alone.off_s(ELEVEN + 9 * SECOND, host_s=1.0) == pytest.approx(8)


def test_a_memory_is_the_same_after_the_disk() -> None:
    box = receiver()
    hears(box, real())
    box.hear_message(exercise_bytes(), path=Path.GROUND, now=ELEVEN + SECOND)
    (warn, *_) = warns(box.effects())
    box.done(warn.warning, (OutputResult(output="speaker", proof=Proof.PROVEN),))
    box.begin_maintenance(by="取付", until=ELEVEN + HOUR, now=ELEVEN)
    assert keeping.from_json(keeping.to_json(box.memory)) == box.memory
    assert keeping.from_json(keeping.to_json(Memory())) == Memory()


# ── a frame, and then the signed word ────────────────────────────────────────────────────────────────────────────────


def missile_by_frame(box: Receiver, *, after_s: int = 0) -> list[Effect]:
    now = ELEVEN + after_s * SECOND
    said = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128, onset=ELEVEN)
    box.hear_radio(Radio(at=now, jamming=Level.NONE, spoofing=Level.NONE))
    box.hear_frame(frame(said), satellite=184, now=now)
    return box.effects()


@pytest.mark.parametrize(("sent_s", "sounds"), [(30, 0), (600, 1)])
def test_a_signed_alert_much_later_is_no_copy_of_a_frame_about_the_same_hazard(sent_s: int, sounds: int) -> None:
    """Else a forged frame, once, would mute the true warning of the next ten hours."""
    box = receiver()
    assert len(warns(missile_by_frame(box))) == 1
    alert = real(sent=ELEVEN + sent_s * SECOND)
    assert len(warns(hears(box, alert, after_s=sent_s + 1))) == sounds


def test_what_somebody_stopped_is_no_reason_to_keep_the_signed_alert_silent() -> None:
    box = receiver()
    missile_by_frame(box)
    box.stop(by="caretaker", now=ELEVEN + SECOND)
    box.effects()
    assert len(warns(hears(box, real(), after_s=2))) == 1


@pytest.mark.parametrize("wrong", [{"jamming": Level.CRITICAL}, {"spoofing": Level.WARNING}])
def test_an_end_by_a_frame_alone_is_believed_only_from_a_sane_radio(wrong: dict[str, Level]) -> None:
    box = receiver()
    missile_by_frame(box)
    over = replace(REPORT, message=MessageType.ALL_CLEAR, hazard=8, severity=3, instruction=128, onset=ELEVEN)
    levels = {"jamming": Level.NONE, "spoofing": Level.NONE}
    for changed, expected in ((wrong, []), ({}, [Life.CLEARED])):
        now = ELEVEN + (9 if changed else 13) * SECOND
        box.hear_radio(Radio(at=now, **{**levels, **changed}))
        box.hear_frame(frame(over), satellite=184, now=now)
        assert ends(box.effects()) == expected
