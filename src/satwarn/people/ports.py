"""What a site needs of whatever drives its outputs, in callbacks, so that it works on a virtual clock and in real life.

An output says what is meant, a carrier brings it to the far end, and what came out there is compared with what was
meant. A fault of a device can only be seen in what comes out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.announcement import Announcement

Meant = TypeVar("Meant")
Far = TypeVar("Far")
MeantIn = TypeVar("MeantIn", contravariant=True)
FarOut = TypeVar("FarOut", covariant=True)

Done = Callable[[OutputResult], None]
STOPPED = "stopped"  # by hand: a local stop, or a maintenance
REPLACED = "replaced"  # by another warning of the same event, which has begun
WAS_STOPPED = "was stopped before it was done"
UNPROVEN_STEP = "give this output a way to be heard or read back, or send somebody to look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One warning as one site is to give it to people; `warning` is the site's own name for it.

    `information` is its type (receiver/tables/information.csv) and `severity` CAP's word, for machines that listen.
    `how` says that these are the words of its end, and how it ended: no siren and no contact begins with them.
    """

    warning: str
    site: str
    purpose: Purpose
    announcements: tuple[Announcement, ...]
    at: datetime
    information: str = ""
    severity: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why it did not work: `detail` completes the sentence "the output ...", `next_step` is for the officer."""

    cause: Cause
    detail: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a silent try of an output came to: `good` is None where nothing can be told without a sound."""

    good: bool | None
    what: str


class Output(Protocol):
    """One thing a site drives."""

    @property
    def name(self) -> str:
        """Its word in receipts: speaker, screen, mail, relay."""
        ...

    def allowed_s(self, performance: Performance) -> float:
        """Seconds after which it counts as late."""
        ...

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Start, and return at once; `done` is called once with what came of it, or never by a device that hangs."""
        ...

    def end(self, warning: str, *, how: str, last: bool) -> None:
        """Fall silent about that warning ("": about everything) within a second, and return at once.

        `how` is why it is over (STOPPED, or how a warning ends), `last` whether no other is still on here.
        """
        ...


class Carrier(Protocol[MeantIn, FarOut]):
    """A device between what is meant and what people hear, read or see."""

    def carry(self, meant: MeantIn, *, came_out: Callable[[FarOut | Trouble | None], None]) -> None:
        """Bring it to the far end.

        `came_out` is told what came out there, the trouble there was, or None where nothing listens at the far end.
        """
        ...

    def stop(self) -> None:
        """Bring no more of it, if any is still on its way."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvingOutput(Generic[Meant, Far]):
    """An Output that compares what came out with what was meant.

    `mean` makes it, `carrier` brings it, `judge` compares and returns None when they agree; `lasts_s` says how long it
    takes when all is well, `grace_s` how much longer it may take; `trial` tries the way in silence.
    """

    name: str
    mean: Callable[[Performance], Meant]
    carrier: Carrier[Meant, Far]
    judge: Callable[[Meant, Far], Trouble | None]
    lasts_s: Callable[[Performance], float]
    grace_s: float = 30.0
    saying: list[str] = field(default_factory=list)  # the warning it was given last, until it is over
    trial: Callable[[], Tried] = lambda: Tried(good=None, what="cannot be tried in silence")

    def try_silently(self) -> Tried:
        """What a try came to of which nobody hears."""
        return self.trial()

    def allowed_s(self, performance: Performance) -> float:
        """As long as it lasts, and the grace."""
        return self.lasts_s(performance) + self.grace_s

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Carry it and judge what came out (see Output)."""
        meant = self.mean(performance)
        self.saying[:] = [performance.warning]
        self.carrier.carry(meant, came_out=lambda far: done(self._result(meant, far)))

    def end(self, warning: str, *, how: str, last: bool) -> None:
        """Stop the carrier, if it still brings that warning (see Output)."""
        if warning in ("", *self.saying):
            self.saying.clear()
            self.carrier.stop()

    def _result(self, meant: Meant, far: Far | Trouble | None) -> OutputResult:
        if far is None:
            return OutputResult(
                output=self.name,
                proof=Proof.UNPROVEN,
                cause=Cause.UNPROVEN,
                detail="did as it was told, but nothing listens at its far end",
                next_step=UNPROVEN_STEP,
            )
        trouble = far if isinstance(far, Trouble) else self.judge(meant, far)
        if trouble is None:
            return OutputResult(output=self.name, proof=Proof.PROVEN)
        return failed(self.name, trouble)


def failed(output: str, trouble: Trouble) -> OutputResult:
    """The result of an output that had trouble."""
    return OutputResult(
        output=output,
        proof=Proof.FAILED,
        cause=trouble.cause,
        detail=trouble.detail,
        next_step=trouble.next_step,
    )


def stopped(output: str) -> OutputResult:
    """The result of an output that was told to fall silent: it did not give the whole, and nothing is wrong with it."""
    return failed(output, STOP)


def told_as_end(output: str) -> OutputResult:
    """The result of an output that tells of an end in its own way, and has nothing to do with the words of it."""
    return OutputResult(
        output=output,
        proof=Proof.UNPROVEN,
        cause=Cause.UNPROVEN,
        detail="tells of the end by an event of its own",
        next_step=UNPROVEN_STEP,
    )


STOP = Trouble(cause=Cause.RULE, detail=WAS_STOPPED, next_step="none: it was stopped here")
