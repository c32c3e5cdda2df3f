"""A supply: signed word that newer trust (certificates) or language files are to be kept. It never sounds.

It travels as a CAP alert of status System whose resources name the files by their digest; the files travel beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from satwarn.alert.alert import Alert, Category, Certainty, Info, MsgType, Named, Scope, Severity, Status, Urgency
from satwarn.alert.naming import resource_of
from satwarn.errors import BadAlert

CODE = "satwarn:supply"


class SupplyKind(StrEnum):
    """What the files are for."""

    TRUST = "trust"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Files to keep, by the name they shall have; each as its `ni:` name."""

    kind: SupplyKind
    files: Mapping[str, str]


def supply_alert(
    kind: SupplyKind, files: Mapping[str, bytes], *, mime_type: str, identifier: str, sender: str, sent: datetime,
    expires: datetime,
) -> Alert:  # fmt: skip
    """The supply as a CAP alert, to be agreed and signed like any other; the files themselves go beside it."""
    return Alert(
        identifier=identifier,
        sender=sender,
        sent=sent,
        status=Status.SYSTEM,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        codes=(CODE,),
        infos=(
            Info(
                language="en",
                categories=(Category.OTHER,),
                event=f"{kind} supply",
                urgency=Urgency.FUTURE,
                severity=Severity.UNKNOWN,
                certainty=Certainty.OBSERVED,
                expires=expires,
                parameters=(Named(value_name="satwarn:kind", value=kind.value),),
                resources=tuple(
                    resource_of(content, description=name, mime_type=mime_type)
                    for name, content in sorted(files.items())
                ),
            ),
        ),
    )


def supply_of(alert: Alert) -> Supply | None:
    """The supply an alert carries, None when it is none; BadAlert when it claims to be one and is not."""
    if CODE not in alert.codes:
        return None
    kind = alert.parameters("satwarn:kind")
    if alert.status is not Status.SYSTEM or len(kind) != 1 or kind[0] not in set(SupplyKind):
        raise BadAlert(
            f"a supply has status System and one satwarn:kind of {', '.join(SupplyKind)}",
            where=f"alert {alert.identifier}",
        )
    files = {resource.description: resource.uri for info in alert.infos for resource in info.resources}
    return Supply(kind=SupplyKind(kind[0]), files=files)
