"""The glass is broken: third parties hear of it by mail and by webhook, or the desk sees that they did not."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from satwarn.adapters import post
from satwarn.adapters.post import SIGNATURE, Hook, Smtp, Unreached
from satwarn.alert.lifecycle import State
from satwarn.app.hub_settings import HubSettings, ThirdParty, read, settings
from satwarn.errors import BadSetting
from web.conftest import free_port
from web.hub import Hub, running, until

SECRET = b"thirty-two bytes of a shared secret!"
MISSILE: dict[str, Any] = {
    "purpose": "real",
    "hazard": "missile",
    "severity": "Severe",
    "minutes": "10",
    "code": ["31"],
    "headline_en": "Missile launched",
    "headline_ja": "ミサイル発射",
    "instruction_en": "Take shelter.",
    "instruction_ja": "直ちに避難。",
}


class Post:
    """A mail server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[tuple[Post, Smtp]]:
    handler, port = Post(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, Smtp(host="127.0.0.1", port=port, sender="hub@satwarn.example")
    finally:
        controller.stop()


@contextmanager
def hook_server(*answers: int) -> Iterator[tuple[list[tuple[dict[str, str], bytes]], str]]:
    """Answers with each status in turn, then with the last of them again and again."""
    heard: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers[min(len(heard), len(answers)) - 1])
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield heard, f"http://127.0.0.1:{server.server_address[1]}/alarm?x=1"
    finally:
        server.shutdown()
        server.server_close()


def break_the_glass(hub: Hub) -> str:
    author, duty = hub.browser("Tanaka"), hub.browser("Mori")
    author.get("/desk/compose")
    author.submit("/desk/compose", **MISSILE)
    subject = author.path.rpartition("/")[2]
    author.submit("/submit")
    hub.clock.ahead += timedelta(seconds=31)
    duty.get(f"/desk/w/{subject}")
    duty.submit("/break-glass", code=hub.code("Mori"), reason="nobody answers\r\nBcc: all@evil.example")
    assert hub.live.realm.desk.stands(subject).state is State.ON_AIR, duty.problem
    return subject


def rows(hub: Hub, subject: str) -> dict[tuple[str, str], tuple[bool, bool]]:
    return {(r.party, r.by): (r.delivered, r.is_final) for r in hub.live.realm.views.alarms_of(subject)}


def test_both_ways_reach_them_and_the_ledger_says_so(tmp_path: Path) -> None:
    with mail_server() as (post_office, smtp), hook_server(503, 200) as (heard, address):
        crisis = ThirdParty(
            name="Crisis centre",
            mail="duty@crisis.example",
            hook=Hook(address=address, secret=SECRET, private=True),
            language="ja",
        )
        with running(tmp_path, sites="0", told=HubSettings(mail=smtp, alarm=(crisis,))) as hub:
            assert hub.live.alarm
            hub.live.alarm.waits_s = (0.01, 0.01)
            subject = break_the_glass(hub)
            done = (True, True)
            until(lambda: rows(hub, subject) == {("Crisis centre", "mail"): done, ("Crisis centre", "webhook"): done})
            ((to, letter),) = post_office.letters
            assert to == ["duty@crisis.example"]
            assert "Bcc" not in letter
            assert "Missile launched" in letter["subject"]
            text = letter.get_content()
            assert "Mori" in text
            assert f"/desk/w/{subject}" in text
            assert len(heard) == 2  # the first was refused with 503, so it came again
            headers, body = heard[-1]
            stamp, _, mac = headers[SIGNATURE].partition(",v1=")
            signed = stamp.removeprefix("t=").encode() + b"." + body
            assert hmac.new(SECRET, signed, hashlib.sha256).hexdigest() == mac
            told = json.loads(body)
            assert (told["event"], told["by"], told["subject"]) == ("break glass", "Mori", subject)
            assert heard[0][0]["Satwarn-Number"] == headers["Satwarn-Number"]
            officer = hub.browser("Ito")
            assert "Crisis centre was told by mail" in officer.get(f"/desk/w/{subject}").text
            assert "was not told" not in officer.get("/desk").text
            kinds = [e.body["delivered"] for e in hub.live.realm.reader.of(subject) if e.kind == "alarm"]
            assert sorted(kinds) == [False, True, True]


