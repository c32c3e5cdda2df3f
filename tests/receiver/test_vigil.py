"""The watch over the wide band: silence is a fault, once, and its end is noted."""

from datetime import UTC, datetime, timedelta

from satwarn.alert.heartbeat import EVERY, LASTS
from satwarn.receiver.effects import Fault, Log
from satwarn.receiver.vigil import Vigil

NOON = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)


def test_a_heartbeat_a_minute_keeps_it_calm():
    vigil = Vigil(NOON)
    for minute in range(60):
        now = NOON + minute * EVERY
        assert vigil.hear(now) == []
        assert vigil.tick(now + EVERY) == []


def test_two_missing_are_borne_and_three_are_a_fault_once():
    vigil = Vigil(NOON)
    assert vigil.next_tick() == NOON + LASTS
    assert vigil.tick(NOON + LASTS - timedelta(seconds=1)) == []
    (fault,) = vigil.tick(NOON + LASTS)
    assert isinstance(fault, Fault)
    assert fault.code == "silence"
    assert vigil.tick(NOON + 2 * LASTS) == []


def test_when_it_is_heard_again_it_says_so_and_watches_on():
    vigil = Vigil(NOON)
    vigil.tick(NOON + LASTS)
    (log,) = vigil.hear(NOON + 2 * LASTS)
    assert isinstance(log, Log)
    assert vigil.tick(NOON + 3 * LASTS) != []


def test_a_site_may_bear_more():
    vigil = Vigil(NOON, lasts=timedelta(minutes=10))
    assert vigil.tick(NOON + LASTS) == []
    (fault,) = vigil.tick(NOON + timedelta(minutes=10))
    assert "for 10 minutes" in fault.what
