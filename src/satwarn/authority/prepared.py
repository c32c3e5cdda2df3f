"""What two people prepare: templates, orders, supplies for receivers. Versioned, signed by two, revoked by one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from satwarn.alert import cap
from satwarn.alert.alert import Alert, Severity
from satwarn.authority.officer import Officer
from satwarn.authority.order import StandingOrder
from satwarn.authority.roster import Roster
from satwarn.errors import BadAlert, NotAllowed, OutOfTurn
from satwarn.ledger.entry import Entry, Record, canonical, digest_of
from satwarn.ledger.ports import Ledger


class Sort(StrEnum):
    """What can be prepared."""

    TEMPLATE = "template"
    ORDER = "order"
    SUPPLY = "supply"


class Stage(StrEnum):
    """How far it has come."""

    NEW = "not begun"
    WRITTEN = "signed by one"
    IN_FORCE = "in force"
    REVOKED = "revoked"


STAGES: dict[Stage, dict[str, Stage]] = {
    Stage.NEW: {"write": Stage.WRITTEN},
    Stage.WRITTEN: {"write": Stage.WRITTEN, "sign": Stage.IN_FORCE, "revoke": Stage.REVOKED},
    Stage.IN_FORCE: {"write": Stage.WRITTEN, "revoke": Stage.REVOKED},
    Stage.REVOKED: {"write": Stage.WRITTEN},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One template, order or supply: the version being written, and the one in force (a new one does not end it)."""

    sort: Sort
    name: str
    stage: Stage = Stage.NEW
    version: int = 0
    body: Mapping[str, Any] | None = None
    written_by: str = ""
    in_force: Mapping[str, Any] | None = None
    in_force_version: int = 0
    signed_by: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Under what name the ledger keeps it."""
        return f"{self.sort}/{self.name}"

    @property
    def order(self) -> StandingOrder | None:
        """The standing order in force."""
        return StandingOrder.from_json(self.name, self.in_force) if self.in_force and self.sort is Sort.ORDER else None

    @property
    def waiting(self) -> StandingOrder | None:
        """The standing order as last written, while it waits for its second signature."""
        is_waiting = self.sort is Sort.ORDER and self.stage is Stage.WRITTEN and self.body
        return StandingOrder.from_json(self.name, self.body) if is_waiting and self.body else None

    @property
    def digest(self) -> str:
        """The SHA-256 of the version last written, which its second signature covers."""
        return content_digest(self.body) if self.body else ""

    @property
    def template(self) -> Alert | None:
        """The template in force, an alert without any area."""
        return cap.read(self.in_force["cap"].encode()).alert if self.in_force and self.sort is Sort.TEMPLATE else None

    @property
    def extreme(self) -> bool:
        """Whether it is shown apart from routine ones."""
        body = self.body or self.in_force or {}
        return bool(body.get("extreme"))


def content_digest(body: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of what was written, without the proof of who wrote it."""
    return digest_of(canonical({name: value for name, value in body.items() if name not in PROOF}))


def write_statement(order: StandingOrder) -> bytes:
    """What the first of two puts their passkey, code or key to."""
    return f"satwarn write order {order.name} {content_digest(order.to_json())}".encode()


def sign_statement(found: "Prepared") -> bytes:
    """What the second does."""
    return f"satwarn sign order {found.name} {found.version} {found.digest}".encode()


PROOF = frozenset({"by", "signature"})
Prove = Callable[[Officer, bytes], Mapping[str, str]]
"""Checks an assent to a statement, and says what of it the ledger keeps (`by`, `signature`)."""


def _no_proof(officer: Officer, statement: bytes) -> Mapping[str, str]:
    return {}


def moved(now: Prepared, entry: Entry) -> Prepared:
    """Where it stands after one more entry."""
    deed = entry.kind.split(" ")[0]
    stage = _after(now, deed)
    if deed == "write":
        return replace(now, stage=stage, version=now.version + 1, body=entry.body, written_by=entry.actor)
    if deed == "sign":
        signed = (now.written_by, entry.actor)
        return replace(now, stage=stage, in_force=now.body, in_force_version=now.version, signed_by=signed)
    return replace(now, stage=stage, in_force=None, in_force_version=0, signed_by=())


