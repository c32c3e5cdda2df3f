"""Hypothesis profiles: short by default, long at night (HYPOTHESIS_PROFILE=nightly). And a sound server that hears."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from satwarn.adapters import clock

settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """PulseAudio with a null sink whose monitor hears, on a socket of its own: part of the capture device's name."""
    at = tmp_path / "native"
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
    command += ["-L", f"module-native-protocol-unix socket={at} auth-anonymous=1"]
    command += ["-L", "module-null-sink sink_name=proof"]
    own = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")}
    server = subprocess.Popen(command, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(6000):
            if at.exists():
                break
            clock.wait(0.01)
        monkeypatch.setenv("PULSE_SERVER", f"unix:{at}")
        for name, value in own.items():
            monkeypatch.setenv(name, value)
        yield "Monitor"
    finally:
        server.terminate()
        server.wait(10)
