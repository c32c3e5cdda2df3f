"""A form on a page, or a JSON of a program, becomes an alert: every draft starts empty, nothing is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from satwarn.alert.alert import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    ResponseType,
    Scope,
    Severity,
    Urgency,
)
from satwarn.alert.purpose import PARAMETER, Purpose, rules
from satwarn.alert.scalar import read_circle, read_polygon, write_circle, write_polygon
from satwarn.app.coding import with_frames
from satwarn.area import gazetteer, spelled
from satwarn.area.shape import Circle, Polygon
from satwarn.authority.hazard import hazard, hazard_of
from satwarn.errors import BadAlert

LANGUAGES = ("en", "de", "ja", "ko")
TEST = "system-test"
CATEGORY = {"missile": "Security", "air-attack": "Security", "nuclear-attack": "Security", TEST: "Safety"}
LONGEST_MIN = 7 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one language says."""

    headline: str = ""
    description: str = ""
    instruction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What an officer filled in. Codes are JIS X 0401 (two digits) or 0402 (five), others with their scheme
    (AGS:09162, ISO3166-1:DE); shapes as CAP writes them."""

    hazard: str = ""
    purpose: str = ""
    severity: str = ""
    urgency: str = "Immediate"
    certainty: str = "Likely"
    minutes: int = 0
    codes: tuple[str, ...] = ()
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    said: Mapping[str, Said] = field(default_factory=dict)


def _one_of(kind: type, value: str, where: str) -> str:
    if value not in set(kind):  # type: ignore[call-overload]  # an enum of strings
        options = ", ".join(kind)  # type: ignore[arg-type]  # an enum of strings
        raise BadAlert(f"{value!r} is none of them" if value else "is not chosen", where=where, fix=f"one of {options}")
    return value


def compose(form: Composed, *, sender: str, now: datetime, onset: datetime | None = None) -> Alert:
    """The alert a form describes; BadAlert or BadArea names the field that is missing or wrong.

    `onset` is since when, for a message that goes on with a warning; now without it.
    """
    purpose = Purpose(_one_of(Purpose, form.purpose, "purpose"))
    if not form.hazard:
        raise BadAlert("is not chosen", where="hazard")
    if purpose is Purpose.REAL and form.hazard == TEST:
        raise BadAlert("a test of the warning system is not real", where="purpose", fix="choose the danger, or a test")
    if not 0 < form.minutes <= LONGEST_MIN:
        raise BadAlert(f"lasts {form.minutes} minutes", where="minutes", fix=f"1 to {LONGEST_MIN}")
    since = onset or now.replace(second=0, microsecond=0)
    said = {tag: words for tag, words in form.said.items() if words.headline or words.description or words.instruction}
    if not said:
        raise BadAlert("says nothing in any language", where="headline")
    alert = Alert(
        identifier="draft",
        sender=sender,
        sent=now.replace(microsecond=0),
        status=rules()[purpose].status,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        note="" if purpose is Purpose.REAL else "Not real: " + purpose.value,
        infos=tuple(_info(form, tag, words, purpose, since, _until(form, now)) for tag, words in said.items()),
    )
    return with_frames(alert)


def _until(form: Composed, now: datetime) -> datetime:
    """When what is composed now ends."""
    return now.replace(microsecond=0) + timedelta(minutes=form.minutes)


def _info(form: Composed, tag: str, said: Said, purpose: Purpose, onset: datetime, expires: datetime) -> Info:
    danger = hazard(form.hazard)
    return Info(
        language=tag,
        categories=(Category(CATEGORY.get(danger.key, "Other")),),
        event=danger.names.get(tag, danger.names["en"]),
        response_types=(ResponseType.SHELTER,) if form.severity == Severity.EXTREME else (),
        urgency=Urgency(_one_of(Urgency, form.urgency, "urgency")),
        severity=Severity(_one_of(Severity, form.severity, "severity")),
        certainty=Certainty(_one_of(Certainty, form.certainty, "certainty")),
        event_codes=danger.event_codes(),
        onset=onset,
        expires=expires,
        headline=said.headline,
        description=said.description,
        instruction=said.instruction,
        parameters=(Named(value_name=PARAMETER, value=purpose),),
        areas=areas(form, tag),
    )


def areas(form: Composed, tag: str) -> tuple[Area, ...]:
    """The areas chosen: one a code, one for everything drawn. Empty when nothing was chosen."""
    drawn_polygons, drawn_circles = _polygons(form), _circles(form)
    coded = tuple(_coded(code, tag) for code in dict.fromkeys(form.codes))
    if not drawn_polygons and not drawn_circles:
        return coded
    names = {"ja": "地図で指定した区域", "de": "gezeichnetes Gebiet", "ko": "지도에 그린 구역"}
    drawn = Area(description=names.get(tag, "area drawn on the map"), polygons=drawn_polygons, circles=drawn_circles)
    return (*coded, drawn)


def _coded(code: str, tag: str) -> Area:
    place = spelled.place_of(code)
    return Area(
        description=place.name(tag, "en"),
        polygons=gazetteer.cover_of(place),
        geocodes=(Named(value_name=place.scheme, value=place.code),),
    )


def spelled_codes(alert: Alert) -> tuple[str, ...]:
    """Every code an alert names in a scheme the gazetteer knows, each once, as pages write it."""
    found = (spelled.spell(scheme, code) for scheme in spelled.LISTED for code in alert.geocodes(scheme))
    return tuple(dict.fromkeys(found))


def _polygons(form: Composed) -> tuple[Polygon, ...]:
    return tuple(_read(read_polygon(text), Polygon, "polygon", number) for number, text in enumerate(form.polygons))


def _circles(form: Composed) -> tuple[Circle, ...]:
    return tuple(_read(read_circle(text), Circle, "circle", number) for number, text in enumerate(form.circles))


S = Polygon | Circle


def _read(found: object, kind: type, where: str, number: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Polygon or Circle
    if isinstance(found, kind):
        return found
    raise BadAlert(getattr(found, "what", "cannot be read"), where=f"{where}[{number}]", fix=getattr(found, "fix", ""))


def form_of(alert: Alert) -> Composed:
    """What the form shows for an alert that is there already; areas as codes, shapes only where there is no code."""
    info = alert.infos[0] if alert.infos else None
    left = int((info.expires - alert.sent).total_seconds() // 60) if info and info.expires else 0
    bare = [area for area in (info.areas if info else ()) if not area.geocodes]
    return Composed(
        hazard=hazard_of(alert).key if info else "",
        purpose=next(iter(alert.parameters(PARAMETER)), ""),
        severity=info.severity if info else "",
        urgency=info.urgency if info else "Immediate",
        certainty=info.certainty if info else "Likely",
        minutes=max(left, 0),
        codes=spelled_codes(alert),
        polygons=tuple(write_polygon(polygon) for area in bare for polygon in area.polygons),
        circles=tuple(write_circle(circle) for area in bare for circle in area.circles),
        said={
            one.language.partition("-")[0]: Said(
                headline=one.headline, description=one.description, instruction=one.instruction
            )
            for one in reversed(alert.infos)  # of several in one language the first counts
        },
    )


def template_of(form: Composed, *, sender: str, now: datetime) -> Alert:
    """The form as a template: whatever it says of places is left out, and so are its frames."""
    filled = compose(replace(form, minutes=form.minutes or 60), sender=sender, now=now)
    return replace(
        filled, infos=tuple(replace(info, areas=(), parameters=info.parameters[:1]) for info in filled.infos)
    )
