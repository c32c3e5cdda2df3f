"""The signature of an alert: XML-DSig enveloped, by pinned certificates, and nothing used but what is signed."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Self

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree

from satwarn.alert import cap
from satwarn.alert.alert import Alert, Info, Named, Resource
from satwarn.alert.cap import Received
from satwarn.alert.reading import parse, version_of
from satwarn.alert.schema import DSIG
from satwarn.errors import BadMessage, BadSignature

_C = xmlsec.constants
_DS = f"{{{DSIG}}}"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENVELOPED = DSIG + "enveloped-signature"
_C14N = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
}
_METHODS = {_MORE + name for name in ("ecdsa-sha256", "ecdsa-sha384", "rsa-sha256", "rsa-sha384", "rsa-sha512")}
_DIGESTS = {"http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512", _MORE + "sha384"}


class Verdict(StrEnum):
    """What a signature is worth, the best first."""

    TRUSTED = "trusted"
    EXPIRED = "expired certificate"
    UNKNOWN_SIGNER = "unknown signer"
    BROKEN = "broken"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A certificate that speaks for one sender, within its validity."""

    sender: str
    certificate_pem: bytes
    not_before: datetime
    not_after: datetime

    @classmethod
    def of(cls, sender: str, certificate_pem: bytes) -> Self:
        """Pin a certificate; raises BadSignature if it is none."""
        try:
            certificate = x509.load_pem_x509_certificate(certificate_pem)
        except ValueError:
            raise BadSignature("is no certificate", where=sender, fix="a PEM file with one certificate") from None
        return cls(
            sender=sender,
            certificate_pem=certificate_pem,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the certificate's DER, by which it is revoked."""
        return x509.load_pem_x509_certificate(self.certificate_pem).fingerprint(hashes.SHA256()).hex()

    def holds(self, at: datetime) -> bool:
        return self.not_before <= at <= self.not_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whom we believe: certificates pinned by sender. What a message says about its own key is never believed."""

    pins: tuple[Pinned, ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, bytes]]) -> Self:
        """Trust these (sender, certificate PEM) pairs."""
        return cls(pins=tuple(Pinned.of(sender, pem) for sender, pem in pairs))

    def of_sender(self, sender: str) -> tuple[Pinned, ...]:
        return tuple(pin for pin in self.pins if pin.sender == sender)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature as judged: by whom, and why not trusted."""

    verdict: Verdict
    signer: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A message with the verdict on it: the best of its signatures, since each one covers the whole message."""

    verdict: Verdict
    signer: str
    signatures: tuple[Signature, ...]
    received: Received

    @property
    def alert(self) -> Alert:
        """The alert, if a pinned certificate (valid or expired) signed it; else raises BadSignature."""
        if self.verdict not in (Verdict.TRUSTED, Verdict.EXPIRED):
            why = "; ".join(filter(None, (signature.why for signature in self.signatures)))
            raise BadSignature(f"the signature is {self.verdict.value}" + (f": {why}" if why else ""))
        return self.received.alert


def sign(xml: bytes, *, key_pem: bytes, certificate_pem: bytes) -> bytes:
    """Sign a CAP 1.2 message as its last element: ECDSA P-256, SHA-256, exclusive c14n; raises BadSignature."""
    root = parse(xml)
    node = xmlsec.template.create(root, _C.TransformExclC14N, _C.TransformEcdsaSha256, ns="ds")
    root.append(node)
    reference = xmlsec.template.add_reference(node, _C.TransformSha256, uri="")
    xmlsec.template.add_transform(reference, _C.TransformEnveloped)
    xmlsec.template.add_transform(reference, _C.TransformExclC14N)
    file = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(node))
    xmlsec.template.x509_data_add_certificate(file)
    context = xmlsec.SignatureContext()
    try:
        context.key = xmlsec.Key.from_memory(key_pem, _C.KeyDataFormatPem)
        context.key.load_cert_from_memory(certificate_pem, _C.KeyDataFormatPem)
        context.sign(node)
    except xmlsec.Error as error:
        raise BadSignature(f"cannot sign: {error}", fix="an ECDSA P-256 key and its certificate, both PEM") from None
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


DIGEST = "satwarn:sha256"
"""The info parameter `satwarn:sha256` = `<number of the resource> <hex>`: what a signature says of each file."""


def with_digests(alert: Alert) -> Alert:
    """The alert with the SHA-256 of each resource that it carries as a parameter, so that the signature covers it."""
    return replace(alert, infos=tuple(_digested(info) for info in alert.infos))


def _digested(info: Info) -> Info:
    others = tuple(parameter for parameter in info.parameters if parameter.value_name != DIGEST)
    return replace(info, parameters=others + tuple(Named(value_name=DIGEST, value=said) for said in _digests(info)))


def _digests(info: Info) -> Iterator[str]:
    for number, resource in enumerate(info.resources, 1):
        if resource.deref_uri:
            yield f"{number} {hashlib.sha256(content(resource)).hexdigest()}"


def content(resource: Resource) -> bytes:
    """The file that a resource carries; raises BadMessage if its base64 is broken."""
    try:
        return base64.b64decode("".join(resource.deref_uri.split()), validate=True)
    except ValueError:
        raise BadMessage("no base64", where="derefUri", fix="encode the file again") from None


def resource_holds(info: Info, number: int, file: bytes) -> bool:
    """Whether a file is the one that was signed as resource `number` (from 1), fetched or carried."""
    return f"{number} {hashlib.sha256(file).hexdigest()}" in info.parameter(DIGEST)


def verify(xml: bytes, trust: Trust, *, at: datetime) -> Sealed:
    """Judge every signature of a message at a time; raises BadMessage where the bytes are no CAP message at all."""
    root = parse(xml)
    version = version_of(root)
    if version is None:
        raise BadMessage("not a CAP alert", where="line 1")
    received = cap.read_element(root, version, xml)
    pins = trust.of_sender(received.value.sender) if received.value else ()  # the sender that will be read, no other
    judged = tuple(judge(node, root, pins, at) for node in root.iter(_DS + "Signature"))
    if not judged:
        judged = (Signature(verdict=Verdict.NONE, why="it is not signed"),)
    best = min(judged, key=lambda signature: list(Verdict).index(signature.verdict))
    return Sealed(verdict=best.verdict, signer=best.signer, signatures=judged, received=received)


def judge(node: "etree._Element", root: "etree._Element", pins: tuple[Pinned, ...], at: datetime) -> Signature:
    """What one signature in a message that is already parsed is worth."""
    if wrong := _misshapen(node, root):
        return Signature(verdict=Verdict.BROKEN, why=wrong)
    if weak := _weak(node):
        return Signature(verdict=Verdict.UNKNOWN_SIGNER, why=weak)
    for pin in pins:
        if _holds(node, pin.certificate_pem):
            verdict = Verdict.TRUSTED if pin.holds(at) else Verdict.EXPIRED
            return Signature(verdict=verdict, signer=_subject(pin.certificate_pem), why=_validity(pin, at))
    return _stranger(node, pins)


def _stranger(node: "etree._Element", pins: tuple[Pinned, ...]) -> Signature:
    """No pinned key made it. The key it brings along tells a stranger from a broken message, and nothing more."""
    own = _own_certificate(node)
    if own is None:
        return Signature(verdict=Verdict.UNKNOWN_SIGNER, why="no pinned certificate for this sender made it")
    signer = _subject(own)
    if _holds(node, own):
        return Signature(verdict=Verdict.UNKNOWN_SIGNER, signer=signer, why=f"{signer} is not pinned for this sender")
    return Signature(
        verdict=Verdict.BROKEN,
        signer=signer,
        why="it does not hold: the message was changed, or not signed as XML-DSig says",
    )


def _misshapen(node: "etree._Element", root: "etree._Element") -> str:
    """Why a signature cannot cover exactly the whole alert; empty if it does."""
    if node.getparent() is not root:
        return "the signature is not a child of the alert"
    references = node.findall(f".//{_DS}Reference")
    if len(references) != 1 or references[0].get("URI") != "":
        return "it must have one reference, to the whole alert"
    transforms = [t.get("Algorithm") for t in references[0].iter(_DS + "Transform")]
    if transforms[:1] != [_ENVELOPED] or len(transforms) > 2 or not _C14N.issuperset(transforms[1:]):
        return "its transforms may only take out the signature and canonicalise"
    return ""


def _weak(node: "etree._Element") -> str:
    """Why a signature proves nothing, whoever made it; empty if its methods are good ones."""
    for name, allowed in (("CanonicalizationMethod", _C14N), ("SignatureMethod", _METHODS), ("DigestMethod", _DIGESTS)):
        found = {method.get("Algorithm") for method in node.iter(_DS + name)}
        if len(found) != 1 or not found <= allowed:
            return f"{name} {', '.join(map(str, found)) or 'missing'} is not accepted"
    return ""


def _holds(node: "etree._Element", certificate_pem: bytes) -> bool:
    context = xmlsec.SignatureContext()
    try:
        context.key = _key(certificate_pem)
        context.verify(node)
    except xmlsec.Error:
        return False
    return True


@lru_cache(maxsize=64)
def _key(certificate_pem: bytes) -> xmlsec.Key:
    return xmlsec.Key.from_memory(certificate_pem, _C.KeyDataFormatCertPem)


@lru_cache(maxsize=64)
def _subject(certificate_pem: bytes) -> str:
    return x509.load_pem_x509_certificate(certificate_pem).subject.rfc4514_string()


def _own_certificate(node: "etree._Element") -> bytes | None:
    found = node.findtext(f".//{_DS}X509Certificate") or ""
    pem = f"-----BEGIN CERTIFICATE-----\n{''.join(found.split())}\n-----END CERTIFICATE-----\n".encode()
    try:
        _subject(pem)
    except ValueError:
        return None
    return pem


def _validity(pin: Pinned, at: datetime) -> str:
    if pin.holds(at):
        return ""
    return f"the certificate is valid from {pin.not_before:%Y-%m-%d} to {pin.not_after:%Y-%m-%d}"


def draft_digest(alert: Alert) -> str:
    """SHA-256 (hex) of the canonical CAP without identifier, sent and signature: what an approver signs."""
    return written_digest(cap.write(alert))


def written_digest(xml: bytes) -> str:
    """The `draft_digest` of the alert in bytes that we wrote and have not signed yet."""
    root = parse(xml)
    for name in ("identifier", "sent"):
        found = root.find(f"{{*}}{name}")
        if found is not None:
            root.remove(found)
    return hashlib.sha256(etree.tostring(root, method="c14n", exclusive=True)).hexdigest()
