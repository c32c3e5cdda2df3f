"""A site's outputs, plugged together for a drill."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from satwarn.adapters.device.simulated import Timer, device
from satwarn.adapters.device.speech import Voices
from satwarn.drill.due import Due
from satwarn.drill.fault import Broken
from satwarn.people.hearing import judge_sound
from satwarn.people.mail import judge_mail, write
from satwarn.people.ports import Output, Performance, ProvingOutput
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
        return tuple(self._make(output, site) for output in outputs)

    def _make(self, output: str, site: str) -> Output:
        mean, judge, needs_s, takes_s = self._kinds(site)[output]
        carrier = device(output, self._broken.get((site, output), ""), clock=self._clock, takes_s=takes_s)
        return ProvingOutput(name=output, mean=mean, carrier=carrier, judge=judge, lasts_s=needs_s)

    def _kinds(self, site: str) -> dict[str, tuple[Any, Any, Callable[[Performance], float], Callable[[Any], float]]]:
        programme = self._studio.programme
        mail = partial(write, sender=f"{site}@{DOMAIN}", recipient=f"people-{site}@{DOMAIN}")
        return {
            "speaker": (programme, judge_sound, lambda performance: lasts_s(programme(performance)), lasts_s),
            "screen": (screen, judge_screen, lambda _: SCREEN_TAKES_S, lambda _: SCREEN_TAKES_S),
            "mail": (mail, judge_mail, lambda _: MAIL_TAKES_S, lambda _: MAIL_TAKES_S),
            "relay": (rhythm, judge_contact, lambda p: rhythm(p).lasts_s, lambda meant: meant.lasts_s),
        }


def speech_of(studio: Studio, languages: Iterable[str]) -> dict[str, str]:
    """The engine that spoke each language, "" where none did."""
    return {tag: "" if tag in studio.unspoken else studio.voice.engine(tag) for tag in languages}
