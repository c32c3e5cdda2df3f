"""The whole way by programs only; and what a program may not."""

from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from satwarn.authority.rights import Role
from web.hub import Hub, until

DRAFT: dict[str, Any] = {
    "hazard": "system-test",
    "purpose": "exercise",
    "severity": "Minor",
    "minutes": 30,
    "codes": ["31"],
    "said": {"en": {"headline": "Test of the warning system", "instruction": "You need not do anything."}},
}


class Program:
    def __init__(self, hub: Hub, person: str, *scopes: str) -> None:
        browser = hub.browser()
        self.person, self.hub, self.http = person, hub, browser.http
        self.http.headers["authorization"] = f"Bearer {hub.api_key(person, *scopes)}"

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/api{path}", json=body)

    def signs(self, statement: str) -> dict[str, str]:
        """An assent by the person's own key."""
        return {"by": "key", "proof": self.hub.keys[self.person].sign(statement.encode()).hex()}

    def approve(self, subject: str, **more: Any) -> httpx.Response:
        stands = self.http.get(f"/api/warnings/{subject}").json()
        body = {"digest": stands["digest"], "assent": self.signs(stands["statement"]), **more}
        return self.post(f"/warnings/{subject}/approve", **body)


@pytest.fixture(scope="module")
def author(hub: Hub) -> Program:
    return Program(hub, "Tanaka", "read", "draft", "change", "submit", "issue", "unlock retraction", "retract")


@pytest.fixture(scope="module")
def approver(hub: Hub) -> Program:
    return Program(hub, "Sato", "read", "approve", "issue")


def test_from_draft_to_retraction(hub: Hub, author: Program, approver: Program) -> None:
    drafted = author.post("/warnings", **DRAFT)
    assert drafted.status_code == 201, drafted.text
    subject = drafted.json()["subject"]
    assert author.post(f"/warnings/{subject}/submit").json()["state"] == "submitted"
    issued = approver.approve(subject, at_once=True)
    assert issued.json()["state"] == "on air", issued.text
    identifier = issued.json()["identifier"]
    assert author.http.get(f"/cap/{identifier}.xml").headers["content-type"].startswith("application/cap+xml")
    assert identifier in author.http.get("/feed.atom").text
    until(lambda: bool(hub.live.realm.views.transmissions))
    assert author.post(f"/warnings/{subject}/unlock").status_code == 200
    assert author.post(f"/warnings/{subject}/retract", reason="by mistake").json()["state"] == "retracted"


def test_the_same_key_drafts_once(author: Program) -> None:
    headers = {"idempotency-key": "one"}
    first = author.http.post("/api/warnings", json=DRAFT, headers=headers).json()
    again = author.http.post("/api/warnings", json=DRAFT, headers=headers).json()
    assert first["subject"] == again["subject"]
    other = author.http.post("/api/warnings", json={**DRAFT, "minutes": 31}, headers=headers)
    assert other.status_code == 409
    assert other.headers["content-type"].startswith("application/problem+json")


def test_a_deed_that_is_asked_for_twice_is_done_once_and_answered_twice(
    hub: Hub, author: Program, approver: Program
) -> None:
    subject = author.post("/warnings", **DRAFT).json()["subject"]
    author.post(f"/warnings/{subject}/submit")
    stands = approver.http.get(f"/api/warnings/{subject}").json()
    proof = hub.keys["Sato"].sign(stands["statement"].encode()).hex()
    body = {"digest": stands["digest"], "assent": {"by": "key", "proof": proof}, "at_once": True}
    headers = {"idempotency-key": "yes, once"}
    ask = partial(approver.http.post, f"/api/warnings/{subject}/approve", headers=headers)
    first, again = ask(json=body), ask(json=body)
    assert (first.status_code, again.status_code) == (200, 200), again.text
    assert again.json() == first.json()
    assert ask(json={**body, "reason": "other"}).status_code == 409
    other = approver.http.post(f"/api/warnings/{subject}/approve", json=body)
    assert other.status_code == 409
    kinds = [entry.kind for entry in hub.live.realm.reader.of(subject)]
    assert (kinds.count("approve"), kinds.count("issue")) == (1, 1)


def test_a_key_may_do_no_more_than_its_scopes(hub: Hub, approver: Program) -> None:
    assert approver.post("/warnings", **DRAFT).status_code == 403
    only_reading = Program(hub, "Tanaka", "read")
    assert only_reading.post("/warnings", **DRAFT).status_code == 403
    subject = Program(hub, "Tanaka", "draft").post("/warnings", **DRAFT).json()["subject"]
    assert only_reading.post(f"/warnings/{subject}/submit").status_code == 403
    assert only_reading.http.put(f"/api/warnings/{subject}", json=DRAFT).status_code == 403
    assert only_reading.post(f"/warnings/{subject}/drop", reason="mine").status_code == 403


def test_a_key_that_may_approve_may_not_therefore_issue(hub: Hub, author: Program) -> None:
    subject = author.post("/warnings", **DRAFT).json()["subject"]
    author.post(f"/warnings/{subject}/submit")
    assert Program(hub, "Sato", "read", "approve").approve(subject, at_once=True).status_code == 403
    assert author.http.get(f"/api/warnings/{subject}").json()["state"] == "submitted"


def test_nobody_revokes_anothers_key_without_the_right(hub: Hub) -> None:
    made = Program(hub, "Mori", "read").post("/keys", person="Mori", scopes=["read"]).json()
    assert Program(hub, "Sato", "read", "approve").http.delete(f"/api/keys/{made['id']}").status_code == 403
    bearer = {"authorization": f"Bearer {made['secret']}"}
    with httpx.Client(base_url=hub.url, headers=bearer, timeout=30) as own:
        assert own.get("/api/warnings").status_code == 200
        assert own.delete(f"/api/keys/{made['id']}").status_code == 204
        assert own.get("/api/warnings").status_code == 403


def test_a_rotated_key_stops_working(hub: Hub) -> None:
    program = Program(hub, "Tanaka", "read")
    made = program.post("/keys/rotate").json()
    assert program.http.get("/api/warnings").status_code == 403
    program.http.headers["authorization"] = f"Bearer {made['secret']}"
    assert program.http.get("/api/warnings").status_code == 200
    assert program.post("/warnings", **DRAFT).status_code == 403  # the same deeds as before, and no more


def test_a_key_may_no_more_than_its_person_still_may(hub: Hub) -> None:
    hub.appoint("Oda", {Role.AUDITOR})
    program = Program(hub, "Oda", "read", "export")
    assert program.http.get("/api/ledger/export").status_code == 200
    hub.appoint("Oda", {Role.AUTHOR})
    assert program.http.get("/api/ledger/export").status_code == 403
    assert program.http.get("/api/warnings").status_code == 200


def test_a_key_that_has_run_out_or_whose_person_left(hub: Hub) -> None:
    hub.appoint("Temp", {next(iter(hub.live.realm.views.roster["Tanaka"].roles))})
    program = Program(hub, "Temp", "read")
    assert program.http.get("/api/warnings").status_code == 200
    hub.clock.ahead += timedelta(days=2)
    assert program.http.get("/api/warnings").status_code == 403
    hub.clock.ahead -= timedelta(days=2)
    hub.record("dismiss", "person/Temp", {})
    assert program.http.get("/api/warnings").status_code == 403


def test_the_description_is_openapi_3_1_and_names_no_other_host(author: Program) -> None:
    described = author.http.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/warnings" in described["paths"]
    assert "http" not in author.http.get("/").text.replace("http-equiv", "")
