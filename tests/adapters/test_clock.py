"""The virtual clock: order, pace, and where it stands."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from satwarn.adapters import clock
from satwarn.adapters.clock import VirtualClock

START = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)


def test_things_happen_when_due_and_in_the_order_asked_for() -> None:
    seen: list[tuple[str, float]] = []
    virtual = VirtualClock(START)

    def note(name: str) -> None:
        seen.append((name, (virtual.now - START).total_seconds()))

    virtual.after(2, lambda: note("later"))
    virtual.after(1, lambda: note("first"))
    virtual.after(1, lambda: note("second"))
    virtual.after(1, lambda: virtual.after(0, lambda: note("asked while it happens")))
    virtual.run_until(START + timedelta(seconds=1.5))
    assert seen == [("first", 1), ("second", 1), ("asked while it happens", 1)]
    assert virtual.now == START + timedelta(seconds=1.5)
    virtual.settle(START + timedelta(hours=1))
    assert seen[-1] == ("later", 2)
    assert virtual.now == START + timedelta(seconds=2)


def test_what_is_past_happens_at_once_and_time_never_goes_back() -> None:
    virtual, seen = VirtualClock(START), []
    virtual.at(START - timedelta(hours=1), lambda: seen.append(virtual.now))
    virtual.run_until(START - timedelta(hours=2))
    virtual.run_until(START)
    assert seen == [START]
    assert virtual.now == START


def test_it_stands_in_utc_whatever_zone_it_is_told() -> None:
    virtual = VirtualClock(START.astimezone(timezone(timedelta(hours=9))))
    assert virtual.now.tzinfo is UTC


def test_in_real_time_it_waits_for_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = [100.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: wall[0])
    monkeypatch.setattr(clock.time, "sleep", lambda seconds: wall.__setitem__(0, wall[0] + seconds))
    virtual = VirtualClock(START, real_time=True)
    heard_at: list[float] = []
    virtual.after(4, lambda: heard_at.append(wall[0]))
    virtual.run_until(START + timedelta(seconds=10))
    assert heard_at == [104.0]
    assert wall[0] == 110.0


@pytest.mark.parametrize(("answer", "kept"), [(0, True), (1, True), (5, False), (-1, False)])
def test_a_host_is_disciplined_when_its_kernel_says_so(
    monkeypatch: pytest.MonkeyPatch, answer: int, kept: bool
) -> None:
    """adjtimex(2): TIME_OK, TIME_INS, TIME_ERROR, failed."""
    monkeypatch.setattr(clock.ctypes, "CDLL", lambda name: SimpleNamespace(adjtimex=lambda asked: answer))
    assert clock.disciplined() is kept


def test_a_host_that_cannot_say_is_not_taken_for_disciplined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock.ctypes, "CDLL", lambda name: SimpleNamespace())
    assert clock.disciplined() is False
