"""Where names stand on a map: near what they name, and on as few sites and other names as can be.

A map is drawn wide and on a telephone; there letters are larger against the land (`SIZES`), and only English is shown.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

Ring = Sequence[tuple[float, float]]  # on the plane, the last point the same as the first
SIZES = {"wide": 13.0, "phone": 22.0}  # units; report.css sets the same
LATIN_EM, CJK_EM, LINE_EM = 0.6, 1.0, 1.25  # mean width of a glyph in system sans and Noto Sans CJK, and a line
SITE = 5.0
UNDER, OVER, OUTSIDE = 40.0, 600.0, 10.0  # prices: a site under a name, two names on each other, a unit off the map


class Rect(NamedTuple):
    """A piece of paper."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a site's mark there would touch it."""
        x, y = point
        return self.left - SITE < x < self.right + SITE and self.top - SITE < y < self.bottom + SITE

    def meets(self, other: "Rect") -> bool:
        """Whether both need the same paper."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place for a name: a point in units, the end of the text that is there, and how far off, in its own letters."""

    x: float
    y: float
    anchor: str = "middle"
    dx_em: float = 0
    dy_em: float = 0
    price: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name at its spot; `kind` is "place" or "failed"."""

    name_en: str
    name_ja: str
    kind: str
    spot: Spot

    def paper(self, drawn: str) -> Rect:
        """What it covers when the map is drawn so (a key of SIZES)."""
        size, spot = SIZES[drawn], self.spot
        width = size * LATIN_EM * len(self.name_en)
        if drawn == "wide":
            width += size * (LATIN_EM + CJK_EM * len(self.name_ja))
        x, y = spot.x + spot.dx_em * size, spot.y + spot.dy_em * size
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[spot.anchor]
        return Rect(left, y - size * LINE_EM / 2, left + width, y + size * LINE_EM / 2)


def place_labels(
    names: Iterable[tuple[str, str, str, Sequence[Spot]]], *, sites: Ring, failed: Ring, width: float
) -> tuple[Label, ...]:
    """Give each name (English, Japanese, kind, spots) the cheapest of its spots, in turn, on a map `width` wide."""
    placed: list[Label] = []
    for name_en, name_ja, kind, spots in names:
        choices = [Label(name_en=name_en, name_ja=name_ja, kind=kind, spot=spot) for spot in spots]
        placed.append(min(choices, key=_price(placed, sites, failed, width)))
    return tuple(placed)


def _price(placed: Sequence[Label], sites: Ring, failed: Ring, width: float) -> Callable[[Label], float]:
    taken = {drawn: [label.paper(drawn) for label in placed] for drawn in SIZES}

    def price(label: Label) -> float:
        total = label.spot.price + UNDER * sum(map(label.paper("wide").holds, sites))
        for drawn in SIZES:
            paper = label.paper(drawn)
            total += OVER * (sum(map(paper.meets, taken[drawn])) + sum(map(paper.holds, failed)))
            total += OUTSIDE * max(0.0, -paper.left, paper.right - width)
        return total

    return price


def beside(x: float, y: float) -> list[Spot]:
    """Spots for the name of a site: right and left of its mark, over and under it, a line or two above or below."""
    sides = [
        Spot(x=x, y=y, anchor=anchor, dx_em=side * 0.85, dy_em=line * LINE_EM, price=80 * line * line + (side < 0))
        for line in (0, 1, -1, 2, -2)
        for side, anchor in ((1, "start"), (-1, "end"))
    ]
    return sides + [Spot(x=x, y=y, dy_em=side * LINE_EM, price=30) for side in (-1, 1)]


def inside(ring: Ring, *, step: float = 10) -> list[Spot]:
    """Spots on a grid within a closed ring; the price is half the distance from its centre of area."""
    middle_x, middle_y = middle(ring)
    top, bottom = min(y for _, y in ring), max(y for _, y in ring)
    spots = [Spot(x=middle_x, y=middle_y, price=step)]
    for row in range(1, int((bottom - top) / step) + 1):
        level = top + row * step
        banks = sorted(_crossings(ring, level))
        for left, right in zip(banks[::2], banks[1::2], strict=True):
            columns = (left + step * n for n in range(1, int((right - left) / step) + 1))
            spots += (Spot(x=x, y=level, price=0.5 * abs(complex(x - middle_x, level - middle_y))) for x in columns)
    return spots


def _crossings(ring: Ring, level: float) -> list[float]:
    """Where the sides of a closed ring cross a level: an even number of places."""
    return [
        x0 + (level - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in pairwise(ring)
        if (y0 <= level) != (y1 <= level)
    ]


def middle(ring: Ring) -> tuple[float, float]:
    """The centre of area of a closed ring; its first point where it has no area."""
    twice = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        twice, x, y = twice + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / (3 * twice), y / (3 * twice)) if twice else ring[0]
