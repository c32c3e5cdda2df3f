"""Frames out of noisy bytes: every container, in pieces of any size, with anything between."""

import os
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.errors import BadFrame
from satwarn.frame import CONTAINERS, Heard, Stream, crc, decode, l1s
from satwarn.frame.containers import archive, nmea, sbf, ubx
from tests.frame.vectors import containers, load

AT = datetime(2026, 6, 3, 12, 0, 5, tzinfo=UTC)
FRAMES = [
    Heard(l1s.from_hexadecimal(vector["hex"]), satellite=183 + n % 9, received=AT)
    for n, vector in enumerate(load("real"))
]
ONE, TWO = FRAMES[0], FRAMES[155]
WITH_SATELLITE = {"nmea", "ubx", "sbf", "l1s", "datagram"}
WITH_TIME = {"sbf", "l1s"}


def read(data, *sizes):
    """Everything a stream gives for the data in pieces of these sizes, over and over."""
    stream, found, at = Stream(), [], 0
    pieces = sizes or (len(data) or 1,)
    turn = 0
    while at < len(data):
        size = pieces[turn % len(pieces)]
        found += stream.feed(data[at : at + size])
        at += size
        turn += 1
    return found + stream.end(), stream


def facts(frames):
    return [(bytes(frame), frame.satellite, frame.received, frame.container) for frame in frames]


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_written_and_read_again(name):
    container = CONTAINERS[name]
    frames = [Heard(frame, satellite=186, received=AT) for frame in FRAMES]
    found, stream = read(container.head(frames[0]) + b"".join(map(container.write, frames)))
    assert found == frames
    assert {frame.container for frame in found} == {name}
    assert {frame.satellite for frame in found} == {186 if name in WITH_SATELLITE else None}
    assert {frame.received for frame in found} == {AT if name in WITH_TIME else None}
    assert (stream.faults(), stream.skipped) == ([], 0)


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_is_not_known_is_not_invented(name):
    container = CONTAINERS[name]
    found, _ = read(container.head(Heard(ONE)) + container.write(Heard(ONE)) + container.write(Heard(TWO)))
    assert facts(found) == [(frame, None, None, name) for frame in (ONE, TWO)]


def test_real_receivers():
    for item in containers()["ubx_rxm_sfrbx"]:
        found, stream = read(bytes.fromhex(item["ubx"]))
        assert [(frame.hex().upper(), frame.satellite) for frame in found] == [(item["l1s"], item["prn"])]
        assert stream.faults() == []
    for item in containers()["nmea_qzqsm"]:
        found, stream = read(item["sentence"].encode())
        assert [frame.hex().upper() for frame in found] == ([item["l1s"]] if item["checksum_ok"] else [])
        assert len(stream.faults()) == (not item["checksum_ok"])


def test_other_signals_are_left_alone():
    for item in containers()["ubx_other_signals"]:
        found, stream = read(bytes.fromhex(item["ubx"]))
        assert (found, stream.faults(), stream.skipped) == ([], [], 0)


def test_sbas_beside_l1s():
    """SBAS frames have the same preambles and checksum; only the system tells them apart."""
    message = bytearray(ubx.write(Heard(ONE, satellite=184)))
    message[6] = 1
    message[-2:] = ubx.checksum(bytes(message[2:-2]))
    found, stream = read(bytes(message) + ubx.write(Heard(TWO, satellite=184)))
    assert (found, stream.faults()) == ([TWO], [])


def test_m10_quirks_nine_words_and_noise_behind_the_frame():
    message = bytearray(ubx.write(Heard(ONE, satellite=184)))
    last_word = ubx.WORDS_AT + 28
    message[last_word] |= 0x3F
    message[last_word + 4 : last_word + 8] = b"\xde\xad\xbe\xef"
    message[-2:] = ubx.checksum(bytes(message[2:-2]))
    assert read(bytes(message))[0] == [ONE]


@pytest.mark.parametrize("words", [0, 7])
def test_truncated_words_are_told(words):
    whole = ubx.write(Heard(ONE, satellite=184))
    payload = whole[6:10] + bytes((words,)) + whole[11 : 14 + 4 * words]
    body = whole[2:4] + len(payload).to_bytes(2, "little") + payload
    found, stream = read(b"\xb5\x62" + body + ubx.checksum(body) + whole)
    assert found == [ONE]
    assert [f"{words} words, a frame needs 8" in fault.reason for fault in stream.faults()] == [True]


def test_eight_words_are_enough():
    message = ubx.write(Heard(ONE, satellite=184))
    body = message[2:4] + (40).to_bytes(2, "little") + message[6:10] + b"\x08" + message[11:46]
    assert read(b"\xb5\x62" + body + ubx.checksum(body))[0] == [ONE]


