"""The Common Alert Message Format (CAMF 1.2): 122 bits that say what, where, when and what to do.

Fields A1 to A18 as parts; A18 (15 bits) means one of four things, chosen by A17.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from math import log

from satwarn.errors import DoesNotFit
from satwarn.frame.field import Field, pack, unpack
from satwarn.frame.parts import Of, Part, Seen, code
from satwarn.frame.settings import SETTING, Refinement


class MessageType(IntEnum):
    """A1."""

    TEST = 0
    ALERT = 1
    UPDATE = 2
    ALL_CLEAR = 3


_MESSAGE_TYPES = tuple(MessageType)

# ── where: an ellipse ────────────────────────────────────────────────────────────────────────────────────────────────

SHORTEST_AXIS_KM, LONGEST_AXIS_KM = 0.2162, 2500.0
AXES_KM: tuple[float, ...] = tuple(
    SHORTEST_AXIS_KM * (LONGEST_AXIS_KM / SHORTEST_AXIS_KM) ** (i / 31) for i in range(32)
)
"""The 32 lengths an axis can have, each about 1.35 times the one before."""
_AXIS_TOLERANCE_KM = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """An ellipse on the ground: centre, semi-axes, and the azimuth of the longer one, clockwise from north.

    On the wire the centre moves to the nearest grid point, an axis grows to the next length (never shrinks).
    """

    latitude_deg: float
    longitude_deg: float
    semi_major_km: float
    semi_minor_km: float
    azimuth_deg: float = 0.0


def axis_code(length_km: float) -> int:
    """The code of the shortest axis that is not below the wanted length, within a metre."""
    wanted = length_km - _AXIS_TOLERANCE_KM
    if wanted <= SHORTEST_AXIS_KM:
        return 0
    step = log(wanted / SHORTEST_AXIS_KM) / log(LONGEST_AXIS_KM / SHORTEST_AXIS_KM) * 31
    code = int(step)
    return code + (code > 31 or AXES_KM[code] < wanted)


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of an ellipse in a message and the steps they count in: CAMF has one, the QZSS extension a finer one."""

    fields: tuple[Field, Field, Field, Field, Field]
    west_deg: float
    span_deg: float

    def _steps(self) -> tuple[float, float, float]:
        latitude, longitude, _, _, azimuth = self.fields
        return (
            180 / ((1 << latitude.width) - 1),
            self.span_deg / ((1 << longitude.width) - 1),
            180 / (1 << azimuth.width),
        )

    def read(self, bits: int) -> Ellipse | None:
        """The ellipse; all zero means none."""
        if not bits:
            return None
        latitude, longitude, major, minor, azimuth = unpack(self.fields, bits).values()
        latitude_step, longitude_step, azimuth_step = self._steps()
        return Ellipse(
            latitude_deg=-90 + latitude_step * latitude,
            longitude_deg=self.west_deg + longitude_step * longitude,
            semi_major_km=AXES_KM[major],
            semi_minor_km=AXES_KM[minor],
            azimuth_deg=-90 + azimuth_step * azimuth,
        )

    def write(self, ellipse: Ellipse) -> int:
        """The bits of the nearest ellipse on the grid."""
        latitude_step, longitude_step, azimuth_step = self._steps()
        codes = (
            round((ellipse.latitude_deg + 90) / latitude_step),
            round((ellipse.longitude_deg - self.west_deg) / longitude_step),
            axis_code(ellipse.semi_major_km),
            axis_code(ellipse.semi_minor_km),
            round((ellipse.azimuth_deg + 90) / azimuth_step),
        )
        for field, number, given in zip(self.fields, codes, _measures(ellipse), strict=True):
            if not 0 <= number < 1 << field.width:
                raise field.refuse(given)
        if not any(codes):
            raise DoesNotFit("the least ellipse at the south pole means none", where=self.fields[0].name)
        return pack(self.fields, dict(zip((field.name for field in self.fields), codes, strict=True)))


def ellipse(name: str, attr: str, grid: Grid) -> Of:
    """The part of a message that is an ellipse."""
    read = lru_cache(4096)(grid.read)
    return Of(name, attr, grid.fields, lambda given, _: grid.write(given), lambda bits, _: read(bits))


def _measures(ellipse: Ellipse) -> tuple[float, ...]:
    return (
        ellipse.latitude_deg,
        ellipse.longitude_deg,
        ellipse.semi_major_km,
        ellipse.semi_minor_km,
        ellipse.azimuth_deg,
    )


