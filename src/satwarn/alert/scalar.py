"""CAP's scalars: how a text becomes a value and back. Reading never fails: it gives the best value and says why."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from satwarn.alert.alert import Reference
from satwarn.alert.finding import Odd
from satwarn.area.shape import Circle, Polygon
from satwarn.errors import BadArea

MAX_POINTS = 50_000
"""The most corners one ring may have; a map of a country's coast needs fewer."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_ITEM = re.compile(r'"([^"]*)"|(\S+)')
_NAME = re.compile(r"[^\s,<&]+")
_NOT_NUMERIC = re.compile(r"[^0-9+\-.,\sEe]")
_TRIPLET = "sender,identifier,sent of each earlier message"
_NO_PAIR = re.compile(r"[^0-9+\-.,\sEe]|,\s|\s,|,[^\s,]*,")
"""What cannot stand in pairs: a strange character, a comma at a space, two commas in one word."""
_MIDNIGHT = "T24:00:00"
"""How XML may write the end of a day."""
_MOMENT_FIX = "YYYY-MM-DDThh:mm:ss and the offset; UTC is written -00:00"


def read_moment(text: str) -> datetime | Odd:
    """CAP dateTime: 25 characters, whole seconds, an offset and no Z (CAP 1.2, 3.3.2)."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        if text[10:19] == _MIDNIGHT and isinstance(before := read_moment(text[:11] + "00" + text[13:]), datetime):
            return before + timedelta(days=1)
        return Odd("cap-datetime", f"{text!r} is no date and time", fix=_MOMENT_FIX)
    if not 1 < value.year < 9999:  # so that no offset and no duration leads out of the calendar
        return Odd("cap-datetime", f"{text!r} is not in our time", fix=_MOMENT_FIX)
    if _MOMENT.fullmatch(text):
        return value if text[-6:] != "+00:00" else Odd("utc-sign", "UTC is written +00:00", value, "-00:00 for UTC")
    why = "has no offset, read as UTC" if value.tzinfo is None else "is not in the CAP form"
    value = (value if value.tzinfo else value.replace(tzinfo=UTC)).replace(microsecond=0)
    return Odd("cap-datetime", f"{text!r} {why}", value, _MOMENT_FIX)


def write_moment(value: datetime) -> str:
    """UTC as -00:00, any other offset as it is."""
    text = value.isoformat()
    return text[:-6] + "-00:00" if text.endswith("+00:00") else text


def read_name(text: str) -> str | Odd:
    """An identifier or sender: one word, because references are made of them (CAP 1.2, 3.2.1)."""
    if _NAME.fullmatch(text):
        return text
    if not text:
        return Odd("name-characters", "is empty", fix="a word that nobody else uses")
    return Odd("name-characters", f"{text!r} holds a space, comma, < or &", fix="leave them out")


def read_pairs(text: str) -> list[tuple[float, float]] | None:
    """`lat,lon` pairs; None where one is not numeric."""
    count = len(text.split())
    if _NO_PAIR.search(text) or text.count(",") != count:
        return None
    try:
        flat = list(map(float, text.replace(",", " ").split()))
    except ValueError:
        return None
    return list(zip(flat[::2], flat[1::2], strict=True)) if len(flat) == 2 * count else None


def read_polygon(text: str) -> Polygon | Odd:
    """A ring: numeric pairs in range, four or more, first equal to last (CAP 1.2, 3.2.4)."""
    points = read_pairs(text)
    if points and points[0] == points[-1] and len(points) <= MAX_POINTS:
        ring = _ring(points)
        if ring is not None:
            return ring
    return _odd_polygon(points)


def _odd_polygon(points: list[tuple[float, float]] | None) -> Odd:
    """Why it is no ring, and the ring that may be made of it all the same."""
    if points is None:
        return Odd("polygon-numeric", "a pair is not numeric lat,lon", fix="35.0,135.0 35.0,136.0 ...")
    if not points:
        return Odd("polygon-pairs", "is empty: 0 pairs, at least 4 are needed", fix="leave the element out")
    if len(points) > MAX_POINTS:
        return Odd("polygon-size", f"{len(points)} pairs, {MAX_POINTS} at most", fix="simplify the ring")
    stray = next((p for p in points if not (-90 <= p[0] <= 90 and -180 <= p[1] <= 180)), None)
    if stray:
        return Odd("polygon-range", f"{stray[0]:g},{stray[1]:g} is not on Earth", fix="latitude first, then longitude")
    if points[0] != points[-1]:
        closed = _ring([*points, points[0]])
        return Odd("polygon-closed", "the last pair is not the first", closed, "repeat the first pair at the end")
    return Odd("polygon-pairs", f"{len(points)} pairs, at least 4 are needed")


def _ring(points: list[tuple[float, float]]) -> Polygon | None:
    try:
        return Polygon(points=tuple(points)) if len(points) >= 4 else None
    except BadArea:
        return None


# One alert says the same area in every language, and is written for its digest and again to be sent.
@lru_cache(maxsize=2048)
def write_polygon(value: Polygon) -> str:
    return " ".join(f"{write_decimal(lat)},{write_decimal(lon)}" for lat, lon in value.points)


def read_circle(text: str) -> Circle | Odd:
    """`lat,lon radius`, the radius in kilometres (CAP 1.2, 3.2.4)."""
    centre, _, radius = " ".join(text.split()).partition(" ")
    points = read_pairs(centre)
    try:
        if points and len(points) == 1 and not _NOT_NUMERIC.search(radius):
            return Circle(latitude_deg=points[0][0], longitude_deg=points[0][1], radius_km=float(radius))
    except (ValueError, BadArea):
        pass
    return Odd("circle-form", f"{text!r} is not lat,lon radius", fix="35.0,135.0 12.5 (radius in km)")


def write_circle(value: Circle) -> str:
    return f"{write_decimal(value.latitude_deg)},{write_decimal(value.longitude_deg)} {write_decimal(value.radius_km)}"


def read_references(text: str) -> tuple[Reference, ...] | Odd:
    """`sender,identifier,sent` triplets with white space between them (CAP 1.2, 3.2.1)."""
    found, odds = [], []
    for item in text.split():
        read = _reference(item)
        reference = read.value if isinstance(read, Odd) else read
        if isinstance(read, Odd):
            odds.append(read)
        if isinstance(reference, Reference):
            found.append(reference)
    if not text:
        return Odd("empty-text", "is empty", fix="leave it out")
    worst = min(odds, key=lambda odd: odd.rule != "references-triplet", default=None)
    return Odd(worst.rule, worst.what, tuple(found), worst.fix) if worst else tuple(found)


def _reference(item: str) -> Reference | Odd:
    sender, _, rest = item.partition(",")
    identifier, _, sent = rest.partition(",")
    moment = read_moment(sent)
    best = moment.value if isinstance(moment, Odd) else moment
    if not _NAME.fullmatch(sender) or not _NAME.fullmatch(identifier) or not sent or "," in sent:
        return Odd("references-triplet", f"{item!r} is not sender,identifier,sent", fix=_TRIPLET)
    known = Reference(sender=sender, identifier=identifier, sent=best) if isinstance(best, datetime) else None
    if isinstance(moment, Odd) and moment.rule != "utc-sign":
        return Odd("references-sent", f"{sent!r} is not in the CAP form", known, _MOMENT_FIX)
    return known or Odd("references-sent", f"{sent!r} is no time", fix=_MOMENT_FIX)


def write_references(values: tuple[Reference, ...]) -> str:
    return " ".join(f"{r.sender},{r.identifier},{write_moment(r.sent)}" for r in values)


def read_items(text: str) -> tuple[str, ...]:
    """A list with white space between its items; double quotes hold an item with spaces together."""
    return tuple(quoted or plain for quoted, plain in _ITEM.findall(text))


def write_items(values: tuple[str, ...]) -> str:
    return " ".join(f'"{item}"' if re.search(r"\s", item) else item for item in values)


def read_decimal(text: str) -> float | Odd:
    try:
        if not _NOT_NUMERIC.search(text):
            return float(text)
    except ValueError:
        pass
    return Odd("decimal", f"{text!r} is no decimal number")


def write_decimal(value: float) -> str:
    """The shortest text that reads back as the same number, without an exponent."""
    short = repr(value)
    return (format(Decimal(short), "f") if "e" in short else short).removesuffix(".0")


def read_integer(text: str) -> int | Odd:
    try:
        return int(text)
    except ValueError:
        return Odd("integer", f"{text!r} is no whole number")
