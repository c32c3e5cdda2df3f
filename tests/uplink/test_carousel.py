"""The carousel: who goes first, how often, and never more than the band holds. All in virtual time."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house import SCENARIO, SENDER, exercise, with_parameters
from satwarn.alert.alert import Severity, Status
from satwarn.alert.heartbeat import Heartbeat, heartbeat_alert
from satwarn.alert.supply import SupplyKind, supply_alert
from satwarn.app.exercise import plan_of_drill
from satwarn.errors import DoesNotFit
from satwarn.uplink.carousel import PASS_S, Carousel, Emission, Item, Priority, priority_of, severity_of
from satwarn.uplink.carousel_code import UDP_IP_BYTES

NOON = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BAND = 256_000


def item(
    key: str, priority: Priority, *, datagrams=5, size=1000, severity=Severity.SEVERE, since=NOON, lasts=10 * HOUR
) -> Item:
    return Item(
        key=key,
        datagrams=tuple(f"{key}/{number}".encode().ljust(size, b".") for number in range(datagrams)),
        priority=priority,
        severity=severity,
        since=since,
        until=since + lasts,
    )


def turn(carousel: Carousel, *, since: datetime = NOON, until: datetime) -> list[Emission]:
    """Everything that leaves in a time, by a clock that is never late."""
    sent, now = [], since
    while (when := carousel.next_tick(now)) is not None and when < until:
        now = when
        emission = carousel.tick(now)
        assert emission
        sent.append(emission)
    return sent


def turning(*items: Item, bandwidth_bit_s=BAND) -> Carousel:
    carousel = Carousel(bandwidth_bit_s=bandwidth_bit_s)
    for one in items:
        carousel.put(one)
    return carousel


def keys(sent: list[Emission]) -> list[str]:
    """The items in the order in which they were begun or gone on with."""
    named = [emission.item.key for emission in sent]
    return [name for before, name in zip([None, *named], named, strict=False) if before != name]


def bits(sent: list[Emission]) -> int:
    return sum(8 * (len(emission.datagram) + UDP_IP_BYTES) for emission in sent)


def test_an_empty_carousel_stands_still():
    carousel = turning()
    assert carousel.next_tick(NOON) is None
    assert carousel.tick(NOON) is None


@pytest.mark.parametrize("bandwidth", [63_999, 10_000_001, 0, -1])
def test_a_bandwidth_that_no_provider_sells_is_refused(bandwidth):
    with pytest.raises(DoesNotFit):
        Carousel(bandwidth_bit_s=bandwidth)


def test_an_object_without_datagrams_is_refused():
    with pytest.raises(DoesNotFit):
        item("nothing", Priority.LIVE, datagrams=0)


NOTHING = "0" * 64


@pytest.mark.parametrize(
    ("alert", "priority"),
    [
        (with_parameters(exercise(status=Status.ACTUAL), purpose=("real",)), Priority.LIVE),
        (exercise(), Priority.DRILL),
        (with_parameters(exercise(status=Status.TEST), purpose=("technical-test",)), Priority.DRILL),
        (plan_of_drill(SCENARIO), Priority.DRILL),
        (heartbeat_alert(Heartbeat(sent=NOON, position=1, aboard=(NOTHING,)), sender=SENDER), Priority.HEARTBEAT),
        (
            supply_alert(
                SupplyKind.TRUST, {"hub.pem": b"..."}, serial=1, mime_type="application/x-pem-file", identifier="s",
                sender=SENDER, sent=NOON, expires=NOON + HOUR,
            ),
            Priority.DATA,
        ),
    ],
    ids=["real", "exercise", "technical test", "plan", "heartbeat", "supply"],
)  # fmt: skip
def test_an_alert_is_live_by_its_signed_purpose_and_nothing_else(alert, priority):
    assert priority_of(alert) is priority


def test_an_alert_is_as_severe_as_the_severest_it_says():
    infos = tuple(replace(exercise().infos[0], severity=one) for one in (Severity.MINOR, Severity.EXTREME))
    assert severity_of(exercise(infos=infos)) is Severity.EXTREME


def test_live_before_drill_before_heartbeat_before_data():
    carousel = turning(
        item("data", Priority.DATA),
        item("beat", Priority.HEARTBEAT),
        item("drill", Priority.DRILL),
        item("live", Priority.LIVE),
    )
    assert keys(turn(carousel, until=NOON + timedelta(seconds=1)))[:4] == ["live", "drill", "beat", "live"]
    first_pass = [e for e in turn(carousel, since=NOON + timedelta(seconds=1), until=NOON + HOUR / 60) if e.number == 1]
    assert first_pass[-1].item.key == "data"


def test_the_severest_first_and_unknown_is_not_low():
    severities = [Severity.MINOR, Severity.UNKNOWN, Severity.EXTREME, Severity.MODERATE, Severity.SEVERE]
    carousel = turning(*(item(severity.value, Priority.LIVE, severity=severity) for severity in severities))
    sent = turn(carousel, until=NOON + timedelta(seconds=0.9))
    assert keys(sent)[:5] == ["Extreme", "Severe", "Unknown", "Moderate", "Minor"]


def test_a_live_alert_takes_the_very_next_datagram():
    carousel = turning(item("data", Priority.DATA, datagrams=2000), item("drill", Priority.DRILL, datagrams=2000))
    later = NOON + timedelta(seconds=40)
    before = turn(carousel, until=later)
    carousel.put(item("live", Priority.LIVE, since=later))
    after = turn(carousel, since=later, until=later + timedelta(seconds=1))
    assert "live" not in keys(before)
    assert [emission.item.key for emission in after[:5]] == ["live"] * 5
    assert after[0].at == before[-1].ends


def test_what_was_interrupted_goes_on_where_it_was():
    carousel = turning(item("drill", Priority.DRILL, datagrams=20))
    begun = turn(carousel, until=NOON + timedelta(seconds=0.2))
    carousel.put(item("live", Priority.LIVE, datagrams=3))
    sent = begun + turn(carousel, since=begun[-1].ends, until=NOON + timedelta(seconds=1))
    assert [e.index for e in sent if e.item.key == "drill"][:20] == list(range(20))
    assert keys(sent)[:3] == ["drill", "live", "drill"]


def test_a_new_drill_waits_for_a_live_pass_and_a_new_live_one_does_not_wait_for_a_repeated():
    carousel = turning(item("old", Priority.LIVE, datagrams=20))
    start = NOON + timedelta(seconds=0.2)
    turn(carousel, until=start)
    carousel.put(item("drill", Priority.DRILL))
    carousel.put(item("new", Priority.LIVE, since=start))
    assert keys(turn(carousel, since=start, until=start + timedelta(seconds=5)))[:3] == ["new", "old", "drill"]


def test_a_new_live_alert_does_not_wait_for_the_repetition_of_an_older_one():
    carousel = turning(item("old", Priority.LIVE, datagrams=200, since=NOON - HOUR))
    later = NOON + timedelta(seconds=10)
    before = turn(carousel, until=later)
    assert before[-1].number > 0
    assert before[-1].index < 199, "in the middle of a repetition"
    carousel.put(item("new", Priority.LIVE, since=later))
    assert keys(turn(carousel, since=later, until=later + timedelta(seconds=1)))[:2] == ["new", "old"]


def test_young_alerts_go_more_often_than_old_ones():
    old = item("old", Priority.LIVE, since=NOON - HOUR)
    middle = item("middle", Priority.LIVE, since=NOON - timedelta(minutes=5))
    carousel = turning(old, middle, item("young", Priority.LIVE))
    sent = [e for e in turn(carousel, until=NOON + timedelta(seconds=20)) if e.number == 2]
    times = {name: sum(e.index == 0 for e in sent if e.item.key == name) for name in ("young", "middle", "old")}
    assert times == {"young": 3, "middle": 2, "old": 1}


def test_repetitions_are_the_same_bytes():
    one = item("live", Priority.LIVE)
    sent = turn(turning(one), until=NOON + timedelta(seconds=10))
    assert {emission.datagram for emission in sent} == set(one.datagrams)


def test_data_goes_on_across_passes_and_takes_turns():
    carousel = turning(
        item("live", Priority.LIVE, datagrams=100, since=NOON - HOUR),
        item("one", Priority.DATA, datagrams=300),
        item("two", Priority.DATA, datagrams=300),
    )
    sent = turn(carousel, until=NOON + timedelta(minutes=2))
    data = [(e.item.key, e.index) for e in sent if e.item.priority is Priority.DATA]
    assert data[:600] == [("one", n) for n in range(300)] + [("two", n) for n in range(300)]


def test_data_never_takes_more_than_its_share_of_a_full_pass():
    carousel = turning(
        item("live", Priority.LIVE, datagrams=300, since=NOON - HOUR), item("data", Priority.DATA, datagrams=5000)
    )
    sent = [e for e in turn(carousel, until=NOON + timedelta(minutes=3)) if e.number in (2, 3, 4)]
    share = sum(e.item.key == "data" for e in sent) / len(sent)
    assert 0.23 < share < 0.27


def test_with_little_aboard_the_air_belongs_to_the_data():
    carousel = turning(item("beat", Priority.HEARTBEAT), item("data", Priority.DATA, datagrams=5000))
    sent = turn(carousel, until=NOON + timedelta(minutes=3))
    assert sum(e.item.key == "data" for e in sent) / len(sent) > 0.8
    begun = [e.at for e in sent if e.item.key == "beat" and e.index == 0]
    assert max(b - a for a, b in pairwise(begun)) < timedelta(seconds=PASS_S + 1)


def test_what_is_over_or_withdrawn_or_replaced_is_not_sent_again():
    carousel = turning(item("short", Priority.LIVE, lasts=timedelta(seconds=2)), item("beat", Priority.HEARTBEAT))
    sent = turn(carousel, until=NOON + timedelta(seconds=3))
    assert max(e.at for e in sent if e.item.key == "short") < NOON + timedelta(seconds=2)
    new = item("beat", Priority.HEARTBEAT, datagrams=2, since=NOON + timedelta(seconds=3))
    carousel.put(new)
    assert carousel.aboard() == (new,)
    later = turn(carousel, since=NOON + timedelta(seconds=3), until=NOON + timedelta(seconds=4))
    assert all(e.item is new for e in later)
    carousel.withdraw("beat")
    assert carousel.next_tick(NOON + timedelta(seconds=4)) is None


ITEMS = st.lists(
    st.tuples(st.sampled_from(Priority), st.integers(1, 60), st.integers(100, 1440), st.integers(0, 3000)),
    min_size=1,
    max_size=8,
)


@given(ITEMS, st.integers(64_000, 10_000_000))
def test_the_band_is_filled_and_never_more_than_filled(made, bandwidth):
    carousel = turning(
        *(
            item(f"{number}", priority, datagrams=count, size=size, since=NOON - timedelta(seconds=age))
            for number, (priority, count, size, age) in enumerate(made)
        ),
        bandwidth_bit_s=bandwidth,
    )
    seconds = 1 + 6_000_000 / bandwidth
    sent = turn(carousel, until=NOON + timedelta(seconds=seconds))
    for first in range(0, len(sent) // 2, max(1, len(sent) // 20)):
        window = sent[first:]
        lasted = (window[-1].ends - window[0].at).total_seconds()
        assert bits(window) == pytest.approx(bandwidth * lasted, rel=0.02)


@given(st.lists(st.integers(0, 15_000), min_size=100, max_size=150))
def test_a_sender_that_is_woken_late_keeps_its_rate(late_us):
    carousel, now, sent = turning(item("data", Priority.DATA, datagrams=900)), NOON, []
    for late in late_us:
        now = max(now, carousel.next_tick(now)) + timedelta(microseconds=late)
        sent.append(carousel.tick(now))
    lasted = (sent[-1].at - sent[0].at).total_seconds()
    assert bits(sent[:-1]) <= BAND * lasted * 1.02 + 8 * 1028
    assert bits(sent) >= BAND * lasted * 0.98


def test_a_sender_that_slept_does_not_catch_up():
    carousel = turning(item("data", Priority.DATA, datagrams=900))
    assert carousel.tick(NOON)
    later = NOON + timedelta(minutes=1)
    assert carousel.tick(later)
    assert carousel.next_tick(later) > later + timedelta(milliseconds=30)


@pytest.mark.parametrize(("bandwidth", "late_ms"), [(64_000, 1000), (256_000, 300), (10_000_000, 19)])
def test_a_sender_on_a_busy_machine_keeps_its_rate_and_never_bursts_more_than_a_few_datagrams(bandwidth, late_ms):
    carousel, now, sent = turning(item("data", Priority.DATA, datagrams=900), bandwidth_bit_s=bandwidth), NOON, []
    chance = random.Random(late_ms)
    for _ in range(600):
        late = timedelta(milliseconds=chance.random() * late_ms) if chance.random() < 0.02 else timedelta(0)
        now = max(now, carousel.next_tick(now)) + late
        sent.append(carousel.tick(now))
    lasted = (sent[-1].at - sent[0].at).total_seconds()
    assert bits(sent[:-1]) == pytest.approx(bandwidth * lasted, rel=0.02)
    burst = bandwidth * max(0.02, 8 * 12_000 / bandwidth)
    for number in range(0, len(sent) - 20, 7):
        some = sent[number : number + 20]
        took = (some[-1].at - some[0].at).total_seconds()
        assert bits(some[:-1]) <= 1.01 * (bandwidth * took + burst)


def test_a_clock_that_is_put_back_does_not_stop_the_sending():
    carousel = turning(item("data", Priority.DATA, datagrams=900))
    turn(carousel, until=NOON + timedelta(minutes=2))
    back = NOON - timedelta(days=1)
    assert carousel.next_tick(back) == back
    assert carousel.tick(back)
    assert back < carousel.next_tick(back) < back + timedelta(seconds=1)


@given(ITEMS, st.floats(0, 40))
def test_whoever_joins_hears_every_live_alert_in_this_pass_and_one_more(made, joins_s):
    """Switched on at any moment, without loss: the rest of this pass plus one whole pass brings every live alert."""
    carousel = turning(
        *(
            item(f"{number}", priority, datagrams=count, size=size, since=NOON - timedelta(seconds=age))
            for number, (priority, count, size, age) in enumerate(made)
        )
    )
    joined = NOON + timedelta(seconds=joins_s)
    turn(carousel, until=joined)
    this_pass, heard, now = carousel.number, {}, joined
    while carousel.number <= this_pass + 1:
        now = carousel.next_tick(now)
        emission = carousel.tick(now)
        if emission.number <= this_pass + 1:
            heard.setdefault(emission.item.key, []).append(emission.index)
    for one in carousel.aboard():
        if one.priority is not Priority.DATA:
            assert whole(heard[one.key], len(one.datagrams)), one.key


def whole(indices: list[int], count: int) -> bool:
    """Whether a whole object, its table first, is among what was heard."""
    return any(indices[at : at + count] == list(range(count)) for at in range(len(indices)))
