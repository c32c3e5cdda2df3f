"""A hub on the wide band: what two people issue there reaches a real receiver that has nothing else, and the desk sees
how the band is."""

import hashlib
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from satwarn.adapters import clock
from satwarn.adapters.air.band import Band
from satwarn.adapters.air.band_sender import BandSettings
from satwarn.adapters.air.gate import Outcome, Passed, PassedFile
from satwarn.adapters.keys import make_signing_key
from satwarn.alert import cap
from satwarn.alert.heartbeat import heartbeat_of
from satwarn.alert.seal import Pinned, Trust
from satwarn.alert.supply import SupplyKind, supply_alert
from satwarn.app.band_tools import Folder
from satwarn.app.hub_band import SPOOL, HubBand, Voice, bandwidth_of
from satwarn.app.receiver_supplies import check_texts
from satwarn.authority.rights import Role
from satwarn.errors import BadSetting
from satwarn.receiver.supplies import Supplies
from satwarn.receiver.vigil import Vigil
from web.hub import EXERCISE, Hub, running, until


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    address = f"239.192.90.94:{random.Random().randrange(20_000, 60_000)}"
    band = BandSettings(address=address, bandwidth_bit_s=2_000_000)
    with running(tmp_path_factory.mktemp("hub"), sites="10", band=band) as one:
        yield one


@pytest.fixture
def station(hub: Hub) -> Iterator[list[Outcome]]:
    """Somebody far away who hears the band and nothing else."""
    heard: list[Outcome] = []
    realm = hub.live.realm
    assert realm.band
    ear = Band(realm.band.settings.address, trust=realm.trust, now=clock.now, tell=heard.append)
    ear.start()
    yield heard
    ear.close()


def messages(heard: list[Outcome]) -> list[str]:
    return [one.alert.identifier for one in heard if isinstance(one, Passed) and not one.heartbeat]


def aboard(heard: list[Outcome]) -> tuple[str, ...]:
    beats = [one.heartbeat for one in heard if isinstance(one, Passed) and one.heartbeat]
    return beats[-1].aboard if beats else ()


def issue(hub: Hub) -> str:
    """Two people put an exercise for the whole of Tottori on air."""
    author, approver = hub.browser("Tanaka"), hub.browser("Sato")
    author.get("/desk/compose")
    author.submit("/desk/compose", **EXERCISE)
    subject = author.path.removeprefix("/desk/w/")
    author.submit(f"{subject}/submit")
    approver.get(f"/desk/w/{subject}")
    approver.submit(f"{subject}/approve", code=hub.code("Sato"))
    until(lambda: subject in {one.subject for one in hub.live.realm.views.live()})
    return subject


def retract(hub: Hub, subject: str) -> None:
    author = hub.browser("Tanaka")
    author.get(f"/desk/w/{subject}")
    author.submit(f"{subject}/unlock")
    author.submit(f"{subject}/retract", reason="a test")


def kinds(hub: Hub) -> list[str]:
    return [entry.kind for entry in hub.live.realm.reader.since() if entry.subject == "wide band"]


def heard_by_band(seen: dict[str, Any]) -> bool:
    return any("multicast" in receipt["first_heard"] for receipt in seen["receipts"])


def test_what_is_issued_goes_by_the_band_to_far_and_simulated_sites_and_a_retraction_takes_it_off(
    hub: Hub, station: list[Outcome]
) -> None:
    subject = issue(hub)
    realm = hub.live.realm
    identifier = realm.views.warnings[subject].said.identifier
    assert "multicast" in realm.views.sent[identifier]
    until(lambda: identifier in messages(station))
    until(lambda: len(aboard(station)) == 1)
    simulated = realm.sky.simulated
    until(lambda: all(heard_by_band(simulated.look(code).result(20)) for code in simulated.codes))
    retract(hub, subject)
    until(lambda: len(messages(station)) == 2)
    until(lambda: len(aboard(station)) == 1 and aboard(station) != (identifier,))
    heard = realm.band.state() if realm.band else {}
    assert heard["heartbeat_heard"]
    assert not heard["fault"]


