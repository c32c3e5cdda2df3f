"""Hypothesis profiles: short by default, long at night (HYPOTHESIS_PROFILE=nightly). And a sound server that hears."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from satwarn.adapters import clock

settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


class SoundServer:
    """PulseAudio with a null sink whose monitor hears, on a socket of its own; ended by its own process."""

    def __init__(self, home: Path) -> None:
        self.at = home / "native"
        self.own = {name: str(home) for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Come up, and wait until it may be connected to."""
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["--disable-shm=yes", "-L", f"module-native-protocol-unix socket={self.at} auth-anonymous=1"]
        command += ["-L", "module-null-sink sink_name=proof"]
        nowhere = subprocess.DEVNULL
        self._process = subprocess.Popen(command, env={**os.environ, **self.own}, stdout=nowhere, stderr=nowhere)
        for _ in range(6000):
            with socket.socket(socket.AF_UNIX) as line:
                if line.connect_ex(str(self.at)) == 0:  # the file is there before anybody listens
                    break
            clock.wait(0.01)

    def die(self) -> None:
        """Go without a word, and leave no socket behind."""
        if self._process:
            self._process.kill()
            self._process.wait(10)
            self._process = None
        self.at.unlink(missing_ok=True)


@pytest.fixture
def sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A sound server that is not yet up, and this process's way to it."""
    server = SoundServer(tmp_path)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{server.at}")
    for name, value in server.own.items():
        monkeypatch.setenv(name, value)
    try:
        yield server
    finally:
        server.die()


@pytest.fixture
def ear(sound_server: SoundServer) -> str:
    """A sound server that is up: part of the name of the capture device that hears it."""
    sound_server.start()
    return "Monitor"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[int]:
    """A real mosquitto; its port."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    config = tmp_path / "broker.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    server = subprocess.Popen(["mosquitto", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(6000):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            clock.wait(0.01)
        yield port
    finally:
        server.terminate()
        server.wait(10)
