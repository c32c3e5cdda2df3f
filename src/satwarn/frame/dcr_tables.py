"""The message tables of the agency's reports (IS-QZSS-DCR-017, 4.1.2): what stands where, category by category."""

from collections.abc import Callable
from typing import Any

from satwarn.errors import DoesNotFit
from satwarn.frame import dcr
from satwarn.frame.field import Field, Layout, pack, unpack
from satwarn.frame.message import Message
from satwarn.frame.moments import ARRIVAL, arrival_bits, arrival_time, moment, report_time
from satwarn.frame.parts import Of, Part, code, fixed, several, spare, value
from satwarn.frame.report import Report

SPEC = "IS-QZSS-DCR-017"


def listed(name: str, bits: int, attr: str, table: str) -> Of:
    """A code of a list."""
    return code(name, bits, attr, clause=SPEC, table=table)


def _entry(name: str, bits: int, title: str, table: str = "") -> Field:
    return Field(name, bits, title, SPEC, table)


def areas(count: int, make: Callable[..., Any], *fields: tuple[Field, str]) -> Of:
    """Up to `count` entries, each a value with one attribute a field."""
    names = tuple(name for _, name in fields)
    return several(
        "areas",
        "areas",
        count,
        *(field for field, _ in fields),
        make=lambda *numbers: make(**dict(zip(names, numbers, strict=True))),
        take=lambda entry: tuple(getattr(entry, name) for name in names),
    )


def _arrivals(count: int, height: Field, region: Field) -> Of:
    """Coasts with the time of the wave, which hangs on the report time."""

    def make(reported: Any, day: int, hour: int, minute: int, height: int, region: int) -> dcr.TsunamiArrival:
        bits = day << 11 | hour << 6 | minute
        arrival = arrival_time(reported, bits)
        return dcr.TsunamiArrival(arrival=arrival, arrival_code=0 if arrival else bits, height=height, region=region)

    def take(reported: Any, entry: dcr.TsunamiArrival) -> tuple[int, ...]:
        bits = arrival_bits(reported, entry.arrival) if entry.arrival else entry.arrival_code
        return (*unpack(ARRIVAL, bits).values(), entry.height, entry.region)

    return several("areas", "areas", count, *ARRIVAL, height, region, make=make, take=take, context="reported")


def _notifications() -> Of:
    field = _entry("Co", 9, "notification on disaster prevention", "notification_on_disaster_prevention")
    return several("Co", "notifications", 3, field, make=int, take=lambda number: (number,))


def _mask(name: str, bits: int, attr: str, field_title: str, table: str) -> Of:
    """A set of numbers from 1, the first bit being number 1."""
    field = _entry(name, bits, field_title, table)

    def read(mask: int) -> tuple[int, ...]:
        return tuple(number for number in range(1, bits + 1) if mask >> bits - number & 1)

    def write(numbers: tuple[int, ...]) -> int:
        if wrong := [number for number in numbers if not 1 <= number <= bits]:
            raise DoesNotFit(f"{wrong[0]} is outside 1..{bits}", where=f"{name} {field_title} [{SPEC}]")
        return sum({1 << bits - number for number in numbers})

    return value(field, attr, read, write)


_DEPTH = value(
    _entry("De", 9, "depth, km"),
    "depth_km",
    lambda bits: bits if bits <= 500 else None,
    lambda km: km if km <= 500 else None,
    absent=511,
)
_MAGNITUDE = value(
    _entry("Ma", 7, "magnitude"),
    "magnitude",
    lambda bits: bits / 10 if 1 <= bits <= 100 else None,
    lambda magnitude: round(magnitude * 10) if 0.1 <= magnitude <= 10 else None,
    absent=127,
)


def _measure(name: str, bits: int, attr: str, title: str) -> Of:
    """A whole number in a unit; zero says that it is not known."""
    return value(_entry(name, bits, title), attr, lambda number: number or None, lambda number: number or None)


def _arc(name: str, half: str, degrees: int, title: str) -> Layout:
    return (
        Field(f"{name}{half}", 1, f"{title}: 1 is negative"),
        Field(f"{name}D", degrees, f"{title}: degrees"),
        Field(f"{name}M", 6, f"{title}: minutes"),
        Field(f"{name}S", 6, f"{title}: seconds"),
    )


_POSITION = (*_arc("Lat", "NS", 7, "latitude, north"), *_arc("Lon", "EW", 8, "longitude, east"))


