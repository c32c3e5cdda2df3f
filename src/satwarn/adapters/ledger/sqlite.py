"""The ledger in one SQLite file: WAL, synchronous FULL, so that what was committed survives a pulled plug."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from satwarn.errors import Missing
from satwarn.ledger.chain import Head, link
from satwarn.ledger.entry import Entry, Record

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    position INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    actor    TEXT NOT NULL,
    at       TEXT NOT NULL,
    text     TEXT NOT NULL,
    previous TEXT NOT NULL,
    seal     TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entry_by_subject ON entry (subject, position);
"""
COLUMNS = "position, kind, subject, actor, at, text, previous, seal"


def _entry(row: tuple[int, str, str, str, str, str, str, str]) -> Entry:
    return Entry(**dict(zip(COLUMNS.split(", "), row, strict=True)))  # type: ignore[arg-type]  # STRICT columns


class SqliteLedger:
    """A Ledger in a file. One connection, one writer; `before_commit` is a hook for tests that kill the process."""

    def __init__(self, file: Path, *, before_commit: Callable[[], None] = lambda: None) -> None:
        self._db = apsw.Connection(str(file))
        self._db.set_busy_timeout(5000)
        # apsw runs a statement only when the rows of the one before it were fetched: hence the fetchall.
        self._db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL").fetchall()
        self._db.execute(SCHEMA).fetchall()
        self._before_commit = before_commit

    @contextmanager
    def work(self) -> Iterator["_Work"]:
        """Begin a transaction (see ports.Ledger.work)."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield _Work(self._db)
            self._before_commit()
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def since(self, position: int = 0) -> Iterator[Entry]:
        """Entries after `position`, oldest first."""
        rows = self._db.execute(f"SELECT {COLUMNS} FROM entry WHERE position > ? ORDER BY position", (position,))  # noqa: S608 - constant columns
        return map(_entry, rows)

    def of(self, subject: str) -> list[Entry]:
        """Every entry about a subject, oldest first."""
        return _Work(self._db).of(subject)

    @property
    def head(self) -> Head:
        """The last durable entry."""
        return _Work(self._db).head

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class _Work:
    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def record(self, record: Record) -> Entry:
        entry = link(self.head, record)
        self._db.execute(
            f"INSERT INTO entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constant columns
            tuple(getattr(entry, column) for column in COLUMNS.split(", ")),
        )
        return entry

    def of(self, subject: str) -> list[Entry]:
        rows = self._db.execute(f"SELECT {COLUMNS} FROM entry WHERE subject = ? ORDER BY position", (subject,))  # noqa: S608 - constant columns
        return [_entry(row) for row in rows]

    @property
    def head(self) -> Head:
        row = self._db.execute("SELECT position, seal FROM entry ORDER BY position DESC LIMIT 1").fetchone()
        return Head(position=row[0], seal=row[1]) if row else Head()


def read_only(file: Path) -> Iterator[Entry]:
    """Every entry of a ledger file, for a reader that must not change it; Missing when it is no ledger."""
    if not file.is_file():
        raise Missing("no such file", where=str(file), fix="satwarn drill run japan-2017-08-18 --out drill-report/")
    try:
        db = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        yield from map(_entry, db.execute(f"SELECT {COLUMNS} FROM entry ORDER BY position"))  # noqa: S608 - constant columns
    except (apsw.NotADBError, apsw.SQLError) as error:
        raise Missing(f"not a ledger ({error})", where=str(file)) from error
