"""A warning's page shows what people were told last: not the first draft, nor that sirens sound when it is over."""

from typing import Any

import pytest

from web.hub import Hub
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
