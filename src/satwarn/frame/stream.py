"""Frames out of any stream of bytes: sentences, messages, blocks, lines, archives, in any mixture, with noise between.

Bytes go in as they come, in pieces of any size, and sound frames come out; what the pieces were makes no difference.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from satwarn.errors import BadFrame
from satwarn.frame.containers import MORE, NOT_ONE, Container
from satwarn.frame.containers.archive import ARCHIVE, DATAGRAM, Before
from satwarn.frame.containers.digits import HEX
from satwarn.frame.containers.nmea import NMEA
from satwarn.frame.containers.sbf import SBF
from satwarn.frame.containers.ubx import UBX
from satwarn.frame.containers.ubx_time import UBX_TIME, read
from satwarn.frame.heard import Heard

CONTAINERS = {container.name: container for container in (NMEA, UBX, SBF, ARCHIVE, DATAGRAM, HEX)}
"""Every form that is read and written, by name."""

_CANDIDATE = re.compile(rb"[$\xb5\x53\x9a\xc6]|(?<=\s)[0-9A-Fa-f]")
_BY_FIRST = {ord("$"): (NMEA, SBF), 0xB5: (UBX, UBX_TIME), 0x53: (ARCHIVE,), 0x9A: (ARCHIVE,), 0xC6: (ARCHIVE,)}
_DIGITS = (HEX,)
_LONGEST = 256
"""More bytes than any item has."""
_LOOK_BACK = 6
"""One more than can stand before a bare frame and mean something."""
_WHITE = b" \t\r\n"
_TIME_LASTS = 32
"""Frames after which a time that stands in the stream is too old to be theirs: a few seconds' worth."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that claimed to carry a frame and does not hold: where in the stream, and why."""

    offset: int
    reason: str


class Stream:
    """Finds frames in bytes that are fed to it. Opens nothing; keeps less than one item between two feedings."""

    def __init__(self) -> None:
        self._kept = b"\n"
        self._offset = -1  # of the first kept byte in the whole stream
        self._next = 1  # where to go on looking, in `_kept`
        self._gap_from = 1  # where the bytes since the last item begin, in `_kept`
        self._before = Before()
        self._time: datetime | None = None
        self._time_for = 0  # how many more frames the time is good for
        self._faults: list[Fault] = []
        self.skipped = 0
        """Bytes so far that belong to no item, white space not counted."""

    def feed(self, data: bytes) -> list[Heard]:
        """The sound frames that these bytes complete."""
        return self._scan(self._kept + data, last=False)

    def end(self) -> list[Heard]:
        """The frames that only the end of the stream completes (a last line without its end)."""
        found = self._scan(self._kept + b"\n", last=True)
        self.skipped += len(self._kept[self._gap_from :].translate(None, _WHITE))
        self._gap_from = len(self._kept)
        return found

    def faults(self) -> list[Fault]:
        """What did not hold since this was last asked."""
        found, self._faults = self._faults, []
        return found

    def _scan(self, data: bytes, *, last: bool) -> list[Heard]:
        found = []
        at = self._next
        while candidate := _CANDIDATE.search(data, at):
            at = candidate.start()
            container, size = _measure(data[at : at + _LONGEST])
            if size == MORE and not last:
                break
            if size <= 0:
                at += 1
                continue
            try:
                frame = self._open(container, data[at : at + size], data[self._gap_from : at])
            except BadFrame as fault:
                self._faults.append(Fault(self._offset + at, str(fault)))
                at += 1
                continue
            at += size
            self._gap_from = at
            if frame:
                found.append(frame)
        else:
            at = len(data)
        self._keep(data, at)
        return found

    def _open(self, container: Container, item: bytes, gap: bytes) -> Heard | None:
        """The frame of a whole item (None: of another signal), and the account of what stood before it."""
        frame: Heard | None
        if container is ARCHIVE:
            frame, meant = self._before.name(item, gap, first=self._offset + self._gap_from == 0)
        elif container is UBX_TIME:
            frame, meant = None, 0
            self._time, self._time_for = read(item), _TIME_LASTS
        else:
            frame, meant = container.open_item(item), 0
            if frame and container is UBX and self._time_for:
                frame.received, self._time_for = self._time, self._time_for - 1
        if gap:
            self.skipped += len(gap[: len(gap) - meant].translate(None, _WHITE))
        return frame

    def _keep(self, data: bytes, at: int) -> None:
        """Remember what is not decided yet, and the few bytes before it that may matter."""
        start = max(0, at - _LOOK_BACK)
        if self._gap_from < start:
            self.skipped += len(data[self._gap_from : start].translate(None, _WHITE))
            self._gap_from = start
        self._kept = data[start:]
        self._next = at - start
        self._gap_from -= start
        self._offset += start


def _measure(head: bytes) -> tuple[Container, int]:
    """Which item starts here and how long it is; MORE if that is open, NOT_ONE if none does."""
    undecided = NOT_ONE
    for container in _BY_FIRST.get(head[0], _DIGITS):
        size = container.measure(head)
        if size > 0:
            return container, size
        undecided = undecided or size
    return container, undecided
