"""CAP as XML: read leniently and say what was odd, write strictly, check by our own schema."""

import re
import xml.parsers.expat
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, cast

from lxml import etree

from satwarn.alert import element as table
from satwarn.alert import schema
from satwarn.alert.alert import Alert
from satwarn.alert.element import Composite, Element, Version
from satwarn.alert.finding import Finding, Grade, Odd
from satwarn.alert.reading import Odds, Unreadable, build, parse, version_of
from satwarn.alert.rules import grade_of
from satwarn.errors import BadAlert, BadMessage

MOST_FINDINGS = 200
_GRAVITY = {grade: place for place, grade in enumerate(Grade)}  # a Grade counts itself anew at every index()
"""Nobody reads more, and looking up the place of each costs time."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """A message as it came: the very bytes, what was odd in them, and the alert, if there is one in them."""

    raw: bytes
    version: Version
    root: "etree._Element" = field(repr=False, compare=False)
    odds: Odds = field(repr=False, compare=False)
    where: "Where" = field(repr=False, compare=False)
    value: Alert | None

    @property
    def alert(self) -> Alert:
        """The alert; raises BadMessage where what came cannot be acted on."""
        if self.value is None:
            last = self.findings[-1]
            raise BadMessage(last.what, where=last.path)
        return self.value

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd, each with its place; of very many only the gravest."""
        odds = self.odds
        if len(odds) > MOST_FINDINGS:
            odds = sorted(odds, key=lambda pair: _GRAVITY[grade_of(pair[1].rule)])[:MOST_FINDINGS]
        return tuple(self.where.finding(at, odd) for at, odd in odds)


def read(data: bytes) -> Received:
    """Read one CAP 1.0, 1.1 or 1.2 alert leniently; raises BadMessage if there is none in the bytes."""
    root = parse(data)
    return read_element(root, _version(root), data)


def _version(root: "etree._Element") -> Version:
    version = version_of(root)
    if version is None:
        raise BadMessage(f"the root is {etree.QName(root).localname}, not a CAP alert", where="line 1")
    return version


def read_element(root: "etree._Element", version: Version, data: bytes, *, where: "Where | None" = None) -> Received:
    """Read an alert element that is already parsed; `data` are the bytes it came in, `where` knows their places."""
    odds: Odds = []
    if version is not Version.V1_2:
        odds.append((root, Odd("older-version", f"CAP {version}, read as 1.2", fix="send CAP 1.2")))
    value: Alert | None = None
    try:
        value = cast("Alert", build(root, version, odds))
    except Unreadable as unreadable:
        odds.append((unreadable.element, Odd("unreadable", unreadable.what)))
    where = where or Where(root, data)
    return Received(raw=data, version=version, root=root, odds=odds, where=where, value=value)


class Where:
    """Finds path, line and column of an element. It reads the bytes a second time, so only when first asked."""

    def __init__(self, root: "etree._Element", data: bytes) -> None:
        self._root, self._data = root, data
        self._steps: dict[etree._Element, dict[etree._Element, str]] = {}

    @cached_property
    def _order(self) -> dict["etree._Element", int]:
        return {at: number for number, at in enumerate(self._root.getroottree().getroot().iter("*"))}

    @cached_property
    def _starts(self) -> list[int]:
        starts = _starts(self._data)
        if not starts and self._data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            self._data = etree.tostring(self._root.getroottree(), encoding="UTF-8", xml_declaration=True)
            starts = _starts(self._data)
        return starts

    def finding(self, at: "etree._Element", odd: Odd, grade: Grade | None = None) -> Finding:
        line, column = self.place(at)
        return Finding(
            rule=odd.rule,
            path=self.path(at),
            severity=grade or grade_of(odd.rule),
            what=odd.what,
            fix=odd.fix,
            line=line,
            column=column,
        )

    def path(self, at: "etree._Element") -> str:
        """`/alert/info[2]/area[1]/polygon[1]`, counted from 1 among those of the same name."""
        steps: list[str] = []
        here, above = at, at.getparent()
        while above is not None:
            if above not in self._steps:
                self._steps[above] = _numbered(above)
            steps.append(self._steps[above][here])
            here, above = above, above.getparent()
        return "/" + "/".join([etree.QName(here).localname, *reversed(steps)])

    def place(self, at: "etree._Element") -> tuple[int, int]:
        """Line and column of an element's start tag, from 1; 0 where the bytes are no XML."""
        if not self._starts:
            return 0, 0
        start = self._starts[self._order[at]]
        return self._data.count(b"\n", 0, start) + 1, start - self._data.rfind(b"\n", 0, start)


