"""Role x deed x purpose x jurisdiction x class: what the tables allow is done, all else leaves nothing."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from authority.making import LATER, MACHINE, Office, drill, sealed, warning
from house import ELEVEN, SENDER
from satwarn.alert.alert import Alert
from satwarn.alert.chain import Ending
from satwarn.alert.lifecycle import Deed
from satwarn.alert.purpose import Purpose, rule_of
from satwarn.authority.ending import ending_of
from satwarn.authority.hazard import ApprovalClass, approval_class, hazard_of
from satwarn.authority.jurisdiction import EVERYWHERE, NOTHING, Jurisdiction
from satwarn.authority.officer import Role
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Prepared, Shelf, Sort, sign_statement, write_statement
from satwarn.authority.rights import rights
from satwarn.authority.roster import Person, Roster
from satwarn.errors import NotAllowed, OutOfTurn
from satwarn.ledger.receipt import Path as Way

RULE: dict[Deed, str] = {
    Deed.DRAFT: "author duty-officer",
    Deed.ADOPT: "author duty-officer",
    Deed.CHANGE: "author duty-officer",
    Deed.SUBMIT: "author duty-officer",
    Deed.DROP: "author duty-officer",
    Deed.AGREE: "approver duty-officer",
    Deed.APPROVE: "approver duty-officer",
    Deed.REFUSE: "approver duty-officer",
    Deed.GLASS: "duty-officer",
    Deed.WIDEN: "author approver duty-officer",
    Deed.ISSUE: "author approver duty-officer",
    Deed.UNLOCK: "author approver duty-officer",
    Deed.KEEP: "author approver duty-officer",
    Deed.RETRACT: "author approver duty-officer",
    Deed.REVIEW: "auditor",
    Deed.PROPOSE: "machine",
    Deed.WITHDRAW: "machine",
}
"""Who may do what, said here a second time and by hand, from issue 7 and architecture 4.3: `tables/rights.csv` is what
this is held against, so neither can change alone."""

KINDS: dict[str, tuple[ApprovalClass, Alert]] = {
    "minutes": (ApprovalClass.MINUTES, warning()),
    "order": (ApprovalClass.ORDER, warning(hazard="tsunami")),
    "turn": (ApprovalClass.TURN, warning(hazard="flood")),
    **{
        str(purpose): (ApprovalClass.TURN, drill(hazard="missile", severity="Extreme", purpose=purpose.value))
        for purpose in Purpose
        if purpose is not Purpose.REAL
    },
}
"""A real alert of each class, and one of each other purpose about what would count minutes if it were real."""
TYPED = {"missile": "missile attack", "tsunami": "tsunami", "flood": "flood"}
HURRIED = {Deed.AGREE, Deed.GLASS}
"""Only where minutes count, and it is real."""
ANYWHERE = {Deed.REVIEW}
"""Whoever looks back at it speaks to nobody."""


def typed(alert: Alert) -> str:
    return TYPED[hazard_of(alert).key]


def over(alert: Alert) -> dict[str, tuple[Jurisdiction, bool]]:
    """Jurisdictions of the person who acts, and whether an alert about Tottori (31) lies in them."""
    purpose, hazard = rule_of(alert).purpose, hazard_of(alert).key
    other = Purpose.EXERCISE if purpose is not Purpose.EXERCISE else Purpose.REAL
    just = Jurisdiction(
        hazards=frozenset({hazard}), areas=frozenset({"31"}), purposes=frozenset({purpose}), paths=frozenset(Way)
    )
    return {
        "all": (EVERYWHERE, True),
        "just that": (just, True),
        "another place": (replace(just, areas=frozenset({"13"})), False),
        "a part of it": (replace(just, areas=frozenset({"31201"})), False),
        "another purpose": (replace(just, purposes=frozenset({other})), False),
        "another hazard": (replace(just, hazards=frozenset({"gas-leak"})), False),
        "nothing": (NOTHING, False),
    }


class Play:
    """One alert brought to where a deed is due; the names of STAFF do what comes before."""

    def __init__(self, office: Office, alert: Alert) -> None:
        self.office, self.alert = office, alert

    def assent(self, by: str, subject: str = "w") -> dict[str, Any]:
        return {**self.office.assent(by, subject), "typed": typed(self.alert)}

    def drafted(self) -> None:
        self.office.desk.draft(self.alert, subject="w", by="author", now=ELEVEN)

    def proposed(self, by: str = MACHINE) -> None:
        self.office.desk.propose(self.alert, subject="w", by=by, now=ELEVEN)

    def submitted(self) -> None:
        self.drafted()
        self.office.desk.submit(subject="w", by="author", now=ELEVEN, typed=typed(self.alert))

    def approved(self) -> None:
        self.submitted()
        self.office.desk.approve(**self.assent("approver"), now=ELEVEN)

    def on_air(self) -> None:
        self.approved()
        self.office.issue("w")

    def unlocked(self) -> None:
        self.on_air()
        self.office.desk.unlock(subject="w", by="duty", now=LATER)

    def wider(self) -> None:
        self.on_air()
        more = replace(self.alert, infos=tuple(replace(info, areas=info.areas + MORE) for info in self.alert.infos))
        self.office.desk.follow(more, warning="w", does="update", subject="u", by="author", now=LATER)

    def looked_into(self) -> None:
        """Broken glass; where there is none to break, nothing to review."""
        self.submitted()
        later = ELEVEN + timedelta(seconds=30)
        with suppress(OutOfTurn):
            self.office.desk.break_glass(**self.assent("duty"), reason="nobody answers", now=later)
            self.office.issue("w", by="duty", now=later)


MORE = drill(codes=("31202",)).infos[0].areas

BEFORE: dict[Deed, Callable[[Play], object]] = {
    Deed.DRAFT: lambda play: None,
    Deed.PROPOSE: lambda play: None,
    Deed.ADOPT: Play.proposed,
    Deed.AGREE: Play.proposed,
    Deed.CHANGE: Play.drafted,
    Deed.SUBMIT: Play.drafted,
    Deed.DROP: Play.drafted,
    Deed.APPROVE: Play.submitted,
    Deed.REFUSE: Play.submitted,
    Deed.GLASS: Play.submitted,
    Deed.ISSUE: Play.approved,
    Deed.WIDEN: Play.wider,
    Deed.UNLOCK: Play.on_air,
    Deed.KEEP: Play.unlocked,
    Deed.RETRACT: Play.unlocked,
    Deed.REVIEW: Play.looked_into,
}


def do(play: Play, deed: Deed, by: str) -> object:
    desk, w = play.office.desk, {"subject": "w", "by": by, "now": LATER}
    verbs: dict[Deed, Callable[[], object]] = {
        Deed.DRAFT: lambda: desk.draft(play.alert, **w),
        Deed.PROPOSE: lambda: desk.propose(play.alert, **w),
        Deed.ADOPT: lambda: desk.adopt(**w),
        Deed.CHANGE: lambda: desk.change(play.alert, **w),
        Deed.SUBMIT: lambda: desk.submit(**w, typed=typed(play.alert)),
        Deed.DROP: lambda: desk.drop(**w, reason="no need"),
        Deed.AGREE: lambda: desk.agree(**play.assent(by), now=LATER),
        Deed.APPROVE: lambda: desk.approve(**play.assent(by), now=LATER),
        Deed.REFUSE: lambda: desk.refuse(**w, reason="where?"),
        Deed.GLASS: lambda: desk.break_glass(**play.assent(by), reason="nobody answers", now=LATER),
        Deed.WIDEN: lambda: desk.widen(**play.assent(by, "u"), now=LATER),
        Deed.ISSUE: lambda: play.office.issue("w", by=by, now=LATER),
        Deed.UNLOCK: lambda: desk.unlock(**w),
        Deed.KEEP: lambda: desk.keep(**w),
        Deed.RETRACT: lambda: desk.retract(**w, reason="", seal=sealed),
        Deed.REVIEW: lambda: desk.review(**w, finding="he was asleep"),
        Deed.WITHDRAW: lambda: desk.withdraw(**w, reason="false"),
    }
    return verbs[deed]()


@pytest.mark.parametrize("role", Role)
def test_every_role_deed_purpose_jurisdiction_and_class(role: Role) -> None:
    checked = 0
    for deed, kind, where in itertools.product(RULE, KINDS, over(warning())):
        approval, alert = KINDS[kind]
        jurisdiction, inside = over(alert)[where]
        assert approval_class(alert) is approval
        office = Office.at(None)
        office.appoint("actor", {role}, jurisdiction)
        play = Play(office, alert)
        may = (
            role in RULE[deed].split()
            and (inside or deed in ANYWHERE)
            and (deed not in HURRIED | {Deed.REVIEW} or kind == "minutes")
        )
        case = f"{role} {deed}: {kind}, over {where}"
        if deed is Deed.WITHDRAW:  # one's own, so whoever may not propose has none
            play.proposed("actor" if role is Role.MACHINE and inside else MACHINE)
        else:
            BEFORE[deed](play)
        before = office.ledger.head.position
        if may:
            do(play, deed, "actor")
            assert {entry.actor for entry in office.ledger.since(before)} == {"actor"}, case
        else:
            with pytest.raises((NotAllowed, OutOfTurn)):
                do(play, deed, "actor")
            assert office.ledger.head.position == before, case
        office.ledger.close()
        checked += 1
    assert checked == len(RULE) * len(KINDS) * 7


def test_the_rule_said_here_and_the_table_of_the_desk_say_the_same() -> None:
    for deed in Deed:
        if deed in RULE:
            assert {str(role) for role in Role if deed in rights()[role]} == set(RULE[deed].split()), deed
    told_by_others = {Deed.JOIN, Deed.UPDATE, Deed.CLEAR, Deed.EXPIRE}  # what issuing does to the warning it follows
    assert set(Deed) - set(RULE) == told_by_others


KEEPING = {
    "appoint": "administrator",
    "dismiss": "administrator",
    "make key": "administrator",
    "revoke key": "duty-officer administrator auditor",
    "enrol site": "administrator",
    "revoke site": "duty-officer administrator",
    "mark site": "author duty-officer administrator",
    "read": "author approver duty-officer administrator auditor",
    "export": "administrator auditor",
    "checkpoint": "auditor",
}
"""Who may do what about people, sites and the ledger, said a second time."""


@pytest.mark.parametrize("deed", KEEPING)
def test_who_keeps_people_sites_and_the_ledger_is_said_twice_alike(deed: str) -> None:
    assert {str(role) for role in Role if deed in rights()[role]} == set(KEEPING[deed].split())


def held(purpose: Purpose = Purpose.REAL, area: str = "31", hazard: str = "*") -> Jurisdiction:
    return Jurisdiction(
        hazards=frozenset({hazard}), areas=frozenset({area}), purposes=frozenset({purpose}), paths=frozenset(Way)
    )


OVER = {
    "all": EVERYWHERE,
    "that place": held(),
    "another place": held(area="13"),
    "only drills": held(Purpose.EXERCISE),
    "another hazard": held(hazard="gas-leak"),
}


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
        office.issue("p", by=MACHINE, order=ORDER)


def test_the_table_of_rights_names_every_deed_there_is() -> None:
    named = frozenset().union(*rights().values())
    assert {deed.value for deed in Deed} <= named


HANDS = ("approver", "actor")


def test_every_role_jurisdiction_and_class_for_standing_orders() -> None:
    """Who may write, sign and revoke an order, and that nobody gives more than they hold."""
    checked = 0
    for role, deed, (over_what, jurisdiction), hazard in itertools.product(
        Role, ("write", "sign", "revoke"), OVER.items(), ("tsunami", "flood")
    ):
        given = held(hazard=hazard)
        may = f"{deed} order" in rights()[role]
        holds = over_what in ("all", "that place")
        office = Office.at(None)
        office.appoint("actor", {role}, jurisdiction)
        roster = Roster(people={name: Person(officer=one) for name, one in office.people.items()})
        shelf = Shelf(office.ledger, roster, sender=SENDER)
        case = f"{role} {deed} over {over_what} for {hazard}"
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
    alert = warning(hazard=hazard)
    office.desk.propose(alert, subject="p", by=MACHINE, now=ELEVEN)
    office.desk.adopt(subject="p", by="author", now=ELEVEN)
    office.desk.submit(subject="p", by="author", now=ELEVEN, typed=typed(alert))
    office.desk.approve(**{**office.assent("approver", "p"), "typed": typed(alert)}, now=ELEVEN)
    office.issue("p")
    parent = office.desk.stands("p")
    for source, name in (("other@agency.example", "x"), (MACHINE, "c")):
        over = replace(ending_of(parent.said, Ending.ALL_CLEAR, parent.chain, zone=UTC), source=source)
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
