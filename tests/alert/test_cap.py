"""CAP as XML: strict out, lenient in, and every oddity said with its place."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from alert_making import make_alert, make_info
from satwarn.alert import cap
from satwarn.alert.alert import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from satwarn.area.shape import Circle, Polygon
from satwarn.errors import BadAlert, BadMessage


def test_an_alert_goes_out_and_comes_in_again(alert):
    xml = cap.write(alert)
    received = cap.read(xml)
    assert received.alert == alert
    assert received.findings == ()
    assert received.raw is xml
    assert cap.check_schema(xml) == []


def test_utc_is_written_minus_zero_and_an_offset_is_kept(alert):
    xml = cap.write(alert).decode()
    assert "<sent>2017-08-18T02:00:00-00:00</sent>" in xml
    assert "<onset>2017-08-18T11:00:00+09:00</onset>" in xml
    assert "+00:00" not in xml


def test_nothing_empty_is_written_but_what_the_schema_demands(alert):
    empty = [at.tag for at in etree.fromstring(cap.write(alert)).iter() if not len(at) and not at.text]
    assert [etree.QName(tag).localname for tag in empty] == ["value", "value"]


def test_a_control_character_is_refused_by_the_name_of_its_element(alert):
    with pytest.raises(BadAlert, match="note: holds a character"):
        cap.write(make_alert(note="bell \x07"))


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30))
def test_any_text_is_written_as_an_xml_library_writes_it_or_refused(text):
    """Independent oracle: lxml's own writer and its own idea of what XML can carry."""
    judge = etree.Element("note")
    try:
        judge.text = text
    except ValueError:
        with pytest.raises(BadAlert, match="note"):
            cap.write(make_alert(note=text))
        return
    written = cap.write(make_alert(note=text))
    assert etree.fromstring(written).findtext("{*}note") == text
    assert etree.tostring(judge, encoding="UTF-8").partition(b"?>\n")[2] in written


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=OFFSETS).map(  # noqa: DTZ001 - bounds
    lambda moment: moment.replace(microsecond=0)
)
NAMES = st.text("abcXYZ019.-_@:/", min_size=1, max_size=20)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
NAMED = st.builds(Named, value_name=WORDS, value=WORDS | st.just(""))
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
POLYGONS = st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=3, max_size=6).map(lambda p: Polygon(points=(*p, p[0])))
CIRCLES = st.builds(Circle, latitude_deg=LATITUDES, longitude_deg=LONGITUDES, radius_km=st.floats(0, 20_000))


def several(of):
    return st.lists(of, max_size=3).map(tuple)


AREAS = st.builds(
    Area,
    description=WORDS,
    polygons=several(POLYGONS),
    circles=several(CIRCLES),
    geocodes=several(NAMED),
    altitude_ft=st.floats(-1000, 100_000),
    ceiling_ft=st.none() | st.floats(-1000, 100_000),
)
INFOS = st.builds(
    Info,
    categories=st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple),
    event=WORDS,
    urgency=st.sampled_from(Urgency),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    response_types=several(st.sampled_from(ResponseType)),
    event_codes=several(NAMED),
    onset=st.none() | MOMENTS,
    expires=st.none() | MOMENTS,
    headline=WORDS | st.just(""),
    parameters=several(NAMED),
    areas=several(AREAS),
)
REFERENCES = st.lists(st.builds(Reference, sender=NAMES, identifier=NAMES, sent=MOMENTS), min_size=1, max_size=3)
ALERTS = st.builds(
    Alert,
    identifier=NAMES.map("id:".__add__),
    sender=NAMES,
    sent=MOMENTS,
    status=st.sampled_from(Status),
    msg_type=st.sampled_from(MsgType),
    scope=st.just(Scope.PRIVATE),
    addresses=st.lists(st.text("ab c", min_size=1).filter(lambda t: t == t.strip() and t), min_size=1).map(tuple),
    codes=several(WORDS),
    note=WORDS,
    references=REFERENCES.map(tuple),
    infos=several(INFOS),
)


@given(ALERTS)
def test_every_alert_survives_the_way_out_and_in(alert):
    xml = cap.write(alert)
    assert cap.check_schema(xml) == []
    received = cap.read(xml)
    assert received.alert == alert
    assert {f.rule for f in received.findings} <= {"references-later", "ceiling-low"}


