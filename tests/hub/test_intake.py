"""Every question of the intake refuses what it is for, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from house import ELEVEN, SENDER, exercise, exercise_bytes, plan, signed, trust, with_parameters
from satwarn.adapters.keys import make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.alert import MsgType, Reference, Status
from satwarn.alert.seal import Sealed
from satwarn.hub.intake import INTAKE, Accepted, Known, Refused, decide
from satwarn.hub.route import ROUTES, route
from satwarn.ledger.receipt import Path

KNOWN = Known(senders=frozenset({SENDER}))


def judged(message: bytes) -> Sealed:
    return seal.verify(message, trust(), at=ELEVEN)


def question(message: bytes, *, known: Known = KNOWN, late: timedelta = timedelta()) -> str:
    answer = decide(judged(message), known, now=ELEVEN + late)
    return answer.question if isinstance(answer, Refused) else "accepted"


def test_a_good_alert_and_a_good_plan_pass() -> None:
    assert isinstance(decide(judged(exercise_bytes()), KNOWN, now=ELEVEN), Accepted)
    assert question(plan()) == "accepted"


def test_every_question_can_refuse() -> None:
    reference = Reference(sender=SENDER, identifier="unheard", sent=ELEVEN)
    update = exercise(msg_type=MsgType.UPDATE, references=(reference,))
    refused = [
        question(cap.write(exercise())),
        question(exercise_bytes(), known=Known(senders=frozenset())),
        question(exercise_bytes(), known=replace(KNOWN, heard=frozenset({exercise().key}))),
        question(signed(update)),
        question(exercise_bytes(), late=timedelta(hours=1)),
        question(exercise_bytes(), late=timedelta(hours=-1)),
        question(signed(with_parameters(exercise(), purpose=("rehearsal",)))),
    ]
    names = [
        "signature_holds", "sender_may_speak", "not_heard_before", "references_exist", "sent_in_time", "sent_in_time",
        "purpose_is_plain",
    ]  # fmt: skip
    assert refused == names
    assert set(names) == {asked.__name__ for asked in INTAKE}


def test_a_stranger_who_takes_our_name_is_refused() -> None:
    assert question(signed(exercise(), by=make_signing_key(SENDER, now=ELEVEN))) == "signature_holds"


def test_an_update_of_a_known_alert_passes() -> None:
    reference = Reference(sender=SENDER, identifier="exercise-1", sent=ELEVEN)
    update = exercise(msg_type=MsgType.UPDATE, references=(reference,), identifier="exercise-2")
    known = replace(KNOWN, heard=frozenset({exercise().key}))
    assert question(signed(update), known=known) == "accepted"


@pytest.mark.parametrize("status", list(Status))
def test_no_status_is_without_a_route_of_its_own(status: Status) -> None:
    assert status in ROUTES


def test_a_draft_leaves_on_no_path_and_a_plan_never_by_frame() -> None:
    everything = frozenset(Path)
    assert route(exercise(status=Status.DRAFT), open_paths=everything) == frozenset()
    assert Path.GNSS not in route(cap.read(plan()).alert, open_paths=everything)
    assert route(exercise(), open_paths=frozenset({Path.GROUND})) == {Path.GROUND}
