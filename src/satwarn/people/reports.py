"""What a frame says, in plain words: a report and a language go in, lines come out.

The first line says what it is; each further line is a label and a value. Names of places and classes come from the code
lists (`satwarn.frame.codes`), everything else from the language's own file. A code nobody knows is shown as a number.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from satwarn.frame import dcr, dcx
from satwarn.frame.camf import Ellipse
from satwarn.frame.codes import index, table
from satwarn.frame.moments import ARRIVED, NO_DATA
from satwarn.frame.report import Other, Report
from satwarn.frame.settings import HazardCentre, Quantities, SecondEllipse
from satwarn.people.language import language

NATIVE = {"ja": "ja"}
"""Languages for which the code lists have names of their own; the others take the English ones."""


@cache
def guidance_keys() -> Mapping[str, Mapping[int, str]]:
    """Which sentence belongs to which code, by list: A, B and C of CAMF, and Japan's own."""
    found: dict[str, dict[int, str]] = {}
    for row in csv.DictReader((files("satwarn.people") / "tables" / "guidance.csv").read_text("utf-8").splitlines()):
        found.setdefault(row["list"], {})[int(row["code"])] = row["key"]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One language's words for reports; there is one value a language, so it is known by identity."""

    tag: str
    words: Mapping[str, Any]

    def label(self, key: str) -> str:
        """The label of a line."""
        return self.words["report"]["label"][key]  # type: ignore[no-any-return]  # checked by the completeness test

    def unknown(self, code: int | str) -> str:
        """How a code without a meaning is shown."""
        return self.label("unknown").format(code=code)

    def of(self, group: Mapping[str, str], code: int) -> str:
        """The word for a code in one of the language's own groups."""
        return group.get(str(code)) or self.unknown(code)

    def listed(self, name: str, code: int | str) -> str:
        """The name of a code in a code list."""
        return _listed(self, name, code)

    def all_listed(self, name: str, codes: tuple[int | str, ...]) -> str:
        """Several of them."""
        return _all_listed(self, name, codes)


@lru_cache(1 << 14)
def _listed(known: Words, name: str, code: int | str) -> str:
    entry = index(name).get(str(code))
    if entry is None:
        return known.unknown(code)
    return (entry.ja if NATIVE.get(known.tag) == "ja" and entry.ja else entry.en) or known.unknown(code)


@lru_cache(1 << 12)
def _all_listed(known: Words, name: str, codes: tuple[int | str, ...]) -> str:
    return ", ".join(_listed(known, name, code) for code in codes)


@cache
def words(tag: str) -> Words:
    """The words of a language."""
    return Words(tag, language(tag).words)


def describe(report: Report, tag: str = "en") -> list[str]:
    """The report in plain words, line by line; the first line names it."""
    known = words(tag)
    lines = [_heading(known, report)]
    for write in _LINES[type(report)]:
        line = write(known, report)
        if line:
            lines.append(line)
    if known.words["report"]["draft"]["note"]:
        lines.append(known.words["report"]["draft"]["note"])
    return lines


# ── the pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────

Write = Callable[[Words, Any], str]


def _heading(known: Words, report: Report) -> str:
    if isinstance(report, dcx.Extended):
        return _extended_heading(known, report.kind, int(report.message), report.hazard, report.severity)
    if isinstance(report, dcr.DcReport):
        return _report_heading(known, report.kind, report.classification, report.information_type)
    return f"{known.words['report']['kind'][report.kind]} ({report.message_type})"


@lru_cache(1 << 12)
def _extended_heading(known: Words, kind: str, message: int, hazard: int, severity: int) -> str:
    groups = known.words["report"]
    named, grave = known.of(known.words["hazard"], hazard), known.words["severity"][str(severity)]
    return f"{groups['kind'][kind]} · {groups['message'][str(message)]} · {named} · {grave}"


@lru_cache(1 << 12)
def _report_heading(known: Words, kind: str, classification: int, information: int) -> str:
    groups = known.words["report"]
    named = known.of(groups["classification"], classification)
    return f"{groups['kind'][kind]} · {named} · {known.of(groups['information'], information)}"


