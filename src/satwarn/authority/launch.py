"""From a launch report to a proposal: which units, when, and draft alerts for every turn it may take (class B).

A civil-protection estimate: it proposes, two people decide. People are told to take cover now; a time is never a
countdown, and when the window is over the status is unknown until somebody says otherwise.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol

from satwarn.alert.alert import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Urgency,
)
from satwarn.alert.purpose import PARAMETER, Purpose, rules
from satwarn.area.atlas import Atlas
from satwarn.area.corridor import Corridor, Window, corridor, distances_km, gap_km, window
from satwarn.area.flat import Geometry, flat
from satwarn.area.gazetteer import cover_of, neighbours
from satwarn.area.layer import Layer, ShapeLayer
from satwarn.area.outline import simplify
from satwarn.area.shape import Polygon
from satwarn.authority.launch_report import Kind, Report, Track
from satwarn.errors import BadAlert
from satwarn.frame.compose_hazard import OWN

ESTIMATE = "civil-protection estimate"
CERTAIN, POSSIBLE, NEIGHBOUR = "certain", "possible", "neighbour"
_LEVELS = (("JISX0401", "prefecture"), ("AGS", "Land"), ("KR-SIDO", "province"))
_HOLD = timedelta(hours=1)  # a warning outlives its window by this, as unknown, unless somebody ends it
_REVIEW = {Track.FIRM: timedelta(0), Track.UNCLEAR: timedelta(0), Track.LOST: timedelta(minutes=-5)}
_AREA_REVIEW = timedelta(hours=1)
_SPEAK = {"ja": "ja", "en": "en-US", "de": "de-DE", "ko": "ko-KR"}


class Words(Protocol):
    """What is said of a stage in one language; descriptions may name {place}, {areas}, {earliest}, {latest}, {zone}."""

    @property
    def event(self) -> str: ...
    @property
    def headline(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def instruction(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit to warn: its ring (certain, possible, neighbour), whether it may be hit, and when, if that can be told."""

    scheme: str
    code: str
    ring: str
    may_fall: bool = False
    near_km: float | None = None
    earliest: datetime | None = None
    expected: datetime | None = None
    latest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One turn of events: the sentence said, CAP's terms, and the frame's hazard and instruction (CAMF A4, A11)."""

    name: str
    sentence: str
    msg_type: MsgType
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    response: ResponseType
    hazard: int
    instruction: int | None
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a report leads to. Times are UTC; `review` is when the status becomes unknown and somebody must look."""

    report: Report
    corridor: Corridor | None
    units: tuple[Unit, ...]
    opens: datetime
    closes: datetime | None
    review: datetime
    notes: tuple[str, ...] = ()
    approval: str = "B"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The turns it may take, the first one to be sent at once."""
        arcs = self.report.kind.flies_an_arc
        return tuple(one for one in stages().values() if one.name.startswith("area-") is not arcs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Codes (scheme, code) that a newer report adds, keeps and drops. Dropping is narrowing and takes two people."""

    added: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]
    dropped: tuple[tuple[str, str], ...]

    @property
    def people(self) -> int:
        """How many must approve: widening one, narrowing two."""
        return 2 if self.dropped else 1


@cache
def stages() -> Mapping[str, Stage]:
    """The stages, by name, from `launch_stages.csv`."""
    text = (files("satwarn.authority") / "launch_stages.csv").read_text(encoding="utf-8")
    found = {
        row["stage"]: Stage(
            name=row["stage"],
            sentence=row["sentence"],
            msg_type=MsgType(row["msg_type"]),
            urgency=Urgency(row["urgency"]),
            severity=Severity(row["severity"]),
            certainty=Certainty(row["certainty"]),
            response=ResponseType(row["response"]),
            hazard=int(row["hazard"]),
            instruction=int(row["instruction"]) if row["instruction"] else None,
            what=row["what"],
        )
        for row in csv.DictReader(text.splitlines())
    }
    return MappingProxyType(found)


def propose(report: Report, atlas: Atlas) -> Proposal:
    """The units under a launch in two rings and their neighbours, with times; for what flies no arc, its own area."""
    if report.flight is None:
        return _area_alarm(report)
    found = corridor(report.flight, impact=report.impact)
    units = [unit for layer in _layers(atlas) for unit in _touched(layer, found, report)]
    units += _neighbours(units) if report.kind is Kind.BALLISTIC else []
    start, end = report.time, window(report.flight, report.flight.greatest_km, report.flight.greatest_km).latest_s
    closes = max([unit.latest for unit in units if unit.latest], default=start + timedelta(seconds=end))
    if report.impact_time is not None:
        closes = max(closes, report.impact_time + timedelta(minutes=3))
    return Proposal(
        report=report,
        corridor=found,
        units=tuple(units),
        opens=min([unit.earliest for unit in units if unit.earliest], default=start),
        closes=closes,
        review=max(closes + _REVIEW[report.track], start),
        notes=tuple(_notes(report, found, units)),
    )


