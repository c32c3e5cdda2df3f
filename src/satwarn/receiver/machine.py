"""The receiver: bytes and times go in, effects come out. It opens nothing and reads no clock.

It starts silent, not deaf: nothing in memory makes a sound, what is on the air now and not yet proven does.
Signed beats unsigned, and nothing unsigned can mute.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from satwarn.alert.purpose import Purpose
from satwarn.alert.seal import Trust
from satwarn.errors import NotAllowed
from satwarn.ledger.receipt import Act, OutputResult, Path
from satwarn.receiver.acts import Acts
from satwarn.receiver.air import Air
from satwarn.receiver.effects import Effect, Hush, Isolate, Log, Tell
from satwarn.receiver.ground import Ground
from satwarn.receiver.memory import Life, Maintenance, Memory
from satwarn.receiver.policy import Policy
from satwarn.receiver.radio import Radio
from satwarn.receiver.rules import Situation
from satwarn.receiver.site import Site

LONGEST_MAINTENANCE = timedelta(hours=12)
SECOND_KEY_WITHIN = timedelta(minutes=5)


class Receiver:
    """One site's decisions. Call `hear_*`, `done` and `tick`, then carry out `effects()` in order."""

    def __init__(self, site: Site, trust: Trust, *, memory: Memory | None = None, policy: Policy | None = None) -> None:
        self._site, self._policy = site, policy or Policy()
        self._acts = Acts(site, memory or Memory())
        self._air, self._ground = Air(self._acts), Ground(self._acts, trust)
        self._radio: Radio | None = None
        self._clock_doubt = ""
        self._first_key: tuple[str, datetime] | None = None

    def effects(self) -> list[Effect]:
        """What is to be done now, in order; asking takes them away."""
        return self._acts.take()

    @property
    def memory(self) -> Memory:
        """What it knows."""
        return self._acts.memory

    @property
    def noise(self) -> int:
        """Frames with a broken check sum."""
        return self._air.noise

    # ── hearing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def hear_frame(self, frame: bytes, *, satellite: int, now: datetime) -> None:
        """A frame (32 bytes) from a satellite (PRN)."""
        self._air.hear(frame, satellite=satellite, at=self._situation(now))

    def hear_message(self, message: bytes, *, path: Path, now: datetime) -> None:
        """A signed CAP message."""
        self._ground.hear(message, path=path, at=self._situation(now))

    def believe(self, trust: Trust) -> None:
        """Believe these from the next message on, and nobody else."""
        self._ground.believe(trust)

    def hear_radio(self, radio: Radio | None) -> None:
        """What the radio tells about itself; None while it has told nothing."""
        self._radio = radio

    def hear_clock(self, doubt: str) -> None:
        """Why the time it is told may be wrong, "" when it may be believed."""
        self._clock_doubt = doubt

    def _situation(self, now: datetime) -> Situation:
        return Situation(
            site=self._site,
            policy=self._policy,
            radio=self._radio,
            clock_doubt=self._clock_doubt,
            maintenance=self._maintenance(now),
            now=now,
        )

    def done(self, warning: str, results: tuple[OutputResult, ...]) -> None:
        """Every output has reported on a warning."""
        known = self.memory.warnings.get(warning)
        if known:
            self._acts.remember(replace(known, outputs=results, done=True))

    def used(self, results: tuple[OutputResult, ...]) -> None:
        """What came of outputs that were used, for a warning or a test: it stands until they are used again."""
        outputs = {**self.memory.outputs, **{result.output: result for result in results}}
        self._acts.keep(replace(self.memory, outputs=outputs))

    # ── by hand ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def stop(self, *, by: str, now: datetime) -> None:
        """Local stop: every output falls silent; copies of what is on stay silent, what is new or graver sounds."""
        self._acts.say(Hush(why=f"stopped here by {by}"), Log(what=f"local stop by {by} at {now.isoformat()}"))
        for warned in self.memory.live():
            if warned.act is Act.SOUNDED:
                stopped = replace(warned, stopped=True, done=True, why=f"{warned.why}; stopped here by {by}")
                self._acts.remember(stopped)

    def begin_maintenance(self, *, by: str, until: datetime, now: datetime) -> None:
        """Isolate every output until a time, at most twelve hours ahead; NotAllowed otherwise."""
        if not now < until <= now + LONGEST_MAINTENANCE:
            raise NotAllowed("a maintenance ends within twelve hours", where=f"until {until.isoformat()}")
        maintenance = Maintenance(by=by, since=now, until=until)
        self._first_key = None
        self._acts.keep(replace(self.memory, maintenance=maintenance))
        self._acts.say(Hush(why=f"maintenance by {by}"), Isolate(maintenance=maintenance))
        self._acts.fault("maintenance", f"every output is isolated by {by} until {until:%H:%M} UTC")

    def leave_maintenance(self, *, by: str, now: datetime) -> bool:
        """Turn one of the two keys; true when the second, by somebody else and soon enough, joins the outputs again."""
        if self._maintenance(now) is None:
            return True
        first, self._first_key = self._first_key, (by, now)
        if first is None or first[0] == by or now - first[1] > SECOND_KEY_WITHIN:
            self._acts.say(Log(what=f"first key to leave maintenance: {by}; a second person's is needed"))
            return False
        self._join(f"by {first[0]} and {by}")
        return True

    def _join(self, how: str) -> None:
        self._first_key = None
        self._acts.keep(replace(self.memory, maintenance=None))
        self._acts.say(Isolate(maintenance=None), Log(what=f"maintenance ended {how}"))

    def _maintenance(self, now: datetime) -> Maintenance | None:
        maintenance = self.memory.maintenance
        return maintenance if maintenance and now < maintenance.until else None

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def tick(self, *, now: datetime) -> None:
        """Let run out what nobody confirmed, forget what is over, with a last receipt for each warning that goes."""
        self._air.tick(now)
        if self.memory.maintenance and now >= self.memory.maintenance.until:
            self._join("because its time ran out")
        for warned in self.memory.live():
            if (warned.ends or warned.until) <= now:
                how = Life.UNKNOWN if warned.purpose is Purpose.REAL and warned.act is not Act.SILENT else Life.OVER
                self._acts.end(warned, how, path=warned.first_path, now=now)
        self._acts.make_room(now)
        before, still = self.memory, self.memory.at(now)
        if still != before:
            self._acts.keep(still)
        gone = (warned for name, warned in before.warnings.items() if name not in still.warnings)
        self._acts.say(*(Tell(receipt=warned.receipt(self._site.code)) for warned in gone))
        self._acts.forget()
        self._ground.forget()

    def next_tick(self) -> datetime | None:
        """When it next has something to forget; None when nothing is in memory."""
        moments = [plan.armed_until for plan in self.memory.plans]
        moments += [warned.until for warned in self.memory.warnings.values()]
        moments += [warned.ends for warned in self.memory.live() if warned.ends]
        if self.memory.maintenance:
            moments.append(self.memory.maintenance.until)
        return min(moments, default=None)

    def receipts(self) -> list[Tell]:
        """What it would tell about every warning in memory, for somebody who comes to collect."""
        return [Tell(receipt=warned.receipt(self._site.code)) for warned in self.memory.warnings.values()]
