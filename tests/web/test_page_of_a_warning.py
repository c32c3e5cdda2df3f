"""A warning's page shows what people were told last: not the first draft, nor that sirens sound when it is over."""

import re
from typing import Any

import pytest

from web.hub import EXERCISE, Hub
from web.test_api import DRAFT, Program

LIVE = ("read", "draft", "change", "submit", "issue", "unlock retraction", "retract", "widen")


@pytest.fixture(scope="module")
def author(hub: Hub) -> Program:
    return Program(hub, "Tanaka", *LIVE)


def on_air(hub: Hub, author: Program, **changes: Any) -> str:
    subject: str = author.post("/warnings", **{**DRAFT, **changes}).json()["subject"]
    author.post(f"/warnings/{subject}/submit")
    answer = Program(hub, "Sato", "read", "approve", "issue").approve(subject, at_once=True)
    assert answer.json()["state"] == "on air", answer.text
    return subject


def test_after_an_update_it_shows_the_update(hub: Hub, author: Program) -> None:
    subject = on_air(hub, author)
    follows = author.post(f"/warnings/{subject}/follow", does="update", draft={**DRAFT, "codes": ["31", "32"]}).json()
    code = {"assent": {"by": "code", "proof": hub.code("Tanaka")}, "digest": follows["digest"], "at_once": True}
    wider = author.post(f"/warnings/{follows['subject']}/widen", **code)
    assert wider.status_code == 200, wider.text
    assert author.http.get(f"/api/warnings/{subject}/preview").json()["codes"] == ["31", "32"]
    page = hub.browser("Tanaka").get(f"/desk/w/{subject}").text
    assert "Tottori, Shimane" in page


def test_when_it_is_over_nothing_is_said_to_sound(hub: Hub, author: Program) -> None:
    subject = on_air(hub, author)
    assert "labelled as an exercise" in hub.browser("Tanaka").get(f"/desk/w/{subject}").text
    author.post(f"/warnings/{subject}/unlock")
    assert author.post(f"/warnings/{subject}/retract", reason="error").status_code == 200
    page = hub.browser("Tanaka").get(f"/desk/w/{subject}").text
    assert "Nothing sounds for it any more" in page
    assert "armed drill plan" not in page
    assert "was sent in error" in page


def test_only_what_this_person_can_do_is_offered(hub: Hub) -> None:
    writer, other = hub.browser("Tanaka"), hub.browser("Sato")
    writer.get("/desk/compose")
    writer.submit("/desk/compose", **EXERCISE)
    page = writer.path
    writer.submit("/submit")
    assert "somebody else must approve it" in writer.tree.text_content()
    assert not [form for form in writer.tree.forms if (form.action or "").endswith("/approve")]
    assert writer.tree.xpath("//a[contains(@href, '/edit')]")
    other.get(page)
    assert not other.tree.xpath("//a[contains(@href, '/edit')]")
    other.submit("/approve", code=hub.code("Sato"))
    for shown in (page, "/desk/correct"):
        offered = {(form.action or "").rpartition("/")[2] for form in (other.get(shown), other.tree)[1].forms}
        assert "unlock" in offered, other.problem
        assert not {"update", "clear"} & offered
        assert "drafts a better message or the all-clear" in other.tree.text_content()


def test_moments_and_numbers_are_told_as_people_read_them(hub: Hub, author: Program) -> None:
    subject = author.post("/warnings", **{**DRAFT, "codes": ["01"]}).json()["subject"]
    browser = hub.browser("Tanaka")
    lost = browser.get(f"/desk/w/{subject}?lang=de") and browser.tree.xpath("string(//main)")
    assert " JST geht als " in lost
    assert "+00:00" not in lost
    assert re.search(r"Gebiet: \d\d\.\d{3} km²", lost)


def test_another_language_is_the_same_page(hub: Hub) -> None:
    writer = hub.browser("Tanaka")
    writer.get("/desk/ledger?subject=person%2FTanaka&lang=ja")
    (german,) = writer.tree.xpath("//footer//a[@lang='de']/@href")
    writer.get(f"/desk/ledger{german}")
    assert "Nur: person/Tanaka" in writer.tree.text_content()
    writer.get("/desk/compose")
    writer.submit("/desk/compose", **{**EXERCISE, "minutes": "0"})
    assert writer.problem
    assert not writer.tree.xpath("//footer//a[@lang='de']")  # the answer to a form cannot be asked for again


