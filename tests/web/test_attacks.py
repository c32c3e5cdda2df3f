"""What somebody tries who should not get through: each attack, and what is left afterwards."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any

import httpx
import pytest

from satwarn.adapters import clock
from satwarn.alert.lifecycle import State
from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.officer import Role
from satwarn.authority.rights import rights
from satwarn.ledger.chain import verify
from satwarn.ledger.receipt import Path
from web.hub import EXERCISE, Browser, Hub, deeds
from web.test_api import DRAFT, Program

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def author(hub: Hub) -> Program:
    return Program(hub, "Tanaka", "read", "draft", "change", "submit", "issue", "unlock retraction", "retract", "keep")


@pytest.fixture(scope="module")
def approver(hub: Hub) -> Program:
    return Program(hub, "Sato", "read", "approve", "issue")


def submitted(author: Program, **changes: Any) -> str:
    made = author.post("/warnings", **{**DRAFT, **changes})
    assert made.status_code == 201, made.text
    subject: str = made.json()["subject"]
    assert author.post(f"/warnings/{subject}/submit").status_code == 200
    return subject


# ── sessions and forms ───────────────────────────────────────────────────────────────────────────


def test_fixation_a_session_brought_along_is_never_taken_up(hub: Hub) -> None:
    victim = hub.browser()
    victim.http.cookies.set("satwarn_desk", "planted", domain="localhost.local", path="/desk")
    victim.get("/desk/sign-in")
    victim.submit("/desk/sign-in", code=hub.code("Tanaka"))
    mine = {cookie.value for cookie in victim.http.cookies.jar if cookie.name == "satwarn_desk"} - {"planted"}
    assert len(mine) == 1
    attacker = hub.browser()
    attacker.http.cookies.set("satwarn_desk", "planted", domain="localhost.local", path="/desk")
    assert attacker.get("/desk").url.path == "/desk/sign-in"


def test_the_cookie_is_kept_from_scripts_other_sites_and_other_pages(hub: Hub) -> None:
    browser = hub.browser()
    browser.get("/desk/sign-in")
    answer = browser.http.post("/desk/sign-in", data={"code": hub.code("Tanaka")}, follow_redirects=False)
    said = answer.headers["set-cookie"].lower()
    assert all(word in said for word in ("httponly", "samesite=strict", "path=/desk"))


def test_a_stolen_cookie_at_another_browser_is_worth_nothing(hub: Hub) -> None:
    one = hub.browser("Tanaka")
    thief = hub.browser()
    thief.http.headers["user-agent"] = "somebody else's"
    thief.http.cookies = one.http.cookies
    assert thief.get("/desk").url.path == "/desk/sign-in"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
    ],
    ids=["another origin", "cross-site", "the sandbox", "no origin"],
)
def test_csrf_another_sites_form_is_refused(hub: Hub, headers: dict[str, str]) -> None:
    browser, code = hub.browser("Tanaka"), hub.code("Sato")
    browser.get("/desk/compose")
    csrf = browser.tree.xpath("//input[@name='csrf']/@value")[0]
    before = deeds(hub)
    assert browser.http.post("/desk/compose", data={**EXERCISE, "csrf": csrf}, headers=headers).status_code == 403
    for path in ("sign-in", "sign-in/ask", "first"):  # nor does it bring anybody in under another's name
        refused = browser.http.post(f"/desk/{path}", data={"code": code, "name": "Sato"}, headers=headers)
        assert (refused.status_code, "came from" in refused.text) == (403, True), path
    assert deeds(hub) == before


def test_csrf_a_form_without_our_token_is_refused(hub: Hub) -> None:
    browser, other = hub.browser("Tanaka"), hub.browser("Sato")
    other.get("/desk/compose")
    (theirs,) = set(other.tree.xpath("//input[@name='csrf']/@value"))
    before = deeds(hub)
    for csrf in ("", "guess", theirs):
        assert browser.http.post("/desk/compose", data={**EXERCISE, "csrf": csrf}).status_code == 403
    assert deeds(hub) == before


def test_sessions_end_when_idle_and_after_their_day(hub: Hub) -> None:
    browser = hub.browser("Tanaka")
    hub.clock.ahead += timedelta(minutes=31)
    try:
        assert browser.get("/desk").url.path == "/desk/sign-in"
    finally:
        hub.clock.ahead -= timedelta(minutes=31)


def test_a_code_works_once_even_when_it_is_used_twice_at_the_same_time(hub: Hub) -> None:
    code = hub.code("Tanaka")
    browsers = [hub.browser() for _ in range(4)]

    def come_in(browser: Browser) -> str:
        answer = browser.http.post("/desk/sign-in", data={"code": code}, follow_redirects=False)
        return str(answer.status_code)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(come_in, browsers)) == ["303", "403", "403", "403"]


def test_a_new_list_of_codes_ends_the_old_one(hub: Hub) -> None:
    hub.appoint("Ueda", {Role.AUDITOR})
    browser, old = hub.browser("Ueda"), hub.code("Ueda")
    browser.get("/desk/me")
    browser.submit("/desk/me/codes")
    assert hub.browser().http.post("/desk/sign-in", data={"code": old}).status_code in (403, 429)


def test_guessing_is_slowed_and_never_locks_the_duty_officer_out(hub: Hub) -> None:
    browser = hub.browser()
    answers = [browser.http.post("/desk/sign-in", data={"code": f"guess-{n}"}).status_code for n in range(25)]
    assert answers[0] == 403
    assert answers[-1] == 429
    duty = hub.browser("Mori")
    assert duty.get("/desk").url.path == "/desk"
    stranger = Program(hub, "Mori", "read")
    right, wrong = stranger.http.headers["authorization"], "Bearer guess"
    asked = [stranger.http.get("/api/warnings", headers={"authorization": key}).status_code for key in (wrong, right)]
    assert asked == [429, 200]


# ── what people wrote ────────────────────────────────────────────────────────────────────────────


def test_stored_markup_in_every_field_is_shown_as_text(hub: Hub, author: Program) -> None:
    said = {tag: dict.fromkeys(("headline", "description", "instruction"), MARKUP) for tag in ("en", "ja")}
    subject = author.post("/warnings", **{**DRAFT, "said": said}).json()["subject"]
    browser = hub.browser("Tanaka")
    for path in (f"/desk/w/{subject}", f"/desk/w/{subject}/edit", "/desk", "/desk/ledger"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert not browser.tree.xpath("//img")
        assert "script-src 'self'" in page.headers["content-security-policy"]


def test_stored_markup_in_every_element_of_a_cap_file(hub: Hub, author: Program) -> None:
    template = author.http.get("/api/warnings").json()[-1]["cap"]
    taken = 0
    for element in ("headline", "instruction", "areaDesc", "note", "event", "responseType", "expires"):
        tag = f"<{element}>"
        made = template.replace(f"{tag}", f"{tag}{MARKUP.replace('<', '&lt;')}", 1)
        answer = author.http.post("/api/warnings/cap", content=made.encode())
        if answer.status_code != 201:
            assert answer.status_code in (400, 422)
            continue
        taken += 1
        browser = hub.browser("Tanaka")
        page = browser.get(f"/desk/w/{answer.json()['subject']}")
        assert "<script>alert" not in page.text
        assert not browser.tree.xpath("//img")
    assert taken >= 5


def test_nothing_in_an_alert_makes_the_hub_ask_another_host(author: Program) -> None:
    caught = socket.socket()
    caught.bind(("127.0.0.1", 0))
    caught.listen()
    caught.settimeout(0.3)
    port = caught.getsockname()[1]
    cap = author.http.get("/api/warnings").json()[-1]["cap"]
    for lure in (
        f'<!DOCTYPE alert SYSTEM "http://127.0.0.1:{port}/x.dtd">',
        f'<!DOCTYPE alert [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/x">]>',
    ):
        body = cap.replace("<alert", lure + "<alert", 1)
        assert author.http.post("/api/warnings/cap", content=body.encode()).status_code in (400, 422)
    web = f"<web>http://127.0.0.1:{port}/page</web><area>"
    author.http.post("/api/warnings/cap", content=cap.replace("<area>", web, 1).encode())
    with pytest.raises(TimeoutError):
        caught.accept()
    caught.close()


# ── addresses and bodies ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fserver.py",
        "/static/%2e%2e/server.py",
        "/cap/..%2f..%2fledger.db",
        "/cap/hub-key.pem",
        "/warning/..%2f..",
        "/static/desk.js%00.css",
    ],
)
def test_path_tricks_lead_nowhere(hub: Hub, path: str) -> None:
    answer = hub.browser().http.get(path)
    assert answer.status_code in (400, 404)
    assert "PRIVATE KEY" not in answer.text


def test_an_unknown_host_name_is_not_answered(hub: Hub) -> None:
    assert hub.browser().http.get("/", headers={"host": "evil.example"}).status_code == 421


def test_an_oversized_body_is_refused(author: Program) -> None:
    assert author.http.post("/api/warnings/cap", content=b"<alert>" + b"x" * 3_000_000).status_code == 413


def test_a_tangle_of_a_polygon_holds_nobody_up(author: Program) -> None:
    random = Random(5)
    points = [f"{35 + random.random():.5f},{134 + random.random():.5f}" for _ in range(600)]
    begun = clock.stopwatch()
    made = author.post("/warnings", **{**DRAFT, "codes": [], "polygons": [" ".join([*points, points[0]])]})
    assert made.status_code == 201, made.text
    assert clock.stopwatch() - begun < 20  # once it took minutes, and the whole hub with it


def test_a_slow_body_is_cut_off_and_others_are_served(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satwarn.web.patience.WITHIN_S", 0.5)
    slow = socket.create_connection(("127.0.0.1", hub.port))
    slow.sendall(b"POST /api/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n<")
    begun = clock.stopwatch()
    assert hub.browser().http.get("/healthz").status_code == 200
    slow.settimeout(8)
    slow.recv(1000)
    assert clock.stopwatch() - begun < 8
    slow.close()


@pytest.fixture
def hasty(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], socket.socket]]:
    """A hub that expects a head within a moment; call it to begin one and not to end it."""
    monkeypatch.setattr("satwarn.web.haste.HEAD_WITHIN_S", 0.5)
    opened: list[socket.socket] = []

    def begin(head: bytes) -> socket.socket:
        opened.append(one := socket.create_connection(("127.0.0.1", hub.port), timeout=20))
        one.sendall(head)
        return one

    yield begin
    for one in opened:
        one.close()


def all_of(one: socket.socket) -> bytes:
    """What it is sent until the other end hangs up, which it must within the socket's patience."""
    said = b""
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        while part := one.recv(4096):
            said += part
    return said


