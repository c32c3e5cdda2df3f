"""Proof of sound: is what came out at the far end what was played? Levels are compared, block by block.

The far end may be quieter and later than the near one; it may not be silent, patchy, cut at full scale or another
sound.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from satwarn.ledger.receipt import Cause
from satwarn.people.ports import Trouble
from satwarn.people.sound import FULL_SCALE, Pcm, Samples, envelope

Levels = NDArray[np.float32]  # of blocks, one after the other

BLOCK_S = 0.05
LATEST_S = 2.0  # a far end may lag by so much
SILENT = 0.001  # -60 dB of full scale: what a line says when nothing is played
CUT_AT = round(0.98 * FULL_SCALE)
CUT_SAMPLES = 8  # so many samples at full scale are no accident
GAP_S = 0.5  # a pause that was not meant, this long, is a gap
PIECE_S = 2.0  # so much of it has one lag
ALIKE = 0.8  # correlation of the two envelopes

TO_THE_SPEAKER = "check amplifier, cable and horn on the spot, then test this site again"


def judge_sound(meant: Pcm, heard: Pcm) -> Trouble | None:
    """None when the far end gave what was meant, else the trouble."""
    near, far = (envelope(_scaled(pcm), BLOCK_S) for pcm in (meant, heard))
    if not far.size or far.max() < SILENT:
        return _trouble("was silent", TO_THE_SPEAKER)
    if np.count_nonzero(heard >= CUT_AT) + np.count_nonzero(heard <= -CUT_AT) >= CUT_SAMPLES:
        return _trouble(
            "was distorted: it was driven to full scale", "turn the amplifier's input down, then test again"
        )
    far = _shifted(far, near)
    gap = _gap(near, far)
    if gap:
        return _trouble(f"was silent from second {gap[0]:.0f} to second {gap[1]:.0f}", TO_THE_SPEAKER)
    if _alike(near, far) < ALIKE:
        return _trouble("gave a sound, but not the one that was meant", TO_THE_SPEAKER)
    return None


def _scaled(pcm: Pcm) -> Samples:
    return pcm.astype(np.float32) / np.float32(FULL_SCALE)


def _shifted(far: Levels, near: Levels) -> Levels:
    """The far envelope moved back by its lag, at the length of the near one.

    A machine that is starved for a moment plays on a little later than it began, or does not hear a little (so that
    what follows comes too early), so each piece has a lag of its own.
    """
    early, late = round(GAP_S / BLOCK_S), round(LATEST_S / BLOCK_S)
    longest = early + late
    padded = np.zeros(near.size + longest, np.float32)
    heard = far[: near.size + late]
    padded[early : early + heard.size] = heard
    pieces = np.array_split(near, max(1, round(near.size * BLOCK_S / PIECE_S)))
    starts = np.cumsum([0, *(piece.size for piece in pieces)])
    spans = [padded[start : start + piece.size + longest] for start, piece in zip(starts, pieces, strict=False)]
    likes = [sliding_window_view(span, piece.size) @ piece for span, piece in zip(spans, pieces, strict=True)]
    lags = _lags(likes)
    found = [span[lag : lag + piece.size] for span, lag, piece in zip(spans, lags, pieces, strict=True)]
    return np.concatenate(found)


def _lags(likes: list[Levels]) -> list[int]:
    """Each piece's lag, in blocks, so that all together agree best; from piece to piece less than a gap."""
    most = round(GAP_S / BLOCK_S) - 2
    moved = np.where(np.arange(-most, most + 1) == 0, 0, -0.01 * max(float(like.max()) for like in likes))
    total, before = likes[0], []
    for like in likes[1:]:
        reached = sliding_window_view(np.pad(total, most, constant_values=-np.inf), moved.size) + moved
        before.append(np.argmax(reached, axis=1) - most + np.arange(like.size))
        total = like + reached.max(axis=1)
    lags = [int(np.argmax(total))]
    for come_from in reversed(before):
        lags.append(int(come_from[lags[-1]]))
    return lags[::-1]


def _gap(near: Levels, far: Levels) -> tuple[float, float] | None:
    """The longest stretch, in seconds, where something was played and next to nothing came out."""
    played = near > 0.1 * near.max()
    gain = float(np.median(far[played & (far > SILENT)] / near[played & (far > SILENT)]))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], _missing(near, far, gain, played), [0]))))
    runs = [(start, end, np.count_nonzero(played[start:end])) for start, end in edges.reshape(-1, 2)]
    start, end, sounding = max(runs, key=lambda run: run[2], default=(0, 0, 0))
    return (start * BLOCK_S, end * BLOCK_S) if sounding * BLOCK_S >= GAP_S else None


def _missing(near: Levels, far: Levels, gain: float, played: NDArray[np.bool_]) -> NDArray[np.int8]:
    # Blocks that were meant to be quiet do not end a gap.
    return np.asarray(~played | (far < 0.1 * gain * near), np.int8)


def _alike(near: Levels, far: Levels) -> float:
    if near.std() == 0 or far.std() == 0:
        return 1.0 if near.std() == far.std() else 0.0
    return float(np.corrcoef(near, far)[0, 1])


def _trouble(detail: str, next_step: str) -> Trouble:
    return Trouble(cause=Cause.DEVICE, detail=detail, next_step=next_step)
