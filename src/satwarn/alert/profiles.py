"""Profiles: what a country or a network demands beyond CAP, as sets of rules. None applies unless it is asked for.

A rule takes the alert and yields what is wrong: the path inside the alert, what, and how to mend it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from satwarn.alert.advice import Said, areas, has_markup, infos
from satwarn.alert.alert import Alert, Certainty, Info, MsgType, ResponseType, Severity, Status, Urgency

Demand = Callable[[Alert], Iterable[Said]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named set of rules: what it demands is an error, what it wishes is a warning."""

    name: str
    title: str
    demands: Mapping[str, Demand]
    wishes: Mapping[str, Demand]


_LATER = (MsgType.UPDATE, MsgType.CANCEL)


def _each(test: Callable[[Info], bool], element: str, what: str, fix: str = "") -> Demand:
    """A rule that every info must keep."""

    def rule(alert: Alert) -> Iterator[Said]:
        yield from (Said(f"{path}/{element}", what, fix) for path, info in infos(alert) if not test(info))

    return rule


def _alert(test: Callable[[Alert], bool], element: str, what: str, fix: str = "") -> Demand:
    """A rule on the alert as a whole."""

    def rule(alert: Alert) -> Iterator[Said]:
        if not test(alert):
            yield Said(element, what, fix)

    return rule


def _codes(*codes: str) -> Callable[[Alert], bool]:
    return lambda alert: any(code in alert.codes for code in codes)


def _coded(info: Info, *names: str) -> tuple[str, ...]:
    return tuple(code.value for code in info.event_codes if code.value_name in names)


def _agree(what: Callable[[Info], object]) -> Callable[[Alert], bool]:
    return lambda alert: len({what(info) for info in alert.infos}) <= 1


def _located(name: str, form: str) -> Demand:
    """Every area has a geocode of this name and form."""
    pattern = re.compile(form)

    def rule(alert: Alert) -> Iterator[Said]:
        for path, area in areas(alert):
            codes = [code.value for code in area.geocodes if code.value_name == name]
            if not codes:
                yield Said(f"{path}/geocode", f"no geocode {name}", f"add one of the form {form}")
            yield from (
                Said(f"{path}/geocode", f"{name} {code!r} has not the form {form}")
                for code in codes
                if not pattern.fullmatch(code)
            )

    return rule


def _parameter(name: str, form: str, *, longest: int | None = None, required: bool = False) -> Demand:
    """A parameter has a form and a length, wherever it stands."""
    pattern = re.compile(form, re.DOTALL)

    def rule(alert: Alert) -> Iterator[Said]:
        for path, info in infos(alert):
            values = info.parameter(name)
            if required and not values:
                yield Said(f"{path}/parameter", f"no parameter {name}")
            for value in values:
                if not pattern.fullmatch(value):
                    yield Said(f"{path}/parameter", f"{name} {value!r} has not the form {form}")
                if longest is not None and len(value) > longest:
                    yield Said(f"{path}/parameter", f"{name} has {len(value)} characters, {longest} at most")

    return rule


_LATER_REFERS = _alert(
    lambda alert: alert.msg_type not in _LATER or bool(alert.references),
    "references",
    "an Update or Cancel must refer to every earlier message that has not expired",
)
_INFO = _alert(lambda alert: bool(alert.infos), "info", "there is no info", "say what happens")
_AREA = _each(lambda info: bool(info.areas), "area", "there is no area", "say where")
_EXPIRES = _each(lambda info: info.expires is not None, "expires", "says no end", "add expires")
_SAME_CODES = _alert(
    _agree(lambda i: frozenset((c.value_name, c.value) for c in i.event_codes)),
    "info",
    "the infos have different eventCodes",
)
_SAME_CATEGORIES = _alert(_agree(lambda i: frozenset(i.categories)), "info", "the infos have different categories")
_GSM = r"[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*"


def _few_nodes(limit: int) -> Demand:
    def rule(alert: Alert) -> Iterator[Said]:
        for path, area in areas(alert):
            for number, polygon in enumerate(area.polygons, 1):
                if len(polygon.points) >= limit:
                    yield Said(f"{path}/polygon[{number}]", f"{len(polygon.points)} nodes, fewer than {limit} allowed")

    return rule


