"""What went wrong at receivers elsewhere, rebuilt: here it cannot happen, or is seen at once.

The numbers are those of the history page (docs/explanation/history.md).
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house import (
    ELEVEN,
    REPORT,
    SECOND,
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
from satwarn.alert.alert import Alert, Named, Status
from satwarn.alert.purpose import Purpose
from satwarn.app.receiver_words import words_of
from satwarn.errors import BadAlert
from satwarn.frame import encode
from satwarn.frame.dcx import MessageType
from satwarn.ledger.receipt import Act, Path
from satwarn.receiver import keeping
from satwarn.receiver.effects import Effect, End, Fault, Keep
from satwarn.receiver.information import Wish
from satwarn.receiver.machine import Receiver
from satwarn.receiver.policy import Policy
from satwarn.receiver.radio import Level, Radio

MISSILE = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128)
SANE = Radio(at=ELEVEN, jamming=Level.NONE, spoofing=Level.NONE)


def sane(box: Receiver) -> Receiver:
    box.hear_radio(SANE)
    return box


def hears_air(box: Receiver, sent: bytes, *, after_s: float = 1) -> list[Effect]:
    box.hear_frame(sent, satellite=184, now=ELEVEN + after_s * SECOND)
    return box.effects()


def hears_ground(box: Receiver, message: bytes, *, after_s: float = 1) -> list[Effect]:
    box.hear_message(message, path=Path.GROUND, now=ELEVEN + after_s * SECOND)
    return box.effects()


def faults(effects: list[Effect]) -> set[str]:
    return {effect.code for effect in effects if isinstance(effect, Fault)}


def real(**changes: object) -> Alert:
    return with_parameters(exercise(status=Status.ACTUAL, identifier="real-1", **changes), purpose=("real",))


def test_f1_mihama_2008_a_restart_that_played_a_stored_missile_warning() -> None:
    box = sane(receiver())
    kept = [one.memory for one in hears_air(box, frame(MISSILE)) if isinstance(one, Keep)][-1]
    again = receiver(memory=keeping.from_json(keeping.to_json(kept)))
    for minute in range(180):
        again.tick(now=ELEVEN + timedelta(minutes=minute))
        assert warns(again.effects()) == []


def test_f2_aichi_2008_one_town_s_test_that_reached_twenty_others() -> None:
    """A test sounds where its signed area and plan say, whoever else receives it; another's key moves nothing."""
    town = Named(value_name="JISX0402", value="31202")
    ours = exercise(identifier="town-test")
    area = replace(ours.infos[0].areas[0], polygons=(), geocodes=(town,))
    message = signed(replace(ours, infos=tuple(replace(info, areas=(area,)) for info in ours.infos)))
    heard = {code: warns(hears_ground(receiver(code), message)) for code in ("31202", "31201", "31203", "23100")}
    assert {code: len(found) for code, found in heard.items()} == {"31202": 1, "31201": 0, "31203": 0, "23100": 0}
    stranger = make_signing_key("drill@satwarn.example", now=ELEVEN)
    assert warns(hears_ground(receiver(), signed(exercise(), by=stranger))) == []
    assert warns(hears_air(sane(receiver()), frame())) == []  # a test frame in the area, and no plan that names it
    armed = sane(receiver())
    hears_ground(armed, plan())
    assert len(warns(hears_air(armed, frame()))) == 1  # the same frame, where two people armed it


def test_f3_hashimoto_2013_ono_2017_a_test_during_work_that_went_out_on_every_speaker() -> None:
    box = sane(receiver())
    box.begin_maintenance(by="fitter", until=ELEVEN + timedelta(hours=1), now=ELEVEN)
    box.effects()
    for effects in (
        hears_air(box, frame(MISSILE)),
        hears_ground(box, exercise_bytes()),
        hears_ground(box, signed(real())),
    ):
        assert warns(effects) == []
        assert "held" in faults(effects)
    assert {one.act for one in box.memory.warnings.values()} == {Act.SILENT}
    assert box.leave_maintenance(by="fitter", now=ELEVEN + 5 * SECOND) is False


def test_f4_shiojiri_2014_ordinary_warnings_mapped_to_the_automatic_broadcast(tmp_path: object) -> None:
    """A site that raises or lowers a type is told so by `receiver check`, by golden messages, before it is live."""
    from pathlib import Path as File

    from satwarn.app.receiver_check import differing, findings, rehearse
    from satwarn.app.receiver_settings import settings

    folder = File(str(tmp_path))
    (folder / "hub.pem").write_bytes(key().certificate_pem)
    raw = {
        "site": {"code": "20215", "folder": str(folder)},
        "trust": [{"sender": "drill@satwarn.example", "certificate": "hub.pem"}],
        "air": [{"kind": "tcp", "address": "127.0.0.1:1"}],
        "output": [{"name": "wav", "kind": "wav", "address": "x.wav"}],
    }
    plain = settings(raw, file=folder / "site.toml")
    assert differing(rehearse(plain)) == []
    wrong = settings({**raw, "rules": {"landslide-alert": "sound"}}, file=folder / "site.toml")
    assert [one.where for one in findings(wrong, reach=False) if one.where.startswith("rules")] == [
        "rules.landslide-alert"
    ]
    assert [one.where for one in differing(rehearse(wrong))] == ["rehearsal: landslide alert"]
    with pytest.raises(BadAlert):
        Policy(wishes={"special-warning": Wish.LOG})


