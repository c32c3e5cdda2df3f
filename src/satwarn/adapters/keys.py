"""Keys made for one run: the hub's signing certificate and the officers' keys. Never stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An ECDSA P-256 key and its self-signed certificate, both PEM."""

    key_pem: bytes
    certificate_pem: bytes


def make_signing_key(sender: str, *, now: datetime, valid_days: int = 1, authority: bool = False) -> SigningKey:
    """A fresh key for `sender`, valid from a day before `now` (other clocks may be slow); with `authority` its
    certificate may sign those of sites."""
    key = ec.generate_private_key(ec.SECP256R1())
    return SigningKey(
        key_pem=pem_of(key),
        certificate_pem=self_signed(key, sender, now=now, valid_days=valid_days, authority=authority),
    )


def make_request(name: str) -> tuple[bytes, str]:
    """A fresh P-256 key (PEM) and a signing request for it (PKCS#10, PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return pem_of(key), request.public_bytes(serialization.Encoding.PEM).decode()


def self_signed(
    key: ec.EllipticCurvePrivateKey, sender: str, *, now: datetime, valid_days: int, authority: bool
) -> bytes:
    """A key's own certificate (PEM); an authority's says that it may sign others and nothing else."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, sender)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=valid_days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
    )
    if authority:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        ).add_extension(_SIGNS_CERTIFICATES, critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


_SIGNS_CERTIFICATES = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PEM, not encrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def make_officer_key() -> Ed25519PrivateKey:
    """A fresh key for one person."""
    return Ed25519PrivateKey.generate()
