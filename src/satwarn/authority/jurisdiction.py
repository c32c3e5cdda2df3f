"""Over what somebody may speak: hazards, areas, purposes, paths. Nothing is assumed: what is not given is not held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from satwarn.alert.alert import Alert, Area
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import Purpose, rule_of
from satwarn.area import gazetteer, spelled
from satwarn.area.flat import mended
from satwarn.area.shape import Circle, Polygon
from satwarn.authority.hazard import hazard_of
from satwarn.errors import BadArea, NotAllowed
from satwarn.ledger.receipt import Path

ALL = "*"
SPILL = 0.05
"""The share of a drawn shape that may lie outside: our outlines of prefectures are drawn to about 500 m."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Hazards by key, areas by gazetteer code, purposes, paths; `{"*"}` for hazards or areas means every one."""

    hazards: frozenset[str]
    areas: frozenset[str]
    purposes: frozenset[Purpose]
    paths: frozenset[Path]

    def check(self, alert: Alert, *, who: str) -> None:
        """NotAllowed naming the first thing in the alert that lies outside."""
        if plan_of(alert) is None:
            purpose = rule_of(alert).purpose
            if purpose not in self.purposes:
                raise NotAllowed(f"{who} may not speak for the purpose {purpose}", where="purpose")
            hazard = hazard_of(alert)
            if not self.hazards & {ALL, hazard.key}:
                raise NotAllowed(f"{who} may not warn of {hazard.key}", where="hazard")
        self.check_areas((area for info in alert.infos for area in info.areas), who=who)

    def check_areas(self, areas: Iterable[Area], *, who: str) -> None:
        """NotAllowed naming the first code or shape that lies outside."""
        if ALL in self.areas:
            return
        for area in areas:
            for code in area.geocodes:
                theirs = spelled.spell(code.value_name, code.value)
                if not any(spelled.contains(ours, theirs) for ours in self.areas):
                    raise NotAllowed(
                        f"{who} may not warn {_named(theirs)}", where=f"area {area.description}", fix=self._fix()
                    )
            shapes: list[Polygon | Circle] = [*area.polygons, *area.circles]
            for shape in shapes:
                if self._spills(shape):
                    raise NotAllowed(
                        f"{who} may not warn all of the shape drawn: a part lies outside",
                        where=f"area {area.description}",
                        fix=self._fix(),
                    )

    def joined(self, other: "Jurisdiction") -> "Jurisdiction":
        """What either of the two holds, each kind for itself."""
        return Jurisdiction(
            hazards=self.hazards | other.hazards,
            areas=self.areas | other.areas,
            purposes=self.purposes | other.purposes,
            paths=self.paths | other.paths,
        )

    def check_holds(self, given: "Jurisdiction", *, who: str) -> None:
        """NotAllowed naming the first thing in `given` that is not held here, so cannot be passed on."""
        for name in self._beyond(given):
            raise NotAllowed(f"{who} cannot give more than they hold", where=name, fix="ask somebody who holds it")

    def holds(self, given: "Jurisdiction") -> bool:
        """Whether all of `given` is held here."""
        return not self._beyond(given)

    def _beyond(self, given: "Jurisdiction") -> list[str]:
        wider = {
            "hazards": not self.hazards & {ALL} and bool(given.hazards - self.hazards),
            "areas": ALL not in self.areas and not all(self._holds_place(code) for code in given.areas),
            "purposes": bool(given.purposes - self.purposes),
            "paths": bool(given.paths - self.paths),
        }
        return [name for name, is_wider in wider.items() if is_wider]

    def _holds_place(self, code: str) -> bool:
        return code != ALL and any(spelled.contains(ours, code) for ours in self.areas)

    def _spills(self, shape: Polygon | Circle) -> bool:
        wanted = drawn(shape)
        if wanted.is_empty or wanted.area == 0:
            return True
        return bool(wanted.difference(ground(self.areas)).area > SPILL * wanted.area)

    def _fix(self) -> str:
        return "stay within " + ", ".join(_named(code) for code in sorted(self.areas))

    def to_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "hazards": sorted(self.hazards),
            "areas": sorted(self.areas),
            "purposes": sorted(self.purposes),
            "paths": sorted(self.paths),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Jurisdiction":
        """Read what `to_json` wrote; BadArea for a code nobody bears, ValueError for an unknown purpose or path."""
        for code in values["areas"]:
            if code != ALL:
                spelled.place_of(code)
        return cls(
            hazards=frozenset(values["hazards"]),
            areas=frozenset(values["areas"]),
            purposes=frozenset(map(Purpose, values["purposes"])),
            paths=frozenset(map(Path, values["paths"])),
        )


EVERYWHERE = Jurisdiction(
    hazards=frozenset({ALL}), areas=frozenset({ALL}), purposes=frozenset(Purpose), paths=frozenset(Path)
)
"""A whole country's authority; given by name, never by leaving something out."""

NOTHING = Jurisdiction(hazards=frozenset(), areas=frozenset(), purposes=frozenset(), paths=frozenset())


def _named(code: str) -> str:
    try:
        return f"{spelled.place_of(code).name('en')} ({code})"
    except BadArea:
        return code


def drawn(shape: Polygon | Circle) -> BaseGeometry:
    """A shape on a sheet of longitudes and latitudes."""
    if isinstance(shape, Polygon):
        return mended(shapely.Polygon([(lon, lat) for lat, lon in shape.points]))
    # A degree of latitude is 111 km; east to west this draws the circle too wide, which errs towards refusing.
    return shapely.Point(shape.longitude_deg, shape.latitude_deg).buffer(shape.radius_km / 111)


@lru_cache(maxsize=64)
def ground(codes: frozenset[str]) -> BaseGeometry:
    """The places of codes on the same sheet; BadArea for a code nobody bears."""
    covers = [polygon for code in sorted(codes) for polygon in _covers(code)]
    return shapely.union_all([drawn(polygon) for polygon in covers])


def _covers(code: str) -> tuple[Polygon, ...]:
    """The drawn ground of a code: that of its prefecture or Land where the place itself is not drawn."""
    for scheme, part in spelled.line_of(code):
        place = gazetteer.in_scheme(scheme, part)
        if polygons := gazetteer.cover_of(place) or gazetteer.shape_of(place):
            return polygons
    return ()