def test_a_test_of_the_system_is_never_real(author: Program) -> None:
    answer = author.post("/warnings", **{**DRAFT, "purpose": "real"})
    assert answer.status_code == 422
    assert "not real" in answer.json()["detail"]


def receipt(site: str, identifier: str, why: str, act: str = "sounded") -> dict[str, Any]:
    path = {"ground": "2026-06-03T12:00:00+00:00"}
    return {
        "site": site,
        "warning": f"alert {identifier}",
        "identifier": identifier,
        "payloads": [],
        "act": act,
        "why": why,
        "decided_at": path["ground"],
        "first_heard": path,
        "copies": {"ground": 1},
        "first_path": "ground",
        "labelled": True,
        "outputs": [],
        "number": 1,
    }


def test_an_end_is_told_by_the_receipts_of_what_it_ends(hub: Hub, author: Program) -> None:
    subject = on_air(hub, author)
    identifier = author.http.get(f"/api/warnings/{subject}").json()["identifier"]
    for site, act in (("31201", "sounded"), ("31202", "sounded"), ("13101", "silent")):
        hub.record("receipt", site, receipt(site, identifier, "signed, for this place", act), by=site)
    author.post(f"/warnings/{subject}/unlock")
    author.post(f"/warnings/{subject}/retract", reason="error")
    hub.record("receipt", "31201", receipt("31201", identifier, "signed, for this place; retracted"), by="31201")
    browser = hub.browser("Tanaka")
    browser.get(f"/desk/w/{subject}")
    told = browser.tree.xpath("string(//*[@id='came'])")
    assert "3 sites answered" in told
    assert "have not said yet that it is over: 31202 Yonago" in told
    hub.record("receipt", "31202", receipt("31202", identifier, "signed, for this place; retracted"), by="31202")
    browser.get(f"/desk/w/{subject}")
    assert "Every site that warned has said that it is over." in browser.tree.xpath("string(//*[@id='came'])")


def test_no_text_of_an_exercise_is_too_short_to_say_so(author: Program) -> None:
    said = {"en": {"headline": "Missile. " * 12}, "ja": {"headline": "ミサイル"}}
    subject = author.post("/warnings", **{**DRAFT, "said": said}).json()["subject"]
    heard = author.http.get(f"/api/warnings/{subject}/preview").json()["heard"]
    assert [one["short"][:7] for one in heard] == ["This is", "これは訓練です"]
    assert all(one["long"].startswith(one["short"][:20]) for one in heard)


def test_a_district_without_an_outline_says_how_a_satellite_could_carry_it(hub: Hub, author: Program) -> None:
    browser = hub.browser("Tanaka")
    for area, hint in (({"codes": ["AGS:09162"]}, True), ({"codes": [], "circles": ["48.14,11.58 9"]}, False)):
        subject = author.post("/warnings", **{**DRAFT, **area}).json()["subject"]
        assert ("in place of the code" in browser.get(f"/desk/w/{subject}").text) is hint


@pytest.mark.parametrize(("tag", "said"), [("en", "not tell people what"), ("de", "was sie tun"), ("ja", "すべき")])
def test_the_author_is_told_how_it_would_be_understood_better_in_their_language(hub: Hub, tag: str, said: str) -> None:
    author = hub.browser("Tanaka")
    author.get("/desk/compose")
    author.submit("/desk/compose", **{**EXERCISE, "instruction_en": ""})
    shown = author.get(f"{author.path}?lang={tag}")
    assert said in shown.text
    assert "advice-" not in shown.text
    found = Program(hub, "Tanaka", "read").http.get(f"/api/warnings/{author.path.rpartition('/')[2]}/preview").json()
    assert ("advice-instruction", "en") in {(one["rule"], one["language"]) for one in found["advice"]}
    assert all(one["what"] and one["fix"] for one in found["advice"])
