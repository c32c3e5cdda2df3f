"""Nobody reaches beyond what they hold: not by what follows on a warning, not by an office that has changed, not by
shapes that look alike or differ between languages."""

from dataclasses import replace
from pathlib import Path

import pytest

from authority.making import LATER, MACHINE, Office, drill, sealed, warning
from house import ELEVEN
from satwarn.alert.alert import Alert
from satwarn.alert.lifecycle import State
from satwarn.alert.purpose import Purpose
from satwarn.area.shape import Polygon
from satwarn.authority import difference
from satwarn.authority.agreement import Message
from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
from satwarn.authority.officer import Role
from satwarn.errors import BadAlert, NotAllowed, OutOfTurn
from satwarn.ledger.receipt import Path as Way


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.at(tmp_path)


def over(*areas: str) -> Jurisdiction:
    return replace(EVERYWHERE, areas=frozenset(areas))


def approved(office: Office, alert: Alert) -> None:
    office.submitted(alert)
    office.desk.approve(**office.assent("approver", "w"), now=ELEVEN)


# ── what follows on a warning ────────────────────────────────────────────────────────────────────


def test_two_of_a_neighbour_cannot_take_our_warning_away_by_moving_it_to_theirs(office: Office) -> None:
    office.on_air(warning(codes=("13",)))
    for name, role in (("theirs", Role.AUTHOR), ("too", Role.APPROVER)):
        office.appoint(name, {role}, over("31"))
    theirs = warning(codes=("31",))
    with pytest.raises(NotAllowed, match="may not warn"):
        office.desk.follow(theirs, warning="w", does="update", subject="u", by="theirs", now=LATER)
    office.desk.follow(warning(codes=("13", "31")), warning="w", does="update", subject="u", by="author", now=LATER)
    with pytest.raises(NotAllowed, match="may not warn"):
        office.desk.change(theirs, subject="u", by="theirs", now=LATER)
    office.desk.change(theirs, subject="u", by="author", now=LATER)
    office.desk.submit(subject="u", by="author", now=LATER, typed="missile attack")
    with pytest.raises(NotAllowed, match="may not warn"):
        office.desk.approve(**office.assent("too", "u"), now=LATER)
    office.desk.approve(**office.assent("approver", "u"), now=LATER)
    with pytest.raises(NotAllowed, match="may not warn"):
        office.issue("u", by="too", now=LATER)
    assert office.desk.stands("w").said.geocodes("JISX0401") == ("13",)


def test_a_warning_keeps_its_purpose(office: Office) -> None:
    office.on_air(drill())
    with pytest.raises(BadAlert, match="purpose"):
        office.desk.follow(warning(), warning="w", does="update", subject="u", by="author", now=LATER)
    office.desk.follow(drill(codes=("32",)), warning="w", does="update", subject="u", by="author", now=LATER)
    for other in (warning(), drill(purpose=Purpose.TECHNICAL_TEST.value)):
        with pytest.raises(BadAlert, match="purpose"):
            office.desk.change(other, subject="u", by="author", now=LATER)


def shaped(*polygons: Polygon) -> Alert:
    alert = warning()
    area = replace(alert.infos[0].areas[0], polygons=polygons)
    return replace(alert, infos=tuple(replace(info, areas=(area,)) for info in alert.infos))


BEGINS, MIDDLE, ENDS = (35.0, 134.0), ((35.5, 134.0), (35.5, 134.5), (35.0, 134.5)), ((35.0, 134.0),)
BIG = Polygon(points=(BEGINS, *MIDDLE, *ENDS))
SMALL = Polygon(points=(BEGINS, (35.1, 134.0), (35.1, 134.1), (35.0, 134.1), *ENDS))
MORE = Polygon(points=((34.0, 133.0), (34.5, 133.0), (34.5, 133.5), (34.0, 133.0)))


def test_a_shape_that_only_looks_alike_is_no_wider_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    # In words a polygon is its first corner, how many there are, and three bytes of a hash: made equal in seconds.
    monkeypatch.setattr(difference, "hash", lambda _: 0, raising=False)
    assert difference.places_of(shaped(BIG)) == difference.places_of(shaped(SMALL))
    office.on_air(shaped(BIG))
    for other in (shaped(SMALL), shaped(SMALL, MORE)):
        assert not difference.only_widens(shaped(BIG), other)
    assert difference.only_widens(shaped(BIG), shaped(BIG, MORE))
    office.desk.follow(shaped(SMALL, MORE), warning="w", does="update", subject="u", by="author", now=LATER)
    assert office.desk.stands("u").message is Message.CHANGE
    with pytest.raises(OutOfTurn):
        office.desk.widen(**office.assent("author", "u"), now=LATER)


def test_every_language_warns_the_same_shape(office: Office) -> None:
    alert = shaped(BIG)
    first, *others = alert.infos
    other = replace(alert, infos=(replace(first, areas=shaped(SMALL).infos[0].areas), *others))
    with pytest.raises(BadAlert, match="different places"):
        office.desk.draft(other, subject="w", by="author", now=ELEVEN)


