"""The receiver at rest and in the first tenth of a second: memory, time of a core, frame in to first siren sample."""

import asyncio
import itertools
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.row import Row

if TYPE_CHECKING:
    from satwarn.adapters.device.mouth import Mouth

ROUNDS, ROUNDS_PULSE = 2_000, 200
STEADY = 50  # so many calls of the device, 40 ms apart: it has been open for a while
HAZARDS = (1, 8, 99, 102, 103)
SITE = """[site]
code = "31202"
folder = "{folder}/state"
[status]
address = "127.0.0.1:0"
[[air]]
kind = "tty"
address = "{tty}"
[[output]]
name = "speaker"
kind = "speaker"
backends = ["{sound}"]
[[output]]
name = "screen"
kind = "screen"
"""
REST = """
import os, signal, sys, threading, time
def look():
    time.sleep(4)
    rss = open("/proc/self/status").read().partition("VmRSS:")[2].split()[0]
    before = sum(os.times()[:2]); time.sleep(5); after = sum(os.times()[:2])
    print(rss, (after - before) / 5); sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=look, daemon=True).start()
sys.argv = ["satwarn", "receiver", "run", "--config", sys.argv[1]]
from satwarn.cli import main
main()
"""


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from a write to the first sample, sorted: ours, and those of a bare reader and device beside it."""

    ours: list[float]
    bare: list[float]

    def rows(self, what: str) -> list[Row]:
        """Median and the 99.9th of 100, against Japan's two seconds and against the bare way in the same run."""
        found = []
        for name, share, aim in (("median", 0.5, ""), ("p99.9", 0.999, "p99.9 <= 100 ms")):
            ours, bare = (one[min(len(one) - 1, int(len(one) * share))] for one in (self.ours, self.bare))
            found.append(
                Row(
                    what=f"{what}, {name} of {len(self.ours)}",
                    ours=f"{1000 * ours:.1f} ms",
                    anchor=f"bare {1000 * bare:.1f} ms, Japan 2 s",
                    ratio=f"{ours / bare:.2f}",
                    aim=f"{aim} ({2 / ours:.0f} x Japan)".strip(),
                )
            )
        return found


def run() -> list[Row]:
    """Idle figures in a process of its own, the start of a process, and the way of a frame to the siren."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        master, slave = pty.openpty()
        config = folder / "site.toml"
        config.write_text(SITE.format(folder=folder, tty=os.ttyname(slave), sound="NULL"))
        rss_kb, core = _at_rest(config)
        bare_kb = _bare()
        ready_s = _ready(config, folder)
        delays = asyncio.run(_delays(config, master, ROUNDS))
        os.close(master)
        os.close(slave)
        through_pulse = _through_pulse(folder)
    load = f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    return [
        Row(
            what="idle memory (bare Python beside it)",
            ours=f"{rss_kb / 1024:.0f} MB",
            anchor=f"{bare_kb / 1024:.0f} MB",
            ratio=f"{rss_kb / bare_kb:.1f}",
            aim="<= 60 MB",
        ),
        Row(
            what="idle, part of a core",
            ours=f"{100 * core:.1f} %",
            anchor="one core",
            ratio=f"{core:.3f}",
            aim="<= 1 %",
        ),
        Row(what="start to ready", ours=f"{ready_s:.2f} s", anchor="-", ratio="-", aim="<= 2 s"),
        *delays.rows(f"frame in to first siren sample ({load})"),
        *(through_pulse.rows(f"the same through PulseAudio ({load})") if through_pulse else ()),
    ]


def _through_pulse(folder: Path) -> Delays | None:
    """A smaller set on a sound server of its own with a null sink; None where there is no PulseAudio."""
    if not shutil.which("pulseaudio"):
        return None
    at = folder / "pulse.socket"
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
    command += ["-L", f"module-native-protocol-unix auth-anonymous=1 socket={at}", "-L", "module-null-sink"]
    own = {name: str(folder) for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")}
    server = subprocess.Popen(command, env={**os.environ, **own}, stderr=subprocess.DEVNULL)
    try:
        while not at.exists():
            time.sleep(0.05)
        os.environ["PULSE_SERVER"] = f"unix:{at}"
        master, slave = pty.openpty()
        config = folder / "pulse.toml"
        config.write_text(SITE.format(folder=folder / "pulse", tty=os.ttyname(slave), sound="PULSEAUDIO"))
        try:
            return asyncio.run(_delays(config, master, ROUNDS_PULSE))
        finally:
            os.close(master)
            os.close(slave)
    finally:
        os.environ.pop("PULSE_SERVER", None)
        server.terminate()
        server.wait()


def _at_rest(config: Path) -> tuple[float, float]:
    ran = subprocess.run([sys.executable, "-c", REST, str(config)], capture_output=True, timeout=60, check=True)
    rss_kb, core = ran.stdout.split()
    return float(rss_kb), float(core)


def _bare() -> float:
    code = "print(open('/proc/self/status').read().partition('VmRSS:')[2].split()[0])"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)


def _ready(config: Path, folder: Path) -> float:
    """From the start of the process to its READY=1, as systemd sees it."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(folder / "notify"))
        told.settimeout(30)
        began = time.perf_counter()
        command = [sys.executable, "-m", "satwarn", "receiver", "run", "--config", str(config)]
        process = subprocess.Popen(command, env={**os.environ, "NOTIFY_SOCKET": str(folder / "notify")})
        try:
            while told.recv(100) != b"READY=1":
                pass
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(timeout=10)


