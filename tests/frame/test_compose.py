"""The bridge: an alert into frames, everything lost is said, and nobody inside is left out."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import cos, hypot, pi, radians, sin
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_making import NOON, make_alert, make_info
from satwarn.alert import cap
from satwarn.alert.alert import Area, Category, MsgType, Named, Reference, ResponseType, Severity, Status
from satwarn.alert.chain import ENDING
from satwarn.area import gazetteer
from satwarn.area.fit import enclose
from satwarn.area.geodesic import destination
from satwarn.area.inside import in_ellipse, in_polygon
from satwarn.area.shape import Circle, Ellipse, Polygon
from satwarn.errors import BadArea, BadFrame, DoesNotFit
from satwarn.frame import decode, encode, l1s
from satwarn.frame.camf import MessageType, refined
from satwarn.frame.codes import table
from satwarn.frame.compose import compose
from satwarn.frame.compose_codes import Service
from satwarn.frame.compose_ellipse import around, outline
from satwarn.frame.compose_hazard import hazard_of, words_of
from satwarn.frame.compose_heard import heard
from satwarn.frame.compose_loss import Aspect
from satwarn.frame.dcx import JAlert, LAlert, LocalGovernment, NullMessage, OutsideJapan

ALWAYS = {Aspect.IDENTITY, Aspect.CERTAINTY, Aspect.TEXT}


def area(scheme, *codes):
    return Area(description="here", geocodes=tuple(Named(value_name=scheme, value=code) for code in codes))


TOTTORI = (area("JISX0401", "31"),)


def real(areas=TOTTORI, **more):
    info = {"resources": (), "event_codes": (), "response_types": (ResponseType.SHELTER,), "expires": None} | more
    return make_alert(status=Status.ACTUAL, infos=(make_info(areas=tuple(areas), **info),))


def lost(composed):
    return {loss.aspect for loss in composed.losses} - ALWAYS


def said_twice(composed, at=NOON):
    """The reports as a receiver reads them from the frames."""
    frames = composed.frames(at)
    heard_again = tuple(decode(frame, received=at) for frame in frames)
    assert heard_again == composed.reports
    return heard_again


# ── the test of 2017, and purposes ───────────────────────────────────────────────────────────────────────────────────


def test_the_exercise_of_2017_is_the_golden_frame():
    alert = make_alert(infos=(make_info(areas=(area("JISX0401", *map(str, range(31, 40))),)),))
    composed = compose(alert, at=NOON)
    assert (
        l1s.hexadecimal(composed.frames(NOON)[0]) == "53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"
    )
    assert {Aspect.PURPOSE, Aspect.HAZARD, Aspect.SEVERITY, Aspect.DURATION} <= lost(composed)


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
@pytest.mark.parametrize("service", Service)
def test_no_test_ever_leaves_as_an_alert(status, service):
    alert = replace(real(areas=(area("JISX0401", "31"),)), status=status)
    composed = compose(alert, at=NOON, service=service, country=71)
    assert {report.message for report in said_twice(composed)} == {MessageType.TEST}
    assert {report.hazard for report in composed.reports} == {113}


@pytest.mark.parametrize("status", [Status.SYSTEM, Status.DRAFT])
def test_what_is_for_nobody_is_refused(status):
    with pytest.raises(DoesNotFit, match="for nobody"):
        compose(replace(real(), status=status), at=NOON)


def ended(value):
    first = real()
    reference = Reference(sender=first.sender, identifier="earlier", sent=first.sent - timedelta(minutes=3))
    parameters = (Named(value_name=ENDING, value=value),) if value else ()
    infos = (replace(first.infos[0], parameters=parameters),)
    return replace(first, msg_type=MsgType.CANCEL, references=(reference,), infos=infos)


def test_a_retraction_has_no_code_and_that_is_said():
    for value in ("retraction", ""):
        composed = compose(ended(value), at=NOON)
        assert composed.reports[0].message is MessageType.ALL_CLEAR
        assert any("no code for retraction" in loss.what for loss in composed.losses)
    composed = compose(ended("all-clear"), at=NOON)
    assert composed.reports[0].message is MessageType.ALL_CLEAR
    assert Aspect.ACTION not in lost(composed)


def test_the_end_of_a_missile_warning_never_says_that_one_was_launched():
    for value in ("all-clear", "retraction"):
        assert compose(ended(value), at=NOON).reports[0].instruction == 131


def test_a_receipt_is_not_sent():
    reference = Reference(sender="a", identifier="b", sent=NOON)
    with pytest.raises(DoesNotFit):
        compose(replace(real(), msg_type=MsgType.ACK, references=(reference,)), at=NOON)


# ── codes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("severity", "code", "loses"),
    [
        (Severity.EXTREME, 3, False),
        (Severity.SEVERE, 2, False),
        (Severity.MODERATE, 1, False),
        (Severity.MINOR, 1, True),
        (Severity.UNKNOWN, 0, False),
    ],
)
def test_severity(severity, code, loses):
    composed = compose(real(severity=severity), at=NOON)
    assert composed.reports[0].severity == code
    assert (Aspect.SEVERITY in lost(composed)) is loses


def test_an_onset_is_a_minute_of_this_week_or_the_next():
    late = NOON + timedelta(days=5, seconds=30)
    composed = compose(real(onset=late), at=NOON)
    assert said_twice(composed)[0].onset == late - timedelta(seconds=30)
    assert Aspect.ONSET in lost(composed)
    assert Aspect.ONSET not in lost(compose(real(onset=NOON), at=NOON))
    assert compose(real(onset=NOON - timedelta(days=20)), at=NOON).reports[0].onset == NOON
    with pytest.raises(DoesNotFit, match="after next week"):
        compose(real(onset=NOON + timedelta(days=20)), at=NOON)


@pytest.mark.parametrize(("hours", "code"), [(1, 1), (5.9, 1), (6, 2), (12, 3), (23.9, 3), (24, 0), (100, 0)])
def test_duration_outside_j_alert(hours, code):
    alert = real(onset=NOON, expires=(NOON + timedelta(hours=hours)).replace(microsecond=0))
    assert compose(alert, at=NOON, service=Service.L_ALERT).reports[0].duration == code
    assert compose(alert, at=NOON, service=Service.J_ALERT).reports[0].duration == 0


# ── hazards: the reviewed table ──────────────────────────────────────────────────────────────────────────────────────

HAZARDS = table("cap_hazard")


def test_the_table_covers_all_113_hazards_with_words_and_categories():
    assert [int(row.code) for row in HAZARDS] == list(range(1, 114))
    assert {row.code: row.en for row in HAZARDS} == {r.code: r.en for r in table("hazard") if r.code != "0"}
    known = {category.value for category in Category}
    for row in HAZARDS:
        assert set(row.more["category"].split()) <= known
        assert row.more["words_en"]
        assert row.more["words_de"]
        assert row.more["words_ja"]


def test_no_word_and_no_event_code_names_two_hazards():
    words = [word for row in HAZARDS for word in set(words_of(row))]
    codes = [code for row in HAZARDS for code in row.more["event_codes"].split()]
    assert [w for w in set(words) if words.count(w) > 1] == []
    assert [c for c in set(codes) if codes.count(c) > 1] == []


@pytest.mark.parametrize("row", HAZARDS, ids=lambda row: row.en)
def test_every_hazard_is_found_by_its_name_in_every_language(row):
    for text in (
        row.en,
        *row.more["words_en"].split(";"),
        *row.more["words_de"].split(";"),
        *row.more["words_ja"].split(";"),
    ):
        assert hazard_of(real(event=text, headline="")).code == int(row.code), text


@pytest.mark.parametrize(
    ("scheme", "value", "code"),
    [
        ("SAME", "TSW", 44),
        ("SAME", "TOR", 79),
        ("profile:CAP-CP:Event:0.4", "wildFire", 27),
        ("II", "61", 74),
        ("satwarn:hazard", "8", 8),
    ],
)
def test_an_event_code_beats_the_words(scheme, value, code):
    alert = real(event="Flood", event_codes=(Named(value_name=scheme, value=value),))
    composed = compose(alert, at=NOON)
    assert composed.reports[0].hazard == code
    assert Aspect.HAZARD not in lost(composed)


def test_meteoalarm_says_it_in_a_parameter():
    assert hazard_of(real(event="x", parameters=(Named(value_name="awareness_type", value="1; Wind"),))).code == 47


def test_what_is_no_hazard_goes_by_its_category_and_that_is_said():
    composed = compose(real(event="Qwertz", headline="", categories=(Category.FIRE,)), at=NOON)
    assert composed.reports[0].hazard == 30
    assert Aspect.HAZARD in lost(composed)


# ── areas by code ────────────────────────────────────────────────────────────────────────────────────────────────────


def municipalities(report):
    return set(report.municipalities)


def test_j_alert_says_up_to_four_municipalities_in_a_frame_and_more_in_several():
    codes = [place.code for place in gazetteer.municipalities("31")]
    for count in (1, 4, 5, 16):
        composed = compose(real((area("JISX0402", *codes[:count]),), event="Missile"), at=NOON)
        assert len(composed.reports) == -(-count // 4)
        assert set().union(*map(municipalities, said_twice(composed))) == set(codes[:count])
        assert Aspect.AREA not in lost(composed)


def test_too_many_municipalities_become_their_prefecture_and_that_is_said():
    codes = [place.code for place in gazetteer.municipalities("31")]
    composed = compose(real((area("JISX0402", *codes),), event="Missile"), at=NOON)
    assert [report.prefectures for report in said_twice(composed)] == [(31,)]
    assert composed.cover.added == ("31",)
    assert composed.cover.asked_km2 == pytest.approx(3507, rel=0.05)
    codes.remove("31201")
    composed = compose(real((area("JISX0402", *codes),), event="Missile"), at=NOON)
    assert composed.cover.overreach_km2 == pytest.approx(765, rel=0.35)  # the city of Tottori; coasts are coarse
    assert Aspect.AREA in lost(composed)


def test_prefectures_and_municipalities_together_take_several_frames():
    composed = compose(real((area("JISX0401", "31"), area("JISX0402", "32201", "31202")), event="Missile"), at=NOON)
    assert [(r.prefectures, r.municipalities) for r in said_twice(composed)] == [((31,), ()), ((), ("32201",))]


def test_the_shapes_of_an_area_with_codes_add_nobody():
    both = Area(
        description="Tottori",
        geocodes=(Named(value_name="JISX0401", value="31"),),
        polygons=gazetteer.shape("31"),
    )
    assert [r.prefectures for r in compose(real((both,), event="Missile"), at=NOON).reports] == [(31,)]


def test_a_shape_alone_becomes_every_prefecture_it_touches():
    border = Circle(latitude_deg=35.45, longitude_deg=133.25, radius_km=15)  # Yonago and Yasugi
    composed = compose(real((Area(description="here", circles=(border,)),), event="Missile"), at=NOON)
    assert set(composed.reports[0].prefectures) >= {31, 32}
    assert composed.cover.overreach_km2 > 0
    assert Aspect.AREA in lost(composed)


def test_l_alert_says_one_place_a_frame():
    composed = compose(real((area("JISX0402", "31202"), area("JISX0401", "32")), event="Flood"), at=NOON)
    assert composed.service is Service.L_ALERT
    assert [report.municipality for report in said_twice(composed)] == ["32000", "31202"]


def test_no_area_and_unknown_codes_are_refused():
    with pytest.raises(BadArea, match="no area"):
        compose(real((Area(description="words only"),)), at=NOON)
    with pytest.raises(BadArea, match="99999"):
        compose(real((area("JISX0402", "99999"),)), at=NOON)
    with pytest.raises(BadArea, match="no shape is known"):
        compose(real((area("SAME", "006109"),)), at=NOON, country=239)


SUVA = Polygon(((-18.05, 178.35), (-18.2, 178.35), (-18.2, 178.55), (-18.05, 178.35)))


@pytest.mark.parametrize(
    ("where", "country"),
    [
        (Area(description="Suva", polygons=(SUVA,)), 71),
        (Area(description="Jakarta", circles=(Circle(latitude_deg=-6.2, longitude_deg=106.8, radius_km=10),)), 103),
        (Area(description="Bangkok", circles=(Circle(latitude_deg=13.75, longitude_deg=100.5, radius_km=10),)), 219),
        (area("AGS", "09"), 83),
    ],
)
def test_outside_japan_the_country_is_found(where, country):
    composed = compose(real((where,), event="Flood"), at=NOON)
    assert composed.service is Service.OUTSIDE_JAPAN
    assert {(type(r), r.country) for r in said_twice(composed)} == {(OutsideJapan, country)}


@pytest.mark.parametrize(
    ("service", "kind", "provider"),
    [
        (Service.J_ALERT, JAlert, 2),
        (Service.L_ALERT, LAlert, 1),
        (Service.LOCAL_GOVERNMENT, LocalGovernment, 4),
        (Service.OUTSIDE_JAPAN, OutsideJapan, 1),
    ],
)
def test_four_services(service, kind, provider):
    composed = compose(real(), at=NOON, service=service, country=None if service is not Service.OUTSIDE_JAPAN else 71)
    assert {(type(report), report.provider) for report in said_twice(composed)} == {(kind, provider)}


# ── ellipses: nobody inside is left out ──────────────────────────────────────────────────────────────────────────────


def on_the_ground(said):
    """The ellipse as a receiver reads it from the frame."""
    e = refined(said.ellipse, said.refinement)
    longer = e.semi_major_km >= e.semi_minor_km
    return Ellipse(
        latitude_deg=e.latitude_deg,
        longitude_deg=(e.longitude_deg + 180) % 360 - 180,
        semi_major_km=max(e.semi_major_km, e.semi_minor_km),
        semi_minor_km=min(e.semi_major_km, e.semi_minor_km),
        azimuth_deg=e.azimuth_deg if longer else e.azimuth_deg + 90,
    )


def turned(longitude):
    return (longitude + 180) % 360 - 180


CENTRES = st.tuples(st.floats(-75, 75), st.floats(-180, 180))
SIZES = st.floats(-3, 1).map(lambda power: 10**power)
SPREAD = st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=8)


@given(CENTRES, SIZES, SPREAD, st.floats(0, 1))
def test_no_point_of_a_polygon_is_outside_its_ellipse(centre, size, spread, part):
    points = [(centre[0] + size * north, turned(centre[1] + size * east)) for north, east in spread]
    ellipse = on_the_ground(around([Polygon((*points, points[0]))]))
    for (lat, lon), (next_lat, next_lon) in pairwise([*points, points[0]]):
        there = next_lon + (360 if next_lon < lon - 180 else -360 if next_lon > lon + 180 else 0)
        for share in (0.0, part, 0.5):
            point = (lat + (next_lat - lat) * share, turned(lon + (there - lon) * share))
            assert in_ellipse(point, ellipse), point


@given(CENTRES, st.floats(-2, 3).map(lambda power: 10**power), st.floats(0, 360))
def test_no_point_of_a_circle_is_outside_its_ellipse(centre, radius, azimuth):
    ellipse = on_the_ground(around([Circle(latitude_deg=centre[0], longitude_deg=centre[1], radius_km=radius)]))
    assert in_ellipse(destination(centre, azimuth, radius), ellipse)


@given(
    CENTRES, st.floats(-2, 2.5).map(lambda power: 10**power), st.floats(0.1, 1), st.floats(0, 180), st.floats(0, 360)
)
def test_the_outline_of_an_ellipse_holds_it(centre, major, flat, azimuth, way):
    ellipse = Ellipse(
        latitude_deg=centre[0],
        longitude_deg=centre[1],
        semi_major_km=major,
        semi_minor_km=major * flat,
        azimuth_deg=azimuth,
    )
    turn = radians(way - azimuth)
    reach = 1 / hypot(cos(turn) / major, sin(turn) / (major * flat))
    assert in_polygon(destination(centre, way, reach * 0.999), outline(ellipse))


@pytest.mark.parametrize("prefecture", [place.code for place in gazetteer.prefectures()])
def test_the_ellipse_of_a_prefecture_is_not_much_larger_than_it_must_be(prefecture):
    """Against the fitted one of the area room, which is within 1 % of the smallest."""
    shapes = gazetteer.shape(prefecture)
    fitted = enclose(shapes).ellipse
    assert around(shapes).area_km2 <= 1.25 * pi * fitted.semi_major_km * fitted.semi_minor_km


def test_an_area_larger_than_any_ellipse_is_refused():
    world = Polygon(((-60.0, -170.0), (-60.0, -10.0), (60.0, -10.0), (60.0, -170.0), (-60.0, -170.0)))
    with pytest.raises(DoesNotFit, match="larger than any ellipse"):
        around([world])


# ── decode(encode(alert)) loses exactly what the loss says ───────────────────────────────────────────────────────────

SEVERITY_SAID = {Severity.MINOR: Severity.MODERATE}


@given(
    severity=st.sampled_from(Severity),
    event=st.sampled_from(["Tsunami", "Flood warning", "Missile attack", "Qwertz", "地震"]),
    onset=st.datetimes(datetime(2017, 8, 14), datetime(2017, 8, 27)),  # noqa: DTZ001 - bounds
    hours=st.none() | st.integers(1, 40),
    codes=st.lists(st.sampled_from([f"{n:02}" for n in range(1, 48)]), min_size=1, max_size=8, unique=True),
    kind=st.sampled_from([Status.ACTUAL, Status.EXERCISE, Status.TEST]),
    ending=st.sampled_from([None, "retraction", "all-clear"]),
)
def test_what_comes_back_differs_exactly_where_the_losses_say(severity, event, onset, hours, codes, kind, ending):
    start = onset.replace(tzinfo=UTC, microsecond=0)
    alert = ended(ending) if ending else real()
    info = replace(
        alert.infos[0],
        severity=severity, event=event, headline="", onset=start, areas=(area("JISX0401", *codes),),
        expires=start + timedelta(hours=hours) if hours else None,
    )  # fmt: skip
    alert = replace(alert, status=kind, infos=(info,))
    composed = compose(alert, at=NOON, service=Service.J_ALERT)
    loses = {loss.aspect for loss in composed.losses}
    (frame,) = composed.frames(NOON)
    back = heard(frame, sender="r@x", began=NOON, earlier=real())
    again = back.infos[0]
    hazard = hazard_of(alert).code
    differs = {
        Aspect.PURPOSE: back.status is not alert.status,
        Aspect.HAZARD: hazard_of(back).code != hazard or again.event.lower() != event.lower(),
        Aspect.SEVERITY: again.severity is not severity,
        Aspect.ONSET: again.onset != start,
        Aspect.DURATION: again.expires != info.expires,
        Aspect.AREA: back.geocodes("JISX0401") != tuple(sorted(codes)),
    }
    assert {aspect for aspect, differ in differs.items() if differ} == loses & set(differs)
    assert (alert.msg_type is not MsgType.ALERT and ending == "retraction") is (
        any("retraction" in loss.what for loss in composed.losses)
    )


# ── frames heard ─────────────────────────────────────────────────────────────────────────────────────────────────────


VECTORS = Path(__file__).parents[2] / "vectors" / "real.jsonl"
REAL = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


def test_every_real_frame_becomes_an_alert_and_a_test_frame_a_test():
    count = 0
    for vector in REAL:
        raw, frame = vector["fields"], l1s.from_hexadecimal(vector["hex"])
        if raw["MT"] not in (43, 44) or vector["meaning"]["kind"] == "null":
            continue
        alert = heard(frame, sender="receiver@satwarn.example", began=NOON)
        tested = raw["Rc"] == 7 if raw["MT"] == 43 else raw["A1"] == 0
        assert (alert.status is Status.TEST) is tested, vector["name"]
        xml = cap.write(alert)
        assert cap.check_schema(xml) == []
        assert cap.read(xml).alert == alert
        assert alert.parameters("satwarn:frame") == (l1s.payload_of(frame),)
        count += 1
    assert count > 200


def test_a_frame_for_nobody_is_no_alert():
    null = encode(NullMessage(), preamble=0x53, counter=0)
    for frame in (null, bytes(32)):
        with pytest.raises(BadFrame):
            heard(frame, sender="r@x", began=NOON)
