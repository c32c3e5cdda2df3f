"""The running receiver: from a pseudo-terminal with real bytes to an output, a killed process, a real hub."""

import asyncio
import json
import os
import pty
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.ground_making import Hub, hub_with_ground, own_certificate
from app.ground_making import Site as Line
from authority.making import warning
from house import REPORT, SCENARIO, signed, with_parameters
from satwarn.adapters import clock
from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert.alert import Alert, Named, Status
from satwarn.app import receiver_init
from satwarn.app.exercise import alert_of
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_settings import read
from satwarn.frame import CONTAINERS, Heard, encode
from satwarn.frame.dcx import MessageType
from satwarn.hub.enrolment import fingerprint_of
from satwarn.ledger.receipt import Act
from satwarn.ledger.receipt import Path as Way
from satwarn.receiver.clock import Source
from satwarn.receiver.radio import Level
from satwarn.receiver.ublox import message

REAL = json.loads(Path(__file__).with_name("real_ubx.json").read_text())["messages"]
SENDER = "drill@satwarn.example"
NOT_HERE = {"numpy", "shapely", "pyproj", "pydantic", "typer", "rich"}


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_signing_key(SENDER, now=clock.now())


def site_toml(folder: Path, key: SigningKey, *, more: str = "", status: str = "127.0.0.1:0") -> Path:
    (folder / "hub.pem").write_bytes(key.certificate_pem)
    file = folder / "site.toml"
    file.write_text(
        f"""[site]
code = "31202"
name = "Yonago <town hall>"
folder = "{folder}/state"
[[trust]]
sender = "{SENDER}"
certificate = "hub.pem"
[status]
address = "{status}"
[[output]]
name = "screen"
kind = "screen"
{more}"""
    )
    return file


def missile(now: datetime) -> bytes:
    report = replace(
        REPORT,
        message=MessageType.ALERT,
        hazard=8,
        severity=3,
        instruction=128,
        onset=now.replace(second=0, microsecond=0),
    )
    return encode(report, preamble=0x53, counter=0, at=now)


def ubx_of(frame: bytes) -> bytes:
    return CONTAINERS["ubx"].write(Heard(frame, satellite=184))


def sane_radio(now: datetime) -> bytes:
    """SEC-SIG without a flag, and NAV-PVT at this time and place."""
    pvt = bytearray(92)
    pvt[4:6] = now.year.to_bytes(2, "little")
    pvt[6:12] = bytes((now.month, now.day, now.hour, now.minute, now.second, 7))
    pvt[16:20] = (now.microsecond * 1000).to_bytes(4, "little")
    pvt[20], pvt[21], pvt[23] = 3, 1, 12
    pvt[24:28] = int(133.36e7).to_bytes(4, "little")
    pvt[28:32] = int(35.43e7).to_bytes(4, "little")
    return message((0x27, 0x09), bytes((2, 0b0001_0011, 0, 0))) + message((0x01, 0x07), bytes(pvt))


