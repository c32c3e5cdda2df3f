"""The wide band as a whole: the carousel's virtual time, real FLUTE, loopback multicast, loss, and late receivers."""

import contextlib
import hashlib
import random
from contextlib import ExitStack
from datetime import timedelta

import pytest
from air_making import NOON, SERVICE, loses, made_alert, made_key, signed, signed_heartbeat, trust_of

from satwarn.adapters.air.flute import Complete, FluteReceiver, FluteSender
from satwarn.adapters.air.gate import Gate, Kept, Passed, Refused
from satwarn.adapters.air.multicast import UdpAir
from satwarn.adapters.air.reception import Reception
from satwarn.adapters.air.transmit import Transmitter
from satwarn.adapters.clock import VirtualClock
from satwarn.alert.alert import Severity
from satwarn.uplink.carousel import Carousel, Emission, Item, Priority
from satwarn.uplink.carousel_code import as_sent_bytes

BAND = 256_000
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
WAIT_S = 5.0


@pytest.fixture(scope="module")
def sender(tmp_path_factory):
    with FluteSender(tmp_path_factory.mktemp("sender"), service=SERVICE, instance=1) as running:
        yield running


def item(sender, content: bytes, key: str, priority: Priority, *, since=NOON) -> Item:
    return Item(
        key=key,
        datagrams=sender.cut(content, mime_type="application/cap+xml"),
        priority=priority,
        severity=Severity.EXTREME,
        since=since,
        until=since + HOUR,
    )


def full_carousel(sender) -> list[Item]:
    """Five old alerts, a drill, a heartbeat and 1.2 MB of data."""
    draw = random.Random(8).randbytes
    made = [(f"alert {n}", Priority.LIVE, 25_000) for n in range(5)]
    made += [("drill", Priority.DRILL, 25_000), ("beat", Priority.HEARTBEAT, 2_500)]
    made += [(f"data {n}", Priority.DATA, 300_000) for n in range(4)]
    return [item(sender, draw(size), key, priority, since=NOON - HOUR / 2) for key, priority, size in made]


@pytest.fixture
def closing():
    with ExitStack() as stack:
        yield lambda opened: stack.enter_context(contextlib.closing(opened))


def first_passed(reception: Reception, *, now) -> Passed:
    """What passes first of what the process's socket brings; fails when nothing comes for a while."""
    for _ in range(100):
        judged = [one.outcome for one in reception.poll(WAIT_S, now=now)]
        for outcome in judged:
            if isinstance(outcome, Passed):
                return outcome
    raise AssertionError("nothing passed the gate")


def test_a_live_alert_amid_a_full_carousel_reaches_three_receivers_on_loopback_in_time(sender, tmp_path, closing):
    """Within one second and its own size as sent, in virtual time: one pass of it, and nothing after it, is enough."""
    air = closing(UdpAir("239.192.90.89", random.Random().randrange(20_000, 60_000)))
    ears = [closing(air.join()) for _ in range(3)]
    receivers = [
        closing(FluteReceiver(tmp_path / str(n), service=SERVICE, socket=ear.fileno())) for n, ear in enumerate(ears)
    ]
    key, sent = made_key(), []
    receptions = [Reception(receiver, [Gate(trust_of(key))]) for receiver in receivers]

    def send(emission: Emission) -> None:
        sent.append(emission)
        air.send(emission.datagram)

    clock = VirtualClock(NOON)
    transmitter = Transmitter(clock, Carousel(bandwidth_bit_s=BAND), send)
    for one in full_carousel(sender):
        transmitter.put(one)
    issued = NOON + timedelta(seconds=20.0001)
    clock.run_until(issued)
    content = signed(made_alert(sent=NOON + 20 * SECOND, text="x" * 20_000), key)
    transmitter.put(item(sender, content, "live", Priority.LIVE, since=issued))
    while sum(emission.item.key == "live" for emission in sent) < len(transmitter.carousel.aboard()[-1].datagrams):
        clock.run_until(clock.now + SECOND / 100)
    transmitter.stop()
    for reception in receptions:
        assert first_passed(reception, now=clock.now).signed == content
    took_s = (max(e.ends for e in sent if e.item.key == "live") - issued).total_seconds()
    assert took_s <= 1 + 8 * as_sent_bytes(len(content)) / BAND


