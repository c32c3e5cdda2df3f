"""Which carrier says an alert's area best: prefectures, municipalities, several frames, or an ellipse.

In one CAP `area`, codes of a gazetteer we know say where and its shapes only draw them; an `area` without such codes is
its shapes. Whatever cannot be said exactly is said larger, never smaller, and what was added is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import cos, radians

from satwarn.alert.alert import Alert, Area
from satwarn.area import gazetteer
from satwarn.area.flat import flat
from satwarn.area.layer import japan_raster
from satwarn.area.outline import area_km2, share
from satwarn.area.shape import Circle, Polygon
from satwarn.errors import BadArea, DoesNotFit
from satwarn.frame.compose_codes import Service
from satwarn.frame.compose_ellipse import Said, around
from satwarn.frame.compose_loss import Aspect, Loss

JAPAN_CODES = ("JISX0401", "JISX0402")
PER_FRAME = 4
MOST_FRAMES = 8
"""More frames than this would keep one alert from the air for half a minute."""

Drawn = tuple[Polygon | Circle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an alert says of its area: codes of Japan, and shapes that no code stands for."""

    prefectures: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()
    shapes: Drawn = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one frame says of the area."""

    prefectures: tuple[int, ...] = ()
    municipalities: tuple[str, ...] = ()
    ellipse: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the frames cover beside what was asked: km2 where shapes can be measured, and the codes that were added."""

    asked_km2: float | None = None
    covered_km2: float | None = None
    added: tuple[str, ...] = ()

    @property
    def overreach_km2(self) -> float | None:
        if self.asked_km2 is None or self.covered_km2 is None:
            return None
        return max(self.covered_km2 - self.asked_km2, 0.0)

    @property
    def overreach_percent(self) -> float | None:
        over = self.overreach_km2
        return None if over is None or not self.asked_km2 else 100 * over / self.asked_km2


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The places of all frames, what they cover, and what was lost."""

    places: tuple[Place, ...]
    cover: Cover
    losses: tuple[Loss, ...] = ()


def ground_of(alert: Alert) -> Ground:
    """The area of an alert over all its infos; raises BadArea for none at all, or for a code nobody bears."""
    found = Ground()
    for area in dict.fromkeys(area for info in alert.infos for area in info.areas):
        found = _with(found, area)
    if not (found.prefectures or found.municipalities or found.shapes):
        raise BadArea(
            "the alert has no area that a frame could say", where="info/area", fix="add a geocode, polygon or circle"
        )
    inside = {code for code in found.municipalities if gazetteer.place(code).prefecture in found.prefectures}
    return replace(found, municipalities=found.municipalities - inside)


def _with(ground: Ground, area: Area) -> Ground:
    prefectures, municipalities = set(ground.prefectures), set(ground.municipalities)
    known = [code.value for code in area.geocodes if code.value_name in JAPAN_CODES]
    for code in known:
        place = gazetteer.place(code)
        if place.kind == "prefecture":
            prefectures.add(place.prefecture)
        else:
            municipalities.add(place.code)
    drawn: Drawn = (*area.polygons, *area.circles)
    shapes = () if known else drawn or _outlines(area)
    if not known and not shapes and area.geocodes:
        said = ", ".join(f"{code.value_name} {code.value}" for code in area.geocodes[:3])
        raise BadArea(f"no shape is known for {said}", where="info/area/geocode", fix="give the polygon too")
    return Ground(
        prefectures=frozenset(prefectures),
        municipalities=frozenset(municipalities),
        shapes=(*ground.shapes, *(shape for shape in shapes if shape not in ground.shapes)),
    )


def _outlines(area: Area) -> Drawn:
    """The outlines of codes of other gazetteers, if every one of them has one; else nothing is left out."""
    found: list[Polygon] = []
    for code in area.geocodes:
        try:
            found += gazetteer.shape_of(gazetteer.in_scheme(code.value_name, code.value))
        except BadArea:
            return ()
    return tuple(found)


def places_of(ground: Ground, service: Service) -> Placed:
    """The frames' places for a service."""
    if service is Service.J_ALERT:
        return _j_alert(ground)
    if service is Service.OUTSIDE_JAPAN:
        return _ellipse(ground)
    return _municipal(ground)