def test_what_cannot_be_reached_is_seen_and_the_warning_is_out_all_the_same(tmp_path: Path) -> None:
    with hook_server(302) as (heard, address):
        parties = (
            ThirdParty(name="Moved", hook=Hook(address=address, secret=SECRET, private=True)),
            ThirdParty(name="Nobody", mail="a@b.example"),
            ThirdParty(
                name="Inside",
                hook=Hook(address="https://localhost/x", secret=SECRET),
            ),
        )
        smtp = Smtp(host="127.0.0.1", port=free_port(), sender="hub@satwarn.example")
        with running(tmp_path, sites="0", told=HubSettings(mail=smtp, alarm=parties)) as hub:
            assert hub.live.alarm
            hub.live.alarm.waits_s = (0.01,)
            subject = break_the_glass(hub)
            lost = (False, True)
            wanted = {("Moved", "webhook"): lost, ("Nobody", "mail"): lost, ("Inside", "webhook"): lost}
            until(lambda: rows(hub, subject) == wanted)
            assert len(heard) == 1  # a redirect is not followed, and not asked again
            page = hub.browser("Ito").get("/desk").text
            assert "Moved was not told by webhook" in page
            assert "Given up: telephone them" in page
            assert "which is not outside" in page


def test_what_was_not_settled_is_taken_up_again_by_the_next_start(tmp_path: Path) -> None:
    with mail_server() as (post_office, smtp):
        party = ThirdParty(name="Crisis centre", mail="duty@crisis.example")
        closed = Smtp(host="127.0.0.1", port=free_port(), sender=smtp.sender)
        with running(tmp_path, sites="0", told=HubSettings(mail=closed, alarm=(party,))) as hub:
            subject = break_the_glass(hub)
            until(lambda: rows(hub, subject) == {("Crisis centre", "mail"): (False, False)})
            assert "It is tried again" in hub.browser("Ito").get("/desk").text
        with running(tmp_path, sites="0", people=False, told=HubSettings(mail=smtp, alarm=(party,))) as hub:
            until(lambda: rows(hub, subject) == {("Crisis centre", "mail"): (True, True)})
        with running(tmp_path, sites="0", people=False, told=HubSettings(mail=smtp, alarm=(party,))) as hub:
            assert rows(hub, subject) == {("Crisis centre", "mail"): (True, True)}
        assert len(post_office.letters) == 1


def test_nobody_configured_is_said_before_the_glass_is_broken(tmp_path: Path) -> None:
    with running(tmp_path, sites="0") as hub:
        author, duty = hub.browser("Tanaka"), hub.browser("Mori")
        author.get("/desk/compose")
        author.submit("/desk/compose", **MISSILE)
        subject = author.path.rpartition("/")[2]
        author.submit("/submit")
        assert "No third party is configured" in duty.get(f"/desk/w/{subject}").text


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0",
        "fc00::1", "::ffff:127.0.0.1", "224.0.0.1", "100.64.0.1",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_outside(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(post.socket, "create_connection", lambda at, *_: asked.append(at))
    monkeypatch.setattr(post.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 443))])
    with pytest.raises(Unreached, match="not outside"):
        Hook(address="https://partner.example/x", secret=SECRET).send(b"{}", number="1")
    assert asked == []


def test_one_of_our_own_among_a_name_s_addresses_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, 0, 0, "", (one, 443)) for one in ("93.184.215.14", "127.0.0.1")]
    monkeypatch.setattr(post.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Unreached, match=r"127\.0\.0\.1, which is not outside"):
        Hook(address="https://partner.example/x", secret=SECRET).send(b"{}", number="1")


