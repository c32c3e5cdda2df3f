"""A launch report, as an agency would give it: TOML or JSON in the form of `launch_report.schema.json`."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any, TypeVar

from satwarn.area.corridor import Flight
from satwarn.area.shape import Circle
from satwarn.errors import BadMessage

_Word = TypeVar("_Word", bound=StrEnum)


class Kind(StrEnum):
    """What was reported. The first two fly an arc; the others warn an area until ended."""

    BALLISTIC = "ballistic missile"
    SPACE = "space launch"
    CRUISE = "cruise missile"
    DRONE = "drone"
    AIR_RAID = "air raid"

    @property
    def flies_an_arc(self) -> bool:
        return self in (Kind.BALLISTIC, Kind.SPACE)


class Track(StrEnum):
    """How well the source holds the track."""

    FIRM = "firm"
    UNCLEAR = "unclear"
    LOST = "lost"


_FIX = "satwarn launch --schema shows the form"
RANGE_CLASSES_KM = {  # the classes as publicly used
    "short": (300.0, 1000.0),
    "medium": (1000.0, 3000.0),
    "intermediate": (3000.0, 5500.0),
    "intercontinental": (5500.0, 13000.0),
}
ERROR_DEG = {Track.FIRM: 3.0, Track.UNCLEAR: 10.0, Track.LOST: 20.0}  # where the report gives none
RANGE_ERROR = {Track.FIRM: 0.05, Track.UNCLEAR: 0.15, Track.LOST: 0.3}  # part of the range, likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report about one event. `flight` for what flies an arc, `codes` (scheme, code) for what does not."""

    event: str
    number: int
    source: str
    kind: Kind
    track: Track
    place: str
    time: datetime
    flight: Flight | None = None
    impact: Circle | None = None
    impact_time: datetime | None = None
    codes: tuple[tuple[str, str], ...] = ()


def schema() -> dict[str, Any]:
    """The published JSON Schema of a report."""
    found: dict[str, Any] = json.loads(
        (files("satwarn.authority") / "launch_report.schema.json").read_text(encoding="utf-8")
    )
    return found


def read(data: bytes) -> Report:
    """Read a report in JSON (if it begins with a brace) or TOML. Raises BadMessage naming the field that is wrong."""
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except ValueError as error:
        raise BadMessage(f"is neither TOML nor JSON ({error})", where="launch report", fix=_FIX) from None
    return _report(_Fields(found, "launch report"))


class _Fields:
    """One table of the report; every field is asked for by name, and what nobody asked for is a mistake."""

    def __init__(self, found: Mapping[str, Any], where: str) -> None:
        if not isinstance(found, Mapping):
            raise _wrong(where, "is no table")
        self._found, self._where, self._asked = found, where, set[str]()

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def get(self, name: str) -> Any:
        self._asked.add(name)
        if name not in self._found:
            raise _wrong(f"{self._where}.{name}", "is missing")
        return self._found[name]

    def text(self, name: str, default: str | None = None) -> str:
        if default is not None and name not in self._found:
            return default
        value = self.get(name)
        if not isinstance(value, str) or not value.strip():
            raise _wrong(f"{self._where}.{name}", f"is no text: {value!r}")
        return value

    def number(self, name: str) -> float:
        value = self.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(f"{self._where}.{name}", f"is no number: {value!r}")
        return float(value)

    def optional(self, name: str) -> float | None:
        return self.number(name) if name in self._found else None

    def word(self, name: str, words: type[_Word], default: _Word | None = None) -> _Word:
        value = self.text(name, default)
        if value not in set(words):
            raise _wrong(f"{self._where}.{name}", f"{value!r} is not one of {', '.join(words)}")
        return words(value)

    def time(self, name: str) -> datetime:
        value = self.get(name)
        try:
            value = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            value = None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise _wrong(f"{self._where}.{name}", "is no time with its offset, as 2017-08-29T05:58:00+09:00")
        return value.astimezone(UTC)

    def table(self, name: str) -> "_Fields":
        return _Fields(self.get(name), f"{self._where}.{name}")

    def done(self) -> None:
        strangers = sorted(set(self._found) - self._asked)
        if strangers:
            raise _wrong(f"{self._where}.{strangers[0]}", "is no field of a launch report")


def _wrong(where: str, what: str) -> BadMessage:
    return BadMessage(what, where=where, fix=_FIX)


def _report(top: _Fields) -> Report:
    kind = top.word("kind", Kind)
    launch = top.table("launch")
    track = _Fields({}, "launch report.track") if "track" not in top else top.table("track")
    status = track.word("status", Track, Track.UNCLEAR if not kind.flies_an_arc else Track.FIRM)
    impact, impact_time = _impact(top.table("impact")) if "impact" in top else (None, None)
    report = Report(
        event=top.text("event"),
        number=int(top.optional("number") or 1),
        source=top.text("source"),
        kind=kind,
        track=status,
        place=launch.text("place"),
        time=launch.time("time"),
        flight=_flight(launch, track, kind, status) if kind.flies_an_arc else None,
        impact=impact,
        impact_time=impact_time,
        codes=_codes(top.table("area")) if not kind.flies_an_arc else (),
    )
    for table in (top, launch, track):
        table.done()
    return report


def _flight(launch: _Fields, track: _Fields, kind: Kind, status: Track) -> Flight:
    error = track.optional("azimuth_error_deg")
    least, greatest = _range(track, status)
    return Flight(
        latitude_deg=launch.number("latitude_deg"),
        longitude_deg=launch.number("longitude_deg"),
        azimuth_deg=track.number("azimuth_deg"),
        azimuth_error_deg=ERROR_DEG[status] if error is None else error,
        least_km=least,
        greatest_km=greatest,
        apogee_km=track.optional("apogee_km"),
        space=kind is Kind.SPACE,
    )


def _range(track: _Fields, status: Track) -> tuple[float, float]:
    """Least and greatest range: as measured with its error, else of its class, else of any."""
    middle = track.optional("range_km")
    if middle is not None:
        error = track.optional("range_error_km")
        error = middle * RANGE_ERROR[status] if error is None else error
        return max(middle - error, 1.0), middle + error
    name = track.text("range_class", "unknown")
    if name == "unknown":
        return RANGE_CLASSES_KM["short"][0], RANGE_CLASSES_KM["intercontinental"][1]
    if name not in RANGE_CLASSES_KM:
        raise _wrong(
            "launch report.track.range_class", f"{name!r} is not one of {', '.join(RANGE_CLASSES_KM)}, unknown"
        )
    return RANGE_CLASSES_KM[name]


def _impact(table: _Fields) -> tuple[Circle, datetime | None]:
    radius = table.optional("radius_km")
    found = Circle(
        latitude_deg=table.number("latitude_deg"),
        longitude_deg=table.number("longitude_deg"),
        radius_km=50.0 if radius is None else radius,
    )
    time = table.time("time") if "time" in table else None
    table.done()
    return found, time


def _codes(table: _Fields) -> tuple[tuple[str, str], ...]:
    found = table.get("codes")
    table.done()
    if not isinstance(found, list) or not found or not all(isinstance(one, str) and ":" in one for one in found):
        raise _wrong("launch report.area.codes", "is no list of scheme:code, as JISX0401:31 or AGS:09")
    return tuple((scheme, code) for scheme, _, code in (one.partition(":") for one in found))
