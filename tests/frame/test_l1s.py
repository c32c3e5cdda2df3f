"""The frame around the message: preamble, counter, checksum, slots, digits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.errors import BadFrame, DoesNotFit
from satwarn.frame import crc, l1s, payload_of

GOLDEN = "53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"
FRAME = l1s.from_hexadecimal(GOLDEN)
DRILL = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)

BODIES = st.integers(0, (1 << 214) - 1)
PREAMBLES = st.sampled_from(l1s.PREAMBLES)
COUNTERS = st.integers(0, 15)


def test_the_checksum_of_the_reference_frame():
    word = int("9AAF899C80000324000039000548C5E2C000000003DFF8001C000012FE4B0FC", 16) >> 2
    assert crc.crc24q(word >> 24, 226) == 0xF92C3F == word & 0xFFFFFF


@given(BODIES, PREAMBLES, COUNTERS)
def test_a_wrapped_body_is_sound_and_carries_the_checksum_of_the_definition(body, preamble, counter):
    frame = l1s.wrap(body, preamble=preamble, counter=counter)
    word = int.from_bytes(l1s.sound(frame)) >> 6
    assert (frame[0], l1s.counter(frame), frame[-1] & 0x3F) == (preamble, counter, 0)
    assert crc.crc24q(word >> 24, 226) == word & 0xFFFFFF


def test_every_single_flipped_bit_is_noticed():
    for bit in range(250):
        flipped = (int.from_bytes(FRAME) ^ 1 << 255 - bit).to_bytes(32)
        with pytest.raises(BadFrame):
            l1s.sound(flipped)


@given(st.integers(0, 248), st.integers(1, (1 << 24) - 1))
def test_every_burst_of_up_to_24_bits_is_noticed(start, burst):
    flipped = (int.from_bytes(FRAME) ^ (burst << 232 >> start) & ~0x3F).to_bytes(32)
    assert flipped == FRAME or crc.remainder(flipped) != 0


@pytest.mark.parametrize("frame", [b"", FRAME[:31], FRAME + b"\0", b"\x8b" + FRAME[1:]])
def test_wrong_length_or_preamble_is_a_bad_frame(frame):
    with pytest.raises(BadFrame):
        l1s.sound(frame)


def test_digits_of_either_case_and_either_length():
    assert l1s.hexadecimal(FRAME) == GOLDEN
    for written in (GOLDEN, GOLDEN.lower(), GOLDEN + "0", f" {GOLDEN}\n", GOLDEN[:-1] + "B", GOLDEN + "F"):
        assert l1s.sound(l1s.from_hexadecimal(written)) == FRAME


@pytest.mark.parametrize("digits", ["", GOLDEN[:62], GOLDEN + "00", GOLDEN[:-2] + "g8", GOLDEN[:-3] + "8 8"])
def test_other_digits_are_refused(digits):
    with pytest.raises(BadFrame):
        l1s.from_hexadecimal(digits)


def test_62_digits_say_what_is_missing():
    with pytest.raises(BadFrame, match="last two bits of the checksum"):
        l1s.from_hexadecimal(GOLDEN[:62])


@given(BODIES, PREAMBLES, PREAMBLES, COUNTERS, COUNTERS)
def test_copies_differ_in_preamble_and_counter_only(body, preamble, other, counter, later):
    one = l1s.wrap(body, preamble=preamble, counter=counter)
    two = l1s.wrap(body, preamble=other, counter=later)
    assert payload_of(one) == payload_of(two)
    assert len(payload_of(one)) == 54


@given(st.integers(0, 0x3FF))
def test_the_satellite_mask_is_no_part_of_an_extended_payload(mask):
    data = int.from_bytes(FRAME) >> 34 & (1 << 198) - 1
    masked = l1s.wrap(44 << 208 | mask << 198 | data, preamble=0x53, counter=0)
    assert payload_of(masked) == payload_of(FRAME)


def test_the_mask_bits_of_a_report_are_part_of_its_payload():
    first = l1s.wrap(43 << 208 | 1 << 200, preamble=0x53, counter=0)
    assert payload_of(first) != payload_of(l1s.wrap(43 << 208, preamble=0x53, counter=0))


def test_slots_follow_gps_time_18_seconds_ahead_of_utc():
    second = l1s.gps_time_of_week_s(DRILL)
    assert second == 439218
    assert l1s.dcx_slot(second)
    assert l1s.preamble_at(second) == 0x53
    assert [l1s.preamble_at(s) for s in range(4)] == [0x53, 0x9A, 0xC6, 0x53]
    assert [(l1s.dcr_slot(s), l1s.dcx_slot(s)) for s in range(4)] == [
        (True, False),
        (False, False),
        (False, True),
        (False, False),
    ]


def test_the_gps_week_begins_18_seconds_before_sunday():
    sunday = datetime(2026, 11, 22, tzinfo=UTC)
    assert l1s.gps_time_of_week_s(sunday - timedelta(seconds=18)) == 0
    assert l1s.gps_time_of_week_s(sunday - timedelta(seconds=19)) == 604799


def test_what_does_not_fit_the_frame():
    with pytest.raises(DoesNotFit, match="preamble 0x8b"):
        l1s.wrap(0, preamble=0x8B, counter=0)
    with pytest.raises(DoesNotFit, match=r"counter.*16 does not fit 4 bits \(0..15\)"):
        l1s.wrap(0, preamble=0x53, counter=16)
