"""What two versions of an alert say differently: shown to the approver, and the measure of widening."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from satwarn.alert.alert import Alert, Area, Info


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One element that is not what it was; "" stands for absent."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange:
    """Codes and shapes added, kept and dropped; shapes as short words."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


def places_of(alert: Alert) -> tuple[str, ...]:
    """Every code and shape an alert names, each once, as words."""
    return tuple(dict.fromkeys(word for info in alert.infos for area in info.areas for word in _words(area)))


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


def changes(before: Alert, now: Alert) -> tuple[Change, ...]:
    """Every difference but identifier and sent, by element."""
    found = list(_values("", before, now, skip={"identifier", "sent", "infos", "references"}))
    old, new = ({info.language: info for info in alert.infos} for alert in (before, now))
    for language in dict.fromkeys([*old, *new]):
        was, is_now = old.get(language), new.get(language)
        if was is None or is_now is None:
            found.append(Change(where=f"info[{language}]", before=_headline(was), after=_headline(is_now)))
        else:
            found += _values(f"info[{language}]/", was, is_now, skip={"areas"})
    moved = area_change(before, now)
    found += [Change(where="area", before=word, after="") for word in moved.dropped]
    found += [Change(where="area", before="", after=word) for word in moved.added]
    return tuple(found)


def only_widens(before: Alert, now: Alert) -> bool:
    """Whether every place warned before is still warned, more are, and nothing else is said differently.

    A later end counts as widening too; an earlier one does not.
    """
    moved = area_change(before, now)
    if moved.dropped or not moved.added:
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


def _headline(info: Info | None) -> str:
    return (info.headline or info.event) if info else ""


def _values(prefix: str, old: object, new: object, *, skip: set[str]) -> Iterator[Change]:
    for name in (field.name for field in fields(old)):  # type: ignore[arg-type]  # both are alert dataclasses
        was, is_now = getattr(old, name), getattr(new, name)
        if name not in skip and was != is_now:
            yield Change(where=f"{prefix}{name}", before=_plain(was), after=_plain(is_now))


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(_plain(item) for item in value)
    if hasattr(value, "value_name"):
        return f"{value.value_name}={value.value}"  # type: ignore[attr-defined]  # a Named
    return str(value)
