"""Makes alerts to test with, and keys for the run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from satwarn.alert.alert import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from satwarn.area.shape import Circle, Polygon

NOON = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
SENDER = "warning@satwarn.example"


@dataclass(frozen=True)
class Signer:
    key_pem: bytes
    certificate_pem: bytes


def make_signer(name="satwarn test", *, since=NOON - timedelta(days=1), until=NOON + timedelta(days=1)) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Signer(private, certificate.public_bytes(pem))


def make_info(language="en-US", **more) -> Info:
    given = {
        "language": language,
        "categories": (Category.SECURITY,),
        "event": "Missile launch drill",
        "response_types": (ResponseType.SHELTER, ResponseType.MONITOR),
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.EXTREME,
        "certainty": Certainty.LIKELY,
        "event_codes": (Named(value_name="satwarn:hazard", value="8"),),
        "effective": NOON,
        "onset": NOON.astimezone(timezone(timedelta(hours=9))),
        "expires": NOON + timedelta(hours=1),
        "sender_name": "Example authority",
        "headline": "This is a drill. これは訓練です。",
        "description": "A test of the warning system & nothing else, 3 < 4.",
        "instruction": "Take no action.",
        "web": "https://satwarn.example/drill",
        "contact": "duty@satwarn.example",
        "parameters": (Named(value_name="satwarn:frame", value="53B0"), Named(value_name="empty", value="")),
        "resources": (
            Resource(description="sign", mime_type="image/png", size_bytes=3, uri="a.png", deref_uri="AAAA"),
        ),
        "areas": (
            Area(
                description="Tottori",
                polygons=(Polygon(points=((35.0, 133.0), (35.5, 133.0), (35.5, 134.25), (35.0, 133.0))),),
                circles=(Circle(latitude_deg=35.3, longitude_deg=134.0, radius_km=12.5),),
                geocodes=(Named(value_name="JISX0401", value="31"),),
                altitude_ft=0.0,
                ceiling_ft=9842.5197,
            ),
        ),
    }
    return Info(**(given | more))


def make_alert(**more) -> Alert:
    given = {
        "identifier": "satwarn-2017-08-18-1",
        "sender": SENDER,
        "sent": NOON,
        "status": Status.EXERCISE,
        "msg_type": MsgType.ALERT,
        "scope": Scope.PUBLIC,
        "source": "the desk",
        "addresses": ("one@a.example", "two words"),
        "codes": ("purpose:exercise",),
        "note": "drill of the day",
        "incidents": ("spring drill", "day-1"),
        "infos": (make_info(), make_info("ja", headline="これは訓練です。")),
    }
    return Alert(**(given | more))
