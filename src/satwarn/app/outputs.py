"""A site's outputs, plugged together for a drill."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from satwarn.adapters.device.simulated import Simulated, Timer, device
from satwarn.adapters.device.speech import Voices
from satwarn.drill.due import Due
from satwarn.drill.fault import Broken
from satwarn.people.hearing import judge_sound
from satwarn.people.mail import judge_mail, write
from satwarn.people.ports import Output, ProvingOutput
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


def speech_of(studio: Studio, languages: Iterable[str]) -> dict[str, str]:
    """The engine that spoke each language, "" where none did so in full."""
    return {tag: "" if tag in studio.unspoken else studio.voice.engine(tag) for tag in languages}
