"""Loudspeakers: this machine's sound output by miniaudio, and a WAV file in its place.

Proof needs an ear: a microphone, a loop-back cable or the monitor of a sound server, opened as a capture device.
Without one the samples are played and nothing is proven.
"""

import importlib
import threading
from collections.abc import Generator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from satwarn.adapters.clock import wait
from satwarn.adapters.device.mouth import EAR_CHANNELS
from satwarn.errors import Missing
from satwarn.ledger.receipt import Cause
from satwarn.people.ports import Trouble
from satwarn.people.sound import RATE_HZ, Pcm, from_wav, pcm, silence, to_wav

BUFFER_MS = 200  # a period; several of them bridge a busy machine
LEAD_S = 0.8  # of silence first: amplifiers wake up, and the ear is open before the first note
EAR_STAYS_S = 1.5  # the ear listens until the buffers of the mouth are empty
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WavSink:
    """Plays into a file; the far end is what can be read back from it."""

    file: Path

    def play(self, samples: Pcm) -> Pcm:
        """Write the file, and read it back."""
        self.file.write_bytes(to_wav(samples))
        return pcm(from_wav(self.file.read_bytes()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """This machine's sound output.

    `backends` are miniaudio's names in order of choice ("" = whatever is there; with no sound card its null device);
    `ear` is a part of the name of the capture device that hears it, "" for none.
    """

    backends: tuple[str, ...] = ()
    ear: str = ""

    def play(self, samples: Pcm) -> Pcm | Trouble | None:
        """Play it all, and return what the ear heard; None without an ear."""
        audio = _miniaudio()
        backends = [audio.Backend[name] for name in self.backends]
        try:
            ear = _find_ear(audio, backends, self.ear) if self.ear else None
            return _play(audio, backends, ear, samples)
        except (audio.MiniaudioError, _NotThere) as error:
            return Trouble(
                cause=Cause.DEVICE,
                detail=f"could not be opened: {error}",
                next_step="check the sound server and the name of the capture device, then test this site again",
            )


class _NotThere(Exception):
    """No capture device of that name."""


def _miniaudio() -> ModuleType:
    try:
        return importlib.import_module("miniaudio")  # has no types
    except ImportError as error:
        raise Missing("miniaudio is not installed", fix="pip install 'satwarn[receiver]'") from error


def _find_ear(audio: ModuleType, backends: list[Any], name: str) -> object:
    captures = audio.Devices(backends).get_captures()
    for capture in captures:
        if name in capture["name"]:
            return capture["id"]
    raise _NotThere(f"no capture device is called {name!r}, only {', '.join(c['name'] for c in captures) or 'none'}")


def _play(audio: ModuleType, backends: list[Any], ear: object, samples: Pcm) -> Pcm | None:
    said, heard = threading.Event(), [np.zeros(0, np.int16)]
    form = {"nchannels": 1, "sample_rate": RATE_HZ, "buffersize_msec": BUFFER_MS, "backends": backends}
    form["app_name"] = "satwarn"
    with ExitStack() as devices:
        mouth = devices.enter_context(closing(audio.PlaybackDevice(output_format=audio.SampleFormat.SIGNED16, **form)))
        if ear is not None:
            form["nchannels"] = EAR_CHANNELS
            listener = audio.CaptureDevice(input_format=audio.SampleFormat.SIGNED16, device_id=ear, **form)
            devices.enter_context(closing(listener)).start(_started(_hear(heard)))
        mouth.start(_started(_feed(np.concatenate([pcm(silence(LEAD_S)), samples]), said)))
        said.wait(LEAD_S + samples.size / RATE_HZ + PATIENCE_S)
        wait(EAR_STAYS_S)
    return None if ear is None else np.concatenate(heard)


def _started(generator: Generator[Any, Any, None]) -> Generator[Any, Any, None]:
    next(generator)
    return generator


def _feed(samples: Pcm, said: threading.Event) -> Generator[bytes, int, None]:
    """Hand out as many frames as the device asks for, then silence for ever."""
    wanted = yield b""
    at = 0
    while at < samples.size:
        part, at = samples[at : at + wanted], at + wanted
        wanted = yield part.tobytes() + bytes(2 * (wanted - part.size))
    said.set()
    while True:
        wanted = yield bytes(2 * wanted)


def _hear(heard: list[Pcm]) -> Generator[None, bytes, None]:
    while True:
        data = yield
        both = np.frombuffer(bytes(data), np.int16).reshape(-1, EAR_CHANNELS)
        heard.append(np.asarray(both.mean(axis=1), np.int16))
