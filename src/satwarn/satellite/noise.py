"""What the way does to symbols: white noise, and slow fading. Randomness is handed in; no radio signal is made."""

from math import sqrt

import numpy as np

from satwarn.satellite.convolution import Soft

CODE_RATE = 0.5


def noise_deviation(eb_n0_db: float) -> float:
    """The standard deviation of the noise on symbols of +-1, for an energy per *bit* over noise density in dB."""
    return sqrt(1 / (2 * CODE_RATE * 10 ** (eb_n0_db / 10)))


def white_noise(symbols: Soft, eb_n0_db: float, chance: np.random.Generator) -> Soft:
    """The symbols in white Gaussian noise."""
    noise = noise_deviation(eb_n0_db) * chance.standard_normal(len(symbols), dtype=np.float32)
    return np.asarray(symbols + noise, dtype=np.float32)


def fading(symbols: Soft, chance: np.random.Generator, *, direct_db: float = 10.0, coherence: int = 250) -> Soft:
    """The symbols with an amplitude that wanders (Rice): a direct wave `direct_db` over the scattered ones, which
    change over about `coherence` symbols. The mean power stays one.
    """
    scattered = 1 / (1 + 10 ** (direct_db / 10))
    knots = chance.standard_normal((2, len(symbols) // coherence + 2)) * sqrt(scattered / 2)
    places = np.arange(len(symbols)) / coherence
    real, imaginary = (np.interp(places, np.arange(knots.shape[1]), knot) for knot in knots)
    amplitude = np.hypot(sqrt(1 - scattered) + real, imaginary)
    return np.asarray(symbols * amplitude, dtype=np.float32)