def _frames(now: datetime) -> Iterator[bytes]:
    """Warnings for this place without end, each as the chip gives it; no two in a row are alike."""
    from satwarn.frame import CONTAINERS, Heard, encode
    from satwarn.frame.dcx import JAlert, MessageType
    from satwarn.receiver.ublox import message

    sane = message((0x27, 0x09), bytes((2, 0b0001_0011, 0, 0)))
    for turn in itertools.count():
        report = JAlert(
            message=MessageType.ALERT,
            provider=2,
            hazard=HAZARDS[turn % len(HAZARDS)],
            severity=3,
            onset=now - timedelta(minutes=turn // len(HAZARDS) % 20),
            instruction=128,
            prefectures=(31,),
        )
        frame = encode(report, preamble=0x53, counter=turn % 16, at=now)
        yield sane + CONTAINERS["ubx"].write(Heard(frame, satellite=184))


async def _delays(config: Path, master: int, rounds: int) -> Delays:
    """From the write of a frame to the device's call for the first sample of the siren, each in a fresh memory.

    The siren is stopped at its first sample, and its words, which another process renders meanwhile, are left out.
    The bare way beside it reads as many bytes from a line of its own and gives the same device a sample: what no
    receiver could beat on this machine under this load.
    """
    from satwarn.adapters.device.siren import Siren
    from satwarn.app.receiver_run import Running
    from satwarn.app.receiver_settings import read
    from satwarn.receiver.machine import Receiver

    running = Running(read(config))
    siren = next(output for output in running.box.outputs if isinstance(output, Siren))
    kept, Siren._perform = Siren._perform, lambda *_: None  # type: ignore[assignment,method-assign]
    task = asyncio.create_task(running.run())
    bare = Bare(siren.backends, siren.buffer_ms)
    while siren.mouth is None or min(siren.mouth.asked, bare.mouth.asked) < STEADY:
        await asyncio.sleep(0.05)  # a null sink of PulseAudio asks a stream just opened for nothing for up to 2 s
    ours: list[float] = []
    frames = _frames(datetime.now(UTC).replace(second=0, microsecond=0))
    for turn in range(rounds):
        running.box.machine = Receiver(running.settings.site, running.box.trust, policy=running.settings.policy)
        frame = next(frames)
        ours.append(await _one(siren.mouth, master, frame, turn))
        bare.taken.append(await _one(bare.mouth, bare.master, frame, turn))
    bare.close()
    Siren._perform = kept  # type: ignore[method-assign]
    running._stopping.set()
    await task
    return Delays(sorted(ours), sorted(bare.taken))


async def _one(mouth: "Mouth", master: int, frame: bytes, turn: int) -> float:
    mouth.hush()
    mouth.first_sample_s = None
    began = time.perf_counter()
    os.write(master, frame)
    while mouth.first_sample_s is None and time.perf_counter() - began < 5:
        await asyncio.sleep(0.001)
    assert mouth.first_sample_s is not None, "no siren within five seconds"
    await asyncio.sleep(0.003 * (turn % 7))
    return mouth.first_sample_s - began


class Bare:
    """A line, a reader and a device, with nothing in between."""

    def __init__(self, backends: tuple[str, ...], buffer_ms: int) -> None:
        from satwarn.adapters.device.mouth import Mouth

        self.taken: list[float] = []
        self.mouth = Mouth(backends, "", buffer_ms)
        self.master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        asyncio.get_running_loop().add_reader(self._slave, self._read)

    def _read(self) -> None:
        os.read(self._slave, 4096)
        self.mouth.begin(b"\x01\x00", listen=False)

    def close(self) -> None:
        """Let all go."""
        asyncio.get_running_loop().remove_reader(self._slave)
        self.mouth.close()
        os.close(self.master)
        os.close(self._slave)
