"""Thousands who listen, and people whose office ends while they do: whoever is on duty keeps room, nobody hears on."""

import socket
from collections.abc import Iterator

import pytest

from satwarn.authority.rights import Role
from satwarn.web import public_pages
from web.hub import Hub, until
from web.test_api import Program


@pytest.fixture
def doors(hub: Hub) -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    yield opened
    for one in opened:
        one.close()


def listen(hub: Hub) -> tuple[socket.socket, bytes]:
    one = socket.create_connection(("127.0.0.1", hub.port), timeout=30)
    one.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return one, one.recv(200)


def test_a_crowd_that_listens_keeps_nobody_from_the_desk(
    hub: Hub, doors: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_pages, "MOST_LISTENING", 20)
    for _ in range(20):
        one, said = listen(hub)
        doors.append(one)
        assert said.startswith(b"HTTP/1.1 200")
    until(lambda: len(public_pages._crowd) == 20)
    answer = hub.browser().http.get("/events")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "feed.atom" in answer.json()["detail"]
    assert hub.browser("Mori").get("/desk").url.path == "/desk"
    for one in doors:
        one.close()
    until(lambda: not public_pages._crowd)
    one, said = listen(hub)
    doors.append(one)
    assert said.startswith(b"HTTP/1.1 200")


def alive(one: socket.socket) -> bool:
    """Whether a connection is answered, to the last line."""
    one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    said = b""
    while not said.endswith(b"ok\n") and (part := one.recv(4096)):
        said += part
    return b"200 OK" in said


def test_connections_that_ask_nothing_make_room_for_those_that_do(
    hub: Hub, doors: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("satwarn.web.haste.MOST_IDLE", 5)
    for _ in range(12):
        one = socket.create_connection(("127.0.0.1", hub.port), timeout=30)
        doors.append(one)
        assert alive(one)
    assert doors[0].recv(10) == b""  # the longest idle was ended
    assert alive(doors[-1])


@pytest.mark.parametrize("way", ["session", "key"])
def test_whoever_is_dismissed_hears_no_more(hub: Hub, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_pages, "STILL_EVERY_S", -1.0)
    name = f"Abe {way}"
    hub.appoint(name, {Role.APPROVER})
    if way == "session":
        http, path = hub.browser(name).http, "/desk/events"
    else:
        http, path = Program(hub, name, "read").http, "/api/events"
    with http.stream("GET", path) as answer:
        lines = answer.iter_lines()
        assert "listening" in next(lines)
        hub.record("dismiss", f"person/{name}", {})
        hub.record("secret", "x", {})
        heard = list(lines)  # ends, where it went on for ever
    assert not any("secret" in line for line in heard)


def test_an_open_page_is_no_sign_that_somebody_is_there(hub: Hub) -> None:
    browser = hub.browser("Sato")
    token = next(one.value for one in browser.http.cookies.jar if one.name == "satwarn_desk")
    seen = dict(hub.live.door._seen)
    assert not hub.live.door.lasts(str(token), agent="another")
    hub.live.door.lasts(str(token), agent="")
    assert hub.live.door._seen == seen
