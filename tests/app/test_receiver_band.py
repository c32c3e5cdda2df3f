"""The running receiver on the wide band: real FLUTE over loopback multicast, and nothing else that reaches it."""

import asyncio
import hashlib
import json
import random
import struct
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from house import SCENARIO, signed, with_parameters
from satwarn.adapters import clock
from satwarn.adapters.air.band_sender import BandSender, BandSettings
from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert.alert import Alert, Named, Resource, Severity, Status
from satwarn.alert.heartbeat import Heartbeat, heartbeat_alert
from satwarn.alert.naming import name_of, resource_of
from satwarn.alert.purpose import Purpose
from satwarn.alert.seal import Pinned
from satwarn.alert.supply import SupplyKind, supply_alert
from satwarn.app.exercise import alert_of
from satwarn.app.receiver_files import NOT_USED, SHOWN, ReceiverFiles
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_settings import read
from satwarn.errors import BadSetting
from satwarn.ledger.receipt import Act
from satwarn.ledger.receipt import Path as Way
from satwarn.people import danger, newer
from satwarn.receiver.ground import name_of as key_of
from satwarn.receiver.memory import Warned
from satwarn.receiver.vigil import Vigil
from satwarn.uplink.carousel import Priority

SENDER = "drill@satwarn.example"
GROUP = "239.192.90.95"
HOUR = timedelta(hours=1)
WARNED = Warned(
    name="w",
    payloads=frozenset(),
    heard_payloads=frozenset(),
    identifier="",
    purpose=Purpose.REAL,
    act=Act.SOUNDED,
    why="",
    labelled=False,
    begun_at=clock.now(),
    until=clock.now(),
    first_path=Way.MULTICAST,
    first_heard={},
    copies={},
)


