"""Unattended for years, and flooded: what a receiver knows stays within bounds, and what matters is not forgotten."""

from dataclasses import replace
from datetime import timedelta

from house import ELEVEN, REPORT, SECOND, YONAGO, exercise, receiver, signed, warns, with_parameters
from satwarn.alert.alert import Alert, MsgType, Named, Reference, Status
from satwarn.frame import encode
from satwarn.frame.dcx import MessageType
from satwarn.ledger.receipt import Act, Path
from satwarn.receiver.acts import MOST_WARNINGS
from satwarn.receiver.effects import Keep, Show, Tell, Warn
from satwarn.receiver.machine import Receiver
from satwarn.receiver.radio import Level, Radio

FLOOD = 3 * MOST_WARNINGS


def frame_of(n: int, *, prefectures: tuple[int, ...]) -> bytes:
    said = replace(
        REPORT,
        message=MessageType.ALERT,
        hazard=8,
        severity=3,
        instruction=128,
        prefectures=prefectures,
        onset=ELEVEN - timedelta(minutes=n),
    )
    return encode(said, preamble=0x53, counter=0, at=ELEVEN)


def alert_of(n: int, *, code: str) -> Alert:
    made = with_parameters(exercise(identifier=f"flood-{n}"), purpose=("real",), frame=())
    area = replace(made.infos[0].areas[0], polygons=(), geocodes=(Named(value_name="JISX0401", value=code),))
    infos = tuple(replace(info, areas=(area,)) for info in made.infos)
    return replace(made, status=Status.ACTUAL, infos=infos)


def tick(machine: Receiver, after_s: int) -> None:
    machine.tick(now=ELEVEN + after_s * SECOND)
    machine.effects()


def test_frames_for_elsewhere_without_end() -> None:
    machine = receiver(YONAGO)
    for n in range(FLOOD):
        machine.hear_frame(frame_of(n, prefectures=(1,)), satellite=184, now=ELEVEN + SECOND)
        machine.effects()
    tick(machine, 2)
    assert len(machine.memory.warnings) == MOST_WARNINGS
    assert len(machine._acts._begun_now) == MOST_WARNINGS


def test_frames_for_here_by_a_radio_in_doubt_are_shown_and_go_again() -> None:
    machine = receiver(YONAGO)
    for n in range(FLOOD):
        machine.hear_frame(frame_of(n % 9000, prefectures=(31,)), satellite=184, now=ELEVEN + SECOND)
    effects = machine.effects()
    assert not warns(effects)
    assert any(isinstance(effect, Show) for effect in effects)
    tick(machine, 2)
    assert len(machine.memory.warnings) == MOST_WARNINGS
    machine.hear_radio(Radio(at=ELEVEN, jamming=Level.NONE, spoofing=Level.NONE))
    machine.hear_frame(frame_of(0, prefectures=(31,)), satellite=184, now=ELEVEN + 3 * SECOND)
    assert len(warns(machine.effects())) == 1, "forgotten, and judged as new when it is heard again"
    tick(machine, int(timedelta(days=3).total_seconds()))
    assert not machine.memory.warnings


def test_neither_a_flood_nor_time_makes_it_forget_what_sounds_or_was_taken_back() -> None:
    machine = receiver(YONAGO)
    here, error = alert_of(1, code="31"), alert_of(2, code="31")
    cancel = replace(
        error,
        identifier="error-end",
        msg_type=MsgType.CANCEL,
        references=(Reference(sender=error.sender, identifier=error.identifier, sent=error.sent),),
    )
    for alert in (here, cancel):
        machine.hear_message(signed(alert), path=Path.GROUND, now=ELEVEN)
    for n in range(FLOOD):
        machine.hear_frame(frame_of(n, prefectures=(1,)), satellite=184, now=ELEVEN + SECOND)
    tick(machine, 2)
    for alert in (here, error):
        machine.hear_message(signed(alert), path=Path.MULTICAST, now=ELEVEN + 3 * SECOND)
    assert not warns(machine.effects())
    (sounding,) = (one for one in machine.memory.live() if one.act is Act.SOUNDED)
    assert sounding.identifier == here.identifier


def test_signed_alerts_for_elsewhere_without_end() -> None:
    machine = receiver(YONAGO)
    several = [signed(alert_of(n, code="01")) for n in range(60)]
    for message in several:
        machine.hear_message(message, path=Path.GROUND, now=ELEVEN)
    assert len(machine._ground._known_bytes) == len(several)
    machine.effects()
    for n in range(FLOOD):
        machine.hear_frame(frame_of(n, prefectures=(1,)), satellite=184, now=ELEVEN + SECOND)
    tick(machine, 2)
    assert len(machine.memory.warnings) == MOST_WARNINGS
    assert sum(one.signed for one in machine.memory.warnings.values()) == len(several), (
        "frames go before what is signed"
    )
    tick(machine, int(timedelta(days=3).total_seconds()))
    assert not machine.memory.warnings
    assert not machine._ground._known_bytes
    assert not machine._acts._begun_now


def test_ten_days_of_frames_keep_a_memory_that_does_not_grow() -> None:
    """A frame a minute for ten days of virtual time: reports that repeat, and one new one each hour."""
    machine = receiver(YONAGO)
    sizes = []
    for minute in range(10 * 24 * 60):
        now = ELEVEN + timedelta(minutes=minute)
        machine.hear_radio(Radio(at=now, jamming=Level.NONE, spoofing=Level.NONE))
        said = replace(
            REPORT, message=MessageType.ALERT, hazard=8, severity=3, prefectures=(1,), onset=now.replace(minute=0)
        )
        machine.hear_frame(encode(said, preamble=0x53, counter=0, at=now), satellite=184, now=now)
        machine.tick(now=now)
        assert not [one for one in machine.effects() if isinstance(one, Warn)]
        sizes.append(len(machine.memory.warnings))
    assert max(sizes[-24 * 60 :]) <= max(sizes[3 * 24 * 60 : 4 * 24 * 60])


def test_what_is_forgotten_is_told_and_kept_once_more() -> None:
    machine = receiver(YONAGO)
    for n in range(MOST_WARNINGS + 1):
        machine.hear_frame(frame_of(n, prefectures=(1,)), satellite=184, now=ELEVEN + n * SECOND / 100)
    machine.effects()
    oldest = min(machine.memory.warnings.values(), key=lambda one: one.begun_at)
    machine.tick(now=ELEVEN + 10 * SECOND)
    effects = machine.effects()
    assert [one.receipt.warning for one in effects if isinstance(one, Tell)] == [oldest.name]
    assert [oldest.name in one.memory.warnings for one in effects if isinstance(one, Keep)] == [False]
