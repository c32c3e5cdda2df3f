"""Role x deed x purpose x jurisdiction x class: what the tables allow is done, all else leaves nothing."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from authority.making import LATER, MACHINE, Office, drill, sealed, warning
from house import ELEVEN, SENDER
from satwarn.alert.alert import Alert
from satwarn.alert.chain import Ending
from satwarn.alert.lifecycle import Deed
from satwarn.alert.purpose import Purpose
from satwarn.authority.ending import ending_of
from satwarn.authority.hazard import ApprovalClass, approval_class, hazard_of
from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
from satwarn.authority.officer import Role
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Prepared, Shelf, Sort, sign_statement, write_statement
from satwarn.authority.rights import rights
from satwarn.authority.roster import Person, Roster
from satwarn.errors import NotAllowed, OutOfTurn
from satwarn.ledger.receipt import Path as Way

Deal = Callable[[Office, str], object]

ALERTS: dict[ApprovalClass, Alert] = {
    ApprovalClass.MINUTES: warning(),
    ApprovalClass.ORDER: warning(hazard="tsunami"),
    ApprovalClass.TURN: warning(hazard="flood"),
}
TYPED = {"missile": "missile attack", "tsunami": "tsunami", "flood": "flood"}


def typed(alert: Alert) -> str:
    return TYPED[hazard_of(alert).key]


def held(purpose: Purpose = Purpose.REAL, area: str = "31", hazard: str = "*") -> Jurisdiction:
    return Jurisdiction(
        hazards=frozenset({hazard}), areas=frozenset({area}), purposes=frozenset({purpose}), paths=frozenset(Way)
    )


def _draft(office: Office, by: str, alert: Alert) -> object:
    return office.desk.draft(alert, subject="w", by=by, now=ELEVEN)


def _submit(office: Office, by: str, alert: Alert) -> object:
    office.desk.draft(alert, subject="w", by="author", now=ELEVEN)
    return office.desk.submit(subject="w", by=by, now=ELEVEN, typed=typed(alert))


def _ready(office: Office, alert: Alert) -> None:
    office.desk.draft(alert, subject="w", by="author", now=ELEVEN)
    office.desk.submit(subject="w", by="author", now=ELEVEN, typed=typed(alert))


def _approve(office: Office, by: str, alert: Alert) -> object:
    _ready(office, alert)
    return office.desk.approve(**{**office.assent(by, "w"), "typed": typed(alert)}, now=ELEVEN)


def _glass(office: Office, by: str, alert: Alert) -> object:
    _ready(office, alert)
    assent = {**office.assent(by, "w"), "typed": typed(alert)}
    return office.desk.break_glass(**assent, reason="nobody answers", now=ELEVEN + timedelta(seconds=30))


def _refuse(office: Office, by: str, alert: Alert) -> object:
    _ready(office, alert)
    return office.desk.refuse(subject="w", by=by, reason="where?", now=ELEVEN)


def _on_air(office: Office, alert: Alert) -> None:
    _ready(office, alert)
    office.desk.approve(**{**office.assent("approver", "w"), "typed": typed(alert)}, now=ELEVEN)
    office.issue("w")


def _issue(office: Office, by: str, alert: Alert) -> object:
    _ready(office, alert)
    office.desk.approve(**{**office.assent("approver", "w"), "typed": typed(alert)}, now=ELEVEN)
    return office.issue("w", by=by)


def _unlock(office: Office, by: str, alert: Alert) -> object:
    _on_air(office, alert)
    return office.desk.unlock(subject="w", by=by, now=LATER)


def _retract(office: Office, by: str, alert: Alert) -> object:
    _on_air(office, alert)
    office.desk.unlock(subject="w", by="duty", now=LATER)
    return office.desk.retract(subject="w", by=by, reason="", seal=sealed, now=LATER)


def _propose(office: Office, by: str, alert: Alert) -> object:
    return office.desk.propose(alert, subject="w", by=by, now=ELEVEN)


def _withdraw(office: Office, by: str, alert: Alert) -> object:
    proposer = by if Role.MACHINE in office.people[by].roles else MACHINE
    office.desk.propose(alert, subject="w", by=proposer, now=ELEVEN)
    return office.desk.withdraw(subject="w", by=by, reason="false", now=ELEVEN)


DEEDS = {
    Deed.PROPOSE: _propose,
    Deed.WITHDRAW: _withdraw,
    Deed.DRAFT: _draft,
    Deed.SUBMIT: _submit,
    Deed.APPROVE: _approve,
    Deed.GLASS: _glass,
    Deed.REFUSE: _refuse,
    Deed.ISSUE: _issue,
    Deed.UNLOCK: _unlock,
    Deed.RETRACT: _retract,
}
ROLES = list(Role)
# what each jurisdiction of the person who acts must lead to, for a real alert about Tottori (31)
OVER = {
    "all": (EVERYWHERE, True),
    "that place": (held(), True),
    "another place": (held(area="13"), False),
    "only drills": (held(Purpose.EXERCISE), None),  # None: refused where the alert's content is judged by purpose
    "another hazard": (held(hazard="gas-leak"), None),
}
JUDGED = {Deed.PROPOSE, Deed.WITHDRAW, Deed.DRAFT, Deed.APPROVE, Deed.GLASS, Deed.RETRACT}
"""Deeds that take the whole of an alert upon oneself: purpose and hazard count, not only the place."""
CASES = list(itertools.product(ROLES, DEEDS, OVER, ApprovalClass))


def test_every_role_deed_jurisdiction_and_class() -> None:
    checked = 0
    for role, deed, over, approval in CASES:
        jurisdiction, inside = OVER[over]
        office = Office.at(None)
        office.appoint("actor", {role}, jurisdiction)
        alert = ALERTS[approval]
        assert approval_class(alert) is approval
        minutes = deed is not Deed.GLASS or approval is ApprovalClass.MINUTES
        place = inside is not False and (inside is not None or deed not in JUDGED)
        # Issuing sends what two others agreed on: the issuer's own jurisdiction adds nothing.
        place = place or deed is Deed.ISSUE
        case = f"{role} {deed} over {over} in class {approval}"
        before = office.ledger.head.position
        if deed in rights()[role] and minutes and place:
            DEEDS[deed](office, "actor", alert)
            assert "actor" in {entry.actor for entry in office.ledger.since(before)}, case
        else:
            with pytest.raises((NotAllowed, OutOfTurn)):
                DEEDS[deed](office, "actor", alert)
            assert "actor" not in {entry.actor for entry in office.ledger.since()}, case
        office.ledger.close()
        checked += 1
    assert checked == len(ROLES) * len(DEEDS) * len(OVER) * len(ApprovalClass)


@pytest.mark.parametrize("purpose", [Purpose.PUBLIC_TEST, Purpose.EXERCISE, Purpose.TECHNICAL_TEST])
@pytest.mark.parametrize("hazard", ["missile", "tsunami", "flood"])
def test_every_drill_goes_in_turn_whatever_it_rehearses(tmp_path: Path, purpose: Purpose, hazard: str) -> None:
    alert = drill(hazard=hazard, purpose=purpose.value)
    assert approval_class(alert) is ApprovalClass.TURN
    office = Office.at(tmp_path)
    office.desk.propose(alert, subject="p", by=MACHINE, now=ELEVEN)
    with pytest.raises(OutOfTurn, match="way 'turn'"):
        office.desk.agree(**office.assent("approver", "p"), now=ELEVEN)
    with pytest.raises(OutOfTurn, match="way 'turn'"):
        office.issue("p", by=MACHINE)


def test_the_table_of_rights_names_every_deed_there_is() -> None:
    named = frozenset().union(*rights().values())
    assert {deed.value for deed in Deed} <= named


HANDS = ("approver", "actor")


def test_every_role_jurisdiction_and_class_for_standing_orders() -> None:
    """Who may write, sign and revoke an order, and that nobody gives more than they hold."""
    checked = 0
    for role, deed, (over, (jurisdiction, _)), hazard in itertools.product(
        Role, ("write", "sign", "revoke"), OVER.items(), ("tsunami", "flood")
    ):
        given = held(hazard=hazard)
        may = f"{deed} order" in rights()[role]
        holds = over in ("all", "that place")
        office = Office.at(None)
        office.appoint("actor", {role}, jurisdiction)
        roster = Roster(people={name: Person(officer=one) for name, one in office.people.items()})
        shelf = Shelf(office.ledger, roster, sender=SENDER)
        case = f"{role} {deed} over {over} for {hazard}"
        wanted = replace(ORDER, jurisdiction=given)
        vouch = partial(shelf.write_order, wanted, now=ELEVEN)
        nothing = Prepared(sort=Sort.ORDER, name="o")
        first = {name: office.signs(name, write_statement(nothing, wanted.to_json(), sender=SENDER)) for name in HANDS}
        found = vouch(by="approver", assent=first["approver"]) if deed != "write" else nothing
        second = office.signs("actor", sign_statement(found, sender=SENDER))
        before = office.ledger.head.position
        verbs: dict[str, Callable[[], object]] = {
            "write": partial(vouch, by="actor", assent=first["actor"]),
            "sign": partial(shelf.sign, Sort.ORDER, "o", digest=found.digest, by="actor", now=ELEVEN, assent=second),
            "revoke": partial(shelf.revoke, Sort.ORDER, "o", reason="", by="actor", now=ELEVEN),
        }
        if may and (holds or deed == "revoke"):
            verbs[deed]()
            assert [entry.actor for entry in office.ledger.since(before)] == ["actor"], case
        else:
            with pytest.raises(NotAllowed):
                verbs[deed]()
            assert office.ledger.head.position == before, case
        office.ledger.close()
        checked += 1
    assert checked == len(Role) * 3 * len(OVER) * 2


@pytest.mark.parametrize("hazard", ["missile", "tsunami", "flood"])
def test_only_the_source_ends_a_warning_without_people_and_only_where_an_order_may(hazard: str) -> None:
    office = Office.at(None)
    office.appoint("other@agency.example", {Role.MACHINE})
    alert = ALERTS[approval_class(warning(hazard=hazard))]
    office.desk.propose(alert, subject="p", by=MACHINE, now=ELEVEN)
    office.desk.adopt(subject="p", by="author", now=ELEVEN)
    office.desk.submit(subject="p", by="author", now=ELEVEN, typed=typed(alert))
    office.desk.approve(**{**office.assent("approver", "p"), "typed": typed(alert)}, now=ELEVEN)
    office.issue("p")
    parent = office.desk.stands("p")
    for source, name in (("other@agency.example", "x"), (MACHINE, "c")):
        over = replace(ending_of(parent.said, Ending.ALL_CLEAR, parent.chain), source=source)
        office.desk.propose(over, subject=name, by=source, now=LATER, follows="p")
    both = replace(ORDER, sources=frozenset({MACHINE, "other@agency.example"}), jurisdiction=EVERYWHERE)
    with pytest.raises(NotAllowed):
        office.issue("x", by="other@agency.example", order=both, now=LATER)
    # what a person adopted is theirs now: its source is named in the alert itself, or nobody may end it for them
    with pytest.raises(NotAllowed):
        office.issue("c", by=MACHINE, order=both, now=LATER)


ORDER = StandingOrder(
    name="o",
    sources=frozenset({MACHINE}),
    jurisdiction=EVERYWHERE,
    valid_from=ELEVEN - timedelta(days=1),
    valid_until=ELEVEN + timedelta(days=30),
    most_places=3,
)
