"""A receiver's outputs against real servers: a sound server with an ear, an HTTP server, a broker, a cabinet, a UPS."""

import asyncio
import json
import os
import pwd
import socket
import subprocess
import threading
import wave
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from satwarn.adapters.clock import stopwatch, wait
from satwarn.adapters.device import siren as siren_module
from satwarn.adapters.device.event import Begun
from satwarn.adapters.device.modbus import Contact
from satwarn.adapters.device.mqtt import Mqtt, discovery
from satwarn.adapters.device.siren import Siren
from satwarn.adapters.device.ups import ups, ups_fault
from satwarn.adapters.device.webhook import DIGEST, Webhook
from satwarn.alert.purpose import Purpose
from satwarn.app.receiver_inputs import Inputs
from satwarn.app.receiver_outputs import signal_of
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.announcement import Announcement
from satwarn.people.danger import keys, say
from satwarn.people.ports import STOPPED, Performance, Tried
from satwarn.people.sound import RATE_HZ
from satwarn.receiver.information import informations
from satwarn.receiver.memory import Life

AT = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


def performance(*languages: str, purpose: Purpose = Purpose.EXERCISE) -> Performance:
    label = "exercise" if purpose is Purpose.EXERCISE else ""
    said = say("system-test", label=label, languages=languages or ("en",))
    return Performance(warning="w", site="31202", purpose=purpose, announcements=said, at=AT)


def at_once(call: Callable[[], None]) -> None:
    call()


def result_of(output: Any, what: Performance) -> OutputResult:
    """What came of it, waited for."""
    found: list[OutputResult] = []
    output.begin(what, done=found.append)
    until(lambda: bool(found), seconds=60)
    return found[0]


def until(true: Callable[[], bool], *, seconds: float = 15) -> None:
    ends = stopwatch() + seconds
    while not true():
        assert stopwatch() < ends, "it did not happen in time"
        wait(0.01)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


# ── sound ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_siren_plays_at_the_rate_the_sounds_are_made_at() -> None:
    assert siren_module.RATE_HZ == RATE_HZ


def made(folder: Path, **changes: Any) -> Siren:
    return Siren(name="speaker", folder=folder, signal_of=signal_of, post=at_once, **changes)


def test_what_the_ear_hears_proves_the_siren(tmp_path: Path, ear: str) -> None:
    box = made(tmp_path / "sound", backends=("PULSEAUDIO",), ear=ear, buffer_ms=200)
    box.prepare()
    try:
        assert box.probe() == ""
        short = Announcement(language="en", label=None, headline="", sentences=("This is a test.",))
        result = result_of(box, replace(performance(), announcements=(short,)))
    finally:
        box.close()
    assert (result.proof, result.detail) == (Proof.PROVEN, "")


def test_national_signals_sound_only_where_a_site_switches_them_on(tmp_path: Path) -> None:
    lengths_s = {}
    for profile in ("own", "de"):
        made(tmp_path / profile, file=str(tmp_path / "x.wav"), profile=profile).prepare()
        with wave.open(str(tmp_path / profile / "signal-warning.wav")) as sound:
            lengths_s[profile] = sound.getnframes() / sound.getframerate()
    assert lengths_s["de"] == pytest.approx(60, abs=1)
    assert lengths_s["own"] < 30


def test_a_siren_without_an_ear_proves_nothing_and_a_stop_ends_it(tmp_path: Path) -> None:
    box = made(tmp_path / "sound", backends=("NULL",))
    box.prepare()
    try:
        found: list[OutputResult] = []
        box.begin(performance(purpose=Purpose.REAL), done=found.append)
        wait(0.3)
        box.end("", how=STOPPED, last=True)
        until(lambda: bool(found), seconds=60)
    finally:
        box.close()
    assert (found[0].proof, found[0].cause) == (Proof.FAILED, Cause.RULE)


def test_an_end_has_its_own_signal_and_only_a_real_all_clear_does() -> None:
    def over(how: Life, purpose: Purpose) -> str:
        said = say(f"end:{how}", label="", languages=("en",))
        return signal_of(Performance(warning="w", site="31202", purpose=purpose, announcements=said, at=AT, how=how))

    assert over(Life.CLEARED, Purpose.REAL) == "all-clear"
    assert over(Life.RETRACTED, Purpose.REAL) == ""
    assert over(Life.CLEARED, Purpose.EXERCISE) == ""
    assert signal_of(performance(purpose=Purpose.REAL)) == "warning"


