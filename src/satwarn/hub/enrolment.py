"""Sites join by a one-time code, get a certificate from the hub's authority, renew it, are revoked.

The version rule: a hub speaks with receivers of its own main version and the one before; an older one is told to
upgrade and still gets alerts, because an old receiver that sounds is better than none; a newer one is told that the
hub is behind. Nothing a version says ever silences a site.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from satwarn.errors import BadAlert

VALID_FOR = timedelta(days=365)
RENEW_FROM = timedelta(days=60)
"""A site is told to renew this long before its certificate ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What a site gets: its certificate and what it shall trust (PEM), and a remark on versions ("" = none)."""

    certificate: str
    trust: tuple[str, ...]
    remark: str
    fingerprint: str
    until: datetime


def version_remark(hub: str, site: str) -> str:
    """What is to be said of a site's version beside the hub's; "" when they belong together."""
    ours, theirs = _main(hub), _main(site)
    if theirs is None:
        return "says no version that can be read: look at it"
    if ours is None or theirs in (ours, ours - 1):
        return ""
    return "is too old: upgrade the receiver" if theirs < ours else "is newer than the hub: upgrade the hub"


def _main(version: str) -> int | None:
    head = version.partition(".")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 6 else None


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
    authority = x509.load_pem_x509_certificate(authority_certificate_pem)
    key = serialization.load_pem_private_key(authority_key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadAlert("the hub's key is no elliptic-curve key", where="hub")
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, site)]))
        .issuer_name(authority.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return (
        made.public_bytes(serialization.Encoding.PEM).decode(),
        made.fingerprint(hashes.SHA256()).hex(),
        now + VALID_FOR,
    )
