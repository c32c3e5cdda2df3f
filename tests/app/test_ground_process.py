"""The ground in its own process: from ledger to real lines over TLS, killed, mended, caught up; and who is refused."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.ground_making import Hub, Site, hub_with_ground, no_check, own_certificate, until, wait
from satwarn.adapters import clock
from satwarn.adapters.ground.tls import tls_of_site
from satwarn.adapters.keys import SigningKey, make_request, make_signing_key
from satwarn.hub.enrolment import signed_by_authority
from satwarn.hub.sites import Held


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with hub_with_ground(tmp_path_factory.mktemp("ground")) as made:
        yield made


def receipts(hub: Hub, site: str) -> list[str]:
    entries = [entry for entry in hub.realm.reader.of(site) if entry.kind == "receipt"]
    return [f"{entry.body['identifier']} {entry.body['why']}" for entry in entries]


def row(hub: Hub, code: str):  # type: ignore[no-untyped-def]
    return hub.realm.views.sites[code]


def test_an_alert_reaches_a_site_its_receipt_is_durable_and_its_faults_are_known(hub: Hub) -> None:
    folder = hub.enrol("31202")

    async def all_of_it() -> None:
        site = Site(hub, "31202", folder)
        site.line.state = lambda: {
            "faults": {"output speaker": "the amplifier is off"},
            "supplies": [{"supply": "hub trust", "serial": 7, "whole": True}],
        }
        await until(lambda: site.line.connected)
        identifier = await hub.issue()
        await until(lambda: site.names() == [identifier])
        assert site.heard[0] == hub.realm.views.messages[identifier]
        site.report(identifier)
        await until(lambda: receipts(hub, "31202") == [f"{identifier} armed"])
        await until(lambda: not site.line._receipts)
        await until(lambda: row(hub, "31202").connected is True)
        assert row(hub, "31202").faults == {"output speaker": "the amplifier is off"}
        assert row(hub, "31202").holds == {"hub trust": Held(serial=7, whole=True)}
        assert row(hub, "31202").since
        site.line.close()
        await until(lambda: row(hub, "31202").connected is False, within_s=30)
        assert row(hub, "31202").known_down

    asyncio.run(all_of_it())


def test_killed_with_kill_9_nothing_is_lost_and_nothing_doubled(hub: Hub) -> None:
    folder = hub.enrol("31201")

    async def all_of_it() -> None:
        site = Site(hub, "31201", folder)
        await until(lambda: site.line.connected)
        first = await hub.issue()
        await until(lambda: first in site.names())
        restarts, pid = hub.keeper.state.restarts, hub.keeper.pid
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not site.line.connected)
        second = await hub.issue()
        site.report(first, "begun")
        site.report(first, "proven")
        await until(lambda: second in site.names())
        await until(lambda: not site.line._receipts)
        assert hub.keeper.pid != pid
        assert hub.keeper.state.restarts > restarts
        assert Counter(site.names()) == Counter({**dict.fromkeys(site.names(), 1)})
        assert receipts(hub, "31201") == [f"{first} begun", f"{first} proven"]
        kinds = [json.loads(e.text)["state"] for e in hub.realm.reader.of("ground")]
        assert kinds[-2:] == ["down", "up"]
        site.line.close()

    asyncio.run(all_of_it())


def test_a_receipt_whose_answer_was_lost_is_written_down_once(hub: Hub) -> None:
    """The ledger has it, the process dies before it can say so, and the site sends it again."""
    folder = hub.enrol("31203")

    async def all_of_it() -> None:
        site = Site(hub, "31203", folder)
        await until(lambda: site.line.connected)
        site.report("a", "begun")
        site.report("a", "proven")
        await until(lambda: len(receipts(hub, "31203")) == 2)
        held = {1: json.dumps(json.loads(site_receipt("31203", "begun"))).encode(), 2: site_receipt("31203", "proven")}
        await until(lambda: not site.line._receipts)
        site.line._receipts.update(held)
        site.line.call_anew()
        await until(lambda: not site.line._receipts)
        assert receipts(hub, "31203") == ["a begun", "a proven"]
        site.line.close()

    asyncio.run(all_of_it())


def site_receipt(site: str, why: str) -> bytes:
    from app.ground_making import receipt

    return json.dumps(receipt(site, "a", why)).encode()


def test_who_comes_late_gets_what_is_on_but_not_what_was_retracted(hub: Hub) -> None:
    folder = hub.enrol("31302")

    async def all_of_it() -> None:
        await hub.issue()
        wrong = await hub.issue()
        sorry = await hub.retract()
        site = Site(hub, "31302", folder)
        await until(lambda: sorry in site.names())
        assert wrong not in site.names()
        site.line.close()

    asyncio.run(all_of_it())


def test_a_revoked_site_is_cut_off_at_once_and_refused_from_then_on(hub: Hub) -> None:
    folder = hub.enrol("31325")

    async def all_of_it() -> None:
        site = Site(hub, "31325", folder)
        await until(lambda: site.line.connected)
        hub.record("revoke site", "site/31325", {"state": "revoked"})
        await until(lambda: "revoked" in site.line.refused)
        site.line.close()
        again = Site(hub, "31325", folder)
        await until(lambda: "revoked" in again.line.refused)
        assert await hub.issue() not in again.names()
        await until(lambda: any(site == "31325" for site, _ in hub.keeper.refused))
        again.line.close()

    asyncio.run(all_of_it())


def test_a_renewed_certificate_replaces_the_old_one_when_it_has_been_used(hub: Hub) -> None:
    folder = hub.enrol("31328")
    old = (folder / "site.pem").read_bytes()
    told: list[dict[str, dict[str, str]]] = []

    async def all_of_it() -> None:
        site = Site(hub, "31328", folder, told=told.append)
        await until(lambda: site.line.connected)
        key, request = make_request("31328")
        site.line.renew(request)
        await until(lambda: any("renewed" in said for said in told))
        new = next(said["renewed"] for said in told if "renewed" in said)
        assert len(row(hub, "31328").fingerprints) == 2  # the answer might have been lost: both count
        (folder / "site.pem").write_text(new["certificate"])
        (folder / "site.key").write_bytes(key)
        site.line.call_anew()
        await until(lambda: len(row(hub, "31328").fingerprints) == 1, within_s=30)
        site.line.close()
        (folder / "site.pem").write_bytes(old)
        await until(lambda: site.line.why != "")

    asyncio.run(all_of_it())


def other_authority(folder: Path) -> SigningKey:
    return make_signing_key("sites of nobody", now=clock.now(), authority=True)


def in_a_loop(make: Callable[[], Site], *words: str) -> None:
    async def all_of_it() -> None:
        site = make()
        await until(lambda: site.line.why not in ("", "not yet connected"))
        assert any(word in site.line.why for word in words), site.line.why
        assert site.heard == []
        assert not site.line.connected
        site.line.close()

    asyncio.run(all_of_it())


def test_a_site_whose_certificate_another_authority_made_is_refused(hub: Hub, tmp_path: Path) -> None:
    own_certificate(tmp_path, "31202", other_authority(tmp_path))
    (tmp_path / "authority.pem").write_bytes(hub.realm.site_authority.certificate_pem)
    in_a_loop(
        partial(Site, hub, "31202", tmp_path), "the hub refused this site's certificate: its authority is unknown there"
    )


def test_a_site_whose_certificate_has_expired_is_refused(hub: Hub, tmp_path: Path) -> None:
    own_certificate(tmp_path, "31202", hub.realm.site_authority, ago=timedelta(days=400))
    (tmp_path / "authority.pem").write_bytes(hub.realm.site_authority.certificate_pem)
    in_a_loop(partial(Site, hub, "31202", tmp_path), "the hub refused this site's certificate: it has expired")


def test_a_site_without_a_certificate_is_refused(hub: Hub, tmp_path: Path) -> None:
    in_a_loop(
        partial(Site, hub, "31202", tmp_path, tls=no_check), "the hub refused this site's certificate: none was shown"
    )


def test_a_certificate_of_the_authority_that_was_never_given_out_is_refused(hub: Hub, tmp_path: Path) -> None:
    own_certificate(tmp_path, "31202", hub.realm.site_authority)
    (tmp_path / "authority.pem").write_bytes(hub.realm.site_authority.certificate_pem)
    in_a_loop(partial(Site, hub, "31202", tmp_path), "revoked or replaced")


def test_nobody_speaks_in_another_sites_name(hub: Hub) -> None:
    folder = hub.enrol("31329")
    in_a_loop(partial(Site, hub, "31329", folder, name="31202"), "that of 31329, not of 31202")


def test_a_hub_that_another_authority_vouches_for_is_not_believed(hub: Hub) -> None:
    folder = hub.enrol("31364")
    (folder / "authority.pem").write_bytes(other_authority(folder).certificate_pem)
    in_a_loop(partial(Site, hub, "31364", folder), "this site refused the hub's certificate")


def test_a_hub_under_another_name_is_not_believed(hub: Hub) -> None:
    folder = hub.enrol("31370")
    address = f"wss://127.0.0.2:{hub.port}"

    def impostor() -> Site:
        return Site(hub, "31370", folder, address=address)

    async def all_of_it() -> None:
        server = await forwarding(hub.port)
        site = Site(hub, "31370", folder, address=f"wss://127.0.0.2:{server.sockets[0].getsockname()[1]}")
        await until(lambda: site.line.why not in ("", "not yet connected"))
        assert "this site refused the hub's certificate" in site.line.why
        assert "127.0.0.2" in site.line.why
        site.line.close()
        server.close()

    asyncio.run(all_of_it())


async def forwarding(port: int) -> asyncio.Server:
    """The hub behind an address that its certificate does not name."""

    async def both(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection("127.0.0.1", port)
        tasks = [asyncio.create_task(pump(reader, ours)), asyncio.create_task(pump(theirs, writer))]
        await asyncio.wait(tasks)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except ConnectionError:
            return
        finally:
            writer.close()

    return await asyncio.start_server(both, "127.0.0.2", 0)


def test_a_server_certificate_that_has_expired_is_not_believed(hub: Hub) -> None:
    from satwarn.adapters.ground.tls import tls_of_hub
    from satwarn.adapters.ground.websocket_hub import WebSocketGround

    folder, authority = hub.enrol("31371"), hub.realm.site_authority
    key = ec.generate_private_key(ec.SECP256R1())
    pem, _, _ = signed_by_authority(
        key.public_key(),
        name="old",
        hosts=("localhost",),
        authority_key_pem=authority.key_pem,
        authority_certificate_pem=authority.certificate_pem,
        now=clock.now() - timedelta(days=400),
    )
    (folder / "old.pem").write_text(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "old.key").write_bytes(private)
    tls = tls_of_hub(
        certificate=str(folder / "old.pem"), key=str(folder / "old.key"), authority=str(folder / "authority.pem")
    )

    async def all_of_it() -> None:
        ground = WebSocketGround(now=clock.now, tls=tls)
        port = await ground.open("localhost")
        site = Site(hub, "31371", folder, address=f"wss://localhost:{port}")
        await until(lambda: site.line.why not in ("", "not yet connected"))
        assert "expired" in site.line.why
        site.line.close()
        await ground.close()

    asyncio.run(all_of_it())


def test_plain_text_at_the_tls_port_gets_no_answer_and_harms_nobody(hub: Hub) -> None:
    folder = hub.enrol("31372")

    async def all_of_it() -> None:
        site = Site(hub, "31372", folder)
        await until(lambda: site.line.connected)
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(1000), 10)
        assert answer[:2] in (b"", b"\x15\x03")  # hung up, or an alert of TLS and nothing else
        assert b"HTTP" not in answer
        writer.close()
        plain = Site(hub, "31372", folder, address=f"ws://localhost:{hub.port}", tls=lambda: None)
        await until(lambda: plain.line.why not in ("", "not yet connected"))
        assert not plain.line.connected
        plain.line.close()
        identifier = await hub.issue()
        await until(lambda: identifier in site.names())
        site.line.close()

    asyncio.run(all_of_it())


def test_tls_at_a_port_that_speaks_plain_text_is_said_in_words(hub: Hub) -> None:
    folder = hub.enrol("31384")

    async def all_of_it() -> None:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await reader.read(1000)
            writer.close()

        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        site = Site(hub, "31384", folder, address=f"wss://localhost:{port}")
        await until(lambda: "there is no TLS at that port" in site.line.why)
        site.line.close()
        server.close()

    asyncio.run(all_of_it())


def test_a_port_that_is_taken_is_said_and_the_hub_goes_on(tmp_path: Path, hub: Hub) -> None:
    from satwarn.app.ground_keeper import GroundKeeper

    second = GroundKeeper(hub.realm, host="127.0.0.1", port=hub.port)
    second.start()
    try:
        wait(lambda: "ddress" in second.state.why)
        assert not second.state.up
    finally:
        second.stop()
    assert hub.keeper.state.up


def test_tls_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    from satwarn.errors import BadSetting

    with pytest.raises(BadSetting, match="receiver enrol"):
        tls_of_site(certificate=str(tmp_path / "none.pem"), key="", authority="")


def test_a_process_that_hangs_is_ended_and_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from satwarn.app import ground_keeper

    with hub_with_ground(tmp_path) as own:
        monkeypatch.setattr(ground_keeper, "SILENT_S", 1.0)
        pid = own.keeper.pid
        os.kill(pid, signal.SIGSTOP)
        wait(lambda: own.keeper.pid != pid)
        monkeypatch.setattr(ground_keeper, "SILENT_S", 20.0)
        wait(lambda: own.keeper.state.up)


def test_without_a_ledger_it_says_so_and_ends() -> None:
    import subprocess
    import sys

    process = subprocess.Popen(
        [sys.executable, "-m", "satwarn.app.ground_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    said, _ = process.communicate(b'{"ledger": "/nowhere/at/all.db"}\n', timeout=20)
    assert "no ledger" in json.loads(said)["failed"]
    assert process.returncode == 0
