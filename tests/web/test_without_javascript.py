"""The whole way through pages, links and forms only."""

import io
import wave

import pytest

from web.hub import EXERCISE, Browser, Hub, until


def draft(author: Browser, **changes: object) -> str:
    author.get("/desk/compose")
    author.submit("/desk/compose", **{**EXERCISE, **changes})
    assert author.path.startswith("/desk/w/"), author.problem
    return author.path.rpartition("/")[2]


def test_two_people_put_an_exercise_on_air_and_one_retracts_it(hub: Hub) -> None:
    author, approver = hub.browser("Tanaka"), hub.browser("Sato")
    subject = draft(author)
    author.submit("/submit")
    assert "submitted" in author.page.text  # type: ignore[union-attr]
    approver.get("/desk/approve")
    assert subject in approver.page.text  # type: ignore[union-attr]
    approver.get(f"/desk/w/{subject}")
    approver.submit("/approve", code=hub.code("Sato"))
    assert "on air" in approver.page.text, approver.problem  # type: ignore[union-attr]

    public = hub.browser()
    public.get("/?lang=en")
    assert "Test of the warning system" in public.page.text  # type: ignore[union-attr]
    assert "This is an exercise." in public.page.text  # type: ignore[union-attr]
    identifier = hub.live.realm.views.warnings[subject].said.identifier
    assert public.get(f"/cap/{identifier}.xml").content == hub.live.realm.views.messages[identifier]
    until(lambda: bool(hub.live.realm.views.receipts.get(identifier)))

    approver.get("/desk/correct")
    approver.submit(f"{subject}/unlock")
    approver.submit("/retract", reason="wrong button")
    assert "retracted" in approver.page.text  # type: ignore[union-attr]
    assert "sent in error" in public.get("/?lang=en").text


def test_a_missing_area_is_refused_and_nothing_filled_in_is_lost(hub: Hub) -> None:
    author = hub.browser("Tanaka")
    author.get("/desk/compose")
    author.submit("/desk/compose", **{**EXERCISE, "code": []})
    assert "names no area" in author.problem
    assert author.tree.xpath("//input[@name='headline_en']/@value") == ["Test of the warning system"]


@pytest.mark.parametrize("path", ["", "/compose", "/approve", "/on-air", "/correct", "/sites", "/people", "/templates"])
@pytest.mark.parametrize("lang", ["en", "de", "ja"])
def test_every_page_of_the_console_stands(hub: Hub, path: str, lang: str) -> None:
    if hub.port not in SIGNED:
        SIGNED[hub.port] = hub.browser("Tanaka")
    somebody = SIGNED[hub.port]
    answer = somebody.get(f"/desk{path}?lang={lang}")
    assert answer.status_code == 200
    assert somebody.tree.get("lang") == lang


SIGNED: dict[int, Browser] = {}


def test_a_sites_page_shows_its_screen_and_hands_out_its_sound(hub: Hub) -> None:
    author, approver = hub.browser("Tanaka"), hub.browser("Sato")
    site, other = sorted(hub.live.realm.sky.sites)[0], sorted(hub.live.realm.sky.sites)[-1]
    subject = draft(author, code=[site[:2]])
    author.submit("/submit")
    approver.get(f"/desk/w/{subject}")
    approver.submit("/approve", code=hub.code("Sato"))
    identifier = hub.live.realm.views.warnings[subject].said.identifier
    until(lambda: site in hub.live.realm.views.receipts.get(identifier, {}))
    author.get(f"/desk/sites/{site}")
    (shown,) = author.tree.xpath("//section[contains(@class, 'as-screen')]")
    assert "This is an exercise." in shown.text_content()
    (source,) = author.tree.xpath("//audio/@src")
    heard = author.get(source)
    assert heard.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(heard.content)) as sound:
        assert sound.getnframes() / sound.getframerate() > 2
    assert author.get(source.replace(site, other)).status_code == 404  # it did not sound there
    assert hub.browser().http.get(source, follow_redirects=False).status_code == 303  # nobody is signed in
