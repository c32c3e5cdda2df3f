"""What a person sees while a drill runs: deeds, frames on the air, sites heard per prefecture; then the summary."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from math import ceil
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from satwarn.app.events import DeedDone, Event, FrameOnAir, Remark, SiteFault, SiteProved, SiteWarned
from satwarn.app.settings import DrillFiles
from satwarn.area import gazetteer
from satwarn.cli._counted import counted
from satwarn.drill.due import due_sites
from satwarn.drill.outcome import by_prefecture, tally
from satwarn.drill.report import DrillReport, delays
from satwarn.drill.scenario import Scenario
from satwarn.ledger.receipt import Act, Proof
from satwarn.people.look import look

PROVEN, UNPROVEN, FAILED, SILENT = (look().marks[mark].symbol for mark in ("proven", "unproven", "failed", "silent"))
SHOWN_LINES = 10
BAR = 20
PATH_NAMES = {"gnss": "Satellite (simulated)", "ground": "Ground", "multicast": "Wide band"}


class DrillScreen:
    """Keeps what is shown; every event changes it."""

    def __init__(self, scenario: Scenario, console: Console, live: Live | None) -> None:
        self._scenario, self._console, self._live = scenario, console, live
        self._zone = scenario.times.issue.tzinfo
        self._lines: list[str] = []
        self._frames = 0
        self._heard: Counter[str] = Counter()
        self._proved: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        sounding = [site for site in due_sites(scenario) if site.act is Act.SOUNDED]
        self._due = Counter(site.prefecture for site in sounding)

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case DeedDone():
                self._line(event.at, f"{event.deed} {event.subject} by {event.actor} (entry {event.position})")
            case FrameOnAir():
                self._frames += 1
                if self._frames == 1:
                    self._line(event.at, f"first frame on the air: {event.frame.hex().upper()[:63]}")
            case SiteWarned():
                self._heard[event.code[:2]] += 1
            case SiteProved():
                self._prove(event)
            case SiteFault():
                self._line(event.at, f"{FAILED} {event.code}: {event.what}")
            case Remark():
                self._line(event.at, event.text)
        if self._live:
            self._live.update(self.picture())

    def picture(self) -> Group:
        """The lines so far, the frames on the air, and a bar per prefecture."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        headings = (("Prefecture", "left"), ("Heard", "right"), ("Proven", "right"), ("Due", "right"), ("", "left"))
        for heading, justify in headings:
            table.add_column(heading, justify=justify)  # type: ignore[arg-type]  # rich wants its own literal
        for code, due in sorted(self._due.items()):
            heard, proved = self._heard[code], self._proved[code]
            cross = ceil(BAR * self._failed[code] / due)
            full, half = min(round(BAR * proved / due), BAR - cross), round(BAR * heard / due)
            bar = PROVEN * full + UNPROVEN * (half - full - cross) + FAILED * cross + SILENT * (BAR - half)
            table.add_row(gazetteer.place(code).names["en"], str(heard), str(proved), str(due), bar)
        frames = Text(f"Frames on the air from four simulated satellites: {self._frames}")
        return Group(
            *(Text(line, overflow="ellipsis", no_wrap=True) for line in self._lines[-SHOWN_LINES:]), frames, table
        )

    def _prove(self, event: SiteProved) -> None:
        proofs = {result.proof for result in event.results}
        self._proved[event.code[:2]] += proofs <= {Proof.PROVEN}
        self._failed[event.code[:2]] += Proof.FAILED in proofs
        for result in event.results:
            if result.proof is Proof.FAILED:
                self._line(event.at, f"{FAILED} {event.code}: {result.output} {result.detail}")

    def _line(self, at: datetime, text: str) -> None:
        line = f"{at.astimezone(self._zone):%H:%M:%S}  {text}"
        self._lines.append(line)
        if not self._live:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def open_screen(scenario: Scenario, *, quiet: bool) -> Iterator[DrillScreen]:
    """A live picture on a terminal, plain lines elsewhere, nothing when quiet."""
    console = Console(quiet=quiet)
    console.print(Text(scenario.title["en"], style="bold"))
    for line in scenario.simulated:
        console.print(f"  {line}", highlight=False)
    if quiet or not console.is_terminal:
        yield DrillScreen(scenario, console, None)
        return
    with Live(console=console, refresh_per_second=10) as live:
        yield DrillScreen(scenario, console, live)


def show_summary(report: DrillReport, out: Path) -> None:
    """The result in one sentence, then the table per prefecture, the failures and where the files are."""
    console, files = Console(), DrillFiles(out=out)
    console.print()
    console.print(Text(report.sentence(), style="bold"))
    console.print(_prefectures(report))
    for path, figures in delays(report.outcomes, report.happened.issued).items():
        console.print(
            f"{PATH_NAMES[path]}: heard by {counted(int(figures['heard']), 'site')} (first by {figures['first']}),"
            f" {figures['median_s']} s after issue in the median, {figures['worst_s']} s at worst.",
            highlight=False,
        )
    for supply in (report.happened.wide_band or {}).get("supplies", ()):
        of = supply["took"] + len(supply["missing"])
        console.print(f"Supply of {supply['kind']}: taken by {supply['took']} of {of} sites.", highlight=False)
    for failure in report.failures[:SHOWN_LINES]:
        console.print(
            f"{FAILED} {failure.code} {failure.sentence()} ({failure.cause}). Next: {failure.next_step}.",
            highlight=False,
            markup=False,
        )
    if len(report.failures) > SHOWN_LINES:
        console.print(f"{FAILED} and {len(report.failures) - SHOWN_LINES} more, in {files.report}", highlight=False)
    console.print(
        f"Ledger: {report.happened.ledger_entries} entries, head {report.happened.ledger_seal}", highlight=False
    )
    console.print(f"Check it: satwarn ledger verify {files.ledger}", highlight=False, soft_wrap=True)
    console.print(f"Report: {files.page}   Data: {files.report}, {files.receipts}", highlight=False, soft_wrap=True)


def _prefectures(report: DrillReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "Prefecture", "Proven", "Due", "Silent", "Due"):
        table.add_column(heading, justify="left" if heading in ("", "Prefecture") else "right")
    scope = set(report.scenario.prefectures)
    for code, count in by_prefecture(report.outcomes).items():
        if code in scope:
            mark = FAILED if count.failed else UNPROVEN if count.unproven else PROVEN
            table.add_row(mark, gazetteer.place(code).names["en"], str(count.sounded), str(count.due), "", "")
    beside = tally(outcome for outcome in report.outcomes if outcome.due.prefecture not in scope)
    mark = FAILED if beside.failed else SILENT
    table.add_row(
        mark, f"{beside.due_silent} other prefectures", "", "", str(beside.stayed_silent), str(beside.due_silent)
    )
    return table
