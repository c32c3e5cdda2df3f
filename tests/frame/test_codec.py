"""Any 250 bits with a right checksum are read, and become the same 250 bits again."""

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.errors import BadMessage, DoesNotFit
from satwarn.frame import Other, dcr, decode, encode, l1s
from satwarn.frame.camf import AXES_KM, Ellipse, MessageType, axis_code
from satwarn.frame.dcr_tables import CATEGORIES, UNKNOWN
from satwarn.frame.dcx import JAlert, LAlert, NullMessage, OutsideJapan
from satwarn.frame.field import width
from satwarn.frame.message import DATA_BITS
from satwarn.frame.notation import REPORTS, from_json, report_from_json, report_json, to_json
from satwarn.frame.settings import HazardCentre, Quantities, Refinement, SecondEllipse
from tests.frame.vectors import everything

AT = datetime(2026, 6, 3, 12, tzinfo=UTC)
TIMES = st.none() | st.integers(0, 110 * 365 * 24 * 60).map(
    lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
COUNTERS = st.integers(0, 15)
PREAMBLES = st.sampled_from(l1s.PREAMBLES)
KNOWN = [int(vector["hex"], 16) >> 2 >> 28 & (1 << 208) - 1 for vector in everything()]


@st.composite
def near_misses(draw):
    """The data of a real message with some bits changed: the neighbourhood of sense."""
    data = draw(st.sampled_from(KNOWN))
    for bit in draw(st.lists(st.integers(0, 207), max_size=6)):
        data ^= 1 << bit
    return data


@given(st.integers(0, 63), st.integers(0, (1 << DATA_BITS) - 1) | near_misses(), PREAMBLES, COUNTERS, TIMES)
def test_whatever_is_sound_is_read_and_written_again(message_type, data, preamble, counter, received):
    for kind in (message_type, l1s.DCR, l1s.DCX):
        frame = l1s.wrap(kind << DATA_BITS | data, preamble=preamble, counter=counter)
        report = decode(frame, received=received)
        assert report.message_type == kind
        again = encode(report, preamble=preamble, counter=counter)
        assert again == frame
        assert decode(again, received=received) == report
        assert from_json(to_json(frame, received=received)) == frame


@given(near_misses(), TIMES)
def test_reports_survive_their_json(data, received):
    report = decode(l1s.wrap(44 << DATA_BITS | data, preamble=0x53, counter=0), received=received)
    again = report_from_json(report_json(report))
    assert again == report
    assert again.received == report.received


@pytest.mark.parametrize("message", [*CATEGORIES.values(), UNKNOWN], ids=lambda message: message.report.__name__)
def test_a_table_fills_the_data_and_every_attribute(message):
    assert width(message.layout) == DATA_BITS
    attributes = {part.attr for part in message.parts if part.attr}
    assert attributes == {field.name for field in dataclass_fields(message.report)} - {"received", "codes"}
    assert len({part.name for part in message.parts}) == len(message.parts)


def test_every_kind_has_its_own_name():
    assert len({report.kind for report in REPORTS}) == len(REPORTS) == 19


def test_other_types_are_carried_not_read():
    for message_type in (0, 47, 48, 49, 50, 51, 58, 63):
        frame = l1s.wrap(message_type << 208 | 12345, preamble=0x9A, counter=7)
        report = decode(frame, received=AT)
        assert report == Other(frame=frame)
        assert encode(report, preamble=0x9A, counter=0) == frame
        assert to_json(frame) == {"message_type": message_type, "hex": l1s.hexadecimal(frame)}


def test_padding_noise_is_no_part_of_a_frame():
    frame = l1s.wrap(44 << 208, preamble=0x53, counter=0)
    assert decode(frame[:-1] + bytes((frame[-1] | 0x3F,))) == decode(frame)


def test_a_reception_time_must_be_in_utc():
    with pytest.raises(DoesNotFit, match="not in UTC"):
        decode(l1s.wrap(44 << 208, preamble=0x53, counter=0), received=AT.replace(tzinfo=None))


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────

MARINE = dcr.Marine(classification=3, areas=())


def heard(report, at):
    return decode(encode(report, preamble=0x53, counter=0), received=at)


@pytest.mark.parametrize(
    ("reported", "received"),
    [
        ("2026-12-31T23:59", "2027-01-01T00:03"),  # the year changes between report and reception
        ("2027-01-01T00:00", "2026-12-31T23:58"),  # our clock is slow
        ("2026-05-27T12:00", "2026-06-03T12:00"),  # our clock is a week ahead
        ("2026-06-10T12:00", "2026-06-03T12:00"),  # our clock is a week behind
        ("2028-02-29T06:00", "2028-02-29T06:01"),
        ("2028-02-29T06:00", "2027-12-01T00:00"),
    ],
)
def test_the_year_is_the_nearest(reported, received):
    reported, received = (datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (reported, received))
    assert heard(replace(MARINE, reported=reported), received).reported == reported


@pytest.mark.parametrize(
    "code", [2 << 16 | 30 << 11, 13 << 16 | 1 << 11, 4 << 16 | 31 << 11, 1 << 16 | 1 << 11 | 24 << 6, 0]
)
def test_a_day_the_calendar_does_not_have_stays_a_code(code):
    report = replace(MARINE, codes=(("At", code),) if code else ())
    assert heard(report, AT) == report


def test_29_february_in_a_year_without_one_stays_a_code():
    report = heard(replace(MARINE, reported=datetime(2028, 2, 29, tzinfo=UTC)), datetime(2026, 3, 1, tzinfo=UTC))
    assert report.reported is None
    assert report.codes == (("At", 2 << 16 | 29 << 11),)


@pytest.mark.parametrize(
    ("occurred", "reported"),
    [
        ("2026-05-31T23:58", "2026-06-01T00:01"),
        ("2027-01-01T00:01", "2026-12-31T23:59"),
        ("2025-12-31T23:58", "2026-01-01T00:01"),
        ("2028-02-29T23:59", "2028-03-01T00:01"),
    ],
)
def test_a_day_takes_its_month_from_the_report(occurred, reported):
    occurred, reported = (datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (occurred, reported))
    report = dcr.SeismicIntensity(classification=2, reported=reported, occurred=occurred, areas=())
    assert heard(report, reported).occurred == occurred


def test_a_day_too_far_from_the_report_is_refused():
    report = dcr.SeismicIntensity(classification=2, reported=AT, occurred=AT - timedelta(days=40), areas=())
    with pytest.raises(DoesNotFit, match="cannot be told from the report time"):
        encode(report, preamble=0x53, counter=0)


def test_a_wave_arrives_on_the_day_of_the_report_or_the_next():
    def tsunami(arrival):
        coast = dcr.TsunamiArrival(arrival=arrival, height=1, region=100)
        return dcr.Tsunami(classification=2, reported=AT, warning=3, areas=(coast,))

    for arrival in (AT - timedelta(hours=12), AT + timedelta(days=1)):
        assert heard(tsunami(arrival), AT).areas[0].arrival == arrival
    with pytest.raises(DoesNotFit, match="not on the day of the report"):
        encode(tsunami(AT + timedelta(days=2)), preamble=0x53, counter=0)


# ── quantities ───────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.floats(0, 2500))
def test_an_axis_never_shrinks_by_more_than_a_metre(length_km):
    code = axis_code(length_km)
    assert AXES_KM[code] >= length_km - 0.001
    assert code == 0 or AXES_KM[code - 1] < length_km - 0.001


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 2500), st.floats(-90, 87))
def test_an_ellipse_lands_on_the_grid_and_stays_there(latitude, longitude, axis_km, azimuth):
    area = Ellipse(
        latitude_deg=latitude, longitude_deg=longitude, semi_major_km=axis_km, semi_minor_km=1, azimuth_deg=azimuth
    )
    report = OutsideJapan(message=MessageType.ALERT, country=71, provider=1, hazard=44, ellipse=area)
    landed = heard(report, AT).ellipse
    assert abs(landed.latitude_deg - latitude) <= 180 / 65535 / 2 + 1e-9
    assert abs(landed.longitude_deg - longitude) <= 360 / 131071 / 2 + 1e-9
    assert abs(landed.azimuth_deg - azimuth) <= 180 / 64 / 2 + 1e-9
    assert heard(replace(report, ellipse=landed), AT).ellipse == landed


