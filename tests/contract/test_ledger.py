"""One suite over every ledger: what authority and hub rely on, whoever keeps it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from satwarn.app.wiring import LEDGERS, open_ledger
from satwarn.ledger.chain import GENESIS, verify
from satwarn.ledger.entry import Record
from satwarn.ledger.head import Head
from satwarn.ledger.ports import Ledger

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
Open = Callable[[], Ledger]


def record(subject: str = "warning", *, kind: str = "draft", **body: object) -> Record:
    return Record(kind=kind, subject=subject, actor="H. Tanaka", at=NOW, body=body)


@pytest.fixture(params=sorted(LEDGERS))
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same ledger, again and again."""
    return lambda: open_ledger(f"{request.param}:{tmp_path / 'ledger.db'}")


def write_and_fail(ledger: Ledger) -> None:
    with ledger.work() as work:
        work.record(record())
        raise KeyError


def grouped_and_failed(ledger: Ledger) -> None:
    with ledger.group():
        with ledger.work() as work:
            work.record(record())
        raise KeyError


@pytest.fixture
def ledger(reopen: Open) -> Ledger:
    return reopen()


def test_an_empty_ledger_stands_at_the_beginning(ledger: Ledger) -> None:
    assert (ledger.head.position, ledger.head.seal) == (0, GENESIS)
    assert list(ledger.since()) == []


def test_entries_come_back_in_order_with_their_seals(ledger: Ledger) -> None:
    with ledger.work() as work:
        written = [work.record(record(n=number, text="米子市")) for number in range(3)]
    assert list(ledger.since()) == written
    assert list(ledger.since(2)) == written[2:]
    assert verify(ledger.since()) == ledger.head
    assert written[0].body == {"n": 0, "text": "米子市"}


def test_a_work_that_fails_leaves_nothing(ledger: Ledger) -> None:
    with ledger.work() as work:
        work.record(record())
    with pytest.raises(KeyError):
        write_and_fail(ledger)
    assert ledger.head.position == 1


def test_a_work_sees_what_it_wrote(ledger: Ledger) -> None:
    with ledger.work() as work:
        entry = work.record(record("a"))
        assert work.of("a") == [entry]
        assert work.of("b") == []
        assert work.head.position == 1


def test_what_was_said_of_a_subject_can_be_read_from_a_place_on(ledger: Ledger) -> None:
    with ledger.work() as work:
        entries = [work.record(record("a", n=number)) for number in range(4)]
        assert work.of("a", since=2) == entries[1:]
    assert ledger.of("a", since=4) == entries[3:]
    assert ledger.of("a", since=5) == ledger.of("b", since=1) == []


def test_who_is_spoken_of_since_a_head_that_the_ledger_holds(ledger: Ledger) -> None:
    start = ledger.head
    with ledger.work() as work:
        first = work.record(record("a"))
        assert work.subjects_after(start) == {"a"}
        work.record(record("b"))
    assert ledger.subjects_after(start) == {"a", "b"}
    assert ledger.subjects_after(Head(position=1, seal=first.seal)) == {"b"}
    assert ledger.subjects_after(ledger.head) == frozenset()
    assert ledger.subjects_after(Head(position=1, seal=GENESIS)) is None
    assert ledger.subjects_after(Head(position=3, seal=first.seal)) is None


def test_what_was_committed_is_there_after_reopening(reopen: Open) -> None:
    first = reopen()
    with first.work() as work:
        work.record(record("kept"))
    first.close()
    second = reopen()
    assert [entry.subject for entry in second.since()] == ["kept"]
    with second.work() as work:
        work.record(record("next"))
    assert verify(second.since()).position == 2


def test_a_group_is_one_commit_in_which_each_work_fails_alone(reopen: Open) -> None:
    ledger = reopen()
    with ledger.group():
        with ledger.work() as work:
            work.record(record("first"))
        with pytest.raises(KeyError):
            write_and_fail(ledger)
        with ledger.work() as work:
            work.record(record("second"))
    ledger.close()
    assert [entry.subject for entry in reopen().since()] == ["first", "second"]


def test_a_group_that_fails_leaves_nothing_of_any(ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        grouped_and_failed(ledger)
    assert ledger.head.position == 0


def test_pages_come_newest_first_and_by_subject_and_kind(ledger: Ledger) -> None:
    with ledger.work() as work:
        for number in range(5):
            work.record(record("even" if number % 2 == 0 else "odd"))
    assert [entry.position for entry in ledger.page(before=0, limit=2)] == [5, 4]
    assert [entry.position for entry in ledger.page(before=4, limit=9)] == [3, 2, 1]
    assert [entry.position for entry in ledger.page(before=0, limit=9, subject="odd")] == [4, 2]
    assert ledger.page(before=0, limit=9, kinds=["receipt"]) == []
    with ledger.work() as work:
        for number in range(6, 12):
            work.record(record("even" if number % 2 == 0 else "odd", kind="receipt" if number % 3 else "send"))
    assert [entry.position for entry in ledger.page(before=0, limit=2, kinds=["receipt"])] == [11, 10]
    assert [entry.position for entry in ledger.page(before=10, limit=2, kinds=["receipt", "send"])] == [9, 8]
    both = ledger.page(before=0, limit=9, subject="odd", kinds=["send", "receipt"])
    assert [(entry.position, entry.kind) for entry in both] == [(11, "receipt"), (9, "send"), (7, "receipt")]


def test_subjects_are_named_by_kind(ledger: Ledger) -> None:
    with ledger.work() as work:
        work.record(record("a"))
        work.record(record("b"))
        assert work.subjects("draft") == {"a", "b"}
        assert work.subjects("issue") == frozenset()
