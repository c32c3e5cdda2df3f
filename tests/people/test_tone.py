"""The silent proof: a quiet tone is found again, and nothing else is taken for it."""

import random
from array import array

import pytest

from satwarn.people.tone import FULL_SCALE, found, tone

RATE_HZ, HZ = 22_050, 9800.0
CHANCE = random.Random(2026)


def noise(level: float, seconds: float) -> "array[int]":
    return array("h", (round(CHANCE.gauss(0, level * FULL_SCALE)) for _ in range(int(seconds * RATE_HZ))))


def mixed(one: "array[int]", other: bytes, *, at_s: float) -> bytes:
    out = array("h", one)
    for n, sample in enumerate(array("h", other), int(at_s * RATE_HZ)):
        out[n] += sample
    return out.tobytes()


@pytest.mark.parametrize("hum", [0.0001, 0.003, 0.01])
def test_a_tone_below_the_noise_of_a_room_is_found(hum: float) -> None:
    played = tone(HZ, 0.01, 2.0, rate_hz=RATE_HZ)
    heard = mixed(noise(hum, 3.0), played, at_s=0.37)
    assert found(heard, HZ, rate_hz=RATE_HZ) >= 1.5


def test_a_device_whose_crystal_is_off_is_still_heard() -> None:
    assert found(tone(HZ * 1.0002, 0.01, 2.0, rate_hz=RATE_HZ), HZ, rate_hz=RATE_HZ) >= 1.8


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        b"\x01",
        bytes(2 * RATE_HZ),
        noise(0.05, 3.0).tobytes(),
        tone(HZ / 2, 0.5, 2.0, rate_hz=RATE_HZ),
        tone(1000.0, 0.9, 2.0, rate_hz=RATE_HZ),
        tone(HZ, 0.000001, 2.0, rate_hz=RATE_HZ),
    ],
    ids=["nothing", "half a sample", "silence", "noise", "an octave below", "a siren", "below the least"],
)
def test_what_is_not_the_tone_is_not_taken_for_it(heard: bytes) -> None:
    assert found(heard, HZ, rate_hz=RATE_HZ) < 0.4


def test_it_is_as_quiet_as_asked_and_begins_softly() -> None:
    samples = array("h", tone(HZ, 0.01, 1.0, rate_hz=RATE_HZ))
    assert max(map(abs, samples)) <= 0.01 * FULL_SCALE + 1
    assert max(map(abs, samples[:20])) < 20
