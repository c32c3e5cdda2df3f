"""The simulated sky and simulated sites of a running hub: their own thread, their own clock, the pace of the wall."""

import queue
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, partial
from typing import Any

from satwarn.adapters.chance import stream
from satwarn.adapters.clock import VirtualClock
from satwarn.adapters.ground.local import LocalGround
from satwarn.alert.seal import Trust
from satwarn.app.events import Event
from satwarn.app.outputs import Fitter, make_studio
from satwarn.app.site import LiveSite
from satwarn.errors import SatwarnError
from satwarn.frame.dcx import Extended
from satwarn.hub.ports import Hear
from satwarn.ledger.receipt import Path
from satwarn.people.announcement import announce
from satwarn.receiver.effects import Warn
from satwarn.receiver.site import Site
from satwarn.satellite.sky import Sky
from satwarn.uplink.schedule import Priority, Transmission, Uplink

OUTPUTS = ("speaker", "screen", "mail")
STEP_S = 0.05
LANGUAGES = ("ja", "en", "de", "ko")


class LiveSky:
    """Uplink, sky, ground and sites at the pace of the wall. Other threads hand it work; it hands back receipts,
    transmissions and what sites do."""

    def __init__(
        self,
        trust: Trust,
        *,
        now: Callable[[], datetime],
        on_receipt: Hear,
        on_frame: Callable[[Transmission], None],
        watch: Callable[[Event], None],
    ) -> None:
        self._trust, self._now, self._on_frame, self._watch = trust, now, on_frame, watch
        self._clock = VirtualClock(now())
        self._uplink = Uplink()
        self._sky = Sky(loss=0.0, chance=stream(1, "sky"))
        self._ground = LocalGround(self._clock, loss=0.0, chance=stream(1, "ground"))
        self._ground.on_receipt(on_receipt)
        self._jobs: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._awake = False
        self._speak = _speaker()
        self.sites: dict[str, LiveSite] = {}
        self.troubles: list[str] = []
        self._thread = threading.Thread(target=self._run, name="sky", daemon=True)

    def start(self, codes: Iterable[str]) -> None:
        """Begin, with a simulated site at each of the codes."""
        self._jobs.put(partial(self._build, tuple(codes)))
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what is on the way is lost, as in a power cut."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def send(
        self, signed: bytes, reports: tuple[Extended, ...], *, paths: frozenset[Path], until: datetime, live: bool
    ) -> None:
        """Put an alert on every path named; returns at once."""
        self._jobs.put(partial(self._send, signed, reports, paths, until, live))

    def carry(self, signed: bytes) -> None:
        """Have every site hear a message that came whole by the wide band; one FLUTE process decodes for all."""
        self._jobs.put(partial(self._carry, signed))

    def withdraw(self, report: Extended) -> None:
        """Take a message off the air from the next slot on."""
        self._jobs.put(partial(self._uplink.withdraw, report))

    def _build(self, codes: tuple[str, ...]) -> None:
        fitter = Fitter(self._clock, make_studio(), {})
        for code in codes:
            site = LiveSite(
                Site(code=code, outputs=OUTPUTS),
                trust=self._trust,
                clock=self._clock,
                speak=self._speak,
                watch=self._watch,
                outputs=fitter.fit(OUTPUTS, code),
            )
            self.sites[code] = site
            site.join(self._ground.connect(code, partial(_hear, site)))

    def _send(
        self, signed: bytes, reports: tuple[Extended, ...], paths: frozenset[Path], until: datetime, live: bool
    ) -> None:
        if Path.GROUND in paths:
            self._ground.publish(signed, until=until)
        if Path.GNSS in paths:
            priority = Priority.LIVE if live else Priority.DRILL
            for report in reports:
                self._uplink.put(report, since=self._clock.now, until=until, priority=priority)
            self._wake()

    def _carry(self, signed: bytes) -> None:
        for site in self.sites.values():
            site.hear_message(signed, Path.MULTICAST)

    def _wake(self) -> None:
        slot = self._uplink.next_tick(self._clock.now)
        if slot and not self._awake:
            self._awake = True
            self._clock.at(slot, self._slot)

    def _slot(self) -> None:
        self._awake = False
        sent = self._uplink.tick(self._clock.now)
        if sent:
            self._on_frame(sent)
            for arrival in self._sky.carry(sent.frame, at=sent.at, listeners=tuple(self.sites)):
                self._clock.at(arrival.at, partial(self._arrive, arrival.frame, arrival.satellite.prn, arrival.sites))
        self._clock.after(1, self._wake)

    def _arrive(self, frame: bytes, prn: int, sites: tuple[str, ...]) -> None:
        for code in sites:
            self.sites[code].hear_frame(frame, prn)

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=STEP_S)
            except queue.Empty:
                job = _nothing
            if job is None:
                return
            self._let_pass()
            self._safely(job)
            self._let_pass()

    def _let_pass(self) -> None:
        self._safely(lambda: self._clock.run_until(max(self._now(), self._clock.now)))

    def _safely(self, job: Callable[[], Any]) -> None:
        # One site that cannot cope must not silence the others: its trouble is kept and shown, the sky goes on.
        try:
            job()
        except SatwarnError as error:
            self.troubles.append(str(error))


def _nothing() -> None:
    """What there is to do when nobody asked for anything: let time pass."""


def _hear(site: LiveSite, message: bytes, at: datetime) -> None:
    site.hear_message(message, Path.GROUND)


def _speaker() -> Callable[[Warn], Any]:
    said = cache(
        lambda purpose, label, infos, instruction: announce(
            purpose=purpose, label=label, infos=infos, instruction=instruction, languages=LANGUAGES
        )
    )

    def speak(warn: Warn) -> Any:
        languages = {info.language.partition("-")[0] for info in warn.infos}
        if warn.infos and not languages.issuperset(LANGUAGES):
            return announce(
                purpose=warn.purpose,
                label=warn.label,
                infos=warn.infos,
                instruction=warn.instruction,
                languages=sorted(languages & set(LANGUAGES)),
            )
        return said(warn.purpose, warn.label, warn.infos, warn.instruction)

    return speak
