"""Sessions in a file of their own, so that a restart sends nobody away.

Not in the ledger's file: a session must not come back with a backup, and reading a page must not wait for the ledger.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw

from satwarn.errors import NotKept


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A session as it is kept: `hashed` is the hash of its secret, times are aware, `by` how the person came in."""

    hashed: str
    person: str
    agent: str
    began: datetime
    seen: datetime
    by: str


COLUMNS = tuple(one.name for one in fields(Kept))
TABLE = """
    CREATE TABLE IF NOT EXISTS session (
        hashed TEXT PRIMARY KEY,
        person TEXT NOT NULL,
        agent  TEXT NOT NULL,
        began  TEXT NOT NULL,
        seen   TEXT NOT NULL,
        by     TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
"""


class SessionFile:
    """Sessions by the hash of their secret; may be asked from any thread. NotKept when the file cannot be written."""

    def __init__(self, file: Path) -> None:
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        self._file, self._lock = file, threading.Lock()
        self._db = apsw.Connection(str(file))
        self._db.set_busy_timeout(5000)
        # NORMAL: a killed process loses nothing; a pulled plug may lose the last sign-in, which is done again.
        self._db.execute(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {TABLE}").fetchall()

    def put(self, session: Kept) -> None:
        """Keep a session, or its newer state."""
        values = [one.astimezone(UTC).isoformat() if isinstance(one, datetime) else one for one in astuple(session)]
        with self._writing() as db:
            db.execute(f"INSERT OR REPLACE INTO session ({', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - constant columns

    def find(self, hashed: str) -> Kept | None:
        """The session of a secret, by its hash."""
        with self._lock:
            row = self._db.execute(f"SELECT {', '.join(COLUMNS)} FROM session WHERE hashed = ?", (hashed,)).fetchone()  # noqa: S608 - constant columns
        if row is None:
            return None
        values: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
        return Kept(
            **values
            | {"began": datetime.fromisoformat(values["began"]), "seen": datetime.fromisoformat(values["seen"])}
        )

    def people(self) -> set[str]:
        """Whose sessions there are."""
        with self._lock:
            return {person for (person,) in self._db.execute("SELECT DISTINCT person FROM session")}

    def drop(self, hashed: str) -> None:
        """Forget one."""
        with self._writing() as db:
            db.execute("DELETE FROM session WHERE hashed = ?", (hashed,))

    def drop_of(self, person: str) -> None:
        """Forget all of a person's."""
        with self._writing() as db:
            db.execute("DELETE FROM session WHERE person = ?", (person,))

    def drop_idle(self, *, since: datetime) -> None:
        """Forget those not seen since."""
        with self._writing() as db:
            db.execute("DELETE FROM session WHERE seen < ?", (since.astimezone(UTC).isoformat(),))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[apsw.Connection]:
        with self._lock:
            try:
                yield self._db
            except (apsw.FullError, apsw.IOError, apsw.ReadOnlyError) as error:
                raise NotKept(
                    f"cannot be written ({error})", where=self._file.name, fix="make room on the disk, then do it again"
                ) from error
