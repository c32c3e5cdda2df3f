"""A drill from a name to files in a folder."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, tzinfo
from typing import Any

from satwarn.app.events import DeedDone, Event, FrameOnAir, Remark, SiteFault, Watch
from satwarn.app.exercise import payloads_of
from satwarn.app.journey import journey
from satwarn.app.outputs import speech_of
from satwarn.app.page import page_of
from satwarn.app.settings import DrillFiles, DrillSettings
from satwarn.app.system import House
from satwarn.app.wideband import check_installed
from satwarn.app.wiring import open_ledger
from satwarn.drill import scenario as scenarios
from satwarn.drill.due import due_sites
from satwarn.drill.fault import broken, cut_off
from satwarn.drill.outcome import outcomes
from satwarn.drill.report import DrillReport, Happened
from satwarn.drill.scenario import Scenario


class Diary:
    """Remembers what a watcher is told, so that the report can tell it again."""

    def __init__(self, watch: Watch, zone: tzinfo | None) -> None:
        self._watch, self._zone = watch, zone
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Note it and pass it on."""
        self.events.append(event)
        self._watch(event)

    def deeds(self) -> list[dict[str, Any]]:
        """Every deed, with its place in the ledger."""
        return [
            {"at": self._local(e.at), "deed": e.deed, "subject": e.subject, "actor": e.actor, "entry": e.position}
            for e in self.events
            if isinstance(e, DeedDone)
        ]

    def frames(self) -> list[dict[str, Any]]:
        """Every frame on the air, as 63 hex digits."""
        return [
            {"at": self._local(e.at), "hex": e.frame.hex().upper()[:63], "payload": e.payload, "counter": e.counter}
            for e in self.events
            if isinstance(e, FrameOnAir)
        ]

    def faults(self) -> list[dict[str, Any]]:
        """Every fault a site raised."""
        return [
            {"at": self._local(e.at), "code": e.code, "fault": e.fault, "what": e.what}
            for e in self.events
            if isinstance(e, SiteFault)
        ]

    def _local(self, at: datetime) -> str:
        return at.astimezone(self._zone).isoformat()

    def remarks(self) -> tuple[str, ...]:
        """Every remark."""
        return tuple(e.text for e in self.events if isinstance(e, Remark))


def run_drill(
    name: str, settings: DrillSettings, *, watch: Watch, prepare: Callable[[House], None] = lambda house: None
) -> DrillReport:
    """Run a drill of the package and write its ledger, report and receipts into `settings.out`.

    `prepare` is called with the house before anything happens: where tests break things.
    """
    return run_scenario(scenarios.load(name), settings, watch=watch, prepare=prepare)


def run_scenario(
    scenario: Scenario, settings: DrillSettings, *, watch: Watch, prepare: Callable[[House], None] = lambda house: None
) -> DrillReport:
    """Run a scenario (see `run_drill`)."""
    files, diary, sites = DrillFiles(out=settings.out), Diary(watch, scenario.times.issue.tzinfo), due_sites(scenario)
    cut_off(settings.cuts, sites)
    broken(settings.faults_in(scenario), sites)  # refuses what cannot be, before an earlier drill's files go
    if settings.multicast:
        check_installed()
    files.begin()
    closing = ExitStack()
    ledger = open_ledger(f"sqlite:{files.ledger}")
    try:
        house = House(scenario, settings, sites, ledger, diary)
        closing.callback(house.close)
        prepare(house)
        issued = journey(house)
        house.remark_on_speech()
        payloads, head = payloads_of(scenario), ledger.head
        report = DrillReport(
            scenario=scenario,
            happened=Happened(
                identifier=issued.alert.identifier,
                sent=issued.alert.sent,
                issued=issued.entry.time.astimezone(scenario.times.issue.tzinfo),
                payloads=payloads,
                deeds=diary.deeds(),
                frames=diary.frames(),
                remarks=diary.remarks(),
                faults=diary.faults(),
                faults_set=settings.faults_in(scenario),
                speech=speech_of(house.studio, scenario.said.languages),
                paths=settings.open_paths,
                loss=settings.loss,
                seed=settings.seed,
                collected=not settings.ground,
                ledger_entries=head.position,
                ledger_seal=head.seal,
                wide_band=house.wideband.told() if house.wideband else None,
            ),
            outcomes=outcomes(
                sites,
                house.receipts(),
                identifier=issued.alert.identifier,
                payloads=payloads,
                issued=issued.entry.time,
            ),
        )
    finally:
        closing.close()
        ledger.close()
    files.report.write_text(report.json_text(), encoding="utf-8")
    files.receipts.write_text(report.receipts_csv(), encoding="utf-8")
    files.page.write_text(page_of(report, issued.alert), encoding="utf-8")
    return report
