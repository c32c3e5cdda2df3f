"""Enrol a receiver at its hub: a one-time code becomes a certificate, and the files that site.toml names.

The key is made here and never leaves; the code is all that is told. What comes back is checked before a byte of it is
written: the certificate is for our key and made by the authority that came with it, and that authority is the one whose
fingerprint the desk showed, where that was given.
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from satwarn import __version__
from satwarn.adapters.key_files import write_secret
from satwarn.adapters.keys import make_request
from satwarn.app import receiver_init
from satwarn.errors import BadMessage, BadSetting, Missing, NotAllowed
from satwarn.hub.enrolment import fingerprint_of

LOOPBACK = ("localhost", "127.0.0.1", "::1")
WITHIN_S = 20
LARGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledSite:
    """What was enrolled: the site's code, whose alerts it believes, the hub's ground ("" = it has none), when the
    certificate ends, the fingerprint of the hub's authority, what the hub remarked, and whether site.toml was made."""

    site: str
    sender: str
    ground: str
    until: datetime
    fingerprint: str
    remark: str
    settings_written: bool


def enrol(hub: str, code: str, out: Path, *, folder: str, fingerprint: str = "") -> EnrolledSite:
    """Spend the code. BadSetting for a hub that cannot be believed, NotAllowed when it refuses, BadMessage when what it
    answers does not hold together; Missing when it cannot be reached. Nothing is written but what was checked."""
    _check_way(hub, fingerprint)
    key, request = make_request("site")
    answer = _ask(hub, {"code": code, "request": request, "version": __version__})
    try:
        site, sender, certificate = str(answer["site"]), str(answer["sender"]), str(answer["certificate"])
        warning, authority = map(str, answer["trust"])
        port, until = int(answer["ground"]), datetime.fromisoformat(answer["until"])
    except (KeyError, ValueError, TypeError) as error:
        raise BadMessage(f"the answer lacks something: {error}", where=hub) from None
    print_ = _check(certificate, authority, key, fingerprint)
    ground = f"wss://{_host(hub)}:{port}" if port else ""
    out.mkdir(parents=True, exist_ok=True)
    contents = (key, certificate.encode(), authority.encode(), warning.encode())
    for name, content in zip(receiver_init.FILES, contents, strict=True):
        write_secret(out / name, content)
        if name != "site.key":
            (out / name).chmod(0o644)
    written = _settings(out / "site.toml", site, folder=folder, sender=sender, address=ground)
    return EnrolledSite(
        site=site,
        sender=sender,
        ground=ground,
        until=until,
        fingerprint=print_,
        remark=str(answer.get("remark", "")),
        settings_written=written,
    )


def _settings(file: Path, site: str, *, folder: str, sender: str, address: str) -> bool:
    """Write site.toml where there is none."""
    if file.exists():
        return False
    text = receiver_init.site_toml(site, found=receiver_init.devices(), folder=folder, sender=sender, address=address)
    receiver_init.write(text, file)
    return True


def tables(found: EnrolledSite) -> str:
    """What a site.toml that was there already must say."""
    ground = receiver_init.GROUND.format(address=found.ground) if found.ground else ""
    return f"{receiver_init.TRUST.format(sender=found.sender)}\n{ground}"


def _host(hub: str) -> str:
    host = urlsplit(hub).hostname or ""
    return f"[{host}]" if ":" in host else host


def _check_way(hub: str, fingerprint: str) -> None:
    parts = urlsplit(hub)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting(f"{hub!r} is no address of a hub", where="--hub", fix="https://hub.example.jp")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not fingerprint:
        raise BadSetting(
            "over plain HTTP anybody on the way could answer in the hub's place",
            where="--hub",
            fix="https://, or --fingerprint with what the desk shows beside the code",
        )


def _ask(hub: str, body: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        f"{hub.rstrip('/')}/api/enrolments",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    opener = urllib.request.build_opener(_Nowhere)
    try:
        with opener.open(request, timeout=WITHIN_S) as answer:
            said = json.loads(answer.read(LARGEST))
    except urllib.error.HTTPError as error:
        raise _refused(hub, error) from None
    except OSError as error:
        raise Missing(
            f"the hub cannot be reached: {getattr(error, 'reason', error)}",
            where=hub,
            fix="the address of the hub's pages, as its people open them",
        ) from None
    except ValueError:
        raise BadMessage("that is no hub: its answer is not JSON", where=hub) from None
    if not isinstance(said, dict):
        raise BadMessage("that is no hub: its answer is no object", where=hub)
    return said


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """The code is for this hub alone."""

    def redirect_request(self, *args: Any, **more: Any) -> None:
        return None


def _refused(hub: str, error: urllib.error.HTTPError) -> NotAllowed:
    try:
        said = json.loads(error.read(LARGEST))
        what = str(said.get("detail") or said["title"])
    except (ValueError, KeyError, AttributeError):
        what = f"it answered {error.code} {error.reason}"
    return NotAllowed(f"the hub refused: {what}", where=hub, fix="ask the desk for a new code")


def _check(certificate_pem: str, authority_pem: str, key_pem: bytes, wanted: str) -> str:
    """The authority's fingerprint, once everything that came belongs together."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
        authority = x509.load_pem_x509_certificate(authority_pem.encode())
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        raise BadMessage("the certificate that came was not made by the authority that came", where="hub") from None
    key = serialization.load_pem_private_key(key_pem, password=None)
    if certificate.public_key() != key.public_key():
        raise BadMessage("the certificate that came is for another key", where="hub")
    found = fingerprint_of(authority_pem)
    if wanted and wanted.replace(":", "").replace(" ", "").lower() != found:
        raise BadMessage(
            f"the hub's authority has the fingerprint {found}, not the one given",
            where="--fingerprint",
            fix="somebody may have answered in the hub's place: tell the desk, which can revoke the site",
        )
    return found
