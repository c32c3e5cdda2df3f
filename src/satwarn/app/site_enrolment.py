"""A receiver at the hub's door: it shows its one-time code, or its certificate when it renews.

A renewed certificate replaces the present one only when it has been used: until then both count, since an answer can be
lost on its way, and a receiver that stands alone must not lock itself out.
"""

from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from satwarn import __version__
from satwarn.app.realm import Realm
from satwarn.authority.roster import hash_secret, spell_code
from satwarn.errors import BadAlert, NotAllowed
from satwarn.hub.enrolment import Enrolled, certify, fingerprint_of
from satwarn.hub.versions import version_remark

INVITE = "ask whoever invited this receiver for a new code"


async def enrol(realm: Realm, *, code: str, request: str, version: str) -> Enrolled:
    """Spend a one-time code for a certificate. NotAllowed when it is not known, or was used."""

    def work() -> Enrolled:
        hashed = hash_secret(spell_code(code))
        site = next((row.code for row in list(realm.views.sites.values()) if row.invitation == hashed), None)
        if site is None:
            raise NotAllowed("this code is not known, or was used before", where="code", fix=INVITE)
        return _certified(realm, site, request, version)

    return await realm.do(work)


async def renew(realm: Realm, *, certificate: str, request: str, proof: bytes, version: str) -> Enrolled:
    """A new certificate for a site that shows it holds the key of its present one: `proof` is its ECDSA signature
    (SHA-256) under the new request. NotAllowed once the site is revoked or another certificate was given."""

    def work() -> Enrolled:
        present = _certificate(certificate)
        key = present.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise NotAllowed("holds no elliptic-curve key", where="certificate", fix="enrol anew")
        row = next(
            (r for r in list(realm.views.sites.values()) if fingerprint_of(certificate) in r.fingerprints),
            None,
        )
        if row is None or present.not_valid_after_utc < realm.now():
            raise NotAllowed("this certificate is not one that holds here", where="certificate", fix="enrol anew")
        try:
            key.verify(proof, request.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise NotAllowed("the request is not signed by the site's key", where="proof", fix="enrol anew") from None
        return _certified(realm, row.code, request, version, former=fingerprint_of(certificate))

    return await realm.do(work)


def renew_on_line(realm: Realm, site: str, fingerprint: str, request: str, version: str) -> dict[str, Any]:
    """The same over the ground, whose TLS has proven the present key; only on the ledger's thread."""
    row = realm.views.sites.get(site)
    if row is None or fingerprint not in row.fingerprints:
        raise NotAllowed("this certificate is not one that holds here", where="certificate", fix="enrol anew")
    return to_json(_certified(realm, site, request, version, former=fingerprint))


def to_json(found: Enrolled) -> dict[str, Any]:
    """What a receiver gets, as `receiver enrol` reads it."""
    return {
        "site": found.site,
        "certificate": found.certificate,
        "sender": found.sender,
        "trust": list(found.trust),
        "ground": found.ground,
        "remark": found.remark,
        "fingerprint": found.fingerprint,
        "until": found.until.isoformat(),
    }


def _certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise BadAlert("is no certificate", where="certificate", fix="the certificate as PEM") from None


def _certified(realm: Realm, site: str, request: str, version: str, *, former: str = "") -> Enrolled:
    pem, fingerprint, until = certify(
        request,
        site=site,
        authority_key_pem=realm.site_authority.key_pem,
        authority_certificate_pem=realm.site_authority.certificate_pem,
        now=realm.now(),
    )
    remark = version_remark(__version__, version)
    body = {
        "state": "enrolled",
        "version": version[:40],
        "note": remark,
        "fingerprint": fingerprint,
        "former": former,
    }
    realm.record("enrol site", f"site/{site}", body, by=site)
    return Enrolled(
        site=site,
        certificate=pem,
        sender=realm.settings.sender,
        ground=realm.settings.ground_port,
        trust=(realm.key.certificate_pem.decode(), realm.site_authority.certificate_pem.decode()),
        remark=remark,
        fingerprint=fingerprint,
        until=until,
    )
