"""Standing orders on the page: written, signed by a second person, in force until stopped or run out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from satwarn.alert.lifecycle import State
from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
from satwarn.authority.prepared import Sort
from satwarn.authority.rights import Role
from web.chrome import chromium, person
from web.hub import Browser, Hub, running
from web.test_partners import AGENCY, Agency, partner, stands

DAY = timedelta(days=1)


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("orders"), sites="0") as one:
        yield one


def write(browser: Browser, hub: Hub, *, name: str = "tsunami", code: str = "", **changes: Any) -> None:
    today = hub.clock().astimezone(hub.live.realm.settings.zone)
    browser.get("/desk/orders")
    filled = {
        "name": name,
        "source": [AGENCY],
        "hazard": ["tsunami"],
        "area": ["31", "32"],
        "most_places": "5",
        "valid_from": f"{today - DAY:%Y-%m-%d}",
        "valid_until": f"{today + 60 * DAY:%Y-%m-%d}",
        **changes,
    }
    browser.submit("/desk/orders/write", code=code, **filled)


def test_written_by_one_signed_by_another_and_stopped_by_anybody(hub: Hub) -> None:
    agency: Agency = partner(hub, AGENCY)
    first, second = hub.browser("Sato"), hub.browser("Mori")
    write(first, hub, code=hub.code("Sato"))
    assert first.path == "/desk/orders", first.problem
    assert "signed by one" in first.tree.text_content()
    assert AGENCY in first.tree.text_content()
    assert not [form for form in first.tree.forms if form.action.endswith("/sign")]  # never the writer
    assert agency.send(agency.alert()).json()["order"] == ""

    second.get("/desk/orders")
    second.submit("/desk/orders/sign", code="")
    assert "needs your signature" in second.problem
    second.get("/desk/orders")
    second.submit("/desk/orders/sign", code=hub.code("Sato"))  # another's code is no signature of mine
    assert "no unused code" in second.problem
    second.get("/desk/orders")
    second.submit("/desk/orders/sign", code=hub.code("Mori"))
    assert "in force" in second.tree.text_content(), second.problem
    assert "One standing order lets a machine" in second.heading
    taken = agency.send(agency.alert()).json()
    assert taken["order"] == "tsunami"
    assert stands(hub, taken["subject"]) is State.ON_AIR
    entries = [e for e in hub.live.realm.reader.of("order/tsunami") if e.kind in ("write order", "sign order")]
    assert [e.body["by"] for e in entries] == ["code", "code"]

    stopper = hub.browser("Ito")  # the auditor, alone
    stopper.get("/desk/orders")
    stopper.submit("/desk/orders/revoke", reason="false reports")
    assert "No machine may" in stopper.heading
    assert agency.send(agency.alert()).json()["order"] == ""


def test_what_was_read_is_what_is_signed(hub: Hub) -> None:
    partner(hub, AGENCY)
    first, second = hub.browser("Sato"), hub.browser("Mori")
    write(first, hub, code=hub.code("Sato"))
    second.get("/desk/orders")
    write(first, hub, code=hub.code("Sato"), most_places="500")
    second.submit("/desk/orders/sign", code=hub.code("Mori"))
    assert "changed since you read it" in second.problem
    assert hub.live.realm.views.kept(Sort.ORDER)[0].order is None


def test_an_order_runs_out_and_says_so_before(hub: Hub) -> None:
    partner(hub, AGENCY)
    first, second = hub.browser("Sato"), hub.browser("Mori")
    write(first, hub, code=hub.code("Sato"))
    second.get("/desk/orders")
    second.submit("/desk/orders/sign", code=hub.code("Mori"))
    assert "runs out on" not in second.get("/desk").text
    hub.clock.ahead += 45 * DAY
    officer = hub.browser("Mori")
    assert "runs out on" in officer.get("/desk").text
    hub.clock.ahead += 30 * DAY
    officer = hub.browser("Mori")
    assert "has run out" in officer.get("/desk").text
    officer.get("/desk/orders")
    assert "No machine may" in officer.heading


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": ""}, "needs your signature"),
        ({"source": []}, "no source"),
        ({"hazard": []}, "is not chosen"),
        ({"hazard": ["missile"]}, "needs people"),
        ({"area": []}, "is not chosen"),
        ({"area": ["99"]}, "99"),
        ({"path": []}, "is not chosen"),
        ({"path": ["carrier pigeon"]}, "carrier pigeon"),
        ({"most_places": "0"}, "no place"),
        ({"valid_until": "2020-01-01"}, "within a year"),
        ({"valid_until": "soon"}, "is no day"),
        ({"name": "a/b"}, "is no name"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_lost(shared: Hub, changes: dict[str, Any], says: str) -> None:
    writer = SIGNED.setdefault(shared.port, shared.browser("Sato"))
    code = shared.code("Sato") if "code" not in changes else ""
    before = shared.live.realm.views.kept(Sort.ORDER)
    write(writer, shared, **{"code": code, **changes})
    assert says in writer.problem
    assert shared.live.realm.views.kept(Sort.ORDER) == before
    assert writer.tree.xpath("//input[@name='source']/@value") == [AGENCY]
    if "hazard" not in changes:
        assert writer.tree.xpath("//input[@name='hazard'][@checked]/@value") == ["tsunami"]


SIGNED: dict[int, Browser] = {}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("shared"), sites="0") as one:
        partner(one, AGENCY)
        yield one


def test_nobody_gives_a_machine_more_than_they_hold(hub: Hub) -> None:
    partner(hub, AGENCY)
    here = Jurisdiction(
        hazards=frozenset({"tsunami"}), areas=frozenset({"31"}), purposes=EVERYWHERE.purposes, paths=EVERYWHERE.paths
    )
    hub.appoint("Local", {Role.DUTY_OFFICER}, here)
    local, wide = hub.browser("Local"), hub.browser("Sato")
    write(local, hub, code=hub.code("Local"))
    assert "cannot give more than they hold" in local.problem
    write(wide, hub, code=hub.code("Sato"))
    local.get("/desk/orders")
    local.submit("/desk/orders/sign", code=hub.code("Local"))
    assert "cannot give more than they hold" in local.problem
    write(wide, hub, code=hub.code("Sato"), area=["31"])
    local.get("/desk/orders")
    local.submit("/desk/orders/sign", code=hub.code("Local"))
    assert "in force" in local.tree.text_content(), local.problem


def test_only_the_right_roles_write_and_sign(hub: Hub) -> None:
    partner(hub, AGENCY)
    author = hub.browser("Tanaka")  # author and administrator
    author.get("/desk/orders")
    assert not [form for form in author.tree.forms if form.action.endswith("/write")]
    token = author.form("/sign-out").fields["csrf"]
    forced = author.http.post(
        "/desk/orders/write",
        data={"csrf": token, "name": "x", "source": AGENCY, "hazard": "tsunami", "area": "31", "path": "ground"}
        | {"most_places": "1", "valid_from": "2026-01-01", "valid_until": "2026-12-01", "code": hub.code("Tanaka")},
        headers={"origin": str(author.http.base_url)},
    )
    assert forced.status_code == 403
    assert author.http.post("/desk/orders/write", data={"name": "x"}).status_code == 403


def test_both_signatures_by_passkey(hub: Hub) -> None:
    """The browser's key signs what the page shows: the order as filled in, then the version that was read."""
    partner(hub, AGENCY)
    with chromium() as browser:
        writer, signer = (with_passkey(browser, hub, name) for name in ("Sato", "Mori"))
        writer.goto("/desk/orders")
        writer.get_by_text("Write a standing order").click()
        writer.fill("input[name=name]", "tsunami")
        for box in (f"source][value='{AGENCY}'", "hazard][value=tsunami", "area][value='31'"):
            writer.check(f"input[name={box}]")
        writer.fill("input[name=most_places]", "5")
        writer.fill("input[name=valid_until]", f"{hub.clock() + 60 * DAY:%Y-%m-%d}")
        writer.get_by_role("button", name="Sign as the first: lay it before a second person").click()
        writer.get_by_text("Written by Sato; somebody else signs it.").wait_for()
        signer.goto("/desk/orders")
        signer.get_by_role("button", name="Sign as the second: put it in force").click()
        signer.get_by_role("heading", name="One standing order lets a machine warn without a person.").wait_for()
    entries = [e for e in hub.live.realm.reader.of("order/tsunami") if e.kind in ("write order", "sign order")]
    assert [e.body["by"] for e in entries] == ["passkey", "passkey"]


def with_passkey(browser: Any, hub: Hub, name: str) -> Any:
    page = person(browser, hub.url, passkey=True)
    page.goto("/desk/sign-in")
    page.fill("input[name=code]", hub.code(name))
    page.press("input[name=code]", "Enter")
    page.get_by_role("link", name=name).first.wait_for()
    page.goto("/desk/me")
    page.fill("input[name=label]", "key of a test")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("key of a test").wait_for()
    return page
