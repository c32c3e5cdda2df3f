"""A receiver joins, renews, is revoked; a launch report, a partner's alert, a standing order at the desk."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from satwarn.adapters import clock
from satwarn.adapters.keys import make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.lifecycle import State
from satwarn.app.compose import Composed, Said, compose
from satwarn.app.site_enrolment import renew_on_line
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.rights import Role
from satwarn.errors import NotAllowed
from web.hub import Hub
from web.test_api import Program

REPORT = Path(__file__).parents[1] / "authority" / "launch"
AGENCY = "quakes@agency.example"
KEY = make_signing_key(AGENCY, now=clock.now())


def a_request(name: str = "whatever") -> tuple[ec.EllipticCurvePrivateKey, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return key, made.public_bytes(serialization.Encoding.PEM).decode()


def test_a_site_enrols_once_renews_and_is_revoked(hub: Hub) -> None:
    admin = Program(hub, "Tanaka", "enrol site", "read")
    duty = Program(hub, "Mori", "revoke site")
    code = admin.post("/sites", code="31202").json()["invitation"]
    key, request = a_request("another name")
    answer = admin.post("/enrolments", code=code, request=request, version="0.1.0")
    assert answer.status_code == 201, answer.text
    certificate = x509.load_pem_x509_certificate(answer.json()["certificate"].encode())
    assert certificate.subject.rfc4514_string() == "CN=31202"
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    authority = x509.load_pem_x509_certificate(answer.json()["trust"][1].encode())
    certificate.verify_directly_issued_by(authority)
    assert admin.post("/enrolments", code=code, request=request, version="0.1.0").status_code == 403

    def renew(held: ec.EllipticCurvePrivateKey, present: str) -> Any:
        new_key, new_request = a_request()
        proof = held.sign(new_request.encode(), ec.ECDSA(hashes.SHA256())).hex()
        body = {"certificate": present, "request": new_request, "proof": proof, "version": "0.1.0"}
        return new_key, admin.http.post("/api/enrolments/renew", json=body)

    hub.clock.ahead += timedelta(days=400)
    try:
        assert renew(key, answer.json()["certificate"])[1].status_code == 403  # run out: a new code is needed
    finally:
        hub.clock.ahead -= timedelta(days=400)
    realm = hub.live.realm
    with pytest.raises(NotAllowed, match="not one that holds here"):  # a line whose certificate is of another time
        realm.submit(lambda: renew_on_line(realm, "31202", "ab" * 32, a_request()[1], "0.1.0")).result()
    _, stolen = renew(ec.generate_private_key(ec.SECP256R1()), answer.json()["certificate"])
    assert stolen.status_code == 403
    new_key, renewed = renew(key, answer.json()["certificate"])
    assert renewed.status_code == 201
    newer_key, newer = renew(key, answer.json()["certificate"])  # the answer was lost: the old one counts until then
    assert newer.status_code == 201
    assert renew(new_key, renewed.json()["certificate"])[1].status_code == 403
    new_key, renewed = newer_key, newer
    used = x509.load_pem_x509_certificate(newer.json()["certificate"].encode()).fingerprint(hashes.SHA256()).hex()
    hub.record("hear site", "site/31202", {"connected": True, "fingerprint": used})
    assert renew(key, answer.json()["certificate"])[1].status_code == 403
    assert duty.http.delete("/api/sites/31202").status_code == 204
    assert renew(new_key, renewed.json()["certificate"])[1].status_code == 403


def test_a_request_that_its_key_did_not_sign_is_certified_by_nobody(hub: Hub) -> None:
    code = Program(hub, "Tanaka", "enrol site").post("/sites", code="31203").json()["invitation"]
    data = x509.load_pem_x509_csr(a_request("whatever")[1].encode()).public_bytes(serialization.Encoding.DER)
    forged = x509.load_der_x509_csr(data.replace(b"whatever", b"whoever!")).public_bytes(serialization.Encoding.PEM)
    with httpx.Client(base_url=hub.url, timeout=30) as one:
        body = {"code": code, "request": forged.decode(), "version": "0.1.0"}
        answer = one.post("/api/enrolments", json=body)
        assert (answer.status_code, "not signed by its own key" in answer.text) == (422, True)
        honest = one.post("/api/enrolments", json=body | {"request": a_request()[1]})
        assert honest.status_code == 201  # the code was not spent


def test_an_invitation_of_a_site_that_was_revoked_opens_nothing(hub: Hub) -> None:
    admin = Program(hub, "Tanaka", "enrol site")
    code = admin.post("/sites", code="31204").json()["invitation"]
    assert Program(hub, "Mori", "revoke site").http.delete("/api/sites/31204").status_code == 204
    assert admin.post("/enrolments", code=code, request=a_request()[1], version="0.1.0").status_code == 403


def test_a_launch_report_becomes_a_proposal_of_the_machine_or_a_draft_of_an_officer(hub: Hub) -> None:
    report = (REPORT / "2017-08-29.toml").read_bytes()
    hub.appoint("radar", {Role.MACHINE})
    radar = Program(hub, "radar", "propose")
    proposed = radar.http.post("/api/launch-reports", content=report)
    assert proposed.status_code == 201, proposed.text
    assert (proposed.json()["state"], proposed.json()["way"]) == ("proposed", "parallel")
    drafted = Program(hub, "Tanaka", "draft").http.post("/api/launch-reports", content=report)
    assert drafted.json()["state"] == "draft"


def partners_alert(hub: Hub, **changes: Any) -> bytes:
    form = Composed(
        hazard="tsunami",
        purpose="real",
        severity="Severe",
        minutes=30,
        codes=("31",),
        said={"en": Said(headline="Tsunami", description="Waves of 3 m.", instruction="Go to high ground.")},
    )
    now = hub.clock()
    alert = replace(compose(form, sender=AGENCY, now=now), identifier=f"q-{now.timestamp()}", **changes)
    return seal.sign(cap.write(alert), key_pem=KEY.key_pem, certificate_pem=KEY.certificate_pem)


@pytest.fixture(scope="module")
def partner(hub: Hub) -> Program:
    admin = Program(hub, "Tanaka", "appoint")
    held = EVERYWHERE.to_json()
    body = {"sender": AGENCY, "certificate": KEY.certificate_pem.decode(), "jurisdiction": held}
    assert admin.post("/partners", **body).status_code == 201
    return Program(hub, "Tanaka")


def test_a_partners_alert_waits_for_people_and_is_known_again(hub: Hub, partner: Program) -> None:
    data = partners_alert(hub)
    taken = partner.http.post("/api/alerts", content=data)
    assert taken.status_code == 202, taken.text
    assert hub.live.realm.desk.stands(taken.json()["subject"]).state is State.PROPOSED
    assert partner.http.post("/api/alerts", content=data).json()["repeated"] is True
    broken = data.replace(b"3 m", b"9 m")
    assert partner.http.post("/api/alerts", content=broken).status_code == 403


def test_a_standing_order_signed_by_two_lets_it_out_and_one_person_stops_it(hub: Hub, partner: Program) -> None:
    first = Program(hub, "Sato", "read", "write order", "sign order", "revoke order")
    second = Program(hub, "Mori", "read", "sign order", "revoke order")
    now = hub.clock()
    body = {
        "name": "tsunami",
        "sources": [AGENCY],
        "jurisdiction": EVERYWHERE.to_json(),
        "valid_from": (now - timedelta(days=1)).isoformat(),
        "valid_until": (now + timedelta(days=30)).isoformat(),
        "most_places": 5,
    }
    asked = first.post("/orders", **body)
    assert asked.status_code == 403, asked.text
    written = first.post("/orders", **body, assent=first.signs(asked.json()["fix"].partition("key under ")[2]))
    assert written.status_code == 201, written.text
    content = {"digest": written.json()["digest"]}
    assert (
        first.post("/orders/tsunami/sign", **content, assent=first.signs(written.json()["statement"])).status_code
        == 403
    )
    waits = partner.http.post("/api/alerts", content=partners_alert(hub))
    assert waits.json()["order"] == ""
    (listed,) = second.http.get("/api/orders").json()
    assert listed["content"] == written.json()["content"]
    signed = second.post("/orders/tsunami/sign", digest=listed["digest"], assent=second.signs(listed["statement"]))
    assert signed.json()["stage"] == "in force", signed.text
    hub.clock.ahead += timedelta(seconds=1)
    taken = partner.http.post("/api/alerts", content=partners_alert(hub))
    assert taken.json()["order"] == "tsunami", taken.text
    assert hub.live.realm.desk.stands(taken.json()["subject"]).state is State.ON_AIR
    assert second.post("/orders/tsunami/revoke", reason="false reports").json()["stage"] == "revoked"
    hub.clock.ahead += timedelta(seconds=1)
    assert partner.http.post("/api/alerts", content=partners_alert(hub)).json()["order"] == ""
