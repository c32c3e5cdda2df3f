"""A17 and A18 of CAMF: fifteen bits that sharpen the ellipse, place the hazard, add an area, or measure the hazard."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from satwarn.errors import DoesNotFit
from satwarn.frame.codes import table
from satwarn.frame.field import Field, Layout, pack, unpack, width
from satwarn.frame.parts import Of

KIND = Field("A17", 2, "specific settings", "CAMF A17")
BITS = Field("A18", 15, "specific settings", "CAMF A18")

REFINEMENT = (
    Field("C1", 3, "refined latitude, eighths of a step north", "CAMF B1"),
    Field("C2", 3, "refined longitude, eighths of a step east", "CAMF B1"),
    Field("C3", 3, "refined semi-major axis, eighths of a step shorter", "CAMF B1"),
    Field("C4", 3, "refined semi-minor axis, eighths of a step shorter", "CAMF B1"),
    Field("B1 spare", 3, "spare", "CAMF B1"),
)
HAZARD_CENTRE = (
    Field("C5", 7, "hazard centre north of the main centre", "CAMF B2"),
    Field("C6", 7, "hazard centre east of the main centre", "CAMF B2"),
    Field("B2 spare", 1, "spare", "CAMF B2"),
)
SECOND_ELLIPSE = (
    Field("C7", 2, "shift of the second ellipse", "CAMF B3"),
    Field("C8", 3, "size of the second ellipse", "CAMF B3"),
    Field("C9", 5, "bearing of the second ellipse", "CAMF B3"),
    Field("C10", 5, "instruction for the second ellipse", "CAMF B3", "instruction_c"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """B1: the main ellipse more finely, in eighths of a step: centre north and east, axes shorter, each 0..7."""

    north: int = 0
    east: int = 0
    shorter_major: int = 0
    shorter_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardCentre:
    """B2: where the hazard itself is, north and east of the main centre, -10..10 degrees; 0 cannot be said."""

    north_deg: float
    east_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondEllipse:
    """B3: a second ellipse like the main one: shifted by 0..3 semi-major axes, 0.25..2 times its size.

    Whether the bearing (steps of 11.25 degrees) is that of the shift or turns the ellipse, no source says.
    """

    shift: int
    factor: float
    bearing_deg: float
    instruction: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """B4: measures of the hazard, D1 to D36, as (symbol, code) in the order in which its table has them."""

    codes: tuple[tuple[str, int], ...]


Setting = Refinement | HazardCentre | SecondEllipse | Quantities


@cache
def quantity_layouts() -> Mapping[int, Layout]:
    """For each hazard (A4) with measures: its fields, and the spare bits up to 15."""
    layouts = {}
    for entry in table("quantity_layout"):
        pairs = (pair.split(":") for pair in entry.more["fields"].split())
        fields = tuple(Field(symbol, int(bits), "", f"CAMF B4, {entry.en}", "quantity") for symbol, bits in pairs)
        left = BITS.width - width(fields)
        layouts[int(entry.code)] = (*fields, Field("B4 spare", left, "spare")) if left else fields
    return layouts


def _without_spare(values: dict[str, int]) -> tuple[int, ...] | None:
    """The values in order, or None if a spare bit is set."""
    return (
        tuple(v for k, v in values.items() if " " not in k) if not any(values[k] for k in values if " " in k) else None
    )


def _delta_deg(code: int) -> float:
    return -10 + 20 / 128 * (code if code <= 63 else code + 1)


def _delta_code(field: Field, degrees: float) -> int:
    step = round((degrees + 10) / (20 / 128))
    if step == 64 or not 0 <= step <= 128:
        raise DoesNotFit(
            f"{degrees} degrees cannot be said (-10..10 in steps of 0.15625, not 0)",
            where=f"{field.name} {field.title}",
        )
    return step if step < 64 else step - 1


def _read_quantities(bits: int, seen: Mapping[str, Any]) -> Quantities | None:
    layout = quantity_layouts().get(seen["hazard"])
    if layout is None:
        return None
    values = unpack(layout, bits)
    if values.pop("B4 spare", 0):
        return None
    return Quantities(codes=tuple(values.items()))


def _read(bits: int, seen: Mapping[str, Any]) -> Setting | None:
    kind, bits = bits >> BITS.width, bits & (1 << BITS.width) - 1
    if kind == 3:
        return _read_quantities(bits, seen)
    found = _without_spare(unpack((REFINEMENT, HAZARD_CENTRE, SECOND_ELLIPSE)[kind], bits)) if kind or bits else None
    if found is None:
        return None
    if kind == 0:
        north, east, major, minor = found
        return Refinement(north=north, east=east, shorter_major=major, shorter_minor=minor)
    if kind == 1:
        return HazardCentre(north_deg=_delta_deg(found[0]), east_deg=_delta_deg(found[1]))
    shift, factor, bearing, instruction = found
    return SecondEllipse(shift=shift, factor=0.25 * (factor + 1), bearing_deg=11.25 * bearing, instruction=instruction)


def _write(setting: Setting, seen: Mapping[str, Any]) -> int:
    layout: Layout
    codes: tuple[int, ...]
    match setting:
        case Refinement():
            if setting == Refinement():
                raise DoesNotFit("a refinement of nothing means none", where="A18 [CAMF B1]", fix="leave it out")
            kind, layout = 0, REFINEMENT
            codes = (setting.north, setting.east, setting.shorter_major, setting.shorter_minor, 0)
        case HazardCentre():
            kind, layout = 1, HAZARD_CENTRE
            codes = (_delta_code(layout[0], setting.north_deg), _delta_code(layout[1], setting.east_deg), 0)
        case SecondEllipse():
            kind, layout = 2, SECOND_ELLIPSE
            codes = (
                setting.shift,
                round(setting.factor / 0.25) - 1,
                round(setting.bearing_deg / 11.25),
                setting.instruction,
            )
        case Quantities():
            kind, layout = 3, _quantity_layout(seen["hazard"], setting)
            codes = (*(code for _, code in setting.codes), *([0] if layout[-1].name == "B4 spare" else []))
    return kind << BITS.width | pack(layout, dict(zip((field.name for field in layout), codes, strict=True)))


def _quantity_layout(hazard: int, setting: Quantities) -> Layout:
    layout = quantity_layouts().get(hazard, ())
    wanted = [field.name for field in layout if field.name != "B4 spare"]
    if not wanted or [symbol for symbol, _ in setting.codes] != wanted:
        may = f"it has {', '.join(wanted)}" if wanted else "it has no measures"
        raise DoesNotFit(f"{', '.join(s for s, _ in setting.codes)} for hazard {hazard}; {may}", where="A18 [CAMF B4]")
    return layout


SETTING = Of("A17+A18", "setting", (KIND, BITS), _write, _read)
