"""One installation: where it is and what it drives."""

from collections.abc import Iterable
from dataclasses import dataclass

from satwarn.area import gazetteer
from satwarn.area.shape import Point
from satwarn.errors import BadArea

JAPAN = 111


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A receiver's place: `code` is JIS X 0402, five digits (31000 = the prefecture's own office).

    `position` (latitude, longitude in degrees) is where it stands, by default where its municipality is; shapes count
    as reaching it up to `margin_km` beyond their edge. `country` is CAMF A2.
    """

    code: str
    outputs: tuple[str, ...]
    position: Point | None = None
    margin_km: float = 5.0
    country: int = JAPAN

    @property
    def point(self) -> Point:
        """Where it stands; BadArea when neither the code nor the settings say."""
        if self.position:
            return self.position
        place = gazetteer.place(self.code)
        return place.latitude_deg, place.longitude_deg

    @property
    def prefecture(self) -> str:
        """The two digits of its prefecture."""
        return self.code[:2]

    def lies_in(self, codes: Iterable[str]) -> bool:
        """Whether one of the codes contains this place; an unknown code contains nothing."""
        return any(_known(code) and gazetteer.contains(code, self.code) for code in codes)

    def unknown_nearby(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Codes of our own prefecture that no table knows: perhaps new, perhaps wrong, never ignored."""
        return tuple(code for code in codes if code[:2] == self.prefecture and not _known(code))


def _known(code: str) -> bool:
    try:
        gazetteer.place(code)
    except BadArea:
        return False
    return True
