"""Signals are data: one file a country, each with its source and how sure it is. The default is our own neutral set.

One sound means a warning here and all clear there, so a signal never goes without words, and a national one sounds
only at a site that switched its profile on.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from satwarn.alert.purpose import Purpose
from satwarn.errors import Missing

OWN = "own"


class Certainty(StrEnum):
    """Where a figure comes from."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    OWN = "own"


class StepKind(StrEnum):
    """The shapes a tone can have."""

    STEADY = "steady"
    SWEEP = "sweep"
    REST = "rest"


class Timbre(StrEnum):
    """How it sounds: a pure tone, a struck bell that dies away, a reed or a siren's saw-tooth."""

    SINE = "sine"
    BELL = "bell"
    REED = "reed"
    SAW = "saw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of `seconds` at `hz`, gliding to `to_hz` in a sweep."""

    kind: StepKind
    seconds: float
    hz: float = 0.0
    to_hz: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Steps played `times` times with `between_s` of rest; `again_within_s` where a law wants it sounded once more."""

    key: str
    meaning: str
    timbre: Timbre
    steps: tuple[Step, ...]
    source: str
    time_certainty: Certainty
    hz_certainty: Certainty
    times: int = 1
    between_s: float = 0.0
    again_within_s: float = 0.0

    @property
    def lasts_s(self) -> float:
        """Its whole length."""
        return self.times * sum(step.seconds for step in self.steps) + (self.times - 1) * self.between_s


# What is sounded before and after the words of each purpose, by the key of the signal ("" = nothing).
AROUND_WORDS: Mapping[Purpose, tuple[str, str]] = {
    Purpose.REAL: ("warning", ""),
    Purpose.PUBLIC_TEST: ("drill-begins", "drill-ends"),
    Purpose.EXERCISE: ("drill-begins", "drill-ends"),
    Purpose.TECHNICAL_TEST: ("technical-test", ""),
}


@cache
def signals(profile: str = OWN) -> Mapping[str, Signal]:
    """The signals of a profile by key, with our own where it has none; Missing lists the profiles there are."""
    file = files("satwarn.people") / "signals" / f"{profile}.toml"
    if not file.is_file():
        raise Missing(f"no signals are called {profile!r}", fix=f"one of {', '.join(profiles())}")
    table = tomllib.loads(file.read_text(encoding="utf-8"))["signal"]
    own = {} if profile == OWN else signals(OWN)
    return {**own, **{key: _signal(key, raw) for key, raw in table.items()}}


def profiles() -> tuple[str, ...]:
    """Every profile there is a file for."""
    folder = files("satwarn.people") / "signals"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def _signal(key: str, raw: dict[str, object]) -> Signal:
    steps = raw.pop("steps")
    assert isinstance(steps, list)
    timbre, time, pitch = (str(raw.pop(name)) for name in ("timbre", "time_certainty", "hz_certainty"))
    return Signal(
        key=key,
        timbre=Timbre(timbre),
        time_certainty=Certainty(time),
        hz_certainty=Certainty(pitch),
        steps=tuple(Step(**{**step, "kind": StepKind(step["kind"])}) for step in steps),
        **raw,  # type: ignore[arg-type]  # the rest of the table has the fields' own names and types
    )
