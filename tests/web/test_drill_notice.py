"""A drill is announced, and does not take place: people read both, receivers are armed and disarmed, nothing sounds."""

from datetime import timedelta

import pytest

from satwarn.alert.lifecycle import State
from satwarn.ledger.receipt import Act
from web.hub import EXERCISE, Browser, Hub, until
from web.test_api import DRAFT, Program


def announced(hub: Hub, author: Browser, approver: Browser, exercise: str = "") -> str:
    """An exercise (drafted unless there is one) announced, agreed on and issued; returns the plan's name."""
    if exercise:
        author.get(f"/desk/w/{exercise}")
    else:
        author.get("/desk/compose")
        author.submit("/desk/compose", **{**EXERCISE, "code": ["01", "31"]})
    begins = (hub.clock() + timedelta(hours=1)).astimezone(hub.live.realm.settings.zone)
    ends = begins + timedelta(hours=2)
    author.submit(
        "/announce",
        name="May drill",
        armed_from=f"{begins:%Y-%m-%dT%H:%M}",
        armed_until=f"{ends:%Y-%m-%dT%H:%M}",
    )
    assert author.path.startswith("/desk/w/plan-"), author.problem
    plan = author.path.rpartition("/")[2]
    assert "訓練のお知らせ: May drill" in author.tree.text_content()  # what people will read, before anybody agrees
    assert not author.tree.xpath("//a[contains(@href, '/edit')]")
    author.get(f"/desk/w/{plan}/edit")
    author.submit("/edit", **EXERCISE)
    assert "announcement stays one" in author.problem
    author.get(f"/desk/w/{plan}")
    author.submit("/submit")
    approver.get(f"/desk/w/{plan}")
    approver.submit("/approve", code=hub.code("Sato"))
    assert hub.live.realm.desk.stands(plan).state is State.ON_AIR, approver.problem
    return plan


def test_announced_then_cancelled_is_told_in_every_language_and_makes_no_sound(hub: Hub) -> None:
    author, approver, public = hub.browser("Tanaka"), hub.browser("Sato"), hub.browser()
    plan = announced(hub, author, approver)
    public.get("/?lang=en")
    assert "An exercise is announced: May drill" in public.tree.text_content()
    assert public.heading == "No warning is on."
    sites = hub.live.realm.sky.simulated
    until(lambda: sites.state.up)

    def armed() -> bool:
        return any(sites.look(code).result(20)["drills"] for code in sites.codes)

    until(lambda: sites.state.up)
    until(armed)

    approver.get("/desk/correct")
    approver.submit(f"{plan}/unlock")
    approver.submit("/retract", reason="a real missile one hour before")
    assert hub.live.realm.desk.stands(plan).state is State.RETRACTED, approver.problem
    for tag, says in {
        "en": "Exercise cancelled: May drill",
        "de": "Übung abgesagt: May drill",
        "ja": "訓練中止: May drill",
        "ko": "훈련 취소: May drill",
    }.items():
        public.get(f"/?lang={tag}")
        assert says in public.tree.text_content()
        assert "sent in error" not in public.tree.text_content()
        assert public.get(f"/warning/{plan}?lang={tag}").status_code == 200
        assert says in public.tree.text_content()
    assert "Exercise cancelled" in public.get("/feed.atom").text
    identifier = hub.live.realm.desk.stands(plan).said.identifier
    received = hub.live.realm.views.receipts
    until(lambda: len(received.get(identifier, {})) == len(sites.codes))
    acts = [receipt["act"] for receipt in received[identifier].values()]
    assert set(acts) == {Act.SHOWN, Act.SILENT}  # shown where the drill was to be, and nowhere a sound
    until(lambda: not armed())
    still_drafted(hub, plan, author, approver)


def still_drafted(hub: Hub, plan: str, author: Browser, approver: Browser) -> None:
    """What was called off does not go out by mistake, until it is announced again."""
    exercise = hub.live.realm.desk.stands(plan).announces
    author.get(f"/desk/w/{exercise}")
    assert "told that this exercise does not take place" in author.problem
    author.submit("/submit")
    approver.get(f"/desk/w/{exercise}")
    approver.submit("/approve", code=hub.code("Sato"))
    assert "told that this exercise does not take place" in approver.problem
    assert hub.live.realm.desk.stands(exercise).state is State.APPROVED
    again = announced(hub, author, approver, exercise)
    approver.get(f"/desk/w/{exercise}")
    assert again in approver.tree.text_content() or approver.tree.xpath(f"//a[@href='/desk/w/{again}']")
    assert not approver.problem
    approver.submit("/issue")
    assert hub.live.realm.desk.stands(exercise).state is State.ON_AIR, approver.problem


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "no name"),
        ({"armed_from": "soon"}, "is no time"),
        ({"armed_until": "2020-01-01T00:00"}, "was over"),
        ({"armed_from": "2020-01-01T00:00"}, "at most 12 hours"),
    ],
)
def test_what_cannot_be_announced_is_said(hub: Hub, changes: dict[str, str], says: str) -> None:
    author = SIGNED.setdefault(hub.port, hub.browser("Tanaka"))
    author.get("/desk/compose")
    author.submit("/desk/compose", **EXERCISE)
    at = (hub.clock() + timedelta(hours=1)).astimezone(hub.live.realm.settings.zone)
    filled = {
        "name": "x",
        "armed_from": f"{at:%Y-%m-%dT%H:%M}",
        "armed_until": f"{at + timedelta(1 / 24):%Y-%m-%dT%H:%M}",
    }
    author.submit("/announce", **{**filled, **changes})
    assert says in author.problem


SIGNED: dict[int, Browser] = {}


def test_programs_announce_too_and_a_real_warning_never_is(hub: Hub) -> None:
    author = Program(hub, "Tanaka", "draft", "submit")
    window = {
        "name": "By program",
        "armed_from": (hub.clock() + timedelta(hours=1)).isoformat(),
        "armed_until": (hub.clock() + timedelta(hours=2)).isoformat(),
    }
    drill = author.post("/warnings", **DRAFT).json()["subject"]
    plan = author.post(f"/warnings/{drill}/announce", **window)
    assert plan.status_code == 201, plan.text
    assert plan.json()["state"] == "draft"
    real = author.post("/warnings", **{**DRAFT, "purpose": "real", "hazard": "flood"}).json()["subject"]
    refused = author.post(f"/warnings/{real}/announce", **window)
    assert (refused.status_code, "only an exercise" in refused.text) == (422, True)
    naive = {**window, "armed_from": "2026-05-20T10:00:00"}
    assert author.post(f"/warnings/{drill}/announce", **naive).status_code in (400, 422)
    assert Program(hub, "Sato", "read").post(f"/warnings/{drill}/announce", **window).status_code == 403
