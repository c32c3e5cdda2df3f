"""Times on the air are stumps: no year, no month, or only a minute of the day. These parts make them whole and back.

A report time (month, day, hour, minute) takes the year nearest to the reception. Other times (day, hour, minute) take
month and year from the report time, and lie in the month before or after it if the days differ by more than 15.
"""

from datetime import UTC, datetime, timedelta

from satwarn.errors import DoesNotFit
from satwarn.frame.field import Field, Layout, pack, unpack
from satwarn.frame.parts import Of, Seen

_HALF_A_YEAR = timedelta(days=182)


def _clock(name: str, title: str) -> Layout:
    return (
        Field(f"{name}D", 5, f"{title}: day of the month, UTC"),
        Field(f"{name}H", 5, f"{title}: hour"),
        Field(f"{name}Mi", 6, f"{title}: minute"),
    )


_REPORT_TIME = (Field("AtMo", 4, "report time: month"), *_clock("At", "report time"))


def minutes_only(moment: datetime, where: str) -> datetime:
    """The moment itself if it is a whole minute in UTC, else DoesNotFit."""
    if moment.utcoffset() != timedelta(0) or moment.second or moment.microsecond:
        raise DoesNotFit(f"{moment.isoformat()} is no whole minute in UTC", where=where, fix="round it down")
    return moment


def _date(year: int, month: int, rest: int) -> datetime | None:
    """The moment at day, hour and minute (5, 5 and 6 bits), or None if the calendar has none such."""
    try:
        return datetime(year, month, rest >> 11, rest >> 6 & 0x1F, rest & 0x3F, tzinfo=UTC)
    except ValueError:
        return None


def _read_report_time(bits: int, seen: Seen) -> datetime | None:
    received: datetime | None = seen["received"]
    if received is None:
        return None
    month, rest = bits >> 16, bits & 0xFFFF
    nearest = _date(received.year, month, rest)
    if nearest and abs(nearest - received) <= _HALF_A_YEAR:
        return nearest
    found = filter(None, (_date(received.year + step, month, rest) for step in (-1, 0, 1)))
    return min(found, key=lambda moment: abs(moment - received), default=None)


def _clock_codes(moment: datetime) -> int:
    return moment.day << 11 | moment.hour << 6 | moment.minute


def _write_report_time(moment: datetime, _: Seen) -> int:
    minutes_only(moment, "At report time")
    return moment.month << 16 | _clock_codes(moment)


def _beside(reported: datetime, rest: int) -> datetime | None:
    """The moment with this day, hour and minute in the report's month, or in the one before or after."""
    apart = (rest >> 11) - reported.day
    month = reported.year * 12 + reported.month - 1 + (apart < -15) - (apart > 15)
    return _date(month // 12, month % 12 + 1, rest)


def report_time() -> Of:
    """When the agency reported (AtMo to AtMi)."""
    return Of("At", "reported", _REPORT_TIME, _write_report_time, _read_report_time)


def moment(name: str, attr: str, title: str) -> Of:
    """A day, hour and minute near the report time."""
    fields = _clock(name, title)

    def read(bits: int, seen: Seen) -> datetime | None:
        reported = seen.get("reported")
        return _beside(reported, bits) if reported and bits else None

    def write(given: datetime, seen: Seen) -> int:
        bits = _clock_codes(minutes_only(given, f"{name} {title}"))
        if read(bits, seen) != given:
            raise DoesNotFit(
                f"{given.isoformat()} cannot be told from the report time {seen.get('reported')} (15 days at most)",
                where=f"{name} {title}",
            )
        return bits

    return Of(name, attr, fields, write, read)


ARRIVAL = (
    Field("TaD", 1, "arrival: 0 the day of the report, 1 the next"),
    Field("TaH", 5, "hour"),
    Field("TaMi", 6, "minute"),
)
ARRIVED = pack(ARRIVAL, {"TaD": 0, "TaH": 31, "TaMi": 63})
"""The wave is there already or thought to be (north-west Pacific: or nothing is known)."""
NO_DATA = pack(ARRIVAL, {"TaD": 0, "TaH": 30, "TaMi": 62})


def arrival_time(reported: datetime | None, bits: int) -> datetime | None:
    """Day flag, hour and minute as a moment on the day of the report or the next; None for codes that are no time."""
    day, hour, minute = unpack(ARRIVAL, bits).values()
    if reported is None or hour > 23 or minute > 59:
        return None
    return reported.replace(hour=hour, minute=minute) + timedelta(days=day)


def arrival_bits(reported: datetime | None, moment: datetime) -> int:
    """The mirror of `arrival_time`."""
    days = (minutes_only(moment, "Ta arrival").date() - reported.date()).days if reported else -1
    if days not in (0, 1):
        raise DoesNotFit(
            f"{moment.isoformat()} is not on the day of the report {reported} or the next", where="Ta arrival"
        )
    return pack(ARRIVAL, {"TaD": days, "TaH": moment.hour, "TaMi": moment.minute})