def _j_alert(ground: Ground) -> Placed:
    """A mask of prefectures, or lists of up to four municipalities."""
    touched, outside = _touched(ground.shapes)
    if outside and not (touched or ground.prefectures or ground.municipalities):
        raise BadArea("the shapes touch no prefecture of Japan", where="info/area", fix="--service outside-japan")
    prefectures = ground.prefectures | touched
    municipalities = {code for code in ground.municipalities if code[:2] not in prefectures}
    added = sorted(touched - ground.prefectures)
    losses = _shapes_lost(ground.shapes, outside, touched - ground.prefectures)
    lists = -(-len(municipalities) // PER_FRAME)
    if lists + bool(prefectures) > MOST_FRAMES // 2:
        widened = {code[:2] for code in municipalities}
        losses.append(_widened(municipalities, widened))
        prefectures, municipalities, added = prefectures | widened, set(), sorted({*added, *widened})
    places = [Place(prefectures=tuple(sorted(map(int, prefectures))))] if prefectures else []
    ordered = sorted(municipalities)
    places += [Place(municipalities=tuple(ordered[at : at + 4])) for at in range(0, len(ordered), PER_FRAME)]
    cover = _cover(ground, {*prefectures, *municipalities}, tuple(added))
    return Placed(places=tuple(places), cover=cover, losses=tuple(losses))


def _cover(ground: Ground, said: set[str], added: tuple[str, ...]) -> Cover:
    """What codes cover, measured where anything was added: a municipality by a raster of 1 km, so only about."""
    if not added:
        return Cover()
    asked = sum(map(_size_km2, ground.prefectures | ground.municipalities))
    shapes = area_km2(flat(*ground.shapes)) if ground.shapes else 0.0
    return Cover(asked_km2=asked + shapes, covered_km2=sum(map(_size_km2, said)), added=added)


@cache
def _size_km2(code: str) -> float:
    rings = gazetteer.shape(code) if len(code) == 2 else japan_raster().outline(_city(code))
    return area_km2(flat(*rings)) if rings else 0.0


def _city(code: str) -> str:
    """The municipality that the raster knows: a ward counts as its whole city."""
    place = gazetteer.place(code)
    return place.parent if place.kind == "ward" and place.parent else code


def _shapes_lost(shapes: Drawn, outside: Drawn, added: frozenset[str]) -> list[Loss]:
    inside, told = len(shapes) - len(outside), []
    if inside:
        named = ", ".join(gazetteer.place(code).name("en") for code in sorted(added))
        told.append(f"{inside} shape(s) go as whole prefectures: {named or 'already named'}")
    if outside:
        told.append(f"{len(outside)} shape(s) outside Japan are not carried: send them with --service outside-japan")
    return [Loss(aspect=Aspect.AREA, what=what, field="EX9") for what in told]


def _widened(municipalities: set[str], widened: set[str]) -> Loss:
    inside = sum(len(gazetteer.municipalities(code)) for code in widened)
    gone = _counted(len(municipalities), "municipality goes", "municipalities go")
    whole = _counted(len(widened), "whole prefecture", "whole prefectures")
    what = f"{gone} as {whole} ({_counted(inside, 'municipality', 'municipalities')})"
    return Loss(aspect=Aspect.AREA, what=what, field="EX9")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


@dataclass(frozen=True, slots=True)
class Box:
    """The bounds of a place in degrees; a rough first question, so it is never too small."""

    code: str
    south: float
    north: float
    west: float
    east: float

    def meets(self, other: "Box") -> bool:
        apart = self.south > other.north or other.south > self.north or self.west > other.east or other.west > self.east
        return not apart


def _box(shape: Polygon | Circle, code: str = "") -> Box:
    if isinstance(shape, Circle):
        high = shape.radius_km / 110
        wide = high / max(cos(radians(min(abs(shape.latitude_deg) + high, 89.0))), 0.01)
        latitude, longitude = shape.latitude_deg, shape.longitude_deg
        return Box(code, latitude - high, latitude + high, longitude - wide, longitude + wide)
    latitudes, longitudes = zip(*shape.points, strict=True)
    box = Box(code, min(latitudes), max(latitudes), min(longitudes), max(longitudes))
    return replace(box, west=-180.0, east=180.0) if box.east - box.west > 180 else box


@cache
def _boxes() -> tuple[Box, ...]:
    """The bounds of every ring of every prefecture's generous outline."""
    return tuple(_box(ring, place.code) for place in gazetteer.prefectures() for ring in gazetteer.cover(place.code))


def _touched(shapes: Drawn) -> tuple[frozenset[str], Drawn]:
    """Every prefecture that a shape may touch, by the generous outlines; and the shapes that touch none."""
    found: set[str] = set()
    outside: list[Polygon | Circle] = []
    for shape in shapes:
        asked = _box(shape)
        near = {box.code for box in _boxes() if box.meets(asked)}
        touched = {code for code in near if share((shape,), gazetteer.cover(code)) > 0}
        found |= touched
        outside += () if touched else (shape,)
    return frozenset(found), tuple(outside)


def _municipal(ground: Ground) -> Placed:
    """A municipality or a whole prefecture (31000) a frame, and one ellipse for what has no code."""
    codes = [*(code + "000" for code in sorted(ground.prefectures)), *sorted(ground.municipalities)]
    losses: list[Loss] = []
    added: set[str] = set()
    if len(codes) + bool(ground.shapes) > MOST_FRAMES:
        added = {code[:2] for code in ground.municipalities}
        losses.append(_widened(set(ground.municipalities), added))
        codes = [code + "000" for code in sorted(ground.prefectures | added)]
    if len(codes) + bool(ground.shapes) > MOST_FRAMES:
        raise DoesNotFit(
            f"{len(codes)} prefectures, one a frame, {MOST_FRAMES} at most", where="EX1", fix="--service j-alert"
        )
    drawn = _ellipse(ground) if ground.shapes else None
    places = (*(Place(municipalities=(code,)) for code in codes), *(drawn.places if drawn else ()))
    cover = drawn.cover if drawn else _cover(ground, {code.removesuffix("000") for code in codes}, tuple(sorted(added)))
    cover = replace(cover, added=tuple(sorted(added)))
    return Placed(places=places, cover=cover, losses=(*losses, *(drawn.losses if drawn else ())))


def _ellipse(ground: Ground) -> Placed:
    """One ellipse around everything."""
    shapes = (*ground.shapes, *_drawn(ground))
    said = around(shapes)
    asked = area_km2(flat(*shapes))
    cover = Cover(asked_km2=asked, covered_km2=max(said.area_km2, asked))
    what = f"{len(shapes)} shape(s) go as an ellipse, {cover.overreach_km2:,.0f} km² more"
    return Placed(
        places=(Place(ellipse=said),), cover=cover, losses=(Loss(aspect=Aspect.AREA, what=what, field="A12-A16"),)
    )


def _drawn(ground: Ground) -> Iterator[Polygon]:
    """Japanese codes as shapes, for a service that has no codes; a municipality as its whole prefecture."""
    for code in sorted(ground.prefectures | {code[:2] for code in ground.municipalities}):
        yield from gazetteer.cover(code)


def is_in_japan(shapes: Sequence[Polygon | Circle]) -> bool:
    """Whether any of the shapes may touch Japan."""
    return bool(_touched(tuple(shapes))[0])
