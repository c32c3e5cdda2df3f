"""One payload on the air without a gap: the only identity a frame has.

A message is sent again and again, by several satellites. Copies differ in preamble, counter, mask and checksum; what is
left (`payload_of`) is the same. Silence longer than the gap ends the episode, and the same payload heard again is new.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What is known of one payload on the air; `fresh` is true for the hearing that began it."""

    payload: str
    first_heard: datetime
    last_heard: datetime
    copies: int
    satellites: frozenset[int]
    fresh: bool


class Episodes:
    """Payloads and times go in, episodes come out. Opens nothing, reads no clock."""

    def __init__(self, gap_s: float = 60.0) -> None:
        self._gap = timedelta(seconds=gap_s)
        self._live: dict[str, Episode] = {}

    def hear(self, payload: str, *, satellite: int, now: datetime) -> Episode:
        """One copy was heard from a satellite (its PRN); a copy that comes late never moves the clock back."""
        known = self._live.get(payload)
        if known is None or now - known.last_heard > self._gap:
            episode = Episode(
                payload=payload,
                first_heard=now,
                last_heard=now,
                copies=1,
                satellites=frozenset((satellite,)),
                fresh=True,
            )
        else:
            episode = replace(
                known,
                last_heard=max(now, known.last_heard),
                copies=known.copies + 1,
                satellites=known.satellites | {satellite},
                fresh=False,
            )
        self._live[payload] = episode
        return episode

    def live(self) -> tuple[Episode, ...]:
        """The episodes that have not ended, the oldest first."""
        return tuple(sorted(self._live.values(), key=lambda episode: episode.first_heard))

    def tick(self, now: datetime) -> None:
        """Forget what ended."""
        self._live = {key: known for key, known in self._live.items() if now - known.last_heard <= self._gap}

    def next_tick(self) -> datetime | None:
        """When the next episode ends if nothing more is heard of it."""
        ends = (known.last_heard + self._gap for known in self._live.values())
        return min(ends, default=None)
