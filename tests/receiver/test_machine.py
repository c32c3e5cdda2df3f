"""The box on the wall: sounds once for what is true, says why for all else, and cannot be muted."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house import (
    ELEVEN,
    REPORT,
    SAPPORO,
    SECOND,
    YONAGO,
    exercise,
    exercise_bytes,
    frame,
    key,
    plan,
    receiver,
    signed,
    warns,
    with_parameters,
)
from satwarn.adapters.keys import make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.alert import Alert, MsgType, Reference, Status
from satwarn.alert.purpose import Purpose
from satwarn.frame import payload_of
from satwarn.frame.dcx import JAlert, MessageType
from satwarn.ledger.receipt import Act, OutputResult, Path, Proof
from satwarn.receiver.effects import Effect, End, Fault, Keep, Log, Show, Tell, Warn
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Memory
from satwarn.receiver.radio import Level, Radio

SANE = Radio(at=ELEVEN, jamming=Level.NONE, spoofing=Level.NONE)


def armed(code: str = YONAGO) -> Receiver:
    box = receiver(code)
    box.hear_message(plan(), path=Path.GROUND, now=ELEVEN - timedelta(minutes=2))
    box.effects()
    return box


def after_frame(box: Receiver, *, now: object = None, **kwargs: object) -> list[Effect]:
    box.hear_frame(kwargs.get("frame", frame()), satellite=184, now=now or ELEVEN + SECOND)  # type: ignore[arg-type]
    return box.effects()


def after_message(box: Receiver, message: bytes, *, now: object = None) -> list[Effect]:
    box.hear_message(message, path=Path.GROUND, now=now or ELEVEN + SECOND)  # type: ignore[arg-type]
    return box.effects()


def tells(effects: list[Effect]) -> list[Tell]:
    return [effect for effect in effects if isinstance(effect, Tell)]


def faults(effects: list[Effect]) -> list[str]:
    return [effect.code for effect in effects if isinstance(effect, Fault)]


# ── the first copy acts, the others confirm ──────────────────────────────────────────────────────


def test_a_signed_exercise_sounds_with_the_drill_label() -> None:
    (warn,) = warns(after_message(receiver(), exercise_bytes()))
    assert (warn.purpose, warn.label, warn.path) == (Purpose.EXERCISE, "exercise", Path.GROUND)
    assert {info.language for info in warn.infos} == {"ja", "en", "de", "ko"}


def test_an_armed_receiver_sounds_for_the_frame_its_plan_names() -> None:
    (warn,) = warns(after_frame(armed()))
    assert (warn.label, warn.instruction, warn.path) == ("exercise", 136, Path.GNSS)


def test_what_is_begun_is_kept_before_it_sounds() -> None:
    kinds = [type(effect) for effect in after_frame(armed())]
    assert kinds.index(Keep) < next(i for i, kind in enumerate(kinds) if kind.__name__ == "Warn")


@pytest.mark.parametrize("first", ["frame", "alert"])
def test_both_copies_are_one_warning(first: str) -> None:
    box = armed()
    steps = [lambda: after_frame(box), lambda: after_message(box, exercise_bytes())]
    effects = [effect for step in (steps if first == "frame" else steps[::-1]) for effect in step()]
    assert len(warns(effects)) == 1
    receipt = tells(effects)[-1].receipt
    assert receipt.identifier == "exercise-1"
    assert set(receipt.first_heard) == {Path.GNSS, Path.GROUND}
    assert receipt.first_path is (Path.GNSS if first == "frame" else Path.GROUND)


def test_repeats_from_every_satellite_sound_once() -> None:
    box = armed()
    effects = []
    for second in range(0, 180, 4):
        for satellite in (184, 185, 186, 189):
            copy = frame(preamble=(0x53, 0x9A, 0xC6)[second % 3], counter=second // 4 % 16)
            box.hear_frame(copy, satellite=satellite, now=ELEVEN + (second + 1) * SECOND)
        effects += box.effects()
    assert len(warns(effects)) == 1
    box.tick(now=ELEVEN + timedelta(minutes=10))
    assert tells(box.effects())[-1].receipt.copies == {Path.GNSS: 180}


def test_outside_the_area_it_stays_silent_and_says_so() -> None:
    for effects in (after_frame(armed(SAPPORO)), after_message(receiver(SAPPORO), exercise_bytes())):
        assert warns(effects) == []
        assert tells(effects)[-1].receipt.act is Act.SILENT
        assert tells(effects)[-1].receipt.why == "not for this place"


# ── test frames need a signed plan, within its window ────────────────────────────────────────────


def test_an_unarmed_test_frame_is_logged_once_and_never_sounds() -> None:
    box = receiver()
    first, second = after_frame(box), after_frame(box, now=ELEVEN + 5 * SECOND)
    assert warns(first) == []
    assert [type(effect) for effect in first] == [Log]
    assert second == []


@pytest.mark.parametrize("minutes", [-5, -1.1, 4.1, 60 * 24 * 7])
def test_a_frame_replayed_outside_the_window_does_not_sound(minutes: float) -> None:
    box = armed()
    now = ELEVEN + timedelta(minutes=minutes)
    box.tick(now=now)
    box.effects()
    assert warns(after_frame(box, now=now)) == []


@pytest.mark.parametrize("edge", ["armed_from", "armed_until"])
def test_a_window_opens_and_closes_on_its_second_whether_anybody_looked_meanwhile_or_not(edge: str) -> None:
    (window,) = armed().memory.plans
    at = getattr(window, edge).astimezone(UTC)
    before, after = (len(warns(after_frame(armed(), now=now))) for now in (at - SECOND, at))
    assert (before, after) == {"armed_from": (0, 1), "armed_until": (1, 0)}[edge]


def test_a_frame_the_plan_does_not_name_does_not_sound() -> None:
    other = replace(REPORT, hazard=36)
    assert warns(after_frame(armed(), frame=frame(other))) == []


def test_a_plan_by_somebody_else_arms_nothing() -> None:
    stranger = make_signing_key("drill@satwarn.example", now=ELEVEN)
    forged = signed(exercise(identifier="x"), by=stranger)
    box = receiver()
    assert faults(after_message(box, forged)) == ["signature"]
    assert warns(after_frame(box)) == []


def test_an_old_plan_arms_nothing() -> None:
    box = receiver()
    after_message(box, plan(), now=ELEVEN + timedelta(hours=1))
    assert warns(after_frame(box, now=ELEVEN + timedelta(hours=1))) == []


def test_a_plan_that_comes_after_the_first_frame_still_arms() -> None:
    box = receiver()
    assert warns(after_frame(box)) == []
    after_message(box, plan(), now=ELEVEN + 2 * SECOND)
    assert len(warns(after_frame(box, now=ELEVEN + 5 * SECOND))) == 1


# ── what is not to be believed ───────────────────────────────────────────────────────────────────


@given(st.integers(0, 249))
def test_any_flipped_bit_is_noise(bit: int) -> None:
    box, broken = armed(), bytearray(frame())
    broken[bit // 8] ^= 0x80 >> bit % 8
    box.hear_frame(bytes(broken), satellite=184, now=ELEVEN + SECOND)
    assert box.effects() == []
    assert box.noise == 1


@given(st.integers(0, 10_000_000), st.integers(1, 255))
def test_one_changed_byte_of_the_alert_never_sounds(where: int, change: int) -> None:
    message = bytearray(exercise_bytes())
    message[where % len(message)] ^= change
    effects = after_message(receiver(), bytes(message))
    # A byte that no meaning hangs on (white space outside the signed part) may leave the alert whole.
    if warns(effects):
        assert warns(effects)[0].infos == exercise().infos
    else:
        assert faults(effects)


def test_an_expired_alert_is_logged_only() -> None:
    effects = after_message(receiver(), exercise_bytes(), now=ELEVEN + timedelta(hours=2))
    assert [type(effect) for effect in effects] == [Log]


def test_an_alert_from_the_future_is_a_fault() -> None:
    effects = after_message(receiver(), exercise_bytes(), now=ELEVEN - timedelta(minutes=30))
    assert faults(effects) == ["clock"]
    assert warns(effects) == []


@pytest.mark.parametrize(
    "alert",
    [
        with_parameters(exercise(), purpose=("rehearsal",)),
        with_parameters(exercise(), purpose=()),
        exercise(status=Status.ACTUAL),
        exercise(status=Status.TEST),
        exercise(status=Status.DRAFT),
    ],
    ids=["unknown purpose", "no purpose", "exercise as Actual", "exercise as Test", "exercise as Draft"],
)
def test_an_unclear_purpose_makes_no_sound_and_a_loud_fault(alert: object) -> None:
    effects = after_message(receiver(), signed(alert))  # type: ignore[arg-type]
    assert warns(effects) == []
    assert faults(effects) == ["message"]


def test_a_replayed_alert_is_a_copy() -> None:
    box = receiver()
    after_message(box, exercise_bytes())
    again = after_message(box, exercise_bytes(), now=ELEVEN + 30 * SECOND)
    assert warns(again) == []
    assert tells(after_message(box, exercise_bytes())) == []


def test_a_real_frame_alone_is_shown_and_somebody_is_called() -> None:
    real = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128)
    effects = after_frame(receiver(), frame=frame(real))
    assert warns(effects) == []
    assert [type(effect) for effect in effects if isinstance(effect, Show)] == [Show]
    assert faults(effects) == ["unsure"]


def test_an_unknown_code_of_our_prefecture_is_shown_with_a_fault() -> None:
    alert = exercise()
    area = replace(alert.infos[0].areas[0], polygons=(), geocodes=(_jis("31999"),))
    strange = replace(alert, infos=tuple(replace(info, areas=(area,)) for info in alert.infos))
    effects = after_message(receiver(), signed(strange))
    assert warns(effects) == []
    assert faults(effects) == ["unsure"]


def test_so_it_is_in_a_frame_alone_however_sane_the_radio() -> None:
    box = receiver()
    box.hear_radio(SANE)
    strange = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128)
    effects = after_frame(box, frame=frame(replace(strange, prefectures=(), municipalities=("31999",))))
    assert [type(effect) for effect in effects if isinstance(effect, Show | Warn)] == [Show]
    assert faults(effects) == ["unsure"]


def _jis(code: str) -> object:
    from satwarn.alert.alert import Named

    return Named(value_name="JISX0402", value=code)


# ── signed beats unsigned ────────────────────────────────────────────────────────────────────────


def test_a_forged_frame_played_early_cannot_mute_the_signed_alert() -> None:
    box = armed()
    early = after_frame(box, now=ELEVEN - 50 * SECOND)
    assert len(warns(early)) == 1  # the plan names it: nobody can tell it from the true one
    assert len(warns(after_message(box, exercise_bytes()))) == 1


def test_a_forged_test_frame_beside_a_signed_alert_changes_nothing() -> None:
    box = armed()
    forged = frame(replace(REPORT, hazard=8))
    assert warns(after_frame(box, frame=forged)) == []
    assert len(warns(after_message(box, exercise_bytes()))) == 1
    assert warns(after_frame(box, frame=forged, now=ELEVEN + 9 * SECOND)) == []


def test_an_exercise_frame_cannot_be_taken_for_a_copy_of_a_real_alert() -> None:
    box = armed()
    after_frame(box)
    real = with_parameters(exercise(status=Status.ACTUAL, identifier="real-1"), purpose=("real",))
    (warn,) = warns(after_message(box, signed(real)))
    assert (warn.purpose, warn.label) == (Purpose.REAL, "")


REAL = replace(REPORT, message=MessageType.ALERT, hazard=36, severity=3, instruction=0)
"""An earthquake early warning: believed for three minutes, and fresh for five."""
CLEAR = replace(REAL, message=MessageType.ALL_CLEAR)
MINUTE = timedelta(minutes=1)


def on_air(box: Receiver, report: JAlert = REAL, *, at: timedelta) -> list[Effect]:
    """What a frame does whose radio says at that moment that all is well."""
    box.hear_radio(Radio(at=ELEVEN + at, jamming=Level.NONE, spoofing=Level.NONE))
    return after_frame(box, frame=frame(report), now=ELEVEN + at)


def confirmed() -> Receiver:
    """A box that a real frame made sound, and a signed alert that lists the frame confirmed."""
    box = receiver()
    assert len(warns(on_air(box, at=SECOND))) == 1
    assert warns(after_message(box, signed(listing()), now=ELEVEN + 2 * SECOND)) == []
    assert [one.signed for one in box.memory.live()] == [True]
    return box


def listing() -> Alert:
    made = exercise(status=Status.ACTUAL, identifier="real-1")
    infos = tuple(replace(info, expires=ELEVEN + 3 * MINUTE) for info in made.infos)
    return with_parameters(replace(made, infos=infos), purpose=("real",), frame=(payload_of(frame(REAL)),))


def test_no_frame_ends_what_is_signed_and_its_contradiction_is_a_fault_once() -> None:
    box = confirmed()
    told = [on_air(box, CLEAR, at=n * SECOND) for n in (3, 4, 200)]
    assert not [effect for effects in told for effect in effects if isinstance(effect, End)]
    assert [faults(effects) for effects in told] == [["contradiction"], [], []]
    assert len(box.memory.live()) == 1


def cancel(alert: Alert, *, of: str, **changes: object) -> bytes:
    """An end that lists the frames of an alert, and refers to the message of a name."""
    reference = Reference(sender=alert.sender, identifier=of, sent=ELEVEN)
    ending = replace(alert, identifier="end", msg_type=MsgType.CANCEL, references=(reference,))
    return signed(replace(ending, **changes))  # type: ignore[arg-type]


def test_an_end_of_a_drill_ends_no_real_frame_though_it_lists_it() -> None:
    box = receiver()
    on_air(box, at=SECOND)
    drill = with_parameters(replace(listing(), status=Status.EXERCISE), purpose=("exercise",))
    after_message(box, cancel(drill, of="drill-1"), now=ELEVEN + 3 * SECOND)
    assert len(box.memory.live()) == 1
    after_message(box, cancel(listing(), of="never-heard", identifier="end-2"), now=ELEVEN + 4 * SECOND)
    assert box.memory.live() == ()  # the real one's own end does, though its alert was never heard


def test_what_is_signed_is_ended_by_its_name_and_not_by_its_frames() -> None:
    box = confirmed()
    after_message(box, cancel(listing(), of="another"), now=ELEVEN + 3 * SECOND)
    assert len(box.memory.live()) == 1
    after_message(box, cancel(listing(), of="real-1", identifier="end-2"), now=ELEVEN + 4 * SECOND)
    assert box.memory.live() == ()


def test_a_frame_ends_what_a_frame_began() -> None:
    box = receiver()
    on_air(box, at=SECOND)
    (end,) = [effect for effect in on_air(box, CLEAR, at=3 * SECOND) if isinstance(effect, End)]
    assert end.audible
    assert box.memory.live() == ()


def over(how: str) -> Receiver:
    """A box whose early warning is over, in one way or another."""
    box = confirmed() if how in ("signed", "retracted") else receiver()
    if how == "retracted":
        after_message(box, cancel(listing(), of="real-1"), now=ELEVEN + 3 * SECOND)
    if how in ("unsigned", "ended by a frame"):
        on_air(box, at=SECOND)
    if how == "ended by a frame":
        on_air(box, CLEAR, at=3 * SECOND)
    box.tick(now=ELEVEN + 4 * MINUTE)
    box.effects()
    assert box.memory.live() == ()
    return box


@pytest.mark.parametrize(("how", "sounds"), [("unsigned", 1), ("signed", 0), ("retracted", 0), ("ended by a frame", 0)])
def test_the_same_frame_after_a_gap_is_new_only_where_nobody_signed_or_ended_the_first(how: str, sounds: int) -> None:
    assert len(warns(on_air(over(how), at=4 * MINUTE + SECOND))) == sounds


def test_without_a_gap_it_is_the_same_however_long_it_goes_on() -> None:
    box = receiver()
    assert [len(warns(on_air(box, at=at * SECOND))) for at in (1, *range(30, 240, 30))] == [1, *[0] * 7]


# ── restarts ─────────────────────────────────────────────────────────────────────────────────────


def memory_of(effects: list[Effect]) -> Memory:
    return [effect for effect in effects if isinstance(effect, Keep)][-1].memory


def begun_then_power_lost() -> Memory:
    box = armed()
    return memory_of(after_frame(box))


def test_a_restart_never_sounds_from_storage() -> None:
    box = receiver(memory=begun_then_power_lost())
    for second in range(0, 600, 10):
        box.tick(now=ELEVEN + second * SECOND)
        assert warns(box.effects()) == []


def test_after_a_restart_it_sounds_again_from_the_air_until_proven() -> None:
    box = receiver(memory=begun_then_power_lost())
    (warn,) = warns(after_frame(box, now=ELEVEN + 9 * SECOND))
    assert warn.label == "exercise"
    assert warns(after_frame(box, now=ELEVEN + 13 * SECOND)) == []


def test_a_real_frame_begun_before_a_power_cut_sounds_again_with_its_next_copy() -> None:
    """After a restart every frame is new on the air: what was begun and never proven must not pass for told."""
    sent = frame(replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128))
    box = receiver()
    box.hear_radio(SANE)
    (first,) = warns(after_frame(box, frame=sent))
    again = receiver(memory=box.memory)
    again.hear_radio(SANE)
    (warn,) = warns(after_frame(again, frame=sent, now=ELEVEN + 9 * SECOND))
    assert warn.warning == first.warning
    assert warns(after_frame(again, frame=sent, now=ELEVEN + 13 * SECOND)) == []


def test_what_was_begun_before_a_power_cut_sounds_with_the_next_frame_or_signed_word_about_it() -> None:
    """Its own first copy may never come again: the carousel and the air carry what took its place."""
    missile = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128)
    box = receiver()
    box.hear_radio(SANE)
    (first,) = warns(after_frame(box, frame=frame(missile)))
    update = frame(replace(missile, prefectures=(31, 32)))
    again = receiver(memory=box.memory)
    again.hear_radio(SANE)
    (warn,) = warns(after_frame(again, frame=update, now=ELEVEN + 9 * SECOND))
    assert warn.warning == first.warning
    assert warns(after_frame(again, frame=update, now=ELEVEN + 13 * SECOND)) == []
    alert = with_parameters(exercise(status=Status.ACTUAL), purpose=("real",), frame=(payload_of(frame(missile)),))
    again = receiver(memory=box.memory)
    (warn,) = warns(after_message(again, signed(alert)))
    assert warn.warning == first.warning
    box.done(first.warning, (OutputResult(output="speaker", proof=Proof.PROVEN),))
    assert warns(after_message(receiver(memory=box.memory), signed(alert))) == []


def test_an_update_after_a_power_cut_sounds_where_the_first_was_never_proven() -> None:
    alert = with_parameters(exercise(status=Status.ACTUAL), purpose=("real",), frame=())
    reference = Reference(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)
    update = replace(alert, identifier="update", msg_type=MsgType.UPDATE, references=(reference,))
    box = receiver()
    (first,) = warns(after_message(box, signed(alert)))
    assert warns(after_message(box, signed(update))) == []
    again = receiver(memory=box.memory)
    assert len(warns(after_message(again, signed(update)))) == 1
    assert warns(after_message(again, signed(update))) == []
    box.done(first.warning, (OutputResult(output="speaker", proof=Proof.PROVEN),))
    assert warns(after_message(receiver(memory=box.memory), signed(update))) == []


def test_an_update_never_heard_before_a_power_cut_sounds_too() -> None:
    alert = with_parameters(exercise(status=Status.ACTUAL), purpose=("real",), frame=())
    reference = Reference(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)
    update = replace(alert, identifier="update", msg_type=MsgType.UPDATE, references=(reference,))
    box = receiver()
    (first,) = warns(after_message(box, signed(alert)))
    again = receiver(memory=box.memory)
    assert len(warns(after_message(again, signed(update)))) == 1
    box.done(first.warning, (OutputResult(output="speaker", proof=Proof.PROVEN),))
    assert warns(after_message(receiver(memory=box.memory), signed(update))) == []


def test_what_was_done_is_not_done_again_after_a_restart() -> None:
    box = armed()
    (warn,) = warns(after_frame(box))
    box.done(warn.warning, (OutputResult(output="speaker", proof=Proof.PROVEN),))
    again = receiver(memory=memory_of(box.effects()))
    assert warns(after_frame(again, now=ELEVEN + 9 * SECOND)) == []


def test_a_restarted_box_without_memory_of_it_sounds_from_the_ground_copy() -> None:
    assert len(warns(after_message(receiver(memory=Memory()), exercise_bytes()))) == 1


def test_an_unknown_status_makes_no_sound_and_a_loud_fault() -> None:
    strange = cap.write(exercise()).replace(b"<status>Exercise<", b"<status>Rehearsal<")
    assert b"Rehearsal" in strange
    message = seal.sign(strange, key_pem=key().key_pem, certificate_pem=key().certificate_pem)
    effects = after_message(receiver(), message)
    assert warns(effects) == []
    assert faults(effects)


@given(st.binary(max_size=300))
def test_noise_on_either_path_never_sounds(noise: bytes) -> None:
    box = armed()
    box.hear_frame(noise, satellite=184, now=ELEVEN + SECOND)
    box.hear_message(noise, path=Path.GROUND, now=ELEVEN + SECOND)
    effects = box.effects()
    assert warns(effects) == []
    assert faults(effects) == ["message"]
