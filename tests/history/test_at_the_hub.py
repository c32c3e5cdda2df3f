"""Failures of the past that need a whole hub to be rebuilt: served pages, programs, a crowd, and sites that answer."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from lxml import html

from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.alert import Alert
from satwarn.alert.lifecycle import State
from satwarn.app.compose import Composed, Said, compose
from satwarn.app.publish import publish
from satwarn.authority.rights import Role
from satwarn.ledger.receipt import Act
from satwarn.web.render import page, stylesheet
from web.hub import EXERCISE, Hub, running, until
from web.test_api import DRAFT, Program
from web.test_partners import put_on_air

YONAGO = "31202"
MISSILE = {"en": {"headline": "Missile launched", "instruction": "Take shelter."}}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("past"), sites="30") as one:
        until(lambda: one.live.realm.sky.simulated.state.up)
        yield one


def partner(hub: Hub, sender: str) -> SigningKey:
    """Somebody whose signed messages this hub takes in."""
    key = make_signing_key(sender, now=hub.clock())
    hub.appoint(sender, {Role.MACHINE})
    hub.record("trust partner", f"partner/{sender}", {"sender": sender, "certificate": key.certificate_pem.decode()})
    return key


def exercise(hub: Hub, sender: str, said: dict[str, Said] | None = None) -> Alert:
    texts = said or {"en": Said(headline="Test", description=f"A test of {sender}.", instruction="Do nothing.")}
    form = Composed(
        hazard="system-test", purpose="exercise", severity="Minor", minutes=30, codes=tuple(places(hub)), said=texts
    )
    return replace(compose(form, sender=sender, now=hub.clock()), identifier=f"of-{sender}")


def places(hub: Hub) -> list[str]:
    """The prefectures in which the simulated sites lie."""
    return sorted({code[:2] for code in hub.live.realm.sky.simulated.codes})


def send(hub: Hub, key: SigningKey, alert: Alert) -> httpx.Response:
    data = seal.sign(cap.write(alert), key_pem=key.key_pem, certificate_pem=key.certificate_pem)
    return httpx.post(f"{hub.url}/api/alerts", content=data, timeout=60)


def author(hub: Hub) -> Program:
    return Program(hub, "Tanaka", "read", "draft", "submit", "issue", "unlock retraction", "retract")


def take_back(hub: Hub, subject: str) -> None:
    """Nothing real stays on the air behind a test."""
    assert author(hub).post(f"/warnings/{subject}/unlock").status_code == 200
    assert author(hub).post(f"/warnings/{subject}/retract", reason="the test is over").status_code == 200


def heard_of(hub: Hub, subject: str) -> dict[str, dict[str, object]]:
    """What every site has answered to a warning."""
    return dict(hub.live.realm.views.receipts.get(hub.live.realm.views.warnings[subject].said.identifier, {}))


def everybody_answered(hub: Hub, subject: str) -> bool:
    return set(heard_of(hub, subject)) >= set(hub.live.realm.sky.simulated.codes)


# ── F11: who is down is known beforehand ─────────────────────────────────────────────────────────────────────────────


def test_f11_shinhidaka_2022_a_receiver_in_repair_is_known_to_whoever_approves(hub: Hub) -> None:
    """32 loudspeakers were silent because a receiver was away for repair; the officer learns of it before agreeing."""
    writer, approver = hub.browser("Tanaka"), hub.browser("Sato")
    hub.record("enrol site", f"site/{YONAGO}", {"state": "enrolled", "fingerprint": "aa"})
    hub.record("enrol site", "site/31201", {"state": "enrolled", "fingerprint": "bb"})
    writer.get("/desk/sites")
    writer.submit("/desk/sites/down", site=YONAGO, note="in repair until Friday; fire engines go round instead")
    # its line goes down too, as it is unplugged: the remark of a person outlasts what the line says
    hub.record("hear site", f"site/{YONAGO}", {"connected": False, "faults": {}, "remark": ""})
    broken = {"connected": True, "faults": {"output speaker": "the amplifier is off"}, "remark": ""}
    hub.record("hear site", "site/31201", broken)

    writer.get("/desk/compose")
    writer.submit("/desk/compose", **EXERCISE)
    subject = writer.path.rpartition("/")[2]
    writer.submit("/submit")
    approver.get(f"/desk/w/{subject}")
    said = " ".join(approver.tree.xpath("//main")[0].text_content().split())
    assert f"Known to be down: {YONAGO}" in said
    assert "fire engines go round instead" in said
    assert "something is wrong with them: 31201" in said
    assert "Approve" in said
    told = Program(hub, "Sato", "read").http.get(f"/api/warnings/{subject}/preview").json()
    assert (told["down"], told["faulty"]) == ([YONAGO], ["31201"])
    assert told["notes"] == {YONAGO: "in repair until Friday; fire engines go round instead"}


def test_f11_aomori_2022_a_failure_that_was_reported_and_had_not_happened(hub: Hub) -> None:
    """What a site did is told by its own receipt; a person who takes it for broken changes nothing about that."""
    code = next(iter(hub.live.realm.sky.simulated.codes))
    writer = hub.browser("Tanaka")
    writer.get("/desk/sites")
    writer.submit("/desk/sites/down", site=code, note="somebody rang: nothing was heard")
    drafter = author(hub)
    subject = drafter.post("/warnings", **{**DRAFT, "codes": [code[:2]]}).json()["subject"]
    drafter.post(f"/warnings/{subject}/submit")
    Program(hub, "Sato", "read", "approve", "issue").approve(subject, at_once=True)
    until(lambda: everybody_answered(hub, subject))
    receipt = heard_of(hub, subject)[code]
    assert (receipt["site"], receipt["act"]) == (code, Act.SOUNDED)
    writer.get("/desk/sites")
    writer.submit("/desk/sites/up", site=code, note="")


# ── F17: nobody types it again ───────────────────────────────────────────────────────────────────────────────────────


def test_f17_faxes_2009_nobody_carries_a_message_by_hand_from_hop_to_hop(hub: Hub) -> None:
    """From a partner's file to what a site says and shows: the same letters, though four hands agreed on the way."""
    told = {
        "en": Said(headline="Weir 7 opens", description="Water rises 1.35 m by 17:42.", instruction="Leave the bank."),
        "ja": Said(
            headline="第七堰を開放", description="17時42分までに1.35m上昇。", instruction="川岸を離れてください。"
        ),
    }
    key = partner(hub, "weirs@river.example")
    taken = send(hub, key, exercise(hub, "weirs@river.example", told)).json()
    put_on_air(hub, taken["subject"])
    until(lambda: everybody_answered(hub, taken["subject"]))
    views = hub.live.realm.views
    stands = views.warnings[taken["subject"]]
    assert [(i.language, i.headline, i.description, i.instruction) for i in stands.said.infos] == [
        (tag, said.headline, said.description, said.instruction) for tag, said in told.items()
    ]
    served = hub.browser().http.get(f"/cap/{stands.said.identifier}.xml").content
    assert served == views.messages[stands.said.identifier]  # and everybody downstream gets these very bytes
    for code in hub.live.realm.sky.simulated.codes:
        (*_, newest) = hub.live.realm.sky.simulated.look(code).result(20)["said"]
        by_language = {one["language"]: (one["headline"], *one["lines"]) for one in newest}
        for tag, said in told.items():
            assert {said.headline, said.description, said.instruction} <= set(by_language[tag])


