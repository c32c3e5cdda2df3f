"""The timeline: delays per path as small multiples on one axis, median and worst marked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from statistics import median

from satwarn.drill.page_facts import PATHS, figure
from satwarn.drill.report import DrillReport
from satwarn.ledger.receipt import Path

BINS = 80
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A share of the axis from `x` (percent) and the share of the row's fullest bar (percent)."""

    x: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A marked delay at `x` percent of the axis; `flip` where the words must stand on its left."""

    x: float
    text: str
    flip: bool
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One small multiple; `note` counts sites, or says why there are none."""

    name: str
    note: str
    bars: tuple[Bar, ...] = ()
    pins: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Rows over one axis of `ticks`, each (percent, words)."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    bar_width: float = 100 / BINS


def timeline(report: DrillReport) -> Timeline:
    """Seconds from issue to the first copy by each path, and to the first act of each site that was due."""
    heard = {path: _heard(report, path) for path in (Path.GNSS, Path.MULTICAST, Path.GROUND)}
    first = Counter(one.path for one in report.outcomes)
    warned = [one.delay_s for one in report.outcomes if one.delay_s is not None]
    end, step = axis(max((delay for delays in (*heard.values(), warned) for delay in delays), default=1.0))
    sites = len(report.outcomes)
    rows = [
        _row(PATHS[path], delays, end, f"heard at {len(delays)} of {sites} sites, first at {first[path]}")
        if path in report.happened.paths
        else Row(name=PATHS[path], note="closed in this drill")
        for path, delays in heard.items()
        if path is not Path.MULTICAST or delays
    ]
    due = sum(one.due.act == "sounded" for one in report.outcomes)
    rows.append(_row("Site begins to warn", warned, end, f"{len(warned)} of {due} due sites, by the first copy"))
    count = round(end / step)
    ticks = tuple((100 * n / count, f"{n * step:g}{' s' if n == count else ''}") for n in range(count + 1))
    return Timeline(rows=tuple(rows), ticks=ticks)


def axis(worst: float) -> tuple[float, float]:
    """The end of an axis from 0 that holds `worst`, and its step: 1, 2, 2.5 or 5 times a power of ten, 3 to 6 steps."""
    rough = max(worst, 1e-3) / 5
    power = 10 ** floor(log10(rough))
    step = next(power * factor for factor in STEPS if power * factor >= rough * (1 - 1e-9))
    return step * max(1, ceil(worst / step - 1e-9)), step


def _heard(report: DrillReport, path: Path) -> list[float]:
    firsts = (one.receipt.first_heard.get(path) for one in report.outcomes if one.receipt)
    return [(at - report.happened.issued).total_seconds() for at in firsts if at]


def _row(name: str, delays: Sequence[float], end: float, note: str) -> Row:
    if not delays:
        return Row(name=name, note=f"{note}: nothing to draw")
    counts = [0] * BINS
    for delay in delays:
        counts[min(BINS - 1, max(0, int(BINS * delay / end)))] += 1
    fullest = max(counts)
    bars = tuple(
        Bar(x=round(100 * n / BINS, 3), height=max(4.0, round(100 * count / fullest, 1)))
        for n, count in enumerate(counts)
        if count
    )
    return Row(name=name, note=note, bars=bars, pins=_pins(median(delays), max(delays), end))


def _pins(middle: float, worst: float, end: float) -> tuple[Pin, ...]:
    if figure(middle) == figure(worst):
        return (_pin(worst, f"median and worst {figure(worst)} s", end, "both"),)
    return (
        _pin(middle, f"median {figure(middle)} s", end, "median"),
        _pin(worst, f"worst {figure(worst)} s", end, "worst"),
    )


def _pin(delay: float, text: str, end: float, kind: str) -> Pin:
    x = min(100.0, max(0.0, 100 * delay / end))
    return Pin(x=round(x, 2), text=text, flip=x > 50, kind=kind)
