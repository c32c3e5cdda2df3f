"""What somebody who watches a drill is told, as it happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from satwarn.ledger.receipt import OutputResult, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedDone:
    """A deed that is durable in the ledger, at `position`."""

    at: datetime
    deed: str
    subject: str
    actor: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameOnAir:
    """A frame that left in its slot."""

    at: datetime
    frame: bytes
    payload: str
    counter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWarned:
    """A site began to warn."""

    at: datetime
    code: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProved:
    """Every output of a site has reported."""

    at: datetime
    code: str
    results: tuple[OutputResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFault:
    """A site that says something is wrong."""

    at: datetime
    code: str
    fault: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence for the person who watches."""

    at: datetime
    text: str


Event = DeedDone | FrameOnAir | SiteWarned | SiteProved | SiteFault | Remark
Watch = Callable[[Event], None]
