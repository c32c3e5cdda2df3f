"""What the receiver does once it has decided: begin, copy, follow, end. Memory first, then outputs, then receipts.

The disk follows memory by itself (adapters/memory): no siren waits for it.
"""

from dataclasses import replace
from datetime import datetime

from satwarn.alert.alert import Info
from satwarn.alert.purpose import Purpose, PurposeRule, rules
from satwarn.ledger.receipt import Act, Path
from satwarn.receiver.effects import Effect, End, Fault, Keep, Log, Refine, Show, Tell, Warn
from satwarn.receiver.memory import Life, Memory, Warned
from satwarn.receiver.rules import Doubt, Judgement
from satwarn.receiver.said import Said
from satwarn.receiver.site import Site

AUDIBLE_ENDS = frozenset({Life.CLEARED, Life.RETRACTED, Life.LEFT})
MANY = 4096
MOST_WARNINGS = 512


class Acts:
    """Memory in, effects out."""

    def __init__(self, site: Site, memory: Memory) -> None:
        self.site, self.memory = site, memory
        self._effects: list[Effect] = []
        self._begun_now: set[str] = set()  # warnings begun since this start
        self._once: dict[tuple[str, str], None] = {}

    def take(self) -> list[Effect]:
        """What is to be done, in order; asking takes it away."""
        effects, self._effects = self._effects, []
        return effects

    def say(self, *effects: Effect) -> None:
        """Ask for something that changes nothing here."""
        self._effects += effects

    def keep(self, memory: Memory) -> None:
        """Remember, durably."""
        self.memory = memory
        self.say(Keep(memory=memory))

    def fault(self, code: str, what: str) -> None:
        """Something somebody must know."""
        self.say(Fault(code=code, what=what))

    def first_time(self, about: str, why: str) -> bool:
        """Whether this was not yet said about that."""
        if (about, why) in self._once:
            return False
        while len(self._once) >= MANY:
            del self._once[next(iter(self._once))]
        self._once[about, why] = None
        return True

    def log_once(self, about: str, why: str) -> None:
        """Note it, once."""
        if self.first_time(about, why):
            self.say(Log(what=f"{about}: {why}"))

    def needs_begin(self, warned: Warned) -> bool:
        """Whether it was begun before a restart and never proven: heard again, it sounds again."""
        return warned.live and warned.act is Act.SOUNDED and not warned.done and warned.name not in self._begun_now

    def begin(
        self, warned: Warned, rule: PurposeRule, *, path: Path, now: datetime, infos: tuple[Info, ...] = ()
    ) -> None:
        """Act on a warning for the first time, or again because it was never proven."""
        labelled = warned.act is Act.SOUNDED and bool(rule.label)
        warned = replace(warned, labelled=labelled)
        self._begun_now.add(warned.name)
        if len(self.memory.warnings) > 2 * MOST_WARNINGS:
            self.make_room(now)
        self.keep(self.memory.with_warning(warned))
        if warned.act is Act.SOUNDED:
            self.say(self._warn(warned, rule, path, now, infos))
        if warned.act is Act.SHOWN:
            self.say(self._show(warned, infos))
        self.say(Tell(receipt=warned.receipt(self.site.code)))

    def _warn(self, warned: Warned, rule: PurposeRule, path: Path, now: datetime, infos: tuple[Info, ...]) -> Warn:
        return Warn(
            warning=warned.name,
            purpose=rule.purpose,
            label=rule.label,
            hazard=warned.hazard,
            instruction=warned.instruction,
            infos=infos,
            outputs=self.site.outputs,
            path=path,
            at=now,
            information=warned.information,
            severity=warned.severity,
            text=warned.text,
        )

    def _show(self, warned: Warned, infos: tuple[Info, ...]) -> Show:
        return Show(
            warning=warned.name,
            hazard=warned.hazard,
            instruction=warned.instruction,
            why=warned.why,
            information=warned.information,
            purpose=warned.purpose,
            infos=infos,
            text=warned.text,
        )

    def unsure(self, warned: Warned, doubt: Doubt) -> None:
        """Call the duty officer to what is shown because it cannot be trusted alone, or held back."""
        if warned.act is Act.SHOWN and doubt is not Doubt.NONE:
            self.fault("unsure", f"{warned.why}: shown, and the duty officer is called")
        elif doubt is Doubt.PASSING:
            self.fault("held", f"{warned.name} was not given out: {warned.why}")

    def make_room(self, now: datetime) -> None:
        """Forget the oldest of what may be forgotten where there is too much: a flood must not fill the disk."""
        forgotten = self.memory.too_many(MOST_WARNINGS)
        for warned in forgotten:
            if warned.live and warned.act is Act.SHOWN:
                self.end(warned, Life.OVER, path=warned.first_path, now=now)
            self.say(Tell(receipt=warned.receipt(self.site.code)))
        if forgotten:
            self.keep(self.memory.without_warnings({warned.name for warned in forgotten}))

    def forget(self) -> None:
        """Know no more when what is no longer in memory was begun."""
        self._begun_now &= self.memory.warnings.keys()

    def remember(self, warned: Warned) -> None:
        """Keep a warning as it stands now, and tell."""
        self.keep(self.memory.with_warning(warned))
        self.say(Tell(receipt=warned.receipt(self.site.code)))

    def note(self, warned: Warned) -> None:
        """Count a copy: not worth a write."""
        self.memory = self.memory.with_warning(warned)

    def refine(self, warned: Warned, *, infos: tuple[Info, ...], now: datetime) -> None:
        """The same warning, said better: shown where it is shown, without sounding again."""
        self.remember(warned)
        self.say(Refine(warning=warned.name, infos=infos, at=now, text=warned.text))

    def end(self, warned: Warned, how: Life, *, path: Path, now: datetime, infos: tuple[Info, ...] = ()) -> None:
        """A warning is over: no copy of it ever sounds again."""
        ended = replace(warned, life=how, held=False, told_end=True)
        self.remember(ended)
        if warned.act is Act.SILENT:
            return
        self.say(
            End(
                warning=warned.name,
                how=how,
                purpose=warned.purpose,
                label=rules()[warned.purpose].label,
                information=warned.information,
                infos=infos,
                outputs=self.site.outputs,
                audible=warned.act is Act.SOUNDED and how in AUDIBLE_ENDS and self.memory.maintenance is None,
                path=path,
                at=now,
            )
        )


def begun(name: str, said: Said, judgement: Judgement, path: Path, *, now: datetime, payload: str = "") -> Warned:
    """A warning as it is first met."""
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
        held=judgement.held,
        wanted=judgement.wanted,
        ends=judgement.ends,
        information=said.information,
        event=said.event,
        about=said.about,
        rank=said.rank,
        severity=said.severity,
        hazard=said.hazard,
        instruction=said.instruction,
        text=said.text,
    )


def tombstone(
    name: str,
    life: Life,
    purpose: Purpose,
    *,
    keys: frozenset[str],
    payloads: frozenset[str],
    path: Path,
    now: datetime,
    until: datetime,
    identifier: str,
) -> Warned:
    """The memory of an end that came before what it ends, so that this makes no sound when it comes."""
    return Warned(
        name=name,
        payloads=payloads,
        heard_payloads=frozenset(),
        identifier=identifier,
        purpose=purpose,
        act=Act.SILENT,
        why="its end was heard first",
        labelled=False,
        begun_at=now,
        until=until,
        first_path=path,
        first_heard={path: now},
        copies={path: 1},
        life=life,
        keys=keys,
        told_end=True,
    )
