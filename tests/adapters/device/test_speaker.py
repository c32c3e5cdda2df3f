"""Loudspeakers for real: a null device, a file, and a sound server whose monitor is the ear."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from satwarn.adapters.clock import stopwatch, wait
from satwarn.adapters.device.speaker import Speaker, WavSink
from satwarn.ledger.receipt import Cause
from satwarn.people.hearing import judge_sound
from satwarn.people.ports import Trouble
from satwarn.people.signal import signals
from satwarn.people.sound import Pcm, pcm, synthesise

CHIME = pcm(synthesise(signals()["drill-begins"]))


def test_a_file_gives_back_what_was_played(tmp_path: Path) -> None:
    heard = WavSink(file=tmp_path / "chime.wav").play(CHIME)
    assert np.array_equal(heard, CHIME)


def test_without_a_sound_card_it_plays_to_nobody_and_proves_nothing() -> None:
    assert Speaker(backends=("NULL",)).play(CHIME[:4410]) is None


def test_an_ear_that_is_not_there_is_named() -> None:
    trouble = Speaker(backends=("NULL",), ear="no such microphone").play(CHIME)
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.DEVICE
    assert "no such microphone" in trouble.detail


@pytest.fixture(scope="module")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """PulseAudio with one null sink, on a socket of its own; ended by its own process id."""
    home = tmp_path_factory.mktemp("pulse")
    socket = home / "native"
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
    command += ["-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
    command += ["-L", "module-null-sink sink_name=proof"]
    server = subprocess.Popen(
        command,
        env={**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PULSE_RUNTIME_PATH": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = stopwatch() + 15
        while not socket.exists() and server.poll() is None and stopwatch() < until:
            wait(0.05)
        assert socket.exists(), "pulseaudio did not start"
        yield f"unix:{socket}"
    finally:
        server.terminate()
        server.wait(10)


def play(sound_server: str, samples: Pcm, monkeypatch: pytest.MonkeyPatch) -> Pcm:
    monkeypatch.setenv("PULSE_SERVER", sound_server)
    heard = Speaker(backends=("PULSEAUDIO",), ear="Monitor").play(samples)
    assert not isinstance(heard, Trouble), heard
    assert heard is not None
    return heard


def test_the_monitor_of_a_sound_server_proves_that_it_sounded(
    sound_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judge_sound(CHIME, play(sound_server, CHIME, monkeypatch)) is None


def test_a_muted_sound_server_is_found(sound_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", sound_server)
    subprocess.run(["pactl", "set-sink-mute", "proof", "1"], check=True)
    trouble = judge_sound(CHIME, play(sound_server, CHIME, monkeypatch))
    subprocess.run(["pactl", "set-sink-mute", "proof", "0"], check=True)
    assert trouble is not None
    assert trouble.detail == "was silent"
