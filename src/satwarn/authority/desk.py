"""The desk: draft, submit, approve, refuse, issue. Two people in turn, every deed durable before anything leaves.

The ledger is the authority: where a warning stands is read from its entries, nowhere else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from satwarn.alert import cap
from satwarn.alert.alert import Alert
from satwarn.alert.lifecycle import Deed, State, after
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import rule_of
from satwarn.alert.seal import draft_digest
from satwarn.area import gazetteer
from satwarn.authority.officer import Officer, approval_statement
from satwarn.errors import BadAlert, NotAllowed
from satwarn.ledger.entry import Entry, Record
from satwarn.ledger.ports import Ledger, Work

FIRST = "draft"  # the deed that begins a warning; all later ones are in the table of alert/lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a warning stands: its state, the draft, who wrote it, what was approved, and what was issued."""

    subject: str
    state: State
    draft: bytes
    digest: str
    authors: frozenset[str]
    approved_digest: str = ""
    approved_by: str = ""
    signed: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An alert on the air: its value, the signed bytes that travel, and the entry that made it so."""

    subject: str
    alert: Alert
    signed: bytes
    entry: Entry


def standing(entries: Iterable[Entry]) -> Standing | None:
    """Fold a warning's entries into where it stands; None when there is no draft."""
    now: Standing | None = None
    for entry in entries:
        if entry.kind == FIRST:
            now = _drafted(entry)
        elif now is not None and entry.kind in set(Deed):
            now = _moved(now, Deed(entry.kind), entry)
    return now


def _drafted(entry: Entry) -> Standing:
    body = entry.body
    return Standing(
        subject=entry.subject,
        state=State.DRAFT,
        draft=body["cap"].encode(),
        digest=body["digest"],
        authors=frozenset({entry.actor}),
    )


def _moved(now: Standing, deed: Deed, entry: Entry) -> Standing:
    body, state = entry.body, after(now.state, deed)
    if deed is Deed.CHANGE:
        authors = now.authors | {entry.actor}
        return replace(_drafted(entry), authors=authors)
    if deed is Deed.SUBMIT:
        return replace(now, state=state, authors=now.authors | {entry.actor})
    if deed is Deed.APPROVE:
        return replace(now, state=state, approved_digest=body["digest"], approved_by=entry.actor)
    if deed is Deed.REFUSE:
        return replace(now, state=state, approved_digest="", approved_by="")
    if deed is Deed.ISSUE:
        return replace(now, state=state, signed=body["cap"].encode())
    return replace(now, state=state)


