"""Bytes become a tree, the tree becomes entries, the entries become values: leniently, and saying what was odd."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from satwarn.alert import element as table
from satwarn.alert.element import Composite, Element, Kind, Version
from satwarn.alert.finding import Odd
from satwarn.errors import BadAlert, BadMessage

MAX_BYTES = 8 * 1024 * 1024
"""No real message is half as large; a larger one is refused before it is parsed."""

DSIG = "http://www.w3.org/2000/09/xmldsig#"

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
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise BadMessage(f"not well-formed XML: {error}", where=f"line {line}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise HasDoctype("a DOCTYPE is refused", fix="send the alert without a document type declaration")
    return root


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


@dataclass(slots=True)
class Entry:
    """One element of text as it stood: its row of the table, its text, the best value, and what was odd about it."""

    element: "etree._Element"
    row: Element
    text: str
    value: object = None
    odd: Odd | None = None


@dataclass(slots=True)
class Block:
    """An element with elements inside, by name and in the order they came, and what stood there wrongly."""

    element: "etree._Element"
    kind: Composite
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    inside: dict[str, list["Block"]] = field(default_factory=dict)
    odds: list[tuple["etree._Element", Odd]] = field(default_factory=list)

    def all(self, name: str) -> list[Entry]:
        return self.entries.get(name, [])

    def first(self, name: str) -> Entry | None:
        return self.entries[name][0] if name in self.entries else None

    def text(self, name: str) -> str:
        return self.entries[name][0].text if name in self.entries else ""

    def blocks(self, name: str) -> list["Block"]:
        return self.inside.get(name, [])

    def every_block(self) -> Iterator["Block"]:
        yield self
        for blocks in self.inside.values():
            for block in blocks:
                yield from block.every_block()

    def all_odds(self) -> Iterator[tuple["etree._Element", Odd]]:
        """Everything odd in here, element by element."""
        for block in self.every_block():
            yield from block.odds
            for entries in block.entries.values():
                yield from ((entry.element, entry.odd) for entry in entries if entry.odd is not None)


Rows = dict[str, tuple[int, Element, "Rows"]]


def _rows(kind: Composite, namespace: str) -> Rows:
    return {
        f"{{{namespace}}}{row.name}": (at, row, _rows(row.kind, namespace) if isinstance(row.kind, Composite) else {})
        for at, row in enumerate(kind.rows)
    }


_ROWS = {version: _rows(table.ALERT, version.namespace) for version in Version}


def version_of(root: "etree._Element") -> Version | None:
    """The version of CAP an `alert` element is in; None if it is no alert."""
    namespace, _, name = str(root.tag).removeprefix("{").rpartition("}")
    return table.VERSION.get(namespace) if name == "alert" else None


def read_block(root: "etree._Element", version: Version) -> Block:
    """The entries of an alert element."""
    return _block(root, table.ALERT, _ROWS[version])


def _block(parent: "etree._Element", kind: Composite, rows: Rows) -> Block:
    block, last = Block(parent, kind), 0
    if parent.text and not parent.text.isspace() and len(parent):
        block.odds.append((parent, Odd("stray-text", f"text between the elements: {parent.text.strip()[:40]!r}")))
    for child in parent.iterchildren("*"):
        known = rows.get(child.tag)
        if known is None:
            _stranger(child, block)
            continue
        at, row, inner = known
        if at < last:
            block.odds.append(
                (child, Odd("element-order", f"{row.name} stands too late", fix="keep the schema's order"))
            )
        last = max(last, at)
        if isinstance(row.kind, Kind):
            _keep(_entry(child, row, row.kind), block)
        else:
            block.inside.setdefault(row.name, []).append(_inner(child, row.kind, inner))
    return block


def _entry(child: "etree._Element", row: Element, kind: Kind) -> Entry:
    text = (child.text if not len(child) else "".join(cast("Iterator[str]", child.itertext()))) or ""
    text = text.strip()
    value = kind.read(text)
    return Entry(child, row, text, value.value, value) if isinstance(value, Odd) else Entry(child, row, text, value)


def _keep(entry: Entry, block: Block) -> None:
    name = entry.row.name
    if name not in block.entries:
        block.entries[name] = [entry]
        return
    block.entries[name].append(entry)
    if not entry.row.many:
        entry.odd = Odd("element-repeated", f"a second {name}; the first one counts")


def _inner(child: "etree._Element", kind: Composite, rows: Rows) -> Block:
    if kind is not table.NAMED or len(child) or "=" not in (child.text or ""):
        return _block(child, kind, rows)
    name, _, value = (child.text or "").strip().partition("=")
    odd = Odd("named-as-text", "name=value, as CAP 1.0 wrote it", fix="valueName and value")
    both = {row.name: [Entry(child, row, text, text)] for row, text in zip(kind.rows, (name, value), strict=True)}
    return Block(child, kind, both, odds=[(child, odd)])


def _stranger(child: "etree._Element", block: Block) -> None:
    if not child.tag.startswith("{" + DSIG):
        block.odds.append(
            (child, Odd("unknown-element", f"{etree.QName(child).localname} is not in CAP; it is skipped"))
        )


class Unreadable(Exception):
    """A required element is absent or unreadable and nothing may be assumed for it."""

    def __init__(self, element: "etree._Element", what: str) -> None:
        super().__init__(what)
        self.element, self.what = element, what


def build(block: Block) -> object:
    """The value of a block; what was assumed is added to its odds. Raises Unreadable where nothing may be assumed."""
    given: dict[str, object] = {}
    for row in block.kind.rows:
        value = _value(block, row)
        if value is None or value == () or (value == "" and row.otherwise):
            if row.occurs not in "1+":
                continue
            value = _assume(block, row)
        if row.attribute:
            given[row.attribute] = value
    try:
        return block.kind.make(**given)
    except BadAlert as bad:
        return _mend(block, given, bad)


def _value(block: Block, row: Element) -> object:
    if row.name in block.inside:
        return tuple(build(inner) for inner in block.inside[row.name])
    entries = block.entries.get(row.name)
    if entries is None:
        return None
    if row.many:
        return tuple(entry.value for entry in entries if entry.value is not None and entry.value != "")
    return entries[0].value


def _assume(block: Block, row: Element) -> object:
    if row.otherwise is None:
        raise Unreadable(block.element, f"no {row.name} that can be read")
    if row.otherwise != "":
        block.odds.append(
            (block.element, Odd("assumed", f"{row.name} is absent or unreadable: {row.otherwise} assumed"))
        )
    return row.otherwise


_MAY_GO = {"ceiling": "ceiling_ft", "uri": "uri", "language": "language"}


def _mend(block: Block, given: dict[str, object], bad: BadAlert) -> object:
    """Leave out the one thing that keeps a value from being made, where nothing is lost by it; else Unreadable."""
    attribute = _MAY_GO.get(bad.where)
    if attribute is None or attribute not in given:
        raise Unreadable(block.element, str(bad)) from bad
    block.odds.append((block.element, Odd("left-out", f"{bad.where} {bad.what}")))
    return block.kind.make(**{name: value for name, value in given.items() if name != attribute})
