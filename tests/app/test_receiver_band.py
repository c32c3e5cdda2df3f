"""The running receiver on the wide band: real FLUTE over loopback multicast, and nothing else that reaches it."""

import asyncio
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from house import SCENARIO, signed, with_parameters
from satwarn.adapters import clock
from satwarn.adapters.air.band_sender import BandSender, BandSettings
from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert.alert import Named, Severity, Status
from satwarn.alert.heartbeat import Heartbeat, heartbeat_alert
from satwarn.app.exercise import alert_of
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_settings import read
from satwarn.errors import BadSetting
from satwarn.ledger.receipt import Act
from satwarn.ledger.receipt import Path as Way
from satwarn.receiver.vigil import Vigil
from satwarn.uplink.carousel import Priority

SENDER = "drill@satwarn.example"
GROUP = "239.192.90.95"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_signing_key(SENDER, now=clock.now())


@pytest.fixture
def address() -> str:
    return f"{GROUP}:{random.Random().randrange(20_000, 60_000)}"


@pytest.fixture
def sender(tmp_path: Path, address: str) -> Iterator[BandSender]:
    settings = BandSettings(address=address, bandwidth_bit_s=5_000_000)
    made = BandSender(tmp_path / "sender", settings)
    yield made
    made.close()


def site_toml(folder: Path, key: SigningKey, address: str, *, more: str = "") -> Path:
    (folder / "hub.pem").write_bytes(key.certificate_pem)
    file = folder / "site.toml"
    file.write_text(
        f"""[site]
code = "31202"
folder = "{folder}/state"
[[trust]]
sender = "{SENDER}"
certificate = "hub.pem"
[multicast]
address = "{address}"
{more}
[status]
address = "127.0.0.1:0"
[[output]]
name = "wav"
kind = "wav"
address = "{folder}/played"
"""
    )
    return file


def real_alert(key: SigningKey, identifier: str = "real-1") -> bytes:
    made = replace(
        alert_of(SCENARIO), identifier=identifier, sent=clock.now().replace(microsecond=0), status=Status.ACTUAL
    )
    area = replace(made.infos[0].areas[0], polygons=(), geocodes=(Named(value_name="JISX0402", value="31202"),))
    infos = tuple(replace(info, areas=(area,), onset=None, expires=None) for info in made.infos)
    return signed(with_parameters(replace(made, infos=infos), purpose=("real",), frame=()), by=key)


def put(sender: BandSender, message: bytes, priority: Priority = Priority.LIVE, key: str = "") -> str:
    named = key or hashlib.sha256(message).hexdigest()
    sender.put(
        named,
        message,
        mime_type="application/cap+xml",
        priority=priority,
        severity=Severity.EXTREME,
        until=clock.now() + HOUR,
    )
    return named


def beat(sender: BandSender, key: SigningKey, position: int) -> None:
    aboard = tuple(one for one in sender.aboard() if one != "heartbeat")
    heartbeat = Heartbeat(sent=clock.now().replace(microsecond=0), position=position, aboard=aboard)
    put(sender, signed(heartbeat_alert(heartbeat, sender=SENDER), by=key), Priority.HEARTBEAT, "heartbeat")


