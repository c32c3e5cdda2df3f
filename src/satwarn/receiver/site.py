"""One installation: where it is and what it drives."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

from satwarn.area import spelled
from satwarn.area.shape import Point
from satwarn.errors import BadArea
from satwarn.frame.country import country_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A receiver's place: `code` is JIS X 0402, five digits (31000 = the prefecture's own office), or one of another
    country with its scheme (AGS:09162, a German Kreis); where several stand, each with its own name (31202.school).

    `position` (latitude, longitude in degrees) is where it stands, by default where its municipality is; shapes count
    as reaching it up to `margin_km` beyond their edge.
    """

    code: str
    outputs: tuple[str, ...]
    position: Point | None = None
    margin_km: float = 5.0

    @property
    def point(self) -> Point:
        """Where it stands; BadArea when neither the code nor the settings say."""
        if self.position:
            return self.position
        place = spelled.place_of(self.code)
        if isnan(place.latitude_deg):
            raise BadArea(f"no table says where {self.code} lies", fix="give latitude and longitude")
        return place.latitude_deg, place.longitude_deg

    @property
    def is_placed(self) -> bool:
        """Whether it is known where it stands."""
        return self.position is not None or not isnan(spelled.place_of(self.code).latitude_deg)

    @property
    def country(self) -> int:
        """CAMF A2 of the country whose code it has."""
        return country_numbers()[spelled.country_of(self.code)]

    @property
    def prefecture(self) -> str:
        """The first two digits of its code: its prefecture, its Land."""
        return spelled.key_of(self.code)[1][:2]

    def lies_in(self, codes: Iterable[str]) -> bool:
        """Whether one of the codes (spelled) contains this place; an unknown code contains nothing."""
        return spelled.within(tuple(codes))(self.code)

    def unknown_nearby(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Codes of our own prefecture or Land that no table knows, or of a part of our own place: perhaps new, perhaps
        wrong, perhaps here, never ignored."""
        return tuple(code for code in codes if self._is_near(code))

    def _is_near(self, code: str) -> bool:
        if spelled.is_known(code):
            return False
        own = spelled.key_of(self.code)[1]
        scheme, _, digits = code.rpartition(":")
        try:
            same_country = spelled.country_of(code) == spelled.country_of(self.code)
        except BadArea:
            same_country = not scheme and not self.code.rpartition(":")[0]
        if not same_country:
            return False
        return digits.startswith(own) if len(digits) > len(own) else digits[:2] == own[:2]