def _line(key: str, value: Callable[[Words, Any], str]) -> Write:
    def write(known: Words, report: Any) -> str:
        said = value(known, report)
        return f"{known.label(key)}: {said}" if said else ""

    return write


def _time(key: str, attr: str) -> Write:
    return _line(key, lambda _, report: moment(getattr(report, attr)))


@lru_cache(1 << 12)
def moment(at: datetime | None) -> str:
    """A time as shown to people: UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def _named(key: str, attr: str, name: str) -> Write:
    return _line(key, lambda known, report: known.listed(name, getattr(report, attr)))


def _number(key: str, attr: str, unit: str) -> Write:
    def value(_: Words, report: Any) -> str:
        number = getattr(report, attr)
        return f"{number}{unit}" if number is not None else ""

    return _line(key, value)


@lru_cache(4096)
def place(latitude_deg: float, longitude_deg: float) -> str:
    """A position in degrees with its hemisphere."""
    north, east = "NS"[latitude_deg < 0], "EW"[longitude_deg < 0]
    return f"{abs(latitude_deg):.4f}° {north}, {abs(longitude_deg):.4f}° {east}"


@lru_cache(4096)
def ellipse(area: Ellipse) -> str:
    """An ellipse: centre, semi-axes, azimuth."""
    axes = f"{area.semi_major_km:.4g} × {area.semi_minor_km:.4g} km, {area.azimuth_deg:.1f}°"
    return f"{place(area.latitude_deg, area.longitude_deg)}, {axes}"


def _position(key: str) -> Write:
    def value(_: Words, report: Any) -> str:
        return place(report.position.latitude_deg, report.position.longitude_deg) if report.position else ""

    return _line(key, value)


@lru_cache(4096)
def _guidance(known: Words, country: int, library_type: int, instruction: int) -> str:
    sentences = known.words["guidance"]
    if library_type == 0:
        lists = (("A", instruction >> 5), ("B", instruction & 0x1F))
        keys = [guidance_keys()[name].get(code) for name, code in lists]
        said = (sentences[key] if key else known.unknown(code) for key, (_, code) in zip(keys, lists, strict=True))
        return " ".join(filter(None, said))
    if country != dcx.JAPAN:
        return known.unknown(instruction) if instruction else ""
    return instruction_japan(known, instruction)


def instruction_japan(known: Words, code: int) -> str:
    """What a code of Japan's library (A11) tells people to do."""
    if key := guidance_keys()["japan"].get(code):
        return str(known.words["guidance"][key])
    return _act_at(known, code >> 8, code & 0xFF) or known.unknown(code)


def _act_at(known: Words, act: int, where: int) -> str:
    places = known.words["guidance_place"]
    verb = ("", "stay", "move", "keep_away")[act]
    if not verb or (where and str(where) not in places):
        return ""
    to = {"stay": "stay_at", "move": "move_to", "keep_away": "keep_away_from"}[verb]
    return str(places[to]).format(place=places[str(where)]) if where else str(places[verb])


def guidance(known: Words, report: dcx.Extended) -> str:
    """What the message tells people to do, in our words (A9 to A11)."""
    return _guidance(known, report.country, report.library_type, report.instruction)


def _provider(known: Words, report: dcx.Extended) -> str:
    return _provider_name(known, report.country, report.provider)


@lru_cache(1 << 12)
def _provider_name(known: Words, country: int, provider: int) -> str:
    return providers().get((country, provider)) or (known.unknown(provider) if provider else "")


@cache
def providers() -> Mapping[tuple[int, int], str]:
    """Names of providers by country and code."""
    return {(int(row.more["country"]), int(row.code)): row.en for row in table("provider") if row.code != "0"}


@cache
def _quantity_names() -> Mapping[tuple[str, int], str]:
    return {(row.more["field"], int(row.code)): f"{row.more['quantity']}: {row.en}" for row in table("quantity")}


