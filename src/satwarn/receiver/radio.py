"""Whether the radio looks sane: what decides if a frame alone may sound (decision 8).

Frames cannot be signed. Flags of jamming or spoofing, a position that moved, a clock that jumped or a silent sky do not
prove a forgery, and their absence proves nothing either; but with one of them a frame alone makes no sound.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Level(IntEnum):
    """A flag of the receiver chip (UBX-SEC-SIG, NAV-STATUS, MON-RF), in one order for jamming and spoofing."""

    UNKNOWN = 0
    NONE = 1
    WARNING = 2
    CRITICAL = 3


POSITION_OFF_KM = 2.0
TIME_OFF_S = 2.0
STALE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio:
    """The radio as it last told about itself, at `at`.

    `position_off_km` is the distance of its fix from where the site stands, `time_off_s` its time against the host's
    clock, both None while it has none. `monitored` says whether it can tell at all (a bare `$QZQSM` source cannot).
    """

    at: datetime
    monitored: bool = True
    jamming: Level = Level.UNKNOWN
    spoofing: Level = Level.UNKNOWN
    position_off_km: float | None = None
    time_off_s: float | None = None
    satellites: int | None = None
    counter_gaps: int = 0


Question = Callable[[Radio, datetime, bool], bool]

QUESTIONS: tuple[tuple[Question, str], ...] = (
    (lambda radio, now, lenient: not radio.monitored and not lenient, "the radio cannot tell whether it is deceived"),
    (lambda radio, now, lenient: radio.monitored and now - radio.at > STALE, "the radio has stopped telling its state"),
    (lambda radio, now, lenient: radio.spoofing >= Level.WARNING, "the radio suspects that it is deceived"),
    (lambda radio, now, lenient: radio.jamming >= Level.WARNING, "the radio is jammed"),
    (
        lambda radio, now, lenient: radio.position_off_km is not None and radio.position_off_km > POSITION_OFF_KM,
        "the radio places itself elsewhere",
    ),
    (
        lambda radio, now, lenient: radio.time_off_s is not None and abs(radio.time_off_s) > TIME_OFF_S,
        "the radio's time disagrees with the clock",
    ),
)


def doubt(radio: Radio | None, *, now: datetime, lenient: bool = False) -> str:
    """Why the radio is not to be believed alone, "" when it looks sane.

    `lenient` accepts a radio that cannot monitor itself (a site's own choice); one never heard of is never sane.
    """
    if radio is None:
        return "the radio has not told its state"
    return next((why for asks, why in QUESTIONS if asks(radio, now, lenient)), "")
