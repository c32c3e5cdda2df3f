"""A map as an SVG text: land, units, shapes and marks, for reports and pages. Equal-area around its middle.

Colours are words of a stylesheet inside the picture, for light and dark; shapes differ by line as well as by colour.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from math import cos, log10, radians
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from satwarn.area.flat import Geometry, flat
from satwarn.area.plane import RADIUS_KM
from satwarn.area.shape import Point, Shape

WIDTH = 880
_BACKGROUND = ("land", "unit")
_ROOM = files("satwarn.area")
Down = Callable[[NDArray[Any]], NDArray[Any]]

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a map shows. `drawn` are (class, geometry) pairs from below to above, the class one of the stylesheet's."""

    title: str
    view: Geometry  # in degrees: what must be seen whole
    drawn: Sequence[tuple[str, Geometry]] = ()
    lines: Sequence[tuple[str, Sequence[Point]]] = ()
    marks: Sequence[tuple[Point, str]] = ()
    key: Sequence[tuple[str, str]] = field(default=())  # class, what it means
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The equal-area plane (Lambert, azimuthal, on a sphere) and the frame on it."""

    latitude_deg: float
    longitude_deg: float

    def down(self, points: Array) -> Array:
        longitude, latitude = np.radians(points).T
        turn, at = longitude - np.radians(self.longitude_deg), np.radians(self.latitude_deg)
        east = np.cos(latitude) * np.sin(turn)
        north = np.cos(at) * np.sin(latitude) - np.sin(at) * np.cos(latitude) * np.cos(turn)
        up = np.sin(at) * np.sin(latitude) + np.cos(at) * np.cos(latitude) * np.cos(turn)
        scale = RADIUS_KM * np.sqrt(2 / np.maximum(1 + up, 1e-6))
        return np.column_stack((east * scale, -north * scale))


def _middle(view: Geometry) -> _Sheet:
    points = np.radians(shapely.get_coordinates(shapely.segmentize(view, 5.0)))
    xyz = np.column_stack((np.cos(points[:, 1]) * np.cos(points[:, 0]), np.cos(points[:, 1]) * np.sin(points[:, 0]),
                           np.sin(points[:, 1])))  # fmt: skip
    x, y, z = (xyz.min(axis=0) + xyz.max(axis=0)) / 2
    return _Sheet(float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x))))


def _near(view: Geometry, middle: _Sheet) -> Geometry:
    """The part of the Earth round the view, so that nothing of the far side is drawn."""
    west, south, east, north = view.bounds
    if east - west > 180:
        return shapely.box(-180, -90, 180, 90)
    pad = max(east - west, north - south, 2.0)
    wide = pad / max(cos(radians(min(abs(middle.latitude_deg) + pad, 80))), 0.2)
    return shapely.box(west - wide, max(south - pad, -90), east + wide, min(north + pad, 90))


def _path(geometry: Geometry, to: Down, seen: Geometry, *, least_px: float) -> str:
    """The outline in pixels within the frame, not finer than half a pixel; islands below `least_px` are left out."""
    steps = []
    laid = shapely.make_valid(shapely.transform(geometry, to)).buffer(0.2, quad_segs=1)  # closes the antimeridian
    for part in shapely.get_parts(shapely.get_parts(laid.intersection(seen))):
        west, north, east, south = part.bounds
        if isinstance(part, shapely.Polygon) and max(east - west, south - north) >= least_px:
            plain = shapely.simplify(part, 0.5, preserve_topology=False)
            for ring in shapely.get_rings(plain if not plain.is_empty else part.envelope):
                steps.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)) + "Z")
    return "".join(steps)


def _frame(seen: Array) -> tuple[Array, Array]:
    """Lower corner and size of a frame around what must be seen, neither very flat nor very tall."""
    size = np.maximum(np.ptp(seen, axis=0) * 1.16, 10.0)
    size = np.maximum(size, [size[1] / 1.2, size[0] * 0.45])
    return (seen.min(axis=0) + seen.max(axis=0) - size) / 2, size


def draw(chart: Chart, *, width: int = WIDTH, land: Iterable[Shape] = (), dark: bool = True) -> str:
    """The chart as one self-contained SVG picture with a scale bar, a key and its source; no outside request."""
    sheet = _middle(chart.view)
    low, span = _frame(sheet.down(shapely.get_coordinates(shapely.segmentize(chart.view, 0.5))))
    scale = width / float(span[0])
    head, foot, height = 34, 26 + 18 * len(chart.key), float(span[1]) * scale

    def to(points: Array) -> Array:
        found: Array = (sheet.down(points) - low) * scale + [0, head]
        return found

    near, frame = _near(chart.view, sheet), shapely.box(-9, head - 9, width + 9, head + height + 9)
    parts = [("land", flat(*land))] if (land := tuple(land)) else []
    body = []
    for kind, ground in (*parts, *chart.drawn):
        least_px = 2.0 if kind in _BACKGROUND else 0.0
        path = _path(shapely.segmentize(ground.intersection(near), 0.5), to, frame, least_px=least_px)
        body.append(f'<path class="{kind}" d="{path}"/>')
    for kind, points in chart.lines:
        run = to(np.array([(longitude, latitude) for latitude, longitude in points]))
        body.append(f'<path class="{kind}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in run)}"/>')
    for (latitude, longitude), label in chart.marks:
        x, y = to(np.array([[longitude, latitude]]))[0]
        body.append(f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        anchor = ' text-anchor="end"' if x > width * 0.8 else ""
        body.append(f'<text x="{x + (-8 if anchor else 8):.1f}" y="{y + 4:.1f}"{anchor}>{escape(label)}</text>')
    total = head + height + foot
    clip = f'<clipPath id="c"><rect y="{head}" width="{width}" height="{height:.0f}"/></clipPath>'
    style = (_ROOM / "chart.css").read_text()
    if dark:
        style += "@media(prefers-color-scheme:dark){" + (_ROOM / "chart_dark.css").read_text() + "}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {total:.0f}" width="{width}" '
        f'height="{total:.0f}" role="img" aria-label="{escape(chart.title, quote=True)}"><style>{style}</style>{clip}'
        f'<rect class="sea" width="{width}" height="{total:.0f}"/>'
        f'<text x="8" y="22" font-weight="600">{escape(chart.title)}</text>'
        f'<g clip-path="url(#c)">{"".join(body)}</g>{_legend(chart, scale, head + height)}</svg>\n'
    )


def _legend(chart: Chart, scale: float, top: float) -> str:
    """Scale bar, meaning of the classes, source."""
    wanted = WIDTH / 5 / scale
    step = 10 ** int(log10(wanted))
    length = max(factor * step for factor in (1, 2, 5) if factor * step <= max(wanted, step))
    parts = [
        f'<path class="bar" d="M8 {top + 10:.0f}v-4h{length * scale:.1f}v4"/>'
        f'<text class="foot" x="{length * scale + 14:.1f}" y="{top + 12:.0f}">{length:g} km</text>'
    ]
    for line, (kind, text) in enumerate(chart.key):
        y = top + 18 + 18 * line
        parts.append(f'<rect class="{kind}" x="8" y="{y:.0f}" width="22" height="12"/>')
        parts.append(f'<text x="38" y="{y + 10:.0f}">{escape(text)}</text>')
    foot = escape(chart.source)
    parts.append(f'<text class="foot" x="{WIDTH - 8}" y="{top + 14:.0f}" text-anchor="end">{foot}</text>')
    return "".join(parts)
