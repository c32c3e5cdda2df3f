"""A supply: signed word that newer trust (certificates) or language files are to be kept. It never sounds.

It travels as a CAP alert of status System whose resources name the files by their digest; the files travel beside it.
Its serial only rises, so that an older one never comes back. A trust supply appoints certificates (each file named by
the sender it speaks for) and revokes others by the SHA-256 of their DER; a language supply brings texts by language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from satwarn.alert.alert import Alert, Status
from satwarn.alert.naming import resource_of
from satwarn.alert.system import system_alert
from satwarn.errors import BadAlert

CODE = "satwarn:supply"
_FINGERPRINT = re.compile("[0-9a-f]{64}")


class SupplyKind(StrEnum):
    """What the files are for."""

    TRUST = "trust"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Files to keep, by the name they shall have; each as its `ni:` name. `revoked` are fingerprints, 64 hex digits."""

    kind: SupplyKind
    serial: int
    files: Mapping[str, str]
    revoked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.serial < 1:
            raise BadAlert(f"a supply's serial is 1 or more, not {self.serial}", where="supply")
        if strange := [one for one in self.revoked if not _FINGERPRINT.fullmatch(one)]:
            raise BadAlert(f"{strange[0][:80]!r} is no SHA-256 of a certificate", where="supply", fix="64 hex digits")
        if self.revoked and self.kind is not SupplyKind.TRUST:
            raise BadAlert("only a trust supply revokes", where="supply")
        if not self.files and not self.revoked:
            raise BadAlert("brings nothing and revokes nothing", where="supply")


def supply_alert(
    kind: SupplyKind, files: Mapping[str, bytes], *, serial: int, mime_type: str, identifier: str, sender: str,
    sent: datetime, expires: datetime, revoked: tuple[str, ...] = (),
) -> Alert:  # fmt: skip
    """The supply as a CAP alert, to be agreed and signed like any other; the files themselves go beside it."""
    Supply(kind=kind, serial=serial, files=dict.fromkeys(files, ""), revoked=revoked)  # refuses what cannot be
    return system_alert(
        CODE,
        f"{kind} supply",
        identifier=identifier,
        sender=sender,
        sent=sent,
        expires=expires,
        parameters=[
            ("satwarn:kind", kind.value),
            ("satwarn:serial", str(serial)),
            *(("satwarn:revoked", fingerprint) for fingerprint in revoked),
        ],
        resources=tuple(
            resource_of(content, description=name, mime_type=mime_type) for name, content in sorted(files.items())
        ),
    )


def is_supply(alert: Alert) -> bool:
    """Whether an alert claims to be a supply."""
    return CODE in alert.codes


def supply_of(alert: Alert) -> Supply | None:
    """The supply an alert carries, None when it is none; BadAlert when it claims to be one and is not."""
    if not is_supply(alert):
        return None
    kind, serial = alert.parameters("satwarn:kind"), alert.parameters("satwarn:serial")
    if alert.status is not Status.SYSTEM or len(kind) != 1 or kind[0] not in set(SupplyKind):
        raise BadAlert(
            f"a supply has status System and one satwarn:kind of {', '.join(SupplyKind)}",
            where=f"alert {alert.identifier}",
        )
    if len(serial) != 1 or not re.fullmatch("[0-9]{1,15}", serial[0]):
        raise BadAlert("a supply has one satwarn:serial, a whole number", where=f"alert {alert.identifier}")
    files = {resource.description: resource.uri for info in alert.infos for resource in info.resources}
    return Supply(
        kind=SupplyKind(kind[0]),
        serial=int(serial[0]),
        files=files,
        revoked=alert.parameters("satwarn:revoked"),
    )
