"""The heartbeat: a signed word, once a minute, that the wide band lives, and what is on it.

It travels as a CAP alert of status System and never sounds. It carries the ledger's position, which only grows, so that
yesterday's session played again is known for what it is.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from satwarn.alert.alert import Alert, Status, Urgency
from satwarn.alert.system import system_alert
from satwarn.errors import BadAlert

CODE = "satwarn:heartbeat"
EVERY = timedelta(minutes=1)
LASTS = timedelta(minutes=3)  # two may be lost; the third that is missing is an alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """At `sent`, with the ledger at `position`, these messages (SHA-256 of their bytes, hex) are on the wide band."""

    sent: datetime
    position: int
    aboard: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.position < 0:
            raise BadAlert(f"a ledger position of {self.position} cannot be", where="heartbeat")


def heartbeat_alert(heartbeat: Heartbeat, *, sender: str) -> Alert:
    """The heartbeat as a CAP alert, to be signed like any other."""
    return system_alert(
        CODE,
        "heartbeat",
        identifier=f"heartbeat-{heartbeat.position}",
        sender=sender,
        sent=heartbeat.sent,
        expires=heartbeat.sent + LASTS,
        urgency=Urgency.UNKNOWN,
        parameters=[
            ("satwarn:position", str(heartbeat.position)),
            *(("satwarn:aboard", _short(digest)) for digest in heartbeat.aboard),
        ],
    )


def heartbeat_of(alert: Alert) -> Heartbeat | None:
    """The heartbeat an alert carries, None when it is none; BadAlert when it claims to be one and is not."""
    if CODE not in alert.codes:
        return None
    position = alert.parameters("satwarn:position")
    if alert.status is not Status.SYSTEM or len(position) != 1 or not position[0].isdecimal():
        raise BadAlert(
            "a heartbeat has status System and one satwarn:position, a whole number", where=f"alert {alert.identifier}"
        )
    aboard = tuple(_long(short) for short in alert.parameters("satwarn:aboard"))
    return Heartbeat(sent=alert.sent, position=int(position[0]), aboard=aboard)


def _short(digest: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip("=")


def _long(short: str) -> str:
    try:
        return base64.urlsafe_b64decode(short + "=" * (-len(short) % 4)).hex()
    except ValueError:
        raise BadAlert(f"{short!r} is no digest", where="satwarn:aboard") from None
