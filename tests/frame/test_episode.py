"""A frame has no identity; what is on the air without a gap is one episode."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from satwarn.frame.episode import Episodes

START = datetime(2026, 11, 22, tzinfo=UTC)


def at(seconds):
    return START + timedelta(seconds=seconds)


def test_copies_from_several_satellites_are_one_episode():
    episodes = Episodes(gap_s=60)
    assert episodes.hear("A", satellite=184, now=at(0)).fresh
    assert not episodes.hear("A", satellite=185, now=at(0)).fresh
    last = episodes.hear("A", satellite=184, now=at(4))
    assert (last.copies, last.satellites, last.first_heard, last.last_heard) == (3, {184, 185}, at(0), at(4))


def test_a_gap_starts_a_new_episode():
    episodes = Episodes(gap_s=60)
    episodes.hear("A", satellite=184, now=at(0))
    assert not episodes.hear("A", satellite=184, now=at(60)).fresh
    again = episodes.hear("A", satellite=184, now=at(120.001))
    assert (again.fresh, again.copies) == (True, 1)


def test_another_payload_is_another_episode():
    episodes = Episodes()
    episodes.hear("A", satellite=184, now=at(0))
    assert episodes.hear("B", satellite=184, now=at(1)).fresh
    assert [live.payload for live in episodes.live()] == ["A", "B"]


def test_it_says_when_it_next_wants_waking_and_forgets_then():
    episodes = Episodes(gap_s=60)
    assert episodes.next_tick() is None
    episodes.hear("A", satellite=184, now=at(0))
    episodes.hear("B", satellite=184, now=at(10))
    assert episodes.next_tick() == at(60)
    episodes.tick(at(60))
    assert len(episodes.live()) == 2
    episodes.tick(at(60.5))
    assert [live.payload for live in episodes.live()] == ["B"]


def test_a_copy_that_comes_late_does_not_move_the_clock_back():
    episodes = Episodes(gap_s=60)
    episodes.hear("A", satellite=184, now=at(50))
    assert episodes.hear("A", satellite=185, now=at(40)).last_heard == at(50)


@given(st.lists(st.floats(0, 500), min_size=1), st.floats(0, 100))
def test_one_episode_a_run_without_gaps(seconds, gap):
    times = sorted(seconds)
    episodes = Episodes(gap_s=gap)
    fresh = [episodes.hear("A", satellite=184, now=at(s)).fresh for s in times]
    gaps = [at(b) - at(a) > timedelta(seconds=gap) for a, b in pairwise(times)]
    assert fresh == [True, *gaps]
