"""What may leave the wide band: only what a trusted signature covers, or such a message vouches for by digest, and now.

The extension hands over whatever came whole. The gate lets out signed messages that are in time, and files that a
message let out before names by their digest. A message older than GRACE needs the word of a fresh heartbeat that it is
still aboard: so a session played again, or an alert that was taken back, stays in.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from satwarn.alert.alert import Alert
from satwarn.alert.heartbeat import LASTS, Heartbeat, heartbeat_of
from satwarn.alert.naming import name_of, vouched_for
from satwarn.alert.seal import Sealed, Trust, Verdict, verify
from satwarn.errors import BadAlert, BadMessage

CLOCK_TOLERANCE = timedelta(minutes=1)
GRACE = timedelta(minutes=2)  # how long a message needs no heartbeat: a new one may be heard before its first
MOST_WAITING = 64
MOST_WAITING_BYTES = 16 << 20
MOST_VOUCHED = 4096


class Kept(StrEnum):
    """Why something stays in; `signature`, `clock` and `replay` are for somebody to know, the others are ordinary."""

    SIGNATURE = "signature"
    CLOCK = "clock"
    REPLAY = "replay"
    UNCONFIRMED = "unconfirmed"
    EXPIRED = "expired"
    OLDER = "older"
    NOT_OURS = "not ours"


BY_THE_CLOCK = frozenset({Kept.CLOCK, Kept.EXPIRED})
"""Judged by a time that may be wrong: what goes round is judged again, for the time may be put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A signed message that may go on; `heartbeat` when it is one, not `valid` when its certificate has expired."""

    digest: str
    signed: bytes
    alert: Alert
    heartbeat: Heartbeat | None = None
    valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedFile:
    """A file that a message let out before vouches for, by its `ni:` name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What stays in, and why. `again`: it may have been forged in our name, or judged by a wrong clock, so the session
    must be heard anew."""

    digest: str
    kept: Kept
    why: str
    again: bool = False


Outcome = Passed | PassedFile | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class LastHeard:
    """The newest heartbeat, which must outlast a restart: nothing older than it is believed again."""

    position: int = -1
    sent: datetime | None = None
    aboard: frozenset[str] = frozenset()


class Gate:
    """One receiver's gate. Told the time; keeps what waits within bounds."""

    def __init__(self, trust: Trust, *, last: LastHeard | None = None) -> None:
        self._trust = trust
        self.last = last or LastHeard()
        self._vouched: OrderedDict[str, None] = OrderedDict()
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._unconfirmed: OrderedDict[str, Passed] = OrderedDict()

    def believe(self, trust: Trust) -> None:
        """Believe these from now on, and nobody else."""
        self._trust = trust

    def hear(self, digest: str, content: bytes, *, now: datetime) -> list[Outcome]:
        """Judge an object that came whole; what may leave now, because of it, and what may not."""
        try:
            sealed = judged(content, self._trust, now.replace(second=0, microsecond=0))
            if sealed.verdict not in (Verdict.TRUSTED, Verdict.EXPIRED):  # an expired one must not silence an alert
                why = f"its signature is {sealed.verdict.value}"
                return [Refused(digest=digest, kept=Kept.SIGNATURE, why=why, again=True)]
            valid = sealed.verdict is Verdict.TRUSTED
            return self._message(Passed(digest=digest, signed=content, alert=sealed.alert, valid=valid), now)
        except BadAlert as error:
            return [Refused(digest=digest, kept=Kept.NOT_OURS, why=str(error))]
        except BadMessage:
            return self._file(digest, content)

    # ── signed messages ──────────────────────────────────────────────────────────────────────────

    def _message(self, message: Passed, now: datetime) -> list[Outcome]:
        sent = message.alert.sent
        if sent > now + CLOCK_TOLERANCE:
            return [_kept(message, Kept.CLOCK, f"sent at {sent.isoformat()}: the sender's clock or ours is wrong")]
        if heartbeat := heartbeat_of(message.alert):
            return self._heartbeat(replace(message, heartbeat=heartbeat), heartbeat, now)
        if (over := _expiry(message.alert)) and over <= now:
            return [_kept(message, Kept.EXPIRED, f"it expired at {over.isoformat()}")]
        return self._in_time(message, now)

    def _in_time(self, message: Passed, now: datetime) -> list[Outcome]:
        reference = max(now, self.last.sent or now)
        fresh = self.last.sent is not None and self.last.sent > now - LASTS
        if message.alert.sent >= reference - GRACE or (fresh and message.digest in self.last.aboard):
            return self._let_out(message)
        self._unconfirmed[message.digest] = message
        while len(self._unconfirmed) > MOST_WAITING:
            self._unconfirmed.popitem(last=False)
        sent = f"sent at {message.alert.sent.isoformat()}"
        if fresh:
            return [_kept(message, Kept.REPLAY, f"{sent}, and the newest heartbeat says that it is no longer aboard")]
        return [_kept(message, Kept.UNCONFIRMED, f"{sent}, waiting for a heartbeat that says it is still aboard")]

    def _heartbeat(self, message: Passed, heartbeat: Heartbeat, now: datetime) -> list[Outcome]:
        if heartbeat.sent <= now - LASTS:
            why = f"a heartbeat of {heartbeat.sent.isoformat()}: an old session is played again, or this clock is wrong"
            return [_kept(message, Kept.REPLAY, why)]
        if (heartbeat.position, heartbeat.sent) < (self.last.position, self.last.sent or heartbeat.sent):
            return [_kept(message, Kept.OLDER, f"heartbeat {heartbeat.position} after {self.last.position}")]
        self.last = LastHeard(position=heartbeat.position, sent=heartbeat.sent, aboard=frozenset(heartbeat.aboard))
        outcomes: list[Outcome] = [message]
        for digest in [digest for digest in self._unconfirmed if digest in self.last.aboard]:
            outcomes += self._message(self._unconfirmed.pop(digest), now)
        return outcomes

    def _let_out(self, message: Passed) -> list[Outcome]:
        named = vouched_for(message.alert)
        self._vouched |= dict.fromkeys(named)
        while len(self._vouched) > MOST_VOUCHED:
            self._vouched.popitem(last=False)
        here = [name for name in self._files if name in named]
        return [message, *(PassedFile(name=name, content=self._files.pop(name)) for name in here)]

    # ── files beside them ────────────────────────────────────────────────────────────────────────

    def _file(self, digest: str, content: bytes) -> list[Outcome]:
        name = name_of(content)
        if name in self._vouched:
            return [PassedFile(name=name, content=content)]
        self._files[name] = content
        refused: list[Outcome] = []
        while len(self._files) > MOST_WAITING or sum(map(len, self._files.values())) > MOST_WAITING_BYTES:
            self._files.popitem(last=False)
            refused = [Refused(digest=digest, kept=Kept.NOT_OURS, why="more files than messages that name them")]
        return refused


@lru_cache(maxsize=64)
def judged(content: bytes, trust: Trust, minute: datetime) -> Sealed:
    """The verdict on a message; a process with many stations asks it once for all of them."""
    return verify(content, trust, at=minute)


def _kept(message: Passed, kept: Kept, why: str) -> Refused:
    again = kept in BY_THE_CLOCK
    return Refused(digest=message.digest, kept=kept, why=f"{message.alert.identifier}: {why}", again=again)


def _expiry(alert: Alert) -> datetime | None:
    return max((info.expires for info in alert.infos if info.expires), default=None)
