"""An alert that may not be made is not made, and the error names the element."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alert_making import NOON, SENDER, make_alert, make_info
from satwarn.alert.alert import Area, MsgType, Named, Reference, Resource, Scope
from satwarn.area.shape import Polygon
from satwarn.errors import BadAlert

RING = ((35.0, 133.0), (35.5, 133.0), (35.5, 134.0), (35.0, 133.0))


@pytest.mark.parametrize(
    ("element", "change"),
    [
        ("identifier", {"identifier": ""}),
        ("identifier", {"identifier": "two words"}),
        ("identifier", {"identifier": "a,b"}),
        ("sender", {"sender": "a&b"}),
        ("sender", {"sender": "a<b"}),
        ("sent", {"sent": datetime(2017, 8, 18, 2, 0)}),  # noqa: DTZ001 - the naive time is the case
        ("sent", {"sent": NOON.replace(microsecond=1)}),
        ("restriction", {"scope": Scope.RESTRICTED}),
        ("addresses", {"scope": Scope.PRIVATE, "addresses": ()}),
        ("references", {"msg_type": MsgType.UPDATE}),
        ("references", {"msg_type": MsgType.CANCEL}),
        ("references", {"msg_type": MsgType.ACK}),
        ("references", {"msg_type": MsgType.ERROR}),
        (
            "references",
            {"references": (Reference(sender=SENDER, identifier="satwarn-2017-08-18-1", sent=NOON),)},
        ),
    ],
)
def test_a_wrong_alert_is_refused_by_the_name_of_its_element(element, change):
    with pytest.raises(BadAlert) as refused:
        make_alert(**change)
    assert refused.value.where == element


@pytest.mark.parametrize(
    ("element", "make"),
    [
        ("category", lambda: make_info(categories=())),
        ("event", lambda: make_info(event=" ")),
        ("language", lambda: make_info(language="not a language")),
        ("expires", lambda: make_info(expires=datetime(2017, 8, 18))),  # noqa: DTZ001 - the naive time is the case
        ("onset", lambda: make_info(onset=NOON.replace(microsecond=5))),
        ("areaDesc", lambda: Area(description="")),
        ("ceiling", lambda: Area(description="here", ceiling_ft=100.0)),
        ("polygon", lambda: Area(description="here", polygons=(Polygon(points=RING, holes=(RING,)),))),
        ("valueName", lambda: Named(value_name="", value="x")),
        ("mimeType", lambda: Resource(description="a", mime_type="")),
        ("uri", lambda: Resource(description="a", mime_type="image/png", uri="a.png")),
        ("references", lambda: Reference(sender="a b", identifier="c", sent=NOON)),
    ],
)
def test_its_parts_are_refused_too(element, make):
    with pytest.raises(BadAlert) as refused:
        make()
    assert refused.value.where == element


def test_the_same_identifier_sent_later_is_another_message():
    first = make_alert()
    later = make_alert(sent=NOON + timedelta(seconds=1), references=(Reference(**_names(first)),))
    assert later.key != first.key
    assert later.references[0].key == first.key


def _names(alert):
    return {"sender": alert.sender, "identifier": alert.identifier, "sent": alert.sent}


def test_parameters_must_agree_over_the_languages():
    agreed = make_alert()
    assert agreed.parameters("satwarn:frame") == ("53B0",)
    assert agreed.parameters("nothing of the kind") == ()
    one = replace(agreed.infos[0], parameters=(Named(value_name="satwarn:frame", value="9A"),))
    with pytest.raises(BadAlert, match="disagree on satwarn:frame"):
        make_alert(infos=(one, agreed.infos[1])).parameters("satwarn:frame")


def test_geocodes_are_the_union_in_order():
    codes = [Area(description=c, geocodes=(Named(value_name="JISX0401", value=c),)) for c in ("32", "31", "32")]
    alert = make_alert(infos=(make_info(areas=tuple(codes)), make_info("ja", areas=(codes[1],))))
    assert alert.geocodes("JISX0401") == ("32", "31")
    assert alert.geocodes("SAME") == ()
