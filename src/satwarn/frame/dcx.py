"""Extended messages (type 44): CAMF and what QZSS adds to it, one report class a service (IS-QZSS-DCX-004).

Who sends decides how the 74 bits behind CAMF are read: L-Alert, J-Alert, local government, another country, or nobody.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

from satwarn.errors import DoesNotFit
from satwarn.frame import l1s
from satwarn.frame.camf import CAMF, Ellipse, Grid, MessageType, ellipse, refined
from satwarn.frame.field import Field
from satwarn.frame.message import Message
from satwarn.frame.parts import Of, Part, Seen, code, fixed, several, spare
from satwarn.frame.report import Report
from satwarn.frame.settings import Refinement, Setting

__all__ = [
    "JAPAN",
    "Ellipse",
    "Extended",
    "JAlert",
    "LAlert",
    "LocalGovernment",
    "MessageType",
    "NullMessage",
    "OutsideJapan",
    "UnknownProvider",
]

JAPAN = 111
FMMC, FDMA, MINISTRIES, LOCAL_GOVERNMENT = 1, 2, 3, 4
"""Providers in Japan (A3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Report):
    """What every extended message has: the fields of CAMF, the satellite mask, the version.

    `onset` is a whole minute in UTC. The frame carries only the minute of the week and "this week or next" (A6, A7),
    so decoding needs `received`, and encoding an onset in the next week needs `at` (or `received` in the report);
    without either, the onset is sent as of this week. `duration`, `library_*`, `instruction` are the codes A8 to A11.
    """

    message: MessageType
    country: int = JAPAN
    provider: int
    hazard: int
    severity: int = 0
    onset: datetime | None = None
    duration: int = 0
    library_type: int = 1
    library_version: int = 0
    instruction: int = 0
    ellipse: Ellipse | None = None
    setting: Setting | None = None
    vn: int = 1
    satellite_mask_type: int = 0
    satellite_mask: int = 0

    @property
    def message_type(self) -> int:
        """Always 44."""
        return l1s.DCX

    @property
    def area(self) -> Ellipse | None:
        """The main ellipse, refined if the message says how."""
        if self.ellipse and isinstance(self.setting, Refinement):
            return refined(self.ellipse, self.setting)
        return self.ellipse

    @property
    def for_japan(self) -> int | None:
        """Mask type 0: the satellites (PRN 183 first) whose message is for Japan, as nine bits; else None."""
        return self.satellite_mask ^ 0x1FF if self.satellite_mask_type == 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class JAlert(Extended):
    """A warning of the Japanese government: missiles, attacks, and tests of the system.

    The area is a set of prefectures (1..47) or of up to four municipalities (JIS X 0402, five digits), never both.
    """

    kind: ClassVar[str] = "j_alert"

    prefectures: tuple[int, ...] = ()
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _WithArea(Extended):
    """One municipality and a second ellipse to go to or to leave."""

    municipality: str | None = None
    head_to: int = 0
    """EX2: 0 leave the second area, 1 go to it."""
    second_area: Ellipse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LAlert(_WithArea):
    """A message of local authorities through L-Alert: a main ellipse, a municipality, or both; both count."""

    kind: ClassVar[str] = "l_alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalGovernment(_WithArea):
    """A message of a municipality itself, with an area to stay in and one to go to or to leave."""

    kind: ClassVar[str] = "local_government"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideJapan(Extended):
    """A message of another country; what it puts in the 68 bits of EX11 no source tells."""

    kind: ClassVar[str] = "outside_japan"

    extended: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownProvider(Extended):
    """A message from Japan by a provider that the standard does not name, with its 68 bits unread."""

    kind: ClassVar[str] = "unknown_provider"

    extended: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NullMessage(Report):
    """Nothing to say: all bits of CAMF and behind it are zero but for the country, Japan. Only the mask counts."""

    kind: ClassVar[str] = "null"

    satellite_mask_type: int = 0
    satellite_mask: int = 0

    @property
    def message_type(self) -> int:
        """Always 44."""
        return l1s.DCX


# ── the tables ───────────────────────────────────────────────────────────────────────────────────────────────────────

_EX1 = Field("EX1", 16, "municipality, JIS X 0402", "IS-QZSS-DCX-004 EX1", "municipality")
_EX9 = Field("EX9", 47, "prefectures, the last bit is number 1", "IS-QZSS-DCX-004 EX9", "prefecture")


def _municipality(code: int) -> str:
    return f"{code:05}"


def _municipality_code(municipality: str) -> int:
    if not (len(municipality) == 5 and municipality.isascii() and municipality.isdecimal()):
        raise DoesNotFit(f"{municipality!r} is no five-digit code", where=f"{_EX1.name} {_EX1.title}")
    return _EX1.check(int(municipality))


@lru_cache(1024)
def _read_prefectures(mask: int) -> tuple[int, ...]:
    return tuple(number for number in range(1, 48) if mask >> number - 1 & 1)


