"""What a receiver asks of the world around it. The shell carries these out; the machine only says them."""

from dataclasses import dataclass
from datetime import datetime

from satwarn.alert.alert import Info, Severity
from satwarn.alert.purpose import Purpose
from satwarn.frame.pages import PagedText
from satwarn.ledger.receipt import Path, Receipt
from satwarn.receiver.memory import Life, Maintenance, Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Warn:
    """Sound, speak and show.

    `label` keys the words put before and after ("" only for a real warning); `infos` are the signed texts when a
    signed copy was heard, else `instruction` (CAMF A11) and `hazard` (A4) say it in code, and `information` (a type of
    tables/information.csv) always does.
    """

    warning: str
    purpose: Purpose
    label: str
    hazard: int
    instruction: int
    infos: tuple[Info, ...]
    outputs: tuple[str, ...]
    path: Path
    at: datetime
    information: str = ""
    severity: Severity = Severity.UNKNOWN
    text: PagedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Show it and call the duty officer, but make no sound: it may be true and cannot be trusted alone."""

    warning: str
    hazard: int
    instruction: int
    why: str
    information: str = ""
    purpose: Purpose = Purpose.REAL
    infos: tuple[Info, ...] = ()
    text: PagedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refine:
    """The same warning said better or anew, without sounding again: by signed texts, or by more pages of a text."""

    warning: str
    infos: tuple[Info, ...]
    at: datetime
    text: PagedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A warning is over, and how: outputs stop its siren and, where it had sounded, say so.

    `audible` is false where people heard nothing of it, and for what merely ran out.
    """

    warning: str
    how: Life
    purpose: Purpose
    label: str
    information: str
    infos: tuple[Info, ...]
    outputs: tuple[str, ...]
    audible: bool
    path: Path
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Another warning has begun in the place of this one: nobody gives it out any more, and nothing is over."""

    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """Silence every output now (local stop, maintenance); what is shown stays shown."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolate:
    """Keep every output apart from the receiver (a maintenance), or join them again (None)."""

    maintenance: Maintenance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something is wrong that somebody must know: `code` is stable, `what` is for a person."""

    code: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Heard and left alone, and why."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Make this durable, at once or beside what follows: no siren waits for a disk."""

    memory: Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Send the receipt when there is a way back; the newest one of a warning replaces those before."""

    receipt: Receipt


Effect = Warn | Show | Refine | End | Replaced | Hush | Isolate | Fault | Log | Keep | Tell
