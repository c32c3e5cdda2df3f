"""Alerts inside other things."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_making import make_alert
from satwarn.alert import cap
from satwarn.alert.containers import unpack
from satwarn.errors import BadMessage

ALERT = cap.write(make_alert()).split(b"?>", 1)[1].strip()


@pytest.mark.parametrize(
    ("kind", "wrap"),
    [
        ("alert", b"%s"),
        (
            "atom",
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='text/xml'>%s</content></entry></feed>",
        ),
        ("rss", b"<rss version='2.0'><channel><item>%s</item></channel></rss>"),
        ("edxl-de", b"<e:EDXLDistribution xmlns:e='urn:oasis:names:tc:emergency:EDXL:DE:1.0'>%s</e:EDXLDistribution>"),
        ("collection", b"<alerts>%s</alerts>"),
        ("container", b"<e:Envelope xmlns:e='urn:soap'><e:Body>%s</e:Body></e:Envelope>"),
    ],
)
def test_an_alert_is_found_wherever_it_stands(kind, wrap):
    contents = unpack(wrap % ALERT)
    assert contents.kind == kind
    assert [received.alert for received in contents.received] == [make_alert()]


@pytest.mark.parametrize("data", [b"<html/>", b"", b"[", b'{"a":', b"plain words", b"<rss"])
def test_what_holds_no_alerts_is_refused(data):
    with pytest.raises(BadMessage):
        unpack(data)


NINA = {
    "identifier": "mow.DE-BY-A-W083-20200828-001-000",
    "sender": "DE-BY-A-W083",
    "sent": "2020-08-28T11:00:08+02:00",
    "status": "Actual",
    "msgType": "Alert",
    "scope": "Public",
    "code": ["DVN:5"],
    "info": [
        {
            "language": "DE",
            "category": ["Safety"],
            "event": "Gefahrendurchsage",
            "urgency": "Immediate",
            "severity": "Severe",
            "certainty": "Observed",
            "headline": "Probe",
            "description": "Erste Zeile.<br/>&quot;Zweite&quot; Zeile.",
            "area": [{"areaDesc": "Ort", "polygon": ["11.0,48.0 11.5,48.0 11.5,48.5 11.0,48.0 -1.0,-1.0 -1.0,-1.0"]}],
        }
    ],
}


def test_nina_writes_longitude_first_html_and_fillers():
    (received,) = unpack(json.dumps([NINA]).encode()).received
    info = received.alert.infos[0]
    assert info.language == "de"
    assert info.description == 'Erste Zeile.\n"Zweite" Zeile.'
    assert info.areas[0].polygons[0].points[0] == (48.0, 11.0)
    assert len(info.areas[0].polygons[0].points) == 4
    assert cap.check_schema(cap.write(received.alert)) == []


def test_json_of_others_is_read_as_cap_writes_it():
    plain = NINA | {"identifier": "x", "code": []}
    (received,) = unpack(json.dumps({"warnings": [{"alert": plain}]}).encode()).received
    assert "polygon-range" not in {f.rule for f in received.findings}
    assert received.findings
    assert received.findings[0].line == 0


def test_json_without_an_alert_holds_none():
    assert unpack(b'{"title": "no CAP"}').received == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*NINA, "event", "polygon", "areaDesc", "area"]), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read_or_refused_and_nothing_else(document):
    try:
        contents = unpack(json.dumps([document, NINA | {"info": document}]).encode())
    except BadMessage:
        return
    for received in contents.received:
        assert received.value is None or cap.check_schema(cap.write(received.alert)) == []
