"""Sites join by a one-time code, get a certificate from the hub's authority, renew it, are revoked.

What is said of their versions stands in `hub.versions`.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from satwarn.errors import BadAlert, Missing

VALID_FOR = timedelta(days=365)
RENEW_FROM = timedelta(days=60)
"""A site asks for a new certificate this long before its own ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What a site gets: everything its site.toml and the files beside it need.

    `site` is its code, `certificate` its own (PEM), `sender` whose alerts it is to believe; `trust` the certificate of
    that sender and the one by which it knows the hub's ground (PEM), `ground` the hub's port there (0: it has none).
    `remark` is what is said of its version ("" = nothing).
    """

    site: str
    certificate: str
    sender: str
    trust: tuple[str, ...]
    ground: int
    remark: str
    fingerprint: str
    until: datetime


def fingerprint_of(certificate_pem: bytes | str) -> str:
    """The SHA-256 of a certificate in hex. BadAlert when it is none."""
    data = certificate_pem.encode() if isinstance(certificate_pem, str) else certificate_pem
    try:
        return x509.load_pem_x509_certificate(data).fingerprint(hashes.SHA256()).hex()
    except ValueError:
        raise BadAlert("is no certificate", where="certificate", fix="PEM") from None


def certify(
    request_pem: str, *, site: str, authority_key_pem: bytes, authority_certificate_pem: bytes, now: datetime
) -> tuple[str, str, datetime]:
    """The certificate (PEM), its fingerprint (SHA-256) and its end, for the key in a signing request.

    Its name is the site's, whatever the request says. BadAlert when the request is none, or not signed by its key.
    """
    try:
        request = x509.load_pem_x509_csr(request_pem.encode())
    except ValueError:
        raise BadAlert("is no signing request", where="request", fix="PKCS#10 in PEM") from None
    if not request.is_signature_valid:
        raise BadAlert("is not signed by its own key", where="request")
    public = request.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise BadAlert("holds no elliptic-curve key", where="request", fix="make the key with P-256")
    return signed_by_authority(
        public,
        name=site,
        hosts=(),
        authority_key_pem=authority_key_pem,
        authority_certificate_pem=authority_certificate_pem,
        now=now,
    )


def signed_by_authority(
    public: ec.EllipticCurvePublicKey,
    *,
    name: str,
    hosts: Sequence[str],
    authority_key_pem: bytes,
    authority_certificate_pem: bytes,
    now: datetime,
) -> tuple[str, str, datetime]:
    """A certificate of the hub's authority for a key: of a site, or with `hosts` (names, addresses) of a server."""
    authority = x509.load_pem_x509_certificate(authority_certificate_pem)
    key = serialization.load_pem_private_key(authority_key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Missing("the hub's key is no elliptic-curve key", where="hub")
    until = min(now + VALID_FOR, authority.not_valid_after_utc)
    usage = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(authority.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(one) for one in hosts]), critical=False)
    made = builder.sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode(), made.fingerprint(hashes.SHA256()).hex(), until


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
