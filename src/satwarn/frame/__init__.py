"""What the satellite carries: 250 bits, coded.

`decode` turns a frame into a report, `encode` a report into a frame; both stand on one table a message. `Stream` finds
the frames in whatever a receiver, an archive or a network gives.

>>> from satwarn.frame import decode, l1s
>>> frame = l1s.from_hexadecimal("53B0000DE2E216F920880000000000000000001FF00000000000001001758C8")
>>> report = decode(frame)
>>> report.kind, report.hazard, report.prefectures
('j_alert', 113, (31, 32, 33, 34, 35, 36, 37, 38, 39))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from satwarn.errors import BadFrame, BadMessage, DoesNotFit
from satwarn.frame import l1s
from satwarn.frame.codec import decode, encode, fields
from satwarn.frame.heard import Heard
from satwarn.frame.l1s import payload_of
from satwarn.frame.report import Other, Report
from satwarn.frame.stream import CONTAINERS, Fault, Stream

if TYPE_CHECKING:
    from satwarn.frame.camf import Ellipse, MessageType
    from satwarn.frame.dcr import (
        AshFall,
        AshFallArea,
        EarthquakeEarlyWarning,
        Flood,
        FloodArea,
        Hypocentre,
        IntensityArea,
        Marine,
        MarineArea,
        NankaiTrough,
        NorthwestPacificTsunami,
        Position,
        SeismicIntensity,
        Tsunami,
        TsunamiArrival,
        Typhoon,
        UnknownCategory,
        Volcano,
        Weather,
        WeatherArea,
    )
    from satwarn.frame.dcx import (
        JAlert,
        LAlert,
        LocalGovernment,
        NullMessage,
        OutsideJapan,
        UnknownProvider,
    )
    from satwarn.frame.notation import from_json, to_json
    from satwarn.frame.settings import HazardCentre, Quantities, Refinement, SecondEllipse

_LATER = {
    "camf": ("Ellipse", "MessageType"),
    "settings": ("HazardCentre", "Quantities", "Refinement", "SecondEllipse"),
    "dcx": ("JAlert", "LAlert", "LocalGovernment", "NullMessage", "OutsideJapan", "UnknownProvider"),
    "dcr": (
        "AshFall",
        "AshFallArea",
        "EarthquakeEarlyWarning",
        "Flood",
        "FloodArea",
        "Hypocentre",
        "IntensityArea",
        "Marine",
        "MarineArea",
        "NankaiTrough",
        "NorthwestPacificTsunami",
        "Position",
        "SeismicIntensity",
        "Tsunami",
        "TsunamiArrival",
        "Typhoon",
        "UnknownCategory",
        "Volcano",
        "Weather",
        "WeatherArea",
    ),
    "notation": ("from_json", "to_json"),
}
"""Report classes and JSON, imported when first asked for: a program that needs one kind starts twice as fast."""
_MODULE_OF = {name: module for module, names in _LATER.items() for name in names}

__all__ = [
    "CONTAINERS",
    "AshFall",
    "AshFallArea",
    "BadFrame",
    "BadMessage",
    "DoesNotFit",
    "EarthquakeEarlyWarning",
    "Ellipse",
    "Fault",
    "Flood",
    "FloodArea",
    "HazardCentre",
    "Heard",
    "Hypocentre",
    "IntensityArea",
    "JAlert",
    "LAlert",
    "LocalGovernment",
    "Marine",
    "MarineArea",
    "MessageType",
    "NankaiTrough",
    "NorthwestPacificTsunami",
    "NullMessage",
    "Other",
    "OutsideJapan",
    "Position",
    "Quantities",
    "Refinement",
    "Report",
    "SecondEllipse",
    "SeismicIntensity",
    "Stream",
    "Tsunami",
    "TsunamiArrival",
    "Typhoon",
    "UnknownCategory",
    "UnknownProvider",
    "Volcano",
    "Weather",
    "WeatherArea",
    "decode",
    "encode",
    "fields",
    "from_json",
    "l1s",
    "payload_of",
    "to_json",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
