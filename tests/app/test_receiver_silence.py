"""A running siren ends within a second at every output: by a retraction, by a local stop, by entering a maintenance."""

import json
import threading
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from test_receiver_devices import Cabinet, free_port, until

from house import ELEVEN, SENDER, YONAGO, exercise, exercise_bytes, key, signed, trust
from performances import performance, studio
from satwarn.adapters import clock
from satwarn.adapters.clock import VirtualClock
from satwarn.adapters.device.event import Begun
from satwarn.adapters.device.modbus import Contact
from satwarn.adapters.device.siren import RATE_HZ, Siren
from satwarn.adapters.device.webhook import DIGEST, Webhook
from satwarn.adapters.memory import MemoryFile
from satwarn.alert.alert import MsgType, Reference
from satwarn.alert.purpose import Purpose
from satwarn.app.outputs import Fitter
from satwarn.app.receiver_box import Box
from satwarn.app.receiver_outputs import signal_of
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.app.site import LiveSite
from satwarn.ledger.receipt import Act, OutputResult
from satwarn.ledger.receipt import Path as Way
from satwarn.people.ports import STOPPED, WAS_STOPPED, Done, Output, Performance
from satwarn.receiver.clock import Reading, Source
from satwarn.receiver.site import Site

DEEDS = ("retraction", "local stop", "maintenance")
LOUD, SILENT = 0.01, 0.0005


def retraction() -> bytes:
    alert = exercise()
    reference = Reference(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)
    ended = replace(
        alert, identifier="end-1", msg_type=MsgType.CANCEL, references=(reference,), sent=ELEVEN + timedelta(seconds=5)
    )
    return signed(ended)


class Now:
    """A Timer that waits for nothing, or (`held`) until it is let go."""

    def __init__(self, *, held: bool = False) -> None:
        self.held = held
        self.calls: list[Callable[[], None]] = []

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        if delay_s == 0 and not self.held:
            call()
        elif delay_s == 0:
            self.calls.append(call)

    def let_go(self) -> None:
        for call in self.calls:
            call()


def box_with(folder: Path, outputs: list[Output], timer: Now, *, at: datetime = ELEVEN) -> Box:
    (folder / "hub.pem").write_bytes(key().certificate_pem)
    raw = {
        "site": {"code": YONAGO, "folder": str(folder), "languages": ["en"]},
        "trust": [{"sender": SENDER, "certificate": "hub.pem"}],
        "output": [{"name": one.name, "kind": "screen"} for one in outputs],
    }
    reading = Reading(now=at + timedelta(seconds=6), source=Source.HOST, error_s=0.0)
    return Box(
        settings_of(raw, file=folder / "site.toml"),
        outputs=outputs,
        timer=timer,
        clock=lambda: reading,
        memory=MemoryFile(folder / "memory.json"),
    )


def do(box: Box, deed: str) -> None:
    match deed:
        case "retraction":
            box.hear_message(retraction(), Way.GROUND)
        case "local stop":
            box.stop("caretaker")
        case "maintenance":
            box.begin_maintenance("fitter", 30)


# ── real sound ───────────────────────────────────────────────────────────────────────────────────────────────────────


