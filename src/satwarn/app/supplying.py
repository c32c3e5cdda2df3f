"""Supplies for receivers: newer certificates, revocations, texts. Two administrators, then wide band and ground."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from satwarn.alert import cap
from satwarn.alert.seal import Pinned
from satwarn.alert.supply import SupplyKind, supply_alert
from satwarn.app.realm import Realm
from satwarn.app.receiver_supplies import check_texts
from satwarn.authority.officer import Assent
from satwarn.authority.prepared import Prepared, Sort
from satwarn.errors import BadAlert, NotAllowed
from satwarn.receiver.supplies import MOST_BYTES, MOST_FILES

LONGEST = timedelta(days=366)
FINGERPRINT = re.compile("[0-9a-f]{64}")


def content(
    realm: Realm, kind: SupplyKind, files: Mapping[str, str], *, revoked: Iterable[str], days: int
) -> dict[str, Any]:
    """What a supply says. `files` are PEM certificates by sender, or texts (TOML) by language; `revoked` are SHA-256
    fingerprints. BadAlert, BadSetting or BadSignature say what no receiver would take."""
    gone = tuple(dict.fromkeys("".join(one.replace(":", "").split()).lower() for one in revoked))
    _check(realm, kind, files, gone, days)
    return {"kind": kind.value, "files": dict(files), "revoked": list(gone), "days": days}


async def write(realm: Realm, name: str, body: Mapping[str, Any], *, by: str, assent: Assent | None) -> Prepared:
    """Lay a supply (its `content`) before a second administrator."""
    return await realm.do(lambda: realm.shelf.write_supply(name, body, by=by, now=realm.now(), assent=assent))


async def sign(realm: Realm, name: str, *, digest: str, by: str, assent: Assent | None) -> Prepared:
    """Agree to what another administrator wrote: it is signed with the hub's key, kept, and goes round."""
    if realm.band is None and not realm.settings.ground_port:
        raise NotAllowed(
            "this hub has neither wide band nor ground path, by which supplies travel",
            where=name,
            fix="satwarn serve --multicast GROUP:PORT or --ground-port PORT",
        )

    def work() -> Prepared:
        with realm.ledger.work():
            signed = realm.shelf.sign(Sort.SUPPLY, name, digest=digest, by=by, now=realm.now(), assent=assent)
            realm.record("send supply", signed.subject, _sealed(realm, signed), by=by)
        return signed

    before = realm.views.supplies.get(f"{Sort.SUPPLY}/{name}")
    signed = await realm.do(work)
    if before and realm.band:
        realm.band.withdraw(before["cap"].encode())
    realm.supply(realm.views.supplies[signed.subject])
    return signed


async def revoke(realm: Realm, name: str, *, reason: str, by: str) -> Prepared:
    """Send it no longer. What a receiver has taken it keeps: only a newer supply changes that."""
    before = realm.views.supplies.get(f"{Sort.SUPPLY}/{name}")
    gone = await realm.do(lambda: realm.shelf.revoke(Sort.SUPPLY, name, reason=reason, by=by, now=realm.now()))
    if before and realm.band:
        realm.band.withdraw(before["cap"].encode())
    return gone


def _sealed(realm: Realm, prepared: Prepared) -> dict[str, Any]:
    """The signed message and its files. Its serial is the ledger's position, which only grows."""
    body, serial = prepared.in_force or {}, realm.ledger.head.position
    now = realm.now().replace(microsecond=0)
    until = now + timedelta(days=body["days"])
    alert = supply_alert(
        SupplyKind(body["kind"]),
        {key: text.encode() for key, text in body["files"].items()},
        serial=serial,
        mime_type="text/plain",
        identifier=f"supply-{serial}",
        sender=realm.settings.sender,
        sent=now,
        expires=until,
        revoked=tuple(body["revoked"]),
    )
    signed = realm.seal(cap.write(alert)).decode()
    return {"serial": serial, "until": until.isoformat(), "cap": signed, "files": body["files"]}


def _check(realm: Realm, kind: SupplyKind, files: Mapping[str, str], revoked: tuple[str, ...], days: int) -> None:
    if not 0 < days <= LONGEST.days:
        raise BadAlert(f"a supply for {days} days", where="days", fix=f"1 to {LONGEST.days}")
    if len(files) > MOST_FILES:
        raise BadAlert(f"{len(files)} files", where="files", fix=f"at most {MOST_FILES}")
    if not files and not revoked:
        raise BadAlert("brings nothing and revokes nothing", where="files")
    for fingerprint in revoked:
        if not FINGERPRINT.fullmatch(fingerprint):
            raise BadAlert(f"{fingerprint[:80]!r} is no SHA-256 of a certificate", where="revoked", fix="64 hex digits")
    if revoked and kind is not SupplyKind.TRUST:
        raise BadAlert("only a trust supply revokes", where="revoked")
    own = Pinned.of(realm.settings.sender, realm.key.certificate_pem).fingerprint
    if own in revoked:
        raise NotAllowed(
            "this hub signs with that very certificate",
            where="revoked",
            fix="appoint a new one, let the hub sign with it, then revoke the old one",
        )
    for name, text in files.items():
        _check_file(kind, name, text)


def _check_file(kind: SupplyKind, name: str, text: str) -> None:
    if len(text.encode()) > MOST_BYTES[kind]:
        raise BadAlert(f"{name[:60]} has {len(text.encode())} bytes", where="files", fix=f"at most {MOST_BYTES[kind]}")
    if kind is SupplyKind.LANGUAGE:
        check_texts(name, text.encode())
    elif not name or any(one.isspace() or one in ",<&" for one in name):
        raise BadAlert(f"{name[:60]!r} is no CAP sender", where="files", fix="one word, without comma, < or &")
    else:
        Pinned.of(name, text.encode())
