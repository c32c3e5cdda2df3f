"""The receiver at rest and in the first tenth of a second: memory, time of a core, frame in to first siren sample."""

import asyncio
import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.row import Row

ROUNDS = 120
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
backends = ["NULL"]
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


def run() -> list[Row]:
    """Idle figures in a process of its own, the start of a process, and the way of a frame to the siren."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        master, slave = pty.openpty()
        config = folder / "site.toml"
        config.write_text(SITE.format(folder=folder, tty=os.ttyname(slave)))
        rss_kb, core = _at_rest(config)
        bare_kb = _bare()
        ready_s = _ready(config, folder)
        delays = asyncio.run(_delays(config, master))
        os.close(master)
        os.close(slave)
    delays.sort()
    worst = delays[min(len(delays) - 1, int(len(delays) * 0.999))]
    anchor = "2 s (Japan, since 2018)"
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
        Row(
            what="frame in to first siren sample, median",
            ours=f"{1000 * statistics.median(delays):.1f} ms",
            anchor=anchor,
            ratio=f"{2 / statistics.median(delays):.0f} x faster",
        ),
        Row(
            what=f"the same, worst of {len(delays)}",
            ours=f"{1000 * worst:.1f} ms",
            anchor=anchor,
            ratio=f"{2 / worst:.0f} x faster",
            aim="p99.9 <= 100 ms",
        ),
    ]


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


async def _delays(config: Path, master: int) -> list[float]:
    from satwarn.adapters.device.siren import Siren
    from satwarn.app.receiver_run import Running
    from satwarn.app.receiver_settings import read
    from satwarn.frame import CONTAINERS, Heard, encode
    from satwarn.frame.dcx import JAlert, MessageType
    from satwarn.receiver.ublox import message

    running = Running(read(config))
    siren = running.box.outputs[0]
    assert isinstance(siren, Siren)
    # the words are another process's time, and begin after the signal
    Siren._perform = lambda siren, performance, said: None  # type: ignore[method-assign]
    task = asyncio.create_task(running.run())
    while siren.mouth is None:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    taken: list[float] = []
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    for turn in range(ROUNDS):
        report = JAlert(
            message=MessageType.ALERT,
            provider=2,
            hazard=HAZARDS[turn % len(HAZARDS)],
            severity=3,
            onset=now - timedelta(minutes=turn // len(HAZARDS)),
            instruction=128,
            prefectures=(31,),
        )
        frame = encode(report, preamble=0x53, counter=turn % 16, at=now)
        siren.mouth.hush()
        siren.mouth.first_sample_s = None
        began = time.perf_counter()
        os.write(
            master,
            message((0x27, 0x09), bytes((2, 0b0001_0011, 0, 0))) + CONTAINERS["ubx"].write(Heard(frame, satellite=184)),
        )
        while siren.mouth.first_sample_s is None and time.perf_counter() - began < 5:
            await asyncio.sleep(0.001)
        assert siren.mouth.first_sample_s is not None, running.box.faults()
        taken.append(siren.mouth.first_sample_s - began)
        await asyncio.sleep(0.01 * (turn % 7))
    running._stopping.set()
    await task
    return taken
