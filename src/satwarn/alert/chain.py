"""The chain of messages about one event: what an Update, Cancel, Ack or Error does to the ones before it.

A message is known by (sender, identifier, sent). What is live is what nobody has updated, cancelled or refused. Whether
a sender may end what another one sent is not asked here: that is the intake's question.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from satwarn.alert.alert import Alert, Key, MsgType, ResponseType
from satwarn.errors import OutOfTurn

ENDING = "satwarn:ending"
"""The info parameter that says why a warning ends, signed with it: a retraction is not an all-clear."""


class Ending(StrEnum):
    """Why a warning ends."""

    RETRACTION = "retraction"
    ALL_CLEAR = "all-clear"


class Effect(StrEnum):
    """What one message does to the chain."""

    NEW = "new"
    SUPERSEDES = "supersedes"
    RETRACTS = "retracts"
    CLEARS = "clears"
    WITHDRAWS = "withdraws"
    ACKNOWLEDGES = "acknowledges"
    REFUSES = "refuses"
    REPEATS = "repeats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of one message: the effect, and the live messages it met."""

    effect: Effect
    on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Messages heard so far, and which of them are live. Hearing one makes a new chain."""

    heard: tuple[Alert, ...] = ()
    ended: frozenset[Key] = frozenset()

    def live(self, *, now: datetime) -> tuple[Alert, ...]:
        """The messages that hold now: not superseded, not withdrawn, not expired."""
        return tuple(alert for alert in self.heard if self._holds(alert, now))

    def _holds(self, alert: Alert, now: datetime) -> bool:
        speaks = alert.msg_type in (MsgType.ALERT, MsgType.UPDATE)
        return speaks and alert.key not in self.ended and not has_expired(alert, now=now)

    def hear(self, alert: Alert, *, now: datetime) -> "tuple[Chain, Heard]":
        """Take one message in; raises OutOfTurn for a Cancel that could mean several live warnings."""
        if any(alert.key == known.key for known in self.heard):
            return self, Heard(effect=Effect.REPEATS)
        met = self._met(alert, now)
        effect = effect_of(alert)
        ended = self.ended | {r.key for r in alert.references} if effect in _ENDS else self.ended
        return Chain(heard=(*self.heard, alert), ended=ended), Heard(effect=effect, on=met)

    def _met(self, alert: Alert, now: datetime) -> tuple[Key, ...]:
        """The live messages it refers to, by their whole key; one warning can be cancelled at a time."""
        named = {reference.key for reference in alert.references}
        live = self.live(now=now)
        met = [known for known in live if known.key in named]
        if alert.msg_type is MsgType.CANCEL:
            roots = {self._root(known) for known in met}
            if len(roots) > 1:
                raise _ambiguous(alert, met)
            if not met:
                self._refuse_near_miss(alert, live)
        return tuple(known.key for known in met)

    def _root(self, alert: Alert) -> Key:
        """The first message of the warning an alert belongs to, as far as we heard it."""
        by_key = {known.key: known for known in self.heard}
        while earlier := [by_key[r.key] for r in alert.references if r.key in by_key and r.sent < alert.sent]:
            alert = min(earlier, key=lambda known: known.sent)
        return alert.key

    def _refuse_near_miss(self, alert: Alert, live: Iterable[Alert]) -> None:
        """A Cancel whose identifier is known but whose time is not could mean any of these."""
        named = {(reference.sender, reference.identifier) for reference in alert.references}
        candidates = [known for known in live if (known.sender, known.identifier) in named]
        if candidates:
            raise _ambiguous(alert, candidates)


_ENDS = {Effect.SUPERSEDES, Effect.RETRACTS, Effect.CLEARS, Effect.WITHDRAWS, Effect.REFUSES}


def _ambiguous(alert: Alert, candidates: Iterable[Alert]) -> OutOfTurn:
    said = "; ".join(f"{a.sender},{a.identifier},{a.sent.isoformat()}" for a in candidates)
    return OutOfTurn(
        f"cancel {alert.identifier} is ambiguous: it could mean {said}",
        where="references",
        fix="cancel one warning at a time, by sender,identifier,sent",
    )


def effect_of(alert: Alert) -> Effect:
    """What a message does, by its msgType; a Cancel by its signed ending, or as other systems write an all-clear."""
    simple = {
        MsgType.ALERT: Effect.NEW,
        MsgType.UPDATE: Effect.SUPERSEDES,
        MsgType.ACK: Effect.ACKNOWLEDGES,
        MsgType.ERROR: Effect.REFUSES,
    }
    if alert.msg_type in simple:
        return simple[alert.msg_type]
    return _OF_ENDING[ending_of(alert)]


_OF_ENDING = {Ending.RETRACTION: Effect.RETRACTS, Ending.ALL_CLEAR: Effect.CLEARS, None: Effect.WITHDRAWS}


def ending_of(alert: Alert) -> Ending | None:
    """Why a Cancel ends its warning; None where it does not say. Raises BadAlert if its infos disagree.

    Ours say it by the parameter `satwarn:ending`. Of others, only responseType AllClear in every info is an all-clear
    (MoWaS writes it so); a bare Cancel withdraws without saying why, and is not taken for either.
    """
    said = alert.parameters(ENDING)
    if len(said) == 1 and said[0] in set(Ending):
        return Ending(said[0])
    if alert.infos and all(ResponseType.ALL_CLEAR in info.response_types for info in alert.infos):
        return Ending.ALL_CLEAR
    return None


def has_expired(alert: Alert, *, now: datetime) -> bool:
    """Whether every info of it has expired; without `expires` it holds until somebody ends it."""
    return bool(alert.infos) and all(info.expires is not None and info.expires <= now for info in alert.infos)