def _after(now: Prepared, deed: str) -> Stage:
    try:
        return STAGES[now.stage][deed]
    except KeyError:
        may = ", ".join(STAGES[now.stage])
        raise OutOfTurn(f"cannot {deed} what is {now.stage}; it may: {may}", where=now.subject) from None


KINDS = frozenset(f"{deed} {sort}" for deed in ("write", "sign", "revoke") for sort in Sort)


class Shelf:
    """Where templates and orders are kept: the verbs, against a ledger."""

    def __init__(self, ledger: Ledger, roster: Roster) -> None:
        self._ledger, self._roster = ledger, roster

    def write_template(self, name: str, alert: Alert, *, by: str, now: datetime) -> Prepared:
        """Write a new version. BadAlert when it names a place: an area in a template would be sent some day."""
        if any(info.areas for info in alert.infos):
            raise BadAlert("a template names no place: areas of an earlier alert must not come back", where="area")
        extreme = any(info.severity is Severity.EXTREME for info in alert.infos)
        body = {"cap": cap.write(alert).decode(), "extreme": extreme}
        return self._do("write", Sort.TEMPLATE, name, by, now, lambda _: body)

    def write_order(self, order: StandingOrder, *, by: str, now: datetime, prove: Prove = _no_proof) -> Prepared:
        """Write a standing order; it counts for nothing until a second person signs it.

        NotAllowed for more than the writer may say themselves.
        """
        officer = self._roster.officer(by)
        officer.check_may("write order")
        officer.jurisdiction.check_holds(order.jurisdiction, who=by)
        body = order.to_json()
        return self._do(
            "write", Sort.ORDER, order.name, by, now, lambda _: {**body, **prove(officer, write_statement(order))}
        )

    def write_supply(self, name: str, body: Mapping[str, Any], *, by: str, now: datetime) -> Prepared:
        """Write what receivers shall keep; it leaves when a second administrator has signed it."""
        return self._do("write", Sort.SUPPLY, name, by, now, lambda _: body)

    def sign(
        self, sort: Sort, name: str, *, version: int, by: str, now: datetime, prove: Prove = _no_proof
    ) -> Prepared:
        """Put the version that was read in force; NotAllowed for its writer, or when it is another by now.

        An order is signed only by whoever may say all of it themselves.
        """

        def body(found: Prepared) -> Mapping[str, Any]:
            officer = self._roster.officer(by)
            if found.waiting:
                officer.jurisdiction.check_holds(found.waiting.jurisdiction, who=by)
            if found.written_by == by:
                raise NotAllowed(f"{by} wrote it, so somebody else must sign it", where=found.subject)
            if found.version != version:
                raise NotAllowed(f"it is version {found.version} by now", where=found.subject, fix="read it again")
            return {"version": version, **prove(officer, sign_statement(found))}

        return self._do("sign", sort, name, by, now, body)

    def revoke(self, sort: Sort, name: str, *, reason: str, by: str, now: datetime) -> Prepared:
        """The kill switch: one person, at once."""
        return self._do("revoke", sort, name, by, now, lambda _: {"reason": reason})

    def find(self, sort: Sort, name: str) -> Prepared:
        """Where it stands."""
        return self._fold(self._ledger.of(f"{sort}/{name}"), sort, name)

    def _do(
        self, deed: str, sort: Sort, name: str, by: str, now: datetime, body: Callable[[Prepared], Mapping[str, Any]]
    ) -> Prepared:
        self._roster.officer(by).check_may(f"{deed} {sort}")
        subject = f"{sort}/{name}"
        with self._ledger.work() as work:
            found = self._fold(work.of(subject), sort, name)
            _after(found, deed)
            record = Record(kind=f"{deed} {sort}", subject=subject, actor=by, at=now, body=body(found))
            return moved(found, work.record(record))

    @staticmethod
    def _fold(entries: Iterable[Entry], sort: Sort, name: str) -> Prepared:
        found = Prepared(sort=sort, name=name)
        for entry in entries:
            if entry.kind in KINDS:
                found = moved(found, entry)
        return found
