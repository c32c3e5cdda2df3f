"""Where names stand on a map: near what they name, and on as few sites and other names as can be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from satwarn.area.shape import Ring

LINE = 17.0
LATIN, CJK = 7.4, 13.0  # mean width of a glyph at 13 units, measured on system sans and Noto Sans CJK
HIT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name around (x, y), its middle, in the map's units; `kind` is "place" or "failed"."""

    x: float
    y: float
    name_en: str
    name_ja: str
    kind: str

    @property
    def width(self) -> float:
        """How wide it is drawn, about."""
        return LATIN * (len(self.name_en) + 1) + CJK * len(self.name_ja)

    def hits(self, x: float, y: float, *, room: float = 5) -> bool:
        """Whether a site at (x, y) lies under it."""
        return abs(x - self.x) < self.width / 2 + room and abs(y - self.y) < LINE / 2 + room

    def meets(self, other: "Label") -> bool:
        """Whether both need the same paper."""
        return abs(other.x - self.x) < (self.width + other.width) / 2 and abs(other.y - self.y) < LINE


def place_label(
    name: tuple[str, str],
    kind: str,
    spots: Iterable[tuple[float, float, float]],
    *,
    sites: Sequence[tuple[float, float]],
    others: Sequence[Label],
    width: float,
) -> Label:
    """The best of `spots` (x, y, price) for a name in English and Japanese on a map `width` units wide."""

    def price(choice: tuple[Label, float]) -> float:
        label, distance = choice
        outside = max(0.0, label.width / 2 - label.x, label.x + label.width / 2 - width)
        under = sum(label.hits(x, y) for x, y in sites)
        return distance + HIT * under + 10 * HIT * sum(label.meets(one) for one in others) + 10 * outside

    choices = [(Label(x=x, y=y, name_en=name[0], name_ja=name[1], kind=kind), cost) for x, y, cost in spots]
    return min(choices, key=price)[0]


def around(x: float, y: float, *, reach: int = 12, step: float = 7) -> list[tuple[float, float, float]]:
    """Spots on a grid around a middle; the price is the distance."""
    return [
        (x + i * step, y + j * step, step * (i * i + j * j) ** 0.5)
        for j in range(-reach, reach + 1)
        for i in range(-reach, reach + 1)
    ]


def beside(x: float, y: float, width: float) -> list[tuple[float, float, float]]:
    """Spots for the name of a site: right, left, below, above, and a line further off."""
    aside = width / 2 + 9
    return [
        (x + aside, y, 0), (x - aside, y, 5), (x, y + LINE, 20), (x, y - LINE, 20),
        (x + aside, y + LINE, 40), (x - aside, y + LINE, 40), (x + aside, y - LINE, 40), (x - aside, y - LINE, 40),
    ]  # fmt: skip


def middle(points: Sequence[tuple[float, float]] | Ring) -> tuple[float, float]:
    """The centre of area of a ring on the plane; its first point where it has no area."""
    twice = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        cross = x0 * y1 - x1 * y0
        twice, x, y = twice + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / (3 * twice), y / (3 * twice)) if twice else points[0]
