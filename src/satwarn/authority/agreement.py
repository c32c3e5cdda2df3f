"""Who must still agree: the way of each kind of message, from `tables/agreement.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from satwarn.alert.lifecycle import Deed, State
from satwarn.authority.hazard import ApprovalClass
from satwarn.errors import OutOfTurn


class Message(StrEnum):
    """What a message does to what people were told before."""

    FIRST = "first"
    WIDEN = "widen"
    CHANGE = "change"
    CLEAR = "clear"


class Way(StrEnum):
    """How it is agreed on."""

    ORDER = "order"
    """Two signed beforehand; a machine may issue."""
    PARALLEL = "parallel"
    """Two people at the same time."""
    TURN = "turn"
    """One writes, another approves."""
    ALONE = "alone"
    """One person suffices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A way, and after how long without a second answer the duty officer may go alone (None: never)."""

    way: Way
    alone_after: timedelta | None
    why: str


@cache
def _table() -> Mapping[tuple[Message, str, bool], Agreement]:
    table = (files("satwarn.authority") / "tables" / "agreement.csv").read_text(encoding="utf-8")
    return {
        (Message(row["message"]), row["class"], row["proposed_by"] == "machine"): Agreement(
            way=Way(row["way"]),
            alone_after=timedelta(seconds=float(row["alone_after_s"])) if row["alone_after_s"] else None,
            why=row["why"],
        )
        for row in csv.DictReader(table.splitlines())
    }


def agreement(message: Message, approval: ApprovalClass, *, by_machine: bool) -> Agreement:
    """What the table says about a message of this kind and class."""
    row = "any" if message is not Message.FIRST else approval.value
    return _table()[message, row, by_machine]


NEEDS_WAY: Mapping[tuple[State, Deed], Way] = {
    (State.PROPOSED, Deed.ISSUE): Way.ORDER,
    (State.PROPOSED, Deed.JOIN): Way.ORDER,
    (State.PROPOSED, Deed.AGREE): Way.PARALLEL,
    (State.DRAFT, Deed.WIDEN): Way.ALONE,
}
"""The moves of the lifecycle that only one way of agreeing opens; all others are open to every way."""


def check_way(state: State, deed: Deed, found: Agreement) -> None:
    """OutOfTurn when the deed belongs to another way of agreeing."""
    needed = NEEDS_WAY.get((state, deed))
    if needed and found.way is not needed:
        raise OutOfTurn(f"cannot {deed} here: this message is agreed on by the way '{found.way}' ({found.why})")
    if deed is Deed.GLASS and found.alone_after is None:
        raise OutOfTurn(f"there is no glass to break: minutes do not count for this message ({found.why})")