SENTENCE = nmea.write(Heard(ONE, satellite=184))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (SENTENCE.replace(b"*", b"*0")[:-2].replace(b"*0", b"*")[:-1] + b"0\r\n", "checksum"),
        (SENTENCE[:20] + b"0" + SENTENCE[21:], "checksum"),
        (ubx.write(Heard(ONE))[:-1] + b"\0", "checksum"),
        (sbf.write(Heard(ONE))[:-1] + b"\1", "CRC"),
        (l1s.hexadecimal(ONE)[:62].encode() + b"\n", "62 hexadecimal digits"),
        (l1s.hexadecimal(ONE).encode()[:-1] + b"C\n", "CRC-24Q does not hold"),
        (l1s.hexadecimal(ONE).encode() + b"00\n", "65 hexadecimal digits"),
        (b"8B" + l1s.hexadecimal(ONE).encode()[2:] + b"\n", "preamble 0x8b"),
    ],
)
def test_what_claims_to_be_a_frame_and_is_none_is_told(data, reason):
    found, stream = read(data + SENTENCE)
    assert found == [ONE]
    faults = stream.faults()
    assert [(fault.offset, reason in fault.reason) for fault in faults] == [(0, True)]
    assert stream.faults() == []


def sentence(body):
    return b"$%s*%02X\r\n" % (body, nmea.checksum(body))


@pytest.mark.parametrize(
    "body",
    [
        b"QZQSM,56," + l1s.hexadecimal(ONE)[:62].encode(),
        b"QZQSM,56",
        b"QZQSM,5A," + l1s.hexadecimal(ONE).encode(),
        b"QZQSM,56,,",
    ],
)
def test_a_sentence_with_a_right_checksum_and_wrong_content(body):
    found, stream = read(sentence(body) + SENTENCE)
    assert (found, len(stream.faults())) == ([ONE], 1)


def test_sentences_as_they_come():
    lower = SENTENCE[:10] + SENTENCE[10:73].lower()
    for data in (
        lower + b"*%02x\r\n" % nmea.checksum(lower[1:]),  # lower case; the checksum counts what was sent
        sentence(b"QZQSM,56," + l1s.hexadecimal(ONE).encode() + b"0"),  # 64 digits
        b"$GNGGA,garbage" + SENTENCE,
        SENTENCE[:40] + SENTENCE,  # the first one was cut
        SENTENCE.rstrip(),
    ):
        assert read(data)[0] == [ONE]
    assert read(SENTENCE.rstrip() + nmea.write(Heard(TWO)))[0] == [ONE, TWO]  # glued


def test_satellite_numbers_of_each_container():
    for prn in range(183, 192):
        for container in (nmea.NMEA, ubx.UBX, sbf.SBF):
            (found,), _ = read(container.write(Heard(ONE, satellite=prn)))
            assert found.satellite == prn
    assert read(nmea.write(Heard(ONE)).replace(b",00,", b",53,"))[1].faults()  # the checksum was not touched
    assert (
        read(sentence(b"QZQSM,53," + l1s.hexadecimal(ONE).encode()))[0][0].satellite is None
    )  # an old converter's mistake


def test_datagrams():
    assert facts([archive.open_datagram(bytes((58,)) + ONE)]) == [(ONE, 186, None, "datagram")]
    with pytest.raises(BadFrame):
        archive.open_datagram(bytes((58,)) + ONE[:-1])
    with pytest.raises(BadFrame):
        archive.open_datagram(b"")


def test_an_archive_with_damage_goes_on():
    records = [archive.stamp(AT) + frame for frame in FRAMES[:20]]
    whole = bytes((186,)) + b"".join(records)
    broken = bytearray(whole)
    broken[100] ^= 0xFF
    found, stream = read(bytes(broken))
    assert len(found) == 19
    assert {(frame.satellite, frame.received) for frame in found} == {(186, AT)}
    assert stream.skipped == len(records[2].translate(None, b" \t\r\n"))
    cut = whole[:50] + whole[60:]
    assert len(read(cut)[0]) == 19


MIXED = st.lists(
    st.binary(max_size=40)
    | st.tuples(st.sampled_from(list(CONTAINERS.values())), st.sampled_from(FRAMES)).map(
        lambda it: b"\n" + it[0].write(it[1])
    )
    | st.sampled_from(
        [b"$QZQSM,5", b"\xb5\x62\x02\x13\x2c\x00", b"$@", ONE[:31], b"\n" + l1s.hexadecimal(TWO).encode()]
    ),
    max_size=12,
).map(b"".join)


@given(MIXED, st.lists(st.integers(1, 100), min_size=1, max_size=5))
def test_pieces_make_no_difference(data, sizes):
    whole, stream = read(data)
    for cut in ((1,), sizes):
        found, other = read(data, *cut)
        assert facts(found) == facts(whole)
        assert other.faults() == stream.faults() or stream.faults() == []
        assert other.skipped == stream.skipped


