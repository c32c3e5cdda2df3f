"""Failures of the past at the desk, rebuilt: here they cannot happen, or are seen at once.

Numbers are those of the list of failures the house keeps (docs/explanation/history.md).
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from authority.making import LATER, SECOND, Office, drill, sealed, warning
from house import ELEVEN, SENDER, key, trust
from satwarn.alert import cap, seal
from satwarn.alert.alert import Area, MsgType, Named, Reference
from satwarn.alert.chain import Ending, ending_of
from satwarn.alert.lifecycle import State
from satwarn.alert.purpose import Purpose
from satwarn.alert.seal import Verdict
from satwarn.app.compose import Composed, Said, compose, form_of, template_of
from satwarn.app.preview import preview
from satwarn.app.realm_views import Views
from satwarn.authority.guards import Policy
from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.officer import Role
from satwarn.authority.prepared import Shelf
from satwarn.authority.roster import Roster
from satwarn.errors import BadAlert, NotAllowed, OutOfTurn, SatwarnError
from satwarn.hub.intake import Known, Refused, decide
from satwarn.ledger.receipt import Path as Way

JST = timezone(timedelta(hours=9), "JST")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.at(None)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "This is a drill. Take shelter."),
        ("ja", "これは訓練です。"),
        ("de", "Dies ist nur eine Übung."),
        ("ko", "훈련입니다."),
    ],
)
def test_f6_nothing_real_says_of_itself_that_it_is_a_drill(office: Office, tag: str, words: str) -> None:
    """2017-08-29, Ojiya and Tsuruta: a real missile, read out with the words of the drill."""
    said = {tag: Said(headline="J-ALERT", description=words, instruction="…")}
    office.desk.draft(warning(said=said), subject="w", by="author", now=ELEVEN)
    with pytest.raises(BadAlert, match="is real and says"):
        office.desk.submit(subject="w", by="author", now=ELEVEN, typed="missile attack")


def test_f10_areas_of_an_earlier_drill_never_come_back() -> None:
    """2022-10-04, Tokyo's islands: nine municipalities were warned by areas left over from a drill."""
    form = form_of(drill(codes=("13",)))
    template = template_of(form, sender=SENDER, now=ELEVEN)
    assert all(info.areas == () for info in template.infos)
    roster = Roster()
    shelf = Shelf(Office.at(None).ledger, roster, sender=SENDER)
    with pytest.raises(BadAlert, match="no place"):
        shelf.write_template("exercise", drill(codes=("13",)), by="author", now=ELEVEN)
    assert Composed().codes == ()


def test_f13_what_ends_a_warning_goes_by_every_path_that_carried_it(office: Office) -> None:
    """2022-11-03 and 2023-04-13: the correction came on Em-Net only."""
    office.policy = Policy(zone=JST)
    issued = office.on_air(warning())
    office.desk.unlock(subject="w", by="duty", now=LATER)
    ended = office.desk.retract(subject="w", by="duty", reason="", seal=sealed, now=LATER)
    assert ended.paths == issued.paths
    assert all("11:00" in info.description for info in ended.alert.infos)  # as the clocks there showed it


def test_f14_an_extreme_template_asks_to_type_the_danger(office: Office) -> None:
    """2018-01-16: a missile push by choosing the wrong prepared item."""
    office.desk.draft(warning(), subject="w", by="author", now=ELEVEN)
    with pytest.raises(NotAllowed, match="type what it warns of"):
        office.desk.submit(subject="w", by="author", now=ELEVEN)
    with pytest.raises(NotAllowed, match="type what it warns of"):
        office.desk.submit(subject="w", by="author", now=ELEVEN, typed="yes")
    assert office.desk.submit(subject="w", by="author", now=ELEVEN, typed=" ミサイル攻撃 ").state is State.SUBMITTED


def test_f16_a_drill_is_held_while_a_real_warning_is_on_the_air(office: Office) -> None:
    """2023-07-12: a missile flew an hour before the national test."""
    office.submitted(drill(), "d")
    office.desk.approve(**office.assent("approver", "d"), now=ELEVEN)
    office.on_air(warning())
    with pytest.raises(NotAllowed, match="held: a real warning"):
        office.issue("d", now=LATER)
    assert office.desk.stands("d").state is State.APPROVED


