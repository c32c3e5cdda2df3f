"""What a receiver must still know after the power was gone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from satwarn.alert.alert import Severity
from satwarn.alert.plan import DrillPlan
from satwarn.alert.purpose import Purpose
from satwarn.frame.pages import PagedText
from satwarn.ledger.receipt import Act, OutputResult, Path, Receipt


class Life(StrEnum):
    """How a warning stands: on, or why it is over. Only `live` may ever sound."""

    LIVE = "live"
    REPLACED = "replaced"
    CLEARED = "cleared"
    RETRACTED = "retracted"
    LEFT = "no longer for this place"
    UNKNOWN = "status unknown"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One warning and what was done with it.

    `payloads` are the frames that count as copies of it, `keys` the signed messages; `signed` says whether a signed
    copy was heard; `done` whether every output has reported, `told_end` whether its end was given out. `ends` is when
    it runs out unless it is confirmed, `until` when it may be forgotten. `held` says that only a passing circumstance
    (maintenance, a radio in doubt) kept it from acting, so that the next copy is judged anew: a signed one then gets
    what it `wanted`. `text` is what came in pages, as far as it has been heard.
    """

    name: str
    payloads: frozenset[str]
    heard_payloads: frozenset[str]
    identifier: str
    purpose: Purpose
    act: Act
    why: str
    labelled: bool
    begun_at: datetime
    until: datetime
    first_path: Path
    first_heard: Mapping[Path, datetime]
    copies: Mapping[Path, int]
    outputs: tuple[OutputResult, ...] = ()
    done: bool = False
    life: Life = Life.LIVE
    told_end: bool = False
    held: bool = False
    wanted: Act | None = None
    stopped: bool = False
    keys: frozenset[str] = frozenset()
    sent: datetime | None = None
    ends: datetime | None = None
    information: str = ""
    event: str = ""
    about: datetime | None = None
    rank: int = 0
    severity: Severity = Severity.UNKNOWN
    hazard: int = 0
    instruction: int = 0
    text: PagedText | None = None

    @property
    def signed(self) -> bool:
        """Whether a signed copy was heard."""
        return bool(self.identifier)

    @property
    def live(self) -> bool:
        """Whether it is on."""
        return self.life is Life.LIVE

    @property
    def may_be_forgotten(self) -> bool:
        """Whether nothing depends on its being known: heard again, it would be judged as it was."""
        if self.live and self.act is Act.SOUNDED:
            return False
        return not self.signed or (self.live and self.act is Act.SILENT and not self.held)

    def heard(self, path: Path, *, now: datetime, payload: str = "") -> "Warned":
        """The same warning, one copy more."""
        return replace(
            self,
            heard_payloads=self.heard_payloads | ({payload} if payload else set()),
            first_heard={**self.first_heard, path: self.first_heard.get(path, now)},
            copies={**self.copies, path: self.copies.get(path, 0) + 1},
        )

    def receipt(self, site: str) -> Receipt:
        """What the site tells about it."""
        return Receipt(
            site=site,
            warning=self.name,
            identifier=self.identifier,
            payloads=tuple(sorted(self.heard_payloads)),
            act=self.act,
            why=self.why if self.live else f"{self.why}; {self.life}",
            decided_at=self.begun_at,
            first_heard=self.first_heard,
            copies=self.copies,
            first_path=self.first_path,
            labelled=self.labelled,
            outputs=self.outputs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Every output is isolated, by whom and until when."""

    by: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Plans that arm it, warnings it has met, by name, the maintenance it is in, and the latest time proven to it.

    `outputs` is what came of each output when it was last used: a restart mends nothing, so it must not look mended.
    """

    plans: tuple[DrillPlan, ...] = ()
    warnings: Mapping[str, Warned] = field(default_factory=dict)
    maintenance: Maintenance | None = None
    proven_time: datetime | None = None
    outputs: Mapping[str, OutputResult] = field(default_factory=dict)

    def with_plan(self, plan: DrillPlan) -> "Memory":
        """Remember a plan; a plan of the same drill takes the place of the earlier one."""
        others = tuple(known for known in self.plans if known.drill != plan.drill)
        return replace(self, plans=(*others, plan))

    def without_drill(self, drill: str) -> "Memory":
        """Forget the plan of a drill that was called off."""
        return replace(self, plans=tuple(known for known in self.plans if known.drill != drill))

    def with_warning(self, warned: Warned) -> "Memory":
        """Remember a warning as it stands now."""
        return replace(self, warnings={**self.warnings, warned.name: warned})

    def without_warnings(self, names: Collection[str]) -> "Memory":
        """Forget these."""
        return replace(self, warnings={name: one for name, one in self.warnings.items() if name not in names})

    def too_many(self, most: int) -> tuple[Warned, ...]:
        """What is to be forgotten first where there are more warnings than that: what a frame alone has brought and
        what nobody heard of, the oldest first. Never what sounds, nor what is signed and waits or was ended."""
        over = len(self.warnings) - most
        may = [one for one in self.warnings.values() if one.may_be_forgotten] if over > 0 else []
        return tuple(sorted(may, key=lambda one: (one.signed, one.begun_at))[:over])

    def at(self, now: datetime) -> "Memory":
        """What is still of use now."""
        return replace(
            self,
            plans=tuple(plan for plan in self.plans if now < plan.armed_until),
            warnings={name: warned for name, warned in self.warnings.items() if now < warned.until},
        )

    def of_payload(self, payload: str) -> Warned | None:
        """The warning a frame is a copy of: a signed one first, then the latest."""
        matching = [warned for warned in self.warnings.values() if payload in warned.payloads]
        return max(matching, key=lambda warned: (warned.signed, warned.begun_at), default=None)

    def of_keys(self, keys: Iterable[str]) -> tuple[Warned, ...]:
        """The warnings that any of these signed messages belongs to, the latest last."""
        wanted = set(keys)
        found = (warned for warned in self.warnings.values() if warned.keys & wanted)
        return tuple(sorted(found, key=lambda warned: warned.begun_at))

    def live(self) -> tuple[Warned, ...]:
        """The warnings that are on, the latest last."""
        return tuple(sorted((one for one in self.warnings.values() if one.live), key=lambda one: one.begun_at))
