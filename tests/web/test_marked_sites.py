"""Who may say that a site is down; apart from other tests of sites, for it needs a second administrator."""

import pytest

from satwarn.authority.rights import Role, rights
from web.hub import Hub
from web.test_api import Program


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MACHINE])
def test_whoever_may_marks_a_site_as_down_on_the_page_and_by_a_program_and_nobody_else(hub: Hub, role: Role) -> None:
    hub.appoint(f"only {role}", {role})
    may = "mark site" in rights()[role]
    realm, program, browser = hub.live.realm, Program(hub, f"only {role}", *rights()[role]), hub.browser(f"only {role}")
    before = [entry.position for entry in realm.reader.page(before=0, limit=9, kinds=["mark site"])]
    marked = program.post("/sites/31202/mark", state="down", note="in repair")
    assert marked.status_code == (204 if may else 403), marked.text
    if may:
        assert realm.views.sites["31202"].known_down
        assert program.post("/sites/31202/mark", state="gone").status_code == 422
        assert Program(hub, f"only {role}", "read").post("/sites/31202/mark", state="up").status_code == 403
    browser.get("/desk/sites?find=31202")
    assert bool(browser.tree.xpath("//main//button[starts-with(@id, 'mark-')]")) is may
    (csrf,) = browser.tree.xpath("//input[@name='csrf']/@value")[:1]
    browser.http.post("/desk/sites/up", data={"csrf": csrf, "site": "31202"})
    after = [entry.position for entry in realm.reader.page(before=0, limit=9, kinds=["mark site"])]
    assert len(after) - len(before) == (2 if may else 0)
