"""Everything a listener wants to know of what it hears, put together: episodes, pages, series, losses.

Frames and times go in, news come out. Opens nothing, reads no clock.
"""

from dataclasses import dataclass
from datetime import datetime

from satwarn.frame.codec import decode
from satwarn.frame.dcr import NankaiTrough
from satwarn.frame.dcx import Extended
from satwarn.frame.episode import Episode, Episodes
from satwarn.frame.heard import Heard
from satwarn.frame.l1s import payload_of
from satwarn.frame.pages import PagedText, Pages
from satwarn.frame.reception import Reception, Sky
from satwarn.frame.report import Report
from satwarn.frame.series import Linked, Warnings

UNKNOWN_SATELLITE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One copy and what it means: `linked` and `text` only for the copy that begins an episode."""

    frame: Heard
    report: Report
    episode: Episode
    reception: Reception
    linked: Linked | None = None
    text: PagedText | None = None


class Monitor:
    """Hears copies, remembers what is on the air."""

    def __init__(self, gap_s: float = 60.0) -> None:
        self._episodes = Episodes(gap_s)
        self._sky = Sky()
        self._pages = Pages()
        self._warnings = Warnings()

    def hear(self, frame: Heard, *, now: datetime) -> News:
        """One copy was heard now (or when its container says)."""
        at = frame.received or now
        satellite = frame.satellite or UNKNOWN_SATELLITE
        report = decode(frame, received=at)
        episode = self._episodes.hear(payload_of(frame), satellite=satellite, now=at)
        fresh = episode.fresh
        return News(
            frame=frame,
            report=report,
            episode=episode,
            reception=self._sky.hear(frame, satellite=satellite, now=at),
            linked=self._warnings.hear(report, now=at) if fresh and isinstance(report, Extended) else None,
            text=self._pages.hear(report) if fresh and isinstance(report, NankaiTrough) else None,
        )

    def tick(self, *, now: datetime) -> None:
        """Forget what ended."""
        self._episodes.tick(now)
        self._warnings.tick(now)

    def live(self) -> tuple[Episode, ...]:
        """What is on the air now."""
        return self._episodes.live()
