"""Two people, in turn; every deed durable; nothing issued twice, nothing issued that was not read."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from house import ELEVEN, SCENARIO, SENDER, exercise, key, trust, with_parameters
from satwarn.adapters.keys import make_officer_key
from satwarn.adapters.ledger.sqlite import SqliteLedger
from satwarn.alert import seal
from satwarn.alert.alert import Alert, Certainty, Info, Named, Severity, Status, Urgency
from satwarn.alert.lifecycle import LIFECYCLE, Deed, State, after
from satwarn.alert.seal import Verdict, draft_digest
from satwarn.area.shape import Circle
from satwarn.authority.desk import Desk
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Officer, Role, approval_statement, sign_approval
from satwarn.errors import BadAlert, BadArea, NotAllowed, OutOfTurn
from satwarn.ledger.chain import verify
from satwarn.ledger.entry import Record

TANAKA, SATO = make_officer_key(), make_officer_key()
KEYS = {"Tanaka": TANAKA, "Sato": SATO}
BOTH = frozenset({Role.AUTHOR, Role.APPROVER})


def officers() -> dict[str, Officer]:
    return {
        name: Officer(name=name, roles=BOTH, jurisdiction=EVERYWHERE, public_key=key.public_key().public_bytes_raw())
        for name, key in KEYS.items()
    }


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    return SqliteLedger(tmp_path / "ledger.db")


@pytest.fixture
def desk(ledger: SqliteLedger) -> Desk:
    return Desk(ledger, officers(), sender=SENDER)


def sealed(xml: bytes) -> bytes:
    return seal.sign(xml, key_pem=key().key_pem, certificate_pem=key().certificate_pem)


def approve(desk: Desk, *, by: str = "Sato", digest: str | None = None, signer: str | None = None) -> None:
    digest = digest or desk.stands("w").digest
    assent = sign_approval(KEYS[signer or by], "w", digest)
    desk.approve(subject="w", by=by, digest=digest, assent=assent, now=ELEVEN)


def to_submitted(desk: Desk) -> None:
    desk.draft(exercise(), subject="w", by="Tanaka", now=ELEVEN)
    desk.submit(subject="w", by="Tanaka", now=ELEVEN)


def test_the_way_of_two_people(desk: Desk, ledger: SqliteLedger) -> None:
    to_submitted(desk)
    approve(desk)
    issued = desk.issue(subject="w", by="Tanaka", seal=sealed, now=ELEVEN)
    assert [entry.kind for entry in ledger.since()] == ["draft", "submit", "approve", "issue"]
    assert issued.alert.sent == ELEVEN
    assert desk.stands("w").state is State.ON_AIR
    judged = seal.verify(issued.signed, trust(), at=ELEVEN)
    assert judged.verdict is Verdict.TRUSTED
    assert judged.alert.identifier == issued.alert.identifier == "satwarn-20170818T020000Z-4"
    assert draft_digest(judged.alert) == desk.stands("w").approved_digest
    verify(ledger.since())


def test_the_author_cannot_approve(desk: Desk) -> None:
    to_submitted(desk)
    with pytest.raises(NotAllowed, match="somebody else"):
        approve(desk, by="Tanaka")
    assert desk.stands("w").state is State.SUBMITTED


def test_whoever_changed_it_cannot_approve(desk: Desk) -> None:
    to_submitted(desk)
    desk.change(exercise(note="other words"), subject="w", by="Sato", now=ELEVEN)
    desk.submit(subject="w", by="Tanaka", now=ELEVEN)
    with pytest.raises(NotAllowed, match="somebody else"):
        approve(desk)


def test_an_approval_of_what_has_changed_since_is_refused(desk: Desk) -> None:
    to_submitted(desk)
    read = desk.stands("w").digest
    desk.change(exercise(note="other words"), subject="w", by="Tanaka", now=ELEVEN)
    desk.submit(subject="w", by="Tanaka", now=ELEVEN)
    with pytest.raises(NotAllowed, match="changed since"):
        approve(desk, digest=read)


def test_a_change_after_approval_takes_the_approval_away(desk: Desk) -> None:
    to_submitted(desk)
    approve(desk)
    desk.change(exercise(note="other words"), subject="w", by="Tanaka", now=ELEVEN)
    with pytest.raises(OutOfTurn):
        desk.issue(subject="w", by="Tanaka", seal=sealed, now=ELEVEN)
    desk.submit(subject="w", by="Tanaka", now=ELEVEN)
    approve(desk)  # so that whoever said yes is asked anew, and may say so again
    assert desk.stands("w").approved == ("Sato",)


def test_an_approval_with_somebody_elses_key_is_refused(desk: Desk) -> None:
    to_submitted(desk)
    with pytest.raises(NotAllowed, match="not signed by Sato"):
        approve(desk, by="Sato", signer="Tanaka")


def test_nothing_is_issued_twice(desk: Desk) -> None:
    to_submitted(desk)
    approve(desk)
    desk.issue(subject="w", by="Tanaka", seal=sealed, now=ELEVEN)
    with pytest.raises(OutOfTurn, match="on air"):
        desk.issue(subject="w", by="Tanaka", seal=sealed, now=ELEVEN)


def test_a_seal_that_fails_leaves_it_approved(desk: Desk, ledger: SqliteLedger) -> None:
    def broken(xml: bytes) -> bytes:
        raise OSError("the key card was pulled")

    to_submitted(desk)
    approve(desk)
    with pytest.raises(OSError, match="pulled"):
        desk.issue(subject="w", by="Tanaka", seal=broken, now=ELEVEN)
    assert desk.stands("w").state is State.APPROVED
    assert ledger.head.position == 3


def test_a_yes_is_to_one_warning_one_text_and_one_purpose() -> None:
    assert approval_statement("w", "d") == b"satwarn approve w d"
    other = with_parameters(exercise(), purpose=("technical-test",))
    assert draft_digest(other) != draft_digest(exercise())


EXERCISE = exercise()
FIRST, LAST = EXERCISE.infos[0], EXERCISE.infos[-1]
ELSEWHERE = (replace(FIRST.areas[0], geocodes=FIRST.areas[0].geocodes[1:]), *FIRST.areas[1:])
READ: dict[str, dict[str, Any]] = {
    "area": {"areas": ELSEWHERE},
    "shape": {"areas": (replace(FIRST.areas[0], circles=(Circle(latitude_deg=35, longitude_deg=134, radius_km=1),)),)},
    "end": {"expires": ELEVEN + timedelta(hours=9)},
    "beginning": {"onset": ELEVEN + timedelta(minutes=9)},
    "effective": {"effective": ELEVEN + timedelta(minutes=9)},
    **{
        part: {part: "otherwise"} for part in ("event", "headline", "description", "instruction", "audience", "contact")
    },
    "severity": {"severity": Severity.UNKNOWN},
    "urgency": {"urgency": Urgency.UNKNOWN},
    "certainty": {"certainty": Certainty.UNKNOWN},
    "purpose and frames": {"parameters": ()},
    "danger": {"event_codes": (Named(value_name="CAMF-A4", value="8"),)},
}
"""What an approver reads of a language."""


@pytest.mark.parametrize("what", list(READ))
@pytest.mark.parametrize("info", [FIRST, LAST], ids=["the first language", "the last"])
def test_a_yes_covers_all_that_was_read_in_every_language(what: str, info: Info) -> None:
    other = replace(info, **READ[what])
    assert other != info
    changed = replace(EXERCISE, infos=tuple(other if one is info else one for one in EXERCISE.infos))
    assert draft_digest(changed) != draft_digest(EXERCISE)


def test_a_yes_covers_every_language_the_status_and_the_note_but_not_name_and_time() -> None:
    same = replace(EXERCISE, identifier="another", sent=ELEVEN + timedelta(minutes=1))
    assert draft_digest(same) == draft_digest(EXERCISE)
    for other in (
        replace(EXERCISE, infos=EXERCISE.infos[:-1]),
        replace(EXERCISE, infos=EXERCISE.infos[1:]),
        replace(EXERCISE, status=Status.TEST),
        replace(EXERCISE, note="otherwise"),
        replace(EXERCISE, source="somebody else"),
    ):
        assert draft_digest(other) != draft_digest(EXERCISE)


def test_nobody_begins_under_a_name_that_is_taken(desk: Desk) -> None:
    to_submitted(desk)
    with pytest.raises(BadAlert, match="already a warning of this name"):
        desk.draft(exercise(), subject="w", by="Tanaka", now=ELEVEN)
    assert desk.stands("w").state is State.SUBMITTED


def test_what_is_about_to_be_sent_is_held_against_what_was_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    to_submitted(desk)
    approve(desk)
    monkeypatch.setattr("satwarn.authority.desk.written_digest", lambda _: "another text's")
    with pytest.raises(NotAllowed, match="what would be sent"):
        desk.issue(subject="w", by="Tanaka", seal=sealed, now=ELEVEN)
    assert desk.stands("w").state is State.APPROVED


def test_a_yes_in_the_ledger_to_another_text_lets_nothing_out(desk: Desk, ledger: SqliteLedger) -> None:
    to_submitted(desk)
    body = {"digest": "another text's", "by": "key", "signature": ""}
    with ledger.work() as work:
        work.record(Record(kind="approve", subject="w", actor="Sato", at=ELEVEN, body=body))
    with pytest.raises(NotAllowed, match="not what would be issued"):
        desk.issue(subject="w", by="Tanaka", seal=sealed, now=ELEVEN)


def test_refused_goes_back_to_its_author(desk: Desk) -> None:
    to_submitted(desk)
    desk.refuse(subject="w", by="Sato", reason="which prefectures?", now=ELEVEN)
    assert desk.stands("w").state is State.DRAFT


def test_strangers_may_nothing(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="not an officer"):
        desk.draft(exercise(), subject="w", by="Nobody", now=ELEVEN)


def test_a_role_that_does_not_carry_the_deed_is_refused(ledger: SqliteLedger) -> None:
    approver = replace(officers()["Sato"], roles=frozenset({Role.APPROVER}))
    with pytest.raises(NotAllowed, match="may not draft"):
        Desk(ledger, {"Sato": approver}, sender=SENDER).draft(exercise(), subject="w", by="Sato", now=ELEVEN)


def without_area() -> Alert:
    alert = exercise()
    return replace(alert, infos=tuple(replace(info, areas=()) for info in alert.infos))


def with_code(code: str) -> Alert:
    alert = exercise()
    area = replace(alert.infos[0].areas[0], geocodes=(Named(value_name="JISX0401", value=code),))
    return replace(alert, infos=tuple(replace(info, areas=(area,)) for info in alert.infos))


@pytest.mark.parametrize(
    ("alert", "error", "says"),
    [
        (without_area(), BadAlert, "no area"),
        (replace(exercise(), infos=()), BadAlert, "says nothing"),
        (with_code("48"), BadArea, "48"),
        (with_parameters(exercise(), purpose=("rehearsal",)), BadAlert, "purpose"),
        (replace(exercise(), status=Status.ACTUAL), BadAlert, "contradicts"),
        (replace(exercise(), sender="somebody@else.example"), BadAlert, "not this authority"),
    ],
    ids=["no area", "no info", "unknown code", "unknown purpose", "status against purpose", "other sender"],
)
def test_what_may_not_be_drafted(desk: Desk, alert: Alert, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        desk.draft(alert, subject="w", by="Tanaka", now=ELEVEN)


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("state", list(State))
def test_the_table_is_the_whole_of_it(state: State, deed: Deed) -> None:
    if deed in LIFECYCLE[state]:
        assert after(state, deed) is LIFECYCLE[state][deed]
    else:
        with pytest.raises(OutOfTurn, match="it may"):
            after(state, deed)


# ── killed between approve and issue ─────────────────────────────────────────────────────────────

KILLED_WHILE_ISSUING = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {path!r}
import authority.test_desk as t
from satwarn.adapters.ledger.sqlite import SqliteLedger
from satwarn.area.shape import Circle
from satwarn.authority.desk import Desk
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
ledger = SqliteLedger(Path({file!r}), before_commit=die if {when!r} == "before" else (lambda: None))
desk = Desk(ledger, t.officers(), sender=t.SENDER)
desk.issue(subject="w", by="Tanaka", seal=t.sealed, now=t.ELEVEN)
die()
"""


@pytest.mark.parametrize(("when", "state"), [("before", State.APPROVED), ("after", State.ON_AIR)])
def test_killed_while_issuing_it_is_issued_once_or_still_approved(tmp_path: Path, when: str, state: State) -> None:
    file = tmp_path / "ledger.db"
    first = SqliteLedger(file)
    to_submitted(Desk(first, officers(), sender=SENDER))
    approve(Desk(first, officers(), sender=SENDER))
    first.close()
    script = KILLED_WHILE_ISSUING.format(path=sys.path, file=str(file), when=when)
    killed = subprocess.run([sys.executable, "-c", script], check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    again = SqliteLedger(file)
    desk = Desk(again, officers(), sender=SENDER)
    assert desk.stands("w").state is state
    verify(again.since())
    if state is State.APPROVED:
        desk.issue(subject="w", by="Tanaka", seal=sealed, now=ELEVEN + timedelta(seconds=9))
    assert [entry.kind for entry in again.since()].count("issue") == 1


def test_the_exercise_of_the_scenario_is_what_two_people_agree_on() -> None:
    alert = exercise()
    assert isinstance(alert.sent, datetime)
    assert alert.geocodes("JISX0401") == SCENARIO.prefectures
    assert len(alert.infos) == 4
