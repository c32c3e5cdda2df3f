"""A hub with a simulated site in each German Kreis: a warning rings in the Kreise it names and nowhere else."""

from collections.abc import Iterator
from typing import Any

import pytest

from web.hub import Hub, running, until
from web.test_api import Program

KREIS = "AGS:09162"


@pytest.fixture(scope="module")
def germany(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("germany"), sites="germany") as one:
        until(lambda: len(one.live.realm.sky.sites) == 400, within_s=60)
        yield one


def warned(hub: Hub, *codes: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """Issue a real warning for places; what the sites did, by site."""
    author = Program(hub, "Tanaka", "read", "draft", "submit", "issue")
    draft = {
        "hazard": "flood",
        "purpose": "real",
        "severity": "Extreme",
        "minutes": 30,
        "codes": list(codes),
        "said": {"de": {"headline": "Hochwasser", "description": "Es steigt.", "instruction": "Gehen Sie nach oben."}},
    }
    made = author.post("/warnings", **draft)
    assert made.status_code == 201, made.text
    subject = made.json()["subject"]
    assert author.post(f"/warnings/{subject}/submit", typed="flood").status_code == 200
    agreed = Program(hub, "Sato", "read", "approve", "issue").approve(subject, at_once=True, typed="flood")
    assert agreed.json()["state"] == "on air", agreed.text
    return subject, hub.live.realm.views.receipts.setdefault(agreed.json()["identifier"], {})


def ringing(receipts: dict[str, dict[str, Any]]) -> set[str]:
    return {site for site, body in list(receipts.items()) if body["act"] == "sounded"}


def test_one_kreis_rings_alone(germany: Hub) -> None:
    subject, receipts = warned(germany, KREIS)
    until(lambda: len(receipts) == 400, within_s=60)
    assert ringing(receipts) == {KREIS}
    seen = Program(germany, "Tanaka", "read").http.get(f"/api/warnings/{subject}/preview").json()
    assert (seen["codes"], seen["sites"]) == ([KREIS], 1)
    page = germany.browser("Tanaka").get(f"/desk/w/{subject}").text
    assert "listed, not drawn" not in page
    assert KREIS in page


def test_the_whole_country_rings_everywhere(germany: Hub) -> None:
    _, receipts = warned(germany, "ISO3166-1:DE")
    until(lambda: len(ringing(receipts)) == 400, within_s=60)


def test_a_japanese_number_rings_nowhere(germany: Hub) -> None:
    """09162 is a Kreis; 09 and 09201 are Tochigi and Utsunomiya."""
    _, receipts = warned(germany, "09201")
    _, own = warned(germany, "AGS:09184")
    until(lambda: ringing(own) == {"AGS:09184"}, within_s=60)
    assert ringing(receipts) == set()


def test_an_officer_of_one_country_has_no_say_in_the_other(germany: Hub) -> None:
    from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
    from satwarn.authority.rights import Role

    bavaria = Jurisdiction.from_json(EVERYWHERE.to_json() | {"areas": ["AGS:09"]})
    germany.appoint("Huber", {Role.AUTHOR}, bavaria)
    author = Program(germany, "Huber", "read", "draft", "submit")
    draft = {
        "hazard": "flood",
        "purpose": "exercise",
        "severity": "Minor",
        "minutes": 30,
        "said": {"de": {"headline": "Probe", "instruction": "Sie müssen nichts tun."}},
    }
    for codes, status in ((["AGS:09162"], 201), (["AGS:08111"], 403), (["09201"], 403), (["ISO3166-1:DE"], 403)):
        made = author.post("/warnings", **draft, codes=codes)
        if made.status_code == 201:
            made = author.post(f"/warnings/{made.json()['subject']}/submit")
            status = 200 if status == 201 else status
        assert made.status_code == status, (codes, made.text)


def test_the_pages_name_kreise(germany: Hub) -> None:
    page = germany.browser("Tanaka").get("/desk/sites?find=münchen&lang=de").text
    assert KREIS in page
    assert "München" in page


def test_a_land_rings_in_its_kreise_by_ground_and_by_frames(germany: Hub) -> None:
    subject, receipts = warned(germany, "AGS:09")
    assert set(germany.live.realm.views.sent[germany.live.realm.views.warnings[subject].said.identifier]) > {"ground"}
    until(lambda: len(ringing(receipts)) == 96, within_s=60)
    until(lambda: any("gnss" in body["first_heard"] for body in list(receipts.values())), within_s=60)
    assert {site[:6] for site in ringing(receipts)} == {"AGS:09"}


def test_a_real_receiver_speaks_for_itself_and_not_its_simulated_namesake(germany: Hub) -> None:
    used = {"state": "enrolled", "fingerprint": "aa" * 32}
    germany.record("enrol site", "site/AGS:11", used)
    _, receipts = warned(germany, "AGS:11", "AGS:02")
    until(lambda: "AGS:02" in ringing(receipts), within_s=60)
    until(lambda: len(receipts) == 399, within_s=60)
    assert "AGS:11" not in receipts
