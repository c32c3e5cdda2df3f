"""The siren's device is lost and found: a sound server that dies, comes late or has no ear, and none at all."""

import os
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from satwarn.adapters import clock
from satwarn.adapters.device import mouth as mouth_module
from satwarn.adapters.device.mouth import RATE_HZ, Mouth
from satwarn.adapters.device.siren import Siren
from satwarn.alert.purpose import Purpose
from satwarn.app.receiver_outputs import signal_of
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.announcement import Announcement
from satwarn.people.ports import STOPPED, Performance

SHORT = Announcement(language="en", label=None, headline="", sentences=("This is a test.",))
TEST = Performance(
    warning="w",
    site="31202",
    purpose=Purpose.TECHNICAL_TEST,
    announcements=(SHORT,),
    at=datetime(2026, 6, 3, 12, 0, tzinfo=UTC),
)
PULSE = ("PULSEAUDIO",)


class Server(Protocol):
    """See tests/conftest.py."""

    def start(self) -> None: ...
    def die(self) -> None: ...


def until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    ends = clock.stopwatch() + seconds
    while not true():
        assert clock.stopwatch() < ends, "it did not happen in time"
        clock.wait(0.01)


@contextmanager
def siren(folder: Path, **changes: Any) -> Iterator[Siren]:
    made = Siren(
        name="speaker",
        folder=folder / "sound",
        signal_of=signal_of,
        post=lambda call: call(),
        **{"backends": PULSE, "buffer_ms": 100, **changes},
    )
    try:
        yield made
    finally:
        made.end("", how=STOPPED, last=True)
        made.close()


def result_of(made: Siren) -> OutputResult:
    found: list[OutputResult] = []
    made.begin(TEST, done=found.append)
    until(lambda: bool(found))
    return found[0]


def sounds_of(mouth: Mouth) -> bool:
    return any(any(piece) for piece in (mouth.heard or [])[-5:])


def test_a_siren_goes_on_when_its_sound_server_is_started_anew(
    tmp_path: Path, sound_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mouth_module, "STILL_S", 2.5)
    sound_server.start()
    with siren(tmp_path, ear="Monitor") as made:
        made.prepare()
        mouth = made.mouth
        assert mouth
        found: list[OutputResult] = []
        made.begin(TEST, done=found.append)
        until(lambda: sounds_of(mouth))
        sound_server.die()
        until(lambda: "no sound device opens" in mouth.why)
        assert "stands still" in made.probe()
        until(lambda: mouth.busy)  # the words wait
        assert mouth.heard is not None
        mouth.heard.clear()
        sound_server.start()
        until(lambda: sounds_of(mouth))
        until(lambda: bool(found))
        until(lambda: made.probe() == "")


def test_a_sound_server_later_than_the_warning_says_the_whole_of_it(tmp_path: Path, sound_server: Server) -> None:
    with siren(tmp_path, ear="Monitor") as made:
        with pytest.raises(OSError, match="no sound device opens"):
            made.prepare()
        found: list[OutputResult] = []
        made.begin(TEST, done=found.append)
        until(lambda: (tmp_path / "sound" / "speaker-programme-1.wav").exists())
        sound_server.start()
        until(lambda: bool(found))
    assert found[0].proof is Proof.PROVEN, found[0]  # the opening signal too, which nobody had rendered before


def test_a_device_that_never_opens_is_a_fault_and_says_nothing_years_later(
    tmp_path: Path, sound_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from satwarn.adapters.device import siren as siren_module

    monkeypatch.setattr(siren_module, "OPENS_WITHIN_S", 1.0)
    monkeypatch.setattr(mouth_module, "STILL_S", 2.5)
    with siren(tmp_path) as made:
        result = result_of(made)
        assert (result.proof, result.cause) == (Proof.FAILED, Cause.DEVICE)
        assert "no sound device opens" in result.detail
        sound_server.start()
        made.prepare()
        mouth = made.mouth
        assert mouth
        sound_server.die()
        result = result_of(made)
        assert "stands still" in result.detail
        sound_server.start()
        until(lambda: made.probe() == "")
        assert (mouth.busy, mouth.first_sample_s) == (False, None)


def test_an_ear_that_is_not_there_costs_no_sound_and_is_told(tmp_path: Path, sound_server: Server) -> None:
    sound_server.start()
    with siren(tmp_path, ear="no such microphone") as made:
        made.prepare()
        assert "its ear hears nothing: no capture device is called 'no such microphone'" in made.probe()
        result = result_of(made)
        assert (result.proof, "no capture device" in result.detail) == (Proof.UNPROVEN, True), result
        assert made.mouth
        assert made.mouth.first_sample_s is not None
        made.mouth._ear = "Monitor"  # somebody has plugged it in
        until(lambda: made.probe() == "")
        assert result_of(made).proof is Proof.PROVEN


def test_a_device_opened_again_for_years_leaves_nothing_open(sound_server: Server) -> None:
    sound_server.start()
    mouth = Mouth(PULSE, "Monitor", 100)

    def again(times: int) -> int:
        for _ in range(times):
            mouth.pulled_s -= 60
            mouth._revive()
            assert mouth.why == ""
        return len(os.listdir("/proc/self/fd"))

    before = again(3)
    assert again(20) <= before
    mouth.close()
    assert len(os.listdir("/proc/self/fd")) < before


def test_a_device_that_was_given_up_gets_no_more_samples() -> None:
    mouth = Mouth(("NULL",), "", 40)
    try:
        old = mouth._feed(mouth._device)
        next(old)
        mouth.pulled_s -= 60
        mouth._revive()
        mouth.say(bytes(2 * RATE_HZ))
        with pytest.raises(StopIteration):
            old.send(10)
    finally:
        mouth.close()


def test_a_null_device_that_nobody_named_is_no_device(monkeypatch: pytest.MonkeyPatch) -> None:
    audio = mouth_module._miniaudio()
    monkeypatch.setattr(mouth_module, "_miniaudio", lambda: audio)
    real = audio.PlaybackDevice
    null = [audio.Backend.NULL]

    class OnlyNull(real):  # type: ignore[misc,valid-type]  # miniaudio has no types
        def __init__(self, **form: Any) -> None:
            super().__init__(**{**form, "backends": null})

    monkeypatch.setattr(audio, "PlaybackDevice", OnlyNull)
    with pytest.raises(OSError, match="only a null device"):
        Mouth((), "", 40)


def test_an_ear_with_two_channels_hears_their_mean() -> None:
    """PipeWire adds two channels up where one is asked for: what is loud would seem to be driven to full scale."""
    mouth = Mouth(("NULL",), "", 40)
    mouth.begin(b"", listen=True)
    ear = mouth._hear()
    next(ear)
    ear.send(array("h", [30000, 30000, 1000, 3000, -8000, 0]).tobytes())
    assert mouth.heard
    assert array("h", mouth.heard[-1]).tolist() == [30000, 2000, -4000]
    mouth.close()