EARTH = {"message": MessageType.ALERT, "provider": 1, "hazard": 36, "municipality": "31202"}
SUVA = Ellipse(latitude_deg=-18, longitude_deg=178, semi_major_km=10, semi_minor_km=10)
QUAKE = {"classification": 7, "epicentre": 1}


@pytest.mark.parametrize(
    ("report", "named"),
    [
        (LAlert(**EARTH, ellipse=replace(SUVA, latitude_deg=90.1)), "A12 latitude"),
        (LAlert(**EARTH, ellipse=replace(SUVA, semi_major_km=2501)), "A14 semi-major axis"),
        (LAlert(**EARTH, second_area=replace(SUVA, longitude_deg=44)), "EX4 longitude"),
        (
            LAlert(
                **EARTH,
                ellipse=Ellipse(
                    latitude_deg=-90, longitude_deg=-180, semi_major_km=0, semi_minor_km=0, azimuth_deg=-90
                ),
            ),
            "means none",
        ),
        (LAlert(**EARTH, setting=Refinement()), "a refinement of nothing"),
        (LAlert(**EARTH, setting=Refinement(north=8)), r"C1 .* 8 does not fit 3 bits \(0..7\)"),
        (LAlert(**EARTH, setting=HazardCentre(north_deg=0, east_deg=1)), "C5 .*cannot be said"),
        (LAlert(**EARTH, setting=HazardCentre(north_deg=1, east_deg=10.2)), "C6 .*cannot be said"),
        (LAlert(**EARTH, setting=SecondEllipse(shift=4, factor=1, bearing_deg=0)), "C7 shift"),
        (LAlert(**EARTH, setting=SecondEllipse(shift=0, factor=0, bearing_deg=0)), "C8 size"),
        (LAlert(**EARTH, setting=Quantities(codes=(("D5", 1),))), "it has D1, D2, D3, D4"),
        (LAlert(**EARTH | {"hazard": 1}, setting=Quantities(codes=(("D5", 1),))), "it has no measures"),
        (LAlert(**EARTH | {"hazard": 128}), r"A4 hazard \[CAMF A4\]: 128 does not fit 7 bits \(0..127\)"),
        (OutsideJapan(**{k: v for k, v in EARTH.items() if k != "municipality"}, country=512), "A2 country"),
        (dcr.Hypocentre(**QUAKE, depth_km=501), r"De depth, km .*501 does not fit"),
        (dcr.Hypocentre(**QUAKE, magnitude=10.1), "Ma magnitude"),
        (dcr.Hypocentre(**QUAKE, magnitude=0.0), "Ma magnitude"),
        (dcr.Hypocentre(**QUAKE, position=dcr.Position(latitude_deg=91, longitude_deg=0)), "position"),
        (dcr.Hypocentre(**QUAKE, position=dcr.Position(latitude_deg=0, longitude_deg=0)), "position"),
        (dcr.Hypocentre(**QUAKE, notifications=(201, 202, 203, 204)), "4 entries, there is room for 3"),
        (dcr.Hypocentre(**QUAKE, reported=AT.replace(second=1)), "no whole minute"),
        (dcr.NankaiTrough(classification=7, serial=1, text=b"x" * 19, page=1, pages=1), "Te 18 bytes"),
        (dcr.Typhoon(classification=7, reference_type=1, number=1, pressure_hpa=2048), "Pr central pressure"),
        (NullMessage(satellite_mask=512), "SDM"),
        (NullMessage(codes=(("SP0", 4),)), "code 4 does not fit 2 bits"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(report, named):
    with pytest.raises(DoesNotFit, match=named):
        encode(report, preamble=0x53, counter=0)


def test_spare_bits_survive():
    report = NullMessage(satellite_mask=192, codes=(("SP0", 3),))
    assert heard(report, AT) == report


def test_an_empty_area_is_repeated_only_on_purpose():
    seen = JAlert(message=MessageType.ALERT, provider=2, hazard=8, codes=(("EX9 mask", 0),))
    assert heard(seen, AT) == seen
    with pytest.raises(DoesNotFit, match="without an area"):
        encode(replace(seen, codes=()), preamble=0x53, counter=0)


# ── json ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

GOOD = to_json(encode(replace(MARINE, reported=AT), preamble=0x53, counter=0), received=AT)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "marin"}, "kind 'marin' is not known"),
        ({"kind": ["marine"]}, "is not known"),
        ({"message_type": 44}, "marine is of type 43, not 44"),
        ({"classification": "3"}, "marine.classification"),
        ({"classification": True}, "marine.classification"),
        ({"reported": "tomorrow"}, "'tomorrow' is no time"),
        ({"reported": "2026-06-03T12:00:00"}, "no time zone"),
        ({"areas": [{"warning": 1}]}, r"marine.areas\[0\]: region is missing"),
        ({"areas": [{"warning": 1, "region": 1, "depth": 1}]}, "MarineArea has no depth"),
        ({"areas": {}}, "marine.areas"),
        ({"wind": 3}, "Marine has no wind"),
        ({"codes": [1]}, "codes"),
        ({"preamble": "5"}, "preamble"),
        ({"preamble": "5353"}, "not two digits"),
        ({"counter": None}, "counter"),
        ({"satellite": "184"}, "satellite"),
    ],
)
def test_a_wrong_object_is_refused_by_name(changed, named):
    with pytest.raises(BadMessage, match=named):
        from_json({**GOOD, **changed})


def test_a_time_in_another_zone_is_the_same_moment():
    assert from_json({**GOOD, "reported": "2026-06-03T21:00:00+09:00"}) == from_json(GOOD)
