"""Alerts: reading and checking beside a parser that only loads, signatures beside the bare engine, and the bridge."""

import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xmlsec
from cap_tools.models import Alert as Peer
from lxml import etree
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser

from alert_making import NOON, SENDER, make_alert, make_info, make_signer
from bench.row import Row, best_of
from satwarn.alert import cap, seal
from satwarn.alert.alert import Alert, Area, Named, Status
from satwarn.area import gazetteer
from satwarn.area.shape import Polygon
from satwarn.frame.compose import compose

CORPUS = Path(__file__).parents[2] / "shared" / "vectors" / "cap" / "valid"
ROUNDS = 30


def run() -> list[Row]:
    """Measure."""
    return [reading(), *verifying(), *encoding()]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms"


def _real() -> list[bytes]:
    """Real 1.2 alerts that the peer can load at all, or one of ours where the corpus is absent."""
    peer = XmlParser(context=XmlContext())
    found = []
    for file in sorted(CORPUS.glob("*")) if CORPUS.is_dir() else []:
        data = file.read_bytes()
        try:
            if b"cap:1.2" in data[:2000] and isinstance(peer.from_bytes(data, Peer), Peer):
                found.append(data)
        except Exception:  # noqa: BLE001 - whatever the peer cannot load is not compared
            continue
    return found or [cap.write(make_alert())]


def reading() -> Row:
    """Read, rules and own schema, beside `cap-tools` merely loading; the median over the real alerts."""
    peer = XmlParser(context=XmlContext())
    ratios, ours_all, theirs_all = [], 0.0, 0.0
    files = _real()
    for data in files:
        ours = best_of(ROUNDS, lambda data=data: _checked(data))
        theirs = best_of(5, lambda data=data: peer.from_bytes(data, Peer))
        ratios.append(theirs / ours)
        ours_all, theirs_all = ours_all + ours, theirs_all + theirs
    return Row(
        what=f"read + rules + own schema, {len(files)} real alerts (least {min(ratios):.1f} x)",
        ours=_ms(ours_all / len(files)),
        anchor=f"{_ms(theirs_all / len(files))} cap-tools loads",
        ratio=f"{statistics.median(ratios):.1f} x",
        aim=">= 3 x",
    )


def _checked(data: bytes) -> None:
    received = cap.read(data)
    cap.schema_findings(received.root, received.version, received.where)


def verifying() -> list[Row]:
    """Verify, beside xmlsec on the same bytes; and what parsing and reading add."""
    big = make_alert(infos=tuple(make_info(tag, areas=_shapes()) for tag in ("en", "ja")))
    return [_verified("a small alert", make_alert()), _verified("an alert with shapes", big)]


def _verified(name: str, alert: Alert) -> Row:
    signer = make_signer()
    xml = seal.sign(cap.write(alert), key_pem=signer.key_pem, certificate_pem=signer.certificate_pem)
    trust = seal.Trust.of([(SENDER, signer.certificate_pem)])
    root = etree.fromstring(xml)
    node = root.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    ours = best_of(ROUNDS, lambda: seal.judge(node, root, trust.of_sender(SENDER), NOON))
    whole = best_of(ROUNDS, lambda: seal.verify(xml, trust, at=NOON))
    bare = best_of(ROUNDS, lambda: _bare(node, signer.certificate_pem))
    return Row(
        what=f"verify {name} ({len(xml) // 1000} kB); with parsing and reading {_ms(whole)}",
        ours=_ms(ours),
        anchor=f"{_ms(bare)} bare xmlsec",
        ratio=f"{bare / ours:.2f} x",
        aim=">= 0.8 x",
    )


def _shapes() -> tuple[Area, ...]:
    return tuple(
        Area(description=place.code, polygons=gazetteer.shape(place.code)) for place in gazetteer.prefectures()[30:39]
    )


def _bare(node: "etree._Element", certificate_pem: bytes) -> None:
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate_pem, xmlsec.constants.KeyDataFormatCertPem)
    context.verify(node)


def encoding() -> list[Row]:
    """CAP to frames: a mask of prefectures, and an ellipse."""
    nine = tuple(
        Area(description=str(code), geocodes=(Named(value_name="JISX0401", value=str(code)),)) for code in range(31, 40)
    )
    island = Polygon(((-18.05, 178.35), (-18.2, 178.35), (-18.25, 178.5), (-18.2, 178.55), (-18.05, 178.35)))
    drawn = (Area(description="Suva", polygons=(island,)),)
    cases = (("nine prefectures to a mask", nine), ("a polygon to an ellipse", drawn))
    return [_encoded(name, areas) for name, areas in cases]


def _encoded(name: str, areas: tuple[Area, ...]) -> Row:
    at = datetime(2017, 8, 18, 2, tzinfo=UTC)
    alert = make_alert(status=Status.ACTUAL, infos=(make_info(areas=areas, onset=at, expires=at + timedelta(hours=1)),))
    taken = best_of(ROUNDS, lambda: compose(alert, at=at).frames(at))
    return Row(what=f"encode: {name}", ours=_ms(taken), anchor="5 ms", ratio=f"{0.005 / taken:.1f} x", aim="< 5 ms")
