"""Proof of sound: is what came out at the far end what was played? Levels are compared, block by block.

The far end may be quieter and later than the near one; it may not be silent, patchy, cut at full scale or another
sound.
"""

import numpy as np
from numpy.typing import NDArray

from satwarn.ledger.receipt import Cause
from satwarn.people.ports import Trouble
from satwarn.people.sound import FULL_SCALE, Pcm, Samples, envelope

BLOCK_S = 0.05
LATEST_S = 2.0  # a far end may lag by so much
SILENT = 0.001  # -60 dB of full scale: what a line says when nothing is played
CUT_AT = round(0.98 * FULL_SCALE)
CUT_SAMPLES = 8  # so many samples at full scale are no accident
GAP_S = 0.5  # a pause that was not meant, this long, is a gap
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


def _shifted(far: NDArray[np.float32], near: NDArray[np.float32]) -> NDArray[np.float32]:
    """The far envelope moved back by its lag, at the length of the near one."""
    longest = round(LATEST_S / BLOCK_S)
    padded = np.zeros(near.size + longest, np.float32)
    padded[: min(far.size, padded.size)] = far[: padded.size]
    windows = np.lib.stride_tricks.sliding_window_view(padded, near.size)
    lag = int(np.argmax(windows @ near))
    return np.asarray(windows[lag], np.float32)


def _gap(near: NDArray[np.float32], far: NDArray[np.float32]) -> tuple[float, float] | None:
    """The longest stretch, in seconds, where something was played and next to nothing came out."""
    played = near > 0.1 * near.max()
    gain = float(np.median(far[played & (far > SILENT)] / near[played & (far > SILENT)]))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], _missing(near, far, gain, played), [0]))))
    runs = [(start, end, np.count_nonzero(played[start:end])) for start, end in edges.reshape(-1, 2)]
    start, end, sounding = max(runs, key=lambda run: run[2], default=(0, 0, 0))
    return (start * BLOCK_S, end * BLOCK_S) if sounding * BLOCK_S >= GAP_S else None


def _missing(
    near: NDArray[np.float32], far: NDArray[np.float32], gain: float, played: NDArray[np.bool_]
) -> NDArray[np.int8]:
    # Blocks that were meant to be quiet do not end a gap.
    return np.asarray(~played | (far < 0.1 * gain * near), np.int8)


def _alike(near: NDArray[np.float32], far: NDArray[np.float32]) -> float:
    if near.std() == 0 or far.std() == 0:
        return 1.0 if near.std() == far.std() else 0.0
    return float(np.corrcoef(near, far)[0, 1])


def _trouble(detail: str, next_step: str) -> Trouble:
    return Trouble(cause=Cause.DEVICE, detail=detail, next_step=next_step)
