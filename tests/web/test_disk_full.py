"""A disk that takes no more while people decide: nothing is done by halves, the desk says so, and it goes on after."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from satwarn.alert.lifecycle import State
from satwarn.ledger.chain import verify
from web.hub import Browser, Hub, deeds, until
from web.test_without_javascript import draft


@contextmanager
def full_disk(hub: Hub) -> Iterator[None]:
    """As under a quota: no file of this process grows any more beyond what the ledger's has."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    fill(hub)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def fill(hub: Hub) -> None:
    size = (hub.live.realm.settings.folder / "ledger.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def submitted(hub: Hub) -> str:
    author = hub.browser("Tanaka")
    subject = draft(author)
    author.submit("/submit")
    return subject


def state(hub: Hub, subject: str) -> State:
    return hub.live.realm.views.warnings[subject].state


def text(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.text


def test_an_approval_that_cannot_be_kept_is_none_and_is_said_so(hub: Hub) -> None:
    subject, code, approver = submitted(hub), hub.code("Sato"), hub.browser("Sato")
    approver.http.headers["accept-language"] = "de"
    approver.get(f"/desk/w/{subject}")
    before = deeds(hub)
    with full_disk(hub):
        answer = approver.submit("/approve", code=code)
        assert answer.status_code == 503
        assert "ledger.db" in text(approver)
        assert "auf dem Datenträger Platz schaffen" in text(approver)
        assert str(hub.live.realm.settings.folder) not in text(approver)
        assert approver.get("/desk").status_code == 200
    assert deeds(hub) == before
    assert state(hub, subject) is State.SUBMITTED
    approver.get(f"/desk/w/{subject}")
    approver.submit("/approve", code=code)  # it was not spent
    assert state(hub, subject) is State.ON_AIR
    assert deeds(hub).count("issue") == before.count("issue") + 1


def test_a_disk_that_fills_between_yes_and_out_leaves_it_agreed_and_not_sent(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, approver, realm = submitted(hub), hub.browser("Sato"), hub.live.realm
    sign, sent = realm.seal, len(realm.views.messages)

    def sign_and_fill(xml: bytes) -> bytes:
        fill(hub)
        return sign(xml)

    approver.get(f"/desk/w/{subject}")
    with full_disk(hub), monkeypatch.context() as patched:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        patched.setattr(realm, "seal", sign_and_fill)
        assert approver.submit("/approve", code=hub.code("Sato")).status_code == 503
    assert "cannot be written" in approver.problem
    assert state(hub, subject) is State.APPROVED
    assert len(realm.views.messages) == sent
    assert [kind for kind in deeds(hub)[-3:] if kind in ("approve", "issue", "send")] == ["approve"]
    approver.get(f"/desk/w/{subject}")
    approver.submit("/issue")
    assert state(hub, subject) is State.ON_AIR
    assert len(realm.views.messages) == sent + 1
    verify(realm.reader.since())


def test_what_runs_out_while_the_disk_is_full_is_noted_when_there_is_room(hub: Hub) -> None:
    subject, approver = submitted(hub), hub.browser("Sato")
    approver.get(f"/desk/w/{subject}")
    approver.submit("/approve", code=hub.code("Sato"))
    hub.clock.ahead += timedelta(minutes=31)
    try:
        with full_disk(hub):
            asyncio.run(hub.live.realm.expire_due())  # the pulse does this once a second, and must go on
        until(lambda: state(hub, subject) is State.EXPIRED)
    finally:
        hub.clock.ahead -= timedelta(minutes=31)
