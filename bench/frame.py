"""Frames: reading one, with words, from streams, from archives, from symbols; against azarashi on the same frames."""

import contextlib
import io
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import azarashi
import numpy as np

from bench.row import Row, best_of
from satwarn.frame import CONTAINERS, Heard, Stream, decode, l1s
from satwarn.frame.batch import Frames, read
from satwarn.frame.notation import to_json
from satwarn.people.reports import describe
from satwarn.satellite.noise import white_noise
from satwarn.satellite.symbols import symbols_of
from satwarn.satellite.viterbi import Viterbi, kernels

AT = datetime(2026, 6, 3, 12, tzinfo=UTC)
COUNT = 4000
ROUNDS = 3


def real_frames() -> list[Heard]:
    """Reports and extended messages from the air, shuffled and repeated (fixed seed)."""
    import json

    lines = (Path(__file__).parent.parent / "vectors/real.jsonl").read_text(encoding="utf-8").splitlines()
    frames = [l1s.from_hexadecimal(json.loads(line)["hex"]) for line in lines]
    wanted = [frame for frame in frames if l1s.message_type(frame) in (l1s.DCR, l1s.DCX)]
    chosen = random.Random(7).choices(wanted, k=COUNT)
    return [Heard(frame, satellite=184, received=AT) for frame in chosen]


def row(what: str, ours: Callable[[], object], theirs: float, anchor: str, aim: str, count: int = COUNT) -> Row:
    """Ours timed and set beside a time per frame of the peer's."""
    taken = best_of(ROUNDS, ours) / count
    return Row(
        what=what,
        ours=f"{taken * 1e6:.2f} us/frame",
        anchor=f"{anchor} {theirs * 1e6:.1f} us",
        ratio=f"{theirs / taken:.1f} x",
        aim=aim,
    )


def azarashi_stream(data: str) -> list[object]:
    """Every report of an in-memory log."""
    found: list[object] = []
    with contextlib.suppress(azarashi.AzarashiNoMoreData, EOFError):
        azarashi.decode_stream(io.StringIO(data), "nmea", callback=found.append, ignore_dcx=False)
    return found


def azarashi_ubx(data: bytes) -> list[object]:
    """Every report of an in-memory UBX log."""
    found: list[object] = []
    with contextlib.suppress(azarashi.AzarashiNoMoreData, EOFError):
        azarashi.decode_stream(io.BytesIO(data), "ublox", callback=found.append, ignore_dcx=False)
    return found


def run() -> list[Row]:
    """The rows of this topic."""
    frames = real_frames()
    plain = [bytes(frame) for frame in frames]
    nmea = b"".join(map(CONTAINERS["nmea"].write, frames))
    ubx = b"".join(map(CONTAINERS["ubx"].write, frames))
    sentences = nmea.decode().split()

    def per_frame(call: Callable[[], object]) -> float:
        return best_of(ROUNDS, call) / COUNT

    theirs = per_frame(lambda: [azarashi.decode(s, "nmea", timestamp=AT) for s in sentences])
    with_text = per_frame(lambda: [str(azarashi.decode(s, "nmea", timestamp=AT)) for s in sentences])
    with_json = per_frame(lambda: [azarashi.to_json_dict(azarashi.decode(s, "nmea", timestamp=AT)) for s in sentences])
    assert len(azarashi_stream(nmea.decode())) == len(azarashi_ubx(ubx)) == COUNT
    from_nmea = per_frame(lambda: azarashi_stream(nmea.decode()))
    from_ubx = per_frame(lambda: azarashi_ubx(ubx))
    many = Frames.of(frames * 50)
    return [
        row(
            "frame to typed report",
            lambda: [decode(f, received=AT) for f in plain],
            theirs,
            "azarashi decode",
            ">= 5 x",
        ),
        row(
            "frame to typed report and English text",
            lambda: ["\n".join(describe(decode(f, received=AT))) for f in plain],
            with_text,
            "azarashi decode + str",
            ">= 5 x",
        ),
        row(
            "frame to JSON object",
            lambda: [to_json(f, received=AT) for f in plain],
            with_json,
            "azarashi to_json_dict",
            "",
        ),
        row("NMEA stream to checked frames", lambda: Stream().feed(nmea), from_nmea, "azarashi stream", ">= 10 x"),
        row("UBX stream to checked frames", lambda: Stream().feed(ubx), from_ubx, "azarashi stream", ">= 10 x"),
        row(
            "NMEA stream to typed reports",
            lambda: [decode(f, received=AT) for f in Stream().feed(nmea)],
            from_nmea,
            "azarashi stream",
            ">= 5 x",
        ),
        row(
            "UBX stream to typed reports",
            lambda: [decode(f, received=AT) for f in Stream().feed(ubx)],
            from_ubx,
            "azarashi stream",
            ">= 5 x",
        ),
        row("archive to Arrow columns", lambda: read(many), theirs, "azarashi in a loop", ">= 100 x", len(many)),
        symbols(plain),
        import_time(),
    ]


def symbols(frames: list[bytes]) -> Row:
    """Soft decoding of a long noisy stream, synchronisation not counted."""
    noisy = white_noise(symbols_of(frames), 4.0, np.random.default_rng(1))
    Viterbi().feed(noisy[:1000])  # compiles

    def decode_all() -> None:
        decoder = Viterbi()
        for at in range(0, len(noisy), 50_000):
            decoder.feed(noisy[at : at + 50_000])

    rate = len(frames) / best_of(ROUNDS, decode_all)
    return Row(
        what="soft Viterbi, 4 dB",
        ours=f"{rate:,.0f} frames/s",
        anchor="numba" if kernels()[2] else "NumPy only",
        ratio=f"{rate / 20_000:.1f} x",
        aim=">= 20,000 frames/s",
    )


def import_time() -> Row:
    """`import satwarn.frame` in a fresh interpreter, beside an empty one."""

    def started(line: str) -> float:
        return best_of(7, lambda: subprocess.run([sys.executable, "-c", line], check=True))

    empty = started("pass")
    ours = started("import satwarn.frame") - empty
    return Row(
        what="import satwarn.frame",
        ours=f"{ours * 1e3:.0f} ms",
        anchor=f"empty interpreter {empty * 1e3:.0f} ms",
        ratio=f"{ours / empty:.1f} x",
        aim="< 100 ms",
    )
