"""A site's outputs: plugged together for a drill, and performed side by side, so that none waits for another."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from satwarn.adapters.device.simulated import Simulated, Timer, device
from satwarn.adapters.device.speech import Voices
from satwarn.drill.due import Due
from satwarn.drill.fault import Broken
from satwarn.ledger.receipt import Cause, OutputResult
from satwarn.people.hearing import judge_sound
from satwarn.people.mail import judge_mail, write
from satwarn.people.ports import Output, Performance, ProvingOutput, Trouble, failed
from satwarn.people.programme import Studio, lasts_s
from satwarn.people.relay import judge_contact, rhythm
from satwarn.people.screen import judge_screen, screen
from satwarn.people.signal import signals

DOMAIN = "satwarn.example"
MAIL_TAKES_S = 20.0
SCREEN_TAKES_S = 1.0


def make_studio() -> Studio:
    """The studio of this machine: its voices and our own signals."""
    return Studio(voice=Voices(), signals=signals())


class Fitter:
    """Fits sites with the simulated devices of a drill; `broken` says which of them have a fault."""

    def __init__(self, clock: Timer, studio: Studio, broken: Broken) -> None:
        self._clock, self._studio, self._broken = clock, studio, broken

    def outputs(self, due: Due) -> tuple[Output, ...]:
        """Every output the site owes."""
        return self.fit(due.outputs, due.code)

    def fit(self, outputs: Iterable[str], site: str) -> tuple[Output, ...]:
        """Outputs by name, for the site of that code."""
        make = {"speaker": self._speaker, "screen": self._screen, "mail": self._mail, "relay": self._relay}
        return tuple(make[output](site) for output in outputs)

    def _speaker(self, site: str) -> Output:
        programme = self._studio.programme
        return ProvingOutput(
            name="speaker",
            mean=programme,
            carrier=self._device("speaker", site, lasts_s),
            judge=judge_sound,
            lasts_s=lambda performance: lasts_s(programme(performance)),
        )

    def _screen(self, site: str) -> Output:
        return ProvingOutput(
            name="screen",
            mean=screen,
            carrier=self._device("screen", site, lambda meant: SCREEN_TAKES_S),
            judge=judge_screen,
            lasts_s=lambda performance: SCREEN_TAKES_S,
        )

    def _mail(self, site: str) -> Output:
        return ProvingOutput(
            name="mail",
            mean=partial(write, sender=f"{site}@{DOMAIN}", recipient=f"people-{site}@{DOMAIN}"),
            carrier=self._device("mail", site, lambda meant: MAIL_TAKES_S),
            judge=judge_mail,
            lasts_s=lambda performance: MAIL_TAKES_S,
        )

    def _relay(self, site: str) -> Output:
        return ProvingOutput(
            name="relay",
            mean=rhythm,
            carrier=self._device("relay", site, lambda meant: meant.lasts_s),
            judge=judge_contact,
            lasts_s=lambda performance: rhythm(performance).lasts_s,
        )

    def _device(self, output: str, site: str, takes_s: Callable[[Any], float]) -> Simulated[Any, Any]:
        return device(output, self._broken.get((site, output), ""), clock=self._clock, takes_s=takes_s)


class Performing:
    """One warning on all outputs of a site; `finish` is called once, when each has reported or is late."""

    def __init__(
        self,
        outputs: Sequence[Output],
        performance: Performance,
        *,
        clock: Timer,
        finish: Callable[[tuple[OutputResult, ...]], None],
    ) -> None:
        self._outputs, self._performance, self._clock, self._finish = outputs, performance, clock, finish
        self._results: dict[str, OutputResult] = {}

    def begin(self) -> None:
        """Start every output; each is on its own from here."""
        if not self._outputs:
            self._finish(())
        for output in self._outputs:
            self._clock.after(0, partial(self._start, output))

    def _start(self, output: Output) -> None:
        try:
            output.begin(self._performance, done=self._done)
            self._clock.after(output.allowed_s(self._performance), partial(self._done, _late(output.name)))
        except Exception as error:  # noqa: BLE001 - whatever one device dies of, the others go on
            self._done(_died(output.name, error))

    def _done(self, result: OutputResult) -> None:
        if result.output in self._results:
            return
        self._results[result.output] = result
        if len(self._results) == len(self._outputs):
            self._finish(tuple(self._results[output.name] for output in self._outputs))


def _late(output: str) -> OutputResult:
    trouble = Trouble(
        cause=Cause.LATE,
        detail="did not report back in time",
        next_step="restart the device, check what it is connected to, then test this site again",
    )
    return failed(output, trouble)


def _died(output: str, error: Exception) -> OutputResult:
    trouble = Trouble(
        cause=Cause.DEVICE,
        detail=f"stopped with an error: {error}",
        next_step="look into the device's own log, restart it, then test this site again",
    )
    return failed(output, trouble)


def speech_of(studio: Studio, languages: Iterable[str]) -> dict[str, str]:
    """The engine that spoke each language, "" where none did."""
    return {tag: "" if tag in studio.unspoken else studio.voice.engine(tag) for tag in languages}
