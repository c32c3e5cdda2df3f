"""A POST with an Idempotency-Key is carried out once, however often it comes, and its secrets are kept nowhere."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from satwarn.adapters.ledger.sqlite import read_only
from satwarn.app.realm import Realm
from satwarn.authority.rights import Role, deeds
from satwarn.web.one_answer import KEPT
from web.hub import Hub, running
from web.test_api import DRAFT, Program

EVERYTHING = {"hazards": ["*"], "areas": ["*"], "purposes": ["exercise"], "paths": ["ground"]}
MAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "a person": ("/people", {"name": "Abe", "roles": ["author"], "jurisdiction": EVERYTHING}),
    "a key": ("/keys", {"person": "Everybody", "scopes": ["read"]}),
    "an invitation": ("/sites", {"code": "31201"}),
    "a warning": ("/warnings", DRAFT),
    "a template": ("/templates", {"name": "test", "draft": {**DRAFT, "codes": []}}),
}
SHOWN_ONCE = {
    *("/api/first", "/api/sign-in", "/api/keys", "/api/keys/rotate", "/api/sites"),
    *("/api/people", "/api/partners", "/api/appointments/{name}/agree"),
}
SECRETS = {"a person", "a key", "an invitation"}


@pytest.fixture(scope="module")
def everybody(hub: Hub) -> Program:
    hub.appoint("Everybody", set(Role) - {Role.MACHINE})
    return Program(hub, "Everybody", *deeds())


def keyed(program: Program, path: str, key: str, body: Any) -> httpx.Response:
    return program.http.post(f"/api{path}", json=body, headers={"idempotency-key": key})


def written(hub: Hub) -> Counter[str]:
    kinds = (entry.kind for entry in hub.live.realm.reader.since())
    return Counter(kind for kind in kinds if kind not in ("receipt", "transmit", "hear site"))


@pytest.mark.parametrize("name", MAKES)
def test_what_is_made_under_a_key_is_made_once_and_answered_again(hub: Hub, everybody: Program, name: str) -> None:
    path, body = MAKES[name]
    first = keyed(everybody, path, f"make {name}", body)
    assert first.status_code == 201, first.text
    before = written(hub)
    again = keyed(everybody, path, f"make {name}", body)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (again.headers.get("idempotency-replayed"), first.headers.get("idempotency-replayed")) == ("true", None)
    other = keyed(everybody, path, f"make {name}", {**body, "name": "Other", "code": "31202", "minutes": 7})
    assert other.status_code == 409, other.text
    assert other.json()["fix"]
    elsewhere = keyed(everybody, "/warnings/none/submit", f"make {name}", body)
    assert elsewhere.status_code == 409
    assert written(hub) == before


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_is_shown_again_for_ten_minutes_and_written_down_nowhere(
    hub: Hub, everybody: Program, name: str
) -> None:
    path, body = MAKES[name]
    body = body | ({"name": "Baba"} if name == "a person" else {})
    first = keyed(everybody, path, f"secret of {name}", body)
    secret = first.json().get("code") if name == "a person" else next(reversed(first.json().values()))
    assert len(secret) > 15
    assert all(secret not in entry.text for entry in hub.live.realm.reader.since())
    hub.clock.ahead += timedelta(minutes=11)
    try:
        before = written(hub)
        later = keyed(everybody, path, f"secret of {name}", body)
        assert (later.status_code, later.headers["content-type"]) == (409, "application/problem+json")
        assert "new key" in later.json()["fix"]
        assert written(hub) == before
    finally:
        hub.clock.ahead -= timedelta(minutes=11)


def test_racing_requests_under_one_key_do_the_thing_once(hub: Hub, everybody: Program) -> None:
    before = written(hub)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keyed(everybody, "/warnings", "race", DRAFT), range(16)))
    assert {(one.status_code, one.content) for one in made} == {(201, made[0].content)}
    assert written(hub) - before == Counter({"draft": 1, "answer": 2})


def test_an_exchanged_key_is_told_again_what_it_was_exchanged_for(hub: Hub) -> None:
    program = Program(hub, "Tanaka", "read")
    first, again = (program.http.post("/api/keys/rotate", headers={"idempotency-key": "r"}) for _ in range(2))
    assert again.json() == first.json()
    assert program.http.post("/api/keys/rotate", headers={"idempotency-key": "s"}).status_code == 403


def test_whoever_signs_in_by_a_code_may_ask_again_but_nobody_else(hub: Hub) -> None:
    http = hub.browser().http
    body = {"code": hub.code("Mori"), "scopes": ["read"]}
    first, again = (http.post("/api/sign-in", json=body, headers={"idempotency-key": "1"}) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    other = http.post("/api/sign-in", json={**body, "code": hub.code("Mori")}, headers={"idempotency-key": "1"})
    assert other.status_code == 201, "the key of one stranger is no other stranger's"
    assert http.post("/api/sign-in", json=body, headers={"idempotency-key": "2"}).status_code == 403


def test_a_key_is_its_callers_own(hub: Hub, everybody: Program) -> None:
    author, reader = Program(hub, "Tanaka", "read", "draft"), Program(hub, "Tanaka", "read")
    subject = keyed(author, "/warnings", "mine", DRAFT).json()["subject"]
    assert keyed(everybody, "/warnings", "mine", DRAFT).json()["subject"] != subject
    assert keyed(reader, "/warnings", "mine", DRAFT).status_code == 403
    assert keyed(Program(hub, "Tanaka", "read", "draft"), "/warnings", "mine", DRAFT).json()["subject"] == subject


def test_a_request_that_was_refused_and_wrote_nothing_may_be_mended(hub: Hub, everybody: Program) -> None:
    assert keyed(everybody, "/warnings", "mended", {**DRAFT, "hazard": "x"}).status_code == 422
    assert keyed(everybody, "/warnings", "mended", DRAFT).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x80b"])
def test_a_key_that_cannot_be_one_is_refused(everybody: Program, key: str) -> None:
    headers = {b"idempotency-key": key.encode("latin-1")}
    said = everybody.http.post("/api/warnings", json=DRAFT, headers=headers)  # type: ignore[arg-type]  # bytes do
    assert (said.status_code, said.json()["where"]) == (422, "Idempotency-Key")


@contextmanager
def once_more(folder: Path, secret: str) -> Iterator[Program]:
    """The same hub, begun anew, and the same program."""
    with running(folder, people=False, sites="0") as hub:
        program = Program.__new__(Program)
        program.person, program.hub, program.http = "Everybody", hub, hub.browser().http
        program.http.headers["authorization"] = secret
        yield program


def test_answers_outlive_the_hub_and_so_does_what_it_could_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, people=False, sites="0") as hub:
        hub.appoint("Everybody", set(Role) - {Role.MACHINE})
        program = Program(hub, "Everybody", *deeds())
        secret = program.http.headers["authorization"]
        first = keyed(program, "/warnings", "1", DRAFT)
        assert keyed(program, "/people", "2", MAKES["a person"][1]).status_code == 201
        die_before_the_answer_is_kept(monkeypatch)
        lost = keyed(program, "/warnings", "3", {**DRAFT, "minutes": 31})
        assert lost.status_code == 500
        assert keyed(program, "/templates", "4", MAKES["a template"][1]).status_code == 500
        monkeypatch.undo()
    with once_more(tmp_path, secret) as program:
        before = written(program.hub)
        assert keyed(program, "/warnings", "1", DRAFT).content == first.content
        made = keyed(program, "/people", "2", MAKES["a person"][1])
        assert (made.status_code, "secret" in made.json()["detail"]) == (409, True)
        stands = keyed(program, "/warnings", "3", {**DRAFT, "minutes": 31})
        assert (stands.status_code, stands.json()["state"]) == (201, "draft")
        assert stands.json() == program.http.get(f"/api/warnings/{stands.json()['subject']}").json()
        unknown = keyed(program, "/templates", "4", MAKES["a template"][1])
        assert (unknown.status_code, unknown.json()["where"]) == (409, "template/test")
        assert written(program.hub) == before
    assert len(list(read_only(tmp_path / "live" / "ledger.db"))) == before.total()


def die_before_the_answer_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Realm.record

    def record(realm: Realm, kind: str, subject: str, body: dict[str, Any], **by: str) -> Any:
        if kind == "answer" and "status" in body:
            raise SystemError("the plug was pulled")
        return kept(realm, kind, subject, body, **by)

    monkeypatch.setattr(Realm, "record", record)


def test_every_post_is_known_to_show_a_secret_or_not(hub: Hub) -> None:
    described = hub.browser().http.get("/openapi.json").json()["paths"]
    posts = {path for path, operations in described.items() if "post" in operations}
    assert posts == KEPT | SHOWN_ONCE
    assert not KEPT & SHOWN_ONCE


def test_the_description_names_the_key(hub: Hub) -> None:
    described = hub.browser().http.get("/openapi.json").json()["paths"]
    for path, operations in described.items():
        for method, operation in operations.items():
            named = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"]
            assert named == (["Idempotency-Key"] if method == "post" and path != "/api/cap" else []), (method, path)