def _area_alarm(report: Report) -> Proposal:
    """An alarm for an area until it is ended: no arc, no window, looked at again every hour."""
    return Proposal(
        report=report,
        corridor=None,
        units=tuple(Unit(scheme=scheme, code=code, ring=CERTAIN) for scheme, code in report.codes),
        opens=report.time,
        closes=None,
        review=report.time + _AREA_REVIEW,
        notes=("area alarm until ended: this flies no arc, so no times are computed",),
    )


def _layers(atlas: Atlas) -> Iterator[ShapeLayer]:
    """Prefectures, Laender (Kreise where an operator imported their shapes) and sido."""
    for scheme, level in _LEVELS:
        layer: Layer | None = atlas.layer(scheme, "Kreis") if scheme == "AGS" else None
        layer = layer or atlas.layer(scheme, level)
        if isinstance(layer, ShapeLayer):
            yield layer


def _touched(layer: ShapeLayer, found: Corridor, report: Report) -> Iterator[Unit]:
    swath, path, impact = (flat(shape) for shape in (found.swath, found.path, found.impact))
    hit = set(layer.codes_in(impact))
    under = set(layer.codes_in(path)) | (hit if found.given_impact else set())
    for code in dict.fromkeys((*layer.codes_in(swath), *sorted(hit))):
        certain = code in under and report.track is Track.FIRM and layer.level != "Land"
        unit = Unit(scheme=layer.scheme, code=code, ring=CERTAIN if certain else POSSIBLE, may_fall=code in hit)
        yield _timed(unit, layer.ground(layer.codes.index(code)), swath, found, report)


def _timed(unit: Unit, ground: Geometry, swath: Geometry, found: Corridor, report: Report) -> Unit:
    """The unit with its window; what may be hit stays in danger until the whole flight is over."""
    flight, part = found.flight, ground.intersection(swath)
    near, far = distances_km(flight.start, ground if part.is_empty else part)
    when: Window = window(flight, near, flight.greatest_km if unit.may_fall else far)

    def at(seconds: float) -> datetime:
        return (report.time + timedelta(seconds=seconds)).astimezone(UTC).replace(microsecond=0)

    latest = at(when.latest_s)
    if unit.may_fall and found.given_impact and report.impact_time is not None:
        latest = max(latest, report.impact_time + timedelta(minutes=3))
    return replace(
        unit, near_km=round(near, 1), earliest=at(when.earliest_s), expected=at(when.expected_s), latest=latest
    )


def _neighbours(units: list[Unit]) -> list[Unit]:
    """The units next to those warned (Japan's rule since August 2023), with the window of the one they are next to."""
    warned, found = {(unit.scheme, unit.code) for unit in units}, dict[tuple[str, str], Unit]()
    for unit in units:
        if unit.scheme == "AGS" and len(unit.code) > 2:
            continue  # the table of neighbours ends at the Land
        for code in neighbours(unit.code, unit.scheme):
            key = (unit.scheme, code)
            if key not in warned:
                found.setdefault(key, replace(unit, code=code, ring=NEIGHBOUR, may_fall=False, near_km=None))
    return list(found.values())


def _notes(report: Report, found: Corridor, units: list[Unit]) -> Iterator[str]:
    if found.given_impact:
        gap = gap_km(found)
        yield (
            "the source's impact is used; our own computation agrees"
            if gap == 0
            else f"the source's impact is used; it lies {gap:.0f} km outside of where our own computation puts it"
        )
    if report.flight is not None and report.flight.apogee_km is None:
        yield "no apogee was told: the arc of least energy is assumed; a lofted flight takes much longer"
    if report.track is not Track.FIRM:
        yield f"the track is {report.track.value}: every unit is only possible"
    if any(unit.scheme == "AGS" and len(unit.code) == 2 for unit in units):
        yield "no shapes of Kreise are imported: all of each Land that is touched is warned as possible"
    if not units:
        yield "no unit of the gazetteers lies below"


def difference(before: Proposal, after: Proposal) -> Change:
    """What a newer report changes. Raises BadAlert for reports about different events."""
    if before.report.event != after.report.event:
        raise BadAlert(
            f"these are two events: {before.report.event!r} and {after.report.event!r}", fix="reports about one event"
        )
    old, new = ({(unit.scheme, unit.code): None for unit in one.units} for one in (before, after))
    return Change(
        added=tuple(code for code in new if code not in old),
        kept=tuple(code for code in new if code in old),
        dropped=tuple(code for code in old if code not in new),
    )


