"""Everything around a running receiver: settings, lint, replay, init, the chip's settings, the unit, the kiosk."""

import asyncio
import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from house import ELEVEN, key, receiver, warns
from satwarn.adapters.memory import MemoryFile
from satwarn.app import receiver_run
from satwarn.app.receiver_check import findings
from satwarn.app.receiver_init import devices, site_toml
from satwarn.app.receiver_replay import find_place, replay
from satwarn.app.receiver_replay_page import page, to_ulaw_wav
from satwarn.app.receiver_settings import KEYS, read
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.app.receiver_ublox import configure, dry_run
from satwarn.errors import BadArea, BadMessage, BadSetting
from satwarn.frame import CONTAINERS, Heard, encode
from satwarn.frame.dcx import MessageType
from satwarn.people.page_words import word
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.ublox import ACK, NAK, VALGET, VALSET, UbxStream, message, valget, valset, values

ROOT = Path(__file__).parents[2]


def raw(folder: Path, **changes: Any) -> dict[str, Any]:
    (folder / "hub.pem").write_bytes(key().certificate_pem)
    return {
        "site": {"code": "31202", "folder": str(folder)},
        "trust": [{"sender": "drill@satwarn.example", "certificate": "hub.pem"}],
        "air": [{"kind": "tcp", "address": "127.0.0.1:1"}],
        "output": [{"name": "wav", "kind": "wav", "address": "x.wav"}],
        **changes,
    }


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"site": {}}, "site.code"),
        ({"site": {"code": "31999"}}, "site.code"),
        ({"site": {"code": "31202", "langages": ["ja"]}}, "langages"),
        ({"site": {"code": "31202", "languages": ["tlh"]}}, "languages"),
        ({"site": {"code": "31202", "latitude": 35.0}}, "latitude and longitude"),
        ({"sight": {}}, "sight"),
        ({"air": {"kind": "tty"}}, "double brackets"),
        ({"air": [{"kind": "radio", "address": "x"}]}, "radio"),
        ({"output": [{"name": "a", "kind": "wav"}, {"name": "a", "kind": "wav"}]}, "same name"),
        ({"output": [{"name": "a", "kind": "wav", "signals": "xx"}]}, "output.signals"),
        ({"trust": [{"sender": "a", "certificate": "none.pem"}]}, "none.pem"),
        ({"rules": {"ballistic-missile": "log"}}, "never suppressed"),
        ({"rules": {"tornado": "sound"}}, "tornado"),
        ({"rules": {"tornado-alert": "loud"}}, "loud"),
        ({"clock": {"host": "maybe"}}, "clock.host"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(changes: dict[str, Any], named: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=named):
        settings_of(raw(tmp_path, **changes), file=tmp_path / "site.toml")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("[site")
    with pytest.raises(BadSetting, match="not TOML"):
        read(tmp_path / "site.toml")
    with pytest.raises(BadSetting, match="no such file"):
        read(tmp_path / "other.toml")


def test_the_reference_names_every_key() -> None:
    made = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.path.insert(0, 'tools'); import site_toml; print(site_toml.page(), end='')",
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert made == (ROOT / "docs/reference/site-toml.md").read_text(encoding="utf-8"), "run tools/site_toml.py"
    assert all(f"`{one.name}`" in made for one in KEYS)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"air": []}, "air"),
        ({"trust": []}, "trust"),
        ({"output": []}, "output"),
        ({"ground": {"address": "ws://hub.example:80"}}, "ground.address"),
        ({"air": [{"kind": "pipe", "address": "-", "monitored": False}]}, "rules.unmonitored_radio"),
        ({"output": [{"name": "post", "kind": "mail", "address": "127.0.0.1:1"}]}, "output post"),
        ({"output": [{"name": "siren", "kind": "modbus", "address": "127.0.0.1:1"}]}, "output siren"),
    ],
)
def test_lint_finds_what_would_keep_it_deaf_or_mute(changes: dict[str, Any], where: str, tmp_path: Path) -> None:
    found = findings(settings_of(raw(tmp_path, **changes), file=tmp_path / "site.toml"))
    assert where in {one.where for one in found if one.level == "error"}


def cli(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "satwarn", "receiver", *arguments], cwd=cwd, capture_output=True, text=True, timeout=60
    )


