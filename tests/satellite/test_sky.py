"""The sky loses by chance and delays by distance; the same chance gives the same sky."""

from datetime import UTC, datetime

import pytest

from satwarn.adapters.chance import stream
from satwarn.satellite.sky import FRAME_S, SIMULATED, Sky

NOW = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
SITES = tuple(f"{number:05d}" for number in range(500))


def carried(loss: float, seed: int = 1) -> list[tuple[str, ...]]:
    sky = Sky(loss=loss, chance=stream(seed, "sky"))
    return [arrival.sites for arrival in sky.carry(bytes(32), at=NOW, listeners=SITES)]


def test_without_loss_everybody_hears_every_satellite() -> None:
    assert carried(0.0) == [SITES] * len(SIMULATED)


def test_with_total_loss_nobody_hears_anything() -> None:
    assert carried(1.0) == [()] * len(SIMULATED)


@pytest.mark.parametrize("loss", [0.1, 0.5, 0.9])
def test_loss_is_the_share_that_is_lost(loss: float) -> None:
    heard = sum(map(len, carried(loss))) / (len(SITES) * len(SIMULATED))
    assert abs(heard - (1 - loss)) < 0.04


def test_the_same_seed_loses_the_same_copies_and_another_does_not() -> None:
    assert carried(0.3, seed=7) == carried(0.3, seed=7) != carried(0.3, seed=8)


def test_a_frame_is_there_when_its_last_bit_is_in() -> None:
    arrivals = list(Sky(loss=0, chance=lambda: 0.5).carry(bytes(32), at=NOW, listeners=SITES))
    delays = [(arrival.at - NOW).total_seconds() for arrival in arrivals]
    assert all(FRAME_S + 0.11 < delay < FRAME_S + 0.14 for delay in delays)
    assert all("simulated" in arrival.satellite.name for arrival in arrivals)