@given(st.binary(max_size=5000))
def test_noise_gives_no_frame_with_a_wrong_checksum(noise):
    found, _ = read(noise)
    assert all(crc.remainder(frame) == 0 for frame in found)


NOISES = 1_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 400_000


def test_damaged_items_neither_crash_nor_give_what_is_not_sound():
    """Items with some bytes changed, cut and glued: a million at night, some ten seconds by day, from one seed."""
    chance = random.Random(20170818)
    items = [container.write(frame) for container in CONTAINERS.values() for frame in FRAMES[::40]]
    stream = Stream()
    for _ in range(NOISES):
        item = bytearray(chance.choice(items))
        for _ in range(chance.randrange(4)):
            item[chance.randrange(len(item))] = chance.randrange(256)
        for frame in stream.feed(bytes(item[: chance.randrange(20, 100)])):
            assert crc.remainder(frame) == 0
            decode(frame)
    stream.end()


@given(st.data())
def test_a_frame_between_noise_is_found(data):
    quiet = st.binary(max_size=60).map(lambda noise: noise.translate(None, b"$\xb5\x53\x9a\xc6"))
    container = data.draw(st.sampled_from([nmea.NMEA, ubx.UBX, sbf.SBF]))
    frame = data.draw(st.sampled_from(FRAMES))
    noisy = data.draw(quiet) + container.write(frame) + data.draw(quiet)
    assert read(noisy)[0] == [frame]


def test_a_stream_keeps_little():
    stream = Stream()
    for _ in range(50):
        stream.feed(b"\x00" * 10_000 + SENTENCE)
        assert len(stream._kept) < 300


# ── the time that stands beside frames ───────────────────────────────────────────────────────────────────────────────


def ubx_message(number, payload):
    body = number + len(payload).to_bytes(2, "little") + payload
    return b"\xb5\x62" + body + ubx.checksum(body)


def pvt(at, *, valid=7, nano=0):
    payload = bytearray(92)
    payload[4:6] = at.year.to_bytes(2, "little")
    payload[6:12] = bytes((at.month, at.day, at.hour, at.minute, at.second, valid))
    payload[16:20] = nano.to_bytes(4, "little", signed=True)
    return ubx_message(b"\x01\x07", bytes(payload))


def timeutc(at, *, valid=7):
    payload = bytearray(20)
    payload[12:14] = at.year.to_bytes(2, "little")
    payload[14:20] = bytes((at.month, at.day, at.hour, at.minute, at.second, valid))
    return ubx_message(b"\x01\x21", bytes(payload))


REAL_UBX = [(bytes.fromhex(row["ubx"]), bytes.fromhex(row["l1s"])) for row in containers()["ubx_rxm_sfrbx"]]


@pytest.mark.parametrize("piece", [1, 7, 4096])
def test_real_ubx_frames_take_the_time_that_stands_before_them(piece):
    log = REAL_UBX[0][0] + pvt(AT) + REAL_UBX[1][0] + timeutc(AT.replace(second=6)) + REAL_UBX[2][0]
    found, stream = read(log, piece)
    assert [bytes(frame) for frame in found] == [frame for _, frame in REAL_UBX[:3]]
    assert [frame.received for frame in found] == [None, AT, AT.replace(second=6)]
    assert (stream.faults(), stream.skipped) == ([], 0)


@pytest.mark.parametrize(
    "time",
    [
        pvt(AT, valid=3),
        timeutc(AT, valid=1),
        pvt(AT.replace(year=1980))[:-1] + b"\x00",
        ubx_message(b"\x01\x07", bytes(92)),
        ubx_message(b"\x01\x07", bytes(84)),
        b"\xb5\x62\x01\x07",
    ],
    ids=["not resolved", "UTC not known", "broken", "no such month", "of another generation", "cut"],
)
def test_a_time_that_is_not_sure_is_none(time):
    found, _ = read(time + REAL_UBX[0][0])
    assert [frame.received for frame in found] == [None]


def test_the_fraction_may_be_negative_and_a_leap_second_is_no_error():
    before = pvt(AT, nano=-250_000_000) + REAL_UBX[0][0]
    assert read(before)[0][0].received == AT.replace(second=4, microsecond=750_000)
    leap = bytearray(pvt(AT)[6:-2])
    leap[10] = 60
    assert read(ubx_message(b"\x01\x07", bytes(leap)) + REAL_UBX[0][0])[0][0].received == AT.replace(second=59)


def test_a_time_that_stood_there_long_ago_is_not_taken():
    found, _ = read(pvt(AT) + REAL_UBX[0][0] * 40)
    assert {frame.received for frame in found[:32]} == {AT}
    assert {frame.received for frame in found[32:]} == {None}
