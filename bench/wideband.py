"""The wide band, measured: time to complete, an urgent alert amid a full carousel, and what it costs.

Times are virtual: real FLUTE datagrams, lost by seeded chance, at the moments the carousel gives them. `measure` is
what `tools/wideband-figure` draws.
"""

import random
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.row import Row, best_of
from satwarn.adapters.air.band_sender import BandSender, BandSettings
from satwarn.adapters.air.flute import FluteReceiver, FluteSender
from satwarn.adapters.air.multicast import UdpAir, UdpEar, group_of
from satwarn.adapters.air.transmit import Transmitter
from satwarn.adapters.clock import VirtualClock
from satwarn.alert.alert import Severity
from satwarn.uplink.carousel import Carousel, Item, Priority
from satwarn.uplink.carousel_code import as_sent_bytes, completes

NOON = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
SERVICE = 0x5A57
SIZES = (2_500, 27_500, 200_000, 1_000_000)
LOSSES = (0.0, 0.1, 0.2, 0.3, 0.4)
BANDS_BIT_S = (64_000, 256_000, 1_000_000, 10_000_000)
MOST_PASSES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Seconds from switching on to a whole object, at so many stations; `one_pass` of those that heard a whole pass."""

    size_bytes: int
    loss: float
    bandwidth_bit_s: int
    stations: int
    median_s: float
    worst_s: float
    pass_s: float
    one_pass: float
    theory: float


def item(sender: FluteSender, size: int, key: str, priority: Priority, *, since: datetime = NOON) -> Item:
    """An object of chance bytes on its way."""
    return Item(
        key=key,
        datagrams=sender.cut(random.Random(key).randbytes(size), mime_type="application/octet-stream"),
        priority=priority,
        severity=Severity.EXTREME,
        since=since,
        until=since + timedelta(days=30),
    )


def time_to_complete(sender: FluteSender, size: int, loss: float, bandwidth: int, stations: int) -> Point:
    """Switch stations on at chance moments of a pass; half of them at its beginning, to compare with the theory."""
    chance = random.Random(f"{size}/{loss}/{bandwidth}")
    one = item(sender, size, "one", Priority.LIVE, since=NOON - timedelta(days=1))
    pass_s = one.bits / bandwidth
    at_once = set(range(0, stations, 2))
    joined = {n: NOON + timedelta(seconds=0 if n in at_once else chance.random() * pass_s) for n in range(stations)}
    done: dict[int, tuple[datetime, int]] = {}
    carousel = Carousel(bandwidth_bit_s=bandwidth)
    carousel.put(one)
    now = NOON
    with folder() as place, FluteReceiver(place, service=SERVICE, stations=stations) as receiver:
        for emitted in range(MOST_PASSES * len(one.datagrams)):
            now = carousel.next_tick(now) or now
            emission = carousel.tick(now)
            assert emission
            hearing = [n for n in joined if n not in done and joined[n] <= emission.at and chance.random() >= loss]
            for whole in receiver.push(emission.datagram, hearing):
                done[whole.station] = emission.ends, emitted // len(one.datagrams)
            if len(done) == stations:
                break
    took = [(done[n][0] - joined[n]).total_seconds() for n in done]
    return Point(
        size_bytes=size,
        loss=loss,
        bandwidth_bit_s=bandwidth,
        stations=stations,
        median_s=median(took),
        worst_s=max(took) if len(done) == stations else float("inf"),
        pass_s=pass_s,
        one_pass=sum(done.get(n, (NOON, 99))[1] == 0 for n in at_once) / len(at_once),
        theory=completes(size, loss=loss),
    )


def measure(*, stations: int = 40) -> Iterator[Point]:
    """Every size at every loss at 256 kbit/s, then one size over every bandwidth at 20 % loss."""
    with folder() as place, FluteSender(place, service=SERVICE, instance=1) as sender:
        for size in SIZES:
            for loss in LOSSES:
                yield time_to_complete(sender, size, loss, 256_000, stations if size < 500_000 else stations // 4)
        for bandwidth in BANDS_BIT_S:
            yield time_to_complete(sender, 27_500, 0.2, bandwidth, stations)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def urgent() -> Row:
    """An extreme live alert put on a full carousel at twenty moments; against one second and its own time as sent."""
    bandwidth, size, took = 256_000, 27_500, []
    with folder() as place, FluteSender(place, service=SERVICE, instance=1) as sender:
        aboard = [item(sender, 25_000, f"alert {n}", Priority.LIVE, since=NOON - timedelta(hours=1)) for n in range(5)]
        aboard += [item(sender, 300_000, f"data {n}", Priority.DATA) for n in range(4)]
        for moment in range(20):
            carousel, now = Carousel(bandwidth_bit_s=bandwidth), NOON
            for one in aboard:
                carousel.put(one)
            issued = NOON + timedelta(seconds=3.37 * moment + 0.001)
            while (when := carousel.next_tick(now)) and when < issued:
                now = when
                carousel.tick(now)
            carousel.put(item(sender, size, "live", Priority.LIVE, since=issued))
            emission = None
            while emission is None or emission.item.key != "live" or emission.index < len(emission.item.datagrams) - 1:
                now = carousel.next_tick(now) or now
                emission = carousel.tick(max(now, issued)) or emission
            took.append((emission.ends - issued).total_seconds())
    allowed = 1 + 8 * as_sent_bytes(size) / bandwidth
    return Row(
        what="27.5 kB live alert amid a full carousel, 256 kbit/s",
        ours=f"{max(took):.2f} s",
        anchor=f"{allowed:.2f} s (1 s + as sent)",
        ratio=f"{max(took) / allowed:.2f}",
        aim="<= 1",
    )


def on_loopback() -> Row:
    """Real time, real multicast on this machine: three receivers in processes of their own, one alert at 1 Mbit/s."""
    size, bandwidth = 27_500, 1_000_000
    with ExitStack() as stack, folder() as place:
        sender = stack.enter_context(FluteSender(place / "s", service=SERVICE, instance=1))
        air = stack.enter_context(closing(UdpAir("239.192.90.91", random.randrange(20_000, 60_000))))
        ears = [stack.enter_context(closing(air.join())) for _ in range(3)]
        receivers = [
            stack.enter_context(FluteReceiver(place / str(n), service=SERVICE, socket=ear.fileno()))
            for n, ear in enumerate(ears)
        ]
        for receiver in receivers:
            receiver.refresh()  # it is up
        one = item(sender, size, "one", Priority.LIVE)
        ended: list[float] = []
        begun = time.perf_counter()
        feed = threading.Thread(target=lambda: _send_once(air, one, bandwidth))
        feed.start()
        for receiver in receivers:
            while not receiver.poll(5.0):
                pass
            ended.append(time.perf_counter() - begun)
        feed.join()
    on_air_s = one.bits / bandwidth
    return Row(
        what="27.5 kB to 3 receivers on loopback multicast, 1 Mbit/s, real time",
        ours=f"{max(ended):.2f} s",
        anchor=f"{on_air_s:.2f} s on the air",
        ratio=f"{max(ended) / on_air_s:.2f}",
    )


def _send_once(air: UdpAir, one: Item, bandwidth: int) -> None:
    clock = VirtualClock(NOON, real_time=True)
    transmitter = Transmitter(clock, Carousel(bandwidth_bit_s=bandwidth), lambda sent: air.send(sent.datagram))
    transmitter.put(one)
    clock.run_until(NOON + timedelta(seconds=1.2 * one.bits / bandwidth))


def cost() -> Iterator[Row]:
    """Time of the processor to cut and to put together 1 MB, against the time it is on the air at 10 Mbit/s."""
    size = 1_000_000
    content = random.Random(1).randbytes(size)
    with folder() as place, FluteSender(place / "s", service=SERVICE, instance=1) as sender:
        cut_s = best_of(3, lambda: sender.cut(content, mime_type="application/octet-stream"))
        datagrams = sender.cut(content, mime_type="application/octet-stream")
        on_air_s = 8 * sum(len(datagram) + 28 for datagram in datagrams) / 10e6
        for loss in (0.0, 0.2):
            chance = random.Random(2).random
            heard = [datagram for datagram in datagrams * 2 if chance() >= loss]
            with FluteReceiver(place / f"r{loss}", service=SERVICE) as receiver:
                before_s = cpu_s(receiver.pid)
                ours = resource.getrusage(resource.RUSAGE_SELF)
                for datagram in heard:
                    if receiver.push(datagram):
                        break
                own = resource.getrusage(resource.RUSAGE_SELF)
                took_s = cpu_s(receiver.pid) - before_s + own.ru_utime + own.ru_stime - ours.ru_utime - ours.ru_stime
                memory = rss_mb(receiver.pid)
            yield Row(
                what=f"processor time to receive 1 MB at {loss:.0%} loss",
                ours=f"{took_s:.2f} s",
                anchor=f"{on_air_s:.2f} s on air, 10 Mbit/s",
                ratio=f"{took_s / on_air_s:.2f}",
                aim="< 1",
            )
    yield Row(
        what="processor time to cut 1 MB",
        ours=f"{cut_s:.2f} s",
        anchor=f"{on_air_s:.2f} s on air, 10 Mbit/s",
        ratio=f"{cut_s / on_air_s:.2f}",
        aim="< 1",
    )
    yield Row(
        what="most memory of the receiving process, 1 MB at 20 % loss",
        ours=f"{memory:.0f} MB",
        anchor="60 MB for a whole receiver",
        ratio=f"{memory / 60:.2f}",
        aim="< 1",
    )


def ends(bandwidth: int, *, lasts_s: float = 4.0) -> Iterator[Row]:
    """Both real ends for a few seconds on loopback: what leaves, and what the two processes take of a core."""
    with ExitStack() as stack, folder() as place:
        address = f"239.192.90.86:{random.randrange(20_000, 60_000)}"
        ear = stack.enter_context(closing(UdpEar(*group_of(address))))
        hears = stack.enter_context(FluteReceiver(place / "r", service=SERVICE, socket=ear.fileno()))
        sends = stack.enter_context(
            closing(BandSender(place / "s", BandSettings(address=address, bandwidth_bit_s=bandwidth)))
        )
        sends.put(
            "one",
            random.Random(4).randbytes(200_000),
            mime_type="application/octet-stream",
            priority=Priority.LIVE,
            severity=Severity.EXTREME,
            until=datetime.now(UTC) + timedelta(hours=1),
        )
        hears.refresh()
        before, began = (sends.state()["bits"], cpu_s(sends.pid), cpu_s(hears.pid)), time.perf_counter()
        while time.perf_counter() - began < lasts_s:
            hears.poll(0.1)
        took_s, sent = time.perf_counter() - began, sends.state()["bits"] - before[0]
        shares = (cpu_s(sends.pid) - before[1]) / took_s, (cpu_s(hears.pid) - before[2]) / took_s
        memory = rss_mb(sends.pid), rss_mb(hears.pid)
    name = f"{bandwidth / 1e6:g} Mbit/s, real ends on loopback"
    yield Row(
        what=f"what leaves at {name}",
        ours=f"{sent / took_s / 1000:.0f} kbit/s",
        anchor=f"{bandwidth / 1000:.0f} kbit/s",
        ratio=f"{sent / took_s / bandwidth:.3f}",
        aim="0.98 to 1.02",
    )
    for end, share, most_mb in zip(("transmitter", "listener"), shares, memory, strict=True):
        yield Row(
            what=f"the {end}'s process at {name}",
            ours=f"{100 * share:.1f} % of a core, {most_mb:.0f} MB",
            anchor="100 % of a core",
            ratio=f"{share:.3f}",
        )


def cpu_s(pid: int) -> float:
    """Seconds of processor a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def rss_mb(pid: int) -> float:
    """The most memory a process has had in use."""
    said = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in said.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def run() -> list[Row]:
    """The urgent alert, time to complete against the bare size over the bandwidth, and the cost."""
    rows = [urgent()]
    with folder() as place, FluteSender(place, service=SERVICE, instance=1) as sender:
        for size in SIZES[:3]:
            point = time_to_complete(sender, size, 0.2, 256_000, 40)
            bare_s = 8 * size / 256_000
            rows.append(
                Row(
                    what=f"{size / 1000:g} kB at 20 % loss, 256 kbit/s, worst of 40 stations",
                    ours=f"{point.worst_s:.1f} s",
                    anchor=f"{bare_s:.1f} s (bare size)",
                    ratio=f"{point.worst_s / bare_s:.1f}",
                )
            )
    return [*rows, on_loopback(), *cost(), *ends(256_000), *ends(10_000_000)]