IPAWS = Profile(
    name="ipaws",
    title="IPAWS v1.0 (United States)",
    demands={
        "code": _alert(_codes("IPAWSv1.0"), "code", "no code IPAWSv1.0", "add <code>IPAWSv1.0</code>"),
        "info": _INFO,
        "area": _AREA,
        "expires": _EXPIRES,
        "event-code": _each(
            lambda i: len(_coded(i, "SAME")) == 1 and bool(re.fullmatch(r"[A-Z]{3}", _coded(i, "SAME")[0])),
            "eventCode",
            "not exactly one eventCode SAME of three letters",
        ),
        "event-codes-agree": _SAME_CODES,
        "categories-agree": _SAME_CATEGORIES,
        "references": _LATER_REFERS,
        "cmam-text": _parameter("CMAMtext", ".*", longest=90),
        "cmam-long-text": _parameter("CMAMlongtext", _GSM, longest=360),
        "nodes": _few_nodes(100),
    },
    wishes={
        "same-geocode": _located("SAME", r"\d{6}"),
        "block-channel": _parameter("BLOCKCHANNEL", "EAS|NWEM|CMAS|PUBLIC"),
        "utc-offset": _alert(
            lambda alert: bool(alert.sent.utcoffset()),
            "sent",
            "an offset of 0 is odd for a United States alert",
            "use the local offset",
        ),
    },
)


def _both_languages(alert: Alert) -> bool:
    return {"en", "fr"} <= {info.language[:2].lower() for info in alert.infos}


CAP_CP = Profile(
    name="cap-cp",
    title="CAP-CP (Canada)",
    demands={
        "code": _alert(
            _codes("profile:CAP-CP:0.4", "profile:CAP-CP:0.3"),
            "code",
            "no code profile:CAP-CP:0.4",
            "add <code>profile:CAP-CP:0.4</code>",
        ),
        "info": _INFO,
        "area": _AREA,
        "event-code": _each(
            lambda i: bool(_coded(i, "profile:CAP-CP:Event:0.4", "profile:CAP-CP:Event:0.3")),
            "eventCode",
            "no eventCode profile:CAP-CP:Event:0.4",
        ),
        "location": _alert(
            lambda alert: all(
                any(code.value_name.startswith("profile:CAP-CP:Location:") for code in area.geocodes)
                for _, area in areas(alert)
            ),
            "info",
            "an area has no geocode profile:CAP-CP:Location:0.4",
        ),
        "event-codes-agree": _SAME_CODES,
        "references": _LATER_REFERS,
        "broadcast-immediately": _parameter("layer:SOREM:1.0:Broadcast_Immediately", "Yes|No"),
    },
    wishes={
        "languages": _alert(
            _both_languages, "info", "not in both official languages", "one info in en-CA, one in fr-CA"
        )
    },
)
CAP_AU = Profile(
    name="cap-au",
    title="CAP-AU (Australia)",
    demands={
        "code": _alert(
            _codes("urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0"),
            "code",
            "no code of CAP-AU:1.0",
            "add <code>urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0</code>",
        ),
        "info": _INFO,
        "event-code": _each(
            lambda i: (
                len(_coded(i, "https://govshare.gov.au/xmlui/handle/10772/6495", "AUeventLIST")) == 1
                or len(i.event_codes) == 1
            ),
            "eventCode",
            "not exactly one eventCode of the Australian list",
        ),
        "event-codes-agree": _SAME_CODES,
        "cancel-effective": _alert(
            lambda a: a.msg_type is not MsgType.CANCEL or all(i.effective is None for i in a.infos),
            "info",
            "a Cancel has no effective",
        ),
        "references": _LATER_REFERS,
    },
    wishes={
        "sender": _alert(
            lambda a: bool(re.fullmatch(r"[^@]+@[^@]+", a.sender)), "sender", "the sender is no e-mail address"
        ),
        "test": _alert(lambda a: a.status is not Status.TEST, "status", "a Test is logged only"),
    },
)
METEOALARM = Profile(
    name="meteoalarm",
    title="MeteoAlarm (Europe)",
    demands={
        "info": _INFO,
        "level": _parameter(
            "awareness_level", r"[1-4]; ?(green|yellow|orange|red); ?(Minor|Moderate|Severe|Extreme)", required=True
        ),
        "type": _parameter("awareness_type", r"([1-9]|1[0-3]); ?[A-Za-z/ -]+", required=True),
    },
    wishes={"emma": _located("EMMA_ID", r"[A-Z]{2}\w+"), "expires": _EXPIRES},
)
DWD = Profile(
    name="dwd",
    title="DWD (German weather service)",
    demands={
        "identifier": _alert(
            lambda a: a.identifier.startswith("2.49.0.0.276.0.DWD."),
            "identifier",
            "not of the form 2.49.0.0.276.0.DWD...",
        ),
        "sender": _alert(lambda a: a.sender.lower() == "opendata@dwd.de", "sender", "not opendata@dwd.de"),
        "profile": _each(
            lambda i: any(v.startswith("2.") for v in _coded(i, "PROFILE_VERSION")),
            "eventCode",
            "no eventCode PROFILE_VERSION 2.x",
        ),
        "ii": _each(
            lambda i: all(v.isdigit() for v in _coded(i, "II")) and bool(_coded(i, "II")),
            "eventCode",
            "no eventCode II",
        ),
        "group": _each(lambda i: bool(_coded(i, "GROUP")), "eventCode", "no eventCode GROUP"),
    },
    wishes={
        "id": _alert(
            lambda a: any(c.startswith("id:") for c in a.codes), "code", "no code id: that all languages share"
        ),
        "warncell": _located("WARNCELLID", r"\d{9}"),
    },
)
MOWAS = Profile(
    name="mowas",
    title="MoWaS / NINA (Germany)",
    demands={
        "code": _alert(
            lambda a: any(c.startswith("DVN:") for c in a.codes), "code", "no code DVN:", "add <code>DVN:5</code>"
        ),
        "identifier": _alert(
            lambda a: bool(re.fullmatch(r"mow\.DE-[A-Z0-9-]+-\d{8}-\d+-\d{3}", a.identifier)),
            "identifier",
            "not mow.DE-<Land>-...-<date>-<number>-<version>",
        ),
        "info": _INFO,
        "event-code": _each(
            lambda i: any(
                c.value_name.startswith("profile:DE-BBK-EVENTCODE") and re.fullmatch(r"BBK-EVC-\d{3}", c.value)
                for c in i.event_codes
            ),
            "eventCode",
            "no eventCode profile:DE-BBK-EVENTCODE of the form BBK-EVC-###",
        ),
        "regions": _parameter("warnVerwaltungsbereiche", r"\d{12}(,\d{12})*"),
        "instruction-code": _parameter("instructionCode", r"((shortCode:)?BBK-ISC-\d+ ?)+"),
        "references": _LATER_REFERS,
    },
    wishes={
        "sender-name": _parameter("sender_langname", ".+", required=True),
        "all-clear": _alert(
            lambda a: (
                a.msg_type is not MsgType.CANCEL or all(ResponseType.ALL_CLEAR in i.response_types for i in a.infos)
            ),
            "info",
            "a Cancel without responseType AllClear",
        ),
    },
)
WMO = Profile(
    name="wmo",
    title="WMO Register of Alerting Authorities",
    demands={
        "identifier": _alert(
            lambda a: bool(re.fullmatch(r"(urn:oid:)?2\.49\.0\.1\.\d{1,3}\.\d+(\.\S+)?", a.identifier)),
            "identifier",
            "not an OID 2.49.0.1.<country>.<authority>...",
            "arc 1 is a message, arc 0 the publisher",
        ),
        "sender": _alert(
            lambda a: not a.sender.startswith(("2.49.0.1.", "urn:oid:2.49.0.1.")),
            "sender",
            "a message's OID as the sender",
        ),
        "web": _each(lambda i: not i.web or bool(re.match(r"https?://", i.web)), "web", "web is not absolute"),
    },
    wishes={
        "oet": _each(
            lambda i: any(c.value_name.startswith("OET:") for c in i.event_codes), "eventCode", "no eventCode OET:v1.x"
        ),
        "expires": _EXPIRES,
    },
)


