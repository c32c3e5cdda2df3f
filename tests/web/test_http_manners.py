"""How the hub answers what is asked wrongly: one form of problem for programs, a page for people, no name too many."""

import re
import socket
from typing import Any

import httpx
import pytest

from satwarn.app.realm_views import Views
from web.hub import Hub
from web.test_api import Program

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
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
    "no place": (422, "POST", "/api/sites", {"json": {"code": "99999"}}),
    "a page asked for as JSON": (404, "GET", "/warning/none", {"headers": {"accept": "application/json"}}),
    "another host": (421, "GET", "/healthz", {"headers": {"host": "evil.example"}}),
    "a host that cannot be": (421, "GET", "/healthz", {"headers": {"host": "localhost:99:x"}}),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_error_is_a_problem_of_one_form(hub: Hub, name: str) -> None:
    status, method, path, sent = WRONG[name]
    http = Program(hub, "Tanaka", "enrol site").http if status == 422 else hub.browser().http
    answer = http.request(method, path, **sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["title"]
    assert "http" not in answer.text


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
