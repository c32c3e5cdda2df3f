"""The receiver's voice, in a process of its own: renders signals and words, judges what was heard, and ends.

One JSON object on standard input, one on standard output. It is asked by adapters/device/siren.py.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from satwarn.adapters.device.speech import Voices
from satwarn.people.hearing import judge_sound
from satwarn.people.signal import signals
from satwarn.people.sound import Pcm, Samples, even, from_wav, pcm, silence, synthesise, to_wav

AFTER_SIGNAL_S, BETWEEN_LINES_S, TAIL_S = 0.8, 0.5, 0.3
CLOSINGS = {"exercise": "drill-ends", "public-test": "drill-ends"}


def render_signals(folder: Path, recording: str, profile: str) -> dict[str, Any]:
    """Every signal of a profile as a WAV file; a site's own recording takes the place of the warning."""
    for key, signal in signals(profile).items():
        samples = synthesise(signal)
        if key == "warning" and recording:
            samples = even(from_wav(Path(recording).read_bytes()))
        (folder / f"signal-{key}.wav").write_bytes(to_wav(pcm(samples)))
    return {"signals": len(signals(profile))}


def render_programme(file: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Opening signal, every line in every language that has a voice, closing signal."""
    folder, voices = file.parent, Voices()
    parts: list[Pcm] = []
    if asked["signal"]:
        parts += [_ready(folder, asked["signal"]), pcm(silence(AFTER_SIGNAL_S))]
    unspoken = set()
    for said in asked["announcements"]:
        for line in said["lines"]:
            samples = voices.speak(said["language"], line)
            if samples is None:
                unspoken.add(said["language"])
            else:
                parts += [pcm(even(samples)), pcm(silence(BETWEEN_LINES_S))]
    closing = CLOSINGS.get(asked["purpose"], "")
    if closing and asked["signal"]:
        parts += [_ready(folder, closing)]
    parts.append(pcm(silence(TAIL_S)))
    file.write_bytes(to_wav(np.concatenate(parts)))
    return {"unspoken": sorted(unspoken)}


def judge(meant: Path, heard: Path) -> dict[str, Any]:
    """Whether what was heard is what was meant."""
    trouble = judge_sound(_read(meant), _read(heard))
    if trouble is None:
        return {}
    return {"trouble": trouble.detail, "cause": trouble.cause.value, "next_step": trouble.next_step}


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked."""
    if "signals" in asked:
        return render_signals(Path(asked["signals"]), asked["recording"], asked["profile"])
    if "programme" in asked:
        return render_programme(Path(asked["programme"]), asked)
    return judge(Path(asked["meant"]), Path(asked["heard"]))


def _signal(key: str) -> Samples:
    return synthesise(signals()[key])


def _ready(folder: Path, key: str) -> Pcm:
    kept = folder / f"signal-{key}.wav"
    return _read(kept) if kept.exists() else pcm(_signal(key))


def _read(file: Path) -> Pcm:
    return pcm(from_wav(file.read_bytes()))


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
