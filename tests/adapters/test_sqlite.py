"""What only SQLite can get wrong: how durable a commit is, and files that are no ledgers."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from satwarn.adapters.ledger.sqlite import SqliteLedger, read_only
from satwarn.errors import Missing, NotKept
from satwarn.ledger.entry import Record

FULL = 2


def test_commits_are_in_wal_and_fully_synchronous(tmp_path: Path) -> None:
    opened: list[apsw.Connection] = []
    apsw.connection_hooks.append(opened.append)
    try:
        SqliteLedger(tmp_path / "ledger.db")
    finally:
        apsw.connection_hooks.clear()
    (db,) = opened
    assert db.pragma("journal_mode") == "wal"
    assert db.pragma("synchronous") == FULL


@pytest.mark.parametrize("content", [b"", b"not a database, just words" * 40], ids=["empty", "words"])
def test_a_file_that_is_no_ledger_is_told_apart(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.db"
    file.write_bytes(content)
    with pytest.raises(Missing, match="not a ledger"):
        list(read_only(file))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="there is no such file"):
        list(read_only(tmp_path / "nowhere.db"))


def opened(folder: Path) -> tuple[SqliteLedger, apsw.Connection]:
    """A ledger, and the connection through which its disk can be made small."""
    seen: list[apsw.Connection] = []
    apsw.connection_hooks.append(seen.append)
    try:
        return SqliteLedger(folder / "ledger.db"), seen[0]
    finally:
        apsw.connection_hooks.clear()


def test_a_full_disk_is_told_keeps_nothing_and_once_there_is_room_again_the_ledger_goes_on(tmp_path: Path) -> None:
    ledger, file = opened(tmp_path)
    at = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    large, small = (Record(kind="draft", subject="w", actor="a", at=at, body={"x": "x" * n}) for n in (100_000, 10))
    room = file.pragma("max_page_count")
    file.pragma("max_page_count", 10)
    with pytest.raises(Missing, match="disk is full"), ledger.work() as work:
        work.record(large)
    file.pragma("max_page_count", room)
    with ledger.work() as work:
        work.record(small)
    assert [entry.position for entry in ledger.since()] == [1]


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"noise" * 1000)
    with pytest.raises(Missing, match="cannot be used as a ledger: file is not a database"):
        SqliteLedger(tmp_path / "ledger.db")


def test_a_full_disk_in_the_middle_of_a_group_keeps_nothing_of_it_neither_before_nor_after(tmp_path: Path) -> None:
    """SQLite ends the whole transaction itself; what came next in the group once was kept alone, and told as lost."""
    ledger, file = opened(tmp_path)
    at = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    large, small = (Record(kind="draft", subject="w", actor="a", at=at, body={"x": "x" * n}) for n in (300_000, 10))
    file.pragma("max_page_count", 20)

    def group() -> None:
        with ledger.group():
            for one in (small, large, small):  # each fails or succeeds alone, as far as it is told
                with contextlib.suppress(NotKept), ledger.work() as work:
                    work.record(one)

    with pytest.raises(NotKept, match="disk is full"):
        group()
    assert list(ledger.since()) == []
    with ledger.work() as work:
        work.record(small)
    assert [entry.position for entry in ledger.since()] == [1]


def test_a_ledger_held_by_another_process_is_said_so(tmp_path: Path) -> None:
    ledger, other = (SqliteLedger(tmp_path / "ledger.db") for _ in range(2))
    ledger._db.set_busy_timeout(1)
    with other.work(), pytest.raises(NotKept, match="cannot be written"), ledger.work():
        pass
    with ledger.work() as work:
        assert work.head.position == 0
