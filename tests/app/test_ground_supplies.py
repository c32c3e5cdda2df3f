"""Supplies over the ground: a site that says it lacks one is given it, and believes its signature alone."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from app.ground_making import Hub, Site, hub_with_ground, until
from satwarn.adapters import clock
from satwarn.alert.seal import Trust
from satwarn.alert.supply import SupplyKind
from satwarn.app import supplying
from satwarn.app.receiver_ground import GroundLine
from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.app.receiver_supplies import ReceiverSupplies
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Assent, By
from satwarn.people import newer
from satwarn.people.language import language


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with hub_with_ground(tmp_path_factory.mktemp("ground")) as made:
        yield made


TEXTS = '[danger.ballistic-missile]\nheadline = "Missile, in newer words"\n'


async def supplied(hub: Hub, name: str) -> dict[str, object]:
    """A supply of texts written by one administrator and signed by another, as the ledger keeps it."""
    for who in ("x", "y"):
        hub.record("appoint", f"person/{who}", {"roles": ["administrator"], "jurisdiction": EVERYWHERE.to_json()})
    body = supplying.content(hub.realm, SupplyKind.LANGUAGE, {"en": TEXTS}, revoked=(), days=3)
    assent = Assent(by=By.CODE, proof=b"seen")
    written = await supplying.write(hub.realm, name, body, by="x", assent=assent)
    await supplying.sign(hub.realm, name, digest=written.digest, by="y", assent=assent)
    return hub.realm.views.supplies[f"supply/{name}"]


def kept_supplies(hub: Hub, folder: Path) -> ReceiverSupplies:
    """A receiver's keeping of supplies, which believes this hub."""
    trust = Trust.of([(hub.realm.settings.sender, (folder / "warning.pem").read_bytes())])
    return ReceiverSupplies(cast(ReceiverSettings, SimpleNamespace(folder=folder, trust=trust, appoints=frozenset())))


@pytest.fixture
def own_words() -> Iterator[None]:
    """What a supply brought counts for the process: put the package's own texts back."""
    yield
    newer.put("en", {})
    language.cache_clear()


def test_a_site_is_given_the_supplies_that_it_says_it_lacks(hub: Hub, own_words: None) -> None:
    folder, silent_folder = hub.enrol("31401"), hub.enrol("31402")

    async def all_of_it() -> None:
        sent = await supplied(hub, "words")
        supplies, heard = kept_supplies(hub, folder), list[dict[str, object]]()
        site = SimpleNamespace(code="31401")
        ground = {
            "address": hub.address,
            "certificate": str(folder / "site.pem"),
            "key": str(folder / "site.key"),
            "authority": str(folder / "authority.pem"),
        }
        settings = SimpleNamespace(folder=folder, site=site, ground=ground, beside=Path)
        line = GroundLine(
            cast(ReceiverSettings, settings),
            lambda message, at: None,
            now=clock.now,
            state=lambda: {"supplies": supplies.state()},
            time=lambda time: None,
            note=lambda kind, what: None,
            supply=lambda signed, files: supplies.take(signed, files, now=clock.now()),
        )
        line.line.open()
        silent = Site(hub, "31402", silent_folder, told=heard.append)  # as older receivers are
        whole = {"supply": f"{hub.realm.settings.sender} language", "serial": sent["serial"], "whole": True}
        await until(lambda: supplies.state() == [whole], within_s=60)
        await until(lambda: hub.realm.views.sites["31401"].holds is not None, within_s=60)
        await until(lambda: hub.realm.views.sites["31402"].connected is True, within_s=60)
        assert hub.realm.views.sites["31402"].holds is None
        assert not [said for said in heard if "supply" in said]
        line.line.close()
        silent.line.close()

    asyncio.run(all_of_it())


def test_what_the_ground_brings_is_believed_by_its_signature_alone(hub: Hub, own_words: None) -> None:
    folder = hub.enrol("31403")
    sent = asyncio.run(supplied(hub, "more words"))
    signed, now = str(sent["cap"]).encode(), clock.now()
    supplies, said = kept_supplies(hub, folder), list[tuple[str, str]]()
    supplies.note = lambda kind, what: said.append((kind, what))
    forged = signed.replace(b"language supply", b"Language supply")
    assert forged != signed
    for bad in (forged, b"", b"<alert/>", b"\xff"):
        supplies.take(bad, [TEXTS.encode()], now=now)
        assert said.pop()[0] == "fault"
    supplies.take(signed, [TEXTS.encode()], now=now + timedelta(days=4))
    assert "has expired" in said.pop()[1]
    supplies.take(signed, [b"other words"], now=now)
    assert [one["whole"] for one in supplies.state()] == [False]
    supplies.take(signed, [TEXTS.encode()], now=now)
    assert [one["whole"] for one in supplies.state()] == [True]
