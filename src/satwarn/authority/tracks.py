"""Tracks: live warnings of one danger for the same people. None of them is cleared while another one is open.

An all-clear brings people out of shelter, so it waits for the others of its danger; when all of them are agreed on,
they go out together, in one commit (docs/decisions/0004).
"""

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from satwarn.alert.alert import Alert, Area
from satwarn.area import spelled
from satwarn.area.shape import Circle, Polygon
from satwarn.authority.hazard import hazard_of, is_real
from satwarn.authority.jurisdiction import drawn, ground
from satwarn.authority.standing import Standing


def tracks(warning: Standing, live: Iterable[Standing]) -> tuple[Standing, ...]:
    """Every other live warning that an all-clear of this one has to wait for, also through a third one between them."""
    left = [other for other in live if other.subject != warning.subject]
    found: list[Standing] = []
    reached = [warning] if is_real(warning.said) else []
    while reached:
        here = reached.pop()
        near = [other for other in left if same_danger(here.said, other.said)]
        left = [other for other in left if other not in near]
        found += near
        reached += near
    return tuple(found)


def same_danger(one: Alert, other: Alert) -> bool:
    """Whether both really warn of one danger somebody who hears both: their places overlap."""
    return is_real(one) and is_real(other) and hazard_of(one) is hazard_of(other) and _overlap(one, other)


def _overlap(one: Alert, other: Alert) -> bool:
    mine, theirs = _codes(one), _codes(other)
    if not set(mine).isdisjoint(theirs) or _any_within(mine, theirs) or _any_within(theirs, mine):
        return True
    drawn_here, drawn_there = _shapes(one), _shapes(other)
    return bool(
        drawn_here.intersects(drawn_there)
        or drawn_here.intersects(_ground(theirs))
        or drawn_there.intersects(_ground(mine))
    )


def _areas(alert: Alert) -> list[Area]:
    return [area for info in alert.infos for area in info.areas]


def _codes(alert: Alert) -> tuple[str, ...]:
    found = (spelled.spell(code.value_name, code.value) for area in _areas(alert) for code in area.geocodes)
    return tuple(dict.fromkeys(found))


def _any_within(outers: tuple[str, ...], inners: tuple[str, ...]) -> bool:
    lies_within = spelled.within(outers)
    return any(lies_within(code) for code in inners if spelled.is_known(code))


def _shapes(alert: Alert) -> BaseGeometry:
    """Shapes that stand alone: beside codes, the codes decide."""
    bare = [area for area in _areas(alert) if not area.geocodes]
    shapes: list[Polygon | Circle] = []
    for area in bare:
        shapes += [*area.polygons, *area.circles]
    return shapely.union_all([drawn(shape) for shape in shapes])


def _ground(codes: tuple[str, ...]) -> BaseGeometry:
    return ground(frozenset(code for code in codes if spelled.is_known(code)))