@pytest.mark.parametrize("purpose", [(), ("rehearsal",), ("real",)])
def test_f5_kyotanabe_2014_a_test_that_was_taken_for_real(purpose: tuple[str, ...]) -> None:
    """No purpose, an unknown one, one that its status contradicts: no output, a loud fault."""
    effects = hears_ground(receiver(), signed(with_parameters(exercise(), purpose=purpose)))
    assert warns(effects) == []
    assert faults(effects) == {"message"}


def test_f6_ojiya_2017_and_f15_kushiro_2019_real_with_drill_words_and_a_drill_without() -> None:
    """The receiver's label hangs on the signed purpose alone; no text and no setting can add or take it away."""
    (drill,) = warns(hears_ground(receiver(), exercise_bytes()))
    (truth,) = warns(hears_ground(receiver(), signed(real())))
    assert (drill.purpose, drill.label) == (Purpose.EXERCISE, "exercise")
    assert (truth.purpose, truth.label) == (Purpose.REAL, "")
    assert all(said.label for said in words_of(drill, ("ja", "en", "de", "ko")))
    assert not any(said.label for said in words_of(truth, ("ja", "en", "de", "ko")))


def test_f10_tokyo_2022_areas_of_an_earlier_drill_that_were_still_set() -> None:
    """Every message stands for its own area: what an earlier one named adds nothing to the next."""
    box = sane(receiver("13361"))  # Oshima, Tokyo
    there = exercise(identifier="drill-tokyo")
    area = replace(there.infos[0].areas[0], polygons=(), geocodes=(Named(value_name="JISX0401", value="13"),))
    earlier = replace(there, infos=tuple(replace(info, areas=(area,)) for info in there.infos))
    assert len(warns(hears_ground(box, signed(earlier)))) == 1
    hokkaido = encode(replace(MISSILE, prefectures=(1,)), preamble=0x53, counter=0)
    assert warns(hears_air(box, hokkaido, after_s=30)) == []


def test_x11_los_angeles_2025_an_area_that_was_lost_and_old_alerts_that_came_back() -> None:
    """No area is nobody's alert, never everybody's; what has expired is not sounded by a line that comes back."""
    nowhere = replace(real(), infos=tuple(replace(info, areas=()) for info in real().infos))
    effects = hears_ground(receiver(), signed(nowhere))
    assert warns(effects) == []
    assert faults(effects) == {"unsure"}
    assert warns(hears_ground(receiver(), signed(real()), after_s=7200)) == []


@given(st.integers(0, 249))
def test_x15_dallas_2017_sirens_set_off_by_a_radio(bit: int) -> None:
    """A radio that is deceived sets off nothing by itself, a replayed frame is old, and somebody can stop it here."""
    deceived = receiver()
    deceived.hear_radio(replace(SANE, spoofing=Level.WARNING))
    assert warns(hears_air(deceived, frame(MISSILE))) == []
    replayed = sane(receiver())
    replayed.hear_radio(replace(SANE, at=ELEVEN + timedelta(hours=2)))
    assert warns(hears_air(replayed, frame(MISSILE), after_s=7200)) == []
    box = sane(receiver())
    assert len(warns(hears_air(box, frame(MISSILE)))) == 1
    box.stop(by="caretaker", now=ELEVEN + 2 * SECOND)
    broken = bytearray(frame(MISSILE))
    broken[bit // 8] ^= 0x80 >> bit % 8
    assert warns(hears_air(box, bytes(broken), after_s=3) + hears_air(box, frame(MISSILE), after_s=4)) == []


def test_x18_saskatchewan_a_failed_verification_that_was_published_as_no_alerts() -> None:
    """What cannot be verified is a fault that says so; what is on stays on."""
    box = receiver()
    hears_ground(box, signed(real()))
    live = {one.name for one in box.memory.live()}
    broken = exercise_bytes().replace(b"exercise-1", b"exercise-2")
    effects = hears_ground(box, broken)
    assert faults(effects) == {"signature"}
    assert not [effect for effect in effects if isinstance(effect, End)]
    assert {one.name for one in box.memory.live()} == live
