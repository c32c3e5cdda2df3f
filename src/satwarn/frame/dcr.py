"""Reports of the Japan Meteorological Agency (type 43), one class a disaster category (IS-QZSS-DCR-017, 4.1.2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from satwarn.frame import l1s
from satwarn.frame.report import Report

MAXIMUM_PRIORITY, PRIORITY, REGULAR, TRAINING = 1, 2, 3, 7
"""Report classifications (Rc)."""
ISSUE, CORRECTION, CANCELLATION = 0, 1, 2
"""Information types (It)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place on the globe in whole seconds of arc, north and east positive."""

    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntensityArea:
    """A prefecture and how strongly it shook (codes of `seismic_intensity` and `intensity_prefecture`)."""

    intensity: int
    prefecture: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TsunamiArrival:
    """A stretch of coast, the height expected there and when the wave comes.

    `arrival_code` speaks when there is no time: `ARRIVED`, `NO_DATA` of satwarn.frame.moments, or another code.
    """

    arrival: datetime | None = None
    arrival_code: int = 0
    height: int
    region: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AshFallArea:
    """A municipality, how many hours after the activity ash is expected there, and how much."""

    hours: int
    warning: int
    local_government: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherArea:
    """A forecast region and its warning."""

    warning: int
    region: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodArea:
    """A stretch of river and its level."""

    level: int
    region: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarineArea:
    """A sea area and its warning."""

    warning: int
    region: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DcReport(Report):
    """What all reports have: class (7: training or test), time, kind of information, version."""

    classification: int
    reported: datetime | None = None
    information_type: int = ISSUE
    vn: int = 1

    @property
    def message_type(self) -> int:
        """Always 43."""
        return l1s.DCR

    @property
    def is_test(self) -> bool:
        """Whether the report is for training or test (Rc 7)."""
        return self.classification == TRAINING


@dataclass(frozen=True, slots=True, kw_only=True)
class EarthquakeEarlyWarning(DcReport):
    """Strong shaking is about to come to the regions (1..80)."""

    kind: ClassVar[str] = "earthquake_early_warning"

    long_period_lower: int = 0
    long_period_upper: int = 0
    notifications: tuple[int, ...] = ()
    occurred: datetime | None = None
    depth_km: int | None = None
    magnitude: float | None = None
    epicentre: int
    intensity_lower: int
    intensity_upper: int
    regions: tuple[int, ...]

    @property
    def assumed(self) -> bool:
        """Depth and magnitude are placeholders of a warning made without them."""
        return self.depth_km == 10 and self.magnitude == 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypocentre(DcReport):
    """Where and how strong an earthquake was."""

    kind: ClassVar[str] = "hypocentre"

    notifications: tuple[int, ...] = ()
    occurred: datetime | None = None
    depth_km: int | None = None
    magnitude: float | None = None
    epicentre: int
    position: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeismicIntensity(DcReport):
    """How strongly each prefecture shook; at most 16 of them."""

    kind: ClassVar[str] = "seismic_intensity"

    occurred: datetime | None = None
    areas: tuple[IntensityArea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NankaiTrough(DcReport):
    """One page (18 bytes of UTF-8, perhaps cut inside a character) of a text on the Nankai Trough."""

    kind: ClassVar[str] = "nankai_trough"

    serial: int
    text: bytes
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tsunami(DcReport):
    """A tsunami warning for at most five stretches of the Japanese coast."""

    kind: ClassVar[str] = "tsunami"

    notifications: tuple[int, ...] = ()
    warning: int
    areas: tuple[TsunamiArrival, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthwestPacificTsunami(DcReport):
    """A tsunami advisory for at most five coasts around the north-west Pacific."""

    kind: ClassVar[str] = "northwest_pacific_tsunami"

    potential: int
    areas: tuple[TsunamiArrival, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volcano(DcReport):
    """A volcanic warning for at most five municipalities; `ambiguity` says which parts of the time count."""

    kind: ClassVar[str] = "volcano"

    ambiguity: int = 0
    activity: datetime | None = None
    warning: int
    volcano: int
    local_governments: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AshFall(DcReport):
    """Ash expected in at most four places and hours."""

    kind: ClassVar[str] = "ash_fall"

    activity: datetime | None = None
    warning_type: int
    volcano: int
    areas: tuple[AshFallArea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather(DcReport):
    """Emergency weather warnings (state 1) or their end (state 2) in at most six regions."""

    kind: ClassVar[str] = "weather"

    state: int
    areas: tuple[WeatherArea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood(DcReport):
    """Flood levels of at most three stretches of river."""

    kind: ClassVar[str] = "flood"

    areas: tuple[FloodArea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typhoon(DcReport):
    """Where a typhoon is or will be (`hours_after` the analysis) and how strong."""

    kind: ClassVar[str] = "typhoon"

    reference: datetime | None = None
    reference_type: int
    hours_after: int = 0
    number: int
    scale: int = 0
    intensity: int = 0
    position: Position | None = None
    pressure_hpa: int | None = None
    wind_m_s: int | None = None
    gust_m_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marine(DcReport):
    """Warnings for at most eight sea areas."""

    kind: ClassVar[str] = "marine"

    areas: tuple[MarineArea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownCategory(DcReport):
    """A category that the standard does not name, with its 171 bits unread."""

    kind: ClassVar[str] = "unknown_category"

    category: int
    content: int
