"""Frames as they are, in 32 bytes, with what stands before them.

`.l1s`, the public archive of QZSS (one satellite and day a file): the PRN in one byte, then records of 4 bytes GPS time
(12 bits week, 20 bits second of the week) and 32 bytes frame. Datagram: the satellite's `$QZQSM` number in one byte,
then 32 bytes frame. Neither marks its beginning, so a frame is known by preamble and CRC, and its time or satellite by
what stands right before it. No archive file was to be had: read as azarashi and qzsl6tool read them.
"""

from datetime import datetime

from satwarn.frame import l1s
from satwarn.frame.containers import FIRST_PRN, LAST_PRN, MORE, NOT_ONE, Container, id_of, prn_of_id
from satwarn.frame.crc import remainder
from satwarn.frame.heard import Heard

STAMP = 4


def measure(head: bytes) -> int:
    """32 if they are a sound frame: without a mark, only the CRC tells."""
    if len(head) < l1s.BYTES:
        return MORE
    frame = head[: l1s.BYTES]
    sound = frame[0] in l1s.PREAMBLES and not frame[-1] & 0x3F and not remainder(frame)
    return l1s.BYTES if sound else NOT_ONE


def stamped_time(stamp: bytes) -> datetime | None:
    """The time of a record, or None if it is none (or zero: not known)."""
    number = int.from_bytes(stamp)
    week, second = number >> 20, number & 0xFFFFF
    return l1s.from_gps(week, second) if week and second < l1s.WEEK_S else None


def stamp(at: datetime | None) -> bytes:
    """The 4 bytes before a frame."""
    return (l1s.gps_week(at) << 20 | l1s.gps_time_of_week_s(at) if at else 0).to_bytes(STAMP)


class Before:
    """Reads what stands between the frames; remembers whether this is an archive and of which satellite."""

    def __init__(self) -> None:
        self._archive = False
        self._satellite: int | None = None

    def name(self, frame: bytes, gap: bytes, *, first: bool) -> tuple[Heard, int]:
        """The frame with what the bytes since the last one say, and how many of those bytes said it.

        `first`: these bytes begin the stream, so they may be the head of an archive.
        """
        if first and len(gap) == 1 + STAMP and _is_stamp(gap[1:]):
            self._archive, self._satellite = True, _satellite(gap[0])
            return self._record(frame, gap), len(gap)
        if (len(gap) == STAMP and _is_stamp(gap)) or self._archive:
            return self._record(frame, gap), min(len(gap), STAMP)
        satellite = _satellite(gap[0]) if len(gap) == 1 else None
        return Heard(frame, container=DATAGRAM.name, satellite=satellite), int(len(gap) == 1)

    def _record(self, frame: bytes, gap: bytes) -> Heard:
        at = stamped_time(gap[-STAMP:]) if len(gap) >= STAMP else None
        return Heard(frame, container=ARCHIVE.name, satellite=self._satellite, received=at)


def _is_stamp(stamp: bytes) -> bool:
    return not any(stamp) or stamped_time(stamp) is not None


def _satellite(number: int) -> int | None:
    return number if FIRST_PRN <= number <= LAST_PRN else prn_of_id(number)


def open_datagram(datagram: bytes) -> Heard:
    """The frame of a datagram of 33 bytes; BadFrame if length or CRC are wrong."""
    return Heard(datagram[1:], container=DATAGRAM.name, satellite=_satellite(datagram[0]) if datagram else None)


ARCHIVE = Container(
    name="l1s",
    title=".l1s archive of one satellite",
    measure=measure,
    open_item=Heard,
    write=lambda frame: stamp(frame.received) + frame,
    head=lambda frame: bytes((frame.satellite or 0,)),
)
DATAGRAM = Container(
    name="datagram",
    title="datagrams of 33 bytes",
    measure=measure,
    open_item=Heard,
    write=lambda frame: bytes((id_of(frame),)) + frame,
)
