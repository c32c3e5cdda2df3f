"""All layers together: the units an area touches, at every level, and everything that a point lies in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from satwarn.area.crosswalk import Code, first_code, line, named
from satwarn.area.flat import Geometry, flat
from satwarn.area.layer import Layer, ShapeLayer, Share, japan_raster, shipped
from satwarn.area.place import Place, names, schemes
from satwarn.area.search import find, like
from satwarn.area.shape import Polygon, Shape, check_point
from satwarn.errors import BadArea

_SHIPPED = (
    ("ISO3166-1", "country", "countries.json"),
    ("JISX0401", "prefecture", "jp_prefectures.json"),
    ("AGS", "Land", "de_laender.json"),
    ("KR-SIDO", "province", "kr_sido.json"),
    ("KR-SIGUNGU", "district", "kr_sigungu.json"),
)


@dataclass(frozen=True)
class Atlas:
    """Layers from large to small; an operator's own stands in place of the shipped one of its scheme and level."""

    layers: tuple[Layer, ...]

    def with_layers(self, others: Iterable[Layer]) -> "Atlas":
        """The same atlas with these layers, each in place of what it had of that scheme and level."""
        layers = list(self.layers)
        for new in others:
            layers = [old for old in layers if (old.scheme, old.level) != (new.scheme, new.level)] + [new]
        return Atlas(tuple(layers))

    def layer(self, scheme: str, level: str = "") -> Layer | None:
        """The layer of a scheme (and level), if there is one."""
        return next((one for one in self.layers if one.scheme == scheme and level in ("", one.level)), None)

    def touched(self, ground: Geometry) -> tuple[Share, ...]:
        """Every unit of every layer that a flat geometry touches, countries first."""
        west, south, east, north = ground.bounds
        return tuple(
            share
            for layer in self.layers
            if schemes()[layer.scheme].reaches((south, north), (west, east))
            for share in layer.touched(ground)
        )

    def resolve(self, shapes: Sequence[Shape]) -> tuple[Share, ...]:
        """Every unit that the shapes touch, with the share of it they cover. Raises BadArea for none."""
        if not shapes:
            raise BadArea("there is no area", fix="give a polygon, circle, ellipse or codes")
        return self.touched(flat(*shapes))

    def at(self, latitude_deg: float, longitude_deg: float) -> tuple[Code, ...]:
        """The codes of everything a point lies in, country first; smaller units decide what they lie in."""
        check_point(latitude_deg, longitude_deg)
        found: dict[Code, None] = {}
        for layer in reversed(self.layers):
            if layer.scheme not in {scheme for scheme, _ in found} and schemes()[layer.scheme].reaches(
                latitude_deg, longitude_deg
            ):
                for code in layer.at(latitude_deg, longitude_deg):
                    found |= dict.fromkeys(line(layer.scheme, code))
        order = {one.scheme: index for index, one in enumerate(self.layers)}
        return tuple(sorted(found, key=lambda one: (order.get(one[0], 99), len(one[1]), one[1])))

    def named(self, scheme: str, code: str) -> Place:
        """The place of a code; one that only an operator's file knows gets its name from there."""
        try:
            return named(scheme, code)
        except BadArea:
            for layer in self.layers:
                if isinstance(layer, ShapeLayer) and layer.scheme == scheme and code in layer.outlines:
                    return _from_layer(layer, code)
            raise

    def outline_of(self, scheme: str, code: str) -> tuple[Polygon, ...]:
        """The outline of a place in the layer that has it, by any of its codes. Raises BadArea where none has."""
        for one in ((scheme, code), first_code(scheme, code)):
            for layer in reversed(self.layers):
                if layer.scheme == one[0] and (found := layer.outline(one[1])):
                    return found
        name = self.named(scheme, code).name()
        fix = "satwarn area import FILE --code FIELD, with the boundaries of its level"
        raise BadArea(f"no outline of {scheme} {code} ({name}) is here", fix=fix)

    def outline_asked(self, text: str) -> tuple[Polygon, ...]:
        """The outline of a code (`31`, `34100`, `DE-BY`, `AGS:09`) or a name. Raises BadArea for neither."""
        return self.outline_of(*self.code_asked(text))

    def code_asked(self, text: str) -> Code:
        """What a person means by a code or name: Japan's codes first, larger places before smaller."""
        scheme, colon, code = text.partition(":")
        if colon and scheme in schemes():
            first_code(scheme, code)
            return scheme, code
        for layer in self.layers:
            if isinstance(layer, ShapeLayer) and layer.made_of == "imported" and text in layer.outlines:
                return layer.scheme, text
        named = find(text)
        if not named:
            close = ", ".join(like(text)) or "satwarn area find NAME"
            raise BadArea(f"no place has the code or name {text!r}", fix=close)
        exact = [one for one in named if one.code == text]
        if not exact and text.isdecimal():  # a code with a fault in it is no name
            close = ", ".join(f"{one.code} {one.names['en']}" for one in list(named)[:3])
            raise BadArea(f"no place has the code {text}", fix=close)
        one = (sorted(exact, key=lambda one: one.scheme[:3] != "JIS") or list(named))[0]
        return one.scheme, one.code


def around(atlas: Atlas, ground: Geometry) -> tuple[tuple[str, Geometry], ...]:
    """What a map shows below an area: countries as land, and the units of the next level near it."""
    west, south, east, north = ground.bounds
    pad = max(east - west, north - south, 1.0)
    near = shapely.box(west - pad, max(south - pad, -90), east + pad, min(north + pad, 90))
    found = []
    for layer in atlas.layers:
        if isinstance(layer, ShapeLayer) and layer.level in ("country", "prefecture", "Land", "province"):
            kind = "land" if layer.level == "country" else "unit"
            found += [(kind, layer.ground(index)) for index in layer.near(near.bounds)]
    return tuple(found)


def _from_layer(layer: ShapeLayer, code: str) -> Place:
    point = flat(*layer.outlines[code]).representative_point()
    name = layer.names.get(code, code)
    return Place(
        code=code,
        scheme=layer.scheme,
        names=names(**{_language(layer.scheme): name}),
        latitude_deg=point.y,
        longitude_deg=point.x,
        kind=layer.level,
    )


def _language(scheme: str) -> str:
    return {"AGS": "de", "ARS": "de", "NUTS3": "de", "JISX0402": "ja", "JISX0401": "ja"}.get(
        scheme, "ko" if scheme.startswith("KR-") else "en"
    )


def shipped_atlas() -> Atlas:
    """The atlas the package ships: countries, prefectures, Laender, sido, sigungu, and the raster of municipalities."""
    return Atlas((*(shipped(*one) for one in _SHIPPED), japan_raster()))