def _setting(known: Words, report: dcx.Extended) -> str:
    match report.setting:
        case Quantities(codes=codes):
            return "; ".join(_quantity_names().get(pair) or f"{pair[0]} {known.unknown(pair[1])}" for pair in codes)
        case HazardCentre(north_deg=north, east_deg=east) if report.ellipse:
            return place(report.ellipse.latitude_deg + north, report.ellipse.longitude_deg + east)
        case SecondEllipse(shift=shift, factor=factor, bearing_deg=bearing, instruction=code):
            key = guidance_keys()["C"].get(code)
            said = known.words["guidance"][key] if key else known.unknown(code)
            return f"× {factor}, + {shift}, {bearing}° {said}".rstrip()
    return ""


def _j_alert_area(known: Words, report: dcx.JAlert) -> str:
    if report.municipalities:
        return known.all_listed("municipality", report.municipalities)
    return known.all_listed("prefecture", report.prefectures)


def _second(known: Words, report: Any) -> str:
    if not report.second_area:
        return ""
    return f"{known.label('second_area_go' if report.head_to else 'second_area_leave')}: {ellipse(report.second_area)}"


@lru_cache(4096)
def _notes(known: Words, codes: tuple[int, ...]) -> str:
    return " ".join(known.of(known.words["notification"], code) for code in codes)


@lru_cache(4096)
def _arrivals(known: Words, areas: tuple[dcr.TsunamiArrival, ...], height: str, region: str) -> str:
    said = []
    for area in areas:
        special = {ARRIVED: known.label("arrived"), NO_DATA: known.label("no_data")}
        when = moment(area.arrival) or special.get(area.arrival_code) or known.unknown(area.arrival_code)
        named = f"{known.listed(region, area.region)}, {known.listed(height, area.height)}"
        said.append(f"{named}, {known.label('arrival')} {when}")
    return "; ".join(said)


def _listed_areas(*columns: tuple[str, str]) -> Write:
    """One entry an area, its attributes named from their code lists."""

    @lru_cache(4096)
    def said(known: Words, areas: tuple[Any, ...]) -> str:
        return "; ".join(", ".join(known.listed(name, getattr(area, attr)) for attr, name in columns) for area in areas)

    return _line("area", lambda known, report: said(known, report.areas))


def _assumed(write: Write) -> Write:
    """Depth and magnitude of an assumed hypocentre are placeholders and not shown."""
    return lambda known, report: "" if getattr(report, "assumed", False) else write(known, report)


def _nankai_text(_: Words, report: dcr.NankaiTrough) -> str:
    return report.text.rstrip(b"\0").decode("utf-8", "replace")


def _intensity(known: Words, report: dcr.EarthquakeEarlyWarning) -> str:
    lower = known.listed("seismic_intensity_lower_limit", report.intensity_lower)
    return f"{lower} – {known.listed('seismic_intensity_upper_limit', report.intensity_upper)}"


_EXTENDED: tuple[Write, ...] = (
    _time("onset", "onset"),
    _line("duration", lambda known, r: known.words["duration"][str(r.duration)] if r.duration else ""),
    _line("country", lambda known, r: known.listed("country", r.country) if r.country != dcx.JAPAN else ""),
    _line("provider", _provider),
    _line("area", lambda _, r: ellipse(r.area) if r.area else ""),
    _line("measure", _setting),
)
_LAST: tuple[Write, ...] = (_line("guidance", guidance),)
_LOCAL: tuple[Write, ...] = (
    *_EXTENDED,
    _line("area", lambda known, r: known.listed("municipality", r.municipality) if r.municipality else ""),
    _second,
    *_LAST,
)
_REPORTED: tuple[Write, ...] = (_time("reported", "reported"),)
_NOTES: tuple[Write, ...] = (_line("notes", lambda known, r: _notes(known, r.notifications)),)
_QUAKE: tuple[Write, ...] = (
    *_REPORTED,
    _time("occurred", "occurred"),
    _named("epicentre", "epicentre", "epicentre"),
    _assumed(_number("depth", "depth_km", " km")),
    _assumed(_number("magnitude", "magnitude", "")),
)

