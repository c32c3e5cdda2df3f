"""How the hub answers what is asked wrongly: one form of problem for programs, a page for people, no name too many."""

import re
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from authority.making import drill
from satwarn.alert import cap
from satwarn.app.realm_views import Views
from satwarn.app.sign_in import TRIES
from satwarn.authority.rights import Role, deeds
from satwarn.web.answers import BY_KIND, BY_STATUS
from web.hub import Hub, running
from web.test_api import DRAFT, Program

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
JSON = "application/json"
NONE: dict[str, list[str]] = {"hazards": [], "areas": [], "purposes": [], "paths": []}
RENEWAL = {"certificate": "x", "request": "y", "proof": "00", "version": "1"}
UNSIGNED = cap.write(drill())
WRONG: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "no such page": (404, "GET", "/nope", {}),
    "no such call": (404, "GET", "/api/nope", {}),
    "no such message": (404, "GET", "/cap/none.xml", {}),
    "the framework's own pages": (404, "GET", "/schema", {}),
    "the framework's own description": (404, "GET", "/schema/openapi.json", {}),
    "another method": (405, "DELETE", "/api/warnings", {}),
    "another method on a page of the framework": (405, "POST", "/openapi.json", {}),
    "no key": (401, "GET", "/api/warnings", {}),
    "another key": (403, "GET", "/api/warnings", {"headers": {"authorization": "Bearer x"}}),
    "no JSON": (400, "POST", "/api/enrolments", {"content": b"{"}),
    "other JSON": (400, "POST", "/api/enrolments", {"json": {"x": 1}}),
    "too large": (413, "POST", "/api/alerts", {"content": b"x" * 2_500_000}),
    "nothing": (400, "POST", "/api/alerts", {"content": b""}),
    "a page asked for as JSON": (404, "GET", "/warning/none", {"headers": {"accept": "application/json"}}),
    "another host": (421, "GET", "/healthz", {"headers": {"host": "evil.example"}}),
    "a host that cannot be": (421, "GET", "/healthz", {"headers": {"host": "localhost:99:x"}}),
}


SIGNED_IN: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "a place that is none": (422, "POST", "/api/sites", {"json": {"code": "99999"}}),
    "a scope the key has not": (403, "POST", "/api/people", {"json": {"name": "x", "roles": [], "jurisdiction": NONE}}),
    "a warning that is not there": (404, "GET", "/api/warnings/none", {}),
    "a deed to nothing": (404, "POST", "/api/warnings/none/submit", {"json": {}}),
    "no such deed": (422, "POST", "/api/warnings/{w}/read", {"json": {}}),
    "a deed out of turn": (409, "POST", "/api/warnings/{w}/unlock", {"json": {}}),
    "an assent that is none": (422, "POST", "/api/warnings/{w}/submit", {"json": {"assent": {"by": "x", "proof": ""}}}),
    "an unknown hazard": (422, "POST", "/api/warnings", {"json": {**DRAFT, "hazard": "x"}}),
    "no headline": (422, "POST", "/api/warnings", {"json": {**DRAFT, "said": {}}}),
    "a misspelt field": (400, "POST", "/api/warnings", {"json": {**DRAFT, "hazzard": "x"}}),
    "no body": (400, "POST", "/api/warnings", {}),
    "half a body": (400, "POST", "/api/warnings", {"content": b'{"a"', "headers": {"content-type": JSON}}),
    "XML for JSON": (415, "POST", "/api/warnings", {"content": b"<a/>", "headers": {"content-type": "text/xml"}}),
    "a form for JSON": (415, "POST", "/api/warnings", {"data": {"a": "b"}}),
    "no CAP": (400, "POST", "/api/warnings/cap", {"content": b"<alert/>"}),
    "no XML": (400, "POST", "/api/cap", {"content": b"hello"}),
    "no report": (400, "POST", "/api/launch-reports", {"content": b"x"}),
    "a warning to follow on that is not on air": (409, "POST", "/api/warnings/{w}/follow", {"json": {"does": "clear"}}),
    "to follow in no way": (422, "POST", "/api/warnings/{w}/follow", {"json": {"does": "x"}}),
    "an order that is not there": (409, "POST", "/api/orders/none/revoke", {"json": {}}),
    "no sort": (422, "POST", "/api/frogs/none/revoke", {"json": {}}),
    "no such key": (404, "DELETE", "/api/keys/none", {}),
    "no such site": (404, "DELETE", "/api/sites/none", {}),
    "no such person": (403, "DELETE", "/api/people/none", {}),
    "a number that is none": (400, "GET", "/api/ledger?limit=many", {}),
    "a number out of range": (422, "GET", "/api/ledger?limit=5000", {}),
    "no seal of ours": (422, "POST", "/api/ledger/checkpoints", {"json": {"position": 1, "seal": "", "signature": ""}}),
    "a supply of nothing": (422, "POST", "/api/supplies", {"json": {"name": "x", "kind": "trust"}}),
}
STRANGERS: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "no link": (403, "POST", "/api/first", {"json": {"token": "x", "name": "x"}}),
    "no code": (403, "POST", "/api/sign-in", {"json": {"code": "x", "scopes": ["read"]}}),
    "no invitation": (403, "POST", "/api/enrolments", {"json": {"code": "x", "request": "y", "version": "1"}}),
    "no certificate": (422, "POST", "/api/enrolments/renew", {"json": RENEWAL}),
    "a name no message bears": (404, "GET", "/cap/no-such.xml", {}),
    "nobody's signature": (403, "POST", "/api/alerts", {"content": UNSIGNED}),
}


