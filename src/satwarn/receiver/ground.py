"""The receiver's ear for signed messages, by ground or wide band: plans, alerts, updates, ends. Only what the signature
covers is believed, and it is believed over anything a frame says."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from satwarn.alert.alert import Alert, Key, MsgType, Severity
from satwarn.alert.plan import DrillPlan, drill_called_off, plan_of
from satwarn.alert.purpose import Purpose, PurposeRule, frames_of, rule_of, rules
from satwarn.alert.seal import Trust, Verdict, verify
from satwarn.errors import BadAlert, BadMessage
from satwarn.ledger.receipt import Act, Path
from satwarn.receiver.acts import Acts, begun, tombstone
from satwarn.receiver.air import ENDED, ENDS
from satwarn.receiver.effects import Replaced, Show
from satwarn.receiver.information import OTHER
from satwarn.receiver.memory import Life, Warned
from satwarn.receiver.rules import (
    CLOCK_TOLERANCE,
    FORGET_AFTER,
    Judgement,
    Situation,
    expiry,
    judge_alert,
    said_in,
)
from satwarn.receiver.said import Said
from satwarn.receiver.where import Where

SAME_EVENT = timedelta(seconds=5)  # a frame begun this long before an alert was sent may still be its copy
SAME_HAZARD = timedelta(seconds=60)  # and this long where the alert lists no frames
UNUSED = frozenset({MsgType.ACK, MsgType.ERROR})


def name_of(key: Key) -> str:
    """What a signed message is called in memory."""
    return f"alert {key[0]} {key[1]} {key[2].isoformat()}"


class Ground:
    """Hears messages and lets `acts` act."""

    def __init__(self, acts: Acts, trust: Trust) -> None:
        self._acts, self._trust = acts, trust
        self._known_bytes: dict[str, str] = {}  # digest of a verified message -> the warning it is

    def believe(self, trust: Trust) -> None:
        """Believe these from the next message on; what was verified before is verified anew."""
        self._trust = trust
        self._known_bytes.clear()

    def forget(self) -> None:
        """Know no more which message what is no longer in memory was."""
        warnings = self._acts.memory.warnings
        self._known_bytes = {digest: name for digest, name in self._known_bytes.items() if name in warnings}

    def hear(self, message: bytes, *, path: Path, at: Situation) -> None:
        """A signed CAP message."""
        digest = hashlib.sha256(message).hexdigest()
        known = self._acts.memory.warnings.get(self._known_bytes.get(digest, ""))
        if known and at.now < known.until and not (known.live and (known.held or self._acts.needs_begin(known))):
            self._count(known, path, at.now)
            return
        try:
            self._read(message, digest, path, at)
        except (BadMessage, BadAlert) as error:
            self._acts.fault("message", str(error))

    def _read(self, message: bytes, digest: str, path: Path, at: Situation) -> None:
        sealed = verify(message, self._trust, at=at.now)
        if sealed.verdict not in (Verdict.TRUSTED, Verdict.EXPIRED):
            self._acts.fault(
                "signature",
                f"a message arrived whose signature is {sealed.verdict}: cannot verify, so nothing was done with it",
            )
            return
        valid, alert = sealed.verdict is Verdict.TRUSTED, sealed.alert
        if not valid:
            self._acts.fault("certificate", f"{alert.identifier}: {sealed.signatures[0].why or sealed.verdict}")
        if plan := plan_of(alert):
            self._arm(plan, name_of(alert.key), valid, at.now)
        elif alert.msg_type in UNUSED:
            self._acts.log_once(alert.identifier, f"{alert.msg_type}: nothing a receiver acts on")
        elif self._in_time(alert, at):
            self._known_bytes[digest] = self._hear(alert, valid, path, at)

    def _in_time(self, alert: Alert, at: Situation) -> bool:
        """Whether it may be believed now. A wrong clock cannot make the old fresh: proven time counts as past."""
        if alert.sent > at.now + CLOCK_TOLERANCE:
            self._acts.fault(
                "clock", f"{alert.identifier} was sent at {alert.sent.isoformat()}, which is later than now"
            )
            return False
        proven = self._acts.memory.proven_time
        if proven and at.now < proven - CLOCK_TOLERANCE:
            self._acts.fault("clock", f"it is said to be {at.now.isoformat()}, but {proven.isoformat()} is proven past")
        if expiry(alert) <= max(at.now, proven or at.now) and said_in(alert, site=at.site).move not in ENDS:
            self._expired(alert, at)
            return False
        if proven is None or alert.sent > proven:
            self._acts.memory = replace(self._acts.memory, proven_time=alert.sent)
        return True

    def _expired(self, alert: Alert, at: Situation) -> None:
        self._acts.log_once(alert.identifier, "it has expired")
        if at.clock_doubt and self._acts.first_time(alert.identifier, "expired, in doubt"):
            self._acts.fault("clock", f"{alert.identifier} seems to have expired, but {at.clock_doubt}: ask")

    def _arm(self, plan: DrillPlan, name: str, valid: bool, now: datetime) -> None:
        if any(one.life in ENDED for one in self._acts.memory.of_keys([name])):
            self._acts.log_once(plan.drill, "it was called off: it arms nothing")
        elif not valid:
            self._acts.log_once(plan.drill, "its certificate has expired: it arms nothing")
        elif plan.armed_until <= now:
            self._acts.log_once(plan.drill, "its window is over")
        else:
            self._acts.keep(self._acts.memory.with_plan(plan))

    # ── alerts ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, alert: Alert, valid: bool, path: Path, at: Situation) -> str:
        """The alert's place in memory, by name."""
        name, said = name_of(alert.key), said_in(alert, site=at.site)
        purpose = self._purpose(alert)
        known = self._of(purpose, [name])
        if known:
            self._copy(known[-1], alert, path, at)
            return known[-1].name
        if said.move in ENDS:
            return self._end(alert, said, purpose, path, at)
        rule = rule_of(alert)
        judgement = judge_alert(said, rule, expires=expiry(alert), valid=valid, at=at)
        earlier = self._of(purpose, map(name_of, (reference.key for reference in alert.references)))
        if earlier:
            return self._follow(earlier, alert, said, judgement, path, at)
        frame_begun = self._same_event(alert, said, rule)
        if frame_begun:
            self._sign(frame_begun, alert, judgement, path, at)
            return frame_begun.name
        return self._begin(alert, said, judgement, path, at).name

    def _purpose(self, alert: Alert) -> Purpose:
        """The signed purpose; a bare Cancel has none of its own and is taken at its status."""
        if alert.infos or alert.msg_type is not MsgType.CANCEL:
            return rule_of(alert).purpose
        fitting = [rule.purpose for rule in rules().values() if rule.status is alert.status]
        if not fitting:
            raise BadAlert(f"status {alert.status} cancels nothing", where=f"alert {alert.identifier}, status")
        return fitting[0]

    def _of(self, purpose: Purpose, keys: Iterable[str]) -> list[Warned]:
        """What is known of these messages, of the same status: a drill never ends or follows what is real."""
        status = rules()[purpose].status
        return [one for one in self._acts.memory.of_keys(keys) if rules()[one.purpose].status is status]

    def _copy(self, known: Warned, alert: Alert, path: Path, at: Situation) -> None:
        heard = known.heard(path, now=at.now)
        again = self._acts.needs_begin(known) or (known.live and known.held)
        if again and at.maintenance is None:
            act = known.wanted or known.act if known.held else known.act
            heard = replace(heard, act=act, held=False, begun_at=at.now)
            self._acts.begin(heard, rules()[known.purpose], path=path, now=at.now, infos=alert.infos)
        else:
            self._count(known, path, at.now)

    def _count(self, known: Warned, path: Path, now: datetime) -> None:
        heard = known.heard(path, now=now)
        if path in known.first_heard:
            self._acts.note(heard)
        else:
            self._acts.remember(heard)

    def _begin(self, alert: Alert, said: Said, judgement: Judgement, path: Path, at: Situation) -> Warned:
        name = name_of(alert.key)
        keys = {name, *(name_of(reference.key) for reference in alert.references)}
        warned = replace(
            begun(name, said, judgement, path, now=at.now),
            payloads=frozenset(frames_of(alert)),
            identifier=alert.identifier,
            keys=frozenset(keys),
            sent=alert.sent,
        )
        self._acts.begin(warned, judgement.rule, path=path, now=at.now, infos=alert.infos)
        self._acts.unsure(warned, judgement.doubt)
        return warned

    # ── what a frame began ───────────────────────────────────────────────────────────────────────────────────────────

    def _same_event(self, alert: Alert, said: Said, rule: PurposeRule) -> Warned | None:
        """The warning a frame began, if this alert is about it: it lists that frame, or else names the same hazard.

        What was heard before the alert was sent was not sent for it: a recording played early must not make the signed
        alert look like a copy, and so mute it. Nor does what somebody stopped by hand.
        """
        payloads = frozenset(frames_of(alert))
        for warned in reversed(self._acts.memory.live()):
            if warned.signed or warned.purpose is not rule.purpose or warned.stopped:
                continue
            listed = bool(warned.payloads & payloads) and warned.begun_at >= alert.sent - SAME_EVENT
            alike = said.where is Where.HERE and said.information == warned.information != OTHER
            if listed or (not payloads and alike and warned.begun_at >= alert.sent - SAME_HAZARD):
                return warned
        return None

    def _sign(self, earlier: Warned, alert: Alert, judgement: Judgement, path: Path, at: Situation) -> None:
        """A signed copy of what a frame began: it confirms, and acts only where the frame alone did less, or was not
        proven before a restart."""
        signed = replace(
            earlier.heard(path, now=at.now),
            identifier=alert.identifier,
            payloads=earlier.payloads | frozenset(frames_of(alert)),
            keys=earlier.keys | {name_of(alert.key)},
            sent=alert.sent,
            until=max(earlier.until, judgement.until),
            ends=judgement.ends,
        )
        if judgement.act is Act.SOUNDED and (earlier.act is not Act.SOUNDED or self._acts.needs_begin(earlier)):
            begun_now = replace(signed, act=judgement.act, why=judgement.why, begun_at=at.now, held=False)
            self._acts.begin(begun_now, judgement.rule, path=path, now=at.now, infos=alert.infos)
        elif judgement.held:
            self._acts.remember(replace(signed, held=True, wanted=judgement.wanted))
        else:
            self._acts.refine(signed, infos=alert.infos, now=at.now)

    # ── what follows a signed alert ──────────────────────────────────────────────────────────────────────────────────

    def _follow(
        self, earlier: list[Warned], alert: Alert, said: Said, judgement: Judgement, path: Path, at: Situation
    ) -> str:
        """An update: it sounds where it is graver or new to this place, else it refines; after an end, nothing does."""
        last, name = earlier[-1], name_of(alert.key)
        merged = replace(
            last.heard(path, now=at.now),
            keys=last.keys | {name},
            payloads=last.payloads | frozenset(frames_of(alert)),
            until=max(last.until, judgement.until),
        )
        if any(one.life in ENDED for one in earlier):
            self._acts.remember(merged)
            self._acts.fault("after-end", f"{alert.identifier} updates what has been ended: a new alert is needed")
        elif last.sent and alert.sent < last.sent:
            self._acts.remember(merged)
        elif said.where is Where.ELSEWHERE and last.act is not Act.SILENT:
            self._acts.end(merged, Life.LEFT, path=path, now=at.now, infos=alert.infos)
        elif _sounds_again(last, said, judgement, unproven=self._acts.needs_begin(last)):
            self._acts.remember(replace(last, life=Life.REPLACED))
            warned = self._begin(alert, said, judgement, path, at)
            whole = replace(warned, keys=warned.keys | last.keys, payloads=warned.payloads | last.payloads)
            self._acts.remember(whole)
            self._acts.say(Replaced(warning=last.name))
            return name
        else:
            refined = replace(merged, sent=alert.sent, identifier=alert.identifier, rank=said.rank, ends=judgement.ends)
            self._acts.refine(refined, infos=alert.infos, now=at.now)
        return last.name

    def _end(self, alert: Alert, said: Said, purpose: Purpose, path: Path, at: Situation) -> str:
        """A retraction or an all-clear, by who sent what it ends; kept even when that has not come yet."""
        name, how = name_of(alert.key), ENDS[said.move]
        if strangers := {reference.sender for reference in alert.references} - {alert.sender}:
            self._acts.fault("cancel", f"{alert.sender} ends what {', '.join(sorted(strangers))} sent: not done")
            return name
        keys = frozenset({name, *(name_of(reference.key) for reference in alert.references)})
        payloads = frozenset(frames_of(alert))
        targets = self._of(purpose, keys)
        targets += [
            one
            for one in self._acts.memory.live()
            if not one.signed and one.purpose is purpose and one.payloads & payloads
        ]
        for one in targets:
            if one.life in ENDED or one.life is Life.REPLACED:
                continue
            ended = replace(one.heard(path, now=at.now), keys=one.keys | keys, payloads=one.payloads | payloads)
            self._acts.end(ended, how, path=path, now=at.now, infos=alert.infos)
        if targets:
            return targets[-1].name
        kept = tombstone(
            name,
            how,
            purpose,
            keys=keys,
            payloads=payloads,
            path=path,
            now=at.now,
            until=max(expiry(alert), at.now) + FORGET_AFTER,
            identifier=alert.identifier,
        )
        if drill := drill_called_off(alert):
            kept = self._call_off(drill, kept, alert, said)
        self._acts.remember(kept)
        return name

    def _call_off(self, drill: str, kept: Warned, alert: Alert, said: Said) -> Warned:
        """A drill does not take place: nothing is armed for it any more, and people here may read why. No sound."""
        why = f"the drill {drill} is called off"
        self._acts.memory = self._acts.memory.without_drill(drill)
        if said.where is Where.ELSEWHERE:
            return replace(kept, why=why)
        show = Show(
            warning=kept.name,
            hazard=said.hazard,
            instruction=said.instruction,
            why=why,
            information=said.information,
            purpose=kept.purpose,
            infos=alert.infos,
        )
        self._acts.say(show)
        return replace(kept, act=Act.SHOWN, labelled=True, why=why)


def _sounds_again(last: Warned, said: Said, judgement: Judgement, *, unproven: bool) -> bool:
    if judgement.act is Act.SILENT:
        return judgement.held
    if judgement.act is Act.SHOWN:
        return last.act is Act.SILENT
    graver = said.rank > last.rank or said.severity is Severity.EXTREME is not last.severity
    return unproven or last.act is not Act.SOUNDED or graver
