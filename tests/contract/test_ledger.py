"""One suite over every ledger: what authority and hub rely on, whoever keeps it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from satwarn.app.wiring import LEDGERS, open_ledger
from satwarn.ledger.chain import GENESIS, verify
from satwarn.ledger.entry import Record
from satwarn.ledger.ports import Ledger

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
Open = Callable[[], Ledger]


def record(subject: str = "warning", **body: object) -> Record:
    return Record(kind="draft", subject=subject, actor="H. Tanaka", at=NOW, body=body)


@pytest.fixture(params=sorted(LEDGERS))
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same ledger, again and again."""
    return lambda: open_ledger(f"{request.param}:{tmp_path / 'ledger.db'}")


def write_and_fail(ledger: Ledger) -> None:
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
