"""What two people prepare: templates, orders, supplies for receivers, appointments. Versioned, signed by two, revoked
by one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from satwarn.alert import cap
from satwarn.alert.alert import Alert, Severity
from satwarn.authority.appointing import Appointment, check_second, office_of
from satwarn.authority.officer import Assent, CheckAssent, Officer, check_key
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
    APPOINTMENT = "appointment"


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
_STAGES_OF_APPOINTMENT = STAGES | {Stage.IN_FORCE: {"write": Stage.WRITTEN}}
"""An appointment in force is an office, which dismissal ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One prepared thing: the version being written, and the one in force (a new one does not end it)."""

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
    return digest_of(canonical(content_of(body)))


def content_of(body: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was written, without the proof of who wrote it."""
    return {name: value for name, value in (body or {}).items() if name not in PROOF}


PROOF = frozenset({"by", "signature"})


def write_statement(found: Prepared, body: Mapping[str, Any], *, sender: str) -> bytes:
    """What the first of two puts their assent to: this content, as the version after what was `found`."""
    return _statement("write", found, found.version + 1, content_digest(body), sender)


def sign_statement(found: Prepared, *, sender: str) -> bytes:
    """What the second does: the version last written."""
    return _statement("sign", found, found.version, found.digest, sender)


def _statement(deed: str, found: Prepared, version: int, digest: str, sender: str) -> bytes:
    # The version makes it good for one time only; the sender for one realm: what is signed in the sandbox stays there.
    return f"satwarn {deed} {found.sort} {found.name} {version} {digest} {sender}".encode()


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
    stages = _STAGES_OF_APPOINTMENT if now.sort is Sort.APPOINTMENT else STAGES
    try:
        return stages[now.stage][deed]
    except KeyError:
        may = ", ".join(stages[now.stage])
        raise OutOfTurn(f"cannot {deed} what is {now.stage}; it may: {may}", where=now.subject) from None


KINDS = frozenset(f"{deed} {sort}" for deed in ("write", "sign", "revoke") for sort in Sort)


class Shelf:
    """Where templates, orders, supplies and proposed appointments are kept: the verbs, against a ledger."""

    def __init__(self, ledger: Ledger, roster: Roster, *, sender: str, check_assent: CheckAssent = check_key) -> None:
        self._ledger, self._roster, self._sender, self._check_assent = ledger, roster, sender, check_assent

    def write_template(self, name: str, alert: Alert, *, by: str, now: datetime) -> Prepared:
        """Write a new version. BadAlert when it names a place: an area in a template would be sent some day."""
        if any(info.areas for info in alert.infos):
            raise BadAlert("a template names no place: areas of an earlier alert must not come back", where="area")
        extreme = any(info.severity is Severity.EXTREME for info in alert.infos)
        body = {"cap": cap.write(alert).decode(), "extreme": extreme}
        return self._do("write", Sort.TEMPLATE, name, by, now, lambda _: body)

    def write_order(self, order: StandingOrder, *, by: str, now: datetime, assent: Assent | None) -> Prepared:
        """Write a standing order; it counts for nothing until a second person signs it.

        NotAllowed for more than the writer may say themselves.
        """
        officer = self._roster.officer(by)
        officer.check_may("write order")
        officer.jurisdiction.check_holds(order.jurisdiction, who=by)
        return self._write(Sort.ORDER, order.name, order.to_json(), by, now, assent)

    def write_supply(
        self, name: str, body: Mapping[str, Any], *, by: str, now: datetime, assent: Assent | None
    ) -> Prepared:
        """Write what receivers shall keep; it leaves when a second administrator has signed it."""
        return self._write(Sort.SUPPLY, name, body, by, now, assent)

    def propose_appointment(self, wanted: Appointment, *, half: str, by: str, now: datetime) -> Prepared:
        """Lay an appointment before another administrator; `half` is the hash of what the proposer holds of a code."""
        before = office_of(self._roster, wanted.name)
        body = {**wanted.to_json(), "before": before, "half": half}
        return self._do("write", Sort.APPOINTMENT, wanted.name, by, now, lambda _: body, right="appoint")

    def sign(self, sort: Sort, name: str, *, digest: str, by: str, now: datetime, assent: Assent | None) -> Prepared:
        """Put in force the version that was read; NotAllowed for its writer, or when another was written since.

        An order is signed only by whoever may say all of it themselves; an appointment never by who is appointed.
        """

        def body(found: Prepared) -> Mapping[str, Any]:
            officer = self._roster.officer(by)
            if found.waiting:
                officer.jurisdiction.check_holds(found.waiting.jurisdiction, who=by)
            if found.written_by == by:
                raise NotAllowed(f"{by} wrote it, so somebody else must sign it", where=found.subject)
            if found.digest != digest:
                raise NotAllowed(
                    "it has changed since you read it", where=found.subject, fix="read it again, then sign"
                )
            if found.sort is Sort.APPOINTMENT and found.body:
                check_second(self._roster, found.body, proposed_by=found.written_by, by=by)
            statement = sign_statement(found, sender=self._sender)
            return {"version": found.version, "digest": digest, **self._proof(officer, statement, assent)}

        return self._do("sign", sort, name, by, now, body)

    def revoke(self, sort: Sort, name: str, *, reason: str, by: str, now: datetime) -> Prepared:
        """The kill switch: one person, at once."""
        return self._do("revoke", sort, name, by, now, lambda _: {"reason": reason})

    def find(self, sort: Sort, name: str) -> Prepared:
        """Where it stands."""
        return self._fold(self._ledger.of(f"{sort}/{name}"), sort, name)

    def _write(
        self, sort: Sort, name: str, body: Mapping[str, Any], by: str, now: datetime, assent: Assent | None
    ) -> Prepared:
        def vouched(found: Prepared) -> Mapping[str, Any]:
            statement = write_statement(found, body, sender=self._sender)
            return {**body, **self._proof(self._roster.officer(by), statement, assent)}

        return self._do("write", sort, name, by, now, vouched)

    def _proof(self, officer: Officer, statement: bytes, assent: Assent | None) -> dict[str, str]:
        """What of an assent the ledger keeps."""
        if assent is None or not assent.proof:
            raise NotAllowed(
                "this needs your assent",
                where="assent",
                fix=f"your passkey or a one-time code, or your key under {statement.decode()}",
            )
        return {"by": assent.by.value, "signature": self._check_assent(officer, statement, assent)}

    def _do(
        self,
        deed: str,
        sort: Sort,
        name: str,
        by: str,
        now: datetime,
        body: Callable[[Prepared], Mapping[str, Any]],
        *,
        right: str = "",
    ) -> Prepared:
        self._roster.officer(by).check_may(right or f"{deed} {sort}")
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
