"""FLUTE in its own processes: what is lost, late, doubled or forged, and what it may cost. Each fault is a test."""

import hashlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from air_making import SERVICE, loses, with_length, with_payload
from flute import sender as extension

from satwarn.adapters.air.flute import Complete, FluteReceiver, FluteSender
from satwarn.adapters.air.lct import read_header, session_of
from satwarn.adapters.air.limits import Limits
from satwarn.errors import DoesNotFit, Missing
from satwarn.uplink.carousel_code import TABLE, TABLE_BYTES, TABLE_HEADER_BYTES, protect

SIZES = (1, 300, 1_800, 27_500, 200_000)


def content_of(size: int, *, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.fixture(scope="module")
def sender(tmp_path_factory):
    with FluteSender(tmp_path_factory.mktemp("sender"), service=SERVICE, instance=1) as running:
        yield running


@pytest.fixture
def receiver(tmp_path):
    with FluteReceiver(tmp_path / "receiver", service=SERVICE) as running:
        yield running


def cut(sender: FluteSender, content: bytes) -> tuple[bytes, ...]:
    return sender.cut(content, mime_type="application/cap+xml")


def place(datagram: bytes) -> tuple[int, int, int]:
    header = read_header(datagram)
    return header.toi, header.sbn, header.esi


def push_all(receiver: FluteReceiver, datagrams) -> list[Complete]:
    return [complete for datagram in datagrams for complete in receiver.push(datagram)]


# ── the way there ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES)
def test_an_object_comes_out_as_it_went_in_by_its_digest(sender, receiver, size):
    content = content_of(size)
    whole = push_all(receiver, cut(sender, content))
    assert [(one.content, one.digest) for one in whole] == [(content, hashlib.sha256(content).hexdigest())]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sent_is_what_the_theory_counts(sender, size):
    datagrams, code = cut(sender, content_of(size)), protect(size)
    headers = [read_header(datagram) for datagram in datagrams]
    tables = [d for d, header in zip(datagrams, headers, strict=True) if header.toi == 0]
    objects = [d for d, header in zip(datagrams, headers, strict=True) if header.toi == 1]
    assert len(objects) == code.datagrams(size)
    assert sum(len(d) + 28 for d in objects) == code.wire_bytes(size)
    assert sum(len(d) + 28 for d in tables) == TABLE.wire_bytes(TABLE_BYTES, header_bytes=TABLE_HEADER_BYTES)
    assert datagrams[: len(tables)] == tuple(tables), "the table goes first"
    assert {header.tsi for header in headers} == {session_of(SERVICE, content_of(size))}


def test_nothing_is_seen_before_it_is_whole(sender, receiver):
    datagrams = cut(sender, content_of(200_000))
    assert push_all(receiver, datagrams[: len(datagrams) // 2]) == []
    assert len(push_all(receiver, datagrams[len(datagrams) // 2 :])) == 1


def test_a_whole_object_leaves_nothing_on_the_disk_and_is_not_told_twice(sender, receiver, tmp_path):
    datagrams = cut(sender, content_of(27_500))
    assert len(push_all(receiver, datagrams)) == 1
    assert push_all(receiver, datagrams) == []
    assert list((tmp_path / "receiver" / "0").iterdir()) == []


def test_one_process_serves_many_stations_each_on_its_own(sender, tmp_path):
    content = content_of(27_500)
    with FluteReceiver(tmp_path / "many", service=SERVICE, stations=20) as many:
        whole = [
            one.station
            for number, datagram in enumerate(cut(sender, content))
            for one in many.push(datagram, [station for station in range(20) if station % 2 or number % 2])
        ]
    assert sorted(whole) == list(range(1, 20, 2)), "the even ones heard every second datagram only"


def test_the_extension_says_nothing_on_our_stdout(tmp_path):
    program = (
        "from pathlib import Path; from satwarn.adapters.air.flute import *\n"
        f"with FluteSender(Path({str(tmp_path / 's')!r}), service=7, instance=1) as s, "
        f"FluteReceiver(Path({str(tmp_path / 'r')!r}), service=7) as r:\n"
        "    assert [c for d in s.cut(b'x' * 999, mime_type='text/plain') for c in r.push(d)]\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_without_the_extra_the_error_names_the_install(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Missing, match=r"pip install 'satwarn\[receiver\]'"):
        FluteSender(tmp_path, service=1, instance=1)


@pytest.mark.parametrize("size", [0, Limits().object_bytes + 1])
def test_an_object_no_receiver_would_take_is_not_sent(sender, size):
    with pytest.raises(DoesNotFit):
        cut(sender, bytes(size))


# ── loss, without a way back ─────────────────────────────────────────────────────────────────────


def test_twenty_per_cent_lost_at_forty_stations(sender, tmp_path):
    """By theory one station in 850 fails in one pass; two passes together leave none of forty."""
    datagrams = cut(sender, content_of(27_500))
    lost = [loses(0.2, seed=seed) for seed in range(40)]
    whole: dict[int, int] = {}
    with FluteReceiver(tmp_path / "forty", service=SERVICE, stations=40) as forty:
        for passed in (1, 2):
            for datagram in datagrams:
                for one in forty.push(datagram, [n for n in range(40) if not lost[n](datagram)]):
                    whole[one.station] = passed
    assert len(whole) == 40
    assert sum(passed == 1 for passed in whole.values()) >= 38


@pytest.mark.parametrize("joins", [1, 20, 60, 95])
def test_whoever_joins_late_has_it_after_the_rest_of_this_pass_and_one_more(sender, receiver, joins):
    datagrams, lost = cut(sender, content_of(27_500)), loses(0.2, seed=joins)
    heard = [d for d in (*datagrams[joins:], *datagrams) if not lost(d)]
    assert len(push_all(receiver, heard)) == 1


@pytest.mark.parametrize("begins", [0, 30, 80])
def test_a_burst_of_two_seconds_is_made_good_by_the_rest_of_its_pass_and_one_more(sender, receiver, begins):
    """At 256 kbit/s a burst is longer than this object, so it takes the end of one pass and the table of the next."""
    datagrams = cut(sender, content_of(27_500))
    burst = range(begins, begins + 2 * 256_000 // (8 * (len(datagrams[-1]) + 28)))
    assert len(burst) > len(datagrams)
    heard = [d for n, d in enumerate(datagrams * 3) if n not in burst]
    assert len(push_all(receiver, heard)) == 1


def test_parts_of_two_passes_add_up(sender, receiver):
    datagrams = cut(sender, content_of(27_500))
    table = [d for d in datagrams if read_header(d).toi == 0]
    objects = [d for d in datagrams if read_header(d).toi == 1]
    assert push_all(receiver, [*table, *objects[0::2]]) == []
    assert len(push_all(receiver, objects[1::2])) == 1


def test_a_forged_end_costs_nothing(sender, receiver):
    datagrams = cut(sender, content_of(27_500))
    closed = [d[:1] + bytes((d[1] | 3,)) + d[2:] for d in datagrams]
    assert len(push_all(receiver, [*closed[:50], *closed[40:]])) == 1


def test_order_does_not_matter_once_the_table_is_there(sender, receiver):
    datagrams = cut(sender, content_of(27_500))
    tables = [d for d in datagrams if read_header(d).toi == 0]
    objects = [d for d in datagrams if read_header(d).toi == 1]
    random.Random(3).shuffle(objects)
    assert len(push_all(receiver, [*tables, *objects])) == 1


def test_wholly_mixed_up_datagrams_add_up_with_the_next_pass(sender, receiver):
    datagrams = list(cut(sender, content_of(27_500)))
    mixed = [*random.Random(4).sample(datagrams, len(datagrams)), *random.Random(5).sample(datagrams, len(datagrams))]
    assert len(push_all(receiver, mixed)) == 1


# ── senders that die, and senders in pairs ───────────────────────────────────────────────────────


def test_a_sender_killed_in_the_middle_and_started_again_goes_on(sender, receiver, tmp_path):
    content = content_of(200_000)
    datagrams = cut(sender, content)
    assert push_all(receiver, datagrams[: len(datagrams) * 2 // 3]) == []
    with FluteSender(tmp_path / "again", service=SERVICE, instance=2) as again:
        later = [d for d in cut(again, content) if read_header(d).toi == 1]
    had = {place(datagram) for datagram in datagrams[: len(datagrams) * 2 // 3]}
    missing = [datagram for datagram in later if place(datagram) not in had]
    assert len(push_all(receiver, missing)) == 1, "parts of both add up, without a table of the second"


def test_two_senders_on_one_session_add_up(sender, receiver, tmp_path):
    content = content_of(27_500)
    with FluteSender(tmp_path / "twin", service=SERVICE, instance=99) as twin:
        both = zip(cut(sender, content), cut(twin, content), strict=True)
        heard = [pair[number % 2] for number, pair in enumerate(both)]
    assert len(push_all(receiver, heard)) == 1


def test_two_senders_of_different_objects_do_not_disturb_each_other(sender, receiver, tmp_path):
    with FluteSender(tmp_path / "twin", service=SERVICE, instance=99) as twin:
        pairs = zip(cut(sender, content_of(9_000, seed=1)), cut(twin, content_of(9_000, seed=2)), strict=True)
        assert len(push_all(receiver, [datagram for pair in pairs for datagram in pair])) == 2


def test_the_cutting_process_may_die_and_is_started_again(tmp_path):
    with FluteSender(tmp_path / "dying", service=SERVICE, instance=1) as dying:
        os.kill(dying._process.pid, signal.SIGKILL)
        assert cut(dying, b"still here")


@pytest.mark.parametrize("off_s", [-86_400, 86_400])
def test_a_sender_whose_clock_is_off_by_a_day_is_heard_by_flute_and_judged_by_the_gate(sender, receiver, off_s):
    """The table says when it was sent (EXT_TIME, seconds since 1900): a day early or late, its object comes whole."""
    told = []
    for datagram in cut(sender, content_of(9_000)):
        if read_header(datagram).toi == 0:
            at = datagram.index(b"\x02\x03\xc0\x00") + 4
            seconds = int.from_bytes(datagram[at : at + 4], "big") + off_s
            datagram = datagram[:at] + seconds.to_bytes(4, "big") + datagram[at + 4 :]
        told.append(datagram)
    assert len(push_all(receiver, told)) == 1


# ── strangers ────────────────────────────────────────────────────────────────────────────────────


def test_alien_sessions_get_no_further_than_their_header(sender, receiver, tmp_path):
    with FluteSender(tmp_path / "alien", service=SERVICE + 1, instance=1) as alien:
        strange = cut(alien, content_of(27_500))
    ours = cut(sender, content_of(27_500))
    whole = push_all(receiver, [d for pair in zip(strange, ours, strict=True) for d in pair])
    assert [one.tsi for one in whole] == [session_of(SERVICE, content_of(27_500))]
    assert receiver.counts["alien"] == len(strange)


def test_garbage_and_cut_off_packets_are_counted_and_left(sender, receiver):
    chance = random.Random(6)
    datagrams = cut(sender, content_of(27_500))
    noise = [chance.randbytes(chance.randrange(1500)) for _ in datagrams]
    short = [datagram[: chance.randrange(len(datagram))] for datagram in datagrams]
    heard = [d for three in zip(noise, datagrams, short, strict=True) for d in three]
    assert len(push_all(receiver, heard)) == 1
    assert receiver.counts["noise"] >= len(short)
    assert receiver.deaths == 0


def test_flipped_bits_never_make_an_object(sender, receiver):
    chance, datagrams = random.Random(7), cut(sender, content_of(5_000))
    for _ in range(15):
        for datagram in datagrams:
            bit = chance.randrange(8 * len(datagram))
            broken = bytearray(datagram)
            broken[bit // 8] ^= 1 << bit % 8
            for one in receiver.push(bytes(broken)):
                assert one.content == content_of(5_000), "flips within one symbol may be outvoted, never believed"
    assert receiver.deaths == 0


def test_forged_symbols_in_our_session_delay_and_never_deceive(sender, receiver):
    """A forger who is faster than we are spoils a block: the session finds nothing new, begins again, and is whole."""
    content = content_of(27_500)
    datagrams = cut(sender, content)
    forged = [with_payload(d, b"\xff" * 400) for d in datagrams if read_header(d).toi == 1]
    table = [d for d in datagrams if read_header(d).toi == 0]
    assert push_all(receiver, [*table, *forged]) == []
    assert [one.content for one in push_all(receiver, datagrams * 4)] == [content]


def test_a_forged_table_delays_and_never_deceives(sender, receiver):
    content = content_of(27_500)
    datagrams = cut(sender, content)
    forged = [
        d.replace(b'Content-Length="27500" Transfer-Length="27500"', b'Content-Length="11111" Transfer-Length="11111"')
        for d in datagrams
        if read_header(d).toi == 0
    ]
    push_all(receiver, forged)
    assert [one.content for one in push_all(receiver, datagrams * 4)] == [content]


def test_another_content_under_our_session_is_not_told(sender, receiver):
    ours, other = content_of(9_000, seed=1), content_of(9_000, seed=2)
    code = protect(9_000)
    forger = extension.Sender(
        session_of(SERVICE, ours), extension.Oti.new_reed_solomon_rs28(240, 4, 6), extension.Config()
    )
    forger.add_object_from_buffer(
        other,
        "application/cap+xml",
        f"file:///{session_of(SERVICE, ours) & 0xFFFFFFFF:08x}",
        extension.Oti.new_reed_solomon_rs28(code.symbol_bytes, code.block, code.parity),
    )
    forger.publish()
    forged = list(iter(forger.read, None))
    assert push_all(receiver, map(bytes, forged)) == []
    assert [one.content for one in push_all(receiver, cut(sender, ours) * 4)] == [ours]


# ── bombs ────────────────────────────────────────────────────────────────────────────────────────

SMALL = Limits(object_bytes=64 << 10, sessions=8, disk_bytes=128 << 10, remembered=4, memory_bytes=512 << 20)


@pytest.fixture
def small(tmp_path):
    with FluteReceiver(tmp_path / "small", service=SERVICE, limits=SMALL) as running:
        yield running


def files_below(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".log"]


def test_an_object_bomb_is_refused_by_its_header(sender, small):
    for datagram in cut(sender, content_of(9_000)):
        for length in ((64 << 10) + 1, 1 << 32, (1 << 48) - 1):
            assert small.push(with_length(datagram, length)) == []
    assert small.counts["too big"] == small.counts["heard"]
    assert small.deaths == 0


def test_a_big_object_is_refused_and_a_small_one_after_it_is_not(sender, small, tmp_path):
    assert push_all(small, cut(sender, content_of(200_000))) == []
    assert len(push_all(small, cut(sender, content_of(9_000)))) == 1


def test_a_compressed_table_is_refused_before_it_can_grow(small):
    config = extension.Config()
    config.fdt_cenc = 3
    code = extension.Oti.new_reed_solomon_rs28(240, 8, 6)
    bomb = extension.Sender(session_of(SERVICE, b"x" * 500), code, config)
    bomb.add_object_from_buffer(b"x" * 500, "text/plain", "file:///" + "a" * 900, code)
    bomb.publish()
    tables = [bytes(d) for d in iter(bomb.read, None) if d[3] == 5 and b"\xc1\x03" in d[:40]]
    assert tables
    push_all(small, tables)
    assert small.counts["noise"] == len(tables)


def test_a_flood_of_sessions_stays_within_count_and_disk(sender, small, tmp_path):
    for seed in range(60):
        push_all(small, cut(sender, content_of(60_000, seed=seed))[:-60])
        assert len(list((tmp_path / "small" / "0").iterdir())) <= SMALL.sessions
        assert sum(file.stat().st_size for file in files_below(tmp_path / "small")) <= 2 * SMALL.disk_bytes
    assert small.counts["given up"] >= 60 - SMALL.sessions
    assert len(push_all(small, cut(sender, content_of(9_000)))) == 1


def test_a_location_cannot_leave_the_folder(small, tmp_path):
    content = b"x" * 500
    code = extension.Oti.new_reed_solomon_rs28(128, 8, 6)
    for location in (
        "file:///../../../../escaped",
        "file:////etc/escaped",
        "http://a.example/escaped",
        "file:///a/b/c",
    ):
        crafty = extension.Sender(session_of(SERVICE, content), code, extension.Config())
        crafty.add_object_from_buffer(content, "text/plain", location, code)
        crafty.publish()
        assert push_all(small, map(bytes, iter(crafty.read, None))) == []
    assert [file for file in tmp_path.rglob("*escaped*") if "small" not in file.parts] == []


def test_a_session_not_heard_for_long_is_given_up(sender, tmp_path):
    limits = Limits(idle_s=0.0)
    with FluteReceiver(tmp_path / "idle", service=SERVICE, limits=limits) as idle:
        push_all(idle, cut(sender, content_of(27_500))[:20])
        push_all(idle, cut(sender, content_of(9_000))[:1])
        assert idle.counts["given up"] == 1


def test_a_listening_process_that_dies_starts_again_and_hears_the_next_pass(sender, receiver):
    datagrams = cut(sender, content_of(27_500))
    push_all(receiver, datagrams[:40])
    os.kill(receiver.pid, signal.SIGKILL)
    assert len(push_all(receiver, datagrams * 2)) == 1
    assert receiver.deaths == 1


def test_the_process_carries_its_limits(tmp_path):
    limits = Limits(memory_bytes=300 << 20, object_bytes=1 << 20)
    with FluteReceiver(tmp_path / "narrow", service=SERVICE, limits=limits) as narrow:
        assert narrow.refresh() == {}
        said = Path(f"/proc/{narrow.pid}/limits").read_text()
    carried = {line[:26].strip(): line[26:].split()[0] for line in said.splitlines()[1:]}
    assert carried["Max address space"] == str(300 << 20)
    assert carried["Max file size"] == str(1 << 20)
    assert carried["Max core file size"] == "0"
    assert int(carried["Max open files"]) < 1024
