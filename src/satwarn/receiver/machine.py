"""The receiver: bytes and times go in, effects come out. It opens nothing and reads no clock.

It starts silent, not deaf: nothing in memory makes a sound, what is on the air now and not yet proven does.
Signed beats unsigned, and nothing unsigned can mute.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from satwarn.alert.alert import Alert, Info
from satwarn.alert.plan import DrillPlan, plan_of
from satwarn.alert.purpose import Purpose, PurposeRule, frames_of, rule_of, rules
from satwarn.alert.seal import Trust, Verdict, verify
from satwarn.errors import BadAlert, BadFrame, BadMessage
from satwarn.frame import decode, payload_of
from satwarn.frame.dcx import JAlert
from satwarn.frame.episode import Episodes
from satwarn.ledger.receipt import Act, OutputResult, Path
from satwarn.receiver.effects import Effect, Fault, Keep, Log, Show, Tell, Warn
from satwarn.receiver.memory import Memory, Warned
from satwarn.receiver.rules import CLOCK_TOLERANCE, Judgement, expiry, judge_alert, judge_frame
from satwarn.receiver.site import Site

SAME_EVENT = timedelta(seconds=5)  # a frame begun this long before an alert was sent may still be its copy


class Receiver:
    """One site's decisions. Call `hear_*`, `done` and `tick`, then carry out `effects()` in order."""

    def __init__(self, site: Site, trust: Trust, *, memory: Memory | None = None) -> None:
        self._site, self._trust = site, trust
        self._memory = memory or Memory()
        self._episodes = Episodes()
        self._begun_now: set[str] = set()  # warnings begun since this start
        self._known_bytes: dict[str, str] = {}  # digest of a verified message -> the warning it is
        self._logged: set[tuple[str, str]] = set()
        self._effects: list[Effect] = []
        self.noise = 0  # frames with a broken check sum

    def effects(self) -> list[Effect]:
        """What is to be done now, in order; asking takes them away."""
        effects, self._effects = self._effects, []
        return effects

    # ── the air ──────────────────────────────────────────────────────────────────────────────────

    def hear_frame(self, frame: bytes, *, satellite: int, now: datetime) -> None:
        """A frame (32 bytes) from a satellite (PRN). Noise is ordinary and only counted."""
        try:
            report = decode(frame, received=now)
        except BadFrame:
            self.noise += 1
            return
        if not isinstance(report, JAlert):
            return
        payload = payload_of(frame)
        episode = self._episodes.hear(payload, satellite=satellite, now=now)
        known = self._memory.of_payload(payload)
        # A real frame heard again after a gap is a new event; a drill sounds once for its plan.
        again = known is not None and episode.fresh and not known.signed and known.purpose is Purpose.REAL
        if known and now < known.until and not again:
            self._copy(known, Path.GNSS, report=report, payload=payload, now=now)
        else:
            self._new_frame(report, payload, now)

    def _new_frame(self, report: JAlert, payload: str, now: datetime) -> None:
        judgement = judge_frame(report, payload, site=self._site, memory=self._memory, now=now)
        if isinstance(judgement, str):
            self._log_once(payload, judgement)
            return
        warned = _begun(f"frame {payload}@{now.isoformat()}", judgement, Path.GNSS, now=now, payload=payload)
        self._begin(warned, judgement.rule, report=report, path=Path.GNSS, now=now)

    # ── the ground and the wide band ─────────────────────────────────────────────────────────────

    def hear_message(self, message: bytes, *, path: Path, now: datetime) -> None:
        """A signed CAP message. Only what the signature covers is believed."""
        digest = hashlib.sha256(message).hexdigest()
        known = self._memory.warnings.get(self._known_bytes.get(digest, ""))
        if known and now < known.until:
            self._copy(known, path, now=now)
            return
        try:
            alert = self._trusted(message, now)
            if alert is None:
                return
            if plan := plan_of(alert):
                self._arm(plan, now)
                return
            rule = rule_of(alert)
        except (BadMessage, BadAlert) as error:
            self._fault("message", str(error))
            return
        self._known_bytes[digest] = self._hear_alert(alert, rule, path, now)

    def _trusted(self, message: bytes, now: datetime) -> Alert | None:
        sealed = verify(message, self._trust, at=now)
        if sealed.verdict is not Verdict.TRUSTED:
            self._fault("signature", f"a message arrived whose signature is {sealed.verdict}: nothing was done with it")
            return None
        alert = sealed.alert
        if alert.sent > now + CLOCK_TOLERANCE:
            self._fault("clock", f"{alert.identifier} was sent at {alert.sent.isoformat()}, which is later than now")
            return None
        if plan_of(alert) is None and expiry(alert) <= now:
            self._log_once(alert.identifier, "it has expired")
            return None
        return alert

    def _arm(self, plan: DrillPlan, now: datetime) -> None:
        if plan.armed_until <= now:
            self._log_once(plan.drill, "its window is over")
            return
        self._memory = self._memory.with_plan(plan)
        self._effects.append(Keep(memory=self._memory))

    def _hear_alert(self, alert: Alert, rule: PurposeRule, path: Path, now: datetime) -> str:
        name = "alert {} {} {}".format(*alert.key[:2], alert.key[2].isoformat())
        known = self._memory.warnings.get(name)
        if known:
            self._copy(known, path, infos=alert.infos, now=now)
            return name
        payloads = frozenset(frames_of(alert))
        judgement = judge_alert(alert, rule, site=self._site, now=now)
        if earlier := self._same_event(alert, rule, payloads):
            self._sign(earlier, alert, payloads, judgement, path, now)
            return earlier.name
        warned = replace(_begun(name, judgement, path, now=now), payloads=payloads, identifier=alert.identifier)
        self._begin(warned, rule, infos=alert.infos, path=path, now=now)
        return name

    def _same_event(self, alert: Alert, rule: PurposeRule, payloads: frozenset[str]) -> Warned | None:
        """The warning a frame began, if this alert lists that frame, means the same, and was sent by then.

        What was heard before the alert was sent was not sent for it: a recording played early must not make the
        signed alert look like a copy, and so mute it.
        """
        for warned in self._memory.warnings.values():
            if (
                not warned.signed
                and warned.payloads & payloads
                and warned.purpose is rule.purpose
                and warned.begun_at >= alert.sent - SAME_EVENT
            ):
                return warned
        return None

    def _sign(
        self, earlier: Warned, alert: Alert, payloads: frozenset[str], judgement: Judgement, path: Path, now: datetime
    ) -> None:
        """A signed copy of what a frame began: it confirms, and acts only where the frame alone did less."""
        signed = replace(
            earlier.heard(path, now=now),
            identifier=alert.identifier,
            payloads=earlier.payloads | payloads,
            until=max(earlier.until, judgement.until),
        )
        if judgement.act is Act.SOUNDED and earlier.act is not Act.SOUNDED:
            self._begin(
                replace(signed, act=judgement.act, why=judgement.why, begun_at=now),
                judgement.rule,
                infos=alert.infos,
                path=path,
                now=now,
            )
        else:
            self._remember(signed)

    # ── both ─────────────────────────────────────────────────────────────────────────────────────

    def _begin(
        self,
        warned: Warned,
        rule: PurposeRule,
        *,
        path: Path,
        now: datetime,
        report: JAlert | None = None,
        infos: tuple[Info, ...] = (),
    ) -> None:
        labelled = warned.act is Act.SOUNDED and bool(rule.label)
        warned = replace(warned, labelled=labelled)
        self._begun_now.add(warned.name)
        hazard, instruction = (report.hazard, report.instruction) if report else (0, 0)
        self._memory = self._memory.with_warning(warned)
        self._effects.append(Keep(memory=self._memory))
        if warned.act is Act.SOUNDED:
            self._effects.append(
                Warn(
                    warning=warned.name,
                    purpose=rule.purpose,
                    label=rule.label,
                    hazard=hazard,
                    instruction=instruction,
                    infos=infos,
                    outputs=self._site.outputs,
                    path=path,
                    at=now,
                )
            )
        if warned.act is Act.SHOWN:
            self._effects.append(Show(warning=warned.name, hazard=hazard, instruction=instruction, why=warned.why))
            self._fault("unsure", f"{warned.why}: shown, and the duty officer is called")
        self._effects.append(Tell(receipt=warned.receipt(self._site.code)))

    def _copy(
        self,
        known: Warned,
        path: Path,
        *,
        now: datetime,
        report: JAlert | None = None,
        payload: str = "",
        infos: tuple[Info, ...] = (),
    ) -> None:
        """One more copy. It makes a sound only if the one begun before a restart was never proven."""
        heard = known.heard(path, now=now, payload=payload)
        if known.act is Act.SOUNDED and not known.done and known.name not in self._begun_now:
            self._begin(heard, rules()[known.purpose], path=path, report=report, infos=infos, now=now)
        elif path in known.first_heard:
            self._memory = self._memory.with_warning(heard)
        else:
            self._remember(heard)

    def _remember(self, warned: Warned) -> None:
        self._memory = self._memory.with_warning(warned)
        self._effects.append(Keep(memory=self._memory))
        self._effects.append(Tell(receipt=warned.receipt(self._site.code)))

    def done(self, warning: str, results: tuple[OutputResult, ...]) -> None:
        """Every output has reported on a warning."""
        known = self._memory.warnings.get(warning)
        if known:
            self._remember(replace(known, outputs=results, done=True))

    def tick(self, *, now: datetime) -> None:
        """Forget what is over, with a last receipt for each warning that ends."""
        self._episodes.tick(now)
        still = self._memory.at(now)
        ended = [warned for name, warned in self._memory.warnings.items() if name not in still.warnings]
        if still != self._memory:
            self._memory = still
            self._effects.append(Keep(memory=still))
        self._effects += (Tell(receipt=warned.receipt(self._site.code)) for warned in ended)

    def next_tick(self) -> datetime | None:
        """When it next has something to forget; None when nothing is in memory."""
        ends = [plan.armed_until for plan in self._memory.plans]
        ends += [warned.until for warned in self._memory.warnings.values()]
        return min(ends, default=None)

    def receipts(self) -> list[Tell]:
        """What it would tell about every warning in memory, for somebody who comes to collect."""
        return [Tell(receipt=warned.receipt(self._site.code)) for warned in self._memory.warnings.values()]

    def _fault(self, code: str, what: str) -> None:
        self._effects.append(Fault(code=code, what=what))

    def _log_once(self, about: str, why: str) -> None:
        if (about, why) not in self._logged:
            self._logged.add((about, why))
            self._effects.append(Log(what=f"{about}: {why}"))


def _begun(name: str, judgement: Judgement, path: Path, *, now: datetime, payload: str = "") -> Warned:
    heard = frozenset({payload} if payload else ())
    return Warned(
        name=name,
        payloads=heard,
        heard_payloads=heard,
        identifier="",
        purpose=judgement.rule.purpose,
        act=judgement.act,
        why=judgement.why,
        labelled=False,
        begun_at=now,
        until=judgement.until,
        first_path=path,
        first_heard={path: now},
        copies={path: 1},
    )
