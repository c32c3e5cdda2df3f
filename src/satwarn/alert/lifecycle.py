"""The life of an alert: what may be done with it, and when. The whole of it is this table.

What is absent is forbidden. A retraction says it was sent in error; clearing says that the danger is over.
"""

from enum import StrEnum

from satwarn.errors import OutOfTurn


class State(StrEnum):
    """Where an alert stands in its life."""

    PROPOSED = "proposed"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ON_AIR = "on air"
    CLEARED = "cleared"
    RETRACTED = "retracted"
    EXPIRED = "expired"


class Deed(StrEnum):
    """What somebody does with an alert."""

    ADOPT = "adopt"
    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    REFUSE = "refuse"
    ISSUE = "issue"
    UPDATE = "update"
    CLEAR = "clear"
    RETRACT = "retract"
    EXPIRE = "expire"


LIFECYCLE: dict[State, dict[Deed, State]] = {
    State.PROPOSED: {Deed.ADOPT: State.DRAFT, Deed.ISSUE: State.ON_AIR, Deed.REFUSE: State.EXPIRED},
    State.DRAFT: {Deed.CHANGE: State.DRAFT, Deed.SUBMIT: State.SUBMITTED},
    State.SUBMITTED: {Deed.APPROVE: State.APPROVED, Deed.REFUSE: State.DRAFT, Deed.CHANGE: State.DRAFT},
    State.APPROVED: {Deed.ISSUE: State.ON_AIR, Deed.REFUSE: State.DRAFT, Deed.CHANGE: State.DRAFT},
    State.ON_AIR: {
        Deed.UPDATE: State.ON_AIR,
        Deed.CLEAR: State.CLEARED,
        Deed.RETRACT: State.RETRACTED,
        Deed.EXPIRE: State.EXPIRED,
    },
    State.CLEARED: {},
    State.RETRACTED: {},
    State.EXPIRED: {},
}


def after(state: State, deed: Deed) -> State:
    """The state a deed leads to; OutOfTurn lists what is allowed instead."""
    try:
        return LIFECYCLE[state][deed]
    except KeyError:
        may = ", ".join(LIFECYCLE[state]) or "nothing more"
        raise OutOfTurn(f"cannot {deed} an alert that is {state}; it may: {may}") from None
