"""One installation: where it is and what it drives."""

from collections.abc import Iterable
from dataclasses import dataclass

from satwarn.area import gazetteer
from satwarn.errors import BadArea


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A receiver's place: `code` is JIS X 0402, five digits (31000 = the prefecture's own office)."""

    code: str
    outputs: tuple[str, ...]

    def lies_in(self, codes: Iterable[str]) -> bool:
        """Whether one of the codes contains this place; an unknown code contains nothing."""
        return any(_known(code) and gazetteer.contains(code, self.code) for code in codes)

    def unknown_nearby(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Codes of our own prefecture that no table knows: perhaps new, perhaps wrong, never ignored."""
        return tuple(code for code in codes if code[:2] == self.code[:2] and not _known(code))


def _known(code: str) -> bool:
    try:
        gazetteer.place(code)
    except BadArea:
        return False
    return True
