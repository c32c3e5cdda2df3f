"""From a frame that was heard to a CAP alert: what the codes say, where it came from, and never more than that.

A test frame always becomes status Test. A frame is not signed and has no identity of its own: the alert is known by the
receiver's name, the payload, and the moment the payload was first heard.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

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
from satwarn.alert.chain import ENDING, Ending
from satwarn.alert.purpose import FRAME_PARAMETER
from satwarn.area import gazetteer
from satwarn.area.shape import Ellipse as Shape
from satwarn.area.shape import Polygon
from satwarn.errors import BadArea, BadFrame
from satwarn.frame.camf import Ellipse, MessageType
from satwarn.frame.codec import decode
from satwarn.frame.codes import index, name_of, table
from satwarn.frame.compose_ellipse import outline
from satwarn.frame.compose_hazard import OWN
from satwarn.frame.dcr import CANCELLATION, DcReport
from satwarn.frame.dcx import Extended, JAlert, LAlert, LocalGovernment
from satwarn.frame.l1s import payload_of
from satwarn.frame.report import Report

HEARD = "satwarn:heard"
"""The code of an alert that was made from a frame."""
SEVERITY = {0: Severity.UNKNOWN, 1: Severity.MODERATE, 2: Severity.SEVERE, 3: Severity.EXTREME}
DURATION_H = {1: 6, 2: 12, 3: 24}
_GEO = {
    "earthquake_early_warning", "hypocentre", "seismic_intensity", "nankai_trough", "tsunami",
    "northwest_pacific_tsunami", "volcano", "ash_fall",
}  # fmt: skip

Words = Mapping[str, tuple[str, ...]]
"""What people are told, line by line, by language."""


def heard(
    frame: bytes, *, sender: str, began: datetime, earlier: Alert | None = None, words: Words | None = None
) -> Alert:
    """The CAP alert of one episode: a payload first heard at `began` (aware) by the receiver `sender`.

    `earlier` is the alert that an update or all-clear is about, where the receiver knows it; without it such a frame
    becomes an Alert that says what it is. `words` are the sentences of each language, first one the headline.
    Raises BadFrame for a frame without a message for people.
    """
    report = decode(frame, received=began)
    if isinstance(report, Extended):
        status, ends, info = _status(report.message), report.message is MessageType.ALL_CLEAR, _extended(report, began)
        updates = report.message is MessageType.UPDATE
    elif isinstance(report, DcReport):
        status = Status.TEST if report.is_test else Status.ACTUAL
        ends, info = report.information_type == CANCELLATION, _jma(report, began)
        updates = False
    else:
        raise BadFrame(f"a frame of kind {report.kind} says nothing to people", where="message type")
    kind = MsgType.CANCEL if ends and earlier else MsgType.UPDATE if updates and earlier else MsgType.ALERT
    return Alert(
        identifier=_identifier(frame, began),
        sender=sender,
        sent=began.replace(microsecond=0),
        status=status,
        msg_type=kind,
        scope=Scope.PUBLIC,
        source="QZSS L1S",
        codes=(HEARD,),
        note="Made from a satellite frame, which nobody has signed.",
        references=_reference(earlier) if kind is not MsgType.ALERT and earlier else (),
        infos=_infos(info, _provenance(frame, report, ends), words),
    )


def _status(message: MessageType) -> Status:
    return Status.TEST if message is MessageType.TEST else Status.ACTUAL


def _identifier(frame: bytes, began: datetime) -> str:
    digest = hashlib.sha256(payload_of(frame).encode()).hexdigest()[:16]
    return f"l1s-{began:%Y%m%dT%H%M%S}-{digest}"


def _reference(earlier: Alert) -> tuple[Reference, ...]:
    return (Reference(sender=earlier.sender, identifier=earlier.identifier, sent=earlier.sent),)


def _provenance(frame: bytes, report: Report, ends: bool) -> tuple[Named, ...]:
    said = [("satwarn:path", "gnss"), ("satwarn:carrier", report.kind), (FRAME_PARAMETER, payload_of(frame))]
    if ends:
        said.append((ENDING, Ending.ALL_CLEAR.value))
    return tuple(Named(value_name=name, value=value) for name, value in said)


def _infos(info: Info, provenance: tuple[Named, ...], words: Words | None) -> tuple[Info, ...]:
    """One info a language, alike in everything but its words."""
    made = []
    for language, lines in (words or {"en": ()}).items():
        said = {field: getattr(info, field) for field in info.__dataclass_fields__}
        said["language"], said["parameters"] = language, (*info.parameters, *provenance)
        if lines:
            said["headline"], said["description"] = lines[0], "\n".join(lines[1:])
        made.append(Info(**said))
    return tuple(made)


def _extended(report: Extended, began: datetime) -> Info:
    row = index("cap_hazard").get(str(report.hazard))
    categories = tuple(map(Category, row.more["category"].split())) if row else (Category.OTHER,)
    start = report.onset or began.replace(second=0, microsecond=0)
    hours = DURATION_H.get(report.duration)
    return Info(
        categories=categories,
        event=name_of("hazard", report.hazard) or "unknown hazard" if report.hazard else "hazard not said",
        response_types=_responses(report),
        urgency=Urgency.IMMEDIATE if start <= began else Urgency.EXPECTED,
        severity=SEVERITY[report.severity],
        certainty=Certainty.UNKNOWN,
        event_codes=(Named(value_name=OWN, value=str(report.hazard)),),
        onset=start,
        expires=start + timedelta(hours=hours) if hours else None,
        parameters=(Named(value_name="satwarn:instruction", value=f"{report.library_type}:{report.instruction}"),),
        areas=areas_of(report),
    )


def _responses(report: Extended) -> tuple[ResponseType, ...]:
    if report.message is MessageType.ALL_CLEAR:
        return (ResponseType.ALL_CLEAR,)
    services = {0: "outside-japan"}.get(report.library_type, "j-alert" if isinstance(report, JAlert) else "l-alert")
    said = next(
        (
            row.more["responses"].split()[0]
            for row in table("cap_instruction")
            if int(row.code) == report.instruction and report.instruction and services in row.more["services"].split()
        ),
        "",
    )
    return (ResponseType(said),) if said and said != "test" else ()


def areas_of(report: Extended) -> tuple[Area, ...]:
    """Every area a frame names: all of them count, because a careful receiver keeps them all."""
    found: list[Area] = []
    if isinstance(report, JAlert):
        found += [_coded("JISX0401", f"{number:02}") for number in report.prefectures]
        found += [_coded("JISX0402", code) for code in report.municipalities]
    if isinstance(report, LAlert | LocalGovernment) and report.municipality:
        prefecture = report.municipality.endswith("000")
        code = report.municipality[:2] if prefecture else report.municipality
        found.append(_coded("JISX0401" if prefecture else "JISX0402", code))
    if report.area is not None:
        found.append(Area(description="ellipse of the frame", polygons=(_drawn(report.area),)))
    return tuple(found)


def _coded(scheme: str, code: str) -> Area:
    try:
        name = gazetteer.place(code).name("en", "ja")
    except BadArea:
        name = f"code {code}, which nobody bears"
    return Area(description=name, geocodes=(Named(value_name=scheme, value=code),))


def _drawn(ellipse: Ellipse) -> Polygon:
    """A polygon around an ellipse; CAP has none of its own."""
    longer = ellipse.semi_major_km >= ellipse.semi_minor_km
    return outline(
        Shape(
            latitude_deg=ellipse.latitude_deg,
            longitude_deg=(ellipse.longitude_deg + 180) % 360 - 180,
            semi_major_km=max(ellipse.semi_major_km, ellipse.semi_minor_km),
            semi_minor_km=min(ellipse.semi_major_km, ellipse.semi_minor_km),
            azimuth_deg=ellipse.azimuth_deg if longer else ellipse.azimuth_deg + 90,
        )
    )


def _jma(report: DcReport, began: datetime) -> Info:
    """JMA's reports have no CAMF codes; what they say is in the words, and the alert says which report it is."""
    return Info(
        categories=(Category.GEO if report.kind in _GEO else Category.MET,),
        event=report.kind.replace("_", " "),
        urgency=Urgency.UNKNOWN,
        severity=Severity.UNKNOWN,
        certainty=Certainty.UNKNOWN,
        onset=began.replace(microsecond=0),
    )
