"""A scenario: a TOML file that says what is exercised, where, when and by whom."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from satwarn.errors import BadScenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The moments of the drill, each with its zone."""

    begins: datetime
    issue: datetime
    on_air: timedelta
    armed_from: datetime
    armed_until: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if not self.begins < self.armed_from < self.issue < self.issue + self.on_air < self.armed_until <= self.ends:
            raise BadScenario("begins < armed < issue < off the air < disarmed <= ends does not hold", where="times")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the CAP alert says, in CAP's words; `sentence` keys the text in every language."""

    sender: str
    sentence: str
    languages: tuple[str, ...]
    category: str
    urgency: str
    severity: str
    certainty: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What the frame says, as raw CAMF codes (A3, A4, A5, A11, Vn)."""

    provider: int
    hazard: int
    severity: int
    instruction: int
    vn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One drill, ready to be run; `as_it_happened` names the faults of the day it rebuilds, as NAME@CODE."""

    name: str
    region: str
    title: Mapping[str, str]
    simulated: tuple[str, ...]
    times: Times
    author: str
    approver: str
    said: Said
    coded: Coded
    prefectures: tuple[str, ...]
    as_it_happened: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.prefectures:
            raise BadScenario("names no prefecture", where="scope.prefectures")
        if self.author == self.approver:
            raise BadScenario(f"{self.author} would approve their own alert", where="people")


def names() -> tuple[str, ...]:
    """The scenarios in the package."""
    folder = files("satwarn.drill") / "scenarios"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load(name: str) -> Scenario:
    """A scenario of the package by its name; BadScenario lists the ones there are."""
    if name not in names():
        raise BadScenario(f"no drill is called {name!r}", fix=f"one of {', '.join(names())}")
    return parse((files("satwarn.drill") / "scenarios" / f"{name}.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Scenario:
    """Read a scenario; BadScenario names the key that is missing or wrong."""
    try:
        return _scenario(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadScenario(str(error), where="scenario file") from error
    except KeyError as error:
        raise BadScenario(f"the key {error} is missing", where="scenario file") from error
    except TypeError as error:
        raise BadScenario(str(error), where="scenario file") from error


def _scenario(raw: Mapping[str, Any]) -> Scenario:
    times = raw["times"]
    issue: datetime = times["issue"]
    return Scenario(
        name=raw["name"],
        region=raw["region"],
        title=raw["title"],
        simulated=tuple(raw["simulated"]),
        times=Times(
            begins=times["begins"],
            issue=issue,
            on_air=timedelta(seconds=times["on_air_s"]),
            armed_from=issue - timedelta(seconds=times["armed_before_s"]),
            armed_until=issue + timedelta(seconds=times["armed_after_s"]),
            ends=times["ends"],
        ),
        author=raw["people"]["author"],
        approver=raw["people"]["approver"],
        said=Said(**{**raw["alert"], "languages": tuple(raw["alert"]["languages"])}),
        coded=Coded(**raw["frame"]),
        prefectures=tuple(raw["scope"]["prefectures"]),
        as_it_happened=tuple(raw.get("history", {}).get("faults", ())),
    )