def test_the_name_is_resolved_once_and_that_address_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.215.14", "127.0.0.1"])
    asked: list[Any] = []

    def connect(at: Any, *_: Any) -> Any:
        asked.append(at)
        raise ConnectionRefusedError

    monkeypatch.setattr(post.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (next(answers), 443))])
    monkeypatch.setattr(post.socket, "create_connection", connect)
    with pytest.raises(Unreached):
        Hook(address="https://partner.example/x", secret=SECRET).send(b"{}", number="1")
    assert asked == [("93.184.215.14", 443)]


@pytest.mark.parametrize(
    "address", ["http://partner.example/", "file:///etc/passwd", "https://", "https://a:b@c.example/"]
)
def test_only_plain_https_addresses_are_asked(address: str) -> None:
    with pytest.raises(Unreached, match="no https address"):
        Hook(address=address, secret=SECRET).send(b"{}", number="1")


GOOD = """
[mail]
host = "mail.example"
sender = "hub@authority.example"
user = "hub"
password_file = "mail.secret"

[[alarm]]
name = "Crisis centre"
mail = "duty@crisis.example"
language = "ja"

[[alarm]]
name = "Ministry"
webhook = "https://ministry.example/alarm"
secret_file = "ministry.secret"
"""


def test_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "mail.secret").write_text("word\n")
    (tmp_path / "ministry.secret").write_bytes(SECRET)
    file = tmp_path / "hub.toml"
    file.write_text(GOOD)
    found = read(file)
    assert found.mail == Smtp(
        host="mail.example", sender="hub@authority.example", port=587, starttls=True, user="hub", password="word"
    )
    assert [one.name for one in found.alarm] == ["Crisis centre", "Ministry"]
    with pytest.raises(BadSetting, match="no such file"):
        read(tmp_path / "none.toml")


def test_the_example_of_the_manual_is_good(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "hub-toml.md").read_text(encoding="utf-8")
    (tmp_path / "hub.toml").write_text(page.partition("```toml\n")[2].partition("```")[0])
    for name in ("mail", "ministry", "sso"):
        (tmp_path / f"{name}.secret").write_bytes(SECRET)
    found = read(tmp_path / "hub.toml")
    assert found.origin == "https://warn.example"
    assert found.sso
    assert found.sso.table[0].jurisdiction.areas == {"31"}
    with running(tmp_path / "data", sites="0", people=False, told=found) as hub:
        assert hub.house.live.origin == "https://warn.example"
        assert hub.house.sandbox.origin == "https://training.warn.example"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"alarms": []}, "no 'alarms' here"),
        ({"origin": "https://a.example/desk"}, "no origin"),
        ({"alarm": {"name": "x"}}, "double brackets"),
        ({"alarm": [{"name": "x"}]}, "could not be told"),
        ({"alarm": [{"name": "x", "mail": "a@b.example"}]}, "need a mail server"),
        ({"alarm": [{"name": "x", "webhook": "http://b.example/"}]}, "no https address"),
        ({"alarm": [{"name": "x", "webhook": "https://b.example/", "secret_file": "none"}]}, "cannot be read"),
        ({"alarm": [{"name": "x", "webhook": "https://b.example/", "secret_file": "short"}]}, "bytes"),
        ({"mail": {"host": "m", "sender": "nobody"}}, "no mail address"),
        ({"mail": {"host": "m", "sender": "a@b.example", "user": "u", "starttls": False}}, "in the clear"),
        ({"mail": {"host": "m", "sender": "a@b.example", "port": 0}}, "no port"),
        ({"mail": {"sender": "a@b.example"}}, "is missing"),
    ],
)
def test_what_is_wrong_in_it_is_named(tmp_path: Path, raw: dict[str, Any], says: str) -> None:
    (tmp_path / "short").write_text("secret")
    with pytest.raises(BadSetting, match=says):
        settings(raw, folder=tmp_path)
