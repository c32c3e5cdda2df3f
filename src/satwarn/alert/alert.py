"""One CAP message as values: what was said, by whom, about which place. If you hold one, section 3 of CAP 1.2 holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NoReturn

from satwarn.area.shape import Circle, Polygon
from satwarn.errors import BadAlert


class Status(StrEnum):
    """How the message is to be handled; only Actual is shown as real."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    """What the message does to the ones before it."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """Who may see it."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    """What kind of event it is."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class ResponseType(StrEnum):
    """What people should do."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Urgency(StrEnum):
    """How soon people should act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """How bad it may be; Unknown is not low."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure the sender is."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


Key = tuple[str, str, datetime]
"""What a message is known by: (sender, identifier, sent). Never by its identifier alone."""

_NAME = re.compile(r"[^\s,<&]+")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_RELATIVE = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:)")


def _refuse(element: str, what: str, fix: str = "") -> NoReturn:
    raise BadAlert(what, where=element, fix=fix)


def _name(element: str, value: str) -> None:
    if not _NAME.fullmatch(value):
        _refuse(element, f"{value!r} must be one word without space, comma, < or &")


def _moment(element: str, value: datetime | None) -> None:
    if value is None:
        return
    offset = value.utcoffset()
    if offset is None:
        _refuse(element, "needs an offset from UTC", "an aware datetime")
    elif value.microsecond or offset % timedelta(minutes=1):
        _refuse(
            element, f"{value.isoformat()} must be whole seconds, its offset whole minutes", "replace(microsecond=0)"
        )


def _text(element: str, value: str) -> None:
    if not value.strip():
        _refuse(element, "must not be empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A value of a named list: parameter, eventCode or geocode."""

    value_name: str
    value: str

    def __post_init__(self) -> None:
        _text("valueName", self.value_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An earlier message, by what it is known by (CAP 1.2, 3.2.1 references)."""

    sender: str
    identifier: str
    sent: datetime

    def __post_init__(self) -> None:
        _name("references", self.sender)
        _name("references", self.identifier)
        _moment("references", self.sent)

    @property
    def key(self) -> Key:
        return self.sender, self.identifier, self.sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file beside the text. `deref_uri` is its content as base64, for paths on which nothing can be fetched."""

    description: str
    mime_type: str
    size_bytes: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""

    def __post_init__(self) -> None:
        _text("resourceDesc", self.description)
        _text("mimeType", self.mime_type)
        if self.uri and not self.deref_uri and _RELATIVE.match(self.uri):
            _refuse("uri", f"{self.uri!r} is relative, but no derefUri carries the file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where: the union of all polygons, circles and geocodes. Heights are feet above the WGS 84 mean sea level."""

    description: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude_ft: float | None = None
    ceiling_ft: float | None = None

    def __post_init__(self) -> None:
        _text("areaDesc", self.description)
        if any(polygon.holes for polygon in self.polygons):
            _refuse("polygon", "CAP has no holes", "cut the ring open, or give the pieces as rings of their own")
        if self.ceiling_ft is not None and self.altitude_ft is None:
            _refuse("ceiling", "has a meaning only beside an altitude")

    @property
    def is_somewhere(self) -> bool:
        """Whether anything but words says where."""
        return bool(self.polygons or self.circles or self.geocodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is said, in one language."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = "en-US"
    response_types: tuple[ResponseType, ...] = ()
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()

    def __post_init__(self) -> None:
        if not self.categories:
            _refuse("category", "at least one is needed")
        _text("event", self.event)
        if not _LANGUAGE.fullmatch(self.language):
            _refuse("language", f"{self.language!r} is no language tag", "for example ja, en-US, de-DE")
        _moment("effective", self.effective)
        _moment("onset", self.onset)
        _moment("expires", self.expires)

    def parameter(self, value_name: str) -> tuple[str, ...]:
        """The values of one parameter, in their order."""
        return tuple(p.value for p in self.parameters if p.value_name == value_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One CAP 1.2 message. Times are aware, whole seconds; making a wrong one raises BadAlert naming the element."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    scope: Scope
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    def __post_init__(self) -> None:
        _name("identifier", self.identifier)
        _name("sender", self.sender)
        _moment("sent", self.sent)
        if self.scope is Scope.RESTRICTED and not self.restriction:
            _refuse("restriction", "scope Restricted must say the restriction")
        if self.scope is Scope.PRIVATE and not self.addresses:
            _refuse("addresses", "scope Private must say to whom")
        if self.msg_type is not MsgType.ALERT and not self.references:
            _refuse("references", f"an {self.msg_type} must name the messages it is about")
        if any(reference.key == self.key for reference in self.references):
            _refuse("references", "a message cannot refer to itself")

    @property
    def key(self) -> Key:
        """(sender, identifier, sent): what this message is known by."""
        return self.sender, self.identifier, self.sent

    def parameters(self, value_name: str) -> tuple[str, ...]:
        """The values of a parameter that every info must agree on; raises BadAlert if they do not."""
        said = {info.parameter(value_name) for info in self.infos}
        if len(said) > 1:
            _refuse("parameter", f"the infos disagree on {value_name}", "give every language the same values")
        return said.pop() if said else ()

    def geocodes(self, value_name: str) -> tuple[str, ...]:
        """The codes of one gazetteer over all infos and areas, each once, in the order they come."""
        return _once(
            code.value
            for info in self.infos
            for area in info.areas
            for code in area.geocodes
            if code.value_name == value_name
        )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