_LINES: dict[type[Report], tuple[Write, ...]] = {
    dcx.JAlert: (*_EXTENDED, _line("area", _j_alert_area), *_LAST),
    dcx.LAlert: _LOCAL,
    dcx.LocalGovernment: _LOCAL,
    dcx.OutsideJapan: (*_EXTENDED, *_LAST),
    dcx.UnknownProvider: (*_EXTENDED, *_LAST),
    dcx.NullMessage: (),
    Other: (),
    dcr.EarthquakeEarlyWarning: (
        *_QUAKE,
        _line("intensity", _intensity),
        _line("area", lambda known, r: known.all_listed("eew_forecast_region", r.regions)),
        *_NOTES,
    ),
    dcr.Hypocentre: (*_QUAKE, _position("centre"), *_NOTES),
    dcr.SeismicIntensity: (
        *_REPORTED,
        _time("occurred", "occurred"),
        _listed_areas(("prefecture", "intensity_prefecture"), ("intensity", "seismic_intensity")),
    ),
    dcr.NankaiTrough: (
        *_REPORTED,
        _line("page", lambda _, r: f"{r.page}/{r.pages}"),
        _line("text", _nankai_text),
    ),
    dcr.Tsunami: (
        *_REPORTED,
        _named("warning", "warning", "tsunami_warning_code"),
        _line("area", lambda known, r: _arrivals(known, r.areas, "tsunami_height", "tsunami_forecast_region")),
        *_NOTES,
    ),
    dcr.NorthwestPacificTsunami: (
        *_REPORTED,
        _named("warning", "potential", "tsunamigenic_potential"),
        _line("area", lambda known, r: _arrivals(known, r.areas, "northwest_pacific_tsunami_height", "coastal_region")),
    ),
    dcr.Volcano: (
        *_REPORTED,
        _named("volcano", "volcano", "volcano_name"),
        _named("warning", "warning", "volcanic_warning_code"),
        _line("activity", lambda _, r: _volcano_time(r)),
        _line("area", lambda known, r: known.all_listed("local_government", r.local_governments)),
    ),
    dcr.AshFall: (
        *_REPORTED,
        _named("volcano", "volcano", "volcano_name"),
        _named("warning", "warning_type", "ash_fall_warning_type"),
        _time("activity", "activity"),
        _listed_areas(
            ("local_government", "local_government"),
            ("hours", "expected_ash_fall_time"),
            ("warning", "ash_fall_warning_code"),
        ),
    ),
    dcr.Weather: (
        *_REPORTED,
        _named("state", "state", "weather_warning_state"),
        _listed_areas(("region", "weather_forecast_region"), ("warning", "weather_related_disaster_sub_category")),
    ),
    dcr.Flood: (*_REPORTED, _listed_areas(("region", "flood_forecast_region"), ("level", "flood_warning_level"))),
    dcr.Typhoon: (
        *_REPORTED,
        _number("number", "number", ""),
        _time("reference", "reference"),
        _named("state", "reference_type", "typhoon_reference_time_type"),
        _position("centre"),
        _line("intensity", lambda known, r: _typhoon_class(known, r.scale, r.intensity)),
        _number("pressure", "pressure_hpa", " hPa"),
        _number("wind", "wind_m_s", " m/s"),
        _number("gusts", "gust_m_s", " m/s"),
    ),
    dcr.Marine: (*_REPORTED, _listed_areas(("region", "marine_forecast_region"), ("warning", "marine_warning_code"))),
    dcr.UnknownCategory: (*_REPORTED,),
}


def _volcano_time(report: dcr.Volcano) -> str:
    """As much of the time as counts: from code 4 on no minute, from 5 on no hour, from 6 on nothing."""
    said = moment(report.activity)
    if not said or report.ambiguity >= 6:
        return ""
    return {4: f"{said[:13]} h UTC", 5: said[:10]}.get(report.ambiguity, said)


def _typhoon_class(known: Words, scale: int, intensity: int) -> str:
    names = []
    if scale:
        names.append(known.listed("typhoon_scale_category", scale))
    if intensity:
        names.append(known.listed("typhoon_intensity_category", intensity))
    return ", ".join(names)