def test_the_desk_health_and_figures_tell_of_the_band(hub: Hub) -> None:
    realm = hub.live.realm
    assert realm.band
    until(lambda: realm.band is not None and realm.band.state()["heartbeat_heard"] is not None)
    until(lambda: realm.band is not None and realm.band.state()["rate_bit_s"] > 0)
    desk = hub.browser("Tanaka").get("/desk").text
    assert realm.band.settings.address in desk
    assert "last heard its own heartbeat" in desk
    assert hub.browser().get("/healthz").text == "ok\nwide band: heard\n"
    figures = hub.browser().get("/metrics").text
    assert 'satwarn_wide_band_fault{world="live"} 0.0' in figures
    assert 'satwarn_wide_band_bandwidth_bit_s{world="live"} 2e+06' in figures
    assert hub.house.sandbox.realm.band is None, "nothing in the sandbox reaches anybody"


def test_a_transmitter_that_dies_is_seen_and_stands_again_with_all_that_was_aboard(
    hub: Hub, station: list[Outcome]
) -> None:
    subject = issue(hub)
    realm = hub.live.realm
    identifier = realm.views.warnings[subject].said.identifier
    until(lambda: identifier in messages(station))
    assert realm.band
    before = realm.band.state()["deaths"]
    os.kill(realm.band.transmitter_pid, signal.SIGKILL)
    until(lambda: realm.band is not None and realm.band.state()["deaths"] == before + 1)
    until(lambda: identifier in [one["name"] for one in realm.band.state()["aboard"]] if realm.band else False)
    until(lambda: "fault" in kinds(hub))
    retract(hub, subject)


def test_silence_of_its_own_band_is_written_down_and_shown_until_it_is_heard_again(hub: Hub) -> None:
    band = hub.live.realm.band
    assert band
    deaf, hearing = Vigil(clock.now() - timedelta(minutes=4)), band._vigil
    deaf.hear = lambda now: []  # type: ignore[method-assign]  # whatever comes back now is not heard
    band._vigil = deaf
    until(lambda: bool(band.fault()))
    assert "does not hear its own wide band" in hub.browser("Tanaka").get("/desk").text
    assert "does not hear" in hub.browser().get("/healthz").text
    until(lambda: "silence" in kinds(hub))
    hearing.silent, band._vigil = True, hearing
    band._sent_beat = None  # the next heartbeat is due now
    until(lambda: not band.fault())


def test_a_hub_that_was_stopped_sends_again_what_still_counts(tmp_path: Path) -> None:
    settings = BandSettings(address=f"239.192.90.93:{random.Random().randrange(20_000, 60_000)}")
    with running(tmp_path, sites="", band=settings) as one:
        subject = issue(one)
    with running(tmp_path, sites="", people=False, band=settings) as again:
        band = again.live.realm.band
        assert band
        name = again.live.realm.views.warnings[subject].said.identifier
        until(lambda: name in [one["name"] for one in band.state()["aboard"]])


def test_a_second_transmitter_finds_all_that_is_aboard_in_the_hub_s_folder(hub: Hub) -> None:
    subject = issue(hub)
    band = hub.live.realm.band
    assert band
    folder = Folder(hub.house.settings.data / SPOOL)
    signed = hub.live.realm.views.warnings[subject].signed
    until(lambda: signed in [one.content for one in folder.load()])
    until(lambda: len([one for one in folder.load() if one.is_heartbeat]) == 1)
    until(lambda: hashlib.sha256(signed).hexdigest() in (heartbeat_in(folder) or ()))
    assert folder.troubles == {}
    retract(hub, subject)
    until(lambda: signed not in [one.content for one in folder.load()])


def heartbeat_in(folder: Folder) -> tuple[str, ...] | None:
    (found,) = [one.content for one in folder.load() if one.is_heartbeat]
    beat = heartbeat_of(cap.read(found).alert)
    return beat.aboard if beat else None


def write_supply(hub: Hub, name: str, **filled: str) -> str:
    """The first administrator writes it; returns what was wrong."""
    author = hub.browser("Tanaka")
    author.get("/desk/templates")
    author.submit("/templates/supply", name=name, code=hub.code("Tanaka"), **filled)
    return author.problem


def sign_supply(hub: Hub, name: str, who: str) -> str:
    """Sends the form of the second signature, also for whom the page has none; returns what was wrong."""
    signer = hub.browser(who)
    signer.get("/desk/templates")
    digest = hub.live.realm.views.prepared[f"supply/{name}"].digest
    form = {"csrf": signer.form("/sign-out").fields["csrf"], "sort": "supply", "name": name, "digest": digest}
    form["code"] = hub.code(who)
    origin = {"origin": str(signer.http.base_url)}
    signer.page = signer.http.post("/desk/templates/sign", data=form, headers=origin)
    return signer.problem


