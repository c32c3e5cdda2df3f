"""What is remembered of a fold is what the plain fold says: after any deeds, rollbacks, restarts, and other writers."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority.making import Office, sealed, warning
from house import ELEVEN
from satwarn.adapters.ledger.sqlite import SqliteLedger
from satwarn.authority.remembered import Remembered
from satwarn.authority.standing import standing
from satwarn.errors import SatwarnError
from satwarn.ledger.entry import Entry

TYPED = "missile attack"
WARNINGS = ("a", "b")
COUNT = count()
"""So that no two refusals are the same."""

DEEDS: dict[str, Callable[[Office, str], object]] = {
    "draft": lambda o, s: o.desk.draft(warning(), subject=s, by="author", now=ELEVEN),
    "change": lambda o, s: o.desk.change(warning(minutes=30), subject=s, by="second", now=ELEVEN),
    "submit": lambda o, s: o.desk.submit(subject=s, by="author", now=ELEVEN, typed=TYPED),
    "approve": lambda o, s: o.desk.approve(**o.assent("approver", s), now=ELEVEN),
    "refuse": lambda o, s: o.desk.refuse(subject=s, by="approver", reason=f"no {next(COUNT)}", now=ELEVEN),
    "issue": lambda o, s: o.issue(s),
    "follow": lambda o, s: o.desk.follow(None, warning="a", does="update", subject=s, by="author", now=ELEVEN),
    "unlock": lambda o, s: o.desk.unlock(subject=s, by="duty", now=ELEVEN),
    "keep": lambda o, s: o.desk.keep(subject=s, by="duty", now=ELEVEN),
    "retract": lambda o, s: o.desk.retract(subject=s, by="duty", reason="error", seal=sealed, now=ELEVEN),
}
ON_AIR = ("draft", "submit", "approve", "issue")
HOW = ("kept", "rolled back", "overtaken", "elsewhere", "restarted")

steps = st.lists(
    st.tuples(st.sampled_from([*DEEDS, *ON_AIR, "on air"]), st.sampled_from(WARNINGS), st.sampled_from(HOW)),
    max_size=16,
)


class PulledPlug(Exception):
    """The transaction does not reach the disk."""


def do(office: Office, deed: str, subject: str) -> None:
    for one in ON_AIR if deed == "on air" else (deed,):
        with suppress(SatwarnError):  # a deed out of turn is refused and leaves nothing, which is a rollback too
            DEEDS[one](office, subject)


@given(steps)
def test_what_is_remembered_is_what_the_ledger_says(taken: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        office, file = Office.at(Path(folder)), Path(folder) / "ledger.db"
        other = replace(office, ledger=SqliteLedger(file), remembered=Remembered(most=1))
        for deed, subject, how in taken:
            if how in ("rolled back", "overtaken"):
                with suppress(PulledPlug), office.ledger.group():
                    do(office, deed, subject)
                    agrees(office)
                    raise PulledPlug
            elif how == "restarted":
                office.ledger.close()
                office = replace(office, ledger=SqliteLedger(file), remembered=Remembered(most=1))
            do(other if how in ("elsewhere", "overtaken") else office, deed, subject)
            agrees(office)
            agrees(other)
        office.ledger.close()
        other.ledger.close()


def agrees(office: Office) -> None:
    for subject in WARNINGS:
        plain = standing(subject, office.ledger.of(subject))
        assert list(office.remembered.standings(office.ledger, [subject])) == [plain]


def test_what_another_process_wrote_in_the_place_of_a_deed_rolled_back_is_seen(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.submitted(warning())
    other = replace(office, ledger=SqliteLedger(tmp_path / "ledger.db"), remembered=Remembered())
    with suppress(PulledPlug), office.ledger.group():
        office.desk.refuse(subject="w", by="approver", reason="wrong place", now=ELEVEN)
        raise PulledPlug
    other.desk.refuse(subject="w", by="approver", reason="wrong hour", now=ELEVEN)
    assert office.desk.stands("w").reason == "wrong hour"


def test_only_what_is_new_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office.at(tmp_path)
    office.submitted(warning())
    office.desk.stands("w")
    read: list[int] = []
    plain = office.ledger.of

    def counted(subject: str, *, since: int = 1) -> list[Entry]:
        found = plain(subject, since=since)
        read.append(len(found))
        return found

    monkeypatch.setattr(office.ledger, "of", counted)
    office.desk.stands("w")
    office.desk.approve(**office.assent("approver", "w"), now=ELEVEN)
    office.desk.stands("w")
    assert max(read) <= 1
