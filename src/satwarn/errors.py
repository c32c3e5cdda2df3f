"""The tree of errors: one root to catch, a branch that says whose fault it is.

SatwarnError
├── Ours                we asked for something that cannot be
│   ├── DoesNotFit      a field, frame or message is asked to carry too much
│   ├── OutOfTurn       a deed the life of an alert does not allow now
│   ├── NotAllowed      the person may not do this
│   ├── BadArea         a place that cannot exist, or none at all
│   ├── BadAlert        an alert that may not be made
│   ├── BadScenario     a drill that cannot be run as written
│   ├── BadSetting      a setting that cannot be obeyed
│   └── Missing         something this command needs is not there
│       └── NotKept     the disk takes nothing: it is full, or cannot be written
└── Theirs              what reached us is not what it should be
    ├── BadFrame        the air gave us noise
    ├── BadMessage      bytes that are not the CAP they claim to be
    ├── BadSignature    a signature that is absent, unknown or broken
    └── BrokenChain     a ledger whose seals do not hold
"""


class SatwarnError(Exception):
    """What happened, where, and what to do next."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(": ".join(filter(None, (where, what))) + (f"\n  Try: {fix}" if fix else ""))
        self.what, self.where, self.fix = what, where, fix


class Ours(SatwarnError):
    """We asked for something that cannot be."""


class DoesNotFit(Ours):
    """A field, frame or message is asked to carry too much."""


class OutOfTurn(Ours):
    """A deed that the life of an alert does not allow now."""


class NotAllowed(Ours):
    """The person may not do this."""


class BadArea(Ours):
    """A place that cannot exist, or none at all."""


class BadAlert(Ours):
    """An alert that may not be made."""


class BadScenario(Ours):
    """A drill that cannot be run as written."""

    exit_code = 2


class BadSetting(Ours):
    """A setting that cannot be obeyed."""

    exit_code = 2


class Missing(Ours):
    """Something this command needs is not there."""

    exit_code = 2


class NotKept(Missing):
    """The disk takes nothing: it is full, or cannot be written."""


class Theirs(SatwarnError):
    """What reached us is not what it should be."""


class BadFrame(Theirs):
    """The air gave us noise."""


class BadMessage(Theirs):
    """Bytes that are not the CAP message they claim to be."""


class BadSignature(Theirs):
    """A signature that is absent, unknown or broken."""


class BrokenChain(Theirs):
    """A ledger whose seals do not hold."""
