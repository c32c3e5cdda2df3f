"""Each reason for which a radio is not believed alone, and the sane one beside it."""

from datetime import timedelta
from typing import Any

import pytest

from house import ELEVEN, receiver
from satwarn.receiver.radio import POSITION_OFF_KM, STALE, TIME_OFF_S, Level, Radio, doubt

SANE: dict[str, Any] = {
    "jamming": Level.NONE,
    "spoofing": Level.NONE,
    "position_off_km": POSITION_OFF_KM,
    "time_off_s": -TIME_OFF_S,
}


@pytest.mark.parametrize(
    ("wrong", "after", "why"),
    [
        ({}, STALE, ""),
        ({}, STALE + timedelta(seconds=1), "stopped telling"),
        ({"jamming": Level.WARNING}, timedelta(), "jammed"),
        ({"spoofing": Level.CRITICAL}, timedelta(), "deceived"),
        ({"position_off_km": POSITION_OFF_KM + 0.1}, timedelta(), "elsewhere"),
        ({"time_off_s": -TIME_OFF_S - 0.1}, timedelta(), "disagrees"),
        ({"monitored": False}, timedelta(), "cannot tell"),
    ],
)
def test_a_reason_each(wrong: dict[str, Any], after: timedelta, why: str) -> None:
    said = doubt(Radio(at=ELEVEN, **{**SANE, **wrong}), now=ELEVEN + after)
    assert why in said
    assert bool(said) is bool(why)


def test_the_second_key_must_follow_soon() -> None:
    box = receiver()
    box.begin_maintenance(by="fitter", until=ELEVEN + timedelta(hours=1), now=ELEVEN)
    assert not box.leave_maintenance(by="fitter", now=ELEVEN)
    assert not box.leave_maintenance(by="warden", now=ELEVEN + timedelta(minutes=5, seconds=1))
    assert box.leave_maintenance(by="fitter", now=ELEVEN + timedelta(minutes=6))
