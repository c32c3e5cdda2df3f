"""Objects, losses and forgeries to test the wide band with."""

import random
import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert import cap, seal
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
from satwarn.alert.heartbeat import Heartbeat, heartbeat_alert
from satwarn.alert.seal import Trust

NOON = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
SENDER = "drill@satwarn.example"
SERVICE = 0x5A57


def made_key(sender: str = SENDER) -> SigningKey:
    return make_signing_key(sender, now=NOON, valid_days=7)


def trust_of(key: SigningKey, sender: str = SENDER) -> Trust:
    return Trust.of([(sender, key.certificate_pem)])


def made_alert(
    identifier="one",
    *,
    sent=NOON,
    lasts=timedelta(hours=1),
    text="This is a drill.",
    resources: tuple[Resource, ...] = (),
) -> Alert:
    return Alert(
        identifier=identifier,
        sender=SENDER,
        sent=sent,
        status=Status.EXERCISE,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        infos=(
            Info(
                categories=(Category.SAFETY,),
                event="drill",
                urgency=Urgency.IMMEDIATE,
                severity=Severity.MINOR,
                certainty=Certainty.OBSERVED,
                expires=sent + lasts,
                description=text,
                parameters=(Named(value_name="satwarn:purpose", value="exercise"),),
                resources=resources,
                areas=(Area(description="Tottori", geocodes=(Named(value_name="JISX0401", value="31"),)),),
            ),
        ),
    )


def signed(alert: Alert, key: SigningKey) -> bytes:
    return seal.sign(cap.write(alert), key_pem=key.key_pem, certificate_pem=key.certificate_pem)


def signed_heartbeat(key: SigningKey, *, sent: datetime, position: int, aboard: Iterable[str] = ()) -> bytes:
    heartbeat = Heartbeat(sent=sent, position=position, aboard=tuple(aboard))
    return signed(heartbeat_alert(heartbeat, sender=SENDER), key)


def loses(share: float, *, seed: int) -> Callable[[bytes], bool]:
    """Whether a datagram is lost, by chance."""
    chance = random.Random(seed).random
    return lambda datagram: chance() < share


def with_length(datagram: bytes, length: int) -> bytes:
    """The datagram, said to belong to an object of another length (the 48 bits of its FTI)."""
    at = datagram.index(b"\x40\x03", 12)
    return datagram[: at + 2] + struct.pack(">Q", length)[2:] + datagram[at + 8 :]


def with_payload(datagram: bytes, payload: bytes) -> bytes:
    """The datagram with other content in the same place."""
    return datagram[: len(datagram) - len(payload)] + payload
