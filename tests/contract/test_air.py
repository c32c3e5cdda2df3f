"""One suite over every air: what sender and receivers rely on, whoever carries it. Loopback only."""

import random

import pytest

from satwarn.adapters.air.local import LocalAir
from satwarn.adapters.air.multicast import MOST_BYTES, UdpAir
from satwarn.errors import DoesNotFit

GROUP = "239.192.90.87"
WAIT_S = 2.0
NOT_COMING_S = 0.05


def local():
    return LocalAir(loss=0.0, chance=random.Random(1).random)


def udp():
    return UdpAir(GROUP, random.Random().randrange(20_000, 60_000))


@pytest.fixture(params=[local, udp])
def air(request):
    opened = request.param()
    yield opened
    opened.close()


@pytest.fixture
def join(air):
    joined = []

    def one():
        joined.append(air.join())
        return joined[-1]

    yield one
    for ear in joined:
        ear.close()


def test_every_ear_hears_every_datagram_in_order(air, join):
    ears = [join() for _ in range(3)]
    sent = [bytes([number]) * 100 for number in range(50)]
    for datagram in sent:
        air.send(datagram)
    for ear in ears:
        assert [ear.take(WAIT_S) for _ in sent] == sent
        assert ear.take(NOT_COMING_S) is None


def test_who_joins_late_hears_only_what_comes_then(air, join):
    early = join()
    air.send(b"before")
    late = join()
    air.send(b"after")
    assert [early.take(WAIT_S), early.take(WAIT_S)] == [b"before", b"after"]
    assert late.take(WAIT_S) == b"after"


def test_a_datagram_that_would_be_cut_in_two_is_refused(air):
    air.send(bytes(MOST_BYTES))
    with pytest.raises(DoesNotFit):
        air.send(bytes(MOST_BYTES + 1))


def test_sending_to_nobody_is_no_error(air):
    air.send(b"into the void")


def test_an_address_that_is_no_group_is_refused():
    with pytest.raises(DoesNotFit):
        UdpAir("192.0.2.1", 5000)


def test_another_group_is_not_heard():
    port = random.Random().randrange(20_000, 60_000)
    ours, other = UdpAir(GROUP, port), UdpAir("239.192.90.88", port)
    ear = ours.join()
    other.send(b"not for us")
    ours.send(b"for us")
    assert ear.take(WAIT_S) == b"for us"
    assert ear.take(NOT_COMING_S) is None
    for one in (ours, other, ear):
        one.close()


def test_the_local_air_loses_by_chance_and_breaks_as_told():
    air = LocalAir(loss=0.25, chance=random.Random(2).random)
    ear, deaf = air.join(), air.join()
    air.faults.deaf.add(1)
    for number in range(2000):
        air.send(number.to_bytes(2, "big"))
    assert 1440 < len(ear.heard) < 1560
    assert not deaf.heard
    air.faults.alter = lambda number, datagram: (datagram, datagram[:1])
    ear.heard.clear()
    for _ in range(100):
        air.send(b"ab")
    assert set(ear.heard) == {b"ab", b"a"}
