"""How well the sky is heard: frames lost on the way, and satellites that say different things.

The rolling counter goes up by one, modulo 16, with every message of one type from one satellite, so a jump tells how
many were lost, as long as fewer than 16 were. All satellites send the same report (type 43) in the same second;
extended messages (type 44) may differ between satellites that serve Japan and those that do not (satellite mask).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from satwarn.frame import l1s

_COUNTED = timedelta(seconds=15 * 4 + 2)
"""Longer silence may hide a whole turn of the counter: the loss cannot be told."""
_SAME_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What one copy tells about the sky.

    `lost`: messages of this type lost from this satellite just before, 0..14; None if it cannot be told. `disagrees`:
    satellites that said something else in the same second though they should have said the same.
    """

    lost: int | None
    disagrees: frozenset[int]


class Sky:
    """Copies and times go in, losses and contradictions come out."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, int], tuple[int, datetime]] = {}
        self._second: dict[tuple[int, int], tuple[str, datetime]] = {}

    def hear(self, frame: bytes, *, satellite: int, now: datetime) -> Reception:
        """One copy was heard from a satellite (its PRN, 0 unknown: several may be mixed, which tells nothing)."""
        message_type = l1s.message_type(frame)
        if message_type not in (l1s.DCR, l1s.DCX):
            return Reception(lost=0, disagrees=frozenset())
        if not satellite:
            return Reception(lost=None, disagrees=frozenset())
        return Reception(
            lost=self._lost(message_type, satellite, l1s.counter(frame), now),
            disagrees=self._disagrees(frame, message_type, satellite, now),
        )

    def _lost(self, message_type: int, satellite: int, counter: int, now: datetime) -> int | None:
        before = self._last.get((message_type, satellite))
        self._last[message_type, satellite] = (counter, now)
        if before is None or now - before[1] > _COUNTED:
            return None
        return max(0, (counter - before[0]) % 16 - 1)

    def _disagrees(self, frame: bytes, message_type: int, satellite: int, now: datetime) -> frozenset[int]:
        group = _group(frame, message_type, satellite)
        payload = l1s.payload_of(frame)
        self._second = {key: said for key, said in self._second.items() if now - said[1] < _SAME_SECOND}
        others = {prn for (prn, other), said in self._second.items() if other == group and said[0] != payload}
        self._second[satellite, group] = (payload, now)
        return frozenset(others - {satellite})


def _group(frame: bytes, message_type: int, satellite: int) -> int:
    """Satellites of one group say the same: type 43 all of them, type 44 those with the same bit in the mask."""
    if message_type == l1s.DCR:
        return message_type
    mask = int.from_bytes(frame) >> 256 - 24 & 0x1FF
    return message_type << 1 | mask >> 191 - satellite & 1 if 183 <= satellite <= 191 else message_type
