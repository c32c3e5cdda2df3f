"""Standing orders, minutes that count, all else in turn; widening, narrowing; how a warning ends."""

from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from authority.making import LATER, MACHINE, SECOND, Office, drill, sealed, warning
from house import ELEVEN, trust
from satwarn.alert import cap, seal
from satwarn.alert.alert import MsgType
from satwarn.alert.chain import Effect, Ending, effect_of, ending_of
from satwarn.alert.lifecycle import State
from satwarn.alert.seal import Verdict
from satwarn.authority.agreement import Message
from satwarn.authority.guards import Policy
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Role
from satwarn.authority.order import StandingOrder
from satwarn.authority.tracks import same_danger
from satwarn.errors import BadAlert, NotAllowed, OutOfTurn

TSUNAMI = warning(hazard="tsunami")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.at(tmp_path)


def order(**changes: object) -> StandingOrder:
    made = StandingOrder(
        name="tsunami",
        sources=frozenset({MACHINE}),
        jurisdiction=EVERYWHERE,
        valid_from=ELEVEN - timedelta(days=1),
        valid_until=ELEVEN + timedelta(days=300),
        most_places=10,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


# ── A: standing orders ───────────────────────────────────────────────────────────────────────────


def test_under_an_order_no_person_is_needed(office: Office) -> None:
    office.desk.propose(TSUNAMI, subject="p", by=MACHINE, now=ELEVEN)
    issued = office.issue("p", by=MACHINE, order=order())
    assert office.desk.stands("p").state is State.ON_AIR
    assert issued.entry.body["order"] == "tsunami"


@pytest.mark.parametrize(
    ("changes", "alert", "says"),
    [
        ({"sources": frozenset({"somebody@else.example"})}, TSUNAMI, "source"),
        ({"valid_until": ELEVEN - timedelta(hours=1)}, TSUNAMI, "valid from"),
        ({}, drill(hazard="tsunami"), "need people|way 'turn'"),
        ({}, warning(hazard="missile"), "need people|way 'parallel'"),
        ({"most_places": 1}, warning(hazard="tsunami", codes=("31", "32")), "at most 1"),
        ({}, warning(hazard="tsunami", codes=(), circles=("35.5,134.2 10",)), "by code"),
    ],
    ids=["another source", "run out", "a drill", "a missile", "too many places", "a shape alone"],
)
def test_what_an_order_does_not_cover_waits_for_people(
    office: Office, changes: dict[str, object], alert: cap.Alert, says: str
) -> None:
    office.desk.propose(alert, subject="p", by=MACHINE, now=ELEVEN)
    with pytest.raises((NotAllowed, OutOfTurn), match=says):
        office.issue("p", by=MACHINE, order=order(**changes))
    assert office.desk.stands("p").state is State.PROPOSED


@pytest.mark.parametrize("part", [{"instruction": ""}, {"headline": "Do \u202enot\u202c go out"}], ids=["gap", "mark"])
def test_no_order_lets_out_what_people_would_not_let_pass(office: Office, part: dict[str, Any]) -> None:
    infos = tuple(replace(info, **part) for info in TSUNAMI.infos)
    office.desk.propose(replace(TSUNAMI, infos=infos), subject="p", by=MACHINE, now=ELEVEN)
    with pytest.raises(BadAlert, match=r"does not say instruction|mark that nobody sees"):
        office.issue("p", by=MACHINE, order=order())
    assert office.desk.stands("p").state is State.PROPOSED


def test_without_an_order_a_proposal_never_leaves(office: Office) -> None:
    office.desk.propose(TSUNAMI, subject="p", by=MACHINE, now=ELEVEN)
    with pytest.raises(NotAllowed, match="standing order"):
        office.issue("p", by="author")


def test_an_order_is_valid_for_a_year_at_most() -> None:
    with pytest.raises(BadAlert, match="within a year"):
        order(valid_until=ELEVEN + timedelta(days=400))


# ── B: minutes count ─────────────────────────────────────────────────────────────────────────────


def test_two_agree_on_a_proposal_at_the_same_time(office: Office) -> None:
    office.desk.propose(warning(), subject="p", by=MACHINE, now=ELEVEN)
    office.desk.agree(**office.assent("second", "p"), now=ELEVEN)
    with pytest.raises(NotAllowed, match="agreed already"):
        office.desk.approve(**office.assent("second", "p"), now=ELEVEN + SECOND)
    office.desk.approve(**office.assent("approver", "p"), now=ELEVEN + SECOND)
    assert office.issue("p").alert.sent == ELEVEN


def test_whoever_adopts_a_proposal_has_a_hand_in_it_and_an_earlier_yes_is_gone(office: Office) -> None:
    office.desk.propose(warning(), subject="p", by=MACHINE, now=ELEVEN)
    office.desk.agree(**office.assent("second", "p"), now=ELEVEN)
    assert office.desk.adopt(subject="p", by="duty", now=ELEVEN).approved == ()
    office.desk.submit(subject="p", by="author", now=ELEVEN, typed="missile attack")
    with pytest.raises(NotAllowed, match="had a hand"):
        office.desk.approve(**office.assent("duty", "p"), now=ELEVEN)
    assert office.desk.approve(**office.assent("second", "p"), now=ELEVEN).approved == ("second",)


def test_after_thirty_seconds_the_duty_officer_breaks_the_glass_alone_and_a_review_opens(office: Office) -> None:
    office.desk.propose(warning(), subject="p", by=MACHINE, now=ELEVEN)
    office.desk.agree(**office.assent("duty", "p"), now=ELEVEN)
    alone = {**office.assent("duty", "p"), "reason": "no answer"}
    with pytest.raises(OutOfTurn, match="1 s"):
        office.desk.break_glass(**alone, now=ELEVEN + 29 * SECOND)
    office.desk.break_glass(**alone, now=ELEVEN + 30 * SECOND)
    office.issue("p", by="duty")
    assert office.desk.stands("p").review_open
    with pytest.raises(NotAllowed):
        office.desk.review(subject="p", by="duty", finding="fine", now=LATER)
    assert not office.desk.review(subject="p", by="auditor", finding="the other was ill", now=LATER).review_open


def test_nobody_reviews_what_they_had_a_hand_in_whatever_else_they_are(office: Office) -> None:
    for name, role in (("author", Role.AUTHOR), ("duty", Role.DUTY_OFFICER)):
        office.appoint(name, {role, Role.AUDITOR})
    office.submitted(warning())
    office.desk.break_glass(**office.assent("duty", "w"), reason="no answer", now=LATER)
    office.issue("w", by="duty")
    for name in ("author", "duty"):
        with pytest.raises(NotAllowed, match="had a hand in it"):
            office.desk.review(subject="w", by=name, finding="fine", now=LATER)
    assert not office.desk.review(subject="w", by="auditor", finding="he slept", now=LATER).review_open


@pytest.mark.parametrize("typed", ["", "flood", "missile attack!", "yes"])
def test_whoever_lets_an_extreme_real_warning_out_types_what_it_warns_of(office: Office, typed: str) -> None:
    office.desk.draft(warning(), subject="w", by="author", now=ELEVEN)
    with pytest.raises(NotAllowed, match="type what it warns of"):
        office.desk.submit(subject="w", by="author", now=ELEVEN, typed=typed)
    office.desk.submit(subject="w", by="author", now=ELEVEN, typed=" Missile Attack ")
    with pytest.raises(NotAllowed, match="type what it warns of"):
        office.desk.approve(**{**office.assent("approver", "w"), "typed": typed}, now=ELEVEN)
    assert office.desk.stands("w").state is State.SUBMITTED


def test_the_glass_needs_a_reason_and_minutes_that_count(office: Office) -> None:
    office.submitted(warning(hazard="flood", severity="Severe"))
    with pytest.raises(OutOfTurn, match="no glass"):
        office.desk.break_glass(**office.assent("duty", "w"), reason="hurry", now=LATER)
    with pytest.raises(NotAllowed, match="reason"):
        office.desk.break_glass(**office.assent("duty", "w"), reason=" ", now=LATER)


# ── an update ────────────────────────────────────────────────────────────────────────────────────


def test_widening_takes_one(office: Office) -> None:
    first = office.on_air(warning())
    wider = warning(codes=("31", "32"))
    office.desk.follow(wider, warning="w", does="update", subject="u", by="author", now=LATER)
    assert office.desk.stands("u").message is Message.WIDEN
    office.desk.widen(**office.assent("author", "u"), now=LATER)
    issued = office.issue("u", now=LATER)
    assert (issued.subject, issued.alert.msg_type) == ("w", MsgType.UPDATE)
    assert [r.identifier for r in issued.alert.references] == [first.alert.identifier]
    assert office.desk.stands("w").said.geocodes("JISX0401") == ("31", "32")
    assert office.desk.stands("u").state is State.JOINED


@pytest.mark.parametrize(
    "other",
    [
        warning(codes=("32",)),
        warning(codes=("31", "32"), severity="Severe"),
        warning(codes=("31", "32"), minutes=10),
        warning(),
    ],
    ids=["another place", "wider but milder", "wider but shorter", "the same"],
)
def test_anything_else_takes_two(office: Office, other: cap.Alert) -> None:
    office.on_air(warning(codes=("31",)))
    office.desk.follow(other, warning="w", does="update", subject="u", by="author", now=LATER)
    assert office.desk.stands("u").message is Message.CHANGE
    with pytest.raises(OutOfTurn, match="way 'turn'"):
        office.desk.widen(**office.assent("author", "u"), now=LATER)
    office.desk.submit(subject="u", by="author", now=LATER, typed="missile attack")
    office.desk.approve(**office.assent("approver", "u"), now=LATER)
    assert office.issue("u", now=LATER).alert.msg_type is MsgType.UPDATE


def test_an_update_of_what_has_moved_on_is_refused(office: Office) -> None:
    office.on_air(warning())
    for name, codes in (("u", ("31", "32")), ("v", ("31", "33"))):
        office.desk.follow(warning(codes=codes), warning="w", does="update", subject=name, by="author", now=LATER)
        office.desk.widen(**office.assent("author", name), now=LATER)
    office.issue("u", now=LATER)
    with pytest.raises(OutOfTurn, match="moved on"):
        office.issue("v", now=LATER)


# ── the end ──────────────────────────────────────────────────────────────────────────────────────


def test_nothing_follows_on_what_has_run_out_meanwhile(office: Office) -> None:
    office.on_air(warning())
    office.desk.follow(warning(codes=("31", "32")), warning="w", does="update", subject="u", by="author", now=LATER)
    office.desk.widen(**office.assent("duty", "u"), now=LATER)
    office.desk.expire(subject="w", by="hub", now=ELEVEN + timedelta(hours=2))
    with pytest.raises(OutOfTurn, match="is expired, so nothing can follow"):
        office.issue("u", now=ELEVEN + timedelta(hours=2))
    assert office.desk.stands("u").state is State.APPROVED


def test_only_whoever_proposed_it_withdraws_it(office: Office) -> None:
    office.appoint("other@agency.example", {Role.MACHINE})
    office.desk.propose(TSUNAMI, subject="p", by=MACHINE, now=ELEVEN)
    with pytest.raises(NotAllowed, match="has not proposed it"):
        office.desk.withdraw(subject="p", by="other@agency.example", reason="mine", now=ELEVEN)
    assert office.desk.withdraw(subject="p", by=MACHINE, reason="x", now=ELEVEN).state is State.DROPPED


def test_a_retraction_lies_ready_takes_one_person_and_two_actions(office: Office) -> None:
    first = office.on_air(warning())
    assert ending_of(cap.read(office.desk.stands("w").retraction).alert) is Ending.RETRACTION
    with pytest.raises(OutOfTurn):
        office.desk.retract(subject="w", by="duty", reason="", seal=sealed, now=LATER)
    office.desk.unlock(subject="w", by="duty", now=LATER)
    ended = office.desk.retract(subject="w", by="duty", reason="wrong item", seal=sealed, now=LATER + SECOND)
    assert effect_of(ended.alert) is Effect.RETRACTS
    assert [reference.identifier for reference in ended.alert.references] == [first.alert.identifier]
    assert "sent in error" in ended.alert.infos[0].description
    assert {info.language for info in ended.alert.infos} == {"en", "ja"}
    assert ended.paths == first.paths
    assert seal.verify(ended.signed, trust(), at=LATER).verdict is Verdict.TRUSTED


def test_an_unlocked_retraction_locks_itself_again(office: Office) -> None:
    office.on_air(warning())
    office.desk.unlock(subject="w", by="duty", now=LATER)
    with pytest.raises(OutOfTurn, match="too long ago"):
        office.desk.retract(subject="w", by="duty", reason="", seal=sealed, now=LATER + timedelta(minutes=6))
    office.desk.keep(subject="w", by="duty", now=LATER)
    assert office.desk.stands("w").state is State.ON_AIR


def test_an_all_clear_takes_two(office: Office) -> None:
    office.on_air(warning())
    office.desk.follow(None, warning="w", does="clear", subject="c", by="author", now=LATER)
    office.desk.submit(subject="c", by="author", now=LATER, typed="missile attack")
    with pytest.raises(NotAllowed):
        office.desk.approve(**office.assent("author", "c"), now=LATER)
    office.desk.approve(**office.assent("approver", "c"), now=LATER)
    ended = office.issue("c", now=LATER)
    assert effect_of(ended.alert) is Effect.CLEARS
    assert office.desk.stands("w").state is State.CLEARED


def test_or_the_sources_own_message(office: Office) -> None:
    office.desk.propose(TSUNAMI, subject="p", by=MACHINE, now=ELEVEN)
    office.issue("p", by=MACHINE, order=order())
    own = replace(TSUNAMI, identifier="end-1", references=office.desk.stands("p").chain, msg_type=MsgType.CANCEL)
    office.desk.propose(own, subject="c", by=MACHINE, now=LATER, follows="p")
    office.issue("c", by=MACHINE, order=order(), now=LATER)
    assert office.desk.stands("p").state is State.CLEARED


def test_no_order_ends_what_warned_more_than_it_covers(office: Office) -> None:
    wide, narrow = order(), order(jurisdiction=replace(EVERYWHERE, areas=frozenset({"31"})))
    office.desk.propose(warning(hazard="tsunami", codes=("31", "32")), subject="p", by=MACHINE, now=ELEVEN)
    office.issue("p", by=MACHINE, order=wide)
    own = replace(TSUNAMI, identifier="end-1", references=office.desk.stands("p").chain, msg_type=MsgType.CANCEL)
    office.desk.propose(own, subject="c", by=MACHINE, now=LATER, follows="p")
    with pytest.raises(NotAllowed, match="may not warn Shimane"):
        office.issue("c", by=MACHINE, order=narrow, now=LATER)
    assert office.desk.stands("p").state is State.ON_AIR


def test_no_order_changes_what_people_were_told(office: Office) -> None:
    """The source may end its own warning without people; what it says anew waits for them."""
    office.desk.propose(TSUNAMI, subject="p", by=MACHINE, now=ELEVEN)
    office.issue("p", by=MACHINE, order=order())
    for subject, codes in (("wider", ("31", "32")), ("narrower", ("31201",))):
        chain = office.desk.stands("p").chain
        update = replace(warning(hazard="tsunami", codes=codes), msg_type=MsgType.UPDATE, references=chain)
        office.desk.propose(update, subject=subject, by=MACHINE, now=LATER, follows="p", does="update")
        with pytest.raises(OutOfTurn, match="the way 'turn'"):
            office.issue(subject, by=MACHINE, order=order(), now=LATER)


def test_no_all_clear_while_another_track_is_open(office: Office) -> None:
    office.on_air(warning())
    office.on_air(warning(codes=("31", "32")), "x")
    office.desk.follow(None, warning="w", does="clear", subject="c", by="author", now=LATER)
    office.desk.submit(subject="c", by="author", now=LATER, typed="missile attack")
    office.desk.approve(**office.assent("approver", "c"), now=LATER)
    with pytest.raises(OutOfTurn, match="x still warns"):
        office.issue("c", now=LATER)


def cleared(office: Office, warning: str, subject: str, *, agreed: bool = True) -> str:
    """An all-clear by author and approver; its digest."""
    office.desk.follow(None, warning=warning, does="clear", subject=subject, by="author", now=LATER)
    office.desk.submit(subject=subject, by="author", now=LATER, typed="missile attack")
    if agreed:
        office.desk.approve(**office.assent("approver", subject), now=LATER)
    return office.desk.stands(subject).digest


def test_the_all_clears_of_two_tracks_go_out_together(office: Office) -> None:
    office.on_air(warning())
    office.on_air(warning(codes=("31", "32")), "x")
    digests = {"cw": cleared(office, "w", "cw"), "cx": cleared(office, "x", "cx")}
    with pytest.raises(OutOfTurn, match="w still warns"):
        office.issue("cx", now=LATER)
    ended = office.issue("cx", now=LATER, together={"cw": digests["cw"]})
    assert [one.subject for one in (ended, *ended.together)] == ["x", "w"]
    assert {effect_of(one.alert) for one in (ended, *ended.together)} == {Effect.CLEARS}
    assert ended.alert.identifier != ended.together[0].alert.identifier
    assert {office.desk.stands(name).state for name in "wx"} == {State.CLEARED}
    with pytest.raises(OutOfTurn):
        office.issue("cw", now=LATER)


def test_a_third_track_between_two_ends_with_them(office: Office) -> None:
    for subject, codes in {"w": ("31",), "x": ("31", "32"), "y": ("32",)}.items():
        office.on_air(warning(codes=codes), subject)
    digests = {f"c{name}": cleared(office, name, f"c{name}") for name in "wxy"}
    with pytest.raises(OutOfTurn, match="y still warns"):
        office.issue("cw", now=LATER, together={"cx": digests["cx"]})
    del digests["cw"]
    assert len(office.issue("cw", now=LATER, together=digests).together) == 2


def test_nothing_goes_along_that_was_not_agreed_on_as_it_was_read(office: Office) -> None:
    office.on_air(warning())
    office.on_air(warning(codes=("31", "32")), "x")
    one, other = cleared(office, "w", "cw"), cleared(office, "x", "cx", agreed=False)
    before = office.ledger.head
    for together in ({"cx": other}, {"cx": one}, {"cw": one}, {"cx": ""}):
        with pytest.raises((OutOfTurn, NotAllowed)):
            office.issue("cw", now=LATER, together=together)
    office.submitted(warning(codes=("01",)), "z")
    office.desk.approve(**office.assent("approver", "z"), now=LATER)
    with pytest.raises(NotAllowed, match="only all-clears"):
        office.issue("z", now=LATER, together={"cw": one})
    twice = cleared(office, "w", "again")
    with pytest.raises(NotAllowed, match="the same warning"):
        office.issue("cw", now=LATER, together={"again": twice})
    assert not {"clear", "join"} & {entry.kind for entry in office.ledger.since(before.position)}
    assert {office.desk.stands(name).state for name in "wx"} == {State.ON_AIR}


def test_a_track_that_moved_on_ends_nothing(office: Office) -> None:
    office.on_air(warning())
    office.on_air(warning(codes=("31", "32")), "x")
    cleared(office, "w", "cw")
    other = cleared(office, "x", "cx")
    wider = warning(codes=("31", "32", "33"))
    office.desk.follow(wider, warning="x", does="update", subject="u", by="author", now=LATER)
    office.desk.submit(subject="u", by="author", now=LATER, typed="missile attack")
    office.desk.approve(**office.assent("approver", "u"), now=LATER)
    office.issue("u", now=LATER)
    with pytest.raises(OutOfTurn, match="moved on"):
        office.issue("cw", now=LATER, together={"cx": other})
    assert office.desk.stands("w").state is State.ON_AIR


SHAPED = {"codes": (), "circles": ("35.5,134.2 5",)}
"""Around the town of Tottori (31201, in 31)."""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"codes": ("31",)}, {"codes": ("31201",)}, True),
        ({"codes": ("31201",)}, {"codes": ("31",)}, True),
        ({"codes": ("31201",)}, {"codes": ("31202",)}, False),
        ({"codes": ("31",)}, {"codes": ("13",)}, False),
        ({"codes": ("31",)}, SHAPED, True),
        (SHAPED, {"codes": ("13",)}, False),
        (SHAPED, {"codes": (), "circles": ("35.5,134.25 5",)}, True),
        (SHAPED, {"codes": (), "circles": ("35.5,135 5",)}, False),
        ({"codes": ("31",)}, {"codes": ("31",), "hazard": "tsunami"}, False),
    ],
)
def test_which_warnings_are_tracks_of_one_danger(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert same_danger(warning(**one), warning(**other)) is same
    assert not same_danger(warning(**one), drill(**{"codes": ("31",), **other, "hazard": "missile"}))


def test_a_warning_goes_out_on_the_paths_of_everybody_who_agreed(office: Office) -> None:
    ground_only = replace(EVERYWHERE, paths=frozenset(list(EVERYWHERE.paths)[:1]))
    office.appoint("approver", {Role.APPROVER}, ground_only)
    assert office.on_air(warning()).paths == frozenset(map(str, ground_only.paths))


def test_it_expires_only_when_its_time_has_run_out(office: Office) -> None:
    office.on_air(warning())
    with pytest.raises(OutOfTurn, match="not run out"):
        office.desk.expire(subject="w", by="hub", now=LATER)
    assert office.desk.expire(subject="w", by="hub", now=ELEVEN + timedelta(hours=2)).state is State.EXPIRED


def test_the_end_names_the_time_that_people_have_on_their_clocks(office: Office) -> None:
    office.policy = Policy(zone=timezone(timedelta(hours=9)))
    office.on_air(warning())  # at 02:00 UTC
    assert "11:00" in cap.read(office.desk.stands("w").retraction).alert.infos[0].description
    office.desk.follow(None, warning="w", does="clear", subject="c", by="author", now=LATER)
    assert "11:00" in office.desk.stands("c").alert.infos[0].description
