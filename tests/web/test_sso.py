"""Single sign-on, against a real provider on this machine and against one that lies in every way it can."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from lxml import html

from satwarn.adapters.clock import now
from satwarn.adapters.oidc import Oidc, Provider, ask
from satwarn.app.hub_settings import settings
from satwarn.authority.rights import Role
from satwarn.errors import BadSetting, Missing, NotAllowed
from web.conftest import free_port
from web.hub import Browser, Hub, running, until

TABLE = [
    {
        "group": "desk",
        "roles": ["author"],
        "hazards": ["*"],
        "areas": ["*"],
        "purposes": ["exercise"],
        "paths": ["ground"],
    },
    {
        "group": "watch",
        "roles": ["approver", "duty-officer"],
        "hazards": ["*"],
        "areas": ["31"],
        "purposes": ["exercise"],
    },
]
SECRET = Path(tempfile.mkdtemp()) / "client.secret"
SECRET.write_text("a secret the provider takes")
BACK = "http://localhost:9/desk/sso/back"


def told(issuer: str, /, **more: Any) -> Any:
    return settings(
        {"sso": {"issuer": issuer, "client_id": "satwarn", "label": "Login", "group": TABLE, **more}}, folder=Path()
    )


# ── a real provider ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider `oidc-provider-mock` in a process of its own."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        until(lambda: answers(url))
        yield url
    finally:
        process.terminate()
        process.wait(10)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/.well-known/openid-configuration").status_code == 200
    except httpx.HTTPError:
        return False


def member(provider: str, sub: str, name: str, *groups: str) -> None:
    body = {"name": name, "groups": list(groups)}
    assert httpx.put(f"{provider}/users/{sub}", json=body).status_code == 204


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("sso"), sites="0", told=told(provider, client_secret_file=str(SECRET))) as one:
        yield one


def away(browser: Browser) -> str:
    """Press the button, and say whither it leads."""
    browser.get("/desk/sign-in")
    (link,) = browser.tree.xpath("//a[@href='/desk/sso']")
    assert "Login" in link.text
    answer = browser.http.get("/desk/sso", follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def at_the_provider(address: str, sub: str) -> str:
    """Sign in there, and say whither the provider sends the browser."""
    answer = httpx.post(address, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def sign_in(hub: Hub, sub: str) -> Browser:
    browser = hub.browser()
    browser.get(at_the_provider(away(browser), sub))
    return browser


def test_groups_become_roles_and_the_person_is_in(hub: Hub, provider: str) -> None:
    member(provider, "u1", "Aoi Yamada", "desk", "staff")
    browser = sign_in(hub, "u1")
    assert browser.heading == "You are signed in as Aoi Yamada."
    assert browser.tree.xpath("//meta[@http-equiv='refresh']/@content") == ["0; url=/desk"]
    assert browser.get("/desk").status_code == 200
    officer = hub.live.realm.views.roster["Aoi Yamada"]
    assert officer.roles == {Role.AUTHOR}
    assert set(officer.jurisdiction.purposes) == {"exercise"}
    member(provider, "u1", "Aoi Yamada", "desk", "watch")
    sign_in(hub, "u1")
    officer = hub.live.realm.views.roster["Aoi Yamada"]
    assert officer.roles == {Role.AUTHOR, Role.APPROVER, Role.DUTY_OFFICER}
    entries = hub.live.realm.reader.of("person/Aoi Yamada")
    assert [(entry.kind, entry.actor) for entry in entries] == [("appoint", "single sign-on")] * 2


def test_no_group_no_way_in_and_leaving_the_group_ends_it(hub: Hub, provider: str) -> None:
    member(provider, "u2", "Ben Ito", "strangers")
    browser = sign_in(hub, "u2")
    assert browser.page
    assert browser.page.status_code == 403
    assert "none of your groups" in browser.problem
    assert "Ben Ito" not in hub.live.realm.views.roster
    member(provider, "u2", "Ben Ito", "desk")
    inside = sign_in(hub, "u2")
    assert inside.get("/desk").status_code == 200
    member(provider, "u2", "Ben Ito")
    assert "none of your groups" in sign_in(hub, "u2").problem
    assert inside.get("/desk").url.path == "/desk/sign-in"  # the session ends with the office
    member(provider, "u2", "Ben Ito", "desk")
    assert sign_in(hub, "u2").get("/desk").status_code == 200
    hub.record("dismiss", "person/Ben Ito", {}, by="Tanaka")
    assert "was dismissed" in sign_in(hub, "u2").problem


def test_nobody_takes_the_name_of_another(hub: Hub, provider: str) -> None:
    member(provider, "u3", "Tanaka", "desk")
    assert "somebody else here is named Tanaka" in sign_in(hub, "u3").problem
    member(provider, "u4", "Eve <b>", "desk")
    assert "no name that can be written down" in sign_in(hub, "u4").problem


def test_agreeing_still_takes_a_passkey_or_a_code(hub: Hub, provider: str) -> None:
    member(provider, "u5", "Chie Mori", "watch")
    author, approver = hub.browser("Tanaka"), sign_in(hub, "u5")
    subject = submitted(author)
    approver.get(f"/desk/w/{subject}")
    approver.submit("/approve", code="")
    assert "this needs your passkey or a one-time code" in approver.problem


def submitted(author: Browser) -> str:
    author.get("/desk/compose")
    filled = {"purpose": "exercise", "hazard": "system-test", "severity": "Minor", "minutes": "30", "code": ["31"]}
    author.submit("/desk/compose", **filled, headline_en="Test", instruction_en="Do nothing.")
    author.submit("/submit")
    return author.path.rpartition("/")[2]


def test_unless_the_settings_say_that_a_fresh_sign_on_is_enough(tmp_path: Path, provider: str) -> None:
    member(provider, "u5", "Chie Mori", "watch")
    with running(tmp_path, sites="0", told=told(provider, client_secret_file=str(SECRET), assent_within_s=120)) as hub:
        author, approver = hub.browser("Tanaka"), sign_in(hub, "u5")
        first, second = submitted(author), submitted(author)
        approver.get(f"/desk/w/{first}")
        assert not approver.tree.xpath("//form[@data-ask]")  # no passkey is asked for
        approver.submit("/approve", code="")
        assert "on air" in approver.tree.text_content(), approver.problem
        hub.clock.ahead += timedelta(minutes=3)
        approver.get(f"/desk/w/{second}")
        assert approver.tree.xpath("//form[@data-ask]")
        approver.submit("/approve", code="")
        assert "or sign in again" in approver.problem
        by_code = hub.browser("Sato")
        by_code.get(f"/desk/w/{second}")
        by_code.submit("/approve", code="")
        assert "needs your assent" in by_code.problem


# ── attacks on the way back ──────────────────────────────────────────────────────────────────────


def test_the_answer_counts_once_in_the_browser_that_asked_and_in_time(hub: Hub, provider: str) -> None:
    member(provider, "u6", "Dai Abe", "desk")
    browser = hub.browser()
    answer = at_the_provider(away(browser), "u6")
    other = hub.browser()
    other.get(answer)  # a login CSRF: somebody else's answer
    assert "another browser" in other.problem
    browser.get(answer)
    assert "no question of ours" in browser.problem  # and it is spent
    assert browser.get("/desk").url.path == "/desk/sign-in"

    answer = at_the_provider(away(browser), "u6")
    browser.get(answer)
    assert browser.get("/desk").status_code == 200
    browser.get(answer)  # replayed
    assert "no question of ours" in browser.problem

    answer = at_the_provider(away(browser), "u6")
    hub.clock.ahead += timedelta(minutes=11)
    browser.get(answer)
    assert "too late" in browser.problem
    hub.clock.ahead -= timedelta(minutes=11)

    answer = at_the_provider(away(browser), "u6")
    browser.get(answer.replace("state=", "state=x"))
    assert "no question of ours" in browser.problem
    browser.get(at_the_provider(away(browser), "u6") + "&iss=https://evil.example")
    assert "another provider" in browser.problem
    browser.get("/desk/sso/back?error=access_denied")
    assert "no question of ours" in browser.problem
    away(browser)
    assert browser.get("/desk/sso/back").status_code == 403


def test_nothing_in_a_request_decides_whither_it_leads(hub: Hub, provider: str) -> None:
    browser = hub.browser()
    wishes = "next=https://evil.example&redirect_uri=https://evil.example&return_to=//evil.example"
    answer = browser.http.get(f"/desk/sso?{wishes}", follow_redirects=False)
    assert answer.headers["location"].startswith(f"{provider}/oauth2/authorize?")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{hub.url}/desk/sso/back"]
    assert asked["code_challenge_method"] == ["S256"]
    assert "evil" not in answer.headers["location"]
    member(provider, "u7", "Emi Kato", "desk")
    browser.get(at_the_provider(answer.headers["location"], "u7") + f"&{wishes}")
    assert "evil" not in browser.page.text  # type: ignore[union-attr]
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("satwarn_sso="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


def test_the_session_is_a_new_one(hub: Hub, provider: str) -> None:
    member(provider, "u8", "Fumi Ono", "desk")
    browser = hub.browser("Tanaka")
    old = browser.http.cookies["satwarn_desk"]
    browser.get(at_the_provider(away(browser), "u8"))
    assert browser.http.cookies["satwarn_desk"] != old
    planted = hub.browser()
    planted.http.cookies.set("satwarn_desk", old, path="/desk")
    assert planted.get("/desk").url.path == "/desk/sign-in"


def test_without_settings_there_is_no_single_sign_on(tmp_path: Path) -> None:
    with running(tmp_path, sites="0") as hub:
        browser = hub.browser()
        browser.get("/desk/sign-in")
        assert browser.tree.xpath("//a[@href='/desk/sso']") == []
        assert browser.get("/desk/sso").status_code == 404
        assert browser.get("/desk/sso/back?code=x&state=y").status_code == 404


# ── a provider that lies ─────────────────────────────────────────────────────────────────────────

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
Lie = Callable[[dict[str, Any], "Crooked"], str]


@dataclass
class Crooked:
    """A provider whose token endpoint answers as the lie tells it to."""

    lie: Lie
    url: str = ""
    nonce: str = ""
    challenge: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [KEY.as_dict(private=False)])

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if path.endswith("openid-configuration"):
            ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            return 200, {"issuer": self.url, **{one: f"{self.url}/{one}" for one in ends}, **self.about}
        if path == "/jwks_uri":
            return 200, {"keys": self.keys}
        verifier = form.get("code_verifier", [""])[0].encode()
        if base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode() != self.challenge:
            return 400, {"error": "invalid_grant"}
        at = int(now().timestamp())
        claims = {"iss": self.url, "aud": "satwarn", "sub": "u", "nonce": self.nonce, "iat": at, "exp": at + 60}
        return 200, {"id_token": self.lie(claims, self), "token_type": "Bearer", "access_token": "x"}


@contextmanager
def lying(lie: Lie, **more: Any) -> Iterator[Crooked]:
    crooked = Crooked(lie=lie, **more)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            status, body = crooked.answer(self.path, parse_qs(self.rfile.read(length).decode()))
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    crooked.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield crooked
    finally:
        server.shutdown()
        server.server_close()


def asked(crooked: Crooked) -> dict[str, Any]:
    """One whole sign-on with it, without a browser."""
    oidc, question = Oidc(provider=Provider(issuer=crooked.url, client_id="satwarn")), ask(BACK)
    sent = parse_qs(urlsplit(oidc.address(question)).query)
    crooked.nonce, crooked.challenge = sent["nonce"][0], sent["code_challenge"][0]
    return dict(oidc.claims("a code", question))


def signed(claims: dict[str, Any], crooked: Crooked) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)


def said(**changes: Any) -> Lie:
    def lie(claims: dict[str, Any], crooked: Crooked) -> str:
        changed = {**claims, **changes}
        return signed({name: value for name, value in changed.items() if value is not None}, crooked)

    return lie


def unsigned(claims: dict[str, Any], crooked: Crooked) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts) + "."


def by_public_key_as_secret(claims: dict[str, Any], crooked: Crooked) -> str:
    """HS256 with the published key's own bytes, by hand: the library would not even make it."""
    parts = ({"alg": "HS256", "kid": "one"}, claims)
    text = ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts)
    mac = hmac.new(KEY.as_pem(private=False), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def test_an_honest_token_is_taken() -> None:
    with lying(signed) as crooked:
        assert asked(crooked)["sub"] == "u"


@pytest.mark.parametrize(
    ("lie", "says"),
    [
        (said(iss="https://evil.example"), "issuer"),
        (said(aud="another"), "audience"),
        (said(aud=["another"]), "audience"),
        (said(aud=None), "audience"),
        (said(aud=["satwarn", "another"]), "authorized party"),
        (said(azp="another"), "authorized party"),
        (said(nonce="another"), "nonce"),
        (said(nonce=None), "nonce"),
        (said(exp=int(now().timestamp()) - 600), "expiry"),
        (said(exp=None), "expiry"),
        (said(exp=True), "expiry"),
        (said(iat=int(now().timestamp()) + 86_400), "time of issue"),
        (said(sub=None), "subject"),
        (said(sub=""), "subject"),
        (unsigned, "not signed"),
        (by_public_key_as_secret, "not signed"),
        (lambda claims, _: jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER_KEY), "not signed"),
        (lambda claims, _: jwt.encode({"alg": "RS256", "kid": "two"}, claims, OTHER_KEY), "not signed"),
        (lambda claims, c: signed(claims, c)[:-8] + "AAAAAAAA", "not signed"),
        (lambda claims, _: "no.token", "not signed"),
        (lambda claims, _: 7, "no ID token"),
    ],
)
def test_every_lie_in_a_token_is_refused(lie: Any, says: str) -> None:
    with lying(lie) as crooked, pytest.raises(NotAllowed, match=says):
        asked(crooked)