def dribble(slow: socket.socket, drop: bytes) -> None:
    """Drop after drop, until the other end has had enough."""
    slow.settimeout(0.02)
    begun = clock.stopwatch()
    while clock.stopwatch() - begun < 20:
        slow.sendall(drop)
        with contextlib.suppress(TimeoutError):
            slow.recv(4096)


ANSWERED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [b"", b"G", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"\r\n", ANSWERED + b"GET / HT"],
    ids=["nothing", "one letter", "half a head", "an empty line", "half a second head"],
)
def test_a_slow_head_is_cut_off(hasty: Callable[[bytes], socket.socket], hub: Hub, head: bytes) -> None:
    slow = hasty(head)
    assert hub.browser().http.get("/healthz").status_code == 200
    said = all_of(slow)
    assert said.count(b"200 OK") == (1 if head.startswith(ANSWERED) else 0)
    assert said.count(b"408 Request Timeout") == 1


def test_a_head_that_is_dribbled_is_cut_off_while_it_grows(hasty: Callable[[bytes], socket.socket]) -> None:
    slow = hasty(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        dribble(slow, b"X-Drop: drop\r\n")


def test_a_body_that_goes_on_after_its_answer_is_cut_off(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satwarn.web.patience.WITHIN_S", 0.2)
    monkeypatch.setattr("satwarn.web.haste.BODY_GRACE_S", 0.3)
    with socket.create_connection(("127.0.0.1", hub.port), timeout=20) as slow:
        slow.sendall(b"POST /no-such-page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            dribble(slow, b"x")


def test_a_head_without_end_is_refused_before_it_fills_the_memory(hub: Hub) -> None:
    with socket.create_connection(("127.0.0.1", hub.port), timeout=20) as one:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000)
        assert b"431 " in all_of(one)


def test_many_slow_heads_do_not_keep_others_out(
    hasty: Callable[[bytes], socket.socket], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("satwarn.web.haste.HEAD_WITHIN_S", 60.0)
    monkeypatch.setattr("satwarn.web.haste.MOST_WAITING", 5)
    monkeypatch.setattr("satwarn.web.haste.SETTLED_S", 0.0)
    slow = [hasty(b"GET / HTTP/1.1\r\n") for _ in range(12)]
    assert hub.browser().http.get("/healthz").status_code == 200
    assert b"408 " in all_of(slow[0])
    slow[-1].sendall(b"Host: localhost\r\n\r\n")
    assert slow[-1].recv(4096).startswith(b"HTTP/1.1 200")


# ── approvals ────────────────────────────────────────────────────────────────────────────────────


def test_a_replayed_approval_is_worth_nothing(hub: Hub, author: Program, approver: Program) -> None:
    subject, other = submitted(author), submitted(author)
    stands = approver.http.get(f"/api/warnings/{subject}").json()
    proof = hub.keys["Sato"].sign(stands["statement"].encode()).hex()
    body = {"digest": stands["digest"], "assent": {"by": "key", "proof": proof}}
    assert approver.post(f"/warnings/{other}/approve", **body).status_code == 403
    assert approver.post(f"/warnings/{subject}/approve", **body).status_code == 200
    assert approver.post(f"/warnings/{subject}/approve", **body).status_code == 409


def test_a_code_that_agreed_once_agrees_to_nothing_more(hub: Hub, author: Program, approver: Program) -> None:
    code, subjects = hub.code("Sato"), [submitted(author) for _ in range(2)]

    def agree(subject: str, assent: str) -> int:
        digest = approver.http.get(f"/api/warnings/{subject}").json()["digest"]
        body = {"digest": digest, "assent": {"by": "code", "proof": assent}}
        return approver.post(f"/warnings/{subject}/approve", **body).status_code

    assert agree(subjects[0], hub.code("Tanaka")) == 403  # somebody else's
    assert [agree(subject, code) for subject in subjects] == [200, 403]
    refused = hub.browser().http.post("/desk/sign-in", data={"code": code}).status_code
    assert refused in (403, 429)  # nor lets anybody in; 429 after the guesses of another test


def test_a_yes_that_was_taken_back_is_not_played_again(hub: Hub, author: Program) -> None:
    """Who holds a program's key reads old assents in the ledger; the same text laid before them anew asks for anew."""
    approver = Program(hub, "Sato", "read", "approve", "refuse")
    subject = submitted(author)
    stands = approver.http.get(f"/api/warnings/{subject}").json()
    body = {"digest": stands["digest"], "assent": approver.signs(stands["statement"])}
    assert approver.post(f"/warnings/{subject}/approve", **body).status_code == 200
    assert approver.post(f"/warnings/{subject}/refuse", reason="not so").status_code == 200
    author.post(f"/warnings/{subject}/submit")
    again = approver.http.get(f"/api/warnings/{subject}").json()
    assert (again["state"], again["digest"]) == ("submitted", stands["digest"])
    assert approver.post(f"/warnings/{subject}/approve", **body).status_code == 403
    assert approver.approve(subject).status_code == 200


def test_racing_approvals_and_issues_issue_once(hub: Hub, author: Program, approver: Program) -> None:
    subject = submitted(author)
    stands = approver.http.get(f"/api/warnings/{subject}").json()
    proof = hub.keys["Sato"].sign(stands["statement"].encode()).hex()
    body = {"digest": stands["digest"], "assent": {"by": "key", "proof": proof}, "at_once": True}

    def race(_: int) -> int:
        with httpx.Client(base_url=hub.url, headers=approver.http.headers, timeout=20) as one:
            return one.post(f"/api/warnings/{subject}/approve", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(race, range(8)))
    assert answers == [200] + [409] * 7
    kinds = [entry.kind for entry in hub.live.realm.reader.of(subject)]
    assert (kinds.count("approve"), kinds.count("issue")) == (1, 1)


def test_an_approval_while_the_draft_changes_never_approves_the_other_text(
    hub: Hub, author: Program, approver: Program
) -> None:
    subject = submitted(author)
    stands = approver.http.get(f"/api/warnings/{subject}").json()
    proof = hub.keys["Sato"].sign(stands["statement"].encode()).hex()
    body = {"digest": stands["digest"], "assent": {"by": "key", "proof": proof}}
    start = threading.Barrier(2)

    def change() -> None:
        start.wait()
        author.http.put(f"/api/warnings/{subject}", json={**DRAFT, "minutes": 45})

    def approve() -> None:
        start.wait()
        approver.post(f"/warnings/{subject}/approve", **body)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(change), pool.submit(approve)]:
            done.result()
    found = hub.live.realm.desk.stands(subject)
    assert found.state is State.DRAFT or found.approved_digest == found.digest


def test_idor_a_name_from_elsewhere_opens_nothing(hub: Hub, author: Program) -> None:
    tokyo = Jurisdiction(
        hazards=frozenset("*"),
        areas=frozenset({"13"}),
        purposes=frozenset({"exercise"}),
        paths=frozenset(Path),  # type: ignore[arg-type]
    )
    hub.appoint("Elsewhere", {Role.AUTHOR, Role.APPROVER}, tokyo)
    stranger = Program(hub, "Elsewhere", *sorted(rights()[Role.AUTHOR] | rights()[Role.APPROVER]))
    subject = submitted(author)
    for deed in ("refuse", "drop", "submit", "adopt"):
        assert stranger.post(f"/warnings/{subject}/{deed}", reason="mine now").status_code in (403, 409)
    assert stranger.http.put(f"/api/warnings/{subject}", json=DRAFT).status_code == 403
    assert stranger.approve(subject).status_code == 403
    assert hub.live.realm.desk.stands(subject).state is State.SUBMITTED


def test_a_stolen_key_of_a_program_approves_nothing_by_itself(hub: Hub, author: Program, approver: Program) -> None:
    subject = submitted(author)
    stands = approver.http.get(f"/api/warnings/{subject}").json()
    for assent in (
        None,
        {"by": "key", "proof": "00" * 64},
        {"by": "code", "proof": "AAAA-AAAA"},
        {"by": "passkey", "proof": "{}"},
    ):
        answer = approver.post(f"/warnings/{subject}/approve", digest=stands["digest"], assent=assent)
        assert answer.status_code == 403, answer.text


def test_a_clock_that_jumps_neither_issues_nor_breaks_the_chain(hub: Hub, author: Program, approver: Program) -> None:
    subject = submitted(author)
    hub.clock.ahead -= timedelta(days=1)
    try:
        assert approver.approve(subject).status_code == 200
        answer = author.post(f"/warnings/{subject}/issue")
        assert answer.status_code in (200, 403, 409)
    finally:
        hub.clock.ahead += timedelta(days=1)
    verify(hub.live.realm.reader.since())


def test_the_sandbox_shares_nothing_with_the_live_realm(hub: Hub) -> None:
    browser = hub.browser("Tanaka")
    cookie = next(one.value for one in browser.http.cookies.jar if one.name == "satwarn_desk")
    answer = hub.browser().http.get(
        "/desk",
        headers={"host": f"training.localhost:{hub.port}", "cookie": f"satwarn_desk={cookie}"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    live, sandbox = hub.house.live.realm, hub.house.sandbox.realm
    assert live.key.certificate_pem != sandbox.key.certificate_pem
    assert live.settings.sender != sandbox.settings.sender
