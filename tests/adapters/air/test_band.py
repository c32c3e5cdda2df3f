"""Both real ends of the wide band on loopback: transmitters that are processes, a station that is a thread and a
process; killed, doubled, put back, and never deceived."""

import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from air_making import made_alert, made_key, signed, trust_of

from satwarn.adapters import clock
from satwarn.adapters.air.band import Band
from satwarn.adapters.air.band_sender import BandSender, BandSettings
from satwarn.adapters.air.flute_process import scratch_folder
from satwarn.adapters.air.gate import Outcome, Passed, Refused
from satwarn.adapters.keys import make_signing_key
from satwarn.alert.alert import Severity
from satwarn.errors import BadSetting, DoesNotFit
from satwarn.uplink.carousel import Priority

KEY = make_signing_key("drill@satwarn.example", now=clock.now())
HOUR = timedelta(hours=1)


@pytest.fixture
def address() -> str:
    return f"239.192.90.91:{random.Random().randrange(20_000, 60_000)}"


def sender_at(folder: Path, address: str, *, bandwidth: int = 256_000, interface: str = "127.0.0.1") -> BandSender:
    return BandSender(folder, BandSettings(address=address, bandwidth_bit_s=bandwidth, interface=interface))


@pytest.fixture
def station(address: str) -> Iterator[tuple[Band, list[Outcome]]]:
    heard: list[Outcome] = []
    band = Band(address, trust=trust_of(KEY), now=clock.now, tell=heard.append)
    band.start()
    yield band, heard
    band.close()


def put(sender: BandSender, message: bytes) -> None:
    sender.put(
        hashlib.sha256(message).hexdigest(),
        message,
        mime_type="application/cap+xml",
        priority=Priority.DRILL,
        severity=Severity.MINOR,
        until=clock.now() + HOUR,
    )


def message_of(size: int, by=KEY) -> bytes:
    now = clock.now().replace(microsecond=0)
    return signed(made_alert(sent=now, text="x" * size), by)


def until(true, *, within_s: float = 30.0) -> None:
    begun = clock.stopwatch()
    while not true():
        assert clock.stopwatch() - begun < within_s, "it did not happen in time"
        clock.wait(0.02)


def passed(heard: list[Outcome]) -> list[bytes]:
    return [one.signed for one in heard if isinstance(one, Passed)]


def test_a_transmitter_killed_in_the_middle_of_an_object_is_started_again_and_the_parts_add_up(
    tmp_path, address, station
):
    band, heard = station
    until(lambda: not band.why)
    message = message_of(60_000)
    sender = sender_at(tmp_path / "a", address)
    put(sender, message)
    until(lambda: sender.state()["datagrams"] > 20)
    assert not passed(heard)
    os.kill(sender.pid, signal.SIGKILL)
    until(lambda: sender.deaths == 1 if sender.state() else False)
    until(lambda: passed(heard) == [message])
    assert [one["key"] for one in sender.state()["aboard"]] == [hashlib.sha256(message).hexdigest()]
    sender.close()


def test_two_transmitters_on_one_group_make_one_carousel_and_either_alone_is_enough(tmp_path, address, station):
    band, heard = station
    until(lambda: not band.why)
    message = message_of(40_000)
    pair = [sender_at(tmp_path / name, address, bandwidth=128_000) for name in "ab"]
    for one in pair:
        put(one, message)
    until(lambda: pair[0].state()["datagrams"] > 5)
    pair[0].close()
    until(lambda: passed(heard) == [message])
    pair[1].close()


def test_a_station_whose_process_is_killed_hears_on(tmp_path, address, station):
    band, heard = station
    sender = sender_at(tmp_path / "a", address, bandwidth=2_000_000)
    put(sender, message_of(2_000))
    until(lambda: len(passed(heard)) == 1)
    os.kill(band.pid, signal.SIGKILL)
    until(lambda: band.deaths == 1)
    second = message_of(3_000)
    put(sender, second)
    until(lambda: second in passed(heard))
    sender.close()


def test_forgeries_and_garbage_on_the_group_never_leave_the_station(tmp_path, address, station):
    band, heard = station
    until(lambda: not band.why)
    group, _, port = address.rpartition(":")
    forged, true = message_of(2_000, by=made_key()), message_of(2_500)
    sender = sender_at(tmp_path / "a", address, bandwidth=2_000_000)
    put(sender, forged)
    put(sender, true)
    chance = random.Random(3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noise:
        noise.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        for _ in range(500):
            noise.sendto(chance.randbytes(chance.randrange(1, 1400)), (group, int(port)))
    until(lambda: passed(heard) == [true] and any(isinstance(one, Refused) for one in heard))
    until(lambda: band.counts.get("noise", 0) >= 450)
    assert band.refused["signature"] >= 1
    sender.close()


def test_a_network_that_is_not_there_is_said_and_what_is_put_waits_aboard(tmp_path, address):
    sender = sender_at(tmp_path / "a", address, interface="no-such-if")
    put(sender, message_of(2_000))
    until(lambda: "no-such-if" in sender.state()["why"])
    assert len(sender.state()["aboard"]) == 1
    assert sender.deaths == 0
    sender.close()


def test_what_is_over_or_too_big_does_not_go_round(tmp_path, address):
    sender = sender_at(tmp_path / "a", address)
    with pytest.raises(DoesNotFit):
        put(sender, bytes(5 << 20))
    assert sender.aboard() == ()
    put(sender, message_of(2_000))
    (key,) = sender.aboard()
    sender.withdraw(key)
    assert sender.state()["aboard"] == []
    sender.close()


def test_what_a_killed_process_left_in_memory_is_taken_away_by_the_next():
    child = (
        "from satwarn.adapters.air.flute_process import scratch_folder; import os; f = scratch_folder();"
        "print(f.name, flush=True); os._exit(9)"
    )
    left = Path(
        subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=False).stdout.strip()
    )
    assert left.is_dir()
    with scratch_folder() as mine:
        assert not left.exists()
        with scratch_folder():
            assert Path(mine).is_dir(), "that of a process that lives stays"


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "192.0.2.1:4011"},
        {"address": "239.1.1.1:0"},
        {"address": "239.1.1.1"},
        {"bandwidth_bit_s": 1},
        {"ttl": 256},
    ],
)
def test_settings_nobody_can_obey_are_refused(wrong):
    with pytest.raises(BadSetting):
        BandSettings(**{"address": "239.192.90.91:4011", **wrong})
