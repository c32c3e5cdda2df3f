"""The draft alerts of a launch proposal: what is said at each turn, in each language, for which areas."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from satwarn.alert.alert import Alert, Area, Category, Certainty, Info, MsgType, Named, Reference, Scope
from satwarn.alert.purpose import PARAMETER, Purpose, rules
from satwarn.area.atlas import Atlas
from satwarn.area.gazetteer import cover_of
from satwarn.area.outline import simplify
from satwarn.area.search import in_language
from satwarn.area.shape import Polygon
from satwarn.authority.launch import CERTAIN, ESTIMATE, NEIGHBOUR, POSSIBLE, Proposal, Stage, Unit
from satwarn.authority.launch_report import Track
from satwarn.errors import BadAlert
from satwarn.frame.compose_hazard import OWN

_HOLD = timedelta(hours=1)  # a warning outlives its window by this, as unknown, unless somebody ends it
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
        "place": in_language(proposal.report.place, language),
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
