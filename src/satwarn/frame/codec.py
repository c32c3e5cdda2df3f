"""A frame to a report and back: the two functions everything else is for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from satwarn.errors import DoesNotFit
from satwarn.frame import l1s
from satwarn.frame.field import unpack
from satwarn.frame.heard import Heard
from satwarn.frame.message import DATA_BITS, Message
from satwarn.frame.report import Other, Report

_DATA_SHIFT = 250 - 14 - DATA_BITS
_DATA_MASK = (1 << DATA_BITS) - 1
_UTC = timedelta(0)


@cache
def _tables(message_type: int) -> tuple[Callable[[int], Message], Callable[[Report], Message]] | None:
    """By which table data is read and a report written; a type's tables are imported with its first frame."""
    if message_type == l1s.DCX:
        from satwarn.frame import dcx

        return dcx.table_of_data, dcx.table_of_report
    if message_type == l1s.DCR:
        from satwarn.frame import dcr_tables

        return dcr_tables.table_of_data, dcr_tables.table_of_report
    return None


def decode(frame: bytes, *, received: datetime | None = None) -> Report:
    """The report that a frame of 32 bytes (250 bits and padding) carries.

    `received`: when it was heard (aware UTC); weeks and years, which frames leave out, are taken from it, so without it
    their times are None. Messages of other types than 43 and 44 become `Other`.
    Raises BadFrame if length, preamble or checksum is wrong; unknown codes are no error.
    """
    if received is not None and received.utcoffset() != _UTC:
        raise DoesNotFit(f"{received.isoformat()} is not in UTC", where="received")
    if type(frame) is not Heard:
        frame = l1s.sound(frame)
    tables = _tables(frame[1] >> 2)
    if tables is None:
        return Other(frame=bytes(frame), received=received)
    data = int.from_bytes(frame) >> l1s.PAD + _DATA_SHIFT & _DATA_MASK
    return tables[0](data).read(data, received)


def table_of(frame: bytes) -> Message | None:
    """The message table by which a frame (taken as sound) is read; None for types other than 43 and 44."""
    tables = _tables(l1s.message_type(frame))
    return tables[0](int.from_bytes(frame) >> l1s.PAD + _DATA_SHIFT & _DATA_MASK) if tables else None


def fields(frame: bytes) -> dict[str, int]:
    """All fields of a frame by the standard's symbols, as plain numbers, from the preamble to the checksum.

    Entries of a list are numbered (Es1, Pl1, Es2, ...). Raises BadFrame as `decode` does.
    """
    word = int.from_bytes(l1s.sound(frame)) >> l1s.PAD
    head = {"PAB": frame[0], "MT": l1s.message_type(frame)}
    message = table_of(frame)
    if message is None:
        return {**head, "DATA": word >> 24 & (1 << 212) - 1, "CRC": word & 0xFFFFFF}
    read = unpack(message.layout, word >> _DATA_SHIFT & _DATA_MASK)
    return {**head, **read, "CNT": l1s.counter(frame), "CRC": word & 0xFFFFFF}


def encode(report: Report, *, preamble: int, counter: int, at: datetime | None = None) -> bytes:
    """The frame of 32 bytes that carries a report: the mirror of `decode`.

    `preamble`: 0x53, 0x9A or 0xC6; `counter`: 0..15, one more with every message of the same type (not used for
    `Other`, which has none). `at`: when it is sent (aware UTC), by default the report's `received`; it decides whether
    an onset lies in this week or the next.
    Raises DoesNotFit, naming field, value and range, if the report says what the frame cannot.
    """
    if isinstance(report, Other):
        body = int.from_bytes(l1s.sound(report.frame)) >> l1s.PAD + 28 & (1 << 214) - 1
        return l1s.wrap(body, preamble=preamble, counter=l1s.counter(report.frame))
    tables = _tables(report.message_type)
    if tables is None:
        raise DoesNotFit(f"type {report.message_type} is not written", where=type(report).__name__)
    data = tables[1](report).write(report, at)
    return l1s.wrap(report.message_type << DATA_BITS | data, preamble=preamble, counter=counter)
