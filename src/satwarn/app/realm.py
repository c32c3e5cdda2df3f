"""One realm of a hub, live or sandbox: its ledger, keys, people, desk and sky, plugged together.

Deeds run on the ledger's own thread and are durable when they return; only then anything leaves.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path as File
from typing import Any, TypeVar

from satwarn.adapters.air.band_sender import BandSettings
from satwarn.adapters.key_files import signing_key, site_authority
from satwarn.adapters.ledger.writer import Writer
from satwarn.alert import cap, seal
from satwarn.alert.alert import Alert
from satwarn.alert.seal import Trust
from satwarn.app.coding import coded, until
from satwarn.app.hub_band import SPOOL, HubBand, Voice
from satwarn.app.live_sky import LiveSky
from satwarn.app.once import spending
from satwarn.app.realm_views import Views
from satwarn.app.wiring import open_ledger
from satwarn.authority.desk import Desk, Issued
from satwarn.authority.guards import Policy
from satwarn.authority.hazard import is_real
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Shelf
from satwarn.authority.remembered import Remembered
from satwarn.authority.standing import Standing
from satwarn.errors import NotAllowed, NotKept, OutOfTurn
from satwarn.frame.dcx import Extended
from satwarn.hub.intake import Known, Refused, decide
from satwarn.hub.route import route
from satwarn.ledger.entry import Entry, Record
from satwarn.ledger.receipt import Path
from satwarn.uplink.carousel import Priority
from satwarn.uplink.schedule import Transmission

HUB = "hub"
OPEN_PATHS = frozenset({Path.GNSS, Path.GROUND})
"""The ways out of every hub: the simulated sky and the ground. The wide band is a third where one is set up."""
WIDE_BAND = "wide band"
POSITION_WITHIN_S = 10.0
ENDS_LAST = timedelta(hours=1)
"""How long the news of an end is sent to whoever comes late."""

T = TypeVar("T")


class World(StrEnum):
    """Sandbox is not exercise: it has its own key, people, ledger, and no way out."""

    LIVE = "live"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealmSettings:
    """Where a realm lives and as whom it speaks; `sites` are the codes of its simulated sites, `ground_port` where real
    ones find it (0: nowhere), `band` its wide band."""

    world: World
    folder: File
    sender: str
    zone: tzinfo
    sites: tuple[str, ...] = ()
    ground_port: int = 0
    policy: Policy = field(default_factory=Policy)
    band: BandSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What leaves on which paths: the signed bytes for all, and the frames for the satellite."""

    alert: Alert
    signed: bytes
    paths: frozenset[Path]
    reports: tuple[Extended, ...]