def test_x1_one_person_alone_cannot_send_and_a_correction_lies_ready(office: Office) -> None:
    """Hawaii 2018-01-13: one officer, one click; 38 minutes until the correction."""
    office.submitted(warning())
    with pytest.raises((NotAllowed, OutOfTurn)):
        office.issue("w")
    with pytest.raises(NotAllowed):
        office.desk.approve(**office.assent("author", "w"), now=ELEVEN)
    office.desk.approve(**office.assent("approver", "w"), now=ELEVEN)
    office.issue("w")
    retraction = cap.read(office.desk.stands("w").retraction).alert
    assert ending_of(retraction) is Ending.RETRACTION
    assert {info.language for info in retraction.infos} == {"en", "ja"}


@pytest.mark.parametrize("words", ["This is not a drill.", "THIS IS NOT A DRILL", "これは訓練ではありません。"])
def test_x1_no_drill_says_that_it_is_none(office: Office, words: str) -> None:
    said = {"en": Said(headline="Exercise", description=words, instruction="You need not do anything.")}
    office.desk.draft(drill(said=said), subject="d", by="author", now=ELEVEN)
    with pytest.raises(BadAlert, match="not a drill"):
        office.desk.submit(subject="d", by="author", now=ELEVEN)


def test_x2_what_will_be_received_is_shown_and_cancelling_is_one_step_away(office: Office) -> None:
    """DHS-OIG-19-08: tools need not preview or cancel."""
    shown = preview(office.submitted(warning()), Views(), {"31202": "simulated", "13101": "simulated"})
    (english,) = [one for one in shown.heard if one.language == "en"]
    assert english.headline == "Missile launched"
    assert english.lines == ("It may fall nearby.", "Take shelter.")
    assert (shown.codes, shown.municipalities, shown.sites) == (("31",), 19, 1)
    assert "top level" in shown.rings
    assert shown.coded.payloads  # and what the satellite will carry, with what does not fit
    office.desk.approve(**office.assent("approver", "w"), now=ELEVEN)
    office.issue("w")
    assert office.desk.unlock(subject="w", by="author", now=LATER).state is State.UNLOCKED


def test_x3_the_duty_officer_alone_takes_it_back(office: Office) -> None:
    """Pickering 2020-01-12: supervisors had no access; 108 minutes."""
    office.on_air(warning())
    office.desk.unlock(subject="w", by="duty", now=LATER)
    office.desk.retract(subject="w", by="duty", reason="a training message", seal=sealed, now=LATER + SECOND)
    assert office.desk.stands("w").state is State.RETRACTED


@pytest.mark.parametrize(("hour", "goes"), [(4, False), (7, False), (10, True), (22, False)])
def test_x4_no_drill_is_heard_at_night(office: Office, hour: int, goes: bool) -> None:
    """Florida 2023-04-20: a test woke phones at 04:45."""
    office.policy = Policy(zone=JST, quiet_from=time(21), quiet_until=time(8))
    now = datetime(2026, 4, 20, hour, 45, tzinfo=JST).astimezone(UTC)
    alert = replace(drill(), infos=tuple(replace(i, expires=now + timedelta(hours=1)) for i in drill().infos))
    office.submitted(alert)
    office.desk.approve(**office.assent("approver", "w"), now=now)
    if goes:
        office.issue("w", now=now)
    else:
        with pytest.raises(NotAllowed, match="no drill may be heard at night"):
            office.issue("w", now=now)


def test_x4_a_real_warning_goes_at_any_hour(office: Office) -> None:
    office.policy = Policy(zone=JST, quiet_from=time(0), quiet_until=time(23, 59))
    office.on_air(warning())


def test_x5_nobody_downstream_speaks_in_our_name() -> None:
    """Guam 2017-08-15: radio stations sent an unlabelled test as the authority."""
    radio = key("radio@guam.example")
    stranger = seal.sign(cap.write(warning()), key_pem=radio.key_pem, certificate_pem=radio.certificate_pem)
    judged = seal.verify(stranger, trust(), at=ELEVEN)
    answer = decide(judged, Known(senders=frozenset({SENDER})), now=ELEVEN)
    assert judged.verdict is not Verdict.TRUSTED
    assert isinstance(answer, Refused)


