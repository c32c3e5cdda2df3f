"""Checkpoints, forgetting, migration: what an auditor and a year of running ask of a ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from satwarn.adapters.ledger.sqlite import MIGRATIONS, SqliteLedger
from satwarn.errors import BrokenChain, Missing
from satwarn.ledger import checkpoint
from satwarn.ledger.chain import Head, audit, link
from satwarn.ledger.entry import Entry, Record

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()


def chain(*records: Record) -> list[Entry]:
    entries, head = [], Head()
    for one in records:
        entries.append(link(head, one))
        head = Head(position=entries[-1].position, seal=entries[-1].seal)
    return entries


def record(kind: str = "draft", *, at: datetime = NOW, **body: object) -> Record:
    return Record(kind=kind, subject="w", actor="a", at=at, body=body)


def signed(entries: list[Entry], key: Ed25519PrivateKey = KEY) -> list[Entry]:
    head = Head(position=entries[-1].position, seal=entries[-1].seal)
    one = checkpoint.record(head, checkpoint.sign(head, key), by="auditor", at=NOW)
    return [*entries, link(head, one)]


def test_a_checkpoint_covers_what_came_before() -> None:
    found = audit(signed(chain(record(), record())), key=KEY.public_key())
    assert (found.covered, found.checkpoints, found.head.position) == (2, 1, 3)


def test_another_key_is_named() -> None:
    with pytest.raises(BrokenChain, match="not signed with this key"):
        audit(signed(chain(record()), Ed25519PrivateKey.generate()), key=KEY.public_key())


def test_a_whole_new_chain_cannot_carry_an_old_checkpoint() -> None:
    old = signed(chain(record(n=1), record(n=2)))
    carried = Record(kind="checkpoint", subject="ledger", actor="auditor", at=NOW, body=old[-1].body)
    forged = chain(record(n=1), record(n=9), carried)
    with pytest.raises(BrokenChain, match="not in this chain"):
        audit(forged, key=KEY.public_key())


def test_receipts_are_forgotten_deeds_never(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.db")
    with ledger.work() as work:
        for number in range(4):
            work.record(record("receipt" if number % 2 else "draft", at=NOW - timedelta(days=400), n=number))
        work.record(record("receipt", n=5))
    assert ledger.forget(before=NOW - timedelta(days=365), by="Ito", now=NOW) == 2
    assert ledger.forget(before=NOW - timedelta(days=365), by="Ito", now=NOW) == 0
    found = audit(ledger.since())
    assert found.forgotten == 2
    kept = [(entry.kind, bool(entry.body)) for entry in ledger.since()]
    assert kept == [
        ("draft", True), ("receipt", False), ("draft", True), ("receipt", False), ("receipt", True), ("forget", True),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["receipt", "draft"])
def test_a_text_that_is_gone_without_a_deed_is_found(kind: str) -> None:
    entries = chain(record(kind), record())
    entries[0] = replace(entries[0], text="")
    with pytest.raises(BrokenChain, match="entry 1"):
        audit(entries)


def forgets(kinds: list[str], until: int) -> Record:
    return Record(kind="forget", subject="ledger", actor="a", at=NOW, body={"until": until, "kinds": kinds, "count": 1})


@pytest.mark.parametrize(
    ("kinds", "until", "first"),
    [(["receipt", "draft"], 2, 1), (["transmit"], 2, 2), (["receipt"], 1, 2), ([], 2, 2)],
    ids=["a deed", "another kind", "a later one", "nothing"],
)
def test_a_deed_of_forgetting_covers_only_what_it_names_and_never_a_deed(
    kinds: list[str], until: int, first: int
) -> None:
    entries = chain(record("draft"), record("receipt"), forgets(kinds, until))
    entries[first - 1] = replace(entries[first - 1], text="")
    with pytest.raises(BrokenChain, match=f"entry {first}"):
        audit(entries)


def test_a_deed_of_forgetting_covers_what_it_names() -> None:
    entries = chain(record("draft"), record("receipt"), forgets(["receipt"], 2))
    entries[1] = replace(entries[1], text="")
    assert audit(entries).forgotten == 1


def test_a_checkpoint_is_to_one_seal_at_one_position() -> None:
    """Signed for another chain of the same length, or for another place, it covers nothing here."""
    here, there = chain(record(n=1)), chain(record(n=2))
    for stolen in (Head(position=1, seal=there[-1].seal), Head(position=2, seal=here[-1].seal)):
        one = checkpoint.record(
            Head(position=1, seal=here[-1].seal), checkpoint.sign(stolen, KEY), by="auditor", at=NOW
        )
        with pytest.raises(BrokenChain, match="not signed with this key"):
            audit([*here, link(Head(position=1, seal=here[-1].seal), one)], key=KEY.public_key())


def test_an_older_file_is_brought_up_to_date_and_a_newer_one_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with apsw.Connection(str(file)) as db:
        db.execute(f"{MIGRATIONS[0]}; PRAGMA user_version=1").fetchall()
    db.close()
    ledger = SqliteLedger(file)
    with ledger.work() as work:
        work.record(record())
    ledger.close()
    db = apsw.Connection(str(file))
    assert db.pragma("user_version") == len(MIGRATIONS)
    db.pragma("user_version", 99)
    db.close()
    with pytest.raises(Missing, match="newer satwarn"):
        SqliteLedger(file)