# ── an office that has changed ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("roles", "held"),
    [
        ({Role.AUTHOR}, EVERYWHERE),
        ({Role.APPROVER}, over("13")),
        ({Role.APPROVER}, replace(EVERYWHERE, purposes=frozenset({Purpose.EXERCISE}))),
        ({Role.APPROVER}, replace(EVERYWHERE, hazards=frozenset({"flood"}))),
    ],
    ids=["another role", "another place", "drills only", "another hazard"],
)
def test_a_yes_counts_only_while_whoever_said_it_may_say_it(
    office: Office, roles: set[Role], held: Jurisdiction
) -> None:
    approved(office, warning())
    yes = office.people["approver"]
    office.people["approver"] = replace(yes, roles=frozenset(roles), jurisdiction=held)
    with pytest.raises(NotAllowed, match="approver"):
        office.issue("w")
    assert office.desk.stands("w").state is State.APPROVED
    office.people["approver"] = yes
    office.issue("w")


def test_the_yes_of_somebody_who_was_removed_counts_no_more(office: Office) -> None:
    approved(office, warning())
    del office.people["approver"]
    with pytest.raises(NotAllowed, match="not an officer"):
        office.issue("w")


def test_nor_does_the_draft_of_somebody_who_was_removed_go_out(office: Office) -> None:
    approved(office, warning())
    del office.people["author"]
    with pytest.raises(NotAllowed, match="not an officer"):
        office.issue("w", by="second")


def test_no_machine_puts_on_the_air_what_people_agreed_on_and_still_hold(office: Office) -> None:
    approved(office, warning())
    with pytest.raises(NotAllowed, match="may not issue"):
        office.issue("w", by=MACHINE)


@pytest.mark.parametrize("deed", ["keep", "unlock", "refuse", "drop"])
def test_whoever_holds_only_drills_stops_nothing_real(office: Office, deed: str) -> None:
    everything = {Role.AUTHOR, Role.APPROVER, Role.DUTY_OFFICER}
    office.appoint("drills", everything, replace(EVERYWHERE, purposes=frozenset({Purpose.EXERCISE})))
    office.desk.draft(warning(), subject="w", by="author", now=ELEVEN)
    if deed != "drop":
        office.desk.submit(subject="w", by="author", now=ELEVEN, typed="missile attack")
    if deed in ("keep", "unlock"):
        office.desk.approve(**office.assent("approver", "w"), now=ELEVEN)
        office.issue("w")
    if deed == "keep":
        office.desk.unlock(subject="w", by="duty", now=LATER)
    more = {"reason": "no"} if deed in ("refuse", "drop") else {}
    with pytest.raises(NotAllowed, match="purpose"):
        getattr(office.desk, deed)(subject="w", by="drills", now=LATER, **more)
    if deed == "keep":
        office.desk.retract(subject="w", by="duty", reason="error", seal=sealed, now=LATER)


def test_two_who_share_no_path_send_nothing_into_nowhere(office: Office) -> None:
    for name, role, way in (("author", Role.AUTHOR, Way.GNSS), ("approver", Role.APPROVER, Way.GROUND)):
        office.appoint(name, {role}, replace(EVERYWHERE, paths=frozenset({way})))
    approved(office, warning())
    with pytest.raises(NotAllowed, match="reach nobody"):
        office.issue("w")
    assert office.desk.stands("w").state is State.APPROVED


# ── what can be read otherwise than it is sent ───────────────────────────────────────────────────


def saying(text: str) -> Alert:
    alert = warning()
    return replace(alert, infos=tuple(replace(info, instruction=text) for info in alert.infos))


@pytest.mark.parametrize("text", ["Do \u202enot\u202c go out", "Stay\u200b in", "\u2066in\u2069", "x" * 20_000])
def test_a_text_that_nobody_can_read_as_it_is_sent_goes_no_further(office: Office, text: str) -> None:
    office.desk.propose(saying(text), subject="p", by=MACHINE, now=ELEVEN)  # people see what came, and say it anew
    with pytest.raises(BadAlert, match=r"mark that nobody sees|characters"):
        office.desk.agree(**office.assent("approver", "p"), now=ELEVEN)
    office.desk.adopt(subject="p", by="author", now=ELEVEN)
    with pytest.raises(BadAlert, match=r"mark that nobody sees|characters"):
        office.desk.submit(subject="p", by="author", now=ELEVEN, typed="missile attack")
    office.desk.change(warning(), subject="p", by="author", now=ELEVEN)
    office.desk.submit(subject="p", by="author", now=ELEVEN, typed="missile attack")


def test_joiners_that_languages_need_may_stand(office: Office) -> None:
    office.submitted(saying("می\u200cخواهم, \u200fניסיון\u200f"))
