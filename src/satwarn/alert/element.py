"""The elements of CAP in schema order, once: reading, writing and our own schema all come from these tables.

Facts: OASIS CAP 1.2, section 3.2, and what was different in 1.1 and 1.0. A row is
(name in CAP, attribute of our value, how often, kind, exceptions in older versions).
How often: "1" one, "?" at most one, "*" any number, "+" one or more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from satwarn.alert import alert, scalar
from satwarn.alert.finding import Odd


class Version(StrEnum):
    """The versions of CAP we read; we write 1.2 only."""

    V1_0 = "1.0"
    V1_1 = "1.1"
    V1_2 = "1.2"

    @property
    def namespace(self) -> str:
        return NAMESPACE[self]


NAMESPACE = {
    Version.V1_0: "http://www.incident.com/cap/1.0",
    Version.V1_1: "urn:oasis:names:tc:emergency:cap:1.1",
    Version.V1_2: "urn:oasis:names:tc:emergency:cap:1.2",
}
VERSION = {namespace: version for version, namespace in NAMESPACE.items()}


Reader = Callable[[str], object]
"""Text to value, or Odd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a text and a value turn into one another, and the type in the schema."""

    read: Reader | None = None
    """None: the text is the value."""
    write: Callable[[Any], str] = str
    schema: str = "xs:string"
    words: tuple[str, ...] = ()
    default: str = ""
    """What the schema takes an empty element for."""
    moment: bool = False
    whole: bool = False
    """Whether one element holds the whole tuple (references, addresses, incidents)."""


@dataclass(frozen=True, kw_only=True)
class Composite:
    """An element made of elements: its rows, and the value they make."""

    name: str
    make: type
    rows: "tuple[Element, ...]"

    @cached_property
    def required(self) -> "tuple[Element, ...]":
        return tuple(row for row in self.rows if row.occurs in "1+")

    @cached_property
    def lists(self) -> tuple[str, ...]:
        return tuple(row.attribute for row in self.rows if row.many)


@dataclass(frozen=True, slots=True)
class Element:
    """One row: an element, how often it may stand, and which attribute of the value it is."""

    name: str
    attribute: str
    occurs: str
    kind: Kind | Composite
    otherwise: object = None
    """What a lenient reader assumes where a required element is absent or unreadable; None: the message is refused."""
    since: Version = Version.V1_0
    until: Version = Version.V1_2
    occurred: Mapping[Version, str] = field(default_factory=dict)
    was: Mapping[Version, Kind] = field(default_factory=dict)
    many: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "many", self.occurs in "*+")

    def stood_in(self, version: Version) -> bool:
        return self.since <= version <= self.until

    def occurs_in(self, version: Version) -> str:
        return self.occurred.get(version, self.occurs)

    def kind_in(self, version: Version) -> Kind | Composite:
        return self.was.get(version, self.kind)


def _words(words: type[StrEnum], *, without: tuple[str, ...] = (), older: Mapping[str, str] | None = None) -> Kind:
    """An enumeration. The schema lacks the words a version did not know; reading takes all, old ones with a note."""
    members = {word.value: word for word in words}
    loose = {name.lower(): word for name, word in members.items()} | {
        o.lower(): words(n) for o, n in (older or {}).items()
    }

    def read(text: str) -> object:
        if (word := members.get(text)) is not None:
            return word
        fix = "one of " + ", ".join(members)
        return Odd("enumeration", f"{text!r} is not a word of CAP 1.2", loose.get(text.lower()), fix)

    return Kind(read=read, schema="", words=tuple(word for word in (*members, *(older or ())) if word not in without))


TEXT = Kind()
ANYTHING = Kind(read=str)
"""A text that may be empty."""
NAME = Kind(read=scalar.read_name)
MOMENT = Kind(read=scalar.read_moment, write=scalar.write_moment, schema="", moment=True)
OLD_MOMENT = Kind(read=scalar.read_moment, schema="xs:dateTime")
LANGUAGE = Kind(schema="xs:language", default="en-US")
URI = Kind(schema="xs:anyURI")
INTEGER = Kind(read=scalar.read_integer, schema="xs:integer")
DECIMAL = Kind(read=scalar.read_decimal, write=scalar.write_decimal, schema="xs:decimal")
POLYGON = Kind(read=scalar.read_polygon, write=scalar.write_polygon)
CIRCLE = Kind(read=scalar.read_circle, write=scalar.write_circle)
ITEMS = Kind(read=scalar.read_items, write=scalar.write_items, whole=True)
REFERENCES = Kind(read=scalar.read_references, write=scalar.write_references, whole=True)

V1_0, V1_1, V1_2 = Version
_OPTIONAL_BEFORE_1_1 = {V1_0: "?"}
_OPTIONAL_BEFORE_1_2 = {V1_0: "?", V1_1: "?"}
_TEXT_BEFORE_1_1 = {V1_0: TEXT}
_TEXT_BEFORE_1_2 = {V1_0: TEXT, V1_1: TEXT}
_PLAIN_DATE = {V1_0: OLD_MOMENT, V1_1: OLD_MOMENT}
_VERY_LIKELY = {"Very Likely": "Likely"}
UNNAMED = "unnamed"
_ANY_FILE = "application/octet-stream"


NAMED = Composite(
    name="named",
    make=alert.Named,
    rows=(
        Element("valueName", "value_name", "1", TEXT, otherwise=UNNAMED),
        Element("value", "value", "1", ANYTHING, otherwise=""),
    ),
)
RESOURCE = Composite(
    name="resource",
    make=alert.Resource,
    rows=(
        Element("resourceDesc", "description", "1", TEXT, otherwise=UNNAMED),
        Element(
            "mimeType", "mime_type", "1", TEXT, otherwise="application/octet-stream", occurred={V1_0: "?", V1_1: "?"}
        ),
        Element("size", "size_bytes", "?", INTEGER),
        Element("uri", "uri", "?", URI),
        Element("derefUri", "deref_uri", "?", TEXT, since=V1_1),
        Element("digest", "digest", "?", TEXT),
    ),
)
AREA = Composite(
    name="area",
    make=alert.Area,
    rows=(
        Element("areaDesc", "description", "1", TEXT, otherwise=UNNAMED),
        Element("polygon", "polygons", "*", POLYGON),
        Element("circle", "circles", "*", CIRCLE),
        Element("geocode", "geocodes", "*", NAMED, was=_TEXT_BEFORE_1_1),
        Element("altitude", "altitude_ft", "?", DECIMAL, was=_TEXT_BEFORE_1_2),
        Element("ceiling", "ceiling_ft", "?", DECIMAL, was=_TEXT_BEFORE_1_2),
    ),
)
INFO = Composite(
    name="info",
    make=alert.Info,
    rows=(
        Element("language", "language", "?", LANGUAGE),
        Element(
            "category",
            "categories",
            "+",
            _words(alert.Category),
            otherwise=alert.Category.OTHER,
            occurred={V1_0: "*"},
            was={V1_0: _words(alert.Category, without=("CBRNE",))},
        ),
        Element("event", "event", "1", TEXT, otherwise=UNNAMED),
        Element(
            "responseType",
            "response_types",
            "*",
            _words(alert.ResponseType),
            since=V1_1,
            was={V1_1: _words(alert.ResponseType, without=("Avoid", "AllClear"))},
        ),
        Element("urgency", "urgency", "1", _words(alert.Urgency), otherwise=alert.Urgency.UNKNOWN),
        Element("severity", "severity", "1", _words(alert.Severity), otherwise=alert.Severity.UNKNOWN),
        Element(
            "certainty",
            "certainty",
            "1",
            _words(alert.Certainty, without=tuple(_VERY_LIKELY), older=_VERY_LIKELY),
            otherwise=alert.Certainty.UNKNOWN,
            was={V1_0: _words(alert.Certainty, without=("Observed",), older=_VERY_LIKELY)},
        ),
        Element("audience", "audience", "?", TEXT),
        Element("eventCode", "event_codes", "*", NAMED, was=_TEXT_BEFORE_1_1),
        Element("effective", "effective", "?", MOMENT, was=_PLAIN_DATE),
        Element("onset", "onset", "?", MOMENT, was=_PLAIN_DATE),
        Element("expires", "expires", "?", MOMENT, was=_PLAIN_DATE),
        Element("senderName", "sender_name", "?", TEXT),
        Element("headline", "headline", "?", TEXT),
        Element("description", "description", "?", TEXT),
        Element("instruction", "instruction", "?", TEXT),
        Element("web", "web", "?", URI),
        Element("contact", "contact", "?", TEXT),
        Element("parameter", "parameters", "*", NAMED, was=_TEXT_BEFORE_1_1),
        Element("resource", "resources", "*", RESOURCE),
        Element("area", "areas", "*", AREA),
    ),
)
ALERT = Composite(
    name="alert",
    make=alert.Alert,
    rows=(
        Element("identifier", "identifier", "1", NAME),
        Element("sender", "sender", "1", NAME),
        Element("sent", "sent", "1", MOMENT, was=_PLAIN_DATE),
        Element("status", "status", "1", _words(alert.Status), was={V1_0: _words(alert.Status, without=("Draft",))}),
        Element("msgType", "msg_type", "1", _words(alert.MsgType)),
        Element("password", "", "?", TEXT, until=V1_0),
        Element("source", "source", "?", TEXT),
        Element("scope", "scope", "1", _words(alert.Scope), occurred=_OPTIONAL_BEFORE_1_1),
        Element("restriction", "restriction", "?", TEXT),
        Element("addresses", "addresses", "?", ITEMS),
        Element("code", "codes", "*", TEXT),
        Element("note", "note", "?", TEXT),
        Element("references", "references", "?", REFERENCES),
        Element("incidents", "incidents", "?", ITEMS),
        Element("info", "infos", "*", INFO),
    ),
)