def test_check_says_so_by_its_exit_code(tmp_path: Path) -> None:
    (tmp_path / "hub.pem").write_bytes(key().certificate_pem)
    head = '[site]\ncode = "31202"\n[[trust]]\nsender = "drill@satwarn.example"\ncertificate = "hub.pem"\n'
    good = head + '[[air]]\nkind = "tcp"\naddress = "127.0.0.1:1"\n[[output]]\nname = "s"\nkind = "screen"\n'
    (tmp_path / "site.toml").write_text(good)
    told = cli("check", "site.toml", "--json", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    said = json.loads(told.stdout)
    assert {row["information"] for row in said["rules"]} >= {"ballistic-missile", "major-tsunami"}
    assert {row["message"]: row["here"] for row in said["golden"]}["missile, here"] == "sounds"
    (tmp_path / "site.toml").write_text(head)
    assert cli("check", "site.toml", cwd=tmp_path).returncode == 1
    assert cli("check", "none.toml", cwd=tmp_path).returncode == 2
    assert cli("status", "--config", "site.toml", cwd=tmp_path).returncode == 1
    assert cli("run", "--config", "none.toml", cwd=tmp_path).returncode == 2


# ── replay and init ──────────────────────────────────────────────────────────────────────────────────────────────────


def recording(folder: Path) -> Path:
    from dataclasses import replace

    from house import REPORT

    report = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128, prefectures=(31,))
    lines = b""
    for second in range(5):
        frame = encode(report, preamble=0x53, counter=second, at=ELEVEN)
        lines += CONTAINERS["l1s"].write(Heard(frame, satellite=184, received=ELEVEN.replace(second=4 * second)))
    file = folder / "night.l1s"
    file.write_bytes(bytes((184,)) + lines)
    return file


def test_a_replay_tells_what_one_town_would_have_heard(tmp_path: Path) -> None:
    file = recording(tmp_path)
    here, there = replay(file, find_place("Yonago")), replay(file, find_place("Sapporo"))
    assert [moment.kind for moment in here.moments] == ["sounded"]
    assert [moment.kind for moment in there.moments] == []
    assert here.frames == 5
    shown = page(here)
    assert "Missile warning" in shown
    assert not re.search(r"(?:src|href)=.(?!data:|#)|@import|url\((?!#c)", shown)
    assert word("replay", "nothing", "ja", n=5) in page(there)
    [zone] = here.zones
    assert {code[:2] for code in zone.codes} == {"31"}
    assert len(zone.codes) == 19  # every municipality of Tottori
    assert zone.heard == (ELEVEN, ELEVEN.replace(second=16))
    assert 'class="certain zone z0"' in shown
    assert 'class="possible zone z0"' in page(there)
    told = cli("replay", "night.l1s", "--at", "米子市", "--out", "y.html", "--json", cwd=tmp_path)
    assert json.loads(told.stdout)["sounded"] == 1
    assert (tmp_path / "y.html").read_text(encoding="utf-8") == shown


def test_a_recording_without_a_frame_is_no_quiet_night(tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 8)
    told = cli("replay", "noise.bin", "--at", "Yonago", "--out", "y.html", cwd=tmp_path)
    assert told.returncode == 1
    assert "no frame was found" in told.stderr
    assert not (tmp_path / "y.html").exists()


