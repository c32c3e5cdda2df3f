"""Who signs what is prepared shows that it is they, for exactly what they read: orders, supplies, templates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from satwarn.adapters.air.band_sender import BandSettings
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.prepared import Sort, Stage
from satwarn.authority.rights import Role
from web.chrome import chromium
from web.conftest import free_port
from web.hub import Browser, Hub, running
from web.test_api import DRAFT, Program
from web.test_orders import with_passkey

TEXTS = '[danger.ballistic-missile]\nheadline = "Missile, in newer words"\n'
TEMPLATE = {name: value for name, value in DRAFT.items() if name != "codes"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    band = BandSettings(address=f"239.192.90.95:{free_port()}")
    with running(tmp_path_factory.mktemp("assents"), sites="0", band=band) as one:
        one.appoint("Abe", {Role.ADMINISTRATOR})
        yield one


@dataclass(frozen=True)
class Kind:
    """One sort of prepared thing: who writes it and who signs it, and its content, which a version changes."""

    sort: Sort
    path: str
    writer: str
    signer: str
    content: Callable[[Hub, int], dict[str, Any]]
    vouched: bool = True

    def programs(self, hub: Hub) -> tuple[Program, Program]:
        scopes = "read", f"write {self.sort}", f"sign {self.sort}", f"revoke {self.sort}"
        return Program(hub, self.writer, *scopes), Program(hub, self.signer, *scopes)

    def write(self, by: Program, name: str, number: int = 1) -> dict[str, Any]:
        body = {"name": name, **self.content(by.hub, number)}
        asked = by.post(f"/{self.path}", **body)
        if self.vouched:
            assert asked.status_code == 403, asked.text
            asked = by.post(f"/{self.path}", **body, assent=by.signs(asked.json()["fix"].partition("key under ")[2]))
        assert asked.status_code == 201, asked.text
        return dict(asked.json())

    def sign(self, by: Program, written: dict[str, Any], assent: object, **more: Any) -> Any:
        body = {"digest": written["digest"], "assent": assent, **more}
        return by.post(f"/{self.path}/{written['name']}/sign", **body)

    def stage(self, hub: Hub, name: str) -> Stage:
        return hub.live.realm.views.prepared[f"{self.sort}/{name}"].stage


def order(hub: Hub, number: int) -> dict[str, Any]:
    now = hub.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    days = {"valid_from": now.isoformat(), "valid_until": (now + timedelta(days=9)).isoformat()}
    return {"sources": ["agency"], "jurisdiction": EVERYWHERE.to_json(), "most_places": number, **days}


KINDS = (
    Kind(Sort.ORDER, "orders", "Sato", "Mori", order),
    Kind(
        Sort.SUPPLY, "supplies", "Tanaka", "Abe", lambda _, n: {"kind": "language", "files": {"en": TEXTS}, "days": n}
    ),
    Kind(
        Sort.TEMPLATE, "templates", "Tanaka", "Sato", lambda _, n: {"draft": TEMPLATE | {"minutes": n}}, vouched=False
    ),
)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.path)
def kind(request: pytest.FixtureRequest) -> Kind:
    assert isinstance(request.param, Kind)
    return request.param


def test_a_key_of_a_program_signs_nothing_by_itself(hub: Hub, kind: Kind) -> None:
    writer, signer = kind.programs(hub)
    written = kind.write(writer, "alone")
    assert kind.sign(signer, written, None).status_code == 403
    assert kind.sign(signer, written, {"by": "code", "proof": "not-a-code"}).status_code == 403
    assert kind.sign(signer, written, {"by": "sso", "proof": "x"}).status_code == 422
    assert kind.sign(signer, written, {"by": "code", "proof": hub.code(kind.writer)}).status_code == 403
    assert kind.stage(hub, "alone") is Stage.WRITTEN
    assert kind.sign(signer, written, {"by": "code", "proof": hub.code(kind.signer)}).json()["stage"] == "in force"
    kept = hub.live.realm.reader.of(f"{kind.sort}/alone")
    (signed,) = [entry for entry in kept if entry.kind == f"sign {kind.sort}"]
    assert (signed.body["by"], signed.body["digest"]) == ("code", written["digest"])


def test_nobody_is_both_of_two(hub: Hub, kind: Kind) -> None:
    writer, _ = kind.programs(hub)
    written = kind.write(writer, "twice")
    for name in (kind.writer, kind.signer):  # with one's own assent, and with another's
        assent = {"by": "code", "proof": hub.code(name)}
        answer = kind.sign(writer, written, assent)
        assert answer.status_code == 403, answer.text
    assert kind.stage(hub, "twice") is Stage.WRITTEN


def test_an_assent_is_to_one_content_of_one_name_once(hub: Hub, kind: Kind) -> None:
    writer, signer = kind.programs(hub)
    one, other = kind.write(writer, "one"), kind.write(writer, "other")
    assent = signer.signs(one["statement"])
    assert kind.sign(signer, other, assent).status_code == 403
    newer = kind.write(writer, "one", 2)
    changed = kind.sign(signer, one, assent)
    assert "changed since you read it" in changed.json()["detail"]
    assert kind.sign(signer, newer, assent).status_code == 403
    assert kind.stage(hub, "one") is Stage.WRITTEN
    given = signer.signs(newer["statement"])
    assert kind.sign(signer, newer, given).json()["stage"] == "in force"
    assert kind.sign(signer, newer, given).status_code == 409
    writer.post(f"/{kind.path}/one/revoke", reason="a test")
    again = kind.write(writer, "one", 2)
    assert (kind.sort is Sort.TEMPLATE) or again["digest"] == newer["digest"]  # the same words once more …
    assert kind.sign(signer, again, given).status_code == 403  # … ask for another assent


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.vouched], ids=lambda kind: kind.path)
def test_the_first_of_two_vouches_for_what_they_write(hub: Hub, kind: Kind) -> None:
    writer, _ = kind.programs(hub)
    body = {"name": "first", **kind.content(hub, 1)}
    statement = writer.post(f"/{kind.path}", **body).json()["fix"].partition("key under ")[2]
    assent = writer.signs(statement)
    other = body | kind.content(hub, 3)
    assert writer.post(f"/{kind.path}", **other, assent=assent).status_code == 403
    assert writer.post(f"/{kind.path}", **(body | {"name": "second"}), assent=assent).status_code == 403
    assert f"{kind.sort}/first" not in hub.live.realm.views.prepared
    assert writer.post(f"/{kind.path}", **body, assent=assent).status_code == 201
    assert writer.post(f"/{kind.path}", **body, assent=assent).status_code == 403  # replayed


def test_what_is_signed_in_the_sandbox_counts_nowhere_else(hub: Hub, kind: Kind) -> None:
    writer, signer = kind.programs(hub)
    written = kind.write(writer, "realms")
    realms = hub.house.live.realm.settings.sender, hub.house.sandbox.realm.settings.sender
    assert realms[0] != realms[1]
    foreign = written["statement"].replace(realms[0], realms[1])
    assert kind.sign(signer, written, signer.signs(foreign)).status_code == 403


def supply(browser: Browser, hub: Hub, name: str, code: str, words: str = TEXTS) -> None:
    browser.get("/desk/templates")
    browser.submit("/templates/supply", name=name, kind="language", about="en", text=words, code=code)


def sign(browser: Browser, name: str, code: str) -> str:
    """Sends the form beside what is called so; returns what was wrong."""
    (found,) = [one for one in browser.tree.forms if one.action.endswith("/sign") and one.fields["name"] == name]
    data = dict(found.form_values()) | {"code": code}
    browser.page = browser.http.post(found.action, data=data, headers={"origin": str(browser.http.base_url)})
    return browser.problem


def test_on_the_page_the_second_reads_what_they_sign_and_shows_that_it_is_they(hub: Hub) -> None:
    first, second = hub.browser("Tanaka"), hub.browser("Abe")
    supply(first, hub, "page", "")
    assert "needs your signature" in first.problem
    supply(first, hub, "page", hub.code("Tanaka"))
    assert not first.problem
    second.get("/desk/templates")
    (section,) = second.tree.xpath("//section[@aria-label='page']")
    assert TEXTS.strip() in section.text_content()
    assert "needs your signature" in sign(second, "page", "")
    supply(first, hub, "page", hub.code("Tanaka"), TEXTS.replace("newer", "changed"))
    assert "changed since you read it" in sign(second, "page", hub.code("Abe"))
    assert not sign(second, "page", hub.code("Abe"))
    assert hub.live.realm.views.prepared["supply/page"].stage is Stage.IN_FORCE


def test_supplies_and_templates_by_passkey(hub: Hub) -> None:
    author = hub.browser("Tanaka")
    author.get("/desk/templates")
    said = {"headline_en": "Test of the siren", "instruction_en": "You need not do anything."}
    told = {"purpose": "exercise", "hazard": "system-test", "severity": "Minor"}
    author.submit("/desk/templates/write", name="siren", **told, **said)
    with chromium() as browser:
        first, second, approver = (with_passkey(browser, hub, name) for name in ("Tanaka", "Abe", "Sato"))
        first.goto("/desk/templates")
        first.get_by_text("Write a supply").click()
        first.fill("form[action$='/supply'] input[name=name]", "key")
        first.check("input[name=kind][value=language]")
        first.fill("input[name=about]", "en")
        first.fill("textarea[name=text]", TEXTS)
        first.get_by_role("button", name="Sign as the first: lay it before a second person").click()
        first.get_by_role("heading", name="Waits for a second signature: key").wait_for()
        for page, name in ((second, "key"), (approver, "siren")):
            page.goto("/desk/templates")
            page.get_by_role("button", name=f"Sign {name}", exact=True).click()
            page.get_by_role("heading", name=f"Waits for a second signature: {name}").wait_for(state="detached")
    for subject, by in (("supply/key", ["passkey", "passkey"]), ("template/siren", ["passkey"])):
        entries = [e for e in hub.live.realm.reader.of(subject) if e.kind.startswith(("write", "sign"))]
        assert [e.body["by"] for e in entries if "by" in e.body] == by


def test_a_stolen_program_or_an_open_browser_gets_no_means_to_agree(hub: Hub) -> None:
    thief = Program(hub, "Sato", "approve")
    mine = "ab" * 32
    asked = thief.post("/me/key", public_key=mine)
    assert asked.status_code == 403
    statement = asked.json()["fix"].partition("or: ")[2]
    assert thief.post("/me/key", public_key=mine, assent={"by": "code", "proof": "guess"}).status_code == 403
    assert hub.live.realm.views.roster.officer("Sato").public_key != bytes.fromhex(mine)
    assert thief.post("/me/key", public_key=mine, assent=thief.signs(statement)).status_code == 204
    assert hub.live.realm.views.roster.officer("Sato").public_key == bytes.fromhex(mine)
    browser = hub.browser("Sato")
    hub.clock.ahead += timedelta(minutes=11)
    browser.get("/desk/me")
    codes = hub.live.realm.views.roster.people["Sato"].codes
    assert browser.submit("/desk/me/codes").status_code == 403
    assert hub.live.realm.views.roster.people["Sato"].codes == codes
    again = hub.browser("Sato")
    again.get("/desk/me")
    assert again.submit("/desk/me/codes").status_code == 200


def test_who_took_a_supply_is_seen_beside_it_and_at_each_site(hub: Hub) -> None:
    realm, admin = hub.live.realm, Program(hub, "Tanaka", "read")
    kind = KINDS[1]
    writer, signer = kind.programs(hub)
    written = kind.write(writer, "who")
    assert kind.sign(signer, written, signer.signs(written["statement"])).status_code == 201
    serial, ours = realm.views.supplies["supply/who"]["serial"], f"{realm.settings.sender} language"
    for number, holds in enumerate(
        ({ours: [serial, True]}, {ours: [serial, False]}, {ours: [serial + 9, False]}, {"other trust": [1, True]}, None)
    ):
        code = f"31{201 + number}" if number < 4 else "31302"
        hub.record("enrol site", f"site/{code}", {"state": "enrolled", "fingerprint": f"{number}" * 64})
        hub.record("hear site", f"site/{code}", {"connected": True, "holds": holds})
    (listed,) = [one for one in admin.http.get("/api/supplies").json() if one["name"] == "who"]
    assert listed["taken"] == {"serial": serial, "have": 2, "silent": 1, "enrolled": 5}
    holds = {one["code"]: one["holds"] for one in admin.http.get("/api/sites").json()}
    assert holds["31202"] == {"language": {"serial": serial, "whole": False}}
    assert (holds["31204"], holds["31302"]) == ({}, None)
    browser = hub.browser("Tanaka")
    browser.get("/desk/templates")
    assert f"Serial {serial}: 2 of 5 enrolled sites have it" in browser.tree.text_content()
    browser.get("/desk/sites")
    text = " ".join(browser.tree.text_content().split())
    assert f"{serial} (a file is still missing)" in text
    assert "does not say which supplies it has" in text
    browser.get("/desk/sites/31201?lang=de")
    assert f"Texte {serial}" in browser.tree.text_content()