def test_a_published_secret_signs_nothing() -> None:
    shared = OctKey.import_key("known to everybody who can read", {"kid": "one"})

    def lie(claims: dict[str, Any], _: Crooked) -> str:
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, shared, algorithms=["HS256"])

    with lying(lie, keys=[shared.as_dict(private=True)]) as crooked, pytest.raises(NotAllowed, match="not signed"):
        asked(crooked)


def test_a_code_without_our_verifier_is_worth_nothing() -> None:
    with lying(signed) as crooked:
        oidc = Oidc(provider=Provider(issuer=crooked.url, client_id="satwarn"))
        oidc.address(ask(BACK))
        crooked.challenge = "of another question"
        with pytest.raises(NotAllowed, match="does not take this code"):
            oidc.claims("a stolen code", ask(BACK))


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://evil.example/"},
        {"authorization_endpoint": ""},
    ],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_asked(about: dict[str, str]) -> None:
    with lying(signed, about=about) as crooked, pytest.raises(Missing):
        asked(crooked)


def test_a_provider_that_is_gone_leaves_the_other_ways_in(tmp_path: Path) -> None:
    with running(tmp_path, sites="0", told=told(f"http://127.0.0.1:{free_port()}")) as hub:
        browser = hub.browser()
        assert browser.get("/desk/sso").status_code == 404
        assert "does not answer" in browser.problem
        browser.submit("/desk/sign-in", code=hub.code("Tanaka"))
        assert browser.path == "/desk"


