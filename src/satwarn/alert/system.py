"""What machines say to one another, as CAP alerts of status System: signed and read like any other, never sounded."""

from collections.abc import Iterable
from datetime import datetime

from satwarn.alert.alert import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    Resource,
    Scope,
    Severity,
    Status,
    Urgency,
)


def system_alert(
    code: str,
    event: str,
    *,
    identifier: str,
    sender: str,
    sent: datetime,
    expires: datetime,
    parameters: Iterable[tuple[str, str]],
    urgency: Urgency = Urgency.FUTURE,
    onset: datetime | None = None,
    areas: tuple[Area, ...] = (),
    resources: tuple[Resource, ...] = (),
    note: str = "",
) -> Alert:
    """A message that `code` names, with one info block that holds what it says as parameters (name, value)."""
    return Alert(
        identifier=identifier,
        sender=sender,
        sent=sent,
        status=Status.SYSTEM,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        codes=(code,),
        note=note,
        infos=(
            Info(
                language="en",
                categories=(Category.OTHER,),
                event=event,
                urgency=urgency,
                severity=Severity.UNKNOWN,
                certainty=Certainty.OBSERVED,
                onset=onset,
                expires=expires,
                parameters=tuple(Named(value_name=name, value=value) for name, value in parameters),
                areas=areas,
                resources=resources,
            ),
        ),
    )
