"""The running receiver: from a pseudo-terminal with real bytes to an output, a killed process, a real hub."""

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from house import REPORT, SCENARIO, signed, with_parameters
from satwarn.adapters import clock
from satwarn.adapters.ground.websocket_hub import WebSocketGround
from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert.alert import Alert, Named, Status
from satwarn.app.exercise import alert_of
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_settings import read
from satwarn.frame import CONTAINERS, Heard, encode
from satwarn.frame.dcx import MessageType
from satwarn.ledger.receipt import Act
from satwarn.ledger.receipt import Path as Way
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
        now = clock.now()
        os.write(master, sane_radio(now))
        os.write(master, ubx_of(missile(now)))
        await until(lambda: Act.SOUNDED in acts(run))

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


def test_a_hub_s_alert_sounds_its_receipt_goes_back_and_a_fault_is_seen_there(tmp_path: Path, key: SigningKey) -> None:
    receipts: list[dict[str, object]] = []

    async def all_of_it() -> None:
        ground = WebSocketGround(now=clock.now)
        ground.on_receipt(lambda receipt, at: receipts.append(json.loads(receipt)))
        port = await ground.open()
        ground.publish(real_alert(key, clock.now()), until=clock.now().replace(year=2100))
        file = site_toml(tmp_path, key, more=f'[ground]\naddress = "ws://127.0.0.1:{port}"\n')
        run = Running(read(file))
        task = asyncio.create_task(run.run())
        await until(lambda: Act.SOUNDED in acts(run))
        await until(lambda: any(receipt["identifier"] == "real-1" for receipt in receipts))
        run.box.begin_maintenance("fitter", 10)
        await run._look_round()
        run._line.say({"beat": run._line.state()})
        await until(lambda: "maintenance" in ground.sites["31202"].state.get("faults", {}))
        run._stopping.set()
        await task
        await until(lambda: ground.down() == ["31202"])
        await ground.close()

    asyncio.run(all_of_it())


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
    time.sleep(2)
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