def test_a_key_that_is_new_is_fetched() -> None:
    with lying(signed, keys=[]) as crooked:
        oidc = Oidc(provider=Provider(issuer=crooked.url, client_id="satwarn"))
        for keys, good in (([], False), ([KEY.as_dict(private=False)], True)):
            crooked.keys, question = keys, ask(BACK)
            sent = parse_qs(urlsplit(oidc.address(question)).query)
            crooked.nonce, crooked.challenge = sent["nonce"][0], sent["code_challenge"][0]
            oidc._read_at -= 2
            if good:
                assert oidc.claims("c", question)["sub"] == "u"
            else:
                with pytest.raises(NotAllowed):
                    oidc.claims("c", question)


# ── settings ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"issuer": "http://login.example"}, "no https address"),
        ({"group": []}, "names no group"),
        ({"group": [{"group": "a", "roles": ["administrator"]}]}, "by an administrator only"),
        ({"group": [{"group": "a", "roles": ["machine"]}]}, "by an administrator only"),
        ({"group": [{"group": "a", "roles": ["king"]}]}, "king"),
        ({"group": [{"group": "a", "roles": []}]}, "no role"),
        ({"group": [{"group": "a", "roles": ["author"], "areas": ["99"]}]}, "99"),
        ({"group": [{"group": "a", "roles": "author"}]}, "list of words"),
        ({"assent_within_s": 86400}, "too long"),
        ({"client_id": ""}, "sso.client_id"),
        ({"secret": "x"}, "no 'secret' here"),
    ],
)
def test_what_is_wrong_in_the_settings_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        told("https://login.example", **changes)


def test_a_page_that_names_the_provider_escapes_it(tmp_path: Path) -> None:
    with running(tmp_path, sites="0", told=told("http://localhost:1", label="<script>x</script>")) as hub:
        page = html.fromstring(hub.browser().get("/desk/sign-in").text)
        assert page.xpath("//main//script") == []
