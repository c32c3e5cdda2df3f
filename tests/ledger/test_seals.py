"""Whatever is changed in a ledger, the check names the entry."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.errors import BrokenChain
from satwarn.ledger.chain import Head, link, verify
from satwarn.ledger.entry import Entry, Record

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def chain(length: int) -> list[Entry]:
    entries, head = [], Head()
    for number in range(length):
        entry = link(head, Record(kind="draft", subject="w", actor="a", at=NOW, body={"n": number}))
        entries.append(entry)
        head = Head(position=entry.position, seal=entry.seal)
    return entries


def test_an_untouched_chain_holds() -> None:
    assert verify(chain(5)).position == 5


@given(
    where=st.integers(0, 4),
    part=st.sampled_from(["kind", "subject", "actor", "at", "text", "previous", "seal"]),
    character=st.characters(codec="utf-8"),
)
def test_one_changed_part_is_found_and_named(where: int, part: str, character: str) -> None:
    entries = chain(5)
    before = getattr(entries[where], part)
    entries[where] = replace(entries[where], **{part: before + character})
    with pytest.raises(BrokenChain) as broken:
        verify(entries)
    # A changed seal is first seen by its own entry, which no longer adds up.
    assert broken.value.where.startswith(f"entry {where + 1}")


@given(where=st.integers(0, 3))
def test_a_missing_entry_is_found(where: int) -> None:
    entries = chain(5)
    del entries[where]
    with pytest.raises(BrokenChain):
        verify(entries)


def test_two_entries_in_each_others_place_are_found() -> None:
    entries = chain(5)
    entries[1], entries[2] = entries[2], entries[1]
    with pytest.raises(BrokenChain):
        verify(entries)


def test_a_number_left_out_is_found_though_every_seal_holds() -> None:
    entries = chain(2)
    skips = link(Head(position=3, seal=entries[-1].seal), Record(kind="draft", subject="w", actor="a", at=NOW, body={}))
    with pytest.raises(BrokenChain, match="expected entry 3"):
        verify([*entries, skips])


def test_an_entry_that_seals_another_past_is_found() -> None:
    entries = chain(2)
    grafted = link(
        Head(position=2, seal=entries[0].seal), Record(kind="draft", subject="w", actor="a", at=NOW, body={})
    )
    with pytest.raises(BrokenChain, match="does not seal the entry before it"):
        verify([*entries, grafted])


def test_a_record_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        Record(kind="draft", subject="w", actor="a", at=datetime(2026, 11, 21), body={})  # noqa: DTZ001 - the point