def test_a_replay_can_be_heard_and_browsed(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    (tmp_path / "y.html").write_text(page(replay(recording(tmp_path), find_place("Yonago"))), encoding="utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 360, "height": 800})
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto((tmp_path / "y.html").as_uri())
        lasts_s = shown.evaluate("""new Promise((done, wrong) => { const sound = document.querySelector("audio");
          sound.onloadedmetadata = () => done(sound.duration); sound.onerror = wrong; sound.load() })""")
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert shown.is_visible("section li.sounded")
        assert shown.text_content("#told") == word("replay", "whole", "ja")
        shown.evaluate("minute.value = 0, minute.oninput()")
        assert shown.text_content("#told") == f"11:00 JST: 1 {word('replay', 'on-air', 'ja')}"
        assert shown.is_visible(".z0")
        browser.close()
    assert 15 < lasts_s < 90
    assert wide == 360
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_small_sound_is_the_sound() -> None:
    """Read back by the standard library's reader of µ-law, as long as it has one: within half a step of 1/16."""
    audioop = pytest.importorskip("audioop")
    samples = np.arange(-32_600, 32_600, 7, dtype=np.int16)
    wav = to_ulaw_wav(np.repeat(samples, 2))
    coded = wav[wav.index(b"data") + 8 :][: samples.size]
    read_back = np.frombuffer(audioop.ulaw2lin(coded, 2), np.int16).astype(int)
    assert np.all(np.abs(read_back - samples) <= 8 + np.abs(samples.astype(int)) / 32)


def test_a_place_that_is_not_clear_is_not_guessed() -> None:
    assert find_place("31202").code == find_place("米子").code == "31202"
    with pytest.raises(BadArea, match="several"):
        find_place("Fuchu")
    with pytest.raises(BadArea, match="no place"):
        find_place("Atlantis")


def test_init_writes_what_check_can_read(tmp_path: Path) -> None:
    told = cli("init", "--place", "Yonago", "--device", "/dev/ttyACM0", "--out", "site.toml", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    made = read(tmp_path / "site.toml")
    assert made.site.code == "31202"
    assert [values["address"] for values in made.air] == ["/dev/ttyACM0"]
    assert cli("init", "--place", "Yonago", cwd=tmp_path).returncode == 2  # never over what is there
    assert "no serial device" in site_toml("Yonago", found=(), folder="/x")
    assert devices(tmp_path / "none", tmp_path) == ()
    (tmp_path / "ttyACM3").touch()
    assert devices(tmp_path / "none", tmp_path) == (str(tmp_path / "ttyACM3"),)


# ── the chip ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Chip:
    """A u-blox chip at the other end of a pseudo-terminal: takes settings, refuses keys it does not know."""

    def __init__(self, *, unknown: tuple[int, ...] = ()) -> None:
        self.master, self.slave = pty.openpty()
        self.live: dict[int, int] = {}
        self._unknown = unknown
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        stream = UbxStream()
        while True:
            try:
                data = os.read(self.master, 4096)
            except OSError:
                return
            for number, payload in stream.messages(data):
                os.write(self.master, b"$GNTXT,noise*00\r\n" + self._answer(number, payload))

    def _answer(self, number: tuple[int, int], payload: bytes) -> bytes:
        if number == VALSET:
            asked = values(payload)
            if asked.keys() & set(self._unknown):
                return message(NAK, bytes(VALSET))
            self.live |= asked
            return message(ACK, bytes(VALSET))
        keys = [int.from_bytes(payload[at : at + 4], "little") for at in range(4, len(payload), 4)]
        pairs = tuple((key, self.live[key]) for key in keys if key in self.live)
        return message(VALGET, bytes((1, 0, 0, 0)) + valset(pairs)[10:-2])


def test_a_chip_is_told_group_by_group_and_every_setting_is_read_back() -> None:
    chip = Chip(unknown=(0x20910637,))
    done = asyncio.run(configure(Path(os.ttyname(chip.slave)), port="usb", speed=115200, keep=False))
    assert [one.taken for one in done] == [True, True, True, False]
    assert "refused" in done[3].why
    assert chip.live[0x10310014] == 1  # QZSS L1S
    assert chip.live[0x20910234] == 1  # RXM-SFRBX on USB
    assert 0x10F60009 not in chip.live  # never the lock of the configuration


def test_a_dry_run_shows_the_very_bytes_and_sends_none(tmp_path: Path) -> None:
    told = cli("configure-ublox", "/dev/none", "--port", "uart1", "--dry-run", "--json", cwd=tmp_path)
    assert told.returncode == 0
    assert [bytes.fromhex(one["sent"]) for one in json.loads(told.stdout)] == [
        one.sent for one in dry_run("uart1", keep=False)
    ]
    assert cli("configure-ublox", "/dev/none", "--port", "lpt1", "--dry-run", cwd=tmp_path).returncode == 2


def test_the_chip_s_messages_are_those_of_its_manual() -> None:
    signals = ((0x10310024, 1), (0x10310012, 1), (0x10310014, 1))
    assert valset(signals).hex(" ").startswith("b5 62 06 8a 13 00 00 01 00 00 24 00 31 10 01")
    assert valset(signals)[-2:].hex() == "b435"
    assert valget((0x10310014, 0x20910232)).hex() == "b562068b0c00000000001400311032029120d753"


# ── the unit, the memory, noise ──────────────────────────────────────────────────────────────────────────────────────


UNIT = ROOT / "deploy/satwarn-receiver.service"
# What the unit must say, beside what systemd-analyze looks at: key and value, or the words that must be among it.
MUST: dict[str, str] = {
    "Type": "notify",
    "Restart": "always",
    "StartLimitIntervalSec": "0",
    "WatchdogSec": "60",
    "User": "satwarn",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "DevicePolicy": "closed",
    "StateDirectory": "satwarn",
    "WantedBy": "multi-user.target",
}


def test_the_unit_says_what_it_must() -> None:
    lines = [line for line in UNIT.read_text().splitlines() if line and not line.startswith(("#", "["))]
    said = dict(line.split("=", 1) for line in lines)
    assert {key: said.get(key) for key in MUST} == MUST
    repeated = {line.partition("=")[0] for line in lines if lines.count(line) > 1}
    assert repeated == set()
    assert said["ExecStart"].endswith("satwarn receiver run --config /etc/satwarn/site.toml")
    assert float(said["WatchdogSec"]) > 3 * receiver_run.LOOK_S
    assert {"dialout", "audio"} <= set(said["SupplementaryGroups"].split())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_takes_the_unit_and_finds_it_little_exposed(tmp_path: Path) -> None:
    unit = tmp_path / "satwarn-receiver.service"
    unit.write_text(UNIT.read_text().replace("/opt/satwarn/bin/satwarn", sys.executable))
    lint = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
    assert [line for line in lint.stderr.splitlines() if "satwarn-receiver" in line] == []
    looked = ["systemd-analyze", "security", "--offline=true", "--threshold=25", str(unit)]
    exposed = subprocess.run(looked, capture_output=True, text=True)
    assert exposed.returncode == 0, exposed.stdout[-300:]


def test_somebody_who_does_not_read_what_we_are_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    receiver_run.notify("READY=1")  # nobody is there
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        for _ in range(2000):  # far more than the system keeps for somebody who does not read
            receiver_run.notify("WATCHDOG=1")
        assert deaf.recv(100) == b"WATCHDOG=1"


def test_systemd_is_told_ready_then_alive_then_good_bye(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(
        f'[site]\ncode = "31202"\nfolder = "{tmp_path}/state"\n[status]\naddress = ""\n'
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        process = subprocess.Popen(
            [sys.executable, "-m", "satwarn", "receiver", "run", "--config", "site.toml"],
            cwd=tmp_path,
            env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")},
        )
        try:
            heard = {systemd.recv(100).decode() for _ in range(2)}
            process.terminate()
            while (word := systemd.recv(100).decode()) == "WATCHDOG=1":
                pass
            assert (heard, word) == ({"READY=1", "WATCHDOG=1"}, "STOPPING=1")
            assert process.wait(30) == 0
        finally:
            process.kill()
            process.wait()


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_memory_the_disk_has_changed_is_found_out(where: int, change: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        kept = MemoryFile(Path(folder) / "memory.json")
        assert kept.read() is None
        kept.keep('{"plans": [], "warnings": {}, "note": "津波"}')
        whole = bytearray((Path(folder) / "memory.json").read_bytes())
        whole[where % len(whole)] ^= change
        (Path(folder) / "memory.json").write_bytes(bytes(whole))
        if where % len(whole) == 64:  # the line end between sum and text carries no meaning
            return
        with pytest.raises(BadMessage):
            kept.read()


@given(st.binary(min_size=32, max_size=32), st.integers(0, 249), st.integers(0, 249), st.integers(0, 249))
@settings(max_examples=200)
def test_mutated_frames_make_no_sound(noise: bytes, one: int, two: int, three: int) -> None:
    box = receiver()
    box.hear_radio(Radio(at=ELEVEN, jamming=Level.NONE, spoofing=Level.NONE))
    broken = bytearray(recording_frame())
    for bit in {one, two, three}:
        broken[bit // 8] ^= 0x80 >> bit % 8
    for frame in (bytes(broken), noise):
        box.hear_frame(frame, satellite=184, now=ELEVEN)
    assert warns(box.effects()) == []


@pytest.mark.nightly
@pytest.mark.skipif(os.environ.get("HYPOTHESIS_PROFILE") != "nightly", reason="a million frames: at night")
def test_a_million_mutated_frames_make_no_sound() -> None:
    import random

    chance, whole = random.Random(2026), recording_frame()
    box = receiver()
    box.hear_radio(Radio(at=ELEVEN, jamming=Level.NONE, spoofing=Level.NONE))
    for _ in range(1_000_000):
        broken = bytearray(whole)
        for bit in chance.sample(range(250), chance.randint(1, 5)):
            broken[bit // 8] ^= 0x80 >> bit % 8
        box.hear_frame(bytes(broken), satellite=184, now=ELEVEN)
    assert warns(box.effects()) == []


def recording_frame() -> bytes:
    from dataclasses import replace

    from house import REPORT

    report = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128, prefectures=(31,))
    return encode(report, preamble=0x53, counter=0, at=ELEVEN)