PLAIN = """<?xml version="1.0"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier> 43b080713727 </identifier>
  <sender>hsas@dhs.example</sender>
  <sent>{sent}</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <category>{category}</category>
    <event>Storm</event>
    <urgency>{urgency}</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <area>
      <areaDesc>here</areaDesc>
      <polygon>{polygon}</polygon>
      <circle>{circle}</circle>
    </area>
  </info>
</alert>"""
GOOD = {
    "sent": "2003-04-02T14:39:01-05:00",
    "category": "Met",
    "urgency": "Immediate",
    "polygon": "1,2 3,4 5,6 1,2",
    "circle": "1.5,2 3",
}


def plain(**change):
    return PLAIN.format(**(GOOD | change)).encode()


@pytest.mark.parametrize(
    ("rule", "line", "change"),
    [
        ("cap-datetime", 5, {"sent": "2003-04-02T19:39:01Z"}),
        ("cap-datetime", 5, {"sent": "2003-04-02T19:39:01.770-00:00"}),
        ("cap-datetime", 5, {"sent": "2003-04-02T19:39:01"}),
        ("cap-datetime", 5, {"sent": "2003-04-02T19:39-00:00"}),
        ("enumeration", 10, {"category": "Weather"}),
        ("enumeration", 12, {"urgency": "immediate"}),
        ("polygon-pairs", 17, {"polygon": ""}),
        ("polygon-pairs", 17, {"polygon": "1,2 3,4 1,2"}),
        ("polygon-closed", 17, {"polygon": "1,2 3,4 5,6"}),
        ("polygon-range", 17, {"polygon": "100,2 3,4 5,6 100,2"}),
        ("polygon-numeric", 17, {"polygon": "1,2 3,x 5,6 1,2"}),
        ("polygon-numeric", 17, {"polygon": "1,2 nan,3 5,6 1,2"}),
        ("polygon-numeric", 17, {"polygon": "1,2 1_0,3 5,6 1,2"}),
        ("polygon-numeric", 17, {"polygon": "1,2 3 5,6 1,2"}),
        ("circle-form", 18, {"circle": "1,2"}),
        ("circle-form", 18, {"circle": "1,2 -3"}),
        ("circle-form", 18, {"circle": "1 2 3"}),
    ],
)
def test_odd_texts_are_read_and_said(rule, line, change):
    received = cap.read(plain(**change))
    assert received.alert.identifier == "43b080713727"
    assert [(f.rule, f.line) for f in received.findings if f.rule != "assumed"] == [(rule, line)]
    assert all(f.column == 5 if f.line < 10 else f.column in (5, 7) for f in received.findings if f.line > 9)


def test_the_best_value_is_kept():
    assert cap.read(plain(sent="2003-04-02T19:39:01.770Z")).alert.sent == datetime(2003, 4, 2, 19, 39, 1, tzinfo=UTC)
    assert cap.read(plain(urgency="immediate")).alert.infos[0].urgency is Urgency.IMMEDIATE
    assert cap.read(plain(urgency="tomorrow")).alert.infos[0].urgency is Urgency.UNKNOWN
    closed = cap.read(plain(polygon="1,2 3,4 5,6")).alert.infos[0].areas[0].polygons[0]
    assert closed.points == ((1, 2), (3, 4), (5, 6), (1, 2))


def test_order_does_not_matter_to_the_reader_but_is_said():
    swapped = plain().replace(b"<event>Storm</event>", b"").replace(b"<area>", b"<event>Storm</event><area>")
    received = cap.read(swapped)
    assert received.alert.infos[0].event == "Storm"
    assert [f.rule for f in received.findings] == ["element-order"]
    assert [f.rule for f in cap.check_schema(swapped)] == ["schema"]


def test_a_comment_cannot_cut_a_text_in_two():
    split = plain().replace(b"Storm", b"Not <!-- -->a <![CDATA[Storm]]> <?x evil?>here")
    assert cap.read(split).alert.infos[0].event == "Not a Storm here"


@pytest.mark.parametrize("status", [b"actual now", b"", b"Real"])
def test_an_unknown_status_is_never_guessed(status):
    received = cap.read(plain().replace(b"Actual", status))
    with pytest.raises(BadMessage, match="no status that can be read"):
        received.alert  # noqa: B018 - asking is what fails


