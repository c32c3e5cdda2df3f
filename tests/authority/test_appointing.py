"""Whoever lets somebody do more than before needs another administrator: the rule, and that it cannot be got round."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority.making import Office
from house import ELEVEN, SENDER
from satwarn.adapters.ledger.sqlite import SqliteLedger
from satwarn.alert.purpose import Purpose
from satwarn.authority import appointing
from satwarn.authority.appointing import AFTER_REMOVAL, Appointer, Appointment, Change, Way, way_of
from satwarn.authority.jurisdiction import EVERYWHERE, NOTHING, Jurisdiction
from satwarn.authority.prepared import Prepared, Shelf, Sort, Stage, sign_statement
from satwarn.authority.rights import Role, rights
from satwarn.authority.roster import Roster, hash_secret, join_code, spell_code
from satwarn.errors import NotAllowed, OutOfTurn
from satwarn.ledger.entry import Record
from satwarn.ledger.receipt import Path as Out

TOTTORI = Jurisdiction(
    hazards=frozenset({"flood"}),
    areas=frozenset({"31"}),
    purposes=frozenset({Purpose.EXERCISE}),
    paths=frozenset({Out.GROUND}),
)
SATO = Appointment(name="Sato", roles=frozenset({Role.APPROVER}), jurisdiction=TOTTORI)


class Book:
    """A roster as it follows from entries in a ledger."""

    def __init__(self) -> None:
        self.ledger, self.roster = SqliteLedger(Path(":memory:")), Roster()

    def note(self, kind: str, name: str, body: dict[str, Any], *, by: str = "test", at: datetime = ELEVEN) -> None:
        with self.ledger.work() as work:
            self.roster.tell(work.record(Record(kind=kind, subject=f"person/{name}", actor=by, at=at, body=body)))

    def appoint(self, wanted: Appointment, **more: Any) -> None:
        self.note(more.pop("kind", "appoint"), wanted.name, wanted.to_json(), **more)

    def chief(self, name: str, **more: Any) -> None:
        chief = Appointment(name=name, roles=frozenset({Role.ADMINISTRATOR}), jurisdiction=NOTHING)
        self.appoint(chief, **more)


@pytest.fixture
def book() -> Book:
    """Abe is an administrator, and Sato approves."""
    one = Book()
    one.chief("Abe")
    one.appoint(SATO)
    return one


WIDER = {
    "somebody new": replace(SATO, name="Nobody"),
    "a role": replace(SATO, roles=frozenset({Role.APPROVER, Role.AUTHOR})),
    "a role for another": replace(SATO, roles=frozenset({Role.AUDITOR})),
    "a danger": replace(SATO, jurisdiction=replace(TOTTORI, hazards=frozenset({"flood", "missile"}))),
    "every danger": replace(SATO, jurisdiction=replace(TOTTORI, hazards=frozenset({"*"}))),
    "a place": replace(SATO, jurisdiction=replace(TOTTORI, areas=frozenset({"31", "32"}))),
    "everywhere": replace(SATO, jurisdiction=replace(TOTTORI, areas=frozenset({"*"}))),
    "a purpose": replace(SATO, jurisdiction=replace(TOTTORI, purposes=frozenset(Purpose))),
    "a path": replace(SATO, jurisdiction=replace(TOTTORI, paths=frozenset(Out))),
    "less here, more there": replace(SATO, jurisdiction=replace(EVERYWHERE, areas=frozenset())),
    "a key to speak with": replace(SATO, certificate="PEM"),
}
NOT_WIDER = {
    "the same": SATO,
    "a title": replace(SATO, title="Governor"),
    "a municipality of it": replace(SATO, jurisdiction=replace(TOTTORI, areas=frozenset({"31201"}))),
    "nothing": replace(SATO, jurisdiction=NOTHING),
}


@pytest.mark.parametrize("wanted", WIDER.values(), ids=WIDER)
def test_more_than_before_takes_two(book: Book, wanted: Appointment) -> None:
    assert way_of(book.roster, wanted, by="Abe", now=ELEVEN) is Way.ALONE
    book.chief("Endo")
    assert way_of(book.roster, wanted, by="Abe", now=ELEVEN) is Way.TWO


@pytest.mark.parametrize("wanted", NOT_WIDER.values(), ids=NOT_WIDER)
def test_what_takes_away_is_done_at_once(book: Book, wanted: Appointment) -> None:
    assert way_of(book.roster, wanted, by="Abe", now=ELEVEN) is Way.AT_ONCE
    book.chief("Endo")
    assert way_of(book.roster, wanted, by="Abe", now=ELEVEN) is Way.AT_ONCE


def test_whoever_was_dismissed_is_somebody_new(book: Book) -> None:
    book.chief("Endo")
    book.note("dismiss", "Sato", {}, by="Abe")
    assert way_of(book.roster, SATO, by="Abe", now=ELEVEN) is Way.TWO


def test_the_table_says_something_of_every_case() -> None:
    assert appointing._table().keys() == set(itertools.product(Change, Appointer))
    assert {way for (change, _), way in appointing._table().items() if change is Change.NOT_WIDER} == {Way.AT_ONCE}


parts = st.builds(
    Jurisdiction,
    hazards=st.frozensets(st.sampled_from(["*", "flood", "missile"])),
    areas=st.frozensets(st.sampled_from(["*", "31", "31201", "32"])),
    purposes=st.frozensets(st.sampled_from(list(Purpose))),
    paths=st.frozensets(st.sampled_from(list(Out))),
)


@given(one=parts, two=parts, three=parts)
def test_a_jurisdiction_holds_itself_and_its_parts_and_theirs(
    one: Jurisdiction, two: Jurisdiction, three: Jurisdiction
) -> None:
    assert one.holds(one)
    assert one.joined(two).holds(one)
    if one.holds(two) and two.holds(three):
        assert one.holds(three)


@pytest.mark.parametrize("how", ["dismiss", "narrow", "appoint"])
def test_whoever_makes_themselves_the_only_one_waits(book: Book, how: str) -> None:
    book.chief("Endo")
    fewer = replace(SATO, name="Endo", roles=frozenset({Role.AUDITOR}))
    book.note(how, "Endo", fewer.to_json(), by="Abe", at=ELEVEN)
    with pytest.raises(NotAllowed, match="appoints nobody alone until 2"):
        way_of(book.roster, replace(SATO, name="Nobody"), by="Abe", now=ELEVEN + AFTER_REMOVAL - timedelta(seconds=1))
    assert way_of(book.roster, replace(SATO, roles=frozenset({Role.APPROVER})), by="Abe", now=ELEVEN) is Way.AT_ONCE
    after = ELEVEN + AFTER_REMOVAL
    assert way_of(book.roster, replace(SATO, name="Nobody"), by="Abe", now=after) is Way.ALONE


@pytest.mark.parametrize("by", ["Endo", "single sign-on"])
def test_whoever_is_left_alone_by_others_goes_on(book: Book, by: str) -> None:
    book.chief("Endo")
    book.note("dismiss", "Endo", {}, by=by)
    assert way_of(book.roster, replace(SATO, name="Nobody"), by="Abe", now=ELEVEN) is Way.ALONE


def test_who_appointed_somebody_alone_stays_written(book: Book) -> None:
    book.appoint(replace(SATO, name="Kato"), kind="appoint alone", by="Abe")
    assert (book.roster.people["Kato"].alone, book.roster.people["Kato"].appointed_by) == (True, ("Abe",))
    book.appoint(replace(SATO, name="Kato", title="Dr"), kind="narrow", by="Endo")  # washes nothing off
    kato = book.roster.people["Kato"]
    assert (kato.alone, kato.appointed_by, kato.title) == (True, ("Abe",), "Dr")
    book.note("appoint", "Kato", SATO.to_json() | {"proposed_by": ["Abe"]}, by="Endo")
    assert (book.roster.people["Kato"].alone, book.roster.people["Kato"].appointed_by) == (False, ("Abe", "Endo"))


# ── two of them ──────────────────────────────────────────────────────────────────────────────────


class Hall:
    """Two administrators and an author, whose keys we hold, and what waits for the second of them."""

    def __init__(self) -> None:
        self.office = Office.at(None, Abe={Role.ADMINISTRATOR}, Endo={Role.ADMINISTRATOR}, Mori={Role.AUTHOR})
        self.roster = Roster()
        for name, officer in self.office.people.items():
            wanted = Appointment(name=name, roles=officer.roles, jurisdiction=EVERYWHERE)
            self.note("appoint", name, wanted.to_json() | {"public_key": officer.public_key.hex()}, by="test")
        self.shelf = Shelf(self.office.ledger, self.roster, sender=SENDER)

    def note(self, kind: str, name: str, body: dict[str, Any], *, by: str) -> None:
        with self.office.ledger.work() as work:
            record = Record(kind=kind, subject=f"person/{name}", actor=by, at=ELEVEN, body=body)
            self.roster.tell(work.record(record))

    def propose(self, wanted: Appointment = SATO, *, by: str = "Abe") -> Prepared:
        return self.shelf.propose_appointment(wanted, half="", by=by, now=ELEVEN)

    def agree(self, read: Prepared, by: str = "Endo", *, signer: str = "") -> Prepared:
        assent = self.office.signs(signer or by, sign_statement(read, sender=SENDER))
        return self.shelf.sign(Sort.APPOINTMENT, read.name, digest=read.digest, by=by, now=ELEVEN, assent=assent)


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_another_administrator_puts_it_in_force(hall: Hall) -> None:
    done = hall.agree(hall.propose())
    assert (done.stage, done.signed_by) == (Stage.IN_FORCE, ("Abe", "Endo"))


def test_one_is_not_two(hall: Hall) -> None:
    read = hall.propose()
    for by, signer, why in (
        ("Abe", "Abe", "Abe wrote it"),
        ("Abe", "Endo", "Abe wrote it"),
        ("Endo", "Abe", "not signed by Endo"),
        ("Mori", "Mori", "may not sign appointment"),
        ("Sato", "Endo", "not an officer"),
    ):
        with pytest.raises(NotAllowed, match=why):
            hall.agree(read, by, signer=signer)
    with pytest.raises(NotAllowed, match="needs your assent"):
        hall.shelf.sign(Sort.APPOINTMENT, "Sato", digest=read.digest, by="Endo", now=ELEVEN, assent=None)
    assert hall.shelf.find(Sort.APPOINTMENT, "Sato").stage is Stage.WRITTEN


def test_nobody_agrees_to_more_for_themselves(hall: Hall) -> None:
    read = hall.propose(Appointment(name="Endo", roles=frozenset(Role), jurisdiction=EVERYWHERE))
    with pytest.raises(NotAllowed, match="own appointment"):
        hall.agree(read)


def test_an_assent_is_to_what_was_read_and_serves_once(hall: Hall) -> None:
    read = hall.propose()
    newer = hall.propose(WIDER["everywhere"])
    with pytest.raises(NotAllowed, match="changed since you read it"):
        hall.agree(read)
    assent = hall.office.signs("Endo", sign_statement(read, sender=SENDER))
    with pytest.raises(NotAllowed, match="not signed by"):  # the old assent under the new digest
        hall.shelf.sign(Sort.APPOINTMENT, "Sato", digest=newer.digest, by="Endo", now=ELEVEN, assent=assent)
    hall.shelf.revoke(Sort.APPOINTMENT, "Sato", reason="", by="Endo", now=ELEVEN)
    with pytest.raises(OutOfTurn):
        hall.agree(newer)
    again = hall.propose()
    assert again.digest == read.digest
    with pytest.raises(NotAllowed, match="not signed by"):  # the same words once more ask for another assent
        hall.shelf.sign(Sort.APPOINTMENT, "Sato", digest=again.digest, by="Endo", now=ELEVEN, assent=assent)
    hall.agree(again)
    with pytest.raises(OutOfTurn):
        hall.agree(again)


@pytest.mark.parametrize("how", ["dismiss", "narrow"])
def test_a_proposal_ends_with_its_proposers_office(hall: Hall, how: str) -> None:
    read = hall.propose()
    fewer = Appointment(name="Abe", roles=frozenset({Role.AUDITOR}), jurisdiction=NOTHING)
    hall.note(how, "Abe", fewer.to_json(), by="Endo")
    with pytest.raises(NotAllowed, match="appoints nobody now"):
        hall.agree(read)


def test_a_proposal_is_about_what_the_person_is_now(hall: Hall) -> None:
    read = hall.propose(Appointment(name="Mori", roles=frozenset({Role.AUTHOR, Role.AUDITOR}), jurisdiction=EVERYWHERE))
    hall.note("dismiss", "Mori", {}, by="Abe")
    with pytest.raises(NotAllowed, match="has changed since it was proposed"):
        hall.agree(read)


def test_an_office_is_ended_by_dismissal_and_not_by_revoking_its_appointment(hall: Hall) -> None:
    hall.agree(hall.propose())
    with pytest.raises(OutOfTurn):
        hall.shelf.revoke(Sort.APPOINTMENT, "Sato", reason="", by="Abe", now=ELEVEN)


@pytest.mark.parametrize("role", Role)
def test_only_administrators_appoint(role: Role) -> None:
    needed = {"appoint", "dismiss", "sign appointment", "revoke appointment"}
    assert needed <= rights()[role] if role is Role.ADMINISTRATOR else not needed & rights()[role]


def test_neither_half_of_a_code_is_a_code(book: Book) -> None:
    first, second = "ABCD-EFGH-JKLM-NPQR-STUV", "ZYXW-VUTS-RQPN-MLKJ-HGFE"
    half = hash_secret(spell_code(first))
    book.note("make codes", "Sato", {"codes": [join_code(half, second)]})
    for typed in (first, second, half, half + second, f"{half} {second}", second + half, first + first, ""):
        assert book.roster.by_code(typed) is None, typed
    for typed in (first + second, f"{first.lower()} {second}", second + first):
        found = book.roster.by_code(typed)
        assert found is not None
        assert found.unspent(typed) in found.codes