def _numbered(parent: "etree._Element") -> dict["etree._Element", str]:
    """The name of each child, with its number from 1 where there are several of that name."""
    names = [etree.QName(child).localname for child in parent.iterchildren("*")]
    several = {name for name, count in Counter(names).items() if count > 1}
    seen: Counter[str] = Counter()
    steps = {}
    for child, name in zip(parent.iterchildren("*"), names, strict=True):
        seen[name] += 1
        steps[child] = f"{name}[{seen[name]}]" if name in several else name
    return steps


def _starts(data: bytes) -> list[int]:
    """Where every start tag begins, in the order of the document; empty in an encoding that expat does not know."""
    found: list[int] = []
    reader = xml.parsers.expat.ParserCreate()

    def start(_name: str, _attributes: dict[str, str]) -> None:
        found.append(reader.CurrentByteIndex)

    reader.StartElementHandler = start
    try:
        reader.Parse(data, True)
    except (xml.parsers.expat.ExpatError, LookupError, ValueError):  # the last two: encodings that it does not know
        return []
    return found


def check_schema(data: bytes) -> list[Finding]:
    """What our schema of the message's own version finds wrong; raises BadMessage for what is no CAP."""
    root = parse(data)
    return schema_findings(root, _version(root), Where(root, data))


def schema_findings(root: "etree._Element", version: Version, where: Where) -> list[Finding]:
    """What our schema finds wrong in an element that is already parsed; an embedded one is looked at by itself."""
    compiled = schema.compiled(version)
    if compiled.validate(root):
        return []
    errors = list(cast("Iterable[etree._LogEntry]", compiled.error_log))[:MOST_FINDINGS]
    namespace = f"{{{version.namespace}}}"
    return [
        where.finding(_named_by(root, error.path), Odd("schema", error.message.replace(namespace, "")))
        for error in errors
    ]


def _named_by(root: "etree._Element", path: str | None) -> "etree._Element":
    """The element that the schema's error is about; its path counts from the root as if that stood alone."""
    _, _, inside = (path or "").removeprefix("/").partition("/")
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found = root.xpath(inside, namespaces=prefixes) if inside else []
    except etree.XPathError:
        found = []
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else root


class _Line(NamedTuple):
    """A row of the table made ready to be written; `write` is None where the value is its own text."""

    name: str
    attribute: str
    required: bool
    many: bool
    write: Callable[[Any], str] | None
    inside: "tuple[_Line, ...]"


def _lines(kind: Composite) -> tuple[_Line, ...]:
    return tuple(_line(row) for row in kind.rows if row.attribute)


def _line(row: Element) -> _Line:
    if isinstance(row.kind, Composite):
        return _Line(row.name, row.attribute, row.occurs == "1", row.many, None, _lines(row.kind))
    write = None if row.kind.write is str else row.kind.write
    return _Line(row.name, row.attribute, row.occurs == "1", row.many and not row.kind.whole, write, ())


_LINES = _lines(table.ALERT)
_HEAD = f"<?xml version='1.0' encoding='UTF-8'?>\n<alert xmlns=\"{Version.V1_2.namespace}\">"
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NO_PLAIN_TEXT = re.compile("[^\t\n\x20-%\x27-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(alert: Alert) -> bytes:
    """CAP 1.2 as UTF-8: schema order, UTC as -00:00, no empty optional element; raises BadAlert naming the element."""
    parts = [_HEAD]
    _append(parts, _LINES, alert)
    parts.append("</alert>")
    return "".join(parts).encode()


def _append(parts: list[str], lines: tuple[_Line, ...], value: object) -> None:
    for name, attribute, required, many, write, inside in lines:
        given = getattr(value, attribute)
        if given is None or given == () or (given == "" and not required):
            continue
        for one in given if many else (given,):
            if inside:
                parts.append(f"<{name}>")
                _append(parts, inside, one)
                parts.append(f"</{name}>")
            else:
                parts.append(f"<{name}>{_text(name, write(one) if write else str(one))}</{name}>")


def _text(name: str, text: str) -> str:
    if not _NO_PLAIN_TEXT.search(text):
        return text
    if _NO_XML.search(text):
        raise BadAlert("holds a character that XML cannot carry", where=name, fix="leave out control characters")
    return text.translate(_MARKUP)