def png(width: int, height: int) -> bytes:
    """A real picture, red all over."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\xcc\x33\x33" * width for _ in range(height)))
    head = chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


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


def real_alert(key: SigningKey, identifier: str = "real-1", *, resources: tuple[Resource, ...] = ()) -> bytes:
    made = replace(
        alert_of(SCENARIO), identifier=identifier, sent=clock.now().replace(microsecond=0), status=Status.ACTUAL
    )
    area = replace(made.infos[0].areas[0], polygons=(), geocodes=(Named(value_name="JISX0402", value="31202"),))
    infos = tuple(replace(info, areas=(area,), onset=None, expires=None, resources=resources) for info in made.infos)
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


def test_an_image_of_an_alert_is_shown_beside_its_words_and_audio_is_kept_and_said_to_be_unused(
    tmp_path: Path, key: SigningKey, address: str, sender: BandSender
) -> None:
    wav, image = b"RIFF" + bytes(40_000), png(300, 200)
    inside = Resource(description="inside", mime_type="text/plain", deref_uri="aGVsbG8=")
    named = [resource_of(wav, description="voice", mime_type="audio/x-wav")]
    named += [resource_of(image, description="map <of> it", mime_type="image/png"), inside]
    put(sender, real_alert(key, resources=tuple(named)))
    for content in (wav, image, b"nobody names this"):
        put(sender, content, Priority.DATA)
    seen: dict[str, str] = {}

    async def live(run: Running) -> None:
        await until(lambda: run.band is not None and len(run.band.files.state()) == 3)
        await until(lambda: bool(run.box.results))
        assert run.status
        base = f"http://127.0.0.1:{run.status.port}"
        for path in ("/", "/screen", "/screen/now"):
            seen[path] = (await asyncio.to_thread(urllib.request.urlopen, base + path)).read().decode()
        (one,) = run.state()["live"]
        answer = await asyncio.to_thread(urllib.request.urlopen, f"{base}/picture/{one['picture']['name']}")
        assert answer.read() == image
        seen.update({name: answer.headers[name] for name in ("Content-Type", "Content-Security-Policy")})
        with pytest.raises(urllib.error.HTTPError, match="404"):
            await asyncio.to_thread(urllib.request.urlopen, f"{base}/picture/{hashlib.sha256(wav).hexdigest()}")

    run = running(site_toml(tmp_path, key, address), live)
    told = {one["description"]: one for one in run.state()["multicast"]["files"]}
    assert Path(told["voice"]["file"]).read_bytes() == wav
    assert Path(told["inside"]["file"]).read_bytes() == b"hello"
    assert [told[name]["used"] for name in ("voice", "map <of> it", "inside")] == [NOT_USED, SHOWN, NOT_USED]
    assert len(list((tmp_path / "state" / "files").iterdir())) == 3
    assert (seen["Content-Type"], seen["Content-Security-Policy"]) == ("image/png", "default-src 'none'; sandbox")
    tag = f'src="/picture/{hashlib.sha256(image).hexdigest()}" alt="map &lt;of&gt; it"'
    assert tag in seen["/"]
    assert seen["/screen"].index("</main>") < seen["/screen"].index(tag), "the words come first"
    assert json.dumps(seen["/screen/now"]) in seen["/screen"]


def test_a_picture_is_that_of_the_newest_alert_in_the_language_of_the_site(tmp_path: Path) -> None:
    notes: list[str] = []
    files = ReceiverFiles(tmp_path, lambda kind, what: notes.append(what))
    made = alert_of(SCENARIO)
    pictures = {"en": png(1, 2), "ja": png(2, 1)}
    infos = tuple(
        replace(
            made.infos[0],
            language=tag,
            resources=(resource_of(image, description=tag, mime_type="image/png"),),
        )
        for tag, image in pictures.items()
    )
    first = replace(made, infos=infos)
    files.expect(first)
    broken = resource_of(b"no picture", description="broken", mime_type="image/png")
    files.expect(replace(made, identifier="other", infos=(replace(made.infos[0], resources=(broken,)),)))
    for content in (*pictures.values(), b"no picture"):
        files.take(name_of(content), content)
    assert notes[-2:] == ["other: broken is not shown: neither a PNG nor a JPEG", "broken (image/png) of other is here"]

    def shown(alert: Alert, *languages: str) -> str | None:
        known = replace(WARNED, identifier=alert.identifier, sent=alert.sent, keys=keys | {key_of(alert.key)})
        held = files.picture_of(known, languages)
        return held and held.description

    keys = frozenset({key_of(first.key)})
    assert (shown(first, "ja", "en"), shown(first, "en"), shown(first, "de")) == ("ja", "en", "en")
    update = replace(made, identifier="update", sent=made.sent + timedelta(minutes=5), infos=(made.infos[0],))
    files.expect(update)
    assert shown(update, "ja") is None, "the update brought none: the old one may show what is no longer true"
    assert shown(replace(made, sender="somebody@else.example"), "ja") == "ja"  # of the same chain
    keys = frozenset()
    assert shown(replace(made, sender="somebody@else.example"), "ja") is None


def test_kept_files_stay_within_bounds_and_are_gone_after_a_restart(tmp_path: Path) -> None:
    notes: list[str] = []
    files = ReceiverFiles(tmp_path / "files", lambda kind, what: notes.append(what))
    made = alert_of(SCENARIO)
    contents = [f"file {number}".encode() for number in range(40)]
    resources = tuple(resource_of(one, description="one", mime_type="text/plain") for one in contents)
    files.expect(replace(made, infos=(replace(made.infos[0], resources=resources),)))
    for content in contents:
        files.take(name_of(content), content)
        files.take(name_of(content), content)
    assert len(files.state()) == 32 == len(list((tmp_path / "files").iterdir()))
    assert files.state()[-1]["identifier"] == made.identifier
    ReceiverFiles(tmp_path / "files", print)
    assert not list((tmp_path / "files").iterdir())


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


def put_supply(
    sender: BandSender,
    key: SigningKey,
    serial: int,
    files: Mapping[str, bytes],
    *,
    kind: SupplyKind = SupplyKind.TRUST,
    revoked: tuple[str, ...] = (),
) -> None:
    alert = supply_alert(
        kind,
        files,
        serial=serial,
        mime_type="text/plain",
        identifier=f"supply-{serial}",
        sender=SENDER,
        sent=clock.now().replace(microsecond=0),
        expires=clock.now().replace(microsecond=0) + HOUR,
        revoked=revoked,
    )
    put(sender, signed(alert, by=key), Priority.DATA)
    for content in files.values():
        put(sender, content, Priority.DATA)


def taken(run: Running) -> dict[str, tuple[int, bool]]:
    return {one["supply"]: (one["serial"], one["whole"]) for one in run.state()["supplies"]}


def test_a_renewed_certificate_counts_a_revoked_one_no_more_and_both_outlast_a_restart(
    tmp_path: Path, key: SigningKey, address: str, sender: BandSender
) -> None:
    new = make_signing_key(SENDER, now=clock.now())
    old = Pinned.of(SENDER, key.certificate_pem).fingerprint
    put_supply(sender, key, 1, {SENDER: new.certificate_pem})

    async def live(run: Running) -> None:
        await until(lambda: taken(run) == {f"{SENDER} trust": (1, True)})
        put_supply(sender, new, 2, {}, revoked=(old,))
        await until(lambda: taken(run) == {f"{SENDER} trust": (2, True)})
        put(sender, real_alert(key, "by-the-revoked-key"))
        put(sender, real_alert(new, "by-the-new-key"))
        await until(lambda: "signature" in run.box.faults() and bool(run.box.results))
        run.box.hear_message(real_alert(key, "by-ground"), Way.GROUND)

    file = site_toml(tmp_path, key, address)
    run = running(file, live)
    assert [receipt.identifier for receipt in run.box.receipts.values()] == ["by-the-new-key"]

    async def again(run: Running) -> None:
        run.box.hear_message(real_alert(key, "after-the-restart"), Way.GROUND)
        assert [one["sender"] for one in run.state()["certificates"]] == [SENDER]
        assert "unknown signer" in run.box.faults()["signature"]

    assert "after-the-restart" not in str(running(file, again).box.receipts)


def test_newer_texts_are_said_from_the_next_warning_on_also_after_a_restart_and_missing_ones_fall_back(
    tmp_path: Path, key: SigningKey, address: str, sender: BandSender
) -> None:
    pack = '[danger.ballistic-missile]\nheadline = "ミサイル警報・新しい文"\n'.encode()
    put_supply(sender, key, 1, {"ja": pack}, kind=SupplyKind.LANGUAGE)
    before = danger.sentence("ballistic-missile", "ja")

    async def live(run: Running) -> None:
        await until(lambda: taken(run) == {f"{SENDER} language": (1, True)})

    file = site_toml(tmp_path, key, address)
    try:
        running(file, live)
        newer.put("ja", {})

        async def again(run: Running) -> None:
            said = danger.sentence("ballistic-missile", "ja")
            assert said.headline == "ミサイル警報・新しい文"
            assert said.instruction == before.instruction
            assert danger.sentence("earthquake-early-warning", "ja").headline

        running(file, again)
    finally:
        newer.put("ja", {})


def test_a_supply_of_a_stranger_is_one_fault_and_changes_nothing(
    tmp_path: Path, key: SigningKey, address: str, sender: BandSender
) -> None:
    stranger = make_signing_key(SENDER, now=clock.now())
    put_supply(sender, stranger, 9, {SENDER: stranger.certificate_pem})

    async def live(run: Running) -> None:
        await until(lambda: "signature" in run.box.faults())

    run = running(site_toml(tmp_path, key, address), live)
    assert taken(run) == {}
    assert run.supplies.trust == run.settings.trust == read(tmp_path / "site.toml").trust


STAND = """
import os, signal, sys, threading, time
def look():
    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:  # until it runs and can be told to stop
        time.sleep(0.05)
    time.sleep(0.5)
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
