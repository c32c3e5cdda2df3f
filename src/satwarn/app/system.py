"""The house in one process: its verbs. What the command line and the pages can do, they do through these."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, partial

from satwarn.adapters.chance import stream
from satwarn.adapters.clock import VirtualClock
from satwarn.adapters.ground.local import LocalGround
from satwarn.adapters.keys import SigningKey, make_officer_key, make_signing_key
from satwarn.alert import seal
from satwarn.alert.alert import Alert
from satwarn.alert.seal import Trust
from satwarn.app.events import DeedDone, FrameOnAir, Remark, Watch
from satwarn.app.outputs import Fitter, make_studio, speech_of
from satwarn.app.settings import DrillSettings
from satwarn.app.site import LiveSite
from satwarn.app.wideband import WideBand
from satwarn.authority.desk import Desk, Issued
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Officer, Role, sign_approval
from satwarn.drill.due import Due
from satwarn.drill.fault import broken, cut_off
from satwarn.drill.scenario import Scenario
from satwarn.errors import NotAllowed
from satwarn.frame.dcx import JAlert
from satwarn.hub.intake import Known, Refused, decide
from satwarn.hub.route import route
from satwarn.ledger.entry import Entry, Record
from satwarn.ledger.ports import Ledger
from satwarn.ledger.receipt import Path, Receipt
from satwarn.people.announcement import Announcement, announce
from satwarn.receiver.effects import Warn
from satwarn.receiver.site import Site
from satwarn.satellite.sky import Arrival, Sky
from satwarn.uplink.schedule import Priority, Uplink

HUB = "hub"


class House:
    """Desk, hub, uplink, sky, ground and sites, plugged together for one drill on one virtual clock."""

    def __init__(
        self, scenario: Scenario, settings: DrillSettings, sites: Iterable[Due], ledger: Ledger, watch: Watch
    ) -> None:
        self.scenario, self.settings, self.ledger, self.watch = scenario, settings, ledger, watch
        self.clock = VirtualClock(scenario.times.begins, real_time=settings.real_time)
        self.key: SigningKey = make_signing_key(scenario.said.sender, now=self.clock.now)
        self.trust = Trust.of([(scenario.said.sender, self.key.certificate_pem)])
        self._officer_keys = {name: make_officer_key() for name in (scenario.author, scenario.approver)}
        self.desk = Desk(ledger, self._officers(), sender=scenario.said.sender)
        self.uplink = Uplink()
        self.sky = Sky(loss=settings.loss, chance=stream(settings.seed, "sky"))
        self.ground = LocalGround(self.clock, loss=settings.loss, chance=stream(settings.seed, "ground"))
        self.ground.on_receipt(self._receipt_arrived)
        self._heard: frozenset[tuple[str, str, datetime]] = frozenset()
        self.frames: list[FrameOnAir] = []
        self.studio = make_studio()
        due_here = tuple(sites)
        fitter = Fitter(self.clock, self.studio, broken(settings.faults_in(scenario), due_here))
        speak = self._speaker()
        self.cut = cut_off(settings.cuts, due_here)
        self.sites = {due.code: self._site(due, speak, fitter) for due in due_here}
        self.wideband = WideBand(self) if settings.multicast else None

    # ── two people ───────────────────────────────────────────────────────────────────────────────

    def draft(self, alert: Alert, subject: str) -> None:
        """The author drafts."""
        self._deed(self.desk.draft, alert, subject=subject, by=self.scenario.author)

    def submit(self, subject: str) -> None:
        """The author lays it before the approver."""
        self._deed(self.desk.submit, subject=subject, by=self.scenario.author)

    def approve(self, subject: str) -> None:
        """The approver reads the draft and signs its digest."""
        digest = self.desk.stands(subject).digest
        assent = sign_approval(self._officer_keys[self.scenario.approver], subject, digest)
        self._deed(self.desk.approve, subject=subject, by=self.scenario.approver, digest=digest, assent=assent)

    def issue(self, subject: str) -> Issued:
        """Put it on the air: from here on it leaves."""
        issued = self.desk.issue(subject=subject, by=self.scenario.author, seal=self.seal, now=self.clock.now)
        self._show_deed(issued.entry)
        return issued

    # ── out on every path ────────────────────────────────────────────────────────────────────────

    def send(self, issued: Issued, *, report: JAlert | None = None) -> frozenset[Path]:
        """Ask the hub's questions of the signed alert, then send it on every open path it may take."""
        sealed = seal.verify(issued.signed, self.trust, at=self.clock.now)
        known = Known(senders=frozenset({self.scenario.said.sender}), heard=self._heard)
        answer = decide(sealed, known, now=self.clock.now)
        if isinstance(answer, Refused):
            raise NotAllowed(f"the hub refused it: {answer.why}", where=f"{issued.alert.identifier}, {answer.question}")
        self._heard |= {answer.alert.key}
        paths = route(answer.alert, open_paths=self.settings.open_paths)
        times = self.scenario.times
        self.record("send", issued.subject, {"identifier": issued.alert.identifier, "paths": sorted(paths)})
        if Path.GROUND in paths:
            self.ground.publish(issued.signed, until=times.armed_until)
        if Path.MULTICAST in paths and self.wideband:
            self.wideband.put(issued, until=times.armed_until)
        if Path.GNSS in paths and report:
            self.uplink.put(report, since=self.clock.now, until=self.clock.now + times.on_air, priority=Priority.DRILL)
            self._next_slot()
        return paths

    def bring_by_hand(self, issued: Issued) -> None:
        """Carry the signed plan to every site before the drill, where no ground path may do it."""
        self.record("bring", issued.subject, {"identifier": issued.alert.identifier, "sites": len(self.sites)})
        for site in self.sites.values():
            site.hear_message(issued.signed, Path.GROUND)

    def bring_where_cut(self, issued: Issued) -> None:
        """Carry the signed plan to each site that no path can bring it to."""
        carriers = self.settings.open_paths - {Path.GNSS}
        cut = [code for code, paths in self.cut.items() if carriers <= paths]
        if cut:
            self.record("bring", issued.subject, {"identifier": issued.alert.identifier, "sites": len(cut)})
        for code in cut:
            self.sites[code].hear_message(issued.signed, Path.GROUND)

    def remark_on_cuts(self) -> None:
        """Say which paths were cut where, and fetch the receipts of those that could not send them."""
        for code, paths in sorted(self.cut.items()):
            self.remark(f"At {code} these paths were cut on purpose: {', '.join(sorted(paths))}.")
            if Path.GROUND in paths and self.settings.ground:
                self._collect(self.sites[code])

    def _next_slot(self) -> None:
        slot = self.uplink.next_tick(self.clock.now)
        if slot:
            self.clock.at(slot, self._slot)

    def _slot(self) -> None:
        sent = self.uplink.tick(self.clock.now)
        if sent:
            self.record("transmit", sent.payload, {"frame": sent.frame.hex(), "counter": sent.counter})
            frame = FrameOnAir(at=sent.at, frame=sent.frame, payload=sent.payload, counter=sent.counter)
            self.frames.append(frame)
            self.watch(frame)
            for arrival in self.sky.carry(sent.frame, at=sent.at, listeners=tuple(self.sites)):
                self.clock.at(arrival.at, partial(self._arrive, arrival))
        self.clock.after(1, self._next_slot)

    def _arrive(self, arrival: Arrival) -> None:
        for code in arrival.sites:
            if Path.GNSS in self.cut.get(code, ()):
                continue
            self.sites[code].hear_frame(arrival.frame, arrival.satellite.prn)

    # ── what came of it ──────────────────────────────────────────────────────────────────────────

    def wait_until(self, moment: datetime) -> None:
        """Let time pass, and everything in it happen."""
        self.clock.run_until(moment)

    def settle(self, limit: datetime) -> None:
        """Let what is still under way arrive, but wait no longer than until `limit`."""
        self.clock.settle(limit)

    def close(self) -> None:
        """End every transmission and process of this run."""
        if self.wideband:
            self.wideband.close()

    def collect(self) -> None:
        """Go to every site and fetch the receipts it could not send."""
        for site in self.sites.values():
            self._collect(site)

    def _collect(self, site: LiveSite) -> None:
        for receipt in site.receipts.values():
            self._receipt_arrived(json.dumps(receipt.to_json()).encode(), self.clock.now)

    def receipts(self) -> list[Receipt]:
        """Every receipt in the ledger, the newest of each site and warning."""
        told = [entry.body for entry in self.ledger.since() if entry.kind == "receipt"]
        told.sort(key=lambda body: body.get("number", 0))
        newest = {(body["site"], body["warning"]): Receipt.from_json(body) for body in told}
        return list(newest.values())

    def remark_on_speech(self) -> None:
        """Say which languages no engine of this machine could speak in full."""
        mute = [tag for tag, engine in speech_of(self.studio, self.scenario.said.languages).items() if not engine]
        if mute:
            alone = ": the chimes sounded alone" if len(mute) == len(self.scenario.said.languages) else ""
            missing = f"No speech engine here says all of it in {', '.join(mute)}{alone}"
            self.remark(f"{missing} (espeak-ng, or make drill SPEECH=1).")

    def remark(self, text: str) -> None:
        """Tell whoever watches."""
        self.watch(Remark(at=self.clock.now, text=text))

    # ── inside ───────────────────────────────────────────────────────────────────────────────────

    def _officers(self) -> dict[str, Officer]:
        roles = {self.scenario.author: Role.AUTHOR, self.scenario.approver: Role.APPROVER}
        return {
            name: Officer(
                name=name,
                roles=frozenset({role}),
                jurisdiction=EVERYWHERE,
                public_key=self._officer_keys[name].public_key().public_bytes_raw(),
            )
            for name, role in roles.items()
        }

    def _site(self, due: Due, speak: Callable[[Warn], tuple[Announcement, ...]], fitter: Fitter) -> LiveSite:
        site = LiveSite(
            Site(code=due.code, outputs=due.outputs),
            trust=self.trust,
            clock=self.clock,
            speak=speak,
            watch=self.watch,
            outputs=fitter.outputs(due),
        )
        if self.settings.ground and Path.GROUND not in self.cut.get(due.code, ()):
            site.join(self.ground.connect(due.code, lambda message, at: site.hear_message(message, Path.GROUND)))
        return site

    def _speaker(self) -> Callable[[Warn], tuple[Announcement, ...]]:
        # All sites say the same words: they are put together once for each distinct warning.
        languages = self.scenario.said.languages
        said = cache(
            lambda purpose, label, infos, instruction: announce(
                purpose=purpose, label=label, infos=infos, instruction=instruction, languages=languages
            )
        )
        return lambda warn: said(warn.purpose, warn.label, warn.infos, warn.instruction)

    def seal(self, xml: bytes) -> bytes:
        """Sign a CAP message with the key of this run."""
        return seal.sign(xml, key_pem=self.key.key_pem, certificate_pem=self.key.certificate_pem)

    def _deed(self, deed: Callable[..., object], *args: object, subject: str, **named: object) -> None:
        deed(*args, subject=subject, now=self.clock.now, **named)
        self._show_deed(self.ledger.of(subject)[-1])

    def _show_deed(self, entry: Entry) -> None:
        self.watch(
            DeedDone(
                at=self.clock.now, deed=entry.kind, subject=entry.subject, actor=entry.actor, position=entry.position
            )
        )

    def record(self, kind: str, subject: str, body: dict[str, object]) -> Entry:
        """Make what the hub does durable, before it does it."""
        with self.ledger.work() as work:
            return work.record(Record(kind=kind, subject=subject, actor=HUB, at=self.clock.now, body=body))

    def _receipt_arrived(self, receipt: bytes, at: datetime) -> None:
        values = json.loads(receipt)
        with self.ledger.work() as work:
            work.record(
                Record(
                    kind="fault" if "fault" in values else "receipt",
                    subject=values["site"],
                    actor=values["site"],
                    at=at,
                    body=values,
                )
            )