def is_helpful(answer: httpx.Response, status: int) -> None:
    """A problem of our one form that says what happened and what to do, each in words of its own."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert list(said) == ["title", "status", "detail", "where", "fix"]
    assert said["status"] == status
    assert said["title"] == said["title"].strip("'\"") != ""
    assert len(said["detail"].split()) > 1, said
    assert len(said["fix"].split()) > 1, said
    assert "http" not in answer.text


@pytest.mark.parametrize("name", WRONG | STRANGERS)
def test_every_error_is_a_problem_of_one_form(hub: Hub, name: str) -> None:
    status, method, path, sent = (WRONG | STRANGERS)[name]
    is_helpful(hub.browser().http.request(method, path, **sent), status)


@pytest.fixture(scope="module")
def everything_but_appointing(hub: Hub) -> tuple[Program, str]:
    hub.appoint("Everybody", set(Role) - {Role.MACHINE})
    program = Program(hub, "Everybody", *(set(deeds()) - {"appoint"}))
    return program, str(program.post("/warnings", **DRAFT).json()["subject"])


@pytest.mark.parametrize("name", SIGNED_IN)
def test_whoever_is_known_is_refused_helpfully_too(everything_but_appointing: tuple[Program, str], name: str) -> None:
    program, subject = everything_but_appointing
    status, method, path, sent = SIGNED_IN[name]
    is_helpful(program.http.request(method, path.format(w=subject), **sent), status)


def test_whoever_guesses_is_told_when_to_come_again(tmp_path: Path) -> None:
    with running(tmp_path, sites="0") as hub:
        http = hub.browser().http
        answers = [http.post("/api/sign-in", json={"code": "x", "scopes": ["read"]}) for _ in range(TRIES + 1)]
        is_helpful(answers[-1], 429)
        assert answers[-1].headers["retry-after"] == "60"


def test_every_kind_of_error_has_a_name_and_something_to_do() -> None:
    for _, status, title, fix in BY_KIND:
        assert 400 <= status < 500 or status == 503
        assert title
        assert fix
    assert all(title and detail and fix for title, detail, fix in BY_STATUS.values())


def test_a_request_for_two_hosts_at_once_is_for_none(hub: Hub) -> None:
    with socket.create_connection(("127.0.0.1", hub.port), timeout=20) as one:
        one.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: training.localhost\r\nConnection: close\r\n\r\n"
        )
        said = b""
        while part := one.recv(4096):
            said += part
    assert said.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in said


def test_an_error_says_what_else_to_ask_and_how_to_come_in(hub: Hub) -> None:
    http = hub.browser().http
    assert http.delete("/api/warnings").headers["allow"] == "GET, OPTIONS, POST"
    assert http.post("/").headers["allow"] == "GET, OPTIONS"
    assert http.get("/api/warnings").headers["www-authenticate"].startswith("Bearer")


def test_what_does_not_fit_the_description_is_named(hub: Hub) -> None:
    said = hub.browser().http.post("/api/enrolments", json={"code": "x", "request": "y"}).json()
    assert "version" in said["fix"]
    said = Program(hub, "Tanaka", "read").http.get("/api/ledger?limit=many").json()
    assert said["where"] == "limit"


@pytest.mark.parametrize(("path", "status"), [("/nope", 404), ("/warning/none", 404), ("/desk/nope", 404)])
def test_a_person_who_goes_astray_is_shown_a_page(hub: Hub, path: str, status: int) -> None:
    answer = hub.browser().http.get(path, headers=BROWSER)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_a_fault_of_our_own_is_a_problem_and_is_written_down(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall(*_: object) -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr(Views, "live", fall)
    answer = hub.browser().http.get("/api/alerts")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text
    page = hub.browser().http.get("/", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"][:9]) == (500, "text/html")
    assert "secret of the house" in caplog.text


def test_nothing_of_the_desk_or_for_programs_stays_in_a_cache(hub: Hub) -> None:
    browser, program = hub.browser("Tanaka"), Program(hub, "Tanaka", "read")
    for path in ("/desk", "/desk/people", "/desk/me", "/desk/ledger", "/desk/nope"):
        assert browser.http.get(path).headers["cache-control"] == "no-store", path
    assert hub.browser().http.get("/desk", follow_redirects=False).headers["cache-control"] == "no-store"
    for path in ("/api/warnings", "/api/people", "/api/ledger", "/api/nope"):
        assert program.http.get(path).headers["cache-control"] == "no-store", path
    for path in ("/", "/feed.atom", "/api/alerts?lang=de"):
        assert "set-cookie" not in hub.browser().http.get(path).headers


SMUGGLED = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /desk HTTP/1.1\r\n\r\n",
    "two lengths": b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a length below nothing": b"Content-Length: -4\r\n\r\n",
    "a zero in a header": b"X: a\x00b\r\n\r\n",
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_request_that_two_could_read_differently_is_read_by_nobody(hub: Hub, name: str) -> None:
    with socket.create_connection(("127.0.0.1", hub.port), timeout=20) as one:
        one.sendall(b"POST /api/alerts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + SMUGGLED[name])
        said = b""
        while part := one.recv(4096):
            said += part
    assert re.findall(rb"HTTP/1\.1 (\d+)", said) == [b"400"]


@pytest.mark.parametrize(
    "forged", [b"/warning/%0d%0aSet-Cookie:%20a=b", b"/warning/%00", b"/warning/%ff%fe", b"/cap/%0d%0aX"]
)
def test_no_name_in_an_address_becomes_a_header(hub: Hub, forged: bytes) -> None:
    with httpx.Client(base_url=hub.url, timeout=30) as one:
        answer = one.get(forged.decode())
    assert answer.status_code in (400, 404)
    assert "set-cookie" not in answer.headers
    assert "x" not in answer.headers
