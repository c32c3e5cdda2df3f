"""From the printed link to the air and back by the API alone: no page, no cookie, nothing prepared; and what stolen
keys, screens left open and administrators cannot do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from satwarn.adapters.keys import make_officer_key
from satwarn.alert.lifecycle import State
from satwarn.app.office import key_statement
from satwarn.authority.rights import Role, rights
from web.hub import Hub, deeds
from web.test_api import DRAFT, Program
from web.test_attacks import submitted

EVERYTHING = {"hazards": ["*"], "areas": ["*"], "purposes": ["exercise", "real"], "paths": ["ground", "gnss"]}


class Client:
    """A program that has nothing but the address of a hub."""

    def __init__(self, hub: Hub) -> None:
        self.http = httpx.Client(base_url=f"{hub.url}/api", timeout=30)
        self.key = make_officer_key()
        self.public = self.key.public_key().public_bytes_raw().hex()

    def ask(self, path: str, *, status: int = 201, **body: Any) -> dict[str, Any]:
        answer = self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def sign_in(self, code: str, *scopes: str, **more: Any) -> None:
        made = self.ask("/sign-in", code=code, scopes=scopes, **more)
        self.http.headers["authorization"] = f"Bearer {made['secret']}"

    def show_key(self, code: str, *, status: int = 204) -> None:
        self.ask("/me/key", status=status, public_key=self.public, assent={"by": "code", "proof": code})

    def assent(self, subject: str, **more: Any) -> dict[str, Any]:
        stands = self.http.get(f"/warnings/{subject}").json()
        proof = self.key.sign(stands["statement"].encode()).hex()
        return {"digest": stands["digest"], "assent": {"by": "key", "proof": proof}, **more}


@pytest.fixture
def clients(hub: Hub) -> Iterator[Callable[[], Client]]:
    made: list[Client] = []

    def one() -> Client:
        made.append(Client(hub))
        return made[-1]

    yield one
    for client in made:
        client.http.close()


def test_from_the_printed_link_to_the_air_and_back(fresh: Hub) -> None:
    chief, second = Client(fresh), Client(fresh)
    token = fresh.live.door.first_token()
    codes = chief.ask("/first", token=token, name="Tanaka", roles=["author"])["codes"]
    chief.sign_in(codes[0], *sorted(rights()[Role.AUTHOR] | rights()[Role.ADMINISTRATOR]))
    code = chief.ask("/people", name="Sato", roles=["approver"], jurisdiction=EVERYTHING)["code"]
    second.ask("/sign-in", status=403, code=code, scopes=["read", "draft"])  # beyond their role: the code is not spent
    second.sign_in(code, "read", "approve", "issue", public_key=second.public)
    subject = chief.ask("/warnings", **DRAFT)["subject"]
    chief.ask(f"/warnings/{subject}/submit", status=200)
    assert second.ask(f"/warnings/{subject}/approve", status=200, **second.assent(subject, at_once=True))["state"] == (
        "on air"
    )
    chief.ask(f"/warnings/{subject}/unlock", status=200)
    assert chief.ask(f"/warnings/{subject}/retract", status=200, reason="error")["state"] == "retracted"
    chief.http.close()
    second.http.close()


def test_an_only_administrator_gives_themselves_no_second_office_and_stays(fresh: Hub) -> None:
    """Alone they may appoint others; two people stay two, and a hub without an administrator cannot be helped."""
    chief = Client(fresh)
    codes = chief.ask("/first", token=fresh.live.door.first_token(), name="Tanaka", roles=["author"])["codes"]
    chief.sign_in(codes[0], *sorted(rights()[Role.ADMINISTRATOR]))
    roles = ["author", "approver", "administrator"]
    chief.ask("/people", status=403, name="Tanaka", roles=roles, jurisdiction=EVERYTHING)
    assert chief.http.delete("/people/Tanaka").status_code == 403
    assert fresh.live.realm.views.roster["Tanaka"].roles == {Role.AUTHOR, Role.ADMINISTRATOR}
    chief.http.close()


def test_who_is_no_administrator_appoints_and_dismisses_nobody_by_a_form_of_their_own(hub: Hub) -> None:
    browser, before = hub.browser("Sato"), deeds(hub)
    browser.get("/desk/me")
    (csrf,) = set(browser.tree.xpath("//input[@name='csrf']/@value"))
    body = {"csrf": csrf, "name": "Mallory", "role": "approver", "area": "*", "purpose": "real", "hazard": "*"}
    assert browser.http.post("/desk/people/appoint", data=body).status_code == 403
    assert browser.http.post("/desk/people/dismiss", data=body | {"name": "Mori"}).status_code == 403
    assert [kind for kind in deeds(hub)[len(before) :] if kind != "spend code"] == []


def test_the_printed_link_appoints_one_administrator_however_many_use_it_at_once(fresh: Hub) -> None:
    token = fresh.live.door.first_token()

    def use(number: int) -> int:
        with httpx.Client(base_url=fresh.url, timeout=30) as one:
            return one.post("/api/first", json={"token": token, "name": f"Chief {number}"}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(use, range(6))) == [201] + [403] * 5
    assert len(fresh.live.realm.views.roster) == 1


def test_a_code_becomes_a_key_once_and_only_for_what_its_person_may(hub: Hub, clients: Callable[[], Client]) -> None:
    code, one, two = hub.code("Sato"), clients(), clients()
    one.ask("/sign-in", status=422, code=code, scopes=["fly"])
    one.ask("/sign-in", status=422, code=code, scopes=[])
    one.ask("/sign-in", status=403, code=code, scopes=["draft"])
    one.sign_in(code, "read")
    assert one.http.get("/warnings").status_code == 200
    two.ask("/sign-in", status=403, code=code, scopes=["read"])


def statement(hub: Hub, name: str, public_key: str) -> bytes:
    """What they agree to by naming a key."""
    realm = hub.live.realm
    return key_statement(realm.views.roster[name], public_key, realm.settings.sender)


def test_a_stolen_key_of_a_program_cannot_name_a_key_to_approve_with(hub: Hub, clients: Callable[[], Client]) -> None:
    author = Program(hub, "Tanaka", "read", "draft", "submit")
    subject, thief = submitted(author), clients()
    thief.http.headers["authorization"] = f"Bearer {hub.api_key('Sato', 'read', 'approve', 'issue')}"
    before = hub.live.realm.views.roster["Sato"].public_key
    thief.ask("/me/key", status=403, public_key=thief.public)
    thief.show_key("AAAA-AAAA-AAAA-AAAA-AAAA", status=403)
    thief.show_key(hub.code("Tanaka"), status=403)  # somebody else's code is no assent of theirs
    proof = thief.key.sign(statement(hub, "Sato", thief.public)).hex()
    thief.ask("/me/key", status=403, public_key=thief.public, assent={"by": "key", "proof": proof})
    thief.ask(f"/warnings/{subject}/approve", status=403, **thief.assent(subject))
    assert hub.live.realm.views.roster["Sato"].public_key == before
    assert hub.live.realm.desk.stands(subject).state is State.SUBMITTED


def test_their_own_key_or_code_names_the_next(hub: Hub, clients: Callable[[], Client]) -> None:
    hub.appoint("Kato", {Role.APPROVER})
    one = clients()
    one.sign_in(hub.code("Kato"), "read", "approve")
    one.show_key(hub.code("Kato"))
    old, one.key = one.key, make_officer_key()
    public = one.key.public_key().public_bytes_raw().hex()
    proof = old.sign(statement(hub, "Kato", public)).hex()
    one.ask("/me/key", status=204, public_key=public, assent={"by": "key", "proof": proof})
    assert hub.live.realm.views.roster["Kato"].public_key.hex() == public


def test_an_administrator_makes_no_key_in_somebody_elses_name(hub: Hub) -> None:
    chief = Program(hub, "Tanaka", *sorted(rights()[Role.ADMINISTRATOR]))
    before = deeds(hub)
    assert chief.post("/keys", person="Sato", scopes=["approve"]).status_code == 403
    assert deeds(hub) == before
    hub.appoint("agency@example", {Role.MACHINE})
    assert chief.post("/keys", person="agency@example", scopes=["propose"]).status_code == 201


def test_a_key_begets_no_wider_one(hub: Hub) -> None:
    reader = Program(hub, "Tanaka", "read")
    assert reader.post("/keys", person="Tanaka", scopes=["draft"]).status_code == 403
    assert reader.post("/keys", person="Tanaka", scopes=["read"]).status_code == 201
    for days in (0, -1, 367):
        assert reader.post("/keys", person="Tanaka", scopes=["read"], days=days).status_code == 422


def test_a_screen_left_open_makes_no_codes_passkeys_or_keys(hub: Hub) -> None:
    browser = hub.browser("Sato")
    browser.get("/desk/me")
    csrf = browser.tree.xpath("//input[@name='csrf']/@value")[0]
    before = deeds(hub)
    hub.clock.ahead += timedelta(minutes=11)
    try:
        for path in ("codes", "passkey/ask", "passkey", "keys"):
            body = {"csrf": csrf, "scope": ["read"], "days": "9"}
            assert browser.http.post(f"/desk/me/{path}", data=body).status_code == 403, path
        assert deeds(hub) == before
        assert browser.get("/desk").url.path == "/desk"  # they are still in
    finally:
        hub.clock.ahead -= timedelta(minutes=11)


def test_a_person_makes_and_revokes_the_key_of_their_program_on_their_page(hub: Hub) -> None:
    browser = hub.browser("Sato")
    browser.get("/desk/me")
    browser.submit("/desk/me/keys", scope=["read", "approve"], days="30")
    secret = browser.tree.xpath("string(//*[@class='done']//*[@class='mono'])")
    asked = {"authorization": f"Bearer {secret}"}
    assert browser.http.get("/api/warnings", headers=asked).status_code == 200
    browser.submit("/desk/me/keys", scope=[], days="30")
    assert browser.page is not None
    assert browser.page.status_code == 422
    browser.get("/desk/me")
    browser.submit("/desk/me/keys")
    for form in browser.tree.forms:
        if form.action == "/desk/me/keys" and "id" in dict(form.form_values()):
            browser.http.post("/desk/me/keys", data=dict(form.form_values()))
    assert browser.http.get("/api/warnings", headers=asked).status_code == 403


def test_whoever_is_dismissed_and_appointed_again_begins_without_old_keys(hub: Hub) -> None:
    hub.appoint("Endo", {Role.AUTHOR})
    program = Program(hub, "Endo", "read")
    hub.record("dismiss", "person/Endo", {})
    hub.appoint("Endo", {Role.AUTHOR})
    assert program.http.get("/api/warnings").status_code == 403


@pytest.mark.parametrize("twin", ["Tаnaka", "tanaka", "Tana ka", "Ｔanaka", "Sat\u200bo", "\u202eotaS"])
def test_nobody_is_appointed_who_cannot_be_told_from_another(hub: Hub, twin: str) -> None:
    chief = Program(hub, "Tanaka", "appoint")
    before = deeds(hub)
    answer = chief.post("/people", name=twin, roles=["author"], jurisdiction=EVERYTHING)
    assert answer.status_code == 422, answer.text
    assert deeds(hub) == before
    assert chief.post("/people", name="田中", roles=["author"], jurisdiction=EVERYTHING).status_code == 201