def test_an_update_of_nothing_is_refused():
    received = cap.read(plain().replace(b"<msgType>Alert", b"<msgType>Update"))
    with pytest.raises(BadMessage, match="references"):
        received.alert  # noqa: B018 - asking is what fails


def test_latin_1_is_read():
    latin = PLAIN.format(**GOOD).replace('"1.0"', '"1.0" encoding="ISO-8859-1"').replace("Storm", "Stürm")
    assert cap.read(latin.encode("latin-1")).alert.infos[0].event == "Stürm"


@pytest.mark.parametrize("encoding", ["Shift_JIS", "EUC-JP", "windows-1252", "utf-16", "utfv8"])
def test_places_are_told_in_every_encoding_that_is_read(encoding):
    text = PLAIN.format(**(GOOD | {"circle": "nowhere"})).replace('"1.0"', f'"1.0" encoding="{encoding}"')
    data = b"\xef\xbb\xbf" + text.encode() if encoding == "utfv8" else text.encode(encoding)
    finding = cap.read(data).findings[-1]
    assert (finding.rule, finding.line) == ("circle-form", 18)


def test_cap_1_0_is_upgraded_with_notes():
    old = (
        plain()
        .replace(b"urn:oasis:names:tc:emergency:cap:1.2", b"http://www.incident.com/cap/1.0")
        .replace(b"<certainty>Likely</certainty>", b"<certainty>Very Likely</certainty><eventCode>same=SVR</eventCode>")
    )
    assert cap.check_schema(old) == []
    received = cap.read(old)
    info = received.alert.infos[0]
    assert info.certainty is Certainty.LIKELY
    assert info.event_codes == (Named(value_name="same", value="SVR"),)
    assert {f.rule for f in received.findings} == {"enumeration", "named-as-text", "older-version"}
    assert cap.check_schema(cap.write(received.alert)) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not well-formed"),
        (b"<alert", "not well-formed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "not a CAP alert"),
        (b"<alert xmlns='urn:other'/>", "not a CAP alert"),
        (b"<!DOCTYPE alert><alert/>", "DOCTYPE"),
        (b"<?xml version='1.0'?> <!-- a --> <!DOCTYPE alert [<!ENTITY x 'y'>]><alert>&x;</alert>", "DOCTYPE"),
        ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE alert><alert/>".encode("utf-16"), "DOCTYPE"),
        (b" " * (8 * 1024 * 1024 + 1), "at most"),
        (b"<a>" * 50_000, "not well-formed"),
        (b"<a>" * 100_000, "60,000 at most"),
        (b"<?xml", "not well-formed"),
        (b"<!-- no end", "not well-formed"),
    ],
)
def test_hostile_bytes_are_refused(data, why):
    with pytest.raises(BadMessage, match=why):
        cap.read(data)


@given(st.binary(max_size=300))
def test_noise_is_read_or_refused_and_nothing_else(noise):
    with pytest.raises(BadMessage):
        cap.read(noise)


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=3))
def test_a_damaged_message_is_read_or_refused_and_nothing_else(at, damage):
    xml = bytearray(cap.write(make_alert(infos=(make_info(),))))
    at %= len(xml)
    xml[at : at + len(damage)] = damage
    try:
        received = cap.read(bytes(xml))
        assert received.value is None or received.alert.sent.tzinfo is not None
    except BadMessage:
        pass


@pytest.mark.parametrize(
    "sent", ["0001-01-01T00:00:00+14:00", "9999-12-31T24:00:00-00:00", "9999-12-31T23:00:00-14:00"]
)
def test_a_time_at_the_edge_of_the_calendar_is_not_read(sent):
    received = cap.read(plain(sent=sent))
    assert received.value is None
    assert "cap-datetime" in {f.rule for f in received.findings}


def test_the_end_of_a_day_and_wide_spaces_are_in_order():
    received = cap.read(plain(sent="2003-12-31T24:00:00-00:00", circle=" 1.5,2 \n  3 "))
    assert received.findings == ()
    assert received.alert.sent == datetime(2004, 1, 1, tzinfo=UTC)
    assert received.alert.infos[0].areas[0].circles[0].radius_km == 3


def test_dates_out_of_the_calendar_are_said():
    late = plain().replace(b"<area>", b"<expires>2003-13-40T00:00:00-00:00</expires><area>")
    received = cap.read(late)
    assert [f.rule for f in received.findings] == ["cap-datetime"]
    assert received.alert.infos[0].expires is None