def level(samples: bytes) -> float:
    heard = array("h", samples[: len(samples) // 2 * 2])
    return (sum(one * one for one in heard) / max(1, len(heard))) ** 0.5 / 32768


@pytest.mark.parametrize("deed", ["local stop", "maintenance"])
def test_real_sound_is_over_within_a_second(deed: str, tmp_path: Path, ear: str) -> None:
    siren = Siren(
        name="speaker",
        folder=tmp_path / "sound",
        signal_of=signal_of,
        post=lambda call: call(),
        backends=("PULSEAUDIO",),
        ear=ear,
        buffer_ms=100,
    )
    siren.prepare()
    assert siren.mouth
    heard: list[bytes] = []
    try:
        box = box_with(tmp_path, [siren], Now())
        box.hear_message(exercise_bytes(), Way.GROUND)
        siren.mouth.heard = heard
        until(lambda: level(b"".join(heard[-20:])) > LOUD)
        do(box, deed)
        clock.wait(1.0)
        after = len(heard)
        clock.wait(2.0)
        quiet = b"".join(heard[after:])
        assert len(quiet) > RATE_HZ  # the ear was open: half a second of samples at least
        assert level(quiet) < SILENT
        until(lambda: bool(box.results), seconds=60)
        assert box.results["speaker"].detail == WAS_STOPPED
        assert "output speaker" not in box.faults()  # what was stopped by hand is no fault
    finally:
        siren.close()


def test_words_that_are_ready_after_the_stop_are_not_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    siren = Siren(
        name="speaker", folder=tmp_path / "sound", signal_of=signal_of, post=lambda call: call(), backends=("NULL",)
    )
    siren.prepare()
    rendering, render = threading.Event(), threading.Event()
    voice = Siren._voice

    def slow(self: Siren, asked: dict[str, Any]) -> dict[str, Any]:
        if "programme" in asked:
            rendering.set()
            assert render.wait(20)
        return voice(self, asked)

    monkeypatch.setattr(Siren, "_voice", slow)
    said: list[bytes] = []
    assert siren.mouth
    monkeypatch.setattr(siren.mouth, "say", said.append)
    found: list[OutputResult] = []
    try:
        siren.begin(performance("en"), done=found.append)
        assert rendering.wait(20)
        siren.end("", how=STOPPED, last=True)
        siren.begin(performance("en"), done=lambda result: None)  # the same warning again: only its own words follow
        siren.end("", how=STOPPED, last=True)
        render.set()
        until(lambda: bool(found), seconds=30)
    finally:
        siren.close()
    assert said == []
    assert found[0].detail == WAS_STOPPED


# ── every other output ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("deed", DEEDS)
def test_a_contact_that_waits_for_a_busy_console_gives_up_at_once(deed: str, tmp_path: Path) -> None:
    cabinet = Cabinet(stuck=False)
    cabinet.inputs[1] = True
    contact = Contact(
        name="siren",
        address=f"127.0.0.1:{cabinet.port}",
        unit=1,
        coil=0,
        sense=0,
        busy=1,
        post=lambda call: call(),
    )
    try:
        box = box_with(tmp_path, [contact], Now())
        box.hear_message(exercise_bytes(), Way.GROUND)
        clock.wait(0.3)
        do(box, deed)
        until(lambda: box.results.get("siren") is not None and not cabinet.coil, seconds=1)
        assert box.results["siren"].detail == WAS_STOPPED
        cabinet.inputs[1] = False
        clock.wait(0.5)
        assert cabinet.coil is False
    finally:
        cabinet.close()


@pytest.mark.parametrize("deed", DEEDS)
def test_a_contact_opens_within_a_second_and_the_words_of_an_end_do_not_close_it_again(
    deed: str, tmp_path: Path
) -> None:
    cabinet = Cabinet(stuck=False)
    contact = Contact(
        name="siren",
        address=f"127.0.0.1:{cabinet.port}",
        unit=1,
        coil=0,
        sense=0,
        busy=-1,
        post=lambda call: call(),
    )
    try:
        box = box_with(tmp_path, [contact], Now())
        box.hear_message(exercise_bytes(), Way.GROUND)
        until(lambda: cabinet.coil)
        do(box, deed)
        until(lambda: not cabinet.coil, seconds=1)
        clock.wait(0.7)
        assert cabinet.coil is False
    finally:
        cabinet.close()


def test_a_contact_that_cannot_be_reached_is_opened_as_soon_as_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satwarn.adapters.device.modbus.OFF_AGAIN_S", 0.05)
    cabinet = Cabinet(stuck=False)
    contact = Contact(
        name="siren",
        address=f"127.0.0.1:{cabinet.port}",
        unit=1,
        coil=0,
        sense=0,
        busy=-1,
        post=lambda call: call(),
    )
    try:
        found: list[OutputResult] = []
        contact.begin(performance("en"), done=found.append)
        until(lambda: bool(found) and cabinet.coil)
        contact.address = f"127.0.0.1:{free_port()}"  # the cable is loose just now
        contact.end("", how=STOPPED, last=True)
        clock.wait(0.3)
        assert cabinet.coil is True
        contact.address = f"127.0.0.1:{cabinet.port}"
        until(lambda: not cabinet.coil, seconds=2)
    finally:
        cabinet.close()


@pytest.fixture
def plant() -> Iterator[tuple[int, list[dict[str, Any]], threading.Event]]:
    """A plant that takes events, the first of them slowly: its port, what it took, and whether it is asked."""
    taken: list[dict[str, Any]] = []
    asked = threading.Event()

    class Plant(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.set()
            if not taken:
                clock.wait(0.3)
            taken.append(json.loads(body))
            self.send_response(200)
            self.send_header(DIGEST, self.headers[DIGEST])
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Plant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], taken, asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("deed", DEEDS)
def test_a_plant_is_told_the_end_after_the_begin_and_how_it_ended(
    deed: str, tmp_path: Path, plant: tuple[int, list[dict[str, Any]], threading.Event]
) -> None:
    port, taken, asked = plant
    hook = Webhook(
        name="plant", address=f"http://127.0.0.1:{port}/", post=lambda call: call(), begun=Begun(site=YONAGO)
    )
    box = box_with(tmp_path, [hook], Now())
    box.hear_message(exercise_bytes(), Way.GROUND)
    assert asked.wait(10)
    do(box, deed)
    until(lambda: len(taken) == 2, seconds=1.5)
    clock.wait(0.1)
    assert [event["event"] for event in taken] == ["begin", "end"]
    assert {event["warning"] for event in taken} == {taken[0]["warning"]}
    assert taken[0]["information"] == taken[1]["information"] != ""
    assert taken[1]["how"] == ("retracted" if deed == "retraction" else "stopped")
    assert taken[1]["purpose"] == Purpose.EXERCISE


class Counted:
    """An output that counts, and whose end dies if asked to."""

    def __init__(self, name: str, *, dies: bool = False) -> None:
        self.name, self.dies = name, dies
        self.begun = self.ended = 0

    def allowed_s(self, performance: Performance) -> float:
        return 60.0

    def begin(self, performance: Performance, *, done: Done) -> None:
        self.begun += 1

    def end(self, warning: str, *, how: str, last: bool) -> None:
        self.ended += 1
        if self.dies:
            raise OSError("no broker")


@pytest.mark.parametrize("deed", ["local stop", "maintenance"])
def test_what_was_about_to_begin_does_not(deed: str, tmp_path: Path) -> None:
    output, timer = Counted("speaker"), Now(held=True)
    box = box_with(tmp_path, [output], timer)
    box.hear_message(exercise_bytes(), Way.GROUND)
    do(box, deed)
    timer.let_go()
    assert (output.begun, output.ended) == (0, 1)


def test_one_that_dies_of_being_stopped_keeps_no_other_from_it_and_is_a_fault(tmp_path: Path) -> None:
    outputs = [Counted("mqtt", dies=True), Counted("speaker")]
    box = box_with(tmp_path, [*outputs], Now())
    box.hear_message(exercise_bytes(), Way.GROUND)
    box.stop("caretaker")
    assert [one.ended for one in outputs] == [1, 1]
    assert "mqtt could not be told" in box.faults()["stop"]


def test_in_a_maintenance_the_screen_shows_no_warning(tmp_path: Path) -> None:
    box = box_with(tmp_path, [Counted("screen")], Now())
    box.hear_message(exercise_bytes(), Way.GROUND)
    assert box.shown is not None
    box.begin_maintenance("fitter", 30)
    assert box.shown is None


# ── the drill's simulated outputs ────────────────────────────────────────────────────────────────────────────────────

STUDIO = studio("ja", "en")


@pytest.mark.parametrize("deed", DEEDS)
def test_simulated_outputs_fall_silent_within_a_second(deed: str) -> None:
    time = VirtualClock(ELEVEN)
    outputs = Fitter(time, STUDIO, {}).fit(("speaker", "relay"), YONAGO)
    site = LiveSite(
        Site(code=YONAGO, outputs=("speaker", "relay")),
        trust=trust(),
        clock=time,
        speak=lambda warn: performance("ja", "en").announcements,
        watch=lambda event: None,
        outputs=outputs,
    )
    site.hear_message(exercise_bytes(), Way.GROUND)
    time.run_until(ELEVEN + timedelta(seconds=5))
    assert [one.carrier.sounding != [] for one in outputs] == [True, True]  # type: ignore[attr-defined]
    match deed:
        case "retraction":
            site.hear_message(retraction(), Way.GROUND)
        case "local stop":
            site.stop("caretaker")
        case "maintenance":
            site.begin_maintenance("fitter", time.now + timedelta(minutes=30))
    time.run_until(ELEVEN + timedelta(seconds=6))
    assert [one.carrier.sounding for one in outputs] == [[], []]  # type: ignore[attr-defined]
    (receipt,) = site.receipts.values()
    assert [result.detail for result in receipt.outputs] == [WAS_STOPPED, WAS_STOPPED]
    time.run_until(ELEVEN + timedelta(minutes=5))
    assert [result.detail for result in receipt.outputs] == [WAS_STOPPED, WAS_STOPPED]


def test_a_site_in_maintenance_begins_nothing() -> None:
    time = VirtualClock(ELEVEN)
    (speaker,) = Fitter(time, STUDIO, {}).fit(("speaker",), YONAGO)
    site = LiveSite(
        Site(code=YONAGO, outputs=("speaker",)),
        trust=trust(),
        clock=time,
        speak=lambda warn: performance("ja").announcements,
        watch=lambda event: None,
        outputs=[speaker],
    )
    site.begin_maintenance("fitter", ELEVEN + timedelta(minutes=30))
    site.hear_message(exercise_bytes(), Way.GROUND)
    time.run_until(ELEVEN + timedelta(seconds=5))
    assert speaker.carrier.sounding == []  # type: ignore[attr-defined]
    assert [one.act for one in site.receipts.values()] == [Act.SILENT]


def test_another_warning_on_the_same_output_goes_on() -> None:
    time = VirtualClock(datetime(2026, 6, 3, tzinfo=UTC))
    (speaker,) = Fitter(time, STUDIO, {}).fit(("speaker",), YONAGO)
    later = replace(performance("ja"), warning="another")
    speaker.begin(performance("ja"), done=lambda result: None)
    speaker.begin(later, done=lambda result: None)
    speaker.end(performance("ja").warning, how="retracted", last=False)
    assert speaker.carrier.sounding != []  # type: ignore[attr-defined]
    speaker.end("another", how="cleared", last=True)
    assert speaker.carrier.sounding == []  # type: ignore[attr-defined]
