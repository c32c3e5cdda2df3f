"""A report as a JSON object, and back: the same names as the attributes, one object a frame.

Times are ISO 8601 in UTC, bytes are hexadecimal, a setting (A18) is an object with its kind. Whatever is needed to make
the identical frame is in the object, so `from_json(to_json(frame))` gives the frame again. The form is published as a
JSON Schema (`schema`), made from the report classes themselves.
"""

from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import cache
from itertools import repeat
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from satwarn.errors import BadFrame, BadMessage
from satwarn.frame import dcr, dcx, l1s
from satwarn.frame.codec import decode, encode
from satwarn.frame.heard import Heard
from satwarn.frame.report import Other, Report
from satwarn.frame.settings import HazardCentre, Quantities, Refinement, SecondEllipse

Json = dict[str, Any]

REPORTS: tuple[type[Report], ...] = (
    dcx.JAlert,
    dcx.LAlert,
    dcx.LocalGovernment,
    dcx.OutsideJapan,
    dcx.UnknownProvider,
    dcx.NullMessage,
    dcr.EarthquakeEarlyWarning,
    dcr.Hypocentre,
    dcr.SeismicIntensity,
    dcr.NankaiTrough,
    dcr.Tsunami,
    dcr.NorthwestPacificTsunami,
    dcr.Volcano,
    dcr.AshFall,
    dcr.Weather,
    dcr.Flood,
    dcr.Typhoon,
    dcr.Marine,
    dcr.UnknownCategory,
)
"""Every kind of report that is read (all others are `Other`)."""

_BY_KIND = {report.kind: report for report in REPORTS}
_SETTINGS = {
    "refinement": Refinement,
    "hazard_centre": HazardCentre,
    "second_ellipse": SecondEllipse,
    "quantities": Quantities,
}
_SETTING_KIND = {report: kind for kind, report in _SETTINGS.items()}


@cache
def _attributes(of: type) -> dict[str, Any]:
    """The attributes of a report or of a value in it, with their types, the report's own first."""
    hints = get_type_hints(of)
    names = [field.name for field in fields(of)]
    last = [name for name in ("received", "codes") if name in names]
    return {name: hints[name] for name in (*(name for name in names if name not in last), *last)}


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | float):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.hex()
    of: type = type(value)
    kind = {"kind": _SETTING_KIND[of]} if of in _SETTING_KIND else {}
    return {**kind, **{name: _plain(getattr(value, name)) for name in _attributes(of)}}


def report_json(report: Report) -> Json:
    """A report without its frame: message type, kind, then its attributes."""
    if isinstance(report, Other):
        return {"message_type": report.message_type, "hex": l1s.hexadecimal(report.frame)}
    written = {name: _plain(getattr(report, name)) for name in _attributes(type(report))}
    written["codes"] = dict(report.codes)
    return {"message_type": report.message_type, "kind": report.kind, **written}


def to_json(frame: bytes, *, received: datetime | None = None) -> Json:
    """A sound frame as a JSON object; BadFrame as from `decode`.

    Types 43 and 44: `message_type`, `kind`, `preamble` (two hexadecimal digits), `counter`, `satellite` (PRN, if a
    container told it), then the report's attributes. Any other type: `message_type` and `hex`, the whole frame.
    """
    written = report_json(decode(frame, received=received))
    if "hex" in written:
        return written
    head = {"message_type": written.pop("message_type"), "kind": written.pop("kind")}
    own = {"preamble": f"{frame[0]:02X}", "counter": l1s.counter(frame)}
    return {**head, **own, "satellite": getattr(frame, "satellite", None), **written}


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _typed(value: Any, wanted: Any, where: str) -> Any:
    """The JSON value as the attribute's type; BadMessage names where it is not."""
    if get_origin(wanted) is UnionType:
        return _one_of(value, get_args(wanted), where)
    if get_origin(wanted) is tuple:
        kinds = get_args(wanted)
        if isinstance(value, list) and (kinds[-1] is Ellipsis or len(kinds) == len(value)):
            each = repeat(kinds[0]) if kinds[-1] is Ellipsis else kinds
            return tuple(
                _typed(v, kind, f"{where}[{at}]") for at, (v, kind) in enumerate(zip(value, each, strict=False))
            )
    elif is_dataclass(wanted) and isinstance(wanted, type):
        if isinstance(value, dict):
            return wanted(**_arguments(wanted, value, where))
    elif wanted is datetime and isinstance(value, str):
        return _moment(value, where)
    elif wanted is bytes and isinstance(value, str):
        return _bytes(value, where)
    elif isinstance(wanted, type) and issubclass(wanted, IntEnum) and value in wanted._value2member_map_:
        return wanted(value)
    elif wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif wanted in (int, str) and type(value) is wanted:
        return value
    raise BadMessage(f"{value!r} is not {_schema_of(wanted)}", where=where)


def _one_of(value: Any, kinds: tuple[Any, ...], where: str) -> Any:
    if value is None and NoneType in kinds:
        return None
    kinds = tuple(kind for kind in kinds if kind is not NoneType)
    if len(kinds) == 1:
        return _typed(value, kinds[0], where)
    if not isinstance(value, dict) or value.get("kind") not in _SETTINGS:
        raise BadMessage(f"{value!r} has no kind of {', '.join(_SETTINGS)}", where=where)
    rest = {name: part for name, part in value.items() if name != "kind"}
    return _typed(rest, _SETTINGS[value["kind"]], where)


