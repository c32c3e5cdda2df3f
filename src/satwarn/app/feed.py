"""Warnings as an Atom feed (RFC 4287): one entry a message, with a link to its signed CAP."""

from collections.abc import Iterable
from datetime import UTC, datetime

from lxml import etree

from satwarn.app.public import Notice

ATOM = "http://www.w3.org/2005/Atom"


def atom(found: Iterable[Notice], *, root: str, tag: str, now: datetime) -> bytes:
    """The feed; `root` is what links begin with, without a slash at the end."""
    notices = list(found)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # None is the default prefix
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", tag)
    _text(feed, "id", f"{root}/feed.atom")
    _text(feed, "title", "satwarn")
    _text(feed, "updated", _moment(max((one.sent for one in notices), default=now)))
    _link(feed, "self", f"{root}/feed.atom", "application/atom+xml")
    for one in notices:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, "id", f"{root}/cap/{one.identifier}.xml")
        _text(entry, "title", f"{one.label_before} {one.headline}".strip())
        _text(entry, "updated", _moment(one.sent))
        author = etree.SubElement(entry, f"{{{ATOM}}}author")
        _text(author, "name", one.sender)
        _text(entry, "summary", " ".join(filter(None, (one.description, one.instruction, ", ".join(one.places)))))
        _link(entry, "alternate", f"{root}/cap/{one.identifier}.xml", "application/cap+xml")
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8")


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: etree._Element, rel: str, href: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=kind)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
