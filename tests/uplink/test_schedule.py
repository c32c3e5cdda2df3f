"""Slots of GPS time, rolling counter, live before drill, and an end."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from satwarn.frame import decode
from satwarn.frame.dcx import JAlert, MessageType
from satwarn.frame.l1s import gps_time_of_week_s, preamble_at
from satwarn.uplink.schedule import Priority, Transmission, Uplink, next_slot

ELEVEN = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
GOLDEN = "53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"


def drill(prefectures: tuple[int, ...] = tuple(range(31, 40))) -> JAlert:
    return JAlert(
        message=MessageType.TEST, provider=2, hazard=113, onset=ELEVEN, instruction=136, prefectures=prefectures, vn=1
    )


def run(uplink: Uplink, start: datetime, seconds: int) -> list[Transmission]:
    ticks = (uplink.tick(start + timedelta(seconds=second)) for second in range(seconds))
    return [sent for sent in ticks if sent]


def test_eleven_o_clock_is_a_slot_and_carries_the_golden_frame() -> None:
    uplink = Uplink()
    uplink.put(drill(), since=ELEVEN, until=ELEVEN + timedelta(seconds=30), priority=Priority.DRILL)
    assert uplink.next_tick(ELEVEN) == ELEVEN
    first = uplink.tick(ELEVEN)
    assert first is not None
    assert first.frame.hex().upper()[:63] == GOLDEN


def test_one_frame_in_four_seconds_counter_rolling_until_the_end() -> None:
    uplink = Uplink()
    uplink.put(drill(), since=ELEVEN, until=ELEVEN + timedelta(seconds=90), priority=Priority.DRILL)
    sent = run(uplink, ELEVEN - timedelta(seconds=10), 200)
    assert [frame.at for frame in sent] == [ELEVEN + timedelta(seconds=4 * n) for n in range(23)]
    assert [frame.counter for frame in sent] == [n % 16 for n in range(23)]
    assert len({frame.payload for frame in sent}) == 1
    assert uplink.next_tick(ELEVEN + timedelta(seconds=91)) is None


def test_live_takes_every_slot_and_the_drill_comes_back() -> None:
    uplink, live = Uplink(), drill((1,))
    uplink.put(drill(), since=ELEVEN, until=ELEVEN + timedelta(seconds=40), priority=Priority.DRILL)
    uplink.put(live, since=ELEVEN + timedelta(seconds=8), until=ELEVEN + timedelta(seconds=24), priority=Priority.LIVE)
    areas = [decode(sent.frame, received=sent.at) for sent in run(uplink, ELEVEN, 40)]
    assert [report.prefectures == (1,) for report in areas if isinstance(report, JAlert)] == (
        [False] * 2 + [True] * 4 + [False] * 4
    )


def test_two_of_one_class_take_turns() -> None:
    uplink = Uplink()
    for prefecture in (1, 2):
        report = drill((prefecture,))
        uplink.put(report, since=ELEVEN, until=ELEVEN + timedelta(seconds=16), priority=Priority.DRILL)
    areas = [decode(sent.frame, received=sent.at) for sent in run(uplink, ELEVEN, 16)]
    assert [report.prefectures for report in areas if isinstance(report, JAlert)] == [(1,), (2,), (1,), (2,)]


def test_what_is_withdrawn_leaves_the_air() -> None:
    uplink = Uplink()
    uplink.put(drill(), since=ELEVEN, until=ELEVEN + timedelta(seconds=40), priority=Priority.DRILL)
    uplink.withdraw(drill())
    assert run(uplink, ELEVEN, 40) == []


@given(st.integers(0, 30 * 365 * 86_400_000))
def test_the_next_slot_is_a_slot_within_four_seconds(milliseconds: int) -> None:
    moment = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    slot = next_slot(moment)
    assert timedelta() <= slot - moment <= timedelta(seconds=4)
    assert gps_time_of_week_s(slot) % 4 == 2
    assert preamble_at(gps_time_of_week_s(slot)) in (0x53, 0x9A, 0xC6)