def _write_prefectures(prefectures: tuple[int, ...], _: Seen) -> int:
    if not prefectures:
        raise DoesNotFit(
            "a warning without an area is nobody's warning",
            where="EX9 prefectures",
            fix="name prefectures or municipalities",
        )
    mask = 0
    for number in prefectures:
        if not 1 <= number <= 47:
            raise DoesNotFit(
                f"prefecture {number} does not exist (1..47)", where="EX9 prefectures [IS-QZSS-DCX-004 EX9]"
            )
        mask |= 1 << number - 1
    return mask


def _read_ex1(bits: int, _: Seen) -> str | None:
    return _municipality(bits) if bits else None


SECOND_AREA = Grid(
    fields=(
        Field("EX3", 17, "latitude of the second centre", "IS-QZSS-DCX-004 EX3"),
        Field("EX4", 17, "longitude of the second centre, from 45 east", "IS-QZSS-DCX-004 EX4"),
        Field("EX5", 5, "second semi-major axis", "IS-QZSS-DCX-004 EX5"),
        Field("EX6", 5, "second semi-minor axis", "IS-QZSS-DCX-004 EX6"),
        Field("EX7", 7, "azimuth of the second semi-major axis", "IS-QZSS-DCX-004 EX7"),
    ),
    west_deg=45,
    span_deg=180,
)


_MASK: tuple[Part, ...] = (code("SDMT", 1, "satellite_mask_type"), code("SDM", 9, "satellite_mask"))
_END: tuple[Part, ...] = (code("Vn", 6, "vn", "version"), spare("SP0", 2))
_OPAQUE = (code("EX11", 68, "extended", "for the country to define"),)
_AREA = (
    Of("EX1", "municipality", (_EX1,), lambda municipality, _: _municipality_code(municipality), _read_ex1),
    code("EX2", 1, "head_to", "0 leave the second area, 1 go to it"),
    ellipse("EX3-EX7", "second_area", SECOND_AREA),
)

_NEVER = -1
"""What no run of bits is: an empty area from the air stays in `codes`, so that it is repeated only on purpose."""

_EX9_MASK = Of(
    "EX9 mask", "prefectures", (_EX9,), _write_prefectures, lambda bits, _: _read_prefectures(bits) or None, _NEVER
)
_EX9_LIST = several(
    "EX9 list",
    "municipalities",
    4,
    replace(_EX1, name="EX9_"),
    make=_municipality,
    take=lambda municipality: (_municipality_code(municipality),),
    absent=_NEVER,
)

J_ALERT_PREFECTURES = Message(
    JAlert,
    (
        *_MASK,
        *CAMF,
        fixed("EX8", 1, 0),
        _EX9_MASK,
        spare("EX9 spare", 17),
        spare("EX10", 3),
        *_END,
    ),
)
J_ALERT_MUNICIPALITIES = Message(
    JAlert,
    (
        *_MASK,
        *CAMF,
        fixed("EX8", 1, 1),
        _EX9_LIST,
        spare("EX10", 3),
        *_END,
    ),
)
L_ALERT = Message(LAlert, (*_MASK, *CAMF, *_AREA, *_END))
LOCAL = Message(LocalGovernment, (*_MASK, *CAMF, *_AREA, *_END))
OUTSIDE_JAPAN = Message(OutsideJapan, (*_MASK, *CAMF, *_OPAQUE, *_END))
UNKNOWN_PROVIDER = Message(UnknownProvider, (*_MASK, *CAMF, *_OPAQUE, *_END))
NULL = Message(
    NullMessage, (*_MASK, fixed("A1", 2, 0), fixed("A2", 9, JAPAN), fixed("A3 to Vn", 185, 0), spare("SP0", 2))
)

_NOTHING_TO_SAY = JAPAN << 187
_BY_PROVIDER = {FMMC: L_ALERT, LOCAL_GOVERNMENT: LOCAL}
_J_ALERT = (J_ALERT_PREFECTURES, J_ALERT_MUNICIPALITIES)


def table_of_data(data: int) -> Message:
    """The table by which these 208 bits are read."""
    camf = data & (1 << 198) - 1
    country, provider = camf >> 187 & 0x1FF, camf >> 182 & 0x1F
    if country != JAPAN:
        return OUTSIDE_JAPAN
    if provider in (FDMA, MINISTRIES):
        return _J_ALERT[camf >> 75 & 1]
    if camf & ~3 == _NOTHING_TO_SAY:
        return NULL
    return _BY_PROVIDER.get(provider, UNKNOWN_PROVIDER)


def table_of_report(report: Report) -> Message:
    """The table by which this report is written."""
    if isinstance(report, JAlert):
        if report.prefectures and report.municipalities:
            raise DoesNotFit("prefectures and municipalities cannot go together", where="EX8 kind of area")
        listed = report.municipalities or _EX9_LIST.name in dict(report.codes)
        return _J_ALERT[bool(listed)]
    return _TABLES[type(report)]


MESSAGES = (*_J_ALERT, L_ALERT, LOCAL, OUTSIDE_JAPAN, UNKNOWN_PROVIDER, NULL)
"""All tables of extended messages."""
_TABLES = {message.report: message for message in MESSAGES}
