"""The life of an alert: what may be done with it, and when. The whole of it is this table.

What is absent is forbidden. A retraction says it was sent in error; clearing says that the danger is over.
A message that follows another (an update, an all-clear) lives by the same table until it joins its warning.
"""

from enum import StrEnum

from satwarn.errors import OutOfTurn


class State(StrEnum):
    """Where an alert stands in its life."""

    NEW = "not begun"
    PROPOSED = "proposed"
    AGREED = "agreed by one"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ON_AIR = "on air"
    UNLOCKED = "on air, retraction unlocked"
    JOINED = "part of its warning"
    CLEARED = "cleared"
    RETRACTED = "retracted"
    EXPIRED = "expired"
    DROPPED = "dropped"


class Deed(StrEnum):
    """What somebody does with an alert."""

    DRAFT = "draft"
    """Begin it, empty or from something prepared."""
    PROPOSE = "propose"
    """A machine or a partner lays it before people."""
    ADOPT = "adopt"
    """A person takes a proposal as their draft."""
    CHANGE = "change"
    """Put other content in the draft's place."""
    SUBMIT = "submit"
    """Lay it before an approver."""
    AGREE = "agree"
    """The first of two who approve a proposal in parallel."""
    APPROVE = "approve"
    """The second person says yes."""
    GLASS = "break glass"
    """The duty officer says yes alone, because nobody answered and minutes count."""
    WIDEN = "widen"
    """One person takes a wider area upon themselves."""
    REFUSE = "refuse"
    """Send it back to its author, or a proposal away."""
    WITHDRAW = "withdraw"
    """The source takes a proposal back before anybody made it theirs."""
    DROP = "drop"
    """Throw a draft away."""
    ISSUE = "issue"
    """Put it on the air."""
    JOIN = "join"
    """Issue a message that follows another: it becomes part of that warning."""
    UPDATE = "update"
    """The warning goes on with other words or another area."""
    UNLOCK = "unlock retraction"
    """The first of two actions that say it was sent in error."""
    KEEP = "keep"
    """Leave it on the air after all."""
    RETRACT = "retract"
    """The second of them."""
    CLEAR = "clear"
    """The danger is over."""
    EXPIRE = "expire"
    """Its time has run out."""
    REVIEW = "review"
    """Somebody else has looked at why the glass was broken."""


_ON_AIR = {
    Deed.CLEAR: State.CLEARED,
    Deed.EXPIRE: State.EXPIRED,
    Deed.REVIEW: State.ON_AIR,
    Deed.UPDATE: State.ON_AIR,
}

LIFECYCLE: dict[State, dict[Deed, State]] = {
    State.NEW: {Deed.DRAFT: State.DRAFT, Deed.PROPOSE: State.PROPOSED},
    State.PROPOSED: {
        Deed.ADOPT: State.DRAFT,
        Deed.AGREE: State.AGREED,
        Deed.ISSUE: State.ON_AIR,
        Deed.JOIN: State.JOINED,
        Deed.REFUSE: State.DROPPED,
        Deed.WITHDRAW: State.DROPPED,
    },
    State.AGREED: {
        Deed.ADOPT: State.DRAFT,
        Deed.APPROVE: State.APPROVED,
        Deed.GLASS: State.APPROVED,
        Deed.REFUSE: State.DROPPED,
        Deed.WITHDRAW: State.DROPPED,
    },
    State.DRAFT: {
        Deed.CHANGE: State.DRAFT,
        Deed.SUBMIT: State.SUBMITTED,
        Deed.WIDEN: State.APPROVED,
        Deed.DROP: State.DROPPED,
    },
    State.SUBMITTED: {
        Deed.APPROVE: State.APPROVED,
        Deed.GLASS: State.APPROVED,
        Deed.REFUSE: State.DRAFT,
        Deed.CHANGE: State.DRAFT,
    },
    State.APPROVED: {
        Deed.ISSUE: State.ON_AIR,
        Deed.JOIN: State.JOINED,
        Deed.REFUSE: State.DRAFT,
        Deed.CHANGE: State.DRAFT,
    },
    State.ON_AIR: {**_ON_AIR, Deed.UNLOCK: State.UNLOCKED},
    State.UNLOCKED: {**_ON_AIR, Deed.RETRACT: State.RETRACTED, Deed.KEEP: State.ON_AIR},
    State.JOINED: {Deed.REVIEW: State.JOINED},
    State.CLEARED: {Deed.REVIEW: State.CLEARED},
    State.RETRACTED: {Deed.REVIEW: State.RETRACTED},
    State.EXPIRED: {Deed.REVIEW: State.EXPIRED},
    State.DROPPED: {},
}

LIVE = frozenset({State.ON_AIR, State.UNLOCKED})
"""Where people are being warned."""
OPEN = frozenset({State.PROPOSED, State.AGREED, State.DRAFT, State.SUBMITTED, State.APPROVED})
"""Where somebody still has something to do before it can go out."""


def after(state: State, deed: Deed) -> State:
    """The state a deed leads to; OutOfTurn lists what is allowed instead."""
    try:
        return LIFECYCLE[state][deed]
    except KeyError:
        may = ", ".join(LIFECYCLE[state]) or "nothing more"
        raise OutOfTurn(f"cannot {deed} an alert that is {state}; it may: {may}") from None
