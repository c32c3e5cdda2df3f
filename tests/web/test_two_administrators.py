"""One administrator alone lets nobody warn: appointments by two on the page and by programs, and ways round them."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from satwarn.adapters.keys import make_signing_key
from satwarn.authority.rights import Role
from web.hub import Browser, Hub, deeds, running
from web.test_api import Program
from web.test_api_alone import EVERYTHING

SCOPES = ("read", "appoint", "dismiss", "sign appointment", "revoke appointment")
TICKED = {"role": ["approver"], "purpose": ["real"], "hazard": ["*"], "area": ["31"]}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("two"), sites="0") as one:
        one.appoint("Abe", {Role.ADMINISTRATOR})
        yield one


@pytest.fixture(scope="module")
def chiefs(hub: Hub) -> tuple[Program, Program]:
    return Program(hub, "Tanaka", *SCOPES), Program(hub, "Abe", *SCOPES)


def wanted(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "roles": ["approver"], "jurisdiction": EVERYTHING, **more}


def agree(by: Program, proposed: dict[str, Any], assent: object = None) -> httpx.Response:
    assent = assent or by.signs(proposed["statement"])
    return by.post(f"/appointments/{proposed['name']}/agree", digest=proposed["digest"], assent=assent)


def why(answer: httpx.Response) -> str:
    assert answer.status_code in (403, 409), answer.text
    return str(answer.json()["detail"])


def code_on(browser: Browser) -> str:
    return str(browser.tree.xpath("string(//*[@class='done']//*[@class='mono'])"))


def test_on_the_page_by_code_and_neither_of_the_two_can_come_in_as_the_new_one(hub: Hub) -> None:
    first, second = hub.browser("Tanaka"), hub.browser("Abe")
    first.get("/desk/people")
    before = len(deeds(hub))
    first.submit("/people/appoint", name="Ueda", title="Night desk", **TICKED)
    one = code_on(first)
    assert one
    assert "Ueda" not in hub.live.realm.views.roster
    assert not [form for form in first.tree.forms if form.action.endswith("/agree")]  # the proposer finds no button
    second.get("/desk/people?lang=de")
    text = " ".join(second.tree.text_content().split())
    assert "Vorgeschlagen von Tanaka." in text
    assert "Night desk" in text
    second.submit("/people/agree", code="")
    assert "braucht" in second.problem
    second.submit("/people/agree", code=hub.code("Tanaka"))
    assert second.problem
    second.submit("/people/agree", code=hub.code("Abe"))
    other = code_on(second)
    assert other
    assert other != one
    assert deeds(hub)[before:] == [
        "write appointment",
        "spend code",
        "sign appointment",
        "appoint",
        "make codes",
    ]
    new = hub.browser()
    for half in (one, other, other + other):
        new.get("/desk/sign-in")
        assert new.submit("/desk/sign-in", code=half).status_code == 403
    new.get("/desk/sign-in")
    new.submit("/desk/sign-in", code=f"{one} {other}")
    assert new.path == "/desk/me"
    (row,) = second.tree.xpath("//tr[td[starts-with(., 'Ueda')]]")
    assert "Tanaka, Abe" in row.text_content()


def test_by_programs_from_the_proposal_to_a_key_of_ones_own(hub: Hub, chiefs: tuple[Program, Program]) -> None:
    first, second = chiefs
    made = first.post("/people", **wanted("Ogawa"))
    assert made.status_code == 201, made.text
    proposed = made.json()
    assert proposed["waits"] is True
    (listed,) = [one for one in second.http.get("/api/appointments").json() if one["name"] == "Ogawa"]
    assert (listed["proposed_by"], listed["now"], listed["stage"]) == ("Tanaka", None, "signed by one")
    assert (listed["digest"], listed["statement"]) == (proposed["digest"], proposed["statement"])
    done = agree(second, listed)
    assert done.status_code == 201, done.text
    codes = proposed["code"], done.json()["code"]
    for code in codes:
        assert second.post("/sign-in", code=code, scopes=["read"]).status_code == 403
    entered = second.post("/sign-in", code="".join(codes), scopes=["read", "approve"])
    assert entered.json()["person"] == "Ogawa", entered.text
    assert second.post("/sign-in", code="".join(codes), scopes=["read"]).status_code == 403  # spent
    people = {one["name"]: one for one in second.http.get("/api/people").json()}
    assert (people["Ogawa"]["appointed_by"], people["Ogawa"]["alone"]) == (["Tanaka", "Abe"], False)
    text = "".join(entry.text for entry in hub.live.realm.reader.since())
    assert not [code for code in codes if code in text]


def test_what_one_alone_does_leaves_no_office(hub: Hub, chiefs: tuple[Program, Program]) -> None:
    first, second = chiefs
    proposed = first.post("/people", **wanted("Phantom")).json()
    assert "Tanaka wrote it" in why(agree(first, proposed))
    assert "Tanaka wrote it" in why(agree(first, proposed, {"by": "code", "proof": hub.code("Abe")}))
    assert "no unused code" in why(agree(second, proposed, {"by": "code", "proof": hub.code("Tanaka")}))
    assert "not signed by" in why(agree(second, proposed, first.signs(proposed["statement"])))
    assert "not signed by" in why(agree(second, proposed, {"by": "key", "proof": "00" * 64}))
    no_assent = second.post("/appointments/Phantom/agree", digest=proposed["digest"])
    assert "needs your assent" in why(no_assent)
    narrow = Program(hub, "Abe", "read", "appoint")  # a program's key without the scope
    assert "may not sign appointment" in why(agree(narrow, proposed))
    approver = Program(hub, "Sato", "read")
    assert "may not sign appointment" in why(agree(approver, proposed))
    assert "Phantom" not in hub.live.realm.views.roster
    assert second.post("/appointments/Phantom/withdraw", reason="who?").json()["stage"] == "revoked"
    assert "cannot sign" in why(agree(second, proposed))
    assert second.post("/appointments/Nobody/withdraw").status_code == 409


def test_content_changed_between_replay_and_twins(hub: Hub, chiefs: tuple[Program, Program]) -> None:
    first, second = chiefs
    proposed = first.post("/people", **wanted("Kondo")).json()
    assent = second.signs(proposed["statement"])
    changed = first.post("/people", **wanted("Kondo", roles=["approver", "administrator"])).json()
    assert "changed since you read it" in why(agree(second, proposed, assent))
    assert "not signed by" in why(agree(second, changed, assent))
    twin = first.post("/people", **wanted("kondo")).json()  # of two proposals that look alike one comes first
    assert agree(second, changed).status_code == 201
    looks_alike = agree(second, twin)
    assert looks_alike.status_code == 422, looks_alike.text
    assert "looks like" in looks_alike.json()["detail"]
    assert second.http.delete("/api/people/Kondo").status_code == 204
    again = first.post("/people", **wanted("Kondo", roles=["approver", "administrator"])).json()
    assert why(agree(second, again, second.signs(changed["statement"])))  # of before the dismissal
    assert "Kondo" not in hub.live.realm.views.roster


def test_a_way_to_be_a_source_is_treated_like_a_way_to_be_a_person(hub: Hub, chiefs: tuple[Program, Program]) -> None:
    first, second = chiefs
    views = hub.live.realm.views
    certificates = [make_signing_key("agency@example", now=hub.clock()).certificate_pem.decode() for _ in range(2)]
    for certificate in certificates:  # a new source, and another key for one that is known
        body = {"sender": "agency@example", "certificate": certificate, "jurisdiction": EVERYTHING}
        proposed = first.post("/partners", **body).json()
        assert proposed["waits"] is True
        assert "agency@example" not in views.partners or views.partners["agency@example"].certificate != certificate
        page = hub.browser("Abe")
        page.get("/desk/people")
        assert "Certificate" in page.tree.text_content()
        assert agree(second, proposed | {"name": "agency@example"}).json()["code"] == ""
        assert views.partners["agency@example"].certificate == certificate


def test_taking_away_is_done_by_one_at_once_and_takes_proposals_along(
    hub: Hub, chiefs: tuple[Program, Program]
) -> None:
    first, second = chiefs
    hub.appoint("Hara", {Role.AUTHOR, Role.APPROVER})
    done = first.post("/people", **wanted("Hara")).json()
    assert (done["waits"], done["code"]) == (False, "")
    assert hub.live.realm.views.roster["Hara"].roles == {Role.APPROVER}
    proposed = first.post("/people", **wanted("Hara", roles=["author", "approver"])).json()
    assert proposed["waits"] is True
    assert proposed["code"] == ""
    assert second.http.delete("/api/people/Hara").status_code == 204
    assert "cannot sign" in why(agree(second, proposed))
    hub.appoint("Chief", {Role.ADMINISTRATOR})
    third = Program(hub, "Chief", *SCOPES)
    of_third = third.post("/people", **wanted("Friend")).json()
    assert second.http.delete("/api/people/Chief").status_code == 204
    assert "cannot sign" in why(agree(second, of_third))


def test_a_passkey_is_asked_for_exactly_what_the_page_shows(hub: Hub, chiefs: tuple[Program, Program]) -> None:
    proposed = chiefs[0].post("/people", **wanted("Mizuno")).json()
    page = hub.browser("Abe")
    page.get("/desk/people")
    (form,) = [one for one in page.tree.forms if one.action.endswith("/agree") and one.fields["name"] == "Mizuno"]
    assert form.get("data-ask") == "/desk/people/ask"
    asked = page.http.post("/desk/people/ask", data=dict(form.form_values())).json()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(proposed["statement"].encode()).digest()).rstrip(b"=")
    assert asked["challenge"] == challenge.decode()
    page.submit("/people/withdraw", name="Mizuno")
    assert not page.tree.xpath("//section[@aria-label='Mizuno']")


def test_the_only_administrator_appoints_alone_and_everybody_sees_it(fresh: Hub) -> None:
    for name in ("Tanaka", "Abe"):
        fresh.appoint(name, {Role.ADMINISTRATOR})
    fresh.appoint("Sato", {Role.APPROVER})
    first = Program(fresh, "Tanaka", *SCOPES)
    assert first.http.delete("/api/people/Abe").status_code == 204
    waits = first.post("/people", **wanted("Phantom"))
    assert "appoints nobody alone until" in why(waits)
    other = fresh.browser("Sato")
    for page in ("/desk", "/desk/people"):
        other.get(page)
        assert "They ended the office of another administrator" in other.tree.text_content()
    fresh.clock.ahead += timedelta(hours=72, minutes=1)
    made = Program(fresh, "Tanaka", *SCOPES).post("/people", **wanted("Phantom")).json()
    assert (made["waits"], bool(made["code"])) == (False, True)
    assert "appoint alone" in deeds(fresh)
    other = fresh.browser("Sato")
    other.get("/desk/people?lang=de")
    text = " ".join(other.tree.text_content().split())
    assert "Tanaka, allein" in text
    assert "Nur Tanaka verwaltet hier." in text
    other.get("/desk/ledger?lang=de")
    assert "allein berufen" in other.tree.text_content()
    assert other.http.post("/desk/people/agree").status_code == 403


def test_an_administrator_who_was_appointed_alone_makes_two(fresh: Hub) -> None:
    first = fresh.browser()
    first.get(f"/desk/first?token={fresh.live.door.first_token()}")
    first.submit("/desk/first", name="Tanaka")
    first.get("/desk/people")
    assert "the printed link" in first.tree.text_content()
    assert "Tanaka is the only administrator." in first.tree.text_content()
    fresh.clock.ahead += timedelta(minutes=11)
    first.submit("/people/appoint", name="Abe", role=["administrator"])  # at a screen that was left open
    assert "signed in a while ago" in first.problem
    fresh.clock.ahead -= timedelta(minutes=11)
    first.get("/desk/people")
    first.submit("/people/appoint", name="Abe", role=["administrator"])
    assert not first.problem
    second = fresh.browser()
    second.get("/desk/sign-in")
    second.submit("/desk/sign-in", code=code_on(first))
    second.submit("/desk/me/codes")
    first.get("/desk/people")
    assert "only administrator" not in first.tree.text_content()
    first.submit("/people/appoint", name="Ueda", role=["author"])
    assert "Ueda" not in fresh.live.realm.views.roster
    assert deeds(fresh)[-1] == "write appointment"