# ── X6: everybody at the same minute ─────────────────────────────────────────────────────────────────────────────────


def test_x6_warntag_2020_everybody_at_the_same_minute_and_52_messages_instead_of_one(hub: Hub) -> None:
    """52 states and towns send their own test with the national one: people hear one, and a real warning is not kept
    waiting. What others send is a proposal until two people here make it their own.
    """
    senders = [f"town-{number}@warntag.example" for number in range(52)]
    keys = {sender: partner(hub, sender) for sender in senders}
    before = {
        code: len(hub.live.realm.sky.simulated.look(code).result(20)["said"])
        for code in hub.live.realm.sky.simulated.codes
    }
    drafter, approver = author(hub), Program(hub, "Sato", "read", "approve", "issue")

    def on_air(**more: object) -> str:
        subject = drafter.post("/warnings", **{**DRAFT, "codes": places(hub), **more}).json()["subject"]
        assert drafter.post(f"/warnings/{subject}/submit", typed="missile attack").status_code == 200
        assert approver.approve(subject, at_once=True, typed="missile attack").status_code == 200
        return str(subject)

    with ThreadPoolExecutor(16) as crowd:
        sent = [crowd.submit(send, hub, keys[sender], exercise(hub, sender)) for sender in senders]
        national = on_air()
        real = on_air(purpose="real", hazard="missile", severity="Extreme", said=MISSILE)
        answers = [one.result() for one in sent]
    assert Counter(one.status_code for one in answers) == {202: 52}
    assert {hub.live.realm.desk.stands(one.json()["subject"]).state for one in answers} == {State.PROPOSED}
    until(lambda: everybody_answered(hub, national) and everybody_answered(hub, real))
    assert {str(one["act"]) for one in heard_of(hub, real).values()} == {Act.SOUNDED}
    for code, count in before.items():
        said = hub.live.realm.sky.simulated.look(code).result(20)["said"][count:]
        assert len(said) == 2, "the national test once, and the real warning once"
    held = drafter.post("/warnings", **DRAFT).json()["subject"]
    drafter.post(f"/warnings/{held}/submit")
    answer = approver.approve(held, at_once=True)
    assert "held: a real warning" in answer.text  # and no drill begins beside it
    take_back(hub, real)


