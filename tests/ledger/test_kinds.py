"""Every entry the hub writes is in one view of its ledger."""

import re
from pathlib import Path

import pytest

import satwarn
from satwarn.alert.lifecycle import Deed
from satwarn.authority import prepared, roster
from satwarn.errors import BadAlert
from satwarn.hub import sites
from satwarn.ledger.chain import FORGET, FORGETTABLE
from satwarn.ledger.kinds import chosen, views

SOURCE = Path(satwarn.__file__).parent
OF_RECEIVERS = re.compile(r"app/receiver_|receiver/|app/listening|app/performing|cli/")


WRITES = re.compile(r'(?:\brecord|\bnote|\bRecord)\(\s*(?:kind=)?"([a-z ]+)"')


def written() -> set[str]:
    """The kinds that modules of the hub write by their name."""
    files = [one for one in SOURCE.rglob("*.py") if not OF_RECEIVERS.search(one.relative_to(SOURCE).as_posix())]
    return {kind for file in files for kind in WRITES.findall(file.read_text(encoding="utf-8"))}


def test_every_kind_the_hub_writes_is_in_one_view() -> None:
    known = [kind for kinds in views().values() for kind in kinds]
    assert len(known) == len(set(known))
    everything = written() | set(Deed) | prepared.KINDS | roster.KINDS | sites.KINDS | FORGETTABLE | {FORGET}
    assert len(written()) > 20
    assert everything - set(known) == set()
    assert set(map(str, Deed)) <= set(views()["deeds"])


def test_views_and_kinds_are_chosen_by_their_words() -> None:
    assert chosen([]) == ()
    assert chosen(["receipts", "approve", "receipts"]) == ("receipt", "approve")
    assert {"receipt", "transmit", "fault"} & set(chosen(["deeds"])) == set()
    with pytest.raises(BadAlert, match="deeds, deliveries, receipts, notes"):
        chosen(["approve", "everything"])
