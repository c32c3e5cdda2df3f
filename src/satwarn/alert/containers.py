"""What alerts come in: a file of one, Atom, RSS, EDXL-DE, a list, or JSON as NINA (BBK) and MeteoAlarm write it."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from satwarn.alert import element as table
from satwarn.alert.cap import Received, Where, read_element
from satwarn.alert.element import Composite, Version
from satwarn.alert.reading import MAX_BYTES, MAX_TAGS, bounded, parse, version_of
from satwarn.errors import BadMessage

KINDS = {
    "feed": "atom",
    "entry": "atom",
    "rss": "rss",
    "rdf": "rss",
    "edxldistribution": "edxl-de",
    "alerts": "collection",
}
"""What the root of a container is called, in small letters; anything else holds alerts only if one is found in it."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_FILLER = "-1.0,-1.0"

MAX_ALERTS = 3_000
"""In one XML container; finding the place of each costs time by the square of their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What stood in some bytes: the kind of container, and the messages in it, in their order."""

    kind: str
    received: tuple[Received, ...]


def unpack(data: bytes) -> Contents:
    """Every alert in the bytes; raises BadMessage for what is no container of alerts that we know."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _unpack_json(data)
    root = parse(data)
    version = version_of(root)
    if version is not None:
        return Contents(kind="alert", received=(read_element(root, version, data),))
    name = etree.QName(root).localname
    inside = (at for version in Version for at in root.iter(f"{{{version.namespace}}}alert"))
    found = [(at, version_of(at)) for at in inside]
    if not found and name.lower() not in KINDS:
        raise BadMessage(f"the root is {name}: no CAP alert and nothing that holds one", where="line 1")
    if len(found) > MAX_ALERTS:
        raise BadMessage(f"{len(found):,} alerts, {MAX_ALERTS:,} at most", fix="send fewer alerts at a time")
    where = Where(root, data)
    received = tuple(read_element(at, version, data, where=where) for at, version in found if version is not None)
    return Contents(kind=KINDS.get(name.lower(), "container"), received=received)


def _unpack_json(data: bytes) -> Contents:
    if len(data) > MAX_BYTES:
        raise BadMessage(f"{len(data):,} bytes, {MAX_BYTES:,} at most")
    bounded(data, {b"{": MAX_TAGS, b"[": MAX_TAGS})
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadMessage(f"not well-formed JSON: {error}") from None
    elements = [_element(alert) for alert in _alerts(document)]
    return Contents(kind="json", received=tuple(read_element(at, Version.V1_2, data) for at in elements))


def _alerts(document: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """Every object that has what only a CAP alert has, wherever it stands."""
    if depth > 20:
        return
    if isinstance(document, dict):
        if "identifier" in document and "msgType" in document:
            yield document
            return
        document = list(document.values())
    if isinstance(document, list):
        for inside in document:
            yield from _alerts(inside, depth + 1)


def _element(alert: dict[str, object]) -> "etree._Element":
    root = etree.Element(f"{{{Version.V1_2.namespace}}}alert")
    _fill(root, table.ALERT, alert, of_bbk=_is_of_bbk(alert))
    return root


def _is_of_bbk(alert: dict[str, object]) -> bool:
    """BBK's JSON has HTML in its texts and writes longitude before latitude."""
    code = alert.get("code")
    codes = code if isinstance(code, list) else [code]
    return any(str(one).startswith("DVN:") for one in codes) or str(alert.get("identifier")).startswith("mow.")


def _fill(parent: "etree._Element", kind: Composite, given: dict[str, object], *, of_bbk: bool) -> None:
    for row in kind.rows:
        value = given.get(row.name)
        if value is None or value == "":
            continue
        for one in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, f"{{{Version.V1_2.namespace}}}{row.name}")
            if isinstance(row.kind, Composite):
                _fill(child, row.kind, one if isinstance(one, dict) else {}, of_bbk=of_bbk)
            else:
                child.text = _legal(_of_bbk(row.name, str(one)) if of_bbk else str(one))


def _of_bbk(name: str, text: str) -> str:
    if name == "polygon":
        pairs = [pair.partition(",") for pair in text.split() if pair != _FILLER]
        return " ".join(f"{lat},{lon}" for lon, _, lat in pairs)
    if name == "language":
        return text.lower()
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def _legal(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe"))