def _times_in_order(info: Info) -> bool:
    return info.effective is None or info.expires is None or info.effective <= info.expires


def _has_shape(alert: Alert) -> bool:
    return all(area.is_somewhere for _, area in areas(alert))


def _unknowns(info: Info) -> bool:
    return Urgency.UNKNOWN is info.urgency or Severity.UNKNOWN is info.severity or Certainty.UNKNOWN is info.certainty


GOOGLE = Profile(
    name="google",
    title="Google Public Alerts",
    demands={
        "info": _INFO,
        "area": _AREA,
        "shape": _alert(_has_shape, "info", "an area is described only in words", "add a circle, polygon or geocode"),
        "description": _each(lambda i: bool(i.description), "description", "there is no description"),
        "web": _each(lambda i: bool(i.web), "web", "there is no web"),
        "expires": _EXPIRES,
        "effective": _each(_times_in_order, "expires", "expires before it is effective"),
        "markup": _each(
            lambda i: not has_markup(i.description + i.instruction + i.headline), "description", "holds HTML"
        ),
        "headline": _each(lambda i: len(i.headline) < 140, "headline", "140 characters or more"),
        "references": _LATER_REFERS,
    },
    wishes={
        "instruction": _each(lambda i: bool(i.instruction), "instruction", "there is no instruction"),
        "contact": _each(lambda i: bool(i.contact), "contact", "there is no contact"),
        "texts-differ": _each(
            lambda i: (
                len({i.headline, i.description, i.instruction} - {""})
                == sum(bool(t) for t in (i.headline, i.description, i.instruction))
            ),
            "description",
            "headline, description and instruction say the same",
        ),
        "unknown": _each(lambda i: not _unknowns(i), "severity", "Unknown says nothing"),
        "test": _alert(lambda a: a.status is not Status.TEST, "status", "a Test is not shown"),
    },
)
PROFILES: Mapping[str, Profile] = {
    profile.name: profile for profile in (IPAWS, CAP_CP, CAP_AU, METEOALARM, DWD, MOWAS, WMO, GOOGLE)
}
