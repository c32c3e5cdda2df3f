"""Archives to columns: the same fields as frame by frame, in order, with little memory."""

import importlib
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from satwarn.errors import BadFrame, Missing
from satwarn.frame import CONTAINERS, Heard, fields, l1s
from satwarn.frame.batch import Frames, between, read, read_archive, sound, touching, write_parquet
from tests.frame.vectors import everything

START = datetime(2026, 6, 3, 12, tzinfo=UTC)
FRAMES = [
    Heard(l1s.from_hexadecimal(vector["hex"]), satellite=184 + n % 3, received=START + timedelta(seconds=n))
    for n, vector in enumerate(everything())
]
KINDS = [vector["meaning"].get("kind", f"type_{vector['meaning']['message_type']}") for vector in everything()]
BATCH = read(Frames.of(FRAMES))


def test_every_frame_is_in_the_table_of_its_kind():
    assert BATCH.bad == 0
    assert {kind: len(table) for kind, table in BATCH.tables.items()} == {
        kind: KINDS.count(kind) for kind in set(KINDS)
    }


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_every_column_is_the_field_of_every_frame(kind):
    mine = [frame for frame, other in zip(FRAMES, KINDS, strict=True) if other == kind]
    for row, frame in zip(BATCH.tables[kind].to_pylist(), mine, strict=True):
        assert row.pop("received") == frame.received
        assert (row.pop("satellite"), row.pop("preamble"), row.pop("counter")) == (
            frame.satellite,
            frame[0],
            l1s.counter(frame),
        )
        known = {name: value for name, value in fields(frame).items() if name not in ("PAB", "MT", "CNT", "CRC")}
        found = {name: int.from_bytes(v) if isinstance(v, bytes) else v for name, v in row.items() if v is not None}
        assert found == known


def test_broken_frames_are_counted_and_left_out():
    frames = Frames.of(FRAMES[:100])
    broken = frames.frames.copy()
    broken[3, 5] ^= 1
    broken[7, 0] = 0x8B
    good = sound(broken)
    assert np.flatnonzero(~good).tolist() == [3, 7]
    batch = read(Frames(broken, frames.received, frames.satellite))
    assert (batch.bad, sum(map(len, batch.tables.values()))) == (2, 98)


def test_nothing_gives_no_table():
    assert read(Frames.of([])).tables == {}


def test_tables_are_in_the_order_of_time_and_those_without_one_last():
    shuffled = [*reversed(FRAMES), Heard(FRAMES[0])]
    for table in read(Frames.of(shuffled)).tables.values():
        times = [time or datetime.max.replace(tzinfo=UTC) for time in table["received"].to_pylist()]
        assert all(one <= two for one, two in pairwise(times))


def test_choosing_by_time():
    table = BATCH.tables["l_alert"]
    first, last = START + timedelta(seconds=300), START + timedelta(seconds=500)
    chosen = between(table, first, last)["received"].to_pylist()
    assert chosen == [time for time in table["received"].to_pylist() if first <= time < last]
    assert 0 < len(chosen) < len(table)


@pytest.mark.parametrize(
    ("kind", "places", "code", "named"),
    [
        ("j_alert", "prefecture", 31, lambda meaning: 31 in meaning["prefectures"]),
        ("j_alert", "municipality", 31202, lambda meaning: "31202" in meaning["municipalities"]),
        ("l_alert", "municipality", 31202, lambda meaning: meaning["municipality"] == "31202"),
        ("earthquake_early_warning", "eew_forecast_region", 40, lambda meaning: 40 in meaning["regions"]),
        ("ash_fall", "local_government", 4630400, lambda m: any(a["local_government"] == 4630400 for a in m["areas"])),
        ("weather", "weather_forecast_region", 130000, lambda m: any(a["region"] == 130000 for a in m["areas"])),
    ],
)
def test_choosing_by_area(kind, places, code, named):
    chosen = touching(BATCH.tables[kind], places, code)
    wanted = [
        frame.received
        for frame, vector in zip(FRAMES, everything(), strict=True)
        if vector["meaning"].get("kind") == kind and named(vector["meaning"])
    ]
    assert chosen["received"].to_pylist() == wanted
    assert wanted


def archive(path, satellite, frames):
    container = CONTAINERS["l1s"]
    head = container.head(Heard(frames[0], satellite=satellite))
    path.write_bytes(head + b"".join(map(container.write, frames)))
    return path


def two_archives(folder):
    return archive(folder / "a.l1s", 184, FRAMES[0::2]), archive(folder / "b.l1s", 185, FRAMES[1::2])


@pytest.mark.parametrize("chunk", [7, 100, 10_000])
def test_archives_of_several_satellites_are_one_stream_in_the_order_of_time(tmp_path, chunk):
    chunks = list(read_archive(*two_archives(tmp_path), chunk=chunk))
    times = np.concatenate([np.sort(part.received) for part in chunks])
    assert np.all(times[:-1] <= times[1:])
    assert len(times) == len(FRAMES)
    assert {int(prn) for part in chunks for prn in part.satellite} == {184, 185}
    assert all(len(part) <= 2 * chunk for part in chunks)
    found = {bytes(row) for part in chunks for row in part.frames}
    assert found == set(map(bytes, FRAMES))


def test_parquet_chunk_by_chunk_is_the_same_as_at_once(tmp_path):
    counts = write_parquet(read_archive(*two_archives(tmp_path), chunk=50), tmp_path / "out")
    assert counts.pop("bad") == 0
    assert counts == {kind: len(table) for kind, table in BATCH.tables.items()}
    for kind, table in BATCH.tables.items():
        read_back = pq.read_table(tmp_path / "out" / f"{kind}.parquet").sort_by("received")
        assert read_back.drop(["satellite"]).equals(table.drop(["satellite"]))


def test_what_is_no_archive(tmp_path):
    (tmp_path / "odd").write_bytes(b"\xb8" + b"\0" * 35)
    with pytest.raises(BadFrame, match="records of 36 bytes"):
        list(read_archive(tmp_path / "odd"))
    (tmp_path / "empty").write_bytes(b"\xb8")
    assert list(read_archive(tmp_path / "empty")) == []
    with pytest.raises(Missing):
        list(read_archive(tmp_path / "none"))


def test_memory_does_not_grow_with_the_archive(tmp_path):
    """Ten times the archive takes less than one and a half times the memory of Python and NumPy, and of Arrow."""
    peaks = []
    for name, count in (("small", 5), ("large", 50)):
        path = archive(tmp_path / name, 184, FRAMES * count)
        tracemalloc.start()
        for chunk in read_archive(path, chunk=2000):
            read(chunk)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
    assert pa.total_allocated_bytes() < 50_000_000


def test_without_pyarrow_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "satwarn.frame.batch")
    with pytest.raises(Missing, match=r"satwarn\[archive\]"):
        importlib.import_module("satwarn.frame.batch")
