"""A frame to a report and back: the two functions everything else is for."""

from datetime import datetime, timedelta

from satwarn.errors import DoesNotFit
from satwarn.frame import dcr_tables, dcx, l1s
from satwarn.frame.message import DATA_BITS
from satwarn.frame.report import Other, Report

_DATA_SHIFT = 250 - 14 - DATA_BITS
_DATA_MASK = (1 << DATA_BITS) - 1
_READ = {l1s.DCR: dcr_tables.table_of_data, l1s.DCX: dcx.table_of_data}
_WRITTEN = {l1s.DCR: dcr_tables.table_of_report, l1s.DCX: dcx.table_of_report}


def decode(frame: bytes, *, received: datetime | None = None) -> Report:
    """The report that a frame of 32 bytes (250 bits and padding) carries.

    `received`: when it was heard (aware UTC); weeks and years, which frames leave out, are taken from it, so without it
    their times are None. Messages of other types than 43 and 44 become `Other`.
    Raises BadFrame if length, preamble or checksum is wrong; unknown codes are no error.
    """
    if received is not None and received.utcoffset() != timedelta(0):
        raise DoesNotFit(f"{received.isoformat()} is not in UTC", where="received")
    word = l1s.check(frame)
    table = _READ.get(frame[1] >> 2)
    if table is None:
        return Other(frame=l1s.unpadded(frame), received=received)
    data = word >> _DATA_SHIFT & _DATA_MASK
    return table(data).read(data, received)


def encode(report: Report, *, preamble: int, counter: int, at: datetime | None = None) -> bytes:
    """The frame of 32 bytes that carries a report: the mirror of `decode`.

    `preamble`: 0x53, 0x9A or 0xC6; `counter`: 0..15, one more with every message of the same type (not used for
    `Other`, which has none). `at`: when it is sent (aware UTC), by default the report's `received`; it decides whether
    an onset lies in this week or the next.
    Raises DoesNotFit, naming field, value and range, if the report says what the frame cannot.
    """
    if isinstance(report, Other):
        body = int.from_bytes(report.frame) >> l1s.PAD >> 28 & (1 << 214) - 1
        return l1s.wrap(body, preamble=preamble, counter=l1s.counter(report.frame))
    message = _WRITTEN[report.message_type](report)
    return l1s.wrap(report.message_type << DATA_BITS | message.write(report, at), preamble=preamble, counter=counter)
