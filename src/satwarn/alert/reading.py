"""Bytes become a tree, and the tree becomes values in one pass: leniently, and saying what was odd."""

from typing import NamedTuple, cast

from lxml import etree

from satwarn.alert import element as table
from satwarn.alert.alert import Named
from satwarn.alert.element import Composite, Element, Kind, Reader, Version
from satwarn.alert.finding import Odd
from satwarn.alert.rules import RULES, Given
from satwarn.alert.schema import DSIG
from satwarn.errors import BadAlert, BadMessage

MAX_BYTES = 8 * 1024 * 1024
"""No real message is half as large; a larger one is refused before it is parsed."""

MAX_TAGS, MAX_EQUAL_SIGNS = 60_000, 30_000
"""Bounds of what a tree costs, counted before it is built: an element of four bytes takes a kilobyte of memory."""

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, strip_cdata=True
)


class HasDoctype(BadMessage):
    """A document type declaration: the door to entities and to files that are not ours."""


def parse(data: bytes) -> "etree._Element":
    """The root of a well-formed document of bearable size without DOCTYPE; raises BadMessage."""
    if len(data) > MAX_BYTES:
        raise BadMessage(f"{len(data):,} bytes, {MAX_BYTES:,} at most")
    if _declares_doctype(data):
        raise HasDoctype(
            "a DOCTYPE is refused", where="line 1", fix="send the alert without a document type declaration"
        )
    bounded(data, {b"<": MAX_TAGS, b"=": MAX_EQUAL_SIGNS})
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise BadMessage(f"not well-formed XML: {getattr(error, 'msg', error)}", where=f"line {line}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise HasDoctype("a DOCTYPE is refused", fix="send the alert without a document type declaration")
    return root


def bounded(data: bytes, marks: dict[bytes, int]) -> None:
    """Raises BadMessage if one of the marks stands more often in the bytes than given."""
    for mark, most in marks.items():
        if (count := data.count(mark)) > most:
            raise BadMessage(f"{count:,} times {mark.decode()}, {most:,} at most", fix="send fewer alerts at a time")


def _declares_doctype(data: bytes) -> bool:
    """Whether a DOCTYPE stands before the root; one pass over the prolog, whatever it holds."""
    head = data.decode("utf-16", "replace").encode() if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
    at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while at >= 0:
        while head[at : at + 1].isspace():
            at += 1
        if head.startswith(b"<?", at):
            at = _after(head, b"?>", at)
        elif head.startswith(b"<!--", at):
            at = _after(head, b"-->", at)
        else:
            return head.startswith(b"<!DOCTYPE", at)
    return False


def _after(data: bytes, mark: bytes, start: int) -> int:
    end = data.find(mark, start)
    return end + len(mark) if end >= 0 else -1


Odds = list[tuple["etree._Element", Odd]]
"""What was odd, element by element."""


class Row(NamedTuple):
    """A row of the table made ready for one namespace."""

    at: int
    row: Element
    read: Reader | None
    inside: "Rows | None"


Rows = dict[str, Row]


def _rows(kind: Composite, namespace: str) -> Rows:
    ready: Rows = {}
    for at, row in enumerate(kind.rows):
        if isinstance(row.kind, Kind):
            ready[f"{{{namespace}}}{row.name}"] = Row(at, row, row.kind.read, None)
        else:
            ready[f"{{{namespace}}}{row.name}"] = Row(at, row, None, _rows(row.kind, namespace))
    return ready


_ROWS = {version: _rows(table.ALERT, version.namespace) for version in Version}


def version_of(root: "etree._Element") -> Version | None:
    """The version of CAP an `alert` element is in; None if it is no alert."""
    namespace, _, name = str(root.tag).removeprefix("{").rpartition("}")
    return table.VERSION.get(namespace) if name == "alert" else None


class Unreadable(Exception):
    """Nothing may be assumed for what is absent or unreadable here."""

    def __init__(self, element: "etree._Element", what: str) -> None:
        super().__init__(what)
        self.element, self.what = element, what


def build(root: "etree._Element", version: Version, odds: Odds) -> object:
    """The value of an alert element; what was odd is added to the odds. Raises Unreadable."""
    return _build(root, table.ALERT, _ROWS[version], odds)


def _build(parent: "etree._Element", kind: Composite, rows: Rows, odds: Odds) -> object:
    given: Given = {}
    last = 0
    for child in parent:
        known = rows.get(child.tag)
        if known is None:
            _stranger(child, odds)
            continue
        at, row, read, inside = known
        if at < last:
            odds.append((child, Odd("element-order", f"{row.name} stands too late", fix="keep the schema's order")))
        else:
            last = at
        value = _text(child, read, odds) if inside is None else _inner(child, row, inside, odds)
        if row.many:
            if value is not None and value != "":
                cast("list[object]", given.setdefault(row.attribute, [])).append(value)
        elif row.attribute in given:
            odds.append((child, Odd("element-repeated", f"a second {row.name}; the first one counts")))
        elif value is not None:
            given[row.attribute] = value
    return _make(parent, kind, given, odds)


def _text(child: "etree._Element", read: Reader | None, odds: Odds) -> object:
    text = child.text if not len(child) else "".join(cast("list[str]", list(child.itertext())))
    text = text.strip() if text else ""
    if read is None:
        if not text:
            odds.append((child, Odd("empty-text", "is empty", fix="leave it out, or say something")))
        return text
    value = read(text)
    if isinstance(value, Odd):
        odds.append((child, value))
        return value.value
    return value


def _inner(child: "etree._Element", row: Element, inside: Rows, odds: Odds) -> object:
    kind = cast("Composite", row.kind)
    if kind is not table.NAMED:
        return _build(child, kind, inside, odds)
    if not len(child) and "=" in (child.text or ""):
        name, _, value = (child.text or "").strip().partition("=")
        odds.append((child, Odd("named-as-text", "name=value, as CAP 1.0 wrote it", fix="valueName and value")))
        return _make(child, kind, {"value_name": name, "value": value}, odds)
    return _plain_named(child, inside) or _build(child, kind, inside, odds)


def _plain_named(child: "etree._Element", inside: Rows) -> Named | None:
    """The short way for what most of a weather alert is made of: a name and a value, and nothing odd about them."""
    if len(child) != 2:
        return None
    name, value = child
    if [name.tag, value.tag] != list(inside) or len(name) or len(value):
        return None
    said = (name.text or "").strip()
    return Named(value_name=said, value=(value.text or "").strip()) if said else None


def _stranger(child: "etree._Element", odds: Odds) -> None:
    if isinstance(cast("object", child.tag), str) and not child.tag.startswith("{" + DSIG):
        name = etree.QName(child).localname
        odds.append((child, Odd("unknown-element", f"{name} is not in CAP; it is skipped")))


def _make(parent: "etree._Element", kind: Composite, given: Given, odds: Odds) -> object:
    for rule in RULES.get(kind.name, ()):
        if (odd := rule(given)) is not None:
            odds.append((parent, odd))
    for row in kind.required:
        if row.otherwise == "":
            given.setdefault(row.attribute, "")
        elif given.get(row.attribute) in (None, ""):
            given[row.attribute] = _assume(parent, row, odds)
    given.pop("", None)
    for attribute in kind.lists:
        if attribute in given:
            given[attribute] = tuple(cast("list[object]", given[attribute]))
    try:
        return kind.make(**given)
    except BadAlert as bad:
        return _mend(parent, kind, given, bad, odds)


def _assume(parent: "etree._Element", row: Element, odds: Odds) -> object:
    if row.otherwise is None:
        raise Unreadable(parent, f"no {row.name} that can be read")
    odds.append((parent, Odd("assumed", f"{row.name} is absent or unreadable: {row.otherwise} assumed")))
    return [row.otherwise] if row.many else row.otherwise


_MAY_GO = {"ceiling": "ceiling_ft", "uri": "uri", "language": "language"}


def _mend(parent: "etree._Element", kind: Composite, given: Given, bad: BadAlert, odds: Odds) -> object:
    """Leave out the one thing that keeps a value from being made, where nothing is lost by it; else Unreadable."""
    attribute = _MAY_GO.get(bad.where)
    if attribute is None or attribute not in given:
        raise Unreadable(parent, str(bad)) from bad
    odds.append((parent, Odd("left-out", f"{bad.where} {bad.what}")))
    return kind.make(**{name: value for name, value in given.items() if name != attribute})