def draft(
    proposal: Proposal, stage: Stage, words: Mapping[str, Words], atlas: Atlas, *, sender: str, purpose: Purpose
) -> Alert:
    """The draft alert of a stage, one info a language (ja, en, de, ko). Raises BadAlert where nobody is warned."""
    if not proposal.units:
        raise BadAlert("no unit of the gazetteers lies below: there is nobody to warn", fix="codes given by hand")
    sent = proposal.report.time.replace(microsecond=0)
    first = Reference(sender=sender, identifier="draft", sent=sent)
    later = stage.msg_type is not MsgType.ALERT
    return Alert(
        identifier=f"draft-{stage.name}" if later else "draft",
        sender=sender,
        sent=sent,
        status=rules()[purpose].status,
        msg_type=stage.msg_type,
        scope=Scope.PUBLIC,
        note=f"{ESTIMATE}, proposed from report {proposal.report.number} of {proposal.report.source}",
        references=(first,) if later else (),
        incidents=(proposal.report.event.replace(" ", "-"),),
        infos=tuple(_info(proposal, stage, language, said, atlas, purpose) for language, said in words.items()),
    )


def zone_of(proposal: Proposal) -> tuple[timedelta, str]:
    """The clock of the people warned: offset from UTC and its name. Germany's summer time by the rule of the EU."""
    if not all(unit.scheme in ("AGS", "NUTS3") for unit in proposal.units) or not proposal.units:
        return timedelta(hours=9), "JST/KST"
    at = proposal.report.time.astimezone(UTC)
    summer = _last_sunday(at.year, 3) <= at < _last_sunday(at.year, 10)
    return (timedelta(hours=2), "MESZ") if summer else (timedelta(hours=1), "MEZ")


def _last_sunday(year: int, month: int) -> datetime:
    end = datetime(year, month, 31, 1, tzinfo=UTC)
    return end - timedelta(days=(end.weekday() + 1) % 7)


def clock(proposal: Proposal, at: datetime | None) -> str:
    """A time on that clock, to the minute."""
    return (at.astimezone(UTC) + zone_of(proposal)[0]).strftime("%H:%M") if at else ""


def _info(proposal: Proposal, stage: Stage, language: str, said: Words, atlas: Atlas, purpose: Purpose) -> Info:
    areas = tuple(_areas(proposal, language, atlas))
    told = {
        "place": proposal.report.place,
        "areas": _comma(language).join(area.description for area in areas),
        "earliest": clock(proposal, proposal.opens),
        "latest": clock(proposal, proposal.closes),
        "zone": zone_of(proposal)[1],
    }
    end = proposal.closes or proposal.review
    return Info(
        language=_SPEAK.get(language, language),
        categories=(Category.SECURITY,),
        event=said.event,
        event_codes=(Named(value_name=OWN, value=str(stage.hazard)),),
        urgency=stage.urgency,
        severity=stage.severity,
        certainty=Certainty.POSSIBLE if proposal.report.track is Track.LOST else stage.certainty,
        response_types=(stage.response,),
        onset=proposal.opens.replace(microsecond=0),
        expires=(end + _HOLD).replace(microsecond=0),
        headline=said.headline,
        description=said.description.format(**told),
        instruction=said.instruction,
        parameters=(
            Named(value_name=PARAMETER, value=purpose.value),
            Named(value_name="satwarn:stage", value=stage.name),
            Named(value_name="satwarn:status-unknown-from", value=proposal.review.isoformat(timespec="seconds")),
        ),
        areas=areas,
    )


def _comma(language: str) -> str:
    return "、" if language == "ja" else ", "


def _areas(proposal: Proposal, language: str, atlas: Atlas) -> Iterator[Area]:
    """One area for each ring and scheme: its codes, and the outlines around them that cut nobody off."""
    for ring in (CERTAIN, POSSIBLE, NEIGHBOUR):
        for scheme in dict.fromkeys(unit.scheme for unit in proposal.units):
            units = [unit for unit in proposal.units if (unit.ring, unit.scheme) == (ring, scheme)]
            if units:
                yield _area(units, language, atlas)


def _area(units: list[Unit], language: str, atlas: Atlas) -> Area:
    return Area(
        description=_comma(language).join(atlas.named(unit.scheme, unit.code).name(language) for unit in units),
        polygons=tuple(one for unit in units for one in _outline(unit, atlas)),
        geocodes=tuple(Named(value_name=unit.scheme, value=unit.code) for unit in units),
    )


def _outline(unit: Unit, atlas: Atlas) -> tuple[Polygon, ...]:
    place = atlas.named(unit.scheme, unit.code)
    if found := cover_of(place):
        return found
    return simplify(atlas.outline_of(unit.scheme, unit.code), 24) if unit.ring != NEIGHBOUR else ()