def _moment(text: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadMessage(f"{text!r} is no time", where=where, fix="2017-08-18T02:00:00Z") from None
    if moment.tzinfo is None:
        raise BadMessage(f"{text!r} has no time zone", where=where, fix=f"{text}Z")
    return moment.astimezone(UTC)


def _bytes(text: str, where: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadMessage(f"{text!r} is not hexadecimal", where=where) from None


def _arguments(of: type, given: Json, where: str) -> Json:
    known = _attributes(of)
    if strange := [name for name in given if name not in known]:
        raise BadMessage(f"{of.__name__} has no {', '.join(strange)}", where=where)
    needed = [field.name for field in fields(of) if field.default is MISSING and field.name not in given]
    if needed:
        raise BadMessage(f"{', '.join(needed)} is missing", where=where)
    return {name: _typed(value, known[name], f"{where}.{name}") for name, value in given.items()}


def report_from_json(given: Json) -> Report:
    """The report of an object made by `report_json`; BadMessage says what is wrong with it."""
    given = dict(given)
    kind = given.pop("kind", None)
    report = _BY_KIND.get(kind) if isinstance(kind, str) else None
    if report is None:
        raise BadMessage(f"kind {kind!r} is not known", where="kind", fix="satwarn frame table kind")
    message_type = given.pop("message_type", None)
    codes = given.pop("codes", {})
    if not isinstance(codes, dict) or not all(type(code) is int for code in codes.values()):
        raise BadMessage(f"{codes!r} is no object of whole numbers", where="codes")
    found = report(codes=tuple(codes.items()), **_arguments(report, given, kind))
    if message_type not in (None, found.message_type):
        raise BadMessage(f"{kind} is of type {found.message_type}, not {message_type}", where="message_type")
    return found


def from_json(given: Json) -> Heard:
    """The frame of an object made by `to_json`.

    Raises BadMessage if the object is not of that form, DoesNotFit if a value does not fit its field, BadFrame if
    `hex` is no sound frame.
    """
    given = dict(given)
    satellite = _typed(given.pop("satellite", None), int | None, "satellite")
    if "hex" in given:
        frame = Heard(l1s.from_hexadecimal(_typed(given["hex"], str, "hex")), satellite=satellite)
        if given.get("message_type") not in (None, l1s.message_type(frame)):
            raise BadFrame(f"the frame is of type {l1s.message_type(frame)}", where="message_type")
        return frame
    preamble = given.pop("preamble", "53")
    counter = _typed(given.pop("counter", 0), int, "counter")
    octets = _bytes(_typed(preamble, str, "preamble"), "preamble")
    if len(octets) != 1:
        raise BadMessage(f"{preamble!r} is not two digits", where="preamble")
    report = report_from_json(given)
    return Heard(encode(report, preamble=octets[0], counter=counter), satellite=satellite, received=report.received)


# ── the form itself ──────────────────────────────────────────────────────────────────────────────────────────────────

_PLAIN: dict[Any, Json] = {
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    str: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"},
    bytes: {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
}


def _schema_of(wanted: Any) -> Json:
    if get_origin(wanted) is UnionType:
        kinds = [{"type": "null"} if kind is NoneType else _schema_of(kind) for kind in get_args(wanted)]
        return {"anyOf": kinds}
    if get_origin(wanted) is tuple:
        return (
            {"type": "array", "items": _schema_of(get_args(wanted)[0])}
            if Ellipsis in get_args(wanted)
            else _pair(wanted)
        )
    if is_dataclass(wanted) and isinstance(wanted, type):
        kind = {"kind": {"const": _SETTING_KIND[wanted]}} if wanted in _SETTING_KIND else {}
        return _object({**kind, **{name: _schema_of(hint) for name, hint in _attributes(wanted).items()}})
    if isinstance(wanted, type) and issubclass(wanted, IntEnum):
        return {"enum": [member.value for member in wanted]}
    return _PLAIN[wanted]


def _pair(wanted: Any) -> Json:
    return {"type": "array", "prefixItems": [_schema_of(kind) for kind in get_args(wanted)], "items": False}


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def schema() -> Json:
    """The JSON Schema (2020-12) of what `to_json` gives."""
    preambles = [f"{preamble:02X}" for preamble in l1s.PREAMBLES]
    branches = []
    for report in REPORTS:
        message_type = l1s.DCX if issubclass(report, dcx.Extended | dcx.NullMessage) else l1s.DCR
        attributes = {name: _schema_of(hint) for name, hint in _attributes(report).items() if name != "codes"}
        head = {
            "message_type": {"const": message_type},
            "kind": {"const": report.kind},
            "preamble": {"enum": preambles},
            "counter": {"type": "integer", "minimum": 0, "maximum": 15},
            "satellite": _schema_of(int | None),
        }
        codes = {"codes": {"type": "object", "additionalProperties": _PLAIN[int]}}
        branches.append({"title": report.__name__, **_object({**head, **attributes, **codes})})
    other = {
        "message_type": {"type": "integer", "minimum": 0, "maximum": 63, "not": {"enum": [l1s.DCR, l1s.DCX]}},
        "hex": {"type": "string", "pattern": "^[0-9A-F]{62}[048C]$"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A QZSS L1S frame, one object a frame",
        "oneOf": [*branches, {"title": "Other", **_object(other)}],
    }