async def until(true: Callable[[], bool], *, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


def running(file: Path, live: Callable[[Running], Awaitable[None]], *, shadow: bool = False) -> Running:
    """A receiver in this process, for as long as `live` takes."""

    async def both() -> Running:
        run = Running(read(file), shadow=shadow)
        task = asyncio.create_task(run.run())
        await asyncio.sleep(0)
        try:
            await live(run)
        finally:
            run._stopping.set()
            await task
        return run

    return asyncio.run(both())


def acts(run: Running) -> list[Act]:
    return [receipt.act for receipt in run.box.receipts.values()]


def test_real_bytes_through_a_pseudo_terminal_then_a_missile_frame_sounds(tmp_path: Path, key: SigningKey) -> None:
    master, slave = pty.openpty()
    air = f'[[air]]\nkind = "tty"\naddress = "{os.ttyname(slave)}"\n'
    file = site_toml(tmp_path, key, more=air)

    async def live(run: Running) -> None:
        await until(lambda: run.air[0].why == "not yet opened" or run.air[0].frames >= 0)
        await asyncio.sleep(0.2)
        os.write(master, b"noise\xb5\x62" + b"".join(bytes.fromhex(one["ubx"]) for one in REAL))
        await until(lambda: run.air[0].frames == len(REAL))
        assert acts(run) == []
        assert run.reading().source in (Source.HOST, Source.NTP)  # bare frames say nothing of the time
        now = clock.now()
        os.write(master, sane_radio(now))
        os.write(master, ubx_of(missile(now)))
        await until(lambda: Act.SOUNDED in acts(run))
        assert run.reading().source is Source.GNSS
        assert abs(run.offsets_s()["gnss"]) < 2
        assert run.box.state()["clock"]["source"] == "gnss"
        spoofed = sane_radio(now + timedelta(hours=3))
        os.write(master, message((0x27, 0x09), bytes((2, 0b0011_1011, 0, 0))))
        await until(lambda: run.air[0]._radio.spoofing >= Level.WARNING)
        os.write(master, spoofed[12:])  # its NAV-PVT alone: a radio that feels deceived sets no clock
        await until(lambda: (run.air[0]._radio.time_off_s or 0) > 3600)
        assert abs(run.offsets_s()["gnss"]) < 2

    run = running(file, live)
    os.close(master)
    os.close(slave)
    assert run.air[0].frames == len(REAL) + 1
    kept = run.box.kept()
    assert kept is not None
    assert "ballistic-missile" in kept


def test_spoofing_keeps_a_frame_alone_silent(tmp_path: Path, key: SigningKey) -> None:
    source = tmp_path / "bytes.ubx"
    now = clock.now()
    spoofed = message((0x27, 0x09), bytes((2, 0b0011_1011, 0, 0)))
    source.write_bytes(sane_radio(now) + spoofed + ubx_of(missile(now)))
    file = site_toml(tmp_path, key, more=f'[[air]]\nkind = "file"\naddress = "{source}"\n')

    async def heard(run: Running) -> None:
        await until(lambda: bool(acts(run)))

    run = running(file, heard)
    assert acts(run) == [Act.SHOWN]
    assert "deceived" in run.box.faults()["unsure"]


def real_alert(key: SigningKey, now: datetime, identifier: str = "real-1") -> bytes:
    made: Alert = replace(
        alert_of(SCENARIO), identifier=identifier, sent=now.replace(microsecond=0), status=Status.ACTUAL
    )
    area = replace(made.infos[0].areas[0], polygons=(), geocodes=(Named(value_name="JISX0402", value="31202"),))
    infos = tuple(replace(info, areas=(area,), onset=None, expires=None) for info in made.infos)
    return signed(with_parameters(replace(made, infos=infos), purpose=("real",), frame=()), by=key)


def test_a_hub_s_alert_sounds_its_receipt_goes_back_and_a_fault_is_seen_there(tmp_path: Path) -> None:
    """A real hub: its desk, its ledger, its ground process, a site enrolled there, TLS both ways."""
    with hub_with_ground(tmp_path) as hub:
        file = enrolled(hub, "31202")
        site = hub.realm.views.sites

        async def all_of_it() -> None:
            identifier = await hub.issue(warning())
            run = Running(read(file))
            task = asyncio.create_task(run.run())
            await until(lambda: Act.SOUNDED in acts(run))
            await until(lambda: "31202" in hub.realm.views.receipts.get(identifier, {}))
            assert hub.realm.views.receipts[identifier]["31202"]["act"] == "sounded"
            run.box.begin_maintenance("fitter", 10)
            await run._look_round()
            run._line.say({"beat": run._line.state()})
            await until(lambda: "maintenance" in site["31202"].faults)
            run._stopping.set()
            await task
            await until(lambda: site["31202"].connected is False)

        asyncio.run(all_of_it())


def enrolled(hub: Hub, code: str) -> Path:
    """A site.toml with the files of an enrolment."""
    folder = hub.enrol(code)
    text = site_toml(folder, hub.realm.key).read_text()
    ground = receiver_init.GROUND.format(address=hub.address)
    (folder / "site.toml").write_text(f"{text}{ground}")
    return folder / "site.toml"


def test_a_receiver_renews_its_certificate_by_itself_and_a_new_process_uses_it(tmp_path: Path) -> None:
    with hub_with_ground(tmp_path) as hub:
        file = enrolled(hub, "31202")
        soon(hub, file.parent)
        old, state = (file.parent / "site.pem").read_bytes(), file.parent / "state"

        async def live(run: Running) -> None:
            await until(lambda: run._line is not None and run._line.connected)
            assert "ground certificate" in run._ground.look()
            await until(lambda: "ground certificate" not in run._ground.look())
            await until(lambda: run._line.connected)
            assert any("renewed until" in event.what for event in run.box.events)
            await until(lambda: len(hub.realm.views.sites["31202"].fingerprints) == 1)

        running(file, live)
        assert (file.parent / "site.pem").read_bytes() == old
        assert stat.S_IMODE((state / "ground.pem").stat().st_mode) == 0o600

        async def again(run: Running) -> None:
            await until(lambda: run._line is not None and run._line.connected)
            assert run._ground.look() == {}

        running(file, again)
        newer = hub.enrol("31202")  # enrolled anew by hand: what ends later counts
        assert newer == file.parent
        running(file, again)


def soon(hub: Hub, folder: Path) -> None:
    """Give the site a certificate that ends in 20 days, as the hub knows it."""
    own_certificate(folder, "31202", hub.realm.site_authority, ago=timedelta(days=345))
    used = fingerprint_of((folder / "site.pem").read_bytes())
    hub.record("enrol site", "site/31202", {"state": "enrolled", "fingerprint": used})


@pytest.mark.parametrize(
    ("protocol", "version", "at_the_site", "at_the_hub"),
    [
        (1, "0.9.0", "", ""),
        (1, "1.0.0", "upgrade the hub", "upgrade the hub"),
        (2, "1.0.0", "upgrade the hub", "upgrade the hub"),
        (0, "0.0.1", "upgrade the receiver", "upgrade the receiver"),
    ],
)
def test_versions_over_the_wire(hub: Hub, protocol: int, version: str, at_the_site: str, at_the_hub: str) -> None:
    """Remarks for software, refusal for a protocol that is not shared: said at both ends."""
    folder = hub.enrol("31386")

    async def all_of_it() -> None:
        line = Line(hub, "31386", folder, protocol=protocol, version=version).line
        if protocol == 1:
            await until(lambda: line.connected and hub.realm.views.sites["31386"].version == version)
            assert at_the_site in line.remark
        else:
            await until(lambda: at_the_site in line.why)
            await until(lambda: hub.realm.views.sites["31386"].connected is False)
        await until(lambda: at_the_hub in hub.realm.views.sites["31386"].note)
        line.close()

    asyncio.run(all_of_it())


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with hub_with_ground(tmp_path_factory.mktemp("ground")) as made:
        yield made


def test_the_status_page_shows_faults_escaped_and_stops_the_siren(tmp_path: Path, key: SigningKey) -> None:
    def fetch(port: int, path: str, said: dict[str, object] | None = None) -> str:
        body = json.dumps(said).encode() if said is not None else None
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return str(answer.read().decode())

    async def live(run: Running) -> None:
        await until(lambda: run.status is not None and run.status.port > 0)
        assert run.status
        port = run.status.port
        run.box.hear_message(real_alert(key, clock.now()), Way.GROUND)
        page = await asyncio.to_thread(fetch, port, "/")
        assert "Yonago &lt;town hall&gt;" in page
        assert "<town hall>" not in page
        shown = await asyncio.to_thread(fetch, port, "/screen")
        assert 'lang="ja"' in shown
        assert await asyncio.to_thread(fetch, port, "/stop", {"by": "caretaker"}) == "Every output is silent."
        state = json.loads(await asyncio.to_thread(fetch, port, "/status.json"))
        assert "stopped here by caretaker" in state["live"][0]["why"]

    running(site_toml(tmp_path, key), live)


def test_a_shadow_acts_on_nothing_and_says_what_it_would_have_done(tmp_path: Path, key: SigningKey) -> None:
    async def live(run: Running) -> None:
        assert run.box.outputs == ()
        run.box.hear_message(real_alert(key, clock.now()), Way.GROUND)

    run = running(site_toml(tmp_path, key), live, shadow=True)
    (receipt,) = run.box.receipts.values()
    assert (receipt.act, receipt.why) == (Act.SOUNDED, "shadow: signed, for this place")


STAND = """
import os, signal, sys, threading, time
def look():
    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:  # until it runs and can be told to stop
        time.sleep(0.05)
    time.sleep(0.5)
    print(" ".join(sorted({name.partition(".")[0] for name in list(sys.modules) if sys.modules[name] is not None})))
    print(open("/proc/self/status").read().partition("VmRSS:")[2].split()[0])
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=look, daemon=True).start()
sys.argv = ["satwarn", "receiver", "run", "--config", sys.argv[1]]
from satwarn.cli import main
main()
"""


def test_the_process_carries_no_heavy_module_and_stops_when_told(tmp_path: Path, key: SigningKey) -> None:
    more = '[[output]]\nname = "speaker"\nkind = "speaker"\nbackends = ["NULL"]\n'
    file = site_toml(tmp_path, key, more=more)
    ran = subprocess.run([sys.executable, "-c", STAND, str(file)], capture_output=True, timeout=60, check=True)
    modules = set(ran.stdout.decode().split())
    assert "satwarn" in modules
    assert modules & NOT_HERE == set()


def test_killed_at_the_worst_moment_it_comes_back_silent_and_knows(tmp_path: Path, key: SigningKey) -> None:
    source = tmp_path / "bytes.ubx"
    os.mkfifo(source)
    file = site_toml(tmp_path, key, more=f'[[air]]\nkind = "file"\naddress = "{source}"\n')
    memory = tmp_path / "state" / "memory.json"
    process = subprocess.Popen([sys.executable, "-m", "satwarn", "receiver", "run", "--config", str(file)])
    try:
        with source.open("wb") as radio:  # opens once it listens: a slow start must not age the time
            now = clock.now()
            radio.write(sane_radio(now) + ubx_of(missile(now)))
        for _ in range(400):
            if memory.exists():
                break
            clock.wait(0.05)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    source.unlink()
    source.write_bytes(b"")

    async def live(run: Running) -> None:
        await asyncio.sleep(0.1)

    run = running(file, live)
    assert acts(run) == []
    assert [one.act for one in run.box.machine.memory.live()] == [Act.SOUNDED]


@pytest.mark.parametrize(("disciplined", "source"), [(True, Source.NTP), (False, Source.HOST)])
def test_a_host_kept_by_a_time_server_is_told_from_one_that_nobody_keeps(
    tmp_path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch, disciplined: bool, source: Source
) -> None:
    monkeypatch.setattr(clock, "disciplined", lambda: disciplined)

    async def told() -> Source:
        return Running(read(site_toml(tmp_path, key))).reading().source

    assert asyncio.run(told()) is source
