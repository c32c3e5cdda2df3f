"""Archives to columns: millions of frames at once, checked, one table a kind of message (extra `archive`).

Frames are an array of n rows of 32 bytes. The same message tables as for single frames say where each field stands;
here a field is taken out of all rows in one step. Every kind has a table of its own, with the columns `received`
(UTC), `satellite` (PRN, 0 not known), `preamble`, `counter`, and then its fields by the standard's symbols.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from satwarn.errors import BadFrame, Missing
from satwarn.frame import l1s
from satwarn.frame.codec import table_of
from satwarn.frame.crc import byte_tables
from satwarn.frame.dcr_tables import CATEGORIES, UNKNOWN
from satwarn.frame.dcx import MESSAGES as DCX_MESSAGES
from satwarn.frame.field import Field, Layout
from satwarn.frame.heard import Heard

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
except ModuleNotFoundError:
    raise Missing("columns need pyarrow", fix="pip install 'satwarn[archive]'") from None

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Times = npt.NDArray[np.datetime64]

RECORD = 36
"""Bytes of a record in a `.l1s` archive: 4 of GPS time, 32 of frame."""
CHUNK = 1 << 17
"""Frames that are worked on at once: memory does not grow with the archive."""
DATA_AT = 14

MESSAGES = (*CATEGORIES.values(), UNKNOWN, *DCX_MESSAGES)

_CRC = np.array(byte_tables(), dtype=np.uint32)
_GPS_EPOCH = np.datetime64("1980-01-06T00:00:00", "s") - np.timedelta64(int(l1s.GPS_AHEAD_OF_UTC.total_seconds()), "s")
_OTHER = (Field("DATA", 212, "bits 14 to 225"),)
_DTYPES = ((8, np.uint8), (16, np.uint16), (32, np.uint32), (64, np.uint64))


@dataclass(frozen=True, slots=True)
class Frames:
    """Some frames in the order of their reception: n rows of 32 bytes, n times (NaT: not known), n satellites."""

    frames: Bytes
    received: Times
    satellite: Bytes

    def __len__(self) -> int:
        return len(self.frames)

    @classmethod
    def of(cls, heard: Iterable[Heard]) -> "Frames":
        """Frames from any container, as `Stream` gives them."""
        copies = list(heard)
        times = [
            np.datetime64(h.received.replace(tzinfo=None), "s") if h.received else np.datetime64("NaT", "s")
            for h in copies
        ]
        return cls(
            np.frombuffer(b"".join(copies), dtype=np.uint8).reshape(-1, l1s.BYTES),
            np.array(times, dtype="datetime64[s]"),
            np.array([h.satellite or 0 for h in copies], dtype=np.uint8),
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """What frames say, by kind of message, each table sorted by time; and how many were not sound."""

    tables: Mapping[str, pa.Table]
    bad: int


def sound(frames: Bytes) -> npt.NDArray[np.bool_]:
    """Which rows are frames: preamble and checksum hold."""
    remainder = np.zeros(len(frames), dtype=np.uint32)
    for column in range(l1s.BYTES):
        remainder ^= _CRC[column][frames[:, column]]
    preamble = np.zeros(256, dtype=np.bool_)
    preamble[list(l1s.PREAMBLES)] = True
    whole: npt.NDArray[np.bool_] = (remainder == 0) & preamble[frames[:, 0]]
    return whole


def read(batch: Frames) -> Batch:
    """All sound frames as tables."""
    rows = _by_time(np.flatnonzero(sound(batch.frames)), batch.received)
    frames = batch.frames[rows]
    words = np.ascontiguousarray(frames.view(">u8").T, dtype=np.uint64)
    found: dict[str, list[pa.Table]] = {}
    for which in _groups(frames, words):
        kind, layout = _table_of(frames[which[0]])
        columns = {
            "received": batch.received[rows[which]],
            "satellite": batch.satellite[rows[which]],
            "preamble": frames[which, 0],
            "counter": _number(words[:, which], 222, 4),
            **_columns(words[:, which], layout),
        }
        found.setdefault(kind, []).append(_arrow(columns, _schema(kind)))
    tables = {
        kind: parts[0] if len(parts) == 1 else pa.concat_tables(parts).sort_by("received")
        for kind, parts in sorted(found.items())
    }
    return Batch(tables, len(batch) - len(rows))


def _by_time(rows: npt.NDArray[np.intp], received: Times) -> npt.NDArray[np.intp]:
    """The rows in the order of time, those without one last (NaT is 2^63 when unsigned); an archive already is."""
    times = received[rows].view(np.uint64)
    return rows if np.all(times[:-1] <= times[1:]) else rows[np.argsort(times, kind="stable")]


def _groups(frames: Bytes, words: Words) -> Iterator[npt.NDArray[np.intp]]:
    """Rows that one table reads: of the same type and category, or of the same country, provider and kind of area."""
    message_type = frames[:, 1] >> 2
    key = message_type.astype(np.uint32)
    reports, extended = message_type == l1s.DCR, message_type == l1s.DCX
    key[reports] |= _number(words[:, reports], 17, 4).astype(np.uint32) << 6
    key[extended] |= _extended_key(words[:, extended]) << 6
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order])) + 1
    yield from (group for group in np.split(order, edges) if len(group))


def _extended_key(words: Words) -> npt.NDArray[np.uint32]:
    country, provider, kind_of_area = (_number(words, at, bits) for at, bits in ((26, 9), (35, 5), (146, 1)))
    rest = (words[0] & np.uint64((1 << 64 - 35) - 1)) | words[1] | words[2] | (words[3] >> np.uint64(256 - 220))
    nothing = (rest == 0) & (_number(words, 24, 2) == 0)
    key = country.astype(np.uint32) << 7 | provider.astype(np.uint32) << 2 | kind_of_area.astype(np.uint32) << 1
    return np.asarray(key | nothing, dtype=np.uint32)


def _table_of(frame: Bytes) -> tuple[str, Layout]:
    """The kind and the fields of a frame, from its own message table; other types have their data in one."""
    message = table_of(frame.tobytes())
    if message is None:
        return f"type_{l1s.message_type(frame.tobytes())}", _OTHER
    return message.report.kind, message.layout


def _columns(words: Words, layout: Layout) -> dict[str, npt.NDArray[Any]]:
    columns: dict[str, npt.NDArray[Any]] = {}
    at = DATA_AT
    for field in layout:
        columns[field.name] = _number(words, at, field.width) if field.width <= 64 else _octets(words, at, field.width)
        at += field.width
    return columns


def _number(words: Words, at: int, width: int) -> npt.NDArray[Any]:
    """The field at a bit offset in every row, in the smallest unsigned type."""
    word, left = divmod(at, 64)
    mask = np.uint64((1 << width) - 1)
    behind = 64 - left - width
    if behind >= 0:
        value = words[word] >> np.uint64(behind)
    else:
        value = words[word] << np.uint64(-behind) | words[word + 1] >> np.uint64(64 + behind)
    return np.asarray(value & mask, dtype=_dtype(width))


def _dtype(width: int) -> type[np.unsignedinteger[Any]]:
    return next(dtype for bits, dtype in _DTYPES if width <= bits)


def _octets(words: Words, at: int, width: int) -> Bytes:
    """A field of more than 64 bits as rows of bytes, its last bit the last of the last byte."""
    first = width % 8 or 8
    edges = [(at, first), *((at + first + 8 * n, 8) for n in range((width - first) // 8))]
    return np.stack([_number(words, place, bits) for place, bits in edges], axis=1)


_HEAD = (Field("satellite", 8), Field("preamble", 8), Field("counter", 4))
_MASKS = {"EX9": b"last", "Pl": b"first"}
"""Fields that are sets of numbers, and where number 1 stands."""


@cache
def _schema(kind: str) -> pa.Schema:
    """The columns of a kind: those of all its message tables (J-Alert has two)."""
    layouts = [message.layout for message in MESSAGES if message.report.kind == kind] or [_OTHER]
    fields = {field.name: field for field in (*_HEAD, *chain.from_iterable(layouts))}
    received = pa.field("received", pa.timestamp("ms", "UTC"))
    return pa.schema([received, *(_arrow_field(field) for field in fields.values())])


def _arrow_field(field: Field) -> pa.Field:
    """Type, title and place list of a column."""
    octets = -(-field.width // 8)
    kind = pa.binary(octets) if field.width > 64 else pa.from_numpy_dtype(_dtype(field.width))
    known = {b"title": field.title.encode(), b"list": field.table.encode()}
    mask = {b"mask": _MASKS[field.name]} if field.name in _MASKS else {}
    return pa.field(field.name, kind, metadata={**known, **mask})


def _arrow(columns: Mapping[str, npt.NDArray[Any]], schema: pa.Schema) -> pa.Table:
    rows = len(columns["received"])
    arrays = []
    for field in schema:
        column = columns.get(field.name)
        if column is None:
            arrays.append(pa.nulls(rows, field.type))
        elif column.ndim == 2:
            buffer = pa.py_buffer(np.ascontiguousarray(column))
            arrays.append(pa.Array.from_buffers(field.type, rows, [None, buffer]))
        else:
            arrays.append(pa.array(column).cast(field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


# ── archives ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_archive(*paths: Path, chunk: int = CHUNK) -> Iterator[Frames]:
    """`.l1s` archives (each of one satellite, in the order of time) as one stream of chunks in the order of time.

    Raises BadFrame for a file that is no archive. Files are mapped, not loaded.
    """
    archives = [_records(path) for path in paths]
    while any(len(records) for _, records in archives):
        reached = [np.maximum.accumulate(_times(records[:chunk])) for _, records in archives]
        ends = [times[-1] for times, (_, records) in zip(reached, archives, strict=True) if len(records) > chunk]
        counts = [int(np.searchsorted(times, min(ends), side="right")) if ends else len(times) for times in reached]
        parts = [
            _frames(satellite, records[:count]) for count, (satellite, records) in zip(counts, archives, strict=True)
        ]
        archives = [(satellite, records[count:]) for count, (satellite, records) in zip(counts, archives, strict=True)]
        yield Frames(
            np.concatenate([part.frames for part in parts]),
            np.concatenate([part.received for part in parts]),
            np.concatenate([part.satellite for part in parts]),
        )


def _records(path: Path) -> tuple[int, Bytes]:
    if not path.is_file():
        raise Missing(f"there is no file {path}")
    size = path.stat().st_size
    if size % RECORD != 1:
        raise BadFrame(f"{size} bytes are not one PRN and records of {RECORD} bytes", where=str(path))
    if size == 1:
        return path.read_bytes()[0], np.empty((0, RECORD), dtype=np.uint8)
    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    return int(mapped[0]), mapped[1:].reshape(-1, RECORD)


def _times(records: Bytes) -> Times:
    stamp = records[:, :4].copy().view(">u4")[:, 0].astype(np.int64)
    seconds = (stamp >> 20) * l1s.WEEK_S + (stamp & 0xFFFFF)
    return _GPS_EPOCH + seconds.astype("timedelta64[s]")


def _frames(satellite: int, records: Bytes) -> Frames:
    return Frames(
        np.ascontiguousarray(records[:, 4:]), _times(records), np.full(len(records), satellite, dtype=np.uint8)
    )


def write_parquet(chunks: Iterable[Frames], folder: Path) -> dict[str, int]:
    """One Parquet file a kind in the folder; how many rows each got, and `bad` for frames that were not sound."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {"bad": 0}
    writers: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as open_files:
        for chunk in chunks:
            batch = read(chunk)
            counts["bad"] += batch.bad
            for kind, table in batch.tables.items():
                if kind not in writers:
                    writers[kind] = open_files.enter_context(pq.ParquetWriter(folder / f"{kind}.parquet", table.schema))
                writers[kind].write_table(table)
                counts[kind] = counts.get(kind, 0) + len(table)
    return counts


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def between(table: pa.Table, since: datetime, until: datetime) -> pa.Table:
    """The rows received from `since` until before `until` (aware)."""
    received = table["received"]
    bounds = [pa.scalar(moment, pa.timestamp("ms", "UTC")) for moment in (since, until)]
    return table.filter(pc.and_(pc.greater_equal(received, bounds[0]), pc.less(received, bounds[1])))


def touching(table: pa.Table, places: str, code: int) -> pa.Table:
    """The rows whose area names this code of a place list (`prefecture`, `municipality`, `weather_forecast_region`)."""
    hit = pa.array(np.zeros(len(table), dtype=np.bool_))
    for field in table.schema:
        if (field.metadata or {}).get(b"list") == places.encode():
            named = (
                _in_mask(table[field.name], field, code)
                if b"mask" in field.metadata
                else pc.equal(table[field.name], code)
            )
            hit = pc.or_(hit, pc.fill_null(named, False))
    return table.filter(hit)


def _in_mask(column: pa.ChunkedArray, field: pa.Field, code: int) -> pa.Array:
    """Whether the bit of this number is set; masks of more than 64 bits are octets with number 1 first."""
    if field.metadata[b"mask"] == b"last":
        return pc.not_equal(pc.bit_wise_and(column, pa.scalar(1 << code - 1, column.type)), 0)
    octet, bit = divmod(code - 1, 8)
    return pa.array([value is not None and bool(value[octet] >> 7 - bit & 1) for value in column.to_pylist()])