def _degrees(numbers: tuple[int, ...], limit: int) -> float | None:
    negative, degrees, minutes, seconds = numbers
    arc = degrees * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or arc > limit * 3600 or (negative and not arc):
        return None
    return (-arc if negative else arc) / 3600


def _read_position(bits: int) -> dcr.Position | None:
    if not bits:
        return None  # no position given; the Gulf of Guinea at 0, 0 cannot be said
    numbers = tuple(unpack(_POSITION, bits).values())
    latitude, longitude = _degrees(numbers[:4], 90), _degrees(numbers[4:], 180)
    if latitude is None or longitude is None:
        return None
    return dcr.Position(latitude_deg=latitude, longitude_deg=longitude)


def _write_position(position: dcr.Position) -> int | None:
    numbers: list[int] = []
    for degrees, limit in ((position.latitude_deg, 90), (position.longitude_deg, 180)):
        if abs(degrees) > limit:
            return None
        arc = round(abs(degrees) * 3600)
        numbers += (int(degrees < 0 and arc > 0), arc // 3600, arc // 60 % 60, arc % 60)
    return pack(_POSITION, dict(zip((field.name for field in _POSITION), numbers, strict=True))) or None


def _position() -> Of:
    whole = value(Field("position", 41, "position"), "position", _read_position, _write_position)
    return Of("position", "position", _POSITION, whole.write, whole.read)


_OCCURRED = moment("Ot", "occurred", "occurrence")
_ACTIVITY = moment("Td", "activity", "activity")
_EPICENTRE = listed("Ep", 10, "epicentre", "epicentre")
_LOCAL_GOVERNMENT = _entry("Pl", 23, "local government", "local_government")


def _text() -> Of:
    field = _entry("Te", 144, "18 bytes of UTF-8 text")

    def write(text: bytes) -> int:
        if len(text) > 18:
            raise field.refuse(text)
        return int.from_bytes(text.ljust(18, b"\0"))

    return value(field, "text", lambda bits: bits.to_bytes(18), write)


def _report(category: int, report: type[Report], *parts: Part) -> Message:
    return Message(
        report,
        (
            listed("Rc", 3, "classification", "report_classification"),
            fixed("Dc", 4, category) if report is not dcr.UnknownCategory else code("Dc", 4, "category"),
            report_time(),
            listed("It", 2, "information_type", "information_type"),
            *parts,
            code("Vn", 6, "vn", "version"),
            spare("SP0", 2),
        ),
    )


CATEGORIES = {
    1: _report(
        1,
        dcr.EarthquakeEarlyWarning,
        spare("sp", 4),
        listed("LgL", 3, "long_period_lower", "long_period_ground_motion_lower_limit"),
        listed("LgU", 3, "long_period_upper", "long_period_ground_motion_upper_limit"),
        _notifications(),
        _OCCURRED,
        _DEPTH,
        _MAGNITUDE,
        _EPICENTRE,
        listed("Ll", 4, "intensity_lower", "seismic_intensity_lower_limit"),
        listed("Lu", 4, "intensity_upper", "seismic_intensity_upper_limit"),
        _mask("Pl", 80, "regions", "forecast regions", "eew_forecast_region"),
        spare("sp2", 4),
    ),
    2: _report(
        2,
        dcr.Hypocentre,
        spare("sp", 10),
        _notifications(),
        _OCCURRED,
        _DEPTH,
        _MAGNITUDE,
        _EPICENTRE,
        _position(),
        spare("sp2", 51),
    ),
    3: _report(
        3,
        dcr.SeismicIntensity,
        spare("sp", 10),
        _OCCURRED,
        areas(
            16,
            dcr.IntensityArea,
            (_entry("Es", 3, "seismic intensity", "seismic_intensity"), "intensity"),
            (_entry("Pl", 6, "prefecture", "intensity_prefecture"), "prefecture"),
        ),
        spare("sp2", 1),
    ),
    4: _report(
        4,
        dcr.NankaiTrough,
        spare("sp", 10),
        listed("Is", 4, "serial", "information_serial_code"),
        _text(),
        code("Pn", 6, "page", "page number", clause=SPEC),
        code("Pm", 6, "pages", "pages in all", clause=SPEC),
        spare("sp2", 1),
    ),
    5: _report(
        5,
        dcr.Tsunami,
        spare("sp", 10),
        _notifications(),
        listed("Dw", 4, "warning", "tsunami_warning_code"),
        _arrivals(
            5,
            _entry("Th", 4, "tsunami height", "tsunami_height"),
            _entry("Pl", 10, "tsunami forecast region", "tsunami_forecast_region"),
        ),
    ),
    6: _report(
        6,
        dcr.NorthwestPacificTsunami,
        spare("sp", 10),
        listed("Tp", 3, "potential", "tsunamigenic_potential"),
        _arrivals(
            5,
            _entry("Th", 9, "tsunami height", "northwest_pacific_tsunami_height"),
            _entry("Pl", 7, "coastal region", "coastal_region"),
        ),
        spare("sp2", 18),
    ),
    8: _report(
        8,
        dcr.Volcano,
        spare("sp", 7),
        listed("Du", 3, "ambiguity", "ambiguity_of_activity_time"),
        _ACTIVITY,
        listed("Dw", 7, "warning", "volcanic_warning_code"),
        listed("Vo", 12, "volcano", "volcano_name"),
        several("areas", "local_governments", 5, _LOCAL_GOVERNMENT, make=int, take=lambda number: (number,)),
        spare("sp2", 11),
    ),
    9: _report(
        9,
        dcr.AshFall,
        spare("sp", 10),
        _ACTIVITY,
        listed("Dw1", 2, "warning_type", "ash_fall_warning_type"),
        listed("Vo", 12, "volcano", "volcano_name"),
        areas(
            4,
            dcr.AshFallArea,
            (_entry("Ho", 3, "hours from the activity", "expected_ash_fall_time"), "hours"),
            (_entry("Dw2", 3, "ash fall warning", "ash_fall_warning_code"), "warning"),
            (_LOCAL_GOVERNMENT, "local_government"),
        ),
        spare("sp2", 15),
    ),
    10: _report(
        10,
        dcr.Weather,
        spare("sp", 10),
        listed("Ar", 3, "state", "weather_warning_state"),
        areas(
            6,
            dcr.WeatherArea,
            (_entry("Ww", 5, "weather warning", "weather_related_disaster_sub_category"), "warning"),
            (_entry("Pl", 19, "weather forecast region", "weather_forecast_region"), "region"),
        ),
        spare("sp2", 14),
    ),
    11: _report(
        11,
        dcr.Flood,
        spare("sp", 10),
        areas(
            3,
            dcr.FloodArea,
            (_entry("Lv", 4, "flood warning level", "flood_warning_level"), "level"),
            (_entry("Pl", 40, "flood forecast region", "flood_forecast_region"), "region"),
        ),
        spare("sp2", 29),
    ),
    12: _report(
        12,
        dcr.Typhoon,
        spare("sp", 10),
        moment("Rt", "reference", "reference time"),
        listed("Dt", 3, "reference_type", "typhoon_reference_time_type"),
        spare("sp1", 8),
        code("Du", 7, "hours_after", "hours after the analysis", clause=SPEC),
        code("Tn", 7, "number", "number of the typhoon", clause=SPEC),
        listed("Sr", 4, "scale", "typhoon_scale_category"),
        listed("Ic", 4, "intensity", "typhoon_intensity_category"),
        _position(),
        _measure("Pr", 11, "pressure_hpa", "central pressure, hPa"),
        _measure("W1", 7, "wind_m_s", "maximum wind, m/s"),
        _measure("W2", 7, "gust_m_s", "maximum gust, m/s"),
        spare("sp2", 46),
    ),
    14: _report(
        14,
        dcr.Marine,
        spare("sp", 10),
        areas(
            8,
            dcr.MarineArea,
            (_entry("Dw", 5, "marine warning", "marine_warning_code"), "warning"),
            (_entry("Pl", 14, "marine forecast region", "marine_forecast_region"), "region"),
        ),
        spare("sp2", 9),
    ),
}
UNKNOWN = _report(0, dcr.UnknownCategory, code("content", 171, "content", "unread"))
_BY_REPORT = {message.report: message for message in (*CATEGORIES.values(), UNKNOWN)}


def table_of_data(data: int) -> Message:
    """The table by which these 208 bits are read."""
    return CATEGORIES.get(data >> 201 & 0xF, UNKNOWN)


def table_of_report(report: Report) -> Message:
    """The table by which this report is written."""
    return _BY_REPORT[type(report)]
