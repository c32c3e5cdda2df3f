"""Ledgers as files: audit, checkpoint, backup, restore, forget. What the command line does with them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from satwarn.adapters import clock, key_files
from satwarn.adapters.ledger.sqlite import A_LEDGER, SqliteLedger
from satwarn.app.wiring import read_ledger
from satwarn.errors import Missing
from satwarn.ledger import checkpoint
from satwarn.ledger.chain import Audit, Head, audit
from satwarn.ledger.entry import Entry


def entries_in(file: Path) -> Iterator[Entry]:
    """Every entry of a ledger file or of an export (JSON lines)."""
    if not file.is_file():
        return read_ledger(file)
    with file.open("rb") as stream:
        first = stream.read(1)
    return _exported(file) if first == b"{" else read_ledger(file)


def _exported(file: Path) -> Iterator[Entry]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise Missing(f"not an entry of a ledger ({error})", where=f"{file}, line {number}") from error


def check(file: Path, *, key: str | None) -> Audit:
    """Check every seal and, with the auditor's public key, every checkpoint. See `ledger.chain.audit`."""
    return audit(entries_in(file), key=key_files.public_key(key) if key else None)


def make_key(file: Path) -> str:
    """A new auditor's key in a file; the public half as PEM."""
    return key_files.make_auditor_key(file).decode()


def sign_head(file: Path, key: Path, *, by: str) -> Head:
    """Sign the head of a ledger (after checking the whole of it), and keep the checkpoint in it."""
    private = key_files.auditor_key(key)
    audit(read_ledger(file))
    ledger = SqliteLedger(file)
    try:
        with ledger.work() as work:
            head = work.head
            signature = checkpoint.sign(head, private)
            work.record(checkpoint.record(head, signature, by=by, at=clock.now()))
        return head
    finally:
        ledger.close()


def backup(file: Path, to: Path) -> Head:
    """A consistent copy of a ledger that may be in use, checked before it is called done."""
    _must_be(file)
    ledger = SqliteLedger(file)
    try:
        ledger.backup(to)
    finally:
        ledger.close()
    return audit(read_ledger(to)).head


def restore(backed_up: Path, to: Path) -> Head:
    """Put a backup, checked, where a ledger shall be; Missing when there is one already."""
    if to.exists():
        raise Missing("is there already, and a ledger is not overwritten", where=str(to), fix="move it away first")
    audit(read_ledger(backed_up))
    return backup(backed_up, to)


def forget(file: Path, *, days: int, by: str) -> int:
    """Blank the texts of receipts and transmissions older than so many days; the chain still holds."""
    _must_be(file)
    ledger, now = SqliteLedger(file), clock.now()
    try:
        return ledger.forget(before=now - timedelta(days=days), by=by, now=now)
    finally:
        ledger.close()


def _must_be(file: Path) -> None:
    if not file.is_file():
        raise Missing("there is no such file", where=str(file), fix=A_LEDGER)
    next(read_ledger(file), None)  # opening it for writing would make a ledger of any empty file
