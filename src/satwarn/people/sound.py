"""Sound as samples: synthesis of signals, even loudness, WAV in and out. Plain arithmetic; nothing is played here.

Samples are float32 in -1..1, one channel, at `RATE_HZ`; a WAV holds them as 16-bit integers.
"""

import io
import wave

import numpy as np
from numpy.typing import NDArray

from satwarn.errors import BadMessage
from satwarn.people.signal import Signal, Step, StepKind, Timbre

Samples = NDArray[np.float32]
Pcm = NDArray[np.int16]

RATE_HZ = 22_050
LEVEL = 0.12  # every part is brought to this effective value (-18 dB of full scale)
CEILING = 0.9  # and may never peak above this
FULL_SCALE = 32_767
GATE_S = 0.05
FADE_S = 0.01

# Overtones (multiple of the pitch, strength) and how fast they die away (per second; 0 = not).
TIMBRES: dict[Timbre, tuple[tuple[tuple[float, float, float], ...], float]] = {
    Timbre.SINE: (((1, 1.0, 0.0),), FADE_S),
    Timbre.BELL: (((1, 1.0, 3.0), (2, 0.6, 4.5), (3.01, 0.25, 7.0), (4.2, 0.12, 10.0)), 0.004),
    Timbre.REED: (((1, 1.0, 0.0), (3, 0.33, 0.0), (5, 0.2, 0.0)), FADE_S),
    Timbre.SAW: (tuple((n, 1.0 / n, 0.0) for n in range(1, 9)), FADE_S),
}


def synthesise(signal: Signal) -> Samples:
    """The whole signal, brought to even loudness."""
    once = np.concatenate([_step(step, signal.timbre) for step in signal.steps])
    rest = silence(signal.between_s)
    parts = [once, *[rest, once] * (signal.times - 1)]
    return even(np.concatenate(parts))


def _step(step: Step, timbre: Timbre) -> Samples:
    count = round(step.seconds * RATE_HZ)
    if step.kind is StepKind.REST:
        return np.zeros(count, np.float32)
    time = np.arange(count) / RATE_HZ
    to_hz = step.to_hz if step.kind is StepKind.SWEEP else step.hz
    turns = step.hz * time + (to_hz - step.hz) * time**2 / (2 * step.seconds)
    overtones, fade_s = TIMBRES[timbre]
    tone = sum(strength * np.sin(2 * np.pi * n * turns) * np.exp(-fall * time) for n, strength, fall in overtones)
    ramp = np.minimum(1, np.minimum(time, time[::-1]) / fade_s)
    return np.asarray(tone * ramp, np.float32)


def silence(seconds: float) -> Samples:
    """Nothing for a while."""
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def effective(samples: Samples) -> float:
    """The effective value (RMS) of what is sounding; pauses do not count."""
    whole = np.pad(samples, (0, -samples.size % round(GATE_S * RATE_HZ)))
    blocks = envelope(whole, GATE_S)
    loud = blocks[blocks > 0.1 * blocks.max(initial=0.0)]
    return float(np.sqrt(np.mean(loud**2))) if loud.size else 0.0


def envelope(samples: Samples, block_s: float) -> NDArray[np.float32]:
    """The effective value of every block; a remainder shorter than a block is left out."""
    size = round(block_s * RATE_HZ)
    blocks = samples[: samples.size // size * size].reshape(-1, size)
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", blocks, blocks) / size), np.float32)


def even(samples: Samples) -> Samples:
    """The same at `LEVEL`, its highest peaks bent softly so that none passes `CEILING`."""
    found = effective(samples)
    if found == 0.0:
        return samples
    scaled = samples * np.float32(LEVEL / found)
    knee = 0.7 * CEILING
    size = np.abs(scaled)
    bent = knee + (CEILING - knee) * np.tanh((size - knee) / (CEILING - knee))
    return np.where(size > knee, np.sign(scaled) * bent, scaled).astype(np.float32)


def trimmed(samples: Samples, *, below: float = 0.01) -> Samples:
    """Without the silence at both ends."""
    loud = np.flatnonzero(np.abs(samples) > below * np.abs(samples).max(initial=0.0))
    return samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]


def at_rate(samples: Samples, rate_hz: int) -> Samples:
    """Samples taken at `rate_hz`, as they are at `RATE_HZ` (band-limited)."""
    if rate_hz == RATE_HZ or not samples.size:
        return samples
    count = round(samples.size * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(samples)
    wanted = np.zeros(count // 2 + 1, complex)
    shared = min(spectrum.size, wanted.size)
    wanted[:shared] = spectrum[:shared]
    return np.asarray(np.fft.irfft(wanted, count) * (count / samples.size), np.float32)


def pcm(samples: Samples) -> Pcm:
    """As 16-bit integers; what passes full scale is cut."""
    return np.asarray(np.clip(np.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE), np.int16)


def to_wav(samples: Pcm) -> bytes:
    """A WAV file of one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def from_wav(data: bytes) -> Samples:
    """Read a 16-bit WAV of any rate, its channels mixed to one; BadMessage for anything else, or nothing in it."""
    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            width, channels, rate_hz = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadMessage(f"not a WAV file: {error}", fix="16-bit PCM, for instance made by sox or Audacity") from error
    if width != 2:
        raise BadMessage(f"a WAV of {8 * width} bits a sample", fix="16-bit PCM")
    whole = np.frombuffer(frames[: len(frames) // (2 * channels) * 2 * channels], "<i2").reshape(-1, channels)
    if not whole.size:
        raise BadMessage("a WAV without a sample in it")
    return at_rate(np.asarray(whole.mean(axis=1) / FULL_SCALE, np.float32), rate_hz)
