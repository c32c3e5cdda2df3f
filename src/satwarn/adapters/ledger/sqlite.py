"""The ledger in one SQLite file: WAL, synchronous FULL, so that what was committed survives a pulled plug."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import apsw

from satwarn.errors import Missing, NotKept
from satwarn.ledger.chain import FORGET, FORGETTABLE, link
from satwarn.ledger.entry import Entry, Record
from satwarn.ledger.head import Head

MIGRATIONS = (
    """
    CREATE TABLE IF NOT EXISTS entry (
        position INTEGER PRIMARY KEY,
        kind     TEXT NOT NULL,
        subject  TEXT NOT NULL,
        actor    TEXT NOT NULL,
        at       TEXT NOT NULL,
        text     TEXT NOT NULL,
        digest   TEXT NOT NULL,
        previous TEXT NOT NULL,
        seal     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS entry_by_subject ON entry (subject, position);
    """,
    "CREATE INDEX IF NOT EXISTS entry_by_kind ON entry (kind, subject, position);",
)
"""What each version of the file adds to the one before; `PRAGMA user_version` says how many were applied."""
A_LEDGER = "a ledger file: a hub's satwarn-data/live/ledger.db, or a drill's drill-report/ledger.db"
"""What to name where none was found."""
NOT_WRITTEN = (apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.BusyError)
"""What a disk says without room, over its quota or mounted read only, and a file held too long by another process."""
COLUMNS = "position, kind, subject, actor, at, text, digest, previous, seal"


def _entry(row: tuple[int, str, str, str, str, str, str, str, str]) -> Entry:
    return Entry(**dict(zip(COLUMNS.split(", "), row, strict=True)))  # type: ignore[arg-type]  # STRICT columns


@contextmanager
def _told(file: Path, fix: str) -> Iterator[None]:
    """What SQLite cannot do with a file is told of that file, as Missing."""
    try:
        yield
    except apsw.Error as error:
        raise Missing(f"cannot be used as a ledger: {error}", where=str(file), fix=fix) from error


class SqliteLedger:
    """A Ledger in a file. One connection, one writer; `before_commit` is a hook for tests that kill the process."""

    def __init__(self, file: Path, *, before_commit: Callable[[], None] = lambda: None) -> None:
        self._file = file
        with _told(file, "put back a backup: satwarn ledger restore"):
            self._db = apsw.Connection(str(file))
            self._db.set_busy_timeout(5000)
            # apsw runs a statement only when the rows of the one before it were fetched: hence the fetchall.
            self._db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL").fetchall()
            self._migrate()
        self._before_commit = before_commit
        self._depth = 0

    def _migrate(self) -> None:
        applied = int(self._db.pragma("user_version"))
        if not applied and self._db.pragma("table_info", "entry"):
            raise Missing("was written before ledgers had versions", where=str(self._file), fix="begin a new one")
        if applied > len(MIGRATIONS):
            raise Missing(
                f"was written by a newer satwarn (version {applied}, this one knows {len(MIGRATIONS)})",
                where=str(self._file),
                fix="upgrade satwarn, or restore a backup",
            )
        for number, statements in enumerate(MIGRATIONS[applied:], start=applied + 1):
            self._db.execute(f"BEGIN IMMEDIATE; {statements} PRAGMA user_version={number}; COMMIT").fetchall()

    @contextmanager
    def work(self) -> Iterator["_Work"]:
        """Begin a transaction (see ports.Ledger.work); inside a `group` a savepoint, durable when the group is."""
        begin, commit, undo = (
            ("SAVEPOINT work", "RELEASE work", "ROLLBACK TO work; RELEASE work")
            if self._depth
            else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        )
        if self._depth:
            self._check_whole()
        self._depth += 1
        try:
            self._db.execute(begin)
            yield _Work(self._db)
            self._before_commit()
            self._check_whole()
            self._db.execute(commit)
        except BaseException as error:
            if self._db.in_transaction:  # a full disk may have ended it already
                self._db.execute(undo)
            if isinstance(error, NOT_WRITTEN):
                full = isinstance(error, apsw.FullError)
                raise self._not_kept("the disk is full" if full else f"cannot be written ({error})") from error
            raise
        finally:
            self._depth -= 1

    def _check_whole(self) -> None:
        """NotKept where the disk has ended a group's transaction: what comes after must not be kept without the rest,
        for whoever asked for it is told that nothing was."""
        if not self._db.in_transaction:
            raise self._not_kept("the disk is full")

    def _not_kept(self, what: str) -> NotKept:
        return NotKept(what, where=self._file.name, fix="make room on the disk, then do it again")

    def group(self) -> AbstractContextManager[object]:
        """Several works, one commit: each fails alone, none is durable before the block is left."""
        return self.work()

    def since(self, position: int = 0) -> Iterator[Entry]:
        """Entries after `position`, oldest first."""
        return map(
            _entry,
            self._db.execute(f"SELECT {COLUMNS} FROM entry WHERE position > ? ORDER BY position", (position,)),  # noqa: S608 - constant columns
        )

    def page(self, *, before: int, limit: int, subject: str = "", kinds: Iterable[str] = ()) -> list[Entry]:
        """Up to `limit` entries below position `before` (0: from the end), newest first."""
        where: list[str] = ["1"]
        values: list[object] = []
        if before:
            where, values = [*where, "position < ?"], [*values, before]
        if subject:
            where, values = [*where, "subject = ?"], [*values, subject]
        if names := tuple(kinds):
            where, values = [*where, f"kind IN ({', '.join('?' * len(names))})"], [*values, *names]
        # Which ones, from an index alone: of a hundred thousand texts only those of the page are read.
        wanted = f"SELECT position FROM entry WHERE {' AND '.join(where)} ORDER BY position DESC LIMIT ?"  # noqa: S608 - constant words
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM entry WHERE position IN ({wanted}) ORDER BY position DESC",  # noqa: S608 - constant words
            (*values, limit),
        )
        return [_entry(row) for row in rows]

    def of(self, subject: str, *, since: int = 1) -> list[Entry]:
        """Every entry about a subject from position `since` on, oldest first."""
        return _Work(self._db).of(subject, since=since)

    def subjects_after(self, head: Head) -> frozenset[str] | None:
        """Every subject that entries after `head` speak of; None when the ledger does not hold `head` (any more)."""
        return _Work(self._db).subjects_after(head)

    @property
    def head(self) -> Head:
        """The last durable entry."""
        return _Work(self._db).head

    def forget(self, *, before: datetime, by: str, now: datetime) -> int:
        """Blank the texts of receipts and transmissions older than `before`, and record that it was done."""
        places = ", ".join("?" * len(FORGETTABLE))
        kinds = sorted(FORGETTABLE)
        with self.work() as work:
            count, until = self._db.execute(
                f"SELECT count(*), max(position) FROM entry WHERE kind IN ({places}) AND at < ? AND text != ''",  # noqa: S608 - question marks
                (*kinds, before.isoformat()),
            ).fetchone() or (0, 0)
            if count:
                self._db.execute(
                    f"UPDATE entry SET text = '' WHERE kind IN ({places}) AND at < ?",  # noqa: S608 - question marks
                    (*kinds, before.isoformat()),
                )
                body = {"until": until, "kinds": kinds, "count": count}
                work.record(Record(kind=FORGET, subject="ledger", actor=by, at=now, body=body))
        return int(count)

    def backup(self, to: Path) -> None:
        """A consistent copy in another file, while others go on writing; what was there is replaced."""
        to.parent.mkdir(parents=True, exist_ok=True)
        part = to.with_name(to.name + ".part")
        part.unlink(missing_ok=True)
        with _told(to, "a folder that you may write to, on a disk with room"):
            self._db.execute("VACUUM INTO ?", (str(part),))
        part.replace(to)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class _Work:
    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def record(self, record: Record) -> Entry:
        entry = link(self.head, record)
        self._db.execute(
            f"INSERT INTO entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constant columns
            tuple(getattr(entry, column) for column in COLUMNS.split(", ")),
        )
        return entry

    def of(self, subject: str, *, since: int = 1) -> list[Entry]:
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM entry WHERE subject = ? AND position >= ? ORDER BY position",  # noqa: S608 - constant columns
            (subject, since),
        )
        return [_entry(row) for row in rows]

    def subjects(self, *kinds: str) -> frozenset[str]:
        places = ", ".join("?" * len(kinds))
        rows = self._db.execute(f"SELECT DISTINCT subject FROM entry WHERE kind IN ({places})", kinds)  # noqa: S608 - question marks
        return frozenset(subject for (subject,) in rows)

    def subjects_after(self, head: Head) -> frozenset[str] | None:
        seal = self._db.execute("SELECT seal FROM entry WHERE position = ?", (head.position,)).fetchone()
        if head != Head() and seal != (head.seal,):
            return None
        rows = self._db.execute("SELECT DISTINCT subject FROM entry WHERE position > ?", (head.position,))
        return frozenset(subject for (subject,) in rows)

    @property
    def head(self) -> Head:
        row = self._db.execute("SELECT position, seal FROM entry ORDER BY position DESC LIMIT 1").fetchone()
        return Head(position=row[0], seal=row[1]) if row else Head()


class SqliteReader:
    """Another process's ledger, read while it grows; Missing when it is not there."""

    def __init__(self, file: Path) -> None:
        try:
            self._db = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        except apsw.CantOpenError as error:
            raise Missing(f"no ledger ({error})", where=str(file)) from error
        self._db.set_busy_timeout(5000)

    @property
    def head(self) -> Head:
        """The last durable entry."""
        return _Work(self._db).head

    def between(self, position: int, last: int, kinds: Iterable[str]) -> list[Entry]:
        """Durable entries of these kinds after `position` up to `last`, oldest first."""
        names = tuple(kinds)
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM entry WHERE position > ? AND position <= ? "  # noqa: S608 - constant columns
            f"AND kind IN ({', '.join('?' * len(names))}) ORDER BY position",
            (position, last, *names),
        )
        return [_entry(row) for row in rows]

    def of(self, subject: str) -> list[Entry]:
        """Every entry about a subject, oldest first."""
        return _Work(self._db).of(subject)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def read_only(file: Path) -> Iterator[Entry]:
    """Every entry of a ledger file, for a reader that must not change it; Missing when it is no ledger."""
    if not file.is_file():
        raise Missing("there is no such file", where=str(file), fix=A_LEDGER)
    try:
        db = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        yield from map(_entry, db.execute(f"SELECT {COLUMNS} FROM entry ORDER BY position"))  # noqa: S608 - constant columns
    except (apsw.NotADBError, apsw.SQLError) as error:
        raise Missing(f"not a ledger ({error})", where=str(file)) from error
