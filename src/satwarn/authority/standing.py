"""Where a warning stands: folded from its entries in the ledger, and from nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from satwarn.alert import cap
from satwarn.alert.alert import Alert, Reference
from satwarn.alert.lifecycle import Deed, State, after
from satwarn.authority.agreement import Agreement, Message, agreement
from satwarn.authority.difference import only_widens
from satwarn.authority.hazard import approval_class, is_real
from satwarn.authority.officer import approval_statement
from satwarn.ledger.entry import Entry


@lru_cache(maxsize=512)
def read_draft(xml: bytes) -> Alert:
    """The alert in a draft of our own."""
    return cap.read(xml).alert


@lru_cache(maxsize=2048)
def _is_real(xml: bytes) -> bool:
    return is_real(read_draft(xml))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The draft as somebody left it."""

    at: datetime
    by: str
    draft: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a warning, or a message that follows one, stands.

    `vouched_at` is when the first person stood for this content: from then the 30 s to break the glass count.
    `taken_back` are the digests of contents to which a yes was undone, by a refusal or by other content.
    `read` is the draft as first submitted, against which the approver sees every change. `follows` names the
    warning a message is for and `does` what it does to it; `announces` names the exercise that a plan is for.
    `retraction` lies ready from the moment of issue.
    """

    subject: str
    state: State
    draft: bytes = b""
    digest: str = ""
    authors: frozenset[str] = frozenset()
    proposed_by: str = ""
    approved: tuple[str, ...] = ()
    approved_digest: str = ""
    vouched_at: datetime | None = None
    taken_back: tuple[str, ...] = ()
    read: bytes = b""
    versions: tuple[Version, ...] = ()
    stale: frozenset[str] = frozenset()
    follows: str = ""
    does: str = ""
    announces: str = ""
    before: bytes = b""
    signed: bytes = b""
    chain: tuple[Reference, ...] = ()
    retraction: bytes = b""
    unlocked_at: datetime | None = None
    unlocked_by: str = ""
    glass_by: str = ""
    reviewed: bool = False
    paths: tuple[str, ...] = ()
    started_at: datetime | None = None
    issued_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    last: int = field(default=0)

    @property
    def alert(self) -> Alert:
        """What the draft says."""
        return read_draft(self.draft)

    @property
    def said(self) -> Alert:
        """What was last sent to people, else the draft."""
        return read_draft(self.signed or self.draft)

    @property
    def is_real(self) -> bool:
        """Whether what was last said is real."""
        return _is_real(self.signed or self.draft)

    @property
    def message(self) -> Message:
        """What this message does to what people were told."""
        if not self.follows:
            return Message.FIRST
        if self.does == "clear":
            return Message.CLEAR
        return Message.WIDEN if only_widens(read_draft(self.before), self.alert) else Message.CHANGE

    @property
    def agreement(self) -> Agreement:
        """How it is agreed on."""
        return agreement(self.message, approval_class(self.alert), by_machine=bool(self.proposed_by))

    @property
    def statement(self) -> bytes:
        """What an approver signs now."""
        return approval_statement(self.subject, self.digest, self.taken_back.count(self.digest))

    @property
    def review_open(self) -> bool:
        """Whether the glass was broken and nobody has looked at why."""
        return bool(self.glass_by) and not self.reviewed


def _content(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    draft = body["cap"].encode()
    version = Version(at=entry.time, by=entry.actor, draft=draft)
    return replace(
        now,
        draft=draft,
        digest=body["digest"],
        versions=(*now.versions, version),
        stale=frozenset(body.get("stale", ())),
        **_no_yes(now),
    )


def _no_yes(now: Standing) -> dict[str, Any]:
    """Nobody's yes counts any more; whoever gave one is asked anew."""
    taken_back = (*now.taken_back, now.digest) if now.approved else now.taken_back
    return {"approved": (), "approved_digest": "", "vouched_at": None, "taken_back": taken_back}


def _begun(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    filled = _content(now, entry, body)
    return replace(
        filled,
        follows=body.get("follows", ""),
        does=body.get("does", ""),
        announces=body.get("announces", ""),
        before=body.get("before", "").encode(),
        started_at=entry.time,
    )


def _draft(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(_begun(now, entry, body), authors=frozenset({entry.actor}))


def _propose(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(_begun(now, entry, body), proposed_by=entry.actor)


def _adopt(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(now, authors=now.authors | {entry.actor}, proposed_by="", **_no_yes(now))


def _change(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(_content(now, entry, body), authors=now.authors | {entry.actor})


def _submit(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(
        now, authors=now.authors | {entry.actor}, read=now.read or now.draft, vouched_at=entry.time, reason=""
    )


def _approve(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(
        now,
        approved=(*now.approved, entry.actor),
        approved_digest=body["digest"],
        vouched_at=now.vouched_at or entry.time,
        glass_by=entry.actor if entry.kind == Deed.GLASS else now.glass_by,
    )


def _refuse(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(now, **_no_yes(now), reason=body["reason"])


def _drop(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(now, reason=body.get("reason", ""), ended_at=entry.time)


def _sent(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    signed = body["cap"].encode()
    alert = read_draft(signed)
    reference = Reference(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)
    return replace(
        now,
        signed=signed,
        chain=(*now.chain, reference),
        retraction=body.get("retraction", "").encode() or now.retraction,
        paths=tuple(body.get("paths", now.paths)),
        issued_at=now.issued_at or entry.time,
        unlocked_at=None,
        unlocked_by="",
    )


def _end(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    ended = _sent(now, entry, body) if "cap" in body else now
    return replace(ended, ended_at=entry.time, reason=body.get("reason", ""))


def _unlock(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(now, unlocked_at=entry.time, unlocked_by=entry.actor)


def _keep(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(now, unlocked_at=None, unlocked_by="")


def _review(now: Standing, entry: Entry, body: dict[str, Any]) -> Standing:
    return replace(now, reviewed=True)


Fold = Callable[[Standing, Entry, dict[str, Any]], Standing]
FOLDS: dict[Deed, Fold] = {
    Deed.DRAFT: _draft,
    Deed.PROPOSE: _propose,
    Deed.ADOPT: _adopt,
    Deed.CHANGE: _change,
    Deed.SUBMIT: _submit,
    Deed.AGREE: _approve,
    Deed.APPROVE: _approve,
    Deed.GLASS: _approve,
    Deed.WIDEN: _approve,
    Deed.REFUSE: _refuse,
    Deed.WITHDRAW: _drop,
    Deed.DROP: _drop,
    Deed.ISSUE: _sent,
    Deed.JOIN: _sent,
    Deed.UPDATE: _sent,
    Deed.UNLOCK: _unlock,
    Deed.KEEP: _keep,
    Deed.RETRACT: _end,
    Deed.CLEAR: _end,
    Deed.EXPIRE: _end,
    Deed.REVIEW: _review,
}
KINDS = frozenset(deed.value for deed in Deed)


def moved(now: Standing, entry: Entry) -> Standing:
    """Where it stands after one more entry; entries that are no deed change nothing."""
    if entry.kind not in KINDS:
        return now
    deed = Deed(entry.kind)
    state = after(now.state, deed)
    return replace(FOLDS[deed](now, entry, entry.body), state=state, last=entry.position)


def standing(subject: str, entries: Iterable[Entry]) -> Standing:
    """Fold a warning's entries into where it stands; `State.NEW` when there is none."""
    now = Standing(subject=subject, state=State.NEW)
    for entry in entries:
        now = moved(now, entry)
    return now
