"""A stop button in a running receiver: by Modbus, HTTP and MQTT, pressed, stuck, from before, and shown."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt import publish

from house import key
from satwarn.adapters import clock
from satwarn.app import receiver_run
from satwarn.app.receiver_inputs import Inputs, StopButton
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.app.receiver_test import quick
from satwarn.errors import BadSetting
from satwarn.people.ports import Done, Performance
from satwarn.receiver.button import Stand

ROW = {"name": "desk", "does": "stop"}


def settings(folder: Path, **changes: Any) -> Any:
    (folder / "hub.pem").write_bytes(key().certificate_pem)
    raw: dict[str, Any] = {
        "site": {"code": "31202", "folder": str(folder)},
        "status": {"address": ""},
        "trust": [{"sender": "drill@satwarn.example", "certificate": "hub.pem"}],
        **changes,
    }
    return settings_of(raw, file=folder / "site.toml")


class Web:
    """A small controller that tells of its contacts."""

    def __init__(self) -> None:
        self.contact, web = 0, self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                said = json.dumps({"stop": web.contact}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.row = {**ROW, "kind": "http", "address": f"http://127.0.0.1:{self.server.server_port}/", "key": "stop"}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    try:
        yield made
    finally:
        made.close()


class Horn:
    """An output that sounds until it is told to end."""

    name = "horn"

    def __init__(self) -> None:
        self.sounds = False

    def allowed_s(self, performance: Performance) -> float:
        return 60

    def begin(self, performance: Performance, *, done: Done) -> None:
        self.sounds = True

    def end(self, warning: str, *, how: str, last: bool) -> None:
        self.sounds = False


async def until(true: Callable[[], bool], *, seconds: float = 30) -> None:
    ends = clock.stopwatch() + seconds
    while not true():
        assert clock.stopwatch() < ends, "it did not happen in time"
        await asyncio.sleep(0.01)


@contextmanager
def running(folder: Path, row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Running, Horn]]:
    monkeypatch.setattr(receiver_run, "BUTTON_IDLE_S", 0.2)
    made, horn = Running(settings(folder, input=[row])), Horn()
    made.box.outputs = (horn,)
    try:
        yield made, horn
    finally:
        made._stopping.set()


def warn(made: Running) -> None:
    made.box.audible_test("caretaker")


def test_a_press_silences_every_output_at_once_and_is_shown(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def live() -> None:
        with running(tmp_path, web.row, monkeypatch) as (made, horn):
            task = asyncio.create_task(made.run())
            await until(lambda: made.state()["buttons"] == {"desk": "open"})
            warn(made)
            await until(lambda: horn.sounds)
            await asyncio.sleep(0.5)
            assert horn.sounds  # nobody has pressed it
            web.contact = 1
            await until(lambda: not horn.sounds, seconds=5)
            assert made.state()["buttons"] == {"desk": "pressed"}
            assert any("the button desk" in event.what for event in made.box.events)
            warn(made)  # held down still: it stops nothing that begins later
            await until(lambda: horn.sounds)
            await asyncio.sleep(0.6)
            assert horn.sounds
            web.contact = 0
            await until(lambda: made.state()["buttons"] == {"desk": "open"})
            assert horn.sounds
            web.contact = 1
            await until(lambda: not horn.sounds, seconds=5)
            made._stopping.set()
            await task

    asyncio.run(live())


def test_a_press_while_nothing_is_on_is_noted_and_stops_nothing_later(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def live() -> None:
        with running(tmp_path, web.row, monkeypatch) as (made, horn):
            task = asyncio.create_task(made.run())
            await until(lambda: made.state()["buttons"] == {"desk": "open"})
            web.contact = 1
            await until(lambda: any("nothing to stop" in event.what for event in made.box.events))
            web.contact = 0
            warn(made)
            await until(lambda: horn.sounds)
            await asyncio.sleep(0.5)
            assert horn.sounds
            made._stopping.set()
            await task

    asyncio.run(live())


def one(folder: Path, row: dict[str, Any]) -> StopButton:
    (button,) = Inputs(settings(folder, input=[row])).buttons
    return button


def test_a_button_that_cannot_be_read_or_is_stuck_is_a_fault(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = one(tmp_path, web.row)
    button.read()
    assert button.look().good is True
    web.contact = 1
    button.read()
    assert (button.stand, button.look().what) == (Stand.PRESSED, "pressed")
    now_s = clock.stopwatch()
    monkeypatch.setattr(clock, "stopwatch", lambda: now_s + 60)
    stuck = button.look()
    assert (stuck.good, "stuck" in stuck.what) == (False, True)
    web.close()
    button.read()
    lost = button.look()
    assert (lost.good, "cannot be read" in lost.what, button.stand) == (False, True, Stand.UNKNOWN)


def test_the_self_test_tells_of_it(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    async def live() -> None:
        with running(tmp_path, web.row, monkeypatch) as (made, _):
            button = made.inputs.buttons[0] if made.inputs else None
            assert button
            button.read()
            found = {check.name: check.what for check in await asyncio.to_thread(quick, made)}
            assert found["input desk"] == "not pressed"
            made._memory.close()

    asyncio.run(live())


def test_a_press_by_modbus_wants_to_last(tmp_path: Path) -> None:
    from test_receiver_devices import Cabinet

    cabinet = Cabinet(stuck=False)
    cabinet.inputs[4] = False
    button = one(tmp_path, {**ROW, "kind": "modbus", "address": f"127.0.0.1:{cabinet.port}", "number": 4})
    try:
        assert [button.read() for _ in range(2)] == [False, False]
        cabinet.inputs[4] = True
        assert button.read() is False
        clock.wait(0.06)
        assert button.read() is True
        assert button.read() is False
    finally:
        cabinet.close()


def test_a_press_by_mqtt_that_is_over_before_anybody_looks_is_told(tmp_path: Path, broker: int) -> None:
    def say(word: str, *, retain: bool = False) -> None:
        publish.single("hall/stop", word, qos=1, retain=retain, hostname="127.0.0.1", port=broker)

    say("0", retain=True)
    button = one(tmp_path, {**ROW, "kind": "mqtt", "address": f"127.0.0.1:{broker}", "topic": "hall/stop"})
    try:
        button.read()
        assert button.stand is Stand.OPEN
        said = button._input._meanwhile  # type: ignore[attr-defined]
        say("1")
        say("0")
        ends = clock.stopwatch() + 20
        while len(said) < 2:
            assert clock.stopwatch() < ends
            clock.wait(0.01)
        assert button.read() is True
        assert button.read() is False
        say("1")
        say("0")
        while len(said) < 2:
            clock.wait(0.01)
        button.begin()  # a warning begins: what was pressed before is not meant for it
        assert button.read() is False
    finally:
        button.close()


def test_a_site_whose_stop_wants_a_secret_has_no_button(tmp_path: Path, web: Web) -> None:
    with pytest.raises(BadSetting, match="secret"):
        settings(tmp_path, input=[web.row], by_hand={"stop": "secret"})
    with pytest.raises(BadSetting, match=r"input\.does"):
        settings(tmp_path, input=[{**web.row, "does": "mute"}])
