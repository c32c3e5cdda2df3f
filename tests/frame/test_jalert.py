"""J-Alert frames, with azarashi as an independent reader."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import azarashi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.errors import BadFrame, DoesNotFit
from satwarn.frame import decode, encode, l1s
from satwarn.frame.dcx import JAlert, MessageType

DRILL = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
NINE = tuple(range(31, 40))
TEST = JAlert(
    message=MessageType.TEST, provider=2, hazard=113, onset=DRILL, instruction=136, prefectures=NINE, received=DRILL
)
GOLDEN = "53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"
PREFECTURES = st.sets(st.integers(1, 47), min_size=1).map(lambda found: tuple(sorted(found)))


def sent(report, **changed):
    return encode(replace(report, **changed), preamble=0x53, counter=0)


def read_by_azarashi(frame):
    return azarashi.decode(l1s.hexadecimal(frame), "hex")


def names_of(prefectures):
    known = read_by_azarashi(sent(TEST, prefectures=tuple(range(1, 48)))).ex9_target_area_list
    return [known[number - 1] for number in prefectures]


def test_the_frame_of_18_august_2017():
    assert l1s.hexadecimal(encode(TEST, preamble=0x53, counter=0)) == GOLDEN
    assert decode(l1s.from_hexadecimal(GOLDEN), received=DRILL) == TEST


@pytest.mark.parametrize("prefectures", [NINE, *((n,) for n in range(1, 48))])
def test_azarashi_reads_exactly_those_prefectures(prefectures):
    assert read_by_azarashi(sent(TEST, prefectures=prefectures)).ex9_target_area_list == names_of(prefectures)


@given(PREFECTURES)
def test_azarashi_reads_any_set_of_prefectures(prefectures):
    frame = sent(TEST, prefectures=prefectures)
    assert read_by_azarashi(frame).ex9_target_area_list == names_of(prefectures)
    assert decode(frame, received=DRILL).prefectures == prefectures


def test_no_flipped_bit_gives_a_report():
    for bit in range(250):
        with pytest.raises(BadFrame):
            decode((int.from_bytes(l1s.from_hexadecimal(GOLDEN)) ^ 1 << 255 - bit).to_bytes(32))


def test_an_area_is_never_assumed():
    for message in (MessageType.TEST, MessageType.ALERT):
        with pytest.raises(DoesNotFit, match="a warning without an area"):
            sent(TEST, message=message, prefectures=())


def test_municipalities_and_their_order():
    frame = sent(TEST, prefectures=(), municipalities=("31202", "01101"))
    assert decode(frame, received=DRILL).municipalities == ("31202", "01101")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"prefectures": (0,)}, "prefecture 0 does not exist"),
        ({"prefectures": (48,)}, "prefecture 48 does not exist"),
        ({"prefectures": NINE, "municipalities": ("31202",)}, "cannot go together"),
        ({"prefectures": (), "municipalities": ("31202",) * 5}, "5 entries, there is room for 4"),
        ({"prefectures": (), "municipalities": ("312022",)}, "no five-digit code"),
        ({"prefectures": (), "municipalities": ("99999",)}, "does not fit 16 bits"),
        ({"severity": 4}, r"A5 severity \[CAMF A5\]: 4 does not fit 2 bits \(0..3\)"),
        ({"onset": DRILL + timedelta(seconds=30)}, "no whole minute in UTC"),
        ({"onset": DRILL.replace(tzinfo=None)}, "no whole minute in UTC"),
        ({"onset": DRILL - timedelta(weeks=1)}, "only this week and the next"),
        ({"onset": DRILL + timedelta(weeks=2)}, "only this week and the next"),
        ({"codes": (("A6+A7", 10081),)}, "contradicts code 10081"),
        ({"onset": None, "codes": (("A6+A7", 1 << 15),)}, "does not fit 15 bits"),
        ({"codes": (("A99", 1),)}, "there is no such part"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed, named):
    with pytest.raises(DoesNotFit, match=named):
        sent(TEST, **changed)


@pytest.mark.parametrize(
    ("received", "onset", "week", "minute"),
    [
        ("2026-11-22T23:59", "2026-11-22T23:59", 0, 10080),  # the last minute of Sunday is still this week
        ("2026-11-22T23:59", "2026-11-23T00:00", 1, 1),
        ("2026-11-23T00:00", "2026-11-23T00:00", 0, 1),
        ("2026-11-23T00:00", "2026-11-29T23:59", 0, 10080),
        ("2026-12-31T12:00", "2027-01-01T00:00", 0, 5761),  # the year changes within the week
        ("2028-02-27T12:00", "2028-02-29T06:30", 1, 1831),
    ],
)
def test_onset_at_the_edges_of_the_week(received, onset, week, minute):
    received, onset = (datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (received, onset))
    frame = encode(replace(TEST, onset=onset), preamble=0x53, counter=0, at=received)
    assert int.from_bytes(frame) >> 192 & 0x7FFF == week << 14 | minute
    assert decode(frame, received=received).onset == onset


def test_without_a_reception_time_the_onset_stays_a_code():
    frame = encode(TEST, preamble=0x53, counter=0)
    report = decode(frame)
    assert report.onset is None
    assert report.codes == (("A6+A7", 5881),)
    assert encode(report, preamble=0x53, counter=0) == frame


def test_a_reserved_onset_survives():
    report = replace(TEST, onset=None, codes=(("A6+A7", 10081),))
    frame = encode(report, preamble=0x9A, counter=3)
    assert decode(frame, received=DRILL) == report