def test_two_administrators_send_a_certificate_and_texts_and_no_third_may(hub: Hub, station: list[Outcome]) -> None:
    realm = hub.live.realm
    hub.appoint("Abe", {Role.ADMINISTRATOR})
    new = make_signing_key(realm.settings.sender, now=clock.now(), valid_days=400)
    assert not write_supply(
        hub, "renewal", kind="trust", about=realm.settings.sender, text=new.certificate_pem.decode()
    )
    assert "somebody else must sign" in sign_supply(hub, "renewal", "Tanaka")
    assert "may not" in sign_supply(hub, "renewal", "Sato")
    assert not sign_supply(hub, "renewal", "Abe")
    pack = '[danger.ballistic-missile]\nheadline = "Missile, in newer words"\n'
    assert not write_supply(hub, "words", kind="language", about="en", text=pack)
    assert not sign_supply(hub, "words", "Abe")
    supplies = [realm.views.supplies[f"supply/{name}"] for name in ("renewal", "words")]
    assert supplies[0]["serial"] < supplies[1]["serial"]
    machine = Supplies(realm.trust, check_texts=check_texts)

    def heard() -> bool:
        while station:
            outcome = station.pop(0)
            if isinstance(outcome, Passed):
                machine.hear(outcome.alert, valid=outcome.valid)
            elif isinstance(outcome, PassedFile):
                machine.file(outcome.content)
        return len(machine.kept.heard) == 2 and all(one.whole for one in machine.kept.heard.values())

    until(heard)
    assert machine.kept.texts == {"en": pack}
    assert new.certificate_pem in [pin.certificate_pem for pin in machine.trust.pins]


def test_simulated_sites_are_not_given_what_they_do_not_keep() -> None:
    heard: list[bytes] = []
    now = clock.now().replace(microsecond=0)
    voice = Voice(
        sender="a@b.example",
        trust=Trust(),
        now=clock.now,
        seal=bytes,
        position=int,
        note=lambda kind, what: None,
        heard=lambda alert, signed: heard.append(signed),
    )
    band = HubBand(BandSettings(address="239.192.90.94:4011"), voice)
    supply = supply_alert(
        SupplyKind.LANGUAGE, {"en": b"x"}, serial=1, mime_type="text/plain", identifier="s", sender="a@b.example",
        sent=now, expires=now + timedelta(days=1),
    )  # fmt: skip
    band._hear(Passed(digest="", signed=b"supply", alert=supply))
    band._hear(Passed(digest="", signed=b"alert", alert=replace(supply, codes=())))
    assert heard == [b"alert"]


@pytest.mark.parametrize(
    ("filled", "why"),
    [
        ({"kind": "trust", "about": "a@b.example", "text": "no certificate"}, "no certificate"),
        ({"kind": "trust", "about": "", "text": ""}, "brings nothing"),
        ({"kind": "trust", "revoked": "abc"}, "no SHA-256"),
        ({"kind": "trust", "revoked": "OWN"}, "signs with that very certificate"),
        ({"kind": "language", "about": "en", "text": '[label.exercise]\nbefore = "x"'}, "never replaced"),
        ({"kind": "language", "about": "xx", "text": '[sentence.system-test]\nheadline = "x"'}, "no words in language"),
        ({"kind": "sweets", "about": "en", "text": "x"}, "one of trust, language"),
        ({"kind": "trust", "about": "a@b.example", "text": "x", "days": "0"}, "0 days"),
    ],
)
def test_a_supply_no_receiver_would_take_is_refused_at_the_desk(hub: Hub, filled: dict[str, str], why: str) -> None:
    realm = hub.live.realm
    own = Pinned.of(realm.settings.sender, realm.key.certificate_pem).fingerprint
    named = {key: own if value == "OWN" else value for key, value in filled.items()}
    assert why in write_supply(hub, "wrong", **named)


@pytest.mark.parametrize("text", ["63k", "11M", "fast", "", "nan", "256K", "-1k"])
def test_a_bandwidth_nobody_sells_is_wrong_use(text: str) -> None:
    with pytest.raises(BadSetting):
        bandwidth_of(text)


def test_bandwidths_are_read_as_people_write_them() -> None:
    assert [bandwidth_of(text) for text in ("64k", "256k", "1.5M", "10M", "128000")] == [
        64_000,
        256_000,
        1_500_000,
        10_000_000,
        128_000,
    ]
