"""What a receiver must still know after the power was gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from satwarn.alert.plan import DrillPlan
from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Act, OutputResult, Path, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One warning and what was done with it.

    `payloads` are the frames that count as copies of it; `signed` says whether a signed copy was heard; `done`
    whether every output has reported. `until` is when it may be forgotten.
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

    @property
    def signed(self) -> bool:
        """Whether a signed copy was heard."""
        return bool(self.identifier)

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
            why=self.why,
            decided_at=self.begun_at,
            first_heard=self.first_heard,
            copies=self.copies,
            first_path=self.first_path,
            labelled=self.labelled,
            outputs=self.outputs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Plans that arm it and warnings it has met, by name."""

    plans: tuple[DrillPlan, ...] = ()
    warnings: Mapping[str, Warned] = field(default_factory=dict)

    def with_plan(self, plan: DrillPlan) -> "Memory":
        """Remember a plan; a plan of the same drill takes the place of the earlier one."""
        others = tuple(known for known in self.plans if known.drill != plan.drill)
        return replace(self, plans=(*others, plan))

    def with_warning(self, warned: Warned) -> "Memory":
        """Remember a warning as it stands now."""
        return replace(self, warnings={**self.warnings, warned.name: warned})

    def at(self, now: datetime) -> "Memory":
        """What is still of use now."""
        return Memory(
            plans=tuple(plan for plan in self.plans if now < plan.armed_until),
            warnings={name: warned for name, warned in self.warnings.items() if now < warned.until},
        )

    def of_payload(self, payload: str) -> Warned | None:
        """The warning a frame is a copy of: a signed one first, then the latest."""
        matching = [warned for warned in self.warnings.values() if payload in warned.payloads]
        return max(matching, key=lambda warned: (warned.signed, warned.begun_at), default=None)
