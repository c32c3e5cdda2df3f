"""How long a frame is believed: what it says itself (CAMF A8), or, where it says nothing, the limit of its type."""

from dataclasses import replace
from datetime import timedelta

import pytest

from house import ELEVEN, REPORT, SECOND, YONAGO, frame, receiver, warns
from satwarn.frame.dcx import MessageType
from satwarn.receiver.effects import End
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Life
from satwarn.receiver.radio import Level, Radio

UNKNOWN = 0
LIMITS = {8: timedelta(hours=1), 1: timedelta(hours=2)}
"""A missile and an air attack, of which nobody says how long: receiver/tables/information.csv."""


def heard(hazard: int, duration: int, *, again: tuple[timedelta, ...] = ()) -> Receiver:
    """A box that a real frame has made sound, and that hears copies of it later."""
    said = replace(REPORT, message=MessageType.ALERT, hazard=hazard, severity=3, instruction=128, duration=duration)
    box = receiver(YONAGO)
    for number, after in enumerate((timedelta(), *again)):
        box.hear_radio(Radio(at=ELEVEN + after, jamming=Level.NONE, spoofing=Level.NONE))
        box.hear_frame(frame(said, counter=number % 16), satellite=184, now=ELEVEN + after)
    assert len(warns(box.effects())) == 1
    return box


def ends_at(box: Receiver, after: timedelta) -> list[Life]:
    box.tick(now=ELEVEN + after)
    return [effect.how for effect in box.effects() if isinstance(effect, End)]


@pytest.mark.parametrize(
    ("hazard", "duration", "lasts"),
    [
        (8, UNKNOWN, LIMITS[8]),
        (1, UNKNOWN, LIMITS[1]),
        (8, 1, timedelta(hours=6)),
        (8, 2, timedelta(hours=12)),
        (8, 3, timedelta(hours=24)),
    ],
)
def test_it_is_believed_so_long_and_no_longer(hazard: int, duration: int, lasts: timedelta) -> None:
    box = heard(hazard, duration)
    assert ends_at(box, lasts - SECOND) == []
    assert ends_at(box, lasts) == [Life.UNKNOWN]


def test_without_a_duration_every_copy_says_that_it_still_holds() -> None:
    box = heard(8, UNKNOWN, again=tuple(timedelta(seconds=s) for s in range(30, 1801, 30)))
    assert ends_at(box, LIMITS[8] + timedelta(minutes=30) - SECOND) == []
    assert ends_at(box, LIMITS[8] + timedelta(minutes=30)) == [Life.UNKNOWN]


def test_with_one_a_copy_makes_it_no_longer() -> None:
    box = heard(8, 1, again=tuple(timedelta(seconds=s) for s in range(55, 6 * 3600, 55)))
    assert ends_at(box, timedelta(hours=6)) == [Life.UNKNOWN]


def test_a_copy_of_an_earlier_hour_makes_it_no_shorter() -> None:
    """Two radios may hand the same frame over in any order."""
    box = heard(8, UNKNOWN, again=(timedelta(minutes=-1),))
    assert ends_at(box, LIMITS[8] - SECOND) == []
