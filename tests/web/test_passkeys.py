"""A passkey made of code that lies as no honest one would: each lie alone is refused; an honest answer counts once."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from satwarn.alert.lifecycle import State
from satwarn.authority.rights import Role
from web.hub import Browser, Hub
from web.test_api import Program
from web.test_attacks import submitted

PRESENT, VERIFIED = 1, 4


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Passkey:
    """Signs whatever it is asked, as ES256 authenticators do; its counter rises with each answer unless told."""

    hub: Hub
    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    count: int = 5

    @property
    def id(self) -> str:
        return b64(f"passkey of {self.name}".encode())

    def enrol(self) -> "Passkey":
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        body = {"id": self.id, "public_key": b64(cbor2.dumps(cose)), "sign_count": self.count, "label": "of a test"}
        self.hub.record("enrol passkey", f"person/{self.name}", body)
        return self

    def answer(self, challenge: bytes, **lie: Any) -> str:
        self.count = lie.get("count", self.count + 1)
        client = {
            "type": lie.get("kind", "webauthn.get"),
            "challenge": b64(challenge),
            "origin": lie.get("origin", self.hub.live.origin),
        }
        said = json.dumps(client).encode()
        flags = lie.get("flags", PRESENT | VERIFIED)
        host = hashlib.sha256(lie.get("host", "localhost").encode()).digest()
        device = host + bytes([flags]) + self.count.to_bytes(4, "big")
        signer: ec.EllipticCurvePrivateKey = lie.get("key", self.key)
        signed = signer.sign(device + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": b64(said), "authenticatorData": b64(device), "signature": b64(signed)}
        number = lie.get("id", self.id)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})


@pytest.fixture(scope="module")
def sato(hub: Hub) -> Passkey:
    return Passkey(hub, "Sato").enrol()


@pytest.fixture(scope="module")
def mori(hub: Hub) -> Passkey:
    return Passkey(hub, "Mori").enrol()


# ── coming in ────────────────────────────────────────────────────────────────────────────────────


def asked(browser: Browser) -> bytes:
    challenge: str = browser.http.post("/desk/sign-in/ask").json()["challenge"]
    return base64.urlsafe_b64decode(challenge + "==")


def come_in(browser: Browser, answer: str) -> int:
    return browser.http.post("/desk/sign-in", data={"answer": answer}, follow_redirects=False).status_code


@contextmanager
def later(hub: Hub, **more: float) -> Iterator[None]:
    ahead = timedelta(**more)
    hub.clock.ahead += ahead
    try:
        yield
    finally:
        hub.clock.ahead -= ahead


def test_an_honest_answer_lets_in_once(hub: Hub, sato: Passkey) -> None:
    browser = hub.browser()
    answer = sato.answer(asked(browser))
    assert [come_in(browser, answer) for _ in range(2)] == [303, 403]
    again = hub.browser()
    assert come_in(again, sato.answer(asked(again))) == 303
    assert again.get("/desk").url.path == "/desk"


def test_a_counter_that_stands_still_is_a_copy_of_the_key(hub: Hub, sato: Passkey) -> None:
    browser = hub.browser()
    assert come_in(browser, sato.answer(asked(browser))) == 303
    assert come_in(browser, sato.answer(asked(browser), count=sato.count)) == 403
    assert come_in(browser, sato.answer(asked(browser))) == 303


def test_a_passkey_that_counts_nothing_answers_each_question_once(hub: Hub) -> None:
    """Those that are kept with a provider, for all devices of a person, always show 0."""
    hub.appoint("Nara", {Role.APPROVER})
    nara, browser = Passkey(hub, "Nara", count=0).enrol(), hub.browser()
    answer = nara.answer(asked(browser), count=0)
    assert [come_in(browser, answer) for _ in range(2)] == [303, 403]
    assert come_in(browser, nara.answer(asked(browser), count=0)) == 303


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://training.localhost"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"kind": "webauthn.create"},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"count": 5},
        {"count": 0},
        {"id": b64(b"nobody's")},
    ],
    ids=lambda lie: next(f"{name} {value if isinstance(value, str | int) else ''}" for name, value in lie.items()),
)
def test_every_lie_in_an_answer_is_refused(hub: Hub, sato: Passkey, lie: dict[str, Any]) -> None:
    browser, before = hub.browser(), sato.count
    assert come_in(browser, sato.answer(asked(browser), **lie)) == 403
    sato.count = before
    assert come_in(browser, sato.answer(asked(browser))) == 303


def test_a_question_nobody_asked_or_too_long_ago_has_no_answer(hub: Hub, sato: Passkey) -> None:
    browser = hub.browser()
    assert come_in(browser, sato.answer(b"a question of my own")) == 403
    question = asked(browser)
    with later(hub, minutes=6):
        assert come_in(browser, sato.answer(question)) == 403
    question = asked(browser)
    with later(hub, minutes=4):
        assert come_in(browser, sato.answer(question)) == 303


def test_the_passkey_of_somebody_dismissed_is_none_even_when_appointed_again(hub: Hub) -> None:
    hub.appoint("Kobe", {Role.APPROVER})
    kobe, browser = Passkey(hub, "Kobe").enrol(), hub.browser()
    assert come_in(browser, kobe.answer(asked(browser))) == 303
    hub.record("dismiss", "person/Kobe", {})
    assert come_in(browser, kobe.answer(asked(browser))) == 403
    hub.appoint("Kobe", {Role.APPROVER})
    assert come_in(browser, kobe.answer(asked(browser))) == 403


# ── agreeing ─────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_agrees_to_one_text_of_one_warning_in_ones_own_name(hub: Hub, sato: Passkey, mori: Passkey) -> None:
    author = Program(hub, "Tanaka", "read", "draft", "submit")
    approver = Program(hub, "Sato", "read", "approve")
    subject, other = submitted(author), submitted(author)

    def question(subject: str) -> bytes:
        stands = approver.http.get(f"/api/warnings/{subject}").json()
        return hashlib.sha256(stands["statement"].encode()).digest()

    def agree(subject: str, answer: str) -> int:
        digest = approver.http.get(f"/api/warnings/{subject}").json()["digest"]
        body = {"digest": digest, "assent": {"by": "passkey", "proof": answer}}
        return approver.post(f"/warnings/{subject}/approve", **body).status_code

    assert agree(subject, mori.answer(question(subject))) == 403
    assert agree(subject, mori.answer(question(subject), id=sato.id)) == 403
    assert agree(subject, sato.answer(question(other))) == 403
    assert agree(subject, sato.answer(asked(hub.browser()))) == 403
    honest = sato.answer(question(subject))
    assert [agree(name, honest) for name in (other, subject)] == [403, 200]
    assert hub.live.realm.desk.stands(subject).state is State.APPROVED
    assert hub.live.realm.desk.stands(other).state is State.SUBMITTED