def test_every_automatic_type_has_words_or_those_of_any_danger() -> None:
    ends = {f"end:{how}" for how in (Life.CLEARED, Life.RETRACTED, Life.LEFT, Life.UNKNOWN)}
    assert ends <= keys()
    for name in informations():
        for said in say(name, label="", languages=("ja", "en", "de", "ko")):
            assert all((said.headline, *said.sentences))


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("confirms", "proof"), [(True, Proof.PROVEN), (False, Proof.UNPROVEN)])
def test_a_webhook_is_proven_by_the_digest_that_comes_back(confirms: bool, proof: Proof) -> None:
    taken: list[dict[str, Any]] = []

    class Plant(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            if confirms:
                self.send_header(DIGEST, self.headers[DIGEST])
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Plant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        hook = Webhook(
            name="plant",
            address=f"http://127.0.0.1:{server.server_address[1]}/",
            post=at_once,
            begun=Begun(site="31202"),
        )
        assert result_of(hook, performance("ja")).proof is proof
        hook.end("w", how="cleared", last=True)
        until(lambda: len(taken) == 2)
    finally:
        server.shutdown()
        server.server_close()
    assert [event["event"] for event in taken] == ["begin", "end"]
    assert [event["warning"] for event in taken] == ["w", "w"]
    assert [event["purpose"] for event in taken] == ["exercise", "exercise"]
    assert (taken[1]["how"], taken[1]["site"]) == ("cleared", "31202")
    assert taken[0]["texts"]["ja"][0] == "これは訓練です。"


def test_a_webhook_that_nobody_answers_fails_and_says_why() -> None:
    hook = Webhook(name="plant", address=f"http://127.0.0.1:{free_port()}/", post=at_once, begun=Begun(site="x"))
    result = result_of(hook, performance())
    assert (result.proof, result.cause) == (Proof.FAILED, Cause.PATH)


def test_mqtt_begin_and_end_come_back_and_no_event_is_retained(broker: int) -> None:
    port = broker
    output = Mqtt(name="house", address=f"127.0.0.1:{port}", topic="satwarn", site="31202", post=at_once)
    try:
        assert "no broker" in output.probe()
        assert output.try_silently().good is False
        output.prepare()
        until(lambda: output.probe() == "")
        wait(0.3)
        assert result_of(output, performance()).proof is Proof.PROVEN
        assert output.try_silently() == Tried(good=True, what="a word came back from the broker")
        output.end("w", how="cleared", last=True)
        wait(0.2)
        kept = _retained(port)
    finally:
        output.close()
    assert "satwarn/31202/alert" not in kept
    assert kept["satwarn/31202/active"] == "OFF"
    assert kept["satwarn/31202/status"] == "online"
    assert json.loads(kept["homeassistant/device/satwarn-31202/config"]) == discovery("31202", "satwarn")
    assert "command_topic" not in kept["homeassistant/device/satwarn-31202/config"]
    assert "satwarn/31202/probe" not in kept


def _retained(port: int) -> dict[str, str]:
    """What a late subscriber is told."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    kept: dict[str, str] = {}
    late = Client(CallbackAPIVersion.VERSION2)
    late.on_connect = lambda client, *_: client.subscribe("#")
    late.on_message = lambda client, userdata, told: kept.update({told.topic: told.payload.decode()})
    late.connect("127.0.0.1", port)
    late.loop_start()
    until(lambda: len(kept) >= 3)
    wait(0.2)
    late.disconnect()
    late.loop_stop()
    return kept


# ── contacts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Cabinet:
    """A Modbus device with one coil and one input that follows it, unless its contact is stuck."""

    def __init__(self, *, stuck: bool) -> None:
        self.port, self.stuck, self.coil = free_port(), stuck, False
        self.inputs: dict[int, bool] = {}  # those that do not follow the coil
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(5)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(7):
            body = await reader.readexactly(int.from_bytes(head[4:6], "big") - 1)
            answer = self._answer(body)
            writer.write(head[:4] + (len(answer) + 1).to_bytes(2, "big") + head[6:7] + answer)
        writer.close()

    def _answer(self, body: bytes) -> bytes:
        function = body[0]
        if function == 5:
            self.coil = body[3] == 0xFF
            return body
        number = int.from_bytes(body[1:3], "big")
        stands = self.coil if function == 1 or not self.stuck else False
        if function == 2 and number in self.inputs:
            stands = self.inputs[number]
        return bytes((function, 1, int(stands)))

    def close(self) -> None:
        async def down() -> None:
            assert self._server
            self._server.close()
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(down(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@pytest.mark.parametrize(
    ("stuck", "sense", "proof", "cause"),
    [
        (False, 0, Proof.PROVEN, Cause.NONE),
        (True, 0, Proof.FAILED, Cause.POWER),
        (False, -1, Proof.UNPROVEN, Cause.UNPROVEN),
    ],
)
def test_a_contact_is_proven_by_what_senses_it(
    stuck: bool, sense: int, proof: Proof, cause: Cause, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("satwarn.adapters.device.modbus.SWITCHES_WITHIN_S", 0.3)
    cabinet = Cabinet(stuck=stuck)
    contact = Contact(
        name="siren", address=f"127.0.0.1:{cabinet.port}", unit=1, coil=0, sense=sense, busy=-1, post=at_once
    )
    try:
        cabinet.coil = True
        if not stuck:
            contact.prepare()
            assert cabinet.coil is False  # OFF first of all
        result = result_of(contact, performance())
        assert (result.proof, result.cause) == (proof, cause)
        assert contact.probe() == ""
        contact.end("w", how="cleared", last=False)
        wait(0.1)
        assert cabinet.coil is True  # another warning is still on
        contact.end("w", how="cleared", last=True)
        until(lambda: cabinet.coil is False)
    finally:
        cabinet.close()
    assert "cannot be read" in contact.probe()


def test_a_radio_console_is_waited_for_keyed_spoken_over_and_let_go(tmp_path: Path) -> None:
    cabinet = Cabinet(stuck=False)
    cabinet.inputs[1] = True  # somebody speaks
    contact = Contact(
        name="console", address=f"127.0.0.1:{cabinet.port}", unit=1, coil=0, sense=0, busy=1, post=at_once
    )
    speaker = made(tmp_path / "sound", backends=("NULL",), key=contact, pre_start_s=0.5)
    speaker.prepare()
    assert speaker.mouth
    try:
        keyed: list[OutputResult] = []
        spoken: list[OutputResult] = []
        short = Announcement(language="en", label=None, headline="", sentences=("Test.",))
        drill = replace(performance(), announcements=(short,))
        contact.begin(drill, done=keyed.append)
        speaker.begin(drill, done=spoken.append)
        wait(0.6)
        assert (cabinet.coil, speaker.mouth.first_sample_s) == (False, None)
        cabinet.inputs[1] = False
        until(lambda: cabinet.coil)
        closed_s = stopwatch()
        until(lambda: speaker.mouth is not None and speaker.mouth.first_sample_s is not None)
        until(lambda: bool(spoken), seconds=60)
        assert keyed[0].proof is Proof.PROVEN
        assert stopwatch() - closed_s > 0.5  # the pre-start went before the words
        until(lambda: not cabinet.coil)  # let go after the last word, not at the end of the warning
    finally:
        speaker.close()
        cabinet.close()


def test_a_console_that_cannot_be_keyed_delays_the_words_no_longer_than_it_takes_to_know(tmp_path: Path) -> None:
    contact = Contact(name="console", address=f"127.0.0.1:{free_port()}", unit=1, coil=0, sense=0, busy=1, post=at_once)
    speaker = made(tmp_path / "sound", backends=("NULL",), key=contact)
    speaker.prepare()
    assert speaker.mouth
    try:
        asked_s, keyed = stopwatch(), []
        contact.begin(performance(), done=keyed.append)
        speaker.begin(performance(), done=lambda result: None)
        until(lambda: speaker.mouth is not None and speaker.mouth.first_sample_s is not None)
        assert stopwatch() - asked_s < 5
        assert keyed[0].proof is Proof.FAILED
        speaker.end("", how=STOPPED, last=True)
    finally:
        speaker.close()


# ── fault inputs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def looked_at(folder: Path, **row: Any) -> Tried:
    raw = {"site": {"code": "31202", "folder": str(folder)}, "input": [{"name": "amplifier", **row}]}
    inputs = Inputs(settings_of(raw, file=folder / "site.toml"))
    try:
        ((name, tried),) = inputs.look()
    finally:
        inputs.close()
    assert name == "amplifier"
    return tried


def test_an_amplifier_s_fault_contact_by_modbus(tmp_path: Path) -> None:
    cabinet = Cabinet(stuck=False)
    try:
        row = {"kind": "modbus", "address": f"127.0.0.1:{cabinet.port}", "number": 2, "means": "amplifier broken"}
        for closed, tried in (
            (False, Tried(good=True, what="says 0")),
            (True, Tried(good=False, what="amplifier broken")),
        ):
            cabinet.inputs[2] = closed
            assert looked_at(tmp_path, **row) == tried
    finally:
        cabinet.close()
    assert "cannot be read" in looked_at(tmp_path, **row).what


def test_an_amplifier_s_state_by_http(tmp_path: Path) -> None:
    said = {"body": b'{"fault": false, "level": 3}'}

    class Amplifier(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said["body"])

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Amplifier)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    row = {"kind": "http", "address": f"http://127.0.0.1:{server.server_address[1]}/", "key": "fault", "fault": "true"}
    try:
        assert looked_at(tmp_path, **row).good is True
        said["body"] = b'{"fault": true}'
        assert looked_at(tmp_path, **row) == Tried(good=False, what="says true")
        for nonsense in (b"", b"[]", b"{}", b"\xff"):
            said["body"] = nonsense
            assert "says nothing of 'fault'" in looked_at(tmp_path, **row).what
    finally:
        server.shutdown()
        server.server_close()


def test_an_amplifier_s_state_by_mqtt(broker: int, tmp_path: Path) -> None:
    from paho.mqtt import publish

    row = {"kind": "mqtt", "address": f"127.0.0.1:{broker}", "topic": "hall/amplifier", "fault": "ALARM"}
    assert "nothing was said" in looked_at(tmp_path, **row).what
    for word, good in (("OK", True), ("ALARM", False)):
        publish.single("hall/amplifier", word, retain=True, hostname="127.0.0.1", port=broker)
        assert looked_at(tmp_path, **row).good is good
    assert "no broker" in looked_at(tmp_path, **{**row, "address": f"127.0.0.1:{free_port()}"}).what


# ── power ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ('VAR ups ups.status "OL CHRG"', {}),
        ('VAR ups ups.status "OL TRIM NEWWORD"', {}),
        ('VAR ups ups.status "OB DISCHRG"', {"ups": "on battery"}),
        ('VAR ups ups.status "OB LB"', {"ups": "on battery, battery low"}),
        ('VAR ups ups.status "OL RB"', {"ups": "replace battery"}),
        ('VAR ups ups.status ""', {"ups": "it does not say that it is on mains"}),
        ("ERR DATA-STALE", {"ups": "its state is unknown: ERR DATA-STALE"}),
        ("", {"ups": "its state is unknown: no answer"}),
    ],
)
def test_the_words_of_a_ups_are_a_set(answer: str, fault: dict[str, str]) -> None:
    assert ups_fault(answer) == fault


def test_a_ups_server_that_does_not_answer_is_a_fault() -> None:
    assert "does not answer" in asyncio.run(ups(f"127.0.0.1:{free_port()}", "shed"))["ups"]


def test_a_real_server_of_a_ups_that_goes_on_battery(tmp_path: Path) -> None:
    device, port, programs = tmp_path / "shed.dev", free_port(), Path("/lib/nut")
    device.write_text("ups.status: OL\nbattery.charge: 100\n")
    (tmp_path / "ups.conf").write_text(
        f"[shed]\ndriver = dummy-ups\nport = {device}\nmode = dummy-once\npollinterval = 1\n"
    )
    (tmp_path / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {port}\nMAXAGE 3\n")
    (tmp_path / "upsd.users").write_text("")
    at = {name: str(tmp_path) for name in ("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH")}
    user = ["-u", pwd.getpwuid(os.getuid()).pw_name]
    programs_run = [
        subprocess.Popen(command, env={**os.environ, **at}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in ([programs / "dummy-ups", "-a", "shed", "-F", *user], [programs / "upsd", "-F", *user])
    ]

    def says() -> str:
        return asyncio.run(ups(f"127.0.0.1:{port}", "shed")).get("ups", "")

    try:
        until(lambda: says() == "", seconds=30)
        device.write_text("ups.status: OB LB\nbattery.charge: 20\n")
        until(lambda: says() == "on battery, battery low", seconds=30)
        assert "UNKNOWN-UPS" in asyncio.run(ups(f"127.0.0.1:{port}", "attic"))["ups"]
        programs_run[0].terminate()
        until(lambda: "its state is unknown" in says(), seconds=30)  # the driver is gone: stale is not well
    finally:
        for program in programs_run:
            program.kill()
            program.wait(10)
    assert "does not answer" in says()