@pytest.mark.parametrize("joins_s", [0.3, 7.7, 19.1])
def test_a_receiver_switched_on_late_has_every_alert_after_this_pass_and_one_more(sender, tmp_path, joins_s):
    """With a fifth of the datagrams lost at each of ten stations, without a way back."""
    carousel = Carousel(bandwidth_bit_s=BAND)
    aboard = full_carousel(sender)
    for one in aboard:
        carousel.put(one)
    lost = [loses(0.2, seed=n) for n in range(10)]
    now, joined, last_pass = NOON, NOON + timedelta(seconds=joins_s), None
    whole: set[tuple[int, int]] = set()
    with FluteReceiver(tmp_path / "late", service=SERVICE, stations=10) as late:
        while last_pass is None or carousel.number <= last_pass:
            now = carousel.next_tick(now)
            emission = carousel.tick(now)
            if now < joined or emission.item.priority is Priority.DATA:
                continue
            last_pass = last_pass or emission.number + 1
            if emission.number <= last_pass:
                hearing = [n for n in range(10) if not lost[n](emission.datagram)]
                whole |= {(one.station, one.tsi) for one in late.push(emission.datagram, hearing)}
    assert len(whole) == 10 * sum(one.priority is not Priority.DATA for one in aboard)


def test_a_recorded_session_played_again_an_hour_later_lets_nothing_out(sender, tmp_path):
    """Every datagram as it was sent: well coded, well signed, and too late."""
    key = made_key()
    alert = signed(made_alert(lasts=2 * HOUR), key)
    beat = signed_heartbeat(key, sent=NOON, position=3, aboard=[hashlib.sha256(alert).hexdigest()])
    recorded = [d for content in (beat, alert) for d in sender.cut(content, mime_type="application/cap+xml")]
    for later, expected in ((timedelta(0), [Passed, Passed]), (HOUR, [Refused, Refused])):
        with FluteReceiver(tmp_path / str(later.seconds), service=SERVICE) as receiver:
            reception = Reception(receiver, [Gate(trust_of(key))])
            outcomes = [j.outcome for d in recorded for j in reception.push(d, now=NOON + later)]
        assert [type(outcome) for outcome in outcomes] == expected
    assert {outcome.kept for outcome in outcomes} == {Kept.REPLAY}


def test_a_killed_transmitter_sends_nothing_more_until_it_is_started_again():
    sent: list[Emission] = []
    clock = VirtualClock(NOON)
    transmitter = Transmitter(clock, Carousel(bandwidth_bit_s=BAND), sent.append)
    one = Item(
        key="one", datagrams=(bytes(1000),), priority=Priority.LIVE, severity=Severity.MINOR, since=NOON,
        until=NOON + HOUR,
    )  # fmt: skip
    transmitter.put(one)
    clock.run_until(NOON + SECOND)
    transmitter.stop()
    count = len(sent)
    clock.run_until(NOON + 2 * SECOND)
    assert len(sent) == count > 20
    transmitter.start()
    clock.run_until(NOON + 3 * SECOND)
    assert len(sent) > count + 20


def test_what_the_socket_brings_while_something_else_is_asked_is_not_lost(sender, tmp_path, closing):
    air = closing(UdpAir("239.192.90.90", random.Random().randrange(20_000, 60_000)))
    ear = closing(air.join())
    receiver = closing(FluteReceiver(tmp_path / "r", service=SERVICE, socket=ear.fileno()))
    receiver.refresh()
    for number in range(20):
        for datagram in sender.cut(bytes([number]) * 500, mime_type="text/plain"):
            air.send(datagram)
    whole: list[Complete] = []
    for _ in range(500):
        receiver.refresh()
        whole += receiver.poll(0.02)
        if len(whole) >= 20:
            break
    assert len({one.digest for one in whole}) == len(whole) == 20