class Realm:
    """The verbs of one realm. Make it, `start` it, `stop` it."""

    def __init__(self, settings: RealmSettings, *, now: Callable[[], datetime]) -> None:
        settings.folder.mkdir(parents=True, exist_ok=True)
        self.settings, self.now = settings, now
        self.key = signing_key(settings.folder, settings.sender, now=now())
        self.site_authority = site_authority(settings.folder, settings.sender, now=now())
        self.trust = Trust.of([(settings.sender, self.key.certificate_pem)])
        address = f"sqlite:{settings.folder / 'ledger.db'}"
        self.ledger, self.reader = open_ledger(address), open_ledger(address)
        self.views, self._remembered = Views(), Remembered()
        self._writer = Writer(self.ledger, tell=self._tell, committed=self._committed, forget=self._forget)
        self._listeners: set[Callable[[Entry], None]] = set()
        self.check_assent: Any = None
        self.sky = LiveSky(self.trust, now=now, take=self._receipts, on_frame=self._frame)
        self.band = HubBand(settings.band, self._voice(), spool=settings.folder / SPOOL.name) if settings.band else None

    @property
    def desk(self) -> Desk:
        """The desk, with the people appointed now."""
        return Desk(
            self.ledger,
            self.views.roster,
            sender=self.settings.sender,
            policy=self.settings.policy,
            check_assent=self.check_assent,
            remembered=self._remembered,
        )

    @property
    def shelf(self) -> Shelf:
        """Templates, standing orders and supplies."""
        return Shelf(self.ledger, self.views.roster, sender=self.settings.sender, check_assent=self.check_assent)

    def start(self) -> None:
        """Read the ledger, begin to work, and take up again what was on the air when the hub stopped."""
        self._writer.start()
        self.sky.start(self.settings.sites)
        if self.band:
            self.band.start()
        for standing in self.views.live():
            self._resume(standing.subject)
        for supply in self.views.supplies.values():
            self.supply(supply)

    def stop(self) -> None:
        """Finish what was begun and close the ledger."""
        if self.band:
            self.band.stop()
        self.sky.stop()
        self._writer.stop()
        self.ledger.close()
        self.reader.close()

    @property
    def open_paths(self) -> frozenset[Path]:
        """The ways out of this hub."""
        return OPEN_PATHS | {Path.MULTICAST} if self.band else OPEN_PATHS

    def _voice(self) -> Voice:
        """As whom the wide band speaks, and to whom it tells."""
        return Voice(
            sender=self.settings.sender,
            trust=self.trust,
            now=self.now,
            seal=self.seal,
            position=lambda: self.submit(lambda: self.ledger.head.position).result(POSITION_WITHIN_S),
            note=lambda kind, what: self.submit(lambda: self.record(kind, WIDE_BAND, {"what": what})),
            heard=lambda alert, signed: self.sky.carry(signed, until=self._ends(alert)),
        )

    # ── work ─────────────────────────────────────────────────────────────────────────────────────

    def submit(self, job: Callable[[], T]) -> "Future[T]":
        """Have a work done on the ledger's thread."""
        return self._writer.submit(spending(job, self.ledger, lambda: self.views.answered, self.record))

    async def do(self, job: Callable[[], T]) -> T:
        """Have a work done, and wait until it is durable."""
        return await asyncio.wrap_future(self.submit(job))

    def record(self, kind: str, subject: str, body: dict[str, Any], *, by: str = HUB) -> Entry:
        """Write one entry; only on the ledger's thread."""
        with self.ledger.work() as work:
            return work.record(Record(kind=kind, subject=subject, actor=by, at=self.now(), body=body))

    def seal(self, xml: bytes) -> bytes:
        """Sign as this realm."""
        return seal.sign(xml, key_pem=self.key.key_pem, certificate_pem=self.key.certificate_pem)

    # ── out ──────────────────────────────────────────────────────────────────────────────────────

    async def issue(
        self, subject: str, *, by: str, order: StandingOrder | None = None, together: Mapping[str, str] | None = None
    ) -> Issued:
        """Put an approved message, or a proposal under a standing order, on the air and on every path it may take.

        `together` names all-clears of other tracks that go out in the same commit, with their digests.
        """
        parents = [self._parent(name) for name in (subject, *(together or {}))]
        issued, leaving = await self._put_out(
            lambda: self.desk.issue(
                subject=subject, by=by, seal=self.seal, now=self.now(), order=order, together=together
            )
        )
        for parent in parents:
            if parent:
                self._withdraw(parent.said)
        for one in leaving:
            self._leave(one)
        return issued

    def _parent(self, subject: str) -> Standing | None:
        message = self.views.warnings.get(subject)
        return self.views.warnings.get(message.follows) if message and message.follows else None

    async def retract(self, subject: str, *, by: str, reason: str) -> Issued:
        """Say on every path that it was sent in error."""
        said = self.views.warnings[subject].said if subject in self.views.warnings else None
        issued, leaving = await self._put_out(
            lambda: self.desk.retract(subject=subject, by=by, reason=reason, seal=self.seal, now=self.now())
        )
        if said:
            self._withdraw(said)
        for one in leaving:
            self._leave(one)
        return issued

    async def _put_out(self, deed: Callable[[], Issued]) -> "tuple[Issued, list[Leaving]]":
        """The deed, and where it goes, durable in one commit; what the hub refuses to send was not issued."""

        def work() -> tuple[Issued, list[Leaving]]:
            with self.ledger.group():
                issued, leaving = deed(), []
                for one in (issued, *issued.together):
                    leaves = self._routed(one)
                    body = {"identifier": one.alert.identifier, "paths": sorted(leaves.paths)}
                    self.record("send", one.subject, body)
                    leaving.append(leaves)
            return issued, leaving

        return await self.do(work)

    def _routed(self, issued: Issued) -> "Leaving":
        """Ask the hub's questions of the signed alert, and say where it goes."""
        sealed = seal.verify(issued.signed, self.trust, at=self.now())
        earlier = frozenset(self.views.heard - {issued.alert.key})
        known = Known(senders=frozenset({self.settings.sender}), heard=earlier)
        answer = decide(sealed, known, now=self.now())
        if isinstance(answer, Refused):
            raise NotAllowed(f"the hub refused it: {answer.why}", where=f"{issued.alert.identifier}, {answer.question}")
        paths = route(answer.alert, open_paths=frozenset(map(Path, issued.paths)) & self.open_paths)
        reports = coded(answer.alert).reports
        paths = paths if reports else paths - {Path.GNSS}
        return Leaving(alert=issued.alert, signed=issued.signed, paths=paths, reports=reports)

    def _leave(self, leaving: "Leaving") -> None:
        alert, signed, paths = leaving.alert, leaving.signed, leaving.paths
        ends = self._ends(alert)
        self.sky.send(signed, leaving.reports, paths=paths, until=ends, live=is_real(alert))
        if self.band and Path.MULTICAST in paths:
            self.band.put(alert, signed, until=ends)

    def _ends(self, alert: Alert) -> datetime:
        return until(alert, self.now() + ENDS_LAST)

    def supply(self, body: Mapping[str, Any]) -> None:
        """Have a signed supply and its files go round, as long as it lasts (see `app/supplying`)."""
        ends = datetime.fromisoformat(body["until"])
        if self.band and ends > self.now():
            signed = body["cap"].encode()
            self.band.put(cap.read(signed).alert, signed, until=ends)
            for text in body["files"].values():
                self.band.put_file(text.encode(), mime_type="text/plain", priority=Priority.DATA, until=ends)

    def _withdraw(self, alert: Alert) -> None:
        for report in coded(alert).reports:
            self.sky.withdraw(report)
        signed = self.views.messages.get(alert.identifier, b"")
        self.sky.simulated.forget(signed)
        if self.band and signed:
            self.band.withdraw(signed)

    def _resume(self, subject: str) -> None:
        """What was issued leaves again after a restart: receivers know copies, so once more never harms."""
        standing = self.views.warnings[subject]
        paths = frozenset(map(Path, self.views.sent.get(standing.said.identifier, standing.paths)))
        if standing.said.identifier not in self.views.sent:
            body = {"identifier": standing.said.identifier, "paths": sorted(paths)}
            self.submit(lambda: self.record("send", subject, body))
        reports = coded(standing.said).reports
        self._leave(Leaving(alert=standing.said, signed=standing.signed, paths=paths, reports=reports))

    async def expire_due(self) -> None:
        """Note which warnings have run out."""
        for standing in self.views.live():
            if until(standing.said, self.now() + ENDS_LAST) <= self.now():
                try:
                    await self.do(lambda s=standing: self.desk.expire(subject=s.subject, by=HUB, now=self.now()))  # type: ignore[misc]  # bound default
                except (OutOfTurn, NotKept):
                    continue  # somebody ended it in the same moment; or the disk is full, and it is tried again

    # ── what comes back ──────────────────────────────────────────────────────────────────────────

    def listen(self, listener: Callable[[Entry], None]) -> Callable[[], None]:
        """Have `listener` called on the ledger's thread with every new entry; call the answer to stop."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _receipts(self, receipts: list[bytes]) -> "Future[None]":
        def keep() -> None:
            with self.ledger.work() as work:
                for values in map(json.loads, receipts):
                    site = values["site"]
                    if (row := self.views.sites.get(site)) and row.fingerprints:
                        continue  # a real receiver bears this code and speaks for itself
                    work.record(Record(kind="receipt", subject=site, actor=site, at=self.now(), body=values))

        return self.submit(keep)

    def _frame(self, sent: Transmission) -> None:
        body = {"frame": sent.frame.hex(), "counter": sent.counter}
        self.submit(lambda: self.record("transmit", sent.payload, body))

    def _tell(self, entry: Entry) -> None:
        self.views.tell(entry)

    def _committed(self, entries: list[Entry]) -> None:
        for entry in entries:
            for listener in list(self._listeners):
                listener(entry)

    def _forget(self) -> None:
        self.views = Views()
