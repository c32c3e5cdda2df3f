"""Two live warnings of one danger for the same people: their all-clears go out together, by page and by program."""

from collections.abc import Iterator
from typing import Any

import pytest

from satwarn.alert import cap
from satwarn.alert.lifecycle import State
from satwarn.app.preview import CLEARS
from web.hub import Browser, Hub, deeds, running
from web.test_api import DRAFT, Program

REAL: dict[str, Any] = DRAFT | {"hazard": "missile", "purpose": "real", "severity": "Severe"}


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("clears"), sites="0") as one:
        yield one


@pytest.fixture
def author(hub: Hub) -> Program:
    return Program(hub, "Tanaka", "read", "draft", "submit", "issue")


@pytest.fixture
def approver(hub: Hub) -> Program:
    return Program(hub, "Sato", "read", "approve", "issue")


def on_air(author: Program, approver: Program, *codes: str) -> str:
    subject = str(author.post("/warnings", **REAL | {"codes": list(codes)}).json()["subject"])
    assert author.post(f"/warnings/{subject}/submit").status_code == 200
    assert approver.approve(subject, at_once=True).json()["state"] == "on air"
    return subject


def state(hub: Hub, subject: str) -> State:
    return hub.live.realm.views.warnings[subject].state


def test_by_program(hub: Hub, author: Program, approver: Program) -> None:
    one, other = on_air(author, approver, "31"), on_air(author, approver, "31201", "32")
    first, second = (author.post(f"/warnings/{name}/follow", does="clear").json()["subject"] for name in (one, other))
    for clear in (first, second):
        author.post(f"/warnings/{clear}/submit")
    held = approver.approve(first, at_once=True)
    assert held.status_code == 409
    assert f"{other} still warns the same people" in held.json()["detail"]
    assert state(hub, first) is State.APPROVED
    rings = approver.http.get(f"/api/warnings/{second}/preview").json()["rings"]
    assert rings == CLEARS, "an all-clear rings nowhere"
    (track,) = approver.http.get(f"/api/warnings/{second}/preview").json()["tracks"]
    assert (track["warning"], track["clear"], track["agreed"]) == (one, first, True)
    before = len(deeds(hub))
    wrong = approver.approve(second, at_once=True, together={first: "0" * 64})
    assert wrong.status_code == 403
    assert approver.post(f"/warnings/{second}/issue", together={first: track["digest"]}).json()["state"] == (
        "part of its warning"
    )
    assert state(hub, one) is state(hub, other) is State.CLEARED
    assert deeds(hub)[before:] == ["approve", "join", "clear", "join", "clear", "send", "send"]
    ends = [hub.live.realm.views.warnings[name].said for name in (one, other)]
    assert len({end.identifier for end in ends}) == 2
    for end in ends:
        assert cap.read(author.http.get(f"/cap/{end.identifier}.xml").content).alert.references == end.references


def test_by_page_without_javascript(hub: Hub, author: Program, approver: Program) -> None:
    one, other = on_air(author, approver, "31"), on_air(author, approver, "31")
    writer, second = hub.browser("Tanaka"), hub.browser("Sato")
    writer.get(f"/desk/w/{one}")
    assert "Also live: the same danger" in writer.tree.text_content()
    writer.submit(f"{one}/clear")
    first = writer.path.rpartition("/")[2]
    writer.submit("/submit")
    agree(hub, second, first)
    assert state(hub, first) is State.APPROVED
    assert "/issue" not in " ".join(form.action for form in second.tree.forms)  # it waits
    writer.get(f"/desk/w/{first}")
    writer.submit(f"{other}/clear")
    last = writer.path.rpartition("/")[2]
    assert last.startswith("clear-")
    assert last != first
    writer.submit("/submit")
    second.get(f"/desk/w/{last}?lang=de")
    assert "Jeder Entwarnung haben zwei Menschen zugestimmt" in second.tree.text_content()
    agree(hub, second, last)
    assert state(hub, one) is state(hub, other) is State.CLEARED


def agree(hub: Hub, browser: Browser, subject: str) -> None:
    browser.get(f"/desk/w/{subject}")
    browser.submit("/approve", code=hub.code("Sato"))
    assert not browser.tree.xpath("//*[@role='alert']"), browser.problem