class Desk:
    """What officers do with warnings, against a ledger. Reads no clock: every deed is told `now`."""

    def __init__(self, ledger: Ledger, officers: Iterable[Officer], *, sender: str) -> None:
        self._ledger = ledger
        self._officers = {officer.name: officer for officer in officers}
        self._sender = sender

    def stands(self, subject: str) -> Standing:
        """Where a warning stands; BadAlert when nobody drafted it."""
        return self._stands(self._ledger.of(subject), subject)

    def draft(self, alert: Alert, *, subject: str, by: str, now: datetime) -> Standing:
        """Begin a warning: the alert as it shall go out, but for identifier, sent and signature."""
        self._officer(by).check_may(Deed.CHANGE)
        with self._ledger.work() as work:
            if work.of(subject):
                raise BadAlert(
                    "there is already a warning of this name", where=subject, fix="change it, or name another"
                )
            self._record(work, FIRST, subject, by, now, self._as_draft(alert))
        return self.stands(subject)

    def change(self, alert: Alert, *, subject: str, by: str, now: datetime) -> Standing:
        """Put other content in the draft's place; an approval given before no longer counts."""
        return self._deed(Deed.CHANGE, subject, by, now, lambda _: self._as_draft(alert))

    def submit(self, *, subject: str, by: str, now: datetime) -> Standing:
        """Lay the draft before an approver."""
        return self._deed(Deed.SUBMIT, subject, by, now, lambda now_standing: {"digest": now_standing.digest})

    def approve(self, *, subject: str, by: str, digest: str, signature: bytes, now: datetime) -> Standing:
        """Agree to exactly what was read: `digest` of the draft, signed by the approver's key.

        NotAllowed when the approver had a hand in the draft, when the draft has changed since it was read, or
        when the signature is not theirs.
        """
        officer = self._officer(by)

        def agreed(stands: Standing) -> dict[str, Any]:
            if by in stands.authors:
                raise NotAllowed(f"{by} had a hand in this warning, so somebody else must approve it", where=subject)
            if digest != stands.digest:
                raise NotAllowed(
                    "the draft has changed since you read it", where=subject, fix="read it again, then approve"
                )
            officer.check_signed(approval_statement(subject, digest), signature)
            return {"digest": digest, "signature": signature.hex()}

        return self._deed(Deed.APPROVE, subject, by, now, agreed)

    def refuse(self, *, subject: str, by: str, reason: str, now: datetime) -> Standing:
        """Send it back to its author, with the reason."""
        return self._deed(Deed.REFUSE, subject, by, now, lambda _: {"reason": reason})

    def issue(self, *, subject: str, by: str, seal: Callable[[bytes], bytes], now: datetime) -> Issued:
        """Put it on the air: deed, identifier, time and signature are one transaction.

        A second call finds it on the air already and is OutOfTurn: nothing is issued twice.
        """
        self._officer(by).check_may(Deed.ISSUE)
        with self._ledger.work() as work:
            stands = self._stands(work.of(subject), subject)
            after(stands.state, Deed.ISSUE)
            if stands.approved_digest != stands.digest:
                raise NotAllowed("what was approved is not what would be issued", where=subject)
            final = replace(
                cap.read(stands.draft).alert,
                identifier=f"satwarn-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{work.head.position + 1}",
                sent=now.replace(microsecond=0),
            )
            if draft_digest(final) != stands.approved_digest:
                raise NotAllowed("what would be sent is not what was approved", where=subject)
            signed = seal(cap.write(final))
            body = {"cap": signed.decode(), "identifier": final.identifier, "sent": final.sent.isoformat()}
            entry = self._record(work, Deed.ISSUE, subject, by, now, body)
        return Issued(subject=subject, alert=final, signed=signed, entry=entry)

    def _deed(
        self, deed: Deed, subject: str, by: str, now: datetime, body: Callable[[Standing], Mapping[str, Any]]
    ) -> Standing:
        self._officer(by).check_may(deed)
        with self._ledger.work() as work:
            stands = self._stands(work.of(subject), subject)
            after(stands.state, deed)
            self._record(work, deed, subject, by, now, body(stands))
        return self.stands(subject)

    def _officer(self, name: str) -> Officer:
        if name not in self._officers:
            raise NotAllowed(f"{name} is not an officer of this authority", fix=f"one of {', '.join(self._officers)}")
        return self._officers[name]

    @staticmethod
    def _stands(entries: Iterable[Entry], subject: str) -> Standing:
        stands = standing(entries)
        if stands is None:
            raise BadAlert("nobody has drafted it", where=subject)
        return stands

    @staticmethod
    def _record(work: Work, kind: str, subject: str, by: str, now: datetime, body: Mapping[str, Any]) -> Entry:
        return work.record(Record(kind=kind, subject=subject, actor=by, at=now, body=body))

    def _as_draft(self, alert: Alert) -> dict[str, Any]:
        """The draft as the ledger keeps it; refused when it could warn the wrong people, or nobody."""
        if alert.sender != self._sender:
            raise BadAlert(f"{alert.sender} is not this authority, which speaks as {self._sender}", where="sender")
        check_area(alert)
        if plan_of(alert) is None:
            rule_of(alert)
        return {"cap": cap.write(alert).decode(), "digest": draft_digest(alert)}


def check_area(alert: Alert) -> None:
    """BadAlert when an info names no area (nothing is widened to a default), BadArea when a code is unknown."""
    if not alert.infos:
        raise BadAlert("says nothing to anybody", where="info")
    for number, info in enumerate(alert.infos):
        if not any(area.polygons or area.circles or area.geocodes for area in info.areas):
            raise BadAlert("names no area, so it would warn nobody or everybody", where=f"info[{number}]/area")
    for scheme in gazetteer.SCHEMES:
        for code in alert.geocodes(scheme):
            gazetteer.place(code)
