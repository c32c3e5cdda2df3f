"""Failures of drills that did not take place as announced, rebuilt: people are told, in time and without a sound."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from authority.making import Office, drill, sealed, warning
from house import ELEVEN, trust
from satwarn.alert.lifecycle import State
from satwarn.alert.plan import drill_called_off, plan_of
from satwarn.authority.drill_notice import announce
from satwarn.errors import NotAllowed
from satwarn.ledger.receipt import Act
from satwarn.ledger.receipt import Path as Way
from satwarn.receiver.effects import Show, Warn
from satwarn.receiver.machine import Receiver
from satwarn.receiver.site import Site

HOUR = timedelta(hours=1)


def on_air(office: Office, subject: str, *, now: object = ELEVEN) -> bytes:
    office.desk.submit(subject=subject, by="author", now=ELEVEN)
    office.desk.approve(**{**office.assent("approver", subject), "typed": ""}, now=ELEVEN)
    return office.issue(subject).signed


def test_f16_a_drill_held_by_a_real_event_is_called_off_and_people_are_told_at_once(tmp_path: Path) -> None:
    """2023-07-12: a real missile one hour before a national drill; that it was cancelled reached people at 11:02."""
    office = Office.at(None)
    exercise = drill(codes=("31",))
    plan = announce(exercise, name="national", armed_from=ELEVEN + HOUR, armed_until=ELEVEN + 2 * HOUR, now=ELEVEN)
    office.desk.draft(exercise, subject="x", by="author", now=ELEVEN)
    office.desk.draft(plan, subject="plan", by="author", now=ELEVEN)
    armed = on_air(office, "plan")
    here, there = (Receiver(Site(code=code, outputs=("speaker",)), trust()) for code in ("31202", "13101"))
    for box in (here, there):
        box.hear_message(armed, path=Way.GROUND, now=ELEVEN)
        assert box.memory.plans

    office.on_air(warning())
    office.desk.submit(subject="x", by="author", now=ELEVEN)
    office.desk.approve(**{**office.assent("approver", "x"), "typed": ""}, now=ELEVEN)
    with pytest.raises(NotAllowed, match="held: a real warning"):
        office.issue("x")

    # what calls it off has lain ready since it was announced: one person, two actions
    office.desk.unlock(subject="plan", by="duty", now=ELEVEN)
    ended = office.desk.retract(subject="plan", by="duty", reason="real event", seal=sealed, now=ELEVEN)
    assert office.desk.stands("plan").state is State.RETRACTED
    assert drill_called_off(ended.alert) == "national"
    assert plan_of(ended.alert) is None
    assert {info.language for info in ended.alert.infos} == {"en", "de", "ja", "ko"}
    assert all("national" in info.headline and info.instruction for info in ended.alert.infos)
    for box, act in ((here, Act.SHOWN), (there, Act.SILENT)):
        box.effects()
        box.hear_message(ended.signed, path=Way.GROUND, now=ELEVEN)
        effects = box.effects()
        assert not box.memory.plans
        assert not [effect for effect in effects if isinstance(effect, Warn)]
        assert [effect.infos for effect in effects if isinstance(effect, Show)] == (
            [ended.alert.infos] if act is Act.SHOWN else []
        )
        assert [known.act for known in box.memory.warnings.values()] == [act]
        # a late copy of the plan arms nothing any more, and neither copy says anything twice
        for late in (armed, ended.signed):
            box.hear_message(late, path=Way.MULTICAST, now=ELEVEN)
        assert not box.memory.plans
        assert not [effect for effect in box.effects() if isinstance(effect, Show | Warn)]


def test_f16_nobody_else_calls_a_drill_off() -> None:
    """A stranger's message, or one that speaks of what another sent, leaves the site armed."""
    office = Office.at(None)
    exercise = drill(codes=("31",))
    plan = announce(exercise, name="national", armed_from=ELEVEN + HOUR, armed_until=ELEVEN + 2 * HOUR, now=ELEVEN)
    office.desk.draft(plan, subject="plan", by="author", now=ELEVEN)
    box = Receiver(Site(code="31202", outputs=("speaker",)), trust())
    box.hear_message(on_air(office, "plan"), path=Way.GROUND, now=ELEVEN)
    office.desk.unlock(subject="plan", by="duty", now=ELEVEN)
    ended = office.desk.retract(subject="plan", by="duty", reason="", seal=sealed, now=ELEVEN)
    box.hear_message(ended.signed.replace(b"national", b"notional"), path=Way.GROUND, now=ELEVEN)
    assert box.memory.plans
    assert replace(ended.alert, infos=()).references[0].sender == ended.alert.sender
