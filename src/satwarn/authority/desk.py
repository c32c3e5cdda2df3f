"""The desk: from a draft to the air and to its end. Every deed is durable before anything leaves.

The ledger is the authority: where a warning stands is read from its entries, nowhere else. Which deed may follow
which is the table of `alert/lifecycle`; who must agree, `tables/agreement.csv`; whose role carries it,
`tables/rights.csv`. Here the three are asked, and the guards.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from satwarn.alert import cap
from satwarn.alert.alert import Alert, Reference
from satwarn.alert.chain import Ending
from satwarn.alert.lifecycle import LIVE, Deed, State, after
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import rule_of
from satwarn.alert.seal import written_digest
from satwarn.authority import guards
from satwarn.authority.agreement import Message, Way, check_way
from satwarn.authority.drill_notice import called_off_by
from satwarn.authority.ending import ending_of, update_of
from satwarn.authority.guards import Policy
from satwarn.authority.hazard import hazard_of, is_real
from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.officer import Assent, CheckAssent, Officer, check_key
from satwarn.authority.order import StandingOrder
from satwarn.authority.remembered import Remembered, Source
from satwarn.authority.standing import Standing, moved, read_draft
from satwarn.authority.tracks import tracks
from satwarn.errors import BadAlert, NotAllowed, OutOfTurn
from satwarn.ledger.entry import Entry, Record
from satwarn.ledger.ports import Ledger, Work

UNLOCKED_FOR = timedelta(minutes=5)
"""How long a retraction stays unlocked: the second action must follow the first."""

Seal = Callable[[bytes], bytes]
Check = Callable[[Standing], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An alert on the air: the warning it belongs to, its value, the signed bytes that travel, the entry that made
    it so, the paths those who agreed may speak on, and the all-clears of other tracks that went out with it."""

    subject: str
    alert: Alert
    signed: bytes
    entry: Entry
    paths: frozenset[str]
    together: tuple["Issued", ...] = ()


