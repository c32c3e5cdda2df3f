"""Keys that outlast a restart: PEM files only their owner may read."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from satwarn.adapters.keys import SigningKey, make_signing_key, pem_of, self_signed
from satwarn.errors import Missing
from satwarn.hub.enrolment import signed_by_authority

VALID_DAYS = 730
AUTHORITY_DAYS = 3650
AUTHORITY_LEAST = timedelta(days=800)
"""An authority signs its certificate anew, with the same key, this long before it ends: every site renews its own
certificate within a year, and gets this one with it."""


def write_secret(file: Path, secret: bytes) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(secret)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)


def signing_key(folder: Path, sender: str, *, now: datetime) -> SigningKey:
    """The hub's key and certificate in `folder`, with which alerts are signed; made there when there is none."""
    return _kept(folder, "hub", sender, now=now, authority=False)


def site_authority(folder: Path, sender: str, *, now: datetime) -> SigningKey:
    """The key and certificate that sign the certificates of sites, and nothing else."""
    kept = _kept(folder, "sites", f"sites of {sender}", now=now, authority=True)
    if x509.load_pem_x509_certificate(kept.certificate_pem).not_valid_after_utc - now > AUTHORITY_LEAST:
        return kept
    key = serialization.load_pem_private_key(kept.key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Missing("is no elliptic-curve key", where=str(folder / "sites-key.pem"))
    anew = self_signed(key, f"sites of {sender}", now=now, valid_days=AUTHORITY_DAYS, authority=True)
    write_secret(folder / "sites-certificate.pem", anew)
    return SigningKey(key_pem=kept.key_pem, certificate_pem=anew)


def server_certificate(
    folder: Path, authority: SigningKey, sender: str, hosts: Sequence[str], *, now: datetime
) -> tuple[Path, Path]:
    """The files of certificate and key of the hub's ground, made afresh for these names by the sites' authority."""
    certificate, file = folder / "ground-certificate.pem", folder / "ground-key.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    pem, _, _ = signed_by_authority(
        key.public_key(),
        name=f"ground of {sender}"[:64],
        hosts=tuple(dict.fromkeys(hosts)),
        authority_key_pem=authority.key_pem,
        authority_certificate_pem=authority.certificate_pem,
        now=now,
    )
    write_secret(file, pem_of(key))
    write_secret(certificate, pem.encode())
    return certificate, file


def _kept(folder: Path, name: str, sender: str, *, now: datetime, authority: bool) -> SigningKey:
    key, certificate = folder / f"{name}-key.pem", folder / f"{name}-certificate.pem"
    if not (key.is_file() and certificate.is_file()):
        days = AUTHORITY_DAYS if authority else VALID_DAYS
        made = make_signing_key(sender, now=now, valid_days=days, authority=authority)
        write_secret(certificate, made.certificate_pem)
        write_secret(key, made.key_pem)
    return SigningKey(key_pem=key.read_bytes(), certificate_pem=certificate.read_bytes())


def make_auditor_key(file: Path) -> bytes:
    """Write a new Ed25519 private key and return its public half as PEM; Missing when the file is there already."""
    if file.exists():
        raise Missing("is there already, and a key is not overwritten", where=str(file), fix="name another file")
    key = Ed25519PrivateKey.generate()
    write_secret(
        file,
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def auditor_key(file: Path) -> Ed25519PrivateKey:
    """Read a private key; Missing when it is none."""
    try:
        key = serialization.load_pem_private_key(_read(file), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Missing(f"no private key ({error})", where=str(file)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Missing("is no Ed25519 key", where=str(file), fix="satwarn ledger key auditor.pem")
    return key


def public_key(text: str) -> Ed25519PublicKey:
    """A public key from a PEM file (of either half), a file with 64 hex digits, or the digits themselves."""
    if len(text) == 64 and all(digit in "0123456789abcdefABCDEF" for digit in text):
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    data = _read(Path(text))
    if b"PRIVATE KEY" in data:
        return auditor_key(Path(text)).public_key()
    try:
        if b"BEGIN" not in data:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(data.decode().strip()))
        key = serialization.load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Missing(f"no public key ({error})", where=text) from None
    if not isinstance(key, Ed25519PublicKey):
        raise Missing("is no Ed25519 key", where=text)
    return key


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Missing(
            f"cannot read it: {error.strerror}", where=str(file), fix="satwarn ledger key auditor.pem"
        ) from None