async def until(true: Callable[[], bool], *, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


def running(file: Path, live: Callable[[Running], Awaitable[None]]) -> Running:
    async def both() -> Running:
        run = Running(read(file))
        task = asyncio.create_task(run.run())
        try:
            await live(run)
        finally:
            run._stopping.set()
            await task
        return run

    return asyncio.run(both())


def test_an_alert_by_the_wide_band_alone_begins_on_every_output_and_its_receipt_names_the_path(
    tmp_path: Path, key: SigningKey, address: str, sender: BandSender
) -> None:
    put(sender, real_alert(key))
    beat(sender, key, 1)

    async def live(run: Running) -> None:
        assert run.band
        await until(lambda: bool(run.box.results) and run.band is not None and run.band.band.last_heartbeat is not None)

    run = running(site_toml(tmp_path, key, address), live)
    (receipt,) = run.box.receipts.values()
    assert (receipt.identifier, receipt.act, receipt.first_path) == ("real-1", Act.SOUNDED, Way.MULTICAST)
    assert set(run.box.results) == {"wav"}, "the output had its turn"
    state = run.state()
    assert state["live"][0]["first_path"] == "multicast"
    assert state["multicast"]["last_heartbeat"]
    assert state["multicast"]["process"]["pid"] > 0
    assert "multicast" not in state["faults"]
    kept = json.loads((tmp_path / "state" / "band.json").read_text().partition("\n")[2])
    assert kept["aboard"] == list(sender.aboard())[:1], "what the heartbeat said outlasts a restart"


def test_silence_is_a_fault_that_the_hub_is_told_and_it_ends_with_the_next_heartbeat(
    tmp_path: Path, key: SigningKey, address: str, sender: BandSender
) -> None:
    async def live(run: Running) -> None:
        assert run.band
        run.band._vigil = Vigil(clock.now() - timedelta(minutes=5), lasts=timedelta(minutes=5))
        await run._look_round()
        assert "no heartbeat on the wide band for 5 minutes" in run.box.faults()["multicast"]
        assert "no heartbeat" in run.box.state()["faults"]["multicast"], "this is what the hub hears of it"
        beat(sender, key, 7)
        await until(lambda: run.band is not None and not run.band.silence)
        await run._look_round()
        assert "multicast" not in run.box.faults()

    run = running(site_toml(tmp_path, key, address, more="silence_minutes = 5"), live)
    assert [event.what for event in run.box.events if "heard again" in event.what]


def test_a_forged_alert_on_the_wide_band_is_one_fault_and_no_sound(
    tmp_path: Path, key: SigningKey, address: str, sender: BandSender
) -> None:
    stranger = make_signing_key(SENDER, now=clock.now())
    put(sender, real_alert(stranger, "forged"))

    async def live(run: Running) -> None:
        await until(lambda: "signature" in run.box.faults())
        beat(sender, key, 1)
        await until(lambda: run.band is not None and run.band.band.last_heartbeat is not None)

    run = running(site_toml(tmp_path, key, address), live)
    assert not run.box.receipts
    assert sum("unknown signer" in event.what for event in run.box.events) == 1


def test_a_network_that_is_not_there_is_a_fault_and_the_receiver_stands(
    tmp_path: Path, key: SigningKey, address: str
) -> None:
    async def live(run: Running) -> None:
        assert run.band
        await until(lambda: run.band is not None and bool(run.band.faults()))
        await run._look_round()
        assert "no-such-if" in run.box.faults()["multicast"]

    running(site_toml(tmp_path, key, address, more='interface = "no-such-if"'), live)


@pytest.mark.parametrize(
    ("address", "more"), [("192.0.2.1:5000", ""), ("239.1.1.1", ""), (f"{GROUP}:5000", "silence_minutes = 1")]
)
def test_settings_that_cannot_be_obeyed_are_refused(tmp_path: Path, key: SigningKey, address: str, more: str) -> None:
    with pytest.raises(BadSetting, match="multicast"):
        read(site_toml(tmp_path, key, address, more=more))


STAND = """
import os, signal, sys, threading, time
def look():
    time.sleep(2)
    print(" ".join(sorted({name.partition(".")[0] for name in list(sys.modules) if sys.modules[name] is not None})))
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=look, daemon=True).start()
sys.argv = ["satwarn", "receiver", "run", "--config", sys.argv[1]]
from satwarn.cli import main
main()
"""


def test_the_extension_stays_out_of_the_receiver_s_own_process(tmp_path: Path, key: SigningKey, address: str) -> None:
    file = site_toml(tmp_path, key, address)
    ran = subprocess.run([sys.executable, "-c", STAND, str(file)], capture_output=True, timeout=60, check=True)
    modules = set(ran.stdout.decode().split())
    assert "satwarn" in modules
    assert modules & {"flute", "numpy", "shapely", "pyproj", "pydantic", "typer", "rich"} == set()