class Desk:
    """What officers do with warnings, against a ledger. Reads no clock: every deed is told `now`."""

    def __init__(
        self,
        ledger: Ledger,
        officers: Mapping[str, Officer],
        *,
        sender: str,
        policy: Policy | None = None,
        check_assent: CheckAssent = check_key,
        remembered: Remembered | None = None,
    ) -> None:
        self._ledger, self._officers, self._sender = ledger, officers, sender
        self._policy, self._check_assent = policy or Policy(), check_assent
        self._remembered = remembered or Remembered()

    def stands(self, subject: str) -> Standing:
        """Where a warning stands; BadAlert when nobody began it."""
        return self._stands(self._ledger, subject)

    # ── before it is on the air ──────────────────────────────────────────────────────────────────

    def draft(self, alert: Alert, *, subject: str, by: str, now: datetime, announces: str = "") -> Standing:
        """Begin a warning: the alert as it shall go out, but for identifier, sent and signature.

        A drill plan names the exercise that it `announces`: once people were told that it does not take place, it
        is not issued.
        """
        return self._begin(Deed.DRAFT, alert, subject, by, now, {"announces": announces} if announces else {})

    def propose(
        self, alert: Alert, *, subject: str, by: str, now: datetime, follows: str = "", does: str = "clear"
    ) -> Standing:
        """Lay what a machine or partner says before people; with `follows`, as what it `does` to that warning."""
        extra = self._following(follows, does) if follows else {}
        return self._begin(Deed.PROPOSE, alert, subject, by, now, extra)

    def follow(self, alert: Alert | None, *, warning: str, does: str, subject: str, by: str, now: datetime) -> Standing:
        """Draft what shall follow on a warning that is on the air: `does` is "update" or "clear".

        Without an alert it starts from what was last said, or from the prepared all-clear.
        """
        extra = self._following(warning, does)
        parent = self.stands(warning)
        start = (
            update_of(parent.said, parent.chain)
            if does == "update"
            else ending_of(parent.said, Ending.ALL_CLEAR, parent.chain, zone=self._policy.zone)
        )
        following = replace(alert, msg_type=start.msg_type, references=parent.chain) if alert else start
        return self._begin(Deed.DRAFT, following, subject, by, now, extra)

    def adopt(self, *, subject: str, by: str, now: datetime) -> Standing:
        """Take a proposal as one's own draft."""
        return self._deed(Deed.ADOPT, subject, by, now, lambda _: {})

    def change(
        self, alert: Alert, *, subject: str, by: str, now: datetime, confirmed: frozenset[str] = frozenset()
    ) -> Standing:
        """Put other content in the draft's place; an approval given before no longer counts.

        A language that is not changed along with another is stale, unless `confirmed` says that it still matches.
        """
        jurisdiction = self._officer(by).jurisdiction
        jurisdiction.check(alert, who=by)

        def content(stands: Standing) -> Mapping[str, Any]:
            if bool(plan_of(stands.alert)) is not bool(plan_of(alert)):
                raise BadAlert("a drill's announcement stays one", where=subject, fix="drop it, then announce anew")
            if stands.follows:
                _check_goes_on(read_draft(stands.before), alert)
            follows = replace(alert, references=stands.alert.references, msg_type=stands.alert.msg_type)
            stale = guards.stale_languages(stands.alert, follows, stale=stands.stale, confirmed=confirmed)
            return self._as_draft(follows) | {"stale": sorted(stale)}

        return self._deed(Deed.CHANGE, subject, by, now, content)

    def submit(self, *, subject: str, by: str, now: datetime, typed: str = "") -> Standing:
        """Lay the draft before an approver. `typed` is the hazard, which an extreme real alert asks for."""

        def ready(stands: Standing) -> Mapping[str, Any]:
            _check_ready(stands, typed)
            return {"digest": stands.digest}

        return self._deed(Deed.SUBMIT, subject, by, now, ready)

    def agree(self, *, subject: str, by: str, digest: str, assent: Assent, now: datetime, typed: str = "") -> Standing:
        """Be the first of two to approve a proposal in parallel."""
        return self._vouch(Deed.AGREE, subject, by, digest, assent, now, typed)

    def approve(
        self, *, subject: str, by: str, digest: str, assent: Assent, now: datetime, typed: str = ""
    ) -> Standing:
        """Agree to exactly what was read: `digest` of the draft, with the approver's assent under it.

        NotAllowed when the approver had a hand in the draft, when the draft has changed since it was read, or
        when the assent is not theirs.
        """
        return self._vouch(Deed.APPROVE, subject, by, digest, assent, now, typed)

    def break_glass(
        self, *, subject: str, by: str, digest: str, assent: Assent, reason: str, now: datetime, typed: str = ""
    ) -> Standing:
        """Go alone, when minutes count and nobody has answered for 30 s. It alarms others and opens a review."""
        if not reason.strip():
            raise NotAllowed("breaking the glass needs a reason, in a few words", where=subject)
        return self._vouch(Deed.GLASS, subject, by, digest, assent, now, typed, reason=reason)

    def widen(self, *, subject: str, by: str, digest: str, assent: Assent, now: datetime, typed: str = "") -> Standing:
        """Take a wider area upon oneself: one person suffices, because nobody loses a warning by it."""
        return self._vouch(Deed.WIDEN, subject, by, digest, assent, now, typed)

    def refuse(self, *, subject: str, by: str, reason: str, now: datetime) -> Standing:
        """Send it back to its author, with the reason."""
        return self._deed(Deed.REFUSE, subject, by, now, lambda _: {"reason": reason})

    def withdraw(self, *, subject: str, by: str, reason: str, now: datetime) -> Standing:
        """Take back what one has proposed, before anybody made it theirs; NotAllowed for anybody else's."""

        def own(stands: Standing) -> Mapping[str, Any]:
            if stands.proposed_by != by:
                raise NotAllowed(f"{by} has not proposed it", where=subject)
            return {"reason": reason}

        return self._deed(Deed.WITHDRAW, subject, by, now, own)

    def drop(self, *, subject: str, by: str, reason: str, now: datetime) -> Standing:
        """Throw a draft away."""
        return self._deed(Deed.DROP, subject, by, now, lambda _: {"reason": reason})

    # ── on the air ───────────────────────────────────────────────────────────────────────────────

    def issue(
        self,
        *,
        subject: str,
        by: str,
        seal: Seal,
        now: datetime,
        order: StandingOrder | None = None,
        together: Mapping[str, str] | None = None,
    ) -> Issued:
        """Put it on the air: deed, identifier, time and signature are one transaction.

        A message that follows a warning joins it in the same transaction. Under a standing `order`, `by` is the
        machine that acts. A second call finds it on the air already and is OutOfTurn: nothing is issued twice.
        An all-clear takes the all-clears of the other tracks along: `together` names each with the digest that was
        read, and each was agreed on by two.
        """
        if order is None:
            self._officer(by).check_may(Deed.ISSUE)
        with self._ledger.work() as work:
            stands = self._stands(work, subject)
            others = [self._agreed(work, name, digest) for name, digest in sorted((together or {}).items())]
            for one in (stands, *others):
                deed = Deed.JOIN if one.follows else Deed.ISSUE
                if order is None:
                    _check_over(self._officer(by).jurisdiction, one, who=by)
                after(one.state, deed)
                self._check_issue(work, one, deed, order if one is stands else None, now)
            self._check_tracks(work, stands, others)
            issued, *also = (self._put_out(work, one, by, seal, now, order) for one in (stands, *others))
        return replace(issued, together=tuple(also))

    def _put_out(
        self, work: Work, stands: Standing, by: str, seal: Seal, now: datetime, order: StandingOrder | None
    ) -> Issued:
        final = self._stamped(work, stands.alert, now)
        written = cap.write(final)
        if order is None and written_digest(written) != stands.approved_digest:
            raise NotAllowed("what would be sent is not what was approved", where=stands.subject)
        signed = seal(written)
        paths = self._paths(stands, order)
        chain = self._parent(work, stands).chain if stands.follows else ()
        body = self._sent(final, signed) | {
            "paths": sorted(paths),
            "retraction": _retraction(final, chain, self._policy.zone),
        }
        if order:
            body |= {"order": order.name}
        entry = self._record(work, Deed.JOIN if stands.follows else Deed.ISSUE, stands.subject, by, now, body)
        if stands.follows:
            end = Deed.CLEAR if stands.does == "clear" else Deed.UPDATE
            entry = self._record(work, end, stands.follows, by, now, body | {"message": stands.subject})
        return Issued(subject=stands.follows or stands.subject, alert=final, signed=signed, entry=entry, paths=paths)

    def unlock(self, *, subject: str, by: str, now: datetime) -> Standing:
        """The first of two actions that say "sent in error"; the second must follow within five minutes."""
        return self._deed(Deed.UNLOCK, subject, by, now, lambda _: {})

    def keep(self, *, subject: str, by: str, now: datetime) -> Standing:
        """Leave it on the air after all."""
        return self._deed(Deed.KEEP, subject, by, now, lambda _: {})

    def retract(self, *, subject: str, by: str, reason: str, seal: Seal, now: datetime) -> Issued:
        """Say that it was sent in error, with the message that has lain ready since it was issued."""
        officer = self._officer(by)
        officer.check_may(Deed.RETRACT)
        with self._ledger.work() as work:
            stands = self._stands(work, subject)
            officer.jurisdiction.check(stands.said, who=by)
            after(stands.state, Deed.RETRACT)
            if stands.unlocked_at and now - stands.unlocked_at > UNLOCKED_FOR:
                raise OutOfTurn("was unlocked too long ago", where=subject, fix="keep it, then unlock it again")
            final = self._stamped(work, read_draft(stands.retraction), now)
            signed = seal(cap.write(final))
            body = self._sent(final, signed) | {"reason": reason, "paths": list(stands.paths)}
            entry = self._record(work, Deed.RETRACT, subject, by, now, body)
        return Issued(subject=subject, alert=final, signed=signed, entry=entry, paths=frozenset(stands.paths))

    def expire(self, *, subject: str, by: str, now: datetime) -> Standing:
        """Note that its time has run out: a machine's deed, which says nothing to people."""
        with self._ledger.work() as work:
            stands = self._stands(work, subject)
            after(stands.state, Deed.EXPIRE)
            ends = [info.expires for info in stands.said.infos if info.expires]
            if not ends or max(ends) > now:
                raise OutOfTurn("its time has not run out", where=subject)
            entry = self._record(work, Deed.EXPIRE, subject, by, now, {})
        return moved(stands, entry)

    def review(self, *, subject: str, by: str, finding: str, now: datetime) -> Standing:
        """Close the review that breaking the glass opened; not by whoever broke it."""

        def found(stands: Standing) -> Mapping[str, Any]:
            if not stands.review_open:
                raise OutOfTurn("has no open review", where=subject)
            if by == stands.glass_by or by in stands.authors:
                raise NotAllowed(f"{by} had a hand in it, so somebody else must review it", where=subject)
            return {"finding": finding}

        return self._deed(Deed.REVIEW, subject, by, now, found)

    # ── inside ───────────────────────────────────────────────────────────────────────────────────

    def _begin(
        self, deed: Deed, alert: Alert, subject: str, by: str, now: datetime, extra: Mapping[str, Any]
    ) -> Standing:
        officer = self._officer(by)
        officer.check_may(deed)
        content = self._as_draft(alert)
        officer.jurisdiction.check(alert, who=by)
        if "before" in extra:
            _check_goes_on(read_draft(extra["before"].encode()), alert)
            if deed is Deed.DRAFT:
                officer.jurisdiction.check(read_draft(extra["before"].encode()), who=by)
        with self._ledger.work() as work:
            if work.of(subject):
                raise BadAlert(
                    "there is already a warning of this name", where=subject, fix="change it, or name another"
                )
            entry = self._record(work, deed, subject, by, now, {**content, **extra})
        return moved(Standing(subject=subject, state=State.NEW), entry)

    def _following(self, warning: str, does: str) -> dict[str, str]:
        parent = self.stands(warning)
        if parent.state not in LIVE:
            raise OutOfTurn(f"is {parent.state}, so nothing can follow on it", where=warning)
        return {"follows": warning, "does": does, "before": parent.signed.decode()}

    def _deed(self, deed: Deed, subject: str, by: str, now: datetime, body: Check) -> Standing:
        officer = self._officer(by)
        officer.check_may(deed)
        with self._ledger.work() as work:
            stands = self._stands(work, subject)
            if deed is not Deed.REVIEW:
                _check_over(officer.jurisdiction, stands, who=by)
            after(stands.state, deed)
            entry = self._record(work, deed, subject, by, now, body(stands))
        return moved(stands, entry)

    def _vouch(
        self,
        deed: Deed,
        subject: str,
        by: str,
        digest: str,
        assent: Assent,
        now: datetime,
        typed: str,
        **more: str,
    ) -> Standing:
        officer = self._officer(by)

        def agreed(stands: Standing) -> Mapping[str, Any]:
            check_way(stands.state, deed, stands.agreement)
            _check_hands(stands, deed, by, now)
            if digest != stands.digest:
                raise NotAllowed(
                    "the draft has changed since you read it", where=subject, fix="read it again, then approve"
                )
            _check_ready(stands, typed)
            proof = self._check_assent(officer, stands.statement, assent)
            return {"digest": digest, "by": assent.by.value, "signature": proof, **more}

        return self._deed(deed, subject, by, now, agreed)

    def _check_issue(
        self, work: Work, stands: Standing, deed: Deed, order: StandingOrder | None, now: datetime
    ) -> None:
        check_way(stands.state, deed, stands.agreement)
        if stands.state is State.PROPOSED:
            if order is None:
                raise NotAllowed("only a standing order lets a proposal out without people", where=stands.subject)
            order.check(stands.alert, source=stands.proposed_by, now=now)
            _check_over(order.jurisdiction, stands, who=f"order {order.name}")
            guards.check_complete(stands.alert)
            guards.check_legible(stands.alert)
            if stands.follows:
                _check_source(stands, self._parent(work, stands))
        elif stands.approved_digest != stands.digest:
            raise NotAllowed("what was approved is not what would be issued", where=stands.subject)
        self._check_still(stands)
        guards.check_quiet(stands.alert, self._policy, now=now)
        guards.check_no_real_event(stands.alert, (other.said for other in self._live(work) if other.is_real))
        self._check_announced(work, stands)
        if stands.follows:
            self._check_follows(work, stands, self._parent(work, stands))

    def _check_still(self, stands: Standing) -> None:
        """Whoever agreed must still be in office and hold it now: an appointment may have changed since."""
        needed = Deed.WIDEN if stands.agreement.way is Way.ALONE else Deed.APPROVE
        for name in stands.approved:
            officer = self._officer(name)
            officer.check_may(needed)
            _check_over(officer.jurisdiction, stands, who=name)

    def _check_announced(self, work: Work, stands: Standing) -> None:
        if is_real(stands.alert):
            return
        called_off, live = self._remembered.standings(work, sorted(work.subjects(Deed.RETRACT))), self._live(work)
        if stands.subject in {one.announces for one in called_off} - {one.announces for one in live}:
            raise NotAllowed(
                "people were told that this exercise does not take place",
                where=stands.subject,
                fix="announce it again, or drop it",
            )

    def _check_follows(self, work: Work, stands: Standing, parent: Standing) -> None:
        if parent.state not in LIVE:
            raise OutOfTurn(f"is {parent.state}, so nothing can follow on it", where=parent.subject)
        if parent.signed != stands.before:
            raise OutOfTurn(
                "has moved on since this was drafted", where=parent.subject, fix="drop this and draft it anew"
            )

    def _check_tracks(self, work: Work, stands: Standing, others: list[Standing]) -> None:
        """No all-clear while another track is open, unless that one ends in the same moment."""
        if any(one.message is not Message.CLEAR for one in (stands, *others) if others):
            raise NotAllowed("only all-clears go out together", where=stands.subject)
        if stands.message is Message.CLEAR:
            ending = {one.follows for one in (stands, *others)}
            if len(ending) <= len(others):
                raise NotAllowed("two of these end the same warning", where=stands.subject)
            for other in tracks(self._parent(work, stands), self._live(work)):
                if other.subject not in ending:
                    raise OutOfTurn(
                        f"{other.subject} still warns the same people of the same danger",
                        where="all-clear",
                        fix="draft its all-clear too: once two people agreed to each, they go out together",
                    )

    def _agreed(self, work: Work, subject: str, digest: str) -> Standing:
        stands = self._stands(work, subject)
        if stands.digest != digest:
            raise NotAllowed("the draft has changed since you read it", where=subject, fix="read it again")
        return stands

    def _live(self, work: Work) -> Iterator[Standing]:
        ended = work.subjects(Deed.CLEAR, Deed.RETRACT, Deed.EXPIRE)
        return self._remembered.standings(work, sorted(work.subjects(Deed.ISSUE) - ended))

    def _parent(self, work: Work, stands: Standing) -> Standing:
        return self._stands(work, stands.follows)

    def _paths(self, stands: Standing, order: StandingOrder | None) -> frozenset[str]:
        people = [self._officer(name).jurisdiction for name in (*stands.authors, *stands.approved)]
        held = [jurisdiction.paths for jurisdiction in (*people, *((order.jurisdiction,) if order else ()))]
        common = frozenset.intersection(*held)
        if not common:
            raise NotAllowed(
                "there is no path on which all who agreed may speak, so it would reach nobody", where=stands.subject
            )
        return frozenset(map(str, common))

    @staticmethod
    def _stamped(work: Work, alert: Alert, now: datetime) -> Alert:
        return replace(
            alert,
            identifier=f"satwarn-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{work.head.position + 1}",
            sent=now.replace(microsecond=0),
        )

    @staticmethod
    def _sent(final: Alert, signed: bytes) -> dict[str, Any]:
        return {"cap": signed.decode(), "identifier": final.identifier, "sent": final.sent.isoformat()}

    def _officer(self, name: str) -> Officer:
        if name not in self._officers:
            raise NotAllowed(f"{name} is not an officer of this authority", fix=f"one of {', '.join(self._officers)}")
        return self._officers[name]

    def _stands(self, source: Source, subject: str) -> Standing:
        (stands,) = self._remembered.standings(source, [subject])
        if stands.state is State.NEW:
            raise BadAlert("nobody has drafted it", where=subject)
        return stands

    @staticmethod
    def _record(work: Work, kind: str, subject: str, by: str, now: datetime, body: Mapping[str, Any]) -> Entry:
        return work.record(Record(kind=kind, subject=subject, actor=by, at=now, body=body))

    def _as_draft(self, alert: Alert) -> dict[str, Any]:
        """The draft as the ledger keeps it; refused when it could warn the wrong people, or nobody."""
        if alert.sender != self._sender:
            raise BadAlert(f"{alert.sender} is not this authority, which speaks as {self._sender}", where="sender")
        guards.check_area(alert)
        if plan_of(alert) is None:
            rule_of(alert)
            hazard_of(alert)
        written = cap.write(alert)
        return {"cap": written.decode(), "digest": written_digest(written)}


