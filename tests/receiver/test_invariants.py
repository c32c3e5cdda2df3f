"""Whatever is heard, lost, repeated, forged, in whatever order, with restarts, clock jumps and maintenance between:
no sound without a fresh valid alert for this place, none from storage, every drill labelled, nothing after a
retraction, and nothing unsigned that silences a signed warning."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from house import (
    ELEVEN,
    REPORT,
    SECOND,
    YONAGO,
    exercise,
    frame,
    key,
    plan,
    receiver,
    signed,
    warns,
    with_parameters,
)
from satwarn.alert import cap
from satwarn.alert.alert import Alert, MsgType, Named, Reference, ResponseType, Status
from satwarn.alert.purpose import Purpose
from satwarn.frame import encode, payload_of
from satwarn.frame.dcx import MessageType
from satwarn.ledger.receipt import Act, OutputResult, Path, Proof
from satwarn.receiver import keeping
from satwarn.receiver.effects import Effect, Keep, Warn
from satwarn.receiver.memory import Memory, Warned
from satwarn.receiver.radio import Level, Radio

KEY_HOLDS_UNTIL = ELEVEN + timedelta(hours=23)
HERE, THERE = ("31",), ("01",)
OUTPUTS = ("speaker", "screen")


@dataclass
class Issued:
    """A signed message of the run, and what it is."""

    name: str
    alert: Alert
    message: bytes
    here: bool
    purpose: Purpose
    kind: str
    of: str = ""


def alert_for(codes: tuple[str, ...], *, real: bool, n: int, now: object, **changes: object) -> Alert:
    made = exercise(sent=now, identifier=f"alert-{n}", **changes)  # type: ignore[arg-type]
    area = replace(made.infos[0].areas[0], polygons=(), geocodes=tuple(_named(code) for code in codes))
    infos = tuple(replace(info, areas=(area,), expires=now + timedelta(minutes=30)) for info in made.infos)  # type: ignore[operator]
    made = replace(made, infos=infos)
    if real:
        made = replace(with_parameters(made, purpose=("real",)), status=Status.ACTUAL)
    return with_parameters(made, frame=(payload_of(real_frame(n, now=now)),)) if real else made


def _named(code: str) -> Named:
    return Named(value_name="JISX0401", value=code)


def real_frame(
    n: int, *, now: object, prefectures: tuple[int, ...] = (31, 32), message: MessageType = MessageType.ALERT
) -> bytes:
    onset = now.replace(second=0)  # type: ignore[attr-defined]
    report = replace(
        REPORT,
        message=message,
        hazard=8,
        severity=3,
        instruction=128 + 4 * (n % 2),
        prefectures=prefectures,
        onset=onset,
    )
    return encode(report, preamble=0x53, counter=n % 16, at=now)  # type: ignore[arg-type]


class Box(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.now = ELEVEN
        self.box = receiver(YONAGO)
        self.memory = Memory()
        self.issued: list[Issued] = []
        self.frames: list[bytes] = []
        self.ended: set[str] = set()
        self.sounded: list[Warn] = []
        self.sane = False
        self.plan_heard = False
        self.past = ELEVEN - timedelta(days=1)  # the latest time that a signed message has proven
        self.began_now: set[str] = set()  # what has sounded since this start
        self.settled: set[str] = set()  # what was proven or stopped by hand: it never sounds again
        self.sounded_at: dict[str, datetime] = {}
        self.by_frame: list[tuple[bytes, str]] = []  # frames that sounded alone, and what they began

    # ── what happens ─────────────────────────────────────────────────────────────────────────────

    def take(self) -> list[Effect]:
        effects = self.box.effects()
        for effect in effects:
            if isinstance(effect, Keep):
                self.memory = effect.memory
        for warn in warns(effects):
            assert bool(warn.label) is (warn.purpose is not Purpose.REAL), (
                "a drill without its label, or a label on truth"
            )
            assert not self.in_maintenance(), "an output acted in maintenance"
            assert warn.outputs == OUTPUTS, "an output was left out"
            assert warn.warning not in self.began_now, "the same warning sounded twice"
            assert warn.warning not in self.settled, "what was proven or stopped sounded again"
            self.began_now.add(warn.warning)
            self.sounded_at[warn.warning] = self.now
            self.sounded.append(warn)
        return effects

    def in_maintenance(self) -> bool:
        kept = self.memory.maintenance
        return kept is not None and self.now < kept.until

    @rule(real=st.booleans(), here=st.booleans())
    def issue(self, real: bool, here: bool) -> None:
        n = len(self.issued)
        alert = alert_for(HERE if here else THERE, real=real, n=n, now=self.now)
        purpose = Purpose.REAL if real else Purpose.EXERCISE
        self.issued.append(Issued(f"a{n}", alert, signed(alert), here, purpose, "alert"))

    @rule(which=st.integers(0, 20), clear=st.booleans())
    def issue_end(self, which: int, clear: bool) -> None:
        alerts = [one for one in self.issued if one.kind == "alert"]
        if not alerts:
            return
        of = alerts[which % len(alerts)]
        reference = Reference(sender=of.alert.sender, identifier=of.alert.identifier, sent=of.alert.sent)
        n = len(self.issued)
        infos = tuple(
            replace(info, response_types=(ResponseType.ALL_CLEAR,) if clear else ()) for info in of.alert.infos
        )
        alert = replace(
            of.alert,
            identifier=f"end-{n}",
            sent=self.now,
            msg_type=MsgType.CANCEL,
            references=(reference,),
            infos=infos,
        )
        self.issued.append(Issued(f"e{n}", alert, signed(alert), of.here, of.purpose, "end", of.name))

    @rule(which=st.integers(0, 20), path=st.sampled_from([Path.GROUND, Path.MULTICAST]))
    def deliver(self, which: int, path: Path) -> None:
        if not self.issued:
            return
        one = self.issued[which % len(self.issued)]
        before = len(self.sounded)
        self.box.hear_message(one.message, path=path, now=self.now)
        self.take()
        new = self.sounded[before:]
        early = self.now < one.alert.sent - timedelta(minutes=1)
        if one.kind == "end":
            assert new == []
            if not early:
                self.ended.add(one.of)
                self.past = max(self.past, one.alert.sent)
                assert all(not w.live for w in self.known_as(self.named(one.of))), "what was ended is still on"
            return
        # A clock that fell back makes nothing fresh: what is proven past counts as past.
        expired = max(self.now, self.past) >= one.alert.infos[0].expires  # type: ignore[operator]
        if not (early or expired):
            self.past = max(self.past, one.alert.sent)
        if not one.here or expired or early or one.name in self.ended:
            assert new == [], f"sounded for {one}: expired {expired}, ended {one.name in self.ended}"
        elif not self.in_maintenance():
            assert self.has_begun(one), "a live signed alert for this place did not begin"

    def named(self, name: str) -> Issued:
        return next(one for one in self.issued if one.name == name)

    def known_as(self, one: Issued) -> list[Warned]:
        key = f"alert {one.alert.sender} {one.alert.identifier} {one.alert.sent.isoformat()}"
        return [w for w in self.box.memory.warnings.values() if key in w.keys]

    def has_begun(self, one: Issued) -> bool:
        """Whether it has sounded since this start, or was proven before it; not long before it was sent."""
        return any(
            w.act is Act.SOUNDED
            and (w.name in self.began_now or w.name in self.settled)
            and self.sounded_at[w.name] >= one.alert.sent - timedelta(minutes=1)
            for w in self.known_as(one)
        )

    @rule(which=st.integers(0, 20), how=st.sampled_from(["another's key", "altered", "no signature"]))
    def forge(self, which: int, how: str) -> None:
        """What nobody we trust has signed neither sounds nor ends anything."""
        if not self.issued:
            return
        one = self.issued[which % len(self.issued)]
        if how == "another's key":
            forged = signed(one.alert, by=key("stranger@satwarn.example"))
        elif how == "altered":
            forged = one.message.replace(b"<identifier>", b"<identifier>x", 1)
        else:
            forged = cap.write(one.alert)
        before = self.box.memory
        self.silent(lambda: self.box.hear_message(forged, path=Path.GROUND, now=self.now))
        assert self.box.memory == before, "a forgery was believed"

    @rule()
    def an_old_alert_after_a_newer_one_and_a_clock_that_fell_back(self) -> None:
        """Never delivered while it held, heard when the clock says that it holds again: it is old all the same."""
        if self.now + timedelta(minutes=40) > KEY_HOLDS_UNTIL:
            return
        old = len(self.issued)
        self.issue(real=True, here=True)
        self.time_passes(2400)
        self.issue(real=False, here=False)
        self.deliver(old + 1, Path.GROUND)
        self.clock_falls_back(39)
        self.deliver(old, Path.GROUND)

    @rule(clear=st.booleans())
    def an_end_before_its_alert(self, clear: bool) -> None:
        alerts = sum(one.kind == "alert" for one in self.issued)
        first = len(self.issued)
        self.issue(real=True, here=True)
        self.issue_end(alerts, clear)
        self.deliver(first + 1, Path.MULTICAST)
        self.deliver(first, Path.GROUND)

    @rule(clear=st.booleans(), real=st.booleans())
    def an_end_and_then_the_power(self, clear: bool, real: bool) -> None:
        """Begun, never proven, ended: neither a copy nor a restart brings it back."""
        alerts = sum(one.kind == "alert" for one in self.issued)
        first = len(self.issued)
        self.issue(real=real, here=True)
        self.deliver(first, Path.GROUND)
        self.issue_end(alerts, clear)
        self.deliver(first + 1, Path.GROUND)
        self.power_is_lost()
        self.deliver(first, Path.MULTICAST)

    @rule(proven=st.booleans())
    def the_power_while_an_alert_is_on(self, proven: bool) -> None:
        """Heard again after it, what was proven stays silent (`take`), and what was not sounds again (`has_begun`)."""
        first = len(self.issued)
        self.issue(real=True, here=True)
        self.deliver(first, Path.GROUND)
        if proven:
            self.outputs_report()
        self.power_is_lost()
        self.deliver(first, Path.MULTICAST)

    @rule()
    def a_radio_in_doubt_that_is_well_again(self) -> None:
        """What was only shown because the radio was in doubt sounds with the next copy once it is not."""
        sent = real_frame(0, now=self.now)
        on = any(w.event.startswith("dcx") for w in self.box.memory.live())
        if on or self.box.memory.of_payload(payload_of(sent)) or self.in_maintenance():
            return
        self.radio_tells(False)
        self.hear(sent, may_sound=False)
        self.radio_tells(True)
        before = len(self.sounded)
        self.hear(sent, may_sound=True)
        assert len(self.sounded) == before + 1, "held back, and never judged again"

    @rule()
    def a_frame_that_is_then_signed_and_an_unsigned_all_clear(self) -> None:
        n = len(self.issued)
        self.sees_sane_radio()
        sent = real_frame(n, now=self.now)
        self.hear(sent, may_sound=True)
        self.issue(real=True, here=True)
        self.deliver(n, Path.GROUND)
        self.air_all_clear(n)

    @rule()
    def an_alert_of_the_future(self) -> None:
        self.issue(real=True, here=True)
        self.clock_falls_back(2)
        self.deliver(len(self.issued) - 1, Path.GROUND)

    @rule()
    def a_recording_played_before_it_is_sent(self) -> None:
        """Somebody plays the very frame two minutes early: the signed alert that lists it is no copy of that."""
        n = len(self.issued)
        if self.in_maintenance():
            return
        frame_of_it = real_frame(n, now=self.now, prefectures=(31,))
        self.sees_sane_radio()
        self.hear(frame_of_it, may_sound=True)
        self.time_passes(120)
        alert = alert_for(HERE, real=True, n=n, now=self.now)
        alert = with_parameters(alert, frame=(payload_of(frame_of_it),))
        self.issued.append(Issued(f"a{n}", alert, signed(alert), True, Purpose.REAL, "recorded"))
        self.deliver(n, Path.GROUND)

    @rule(which=st.integers(0, 20))
    def a_frame_that_was_begun_is_heard_again(self, which: int) -> None:
        """Begun and not proven before the power was gone: heard again, it sounds again."""
        if not self.by_frame:
            return
        sent, name = self.by_frame[which % len(self.by_frame)]
        self.sees_sane_radio()
        known = self.box.memory.of_payload(payload_of(sent))
        fresh = abs(self.now - self.sounded_at[name]) < timedelta(minutes=4)
        unproven = name not in self.began_now and name not in self.settled
        alone = known is not None and known.name == name and known.live and not known.signed
        must = alone and fresh and unproven and not self.in_maintenance()
        before = len(self.sounded)
        self.hear(sent, may_sound=True)
        if must:
            assert [warn.warning for warn in self.sounded[before:]] == [name], (
                "begun, unproven, heard again, and silent"
            )

    def sees_sane_radio(self) -> None:
        self.radio_tells(True)

    @rule(n=st.integers(0, 3), here=st.booleans(), old=st.booleans())
    def air_real(self, n: int, here: bool, old: bool) -> None:
        """The frame that a live signed alert lists may be among them: it stands for that alert."""
        now = self.now - timedelta(hours=5) if old else self.now
        sent = real_frame(n, now=now, prefectures=(31,) if here else (1,))
        self.hear(sent, may_sound=(here and not old and self.sane) or self.held(sent))

    @rule(which=st.integers(0, 20))
    def air_of_an_alert(self, which: int) -> None:
        real = [i for i, one in enumerate(self.issued) if one.kind == "alert" and one.purpose is Purpose.REAL]
        if real:
            n = real[which % len(real)]
            one = self.issued[n]
            sent = real_frame(n, now=one.alert.sent)
            # Alerts of one minute may list the same frame: it stands for whichever is still on.
            self.hear(sent, may_sound=self.held(sent) or (one.name not in self.ended and self.sane))

    def held(self, sent: bytes) -> bool:
        known = self.box.memory.of_payload(payload_of(sent))
        return known is not None and known.signed and known.live

    @rule(n=st.integers(0, 3))
    def air_all_clear(self, n: int) -> None:
        self.hear(real_frame(n, now=self.now, message=MessageType.ALL_CLEAR), may_sound=False)

    @rule()
    def air_test(self) -> None:
        armed = self.plan_heard and ELEVEN - timedelta(minutes=1) <= self.now < ELEVEN + timedelta(minutes=4)
        self.hear(frame(), may_sound=armed or self.held(frame()))

    @rule(bit=st.integers(0, 249))
    def air_noise(self, bit: int) -> None:
        broken = bytearray(real_frame(0, now=self.now))
        broken[bit // 8] ^= 0x80 >> bit % 8
        self.hear(bytes(broken), may_sound=False)

    def hear(self, sent: bytes, *, may_sound: bool) -> None:
        before = len(self.sounded)
        signed_on = {w.name for w in self.box.memory.live() if w.signed}
        self.box.hear_frame(sent, satellite=184, now=self.now)
        self.take()
        new = self.sounded[before:]
        assert may_sound or new == [], "a frame sounded that may not"
        assert signed_on <= {w.name for w in self.box.memory.live()}, "a frame ended a signed warning"
        self.by_frame += [(sent, warn.warning) for warn in new if warn.warning.startswith("frame")]

    @rule()
    def hear_the_plan(self) -> None:
        self.box.hear_message(plan(), path=Path.GROUND, now=self.now)
        self.take()
        self.plan_heard = self.plan_heard or bool(self.box.memory.plans)

    @rule(seconds=st.sampled_from([1, 5, 30, 61, 300, 1800, 40000]))
    def time_passes(self, seconds: int) -> None:
        if self.now + seconds * SECOND > KEY_HOLDS_UNTIL:
            return
        self.now += seconds * SECOND
        self.silent(lambda: self.box.tick(now=self.now))

    @rule(minutes=st.sampled_from([2, 45]))
    def clock_falls_back(self, minutes: int) -> None:
        self.now -= timedelta(minutes=minutes)
        self.silent(lambda: self.box.tick(now=self.now))

    @rule()
    def power_is_lost(self) -> None:
        self.box = receiver(YONAGO, memory=keeping.from_json(keeping.to_json(self.memory)))
        self.sane = False
        self.began_now = set()
        self.silent(lambda: self.box.tick(now=self.now))

    @rule(sane=st.booleans())
    def radio_tells(self, sane: bool) -> None:
        self.sane = sane
        flag = Level.NONE if sane else Level.CRITICAL
        self.box.hear_radio(Radio(at=self.now, spoofing=flag, jamming=Level.NONE, monitored=True))
        self.take()

    @rule()
    def outputs_report(self) -> None:
        for warn in self.sounded[-2:]:
            self.box.done(warn.warning, (OutputResult(output="speaker", proof=Proof.PROVEN),))
            self.settled.add(warn.warning)
        self.silent(lambda: None)

    @rule()
    def somebody_stops_it(self) -> None:
        self.settled |= {w.name for w in self.box.memory.live() if w.act is Act.SOUNDED}
        self.silent(lambda: self.box.stop(by="caretaker", now=self.now))

    @rule()
    def maintenance(self) -> None:
        self.silent(lambda: self.box.begin_maintenance(by="fitter", until=self.now + timedelta(hours=1), now=self.now))

    @rule(second=st.sampled_from(["fitter", "warden"]))
    def leave(self, second: str) -> None:
        self.silent(lambda: self.box.leave_maintenance(by="fitter", now=self.now))
        self.silent(lambda: self.box.leave_maintenance(by=second, now=self.now))

    def silent(self, do: object) -> None:
        """No sound from storage: whatever is not heard makes none."""
        before = len(self.sounded)
        do()  # type: ignore[operator]
        self.take()
        assert self.sounded[before:] == [], "a sound out of nothing heard"


TestBox = Box.TestCase
TestBox.settings = settings(stateful_step_count=30)