_LATITUDE_STEP_DEG = 180 / 65535
_LONGITUDE_STEP_DEG = 360 / 131071

MAIN_ELLIPSE = Grid(
    fields=(
        Field("A12", 16, "latitude of the centre", "CAMF A12"),
        Field("A13", 17, "longitude of the centre", "CAMF A13"),
        Field("A14", 5, "semi-major axis", "CAMF A14"),
        Field("A15", 5, "semi-minor axis", "CAMF A15"),
        Field("A16", 6, "azimuth of the semi-major axis", "CAMF A16"),
    ),
    west_deg=-180,
    span_deg=360,
)


def refined(ellipse: Ellipse, by: Refinement) -> Ellipse:
    """The main ellipse as its refinement (B1) makes it: centre north and east, axes shorter, in eighths of a step."""

    def shorter(length_km: float, eighths: int) -> float:
        code = axis_code(length_km)
        return AXES_KM[code] - (AXES_KM[code] - (AXES_KM[code - 1] if code else 0)) * eighths / 8

    return replace(
        ellipse,
        latitude_deg=ellipse.latitude_deg + _LATITUDE_STEP_DEG / 8 * by.north,
        longitude_deg=ellipse.longitude_deg + _LONGITUDE_STEP_DEG / 8 * by.east,
        semi_major_km=shorter(ellipse.semi_major_km, by.shorter_major),
        semi_minor_km=shorter(ellipse.semi_minor_km, by.shorter_minor),
    )


# ── when: a minute of this week or the next ──────────────────────────────────────────────────────────────────────────

WEEK_MINUTES = 7 * 24 * 60
_WEEK = Field("A6", 1, "week of the onset", "CAMF A6")
_MINUTE = Field("A7", 14, "onset, minute of the week from Monday 00:00 UTC, plus one", "CAMF A7")


def monday(at: datetime) -> datetime:
    """Monday 00:00 UTC of the week in which the moment lies."""
    return datetime.combine((at - timedelta(days=at.weekday())).date(), datetime.min.time(), at.tzinfo)


def _read_onset(bits: int, seen: Seen) -> datetime | None:
    week, minute = bits >> _MINUTE.width, bits & (1 << _MINUTE.width) - 1
    received = seen["received"]
    if received is None or not 1 <= minute <= WEEK_MINUTES:
        return None
    return monday(received) + timedelta(weeks=week, minutes=minute - 1)


def _write_onset(onset: datetime, seen: Seen) -> int:
    if onset.utcoffset() != timedelta(0) or onset.second or onset.microsecond:
        raise DoesNotFit(
            f"{onset.isoformat()} is no whole minute in UTC", where="A7 onset [CAMF A7]", fix="round it down"
        )
    start = monday(onset)
    weeks = (start - monday(seen["received"])) // timedelta(weeks=1) if seen["received"] else 0
    if weeks not in (0, 1):
        raise DoesNotFit(
            f"{onset.isoformat()} is {weeks} weeks from the week of sending, only this week and the next can be said",
            where="A6 week of the onset [CAMF A6]",
        )
    return weeks << _MINUTE.width | (onset - start) // timedelta(minutes=1) + 1


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────

_A1 = Field("A1", 2, "message type", "CAMF A1")

CAMF: tuple[Part, ...] = (
    Of("A1", "message", (_A1,), lambda kind, _: _A1.check(kind), lambda bits, _: _MESSAGE_TYPES[bits]),
    code("A2", 9, "country", clause="CAMF A2", table="country"),
    code("A3", 5, "provider", clause="CAMF A3", table="provider"),
    code("A4", 7, "hazard", clause="CAMF A4", table="hazard"),
    code("A5", 2, "severity", clause="CAMF A5"),
    Of("A6+A7", "onset", (_WEEK, _MINUTE), _write_onset, _read_onset),
    code("A8", 2, "duration", clause="CAMF A8"),
    code("A9", 1, "library_type", clause="CAMF A9"),
    code("A10", 3, "library_version", clause="CAMF A10"),
    code("A11", 10, "instruction", clause="CAMF A11"),
    ellipse("A12-A16", "ellipse", MAIN_ELLIPSE),
    SETTING,
)
"""The 122 bits of CAMF."""