def _check_over(jurisdiction: Jurisdiction, stands: Standing, *, who: str) -> None:
    """NotAllowed unless all of it is theirs: of what follows on a warning also whom that warned until now, for they may
    be warned no longer."""
    jurisdiction.check(stands.said, who=who)
    if stands.follows:
        jurisdiction.check(read_draft(stands.before), who=who)


def _check_ready(stands: Standing, typed: str) -> None:
    guards.check_complete(stands.alert)
    guards.check_no_denial(stands.alert)
    guards.check_legible(stands.alert)
    guards.check_no_drill_words(stands.alert)
    if stands.stale:
        raise NotAllowed(
            f"{', '.join(sorted(stands.stale))} was not changed along with another language",
            where="languages",
            fix="change it too, or confirm that it still says the same",
        )
    guards.check_typed(stands.alert, typed)


def _check_hands(stands: Standing, deed: Deed, by: str, now: datetime) -> None:
    """Two people means two: no author approves, nobody agrees twice; alone only after the time the table gives."""
    if deed is Deed.GLASS:
        wait = stands.agreement.alone_after
        if wait and stands.vouched_at and now - stands.vouched_at < wait:
            left = (stands.vouched_at + wait - now).total_seconds()
            raise OutOfTurn(f"somebody may still answer: {left:.0f} s", where=stands.subject)
        return
    if by in stands.approved:
        raise NotAllowed(f"{by} has agreed already, so somebody else must", where=stands.subject)
    if deed is not Deed.WIDEN and by in stands.authors:
        raise NotAllowed(f"{by} had a hand in this warning, so somebody else must approve it", where=stands.subject)


def _check_goes_on(before: Alert, now: Alert) -> None:
    """A drill never turns into the real thing under the same name, nor the reverse."""
    if plan_of(before) is None and rule_of(before).purpose is not rule_of(now).purpose:
        raise BadAlert("a warning keeps its purpose", where="purpose", fix="end this one, and begin another")


def _check_source(stands: Standing, parent: Standing) -> None:
    """Only whoever said it first may end it without people."""
    if stands.proposed_by not in (parent.proposed_by, parent.said.source):
        raise NotAllowed(f"{stands.proposed_by} is not the source of {parent.subject}", where=stands.subject)


def _retraction(final: Alert, chain: tuple[Reference, ...], zone: tzinfo) -> str:
    reference = Reference(sender=final.sender, identifier=final.identifier, sent=final.sent)
    if plan_of(final):
        return cap.write(called_off_by(final, (*chain, reference))).decode()
    return cap.write(ending_of(final, Ending.RETRACTION, (*chain, reference), zone=zone)).decode()