# ── X7: the message is enough by itself, and the page needs no server of ours ────────────────────────────────────────


def test_x7_warntag_2022_the_push_came_and_the_page_behind_it_did_not(hub: Hub, tmp_path: Path) -> None:
    """The pages are files that any web server can hold; nothing on them asks our hub, or anybody, for anything."""
    drafter = author(hub)
    said = {"en": {"headline": "Smoke", "description": "A depot burns.", "instruction": "Close all windows."}}
    form = {**DRAFT, "purpose": "real", "hazard": "fire", "severity": "Severe", "said": said, "codes": places(hub)}
    answer = drafter.post("/warnings", **form)
    assert answer.status_code == 201, answer.text
    subject = answer.json()["subject"]
    drafter.post(f"/warnings/{subject}/submit")
    Program(hub, "Sato", "read", "approve", "issue").approve(subject, at_once=True)
    ledger = hub.live.realm.settings.folder / "ledger.db"
    count = publish(
        tmp_path, ledger, zone_name="Asia/Tokyo", address="https://w.example", render=page, stylesheet=stylesheet()
    )
    assert count
    (shown,) = tmp_path.glob(f"warning/{subject}.en.html")
    text = html.fromstring(shown.read_bytes()).text_content()
    assert all(one in text for one in ("Smoke", "A depot burns.", "Close all windows."))
    for file in tmp_path.rglob("*.html"):
        tree = html.fromstring(file.read_bytes())
        assert not tree.xpath("//script | //iframe | //img[starts-with(@src, 'http')]")
        for asked in tree.xpath("//link/@href | //@src | //a/@href"):
            found = urlsplit(asked)
            if found.scheme == "data":
                continue
            assert not found.netloc, f"{file.name} asks {found.netloc}"
            target = Path(urljoin(str(file), found.path)) if found.path else file
            assert target.is_file(), f"{file.relative_to(tmp_path)} leads to {asked}, which is not there"
    # and what is sent by ground carries the whole: nothing has to be fetched to know what happened and what to do
    signed = hub.live.realm.views.messages[hub.live.realm.views.warnings[subject].said.identifier]
    assert not [resource for info in cap.read(signed).alert.infos for resource in info.resources]
    take_back(hub, subject)
