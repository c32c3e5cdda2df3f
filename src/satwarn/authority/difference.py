"""Which places a new version of an alert adds and drops: shown to the approver, and the measure of widening."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from satwarn.alert.alert import Alert, Area, Info


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange:
    """Codes and shapes added, kept and dropped; shapes as short words."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


def places_of(alert: Alert) -> tuple[str, ...]:
    """Every code and shape an alert names, each once, as words."""
    return tuple(dict.fromkeys(word for info in alert.infos for area in info.areas for word in _words(area)))


def places_in(area: Area) -> Iterator[object]:
    """Every code and shape of an area, exactly; in words two shapes may look alike."""
    yield from area.geocodes
    yield from area.polygons
    yield from area.circles


def _all_places(alert: Alert) -> Iterator[object]:
    return (place for info in alert.infos for area in info.areas for place in places_in(area))


def _words(area: Area) -> Iterator[str]:
    yield from (f"{code.value_name} {code.value}" for code in area.geocodes)
    yield from (f"circle {c.latitude_deg:g},{c.longitude_deg:g} {c.radius_km:g} km" for c in area.circles)
    for polygon in area.polygons:
        lat, lon = polygon.points[0]
        yield f"polygon of {len(polygon.points)} points from {lat:g},{lon:g} ({hash(polygon.points) & 0xFFFFFF:06x})"


def area_change(before: Alert, now: Alert) -> AreaChange:
    """Which places were added, kept and dropped."""
    old, new = places_of(before), places_of(now)
    return AreaChange(
        added=tuple(word for word in new if word not in old),
        kept=tuple(word for word in new if word in old),
        dropped=tuple(word for word in old if word not in new),
    )


def only_widens(before: Alert, now: Alert) -> bool:
    """Whether every place warned before is still warned, more are, and nothing else is said differently.

    A later end counts as widening too; an earlier one does not.
    """
    old, new = (frozenset(_all_places(alert)) for alert in (before, now))
    if not old < new:
        return False
    if len(before.infos) != len(now.infos):
        return False
    return all(_same_but_wider(old, new) for old, new in zip(before.infos, now.infos, strict=True))


def _same_but_wider(old: Info, new: Info) -> bool:
    later = not (old.expires and new.expires and new.expires < old.expires) and bool(old.expires) == bool(new.expires)
    # The frames of a wider area are other frames: they follow from the area and are not somebody's words.
    return later and _bare(old) == _bare(new)


def _bare(info: Info) -> Info:
    words = tuple(named for named in info.parameters if named.value_name != "satwarn:frame")
    return replace(info, areas=(), expires=None, effective=None, parameters=words)
