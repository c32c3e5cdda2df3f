"""Our own XML schema, made from the table of elements: one for each version of CAP."""

from functools import cache

from lxml import etree

from satwarn.alert import element as table
from satwarn.alert.element import Composite, Element, Kind, Version

DSIG = "http://www.w3.org/2000/09/xmldsig#"
_XS = "http://www.w3.org/2001/XMLSchema"
_MOMENT = r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-,+]\d\d:\d\d"
_BOUNDS = {"1": (1, "1"), "?": (0, "1"), "*": (0, "unbounded"), "+": (1, "unbounded")}


def _xs(what: str, *inside: "etree._Element", **attributes: str) -> "etree._Element":
    made = etree.Element(f"{{{_XS}}}{what}", attributes, nsmap={"xs": _XS})
    made.extend(inside)
    return made


def source(version: Version) -> bytes:
    """The schema as a document."""
    tree = _xs(
        "schema",
        _xs("element", _sequence(table.ALERT, version), name="alert"),
        targetNamespace=version.namespace,
        elementFormDefault="qualified",
        version=version.value,
    )
    return etree.tostring(tree, pretty_print=True, xml_declaration=True, encoding="UTF-8")


@cache
def compiled(version: Version) -> "etree.XMLSchema":
    return etree.XMLSchema(etree.fromstring(source(version)))


def _sequence(kind: Composite, version: Version) -> "etree._Element":
    sequence = _xs("sequence", *(_element(row, version) for row in kind.rows if row.stood_in(version)))
    if kind is table.ALERT and version is Version.V1_2:
        sequence.append(_xs("any", minOccurs="0", maxOccurs="unbounded", namespace=DSIG, processContents="lax"))
    return _xs("complexType", sequence)


def _element(row: Element, version: Version) -> "etree._Element":
    least, most = _BOUNDS[row.occurs_in(version)]
    made = _xs("element", name=row.name, minOccurs=str(least), maxOccurs=most)
    kind = row.kind_in(version)
    if isinstance(kind, Composite):
        made.append(_sequence(kind, version))
    elif kind.schema:
        made.set("type", kind.schema)
        if kind.default:
            made.set("default", kind.default)
    else:
        made.append(_xs("simpleType", _restriction(kind)))
    return made


def _restriction(kind: Kind) -> "etree._Element":
    if kind.moment:
        return _xs("restriction", _xs("pattern", value=_MOMENT), base="xs:dateTime")
    return _xs("restriction", *(_xs("enumeration", value=word) for word in kind.words), base="xs:string")