@pytest.mark.parametrize("missing", ["headline", "instruction", "expires"])
def test_x9_what_where_and_what_to_do_are_said(office: Office, missing: str) -> None:
    """Seoul 2023-05-31: neither reason nor place."""
    alert = warning(hazard="flood", severity="Severe")
    empty = None if missing == "expires" else ""
    bare = replace(alert, infos=tuple(replace(info, **{missing: empty}) for info in alert.infos))
    office.desk.draft(bare, subject="w", by="author", now=ELEVEN)
    with pytest.raises(BadAlert, match=missing):
        office.desk.submit(subject="w", by="author", now=ELEVEN)


def test_x9_who_may_warn_whom_is_asked(office: Office) -> None:
    tokyo = Jurisdiction(
        hazards=frozenset("*"), areas=frozenset({"13"}), purposes=frozenset(Purpose), paths=frozenset(Way)
    )
    office.appoint("author", {Role.AUTHOR}, tokyo)
    with pytest.raises(NotAllowed, match="may not warn Tottori"):
        office.desk.draft(warning(), subject="w", by="author", now=ELEVEN)


def test_x10_one_language_changed_and_the_others_not(office: Office) -> None:
    """Taiwan 2024-01-09: Chinese said satellite, English still missile."""
    office.desk.draft(warning(), subject="w", by="author", now=ELEVEN)
    said = {
        "en": Said(headline="Missile launched", description="It may fall nearby.", instruction="Take shelter."),
        "ja": Said(headline="衛星打上げ", description="上空を通過。", instruction="落下物に注意。"),
    }
    stands = office.desk.change(warning(said=said), subject="w", by="author", now=ELEVEN)
    assert stands.stale == {"en"}
    with pytest.raises(NotAllowed, match="en was not changed"):
        office.desk.submit(subject="w", by="author", now=ELEVEN, typed="missile attack")
    office.desk.change(warning(said=said), subject="w", by="author", now=ELEVEN, confirmed=frozenset({"en"}))
    assert office.desk.submit(subject="w", by="author", now=ELEVEN, typed="missile attack").stale == frozenset()


@pytest.mark.parametrize("areas", [(), (Area(description="Kenneth Fire"),)], ids=["none", "only words"])
def test_x11_a_lost_polygon_never_becomes_a_county(office: Office, areas: tuple[Area, ...]) -> None:
    """Los Angeles 2025-01-09: the polygon was lost on the way, ten million phones rang."""
    lost = replace(warning(), infos=tuple(replace(info, areas=areas) for info in warning().infos))
    with pytest.raises(BadAlert, match="names no area"):
        office.desk.draft(lost, subject="w", by="author", now=ELEVEN)


def test_x11_an_unknown_place_is_refused_by_name(office: Office) -> None:
    area = Area(description="nowhere", geocodes=(Named(value_name="JISX0401", value="99"),))
    lost = replace(warning(), infos=tuple(replace(info, areas=(area,)) for info in warning().infos))
    with pytest.raises(SatwarnError, match="99"):
        office.desk.draft(lost, subject="w", by="author", now=ELEVEN)


def test_x12_a_template_holds_the_words_so_that_minutes_are_not_spent_on_drafting(office: Office) -> None:
    """Valencia 2024-10-29: two hours of drafting, and the first text lacked "go up"."""
    form = Composed(
        hazard="flood",
        purpose="real",
        severity="Severe",
        said={"en": Said(headline="Flood", description="Water rises fast.", instruction="Go up to a higher floor.")},
    )
    begun = form_of(template_of(form, sender=SENDER, now=ELEVEN))
    alert = compose(replace(begun, minutes=90, codes=("31",)), sender=SENDER, now=ELEVEN)
    office.submitted(alert)
    assert office.desk.stands("w").alert.infos[0].instruction == "Go up to a higher floor."


@pytest.mark.parametrize("kind", [MsgType.UPDATE, MsgType.CANCEL, MsgType.ACK, MsgType.ERROR])
def test_x19_an_update_or_cancel_is_never_taken_for_a_new_alert(kind: MsgType) -> None:
    """An interface once treated every message as a new alert."""
    reference = Office.at(None).on_air(warning()).alert
    following = replace(
        warning(),
        identifier="next",
        msg_type=kind,
        references=(Reference(sender=reference.sender, identifier=reference.identifier, sent=reference.sent),),
    )
    judged = seal.verify(sealed(cap.write(following)), trust(), at=ELEVEN)
    answer = decide(judged, Known(senders=frozenset({SENDER})), now=ELEVEN)
    assert isinstance(answer, Refused)
    assert answer.question == "references_exist"
