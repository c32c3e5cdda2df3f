"""The wide band of a drill: one carousel, and one FLUTE process that listens for every simulated site.

FLUTE works at the speed of the machine; when a datagram is on the air, and so when an object is whole at a site, is
what the carousel's schedule says on the drill's clock. The hub listens to its own band, so that silence shows at the
desk.
"""

import hashlib
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path as Folder
from typing import TYPE_CHECKING

from satwarn.adapters.air.flute import FluteReceiver, FluteSender
from satwarn.adapters.air.flute_process import check_installed, scratch_folder
from satwarn.adapters.air.gate import Gate, Kept, Outcome, Passed, PassedFile, Refused
from satwarn.adapters.air.lct import SERVICE, session_of
from satwarn.adapters.air.local import LocalAir
from satwarn.adapters.air.reception import Judged, Reception
from satwarn.adapters.air.transmit import Transmitter
from satwarn.adapters.chance import stream
from satwarn.alert import cap
from satwarn.alert.alert import Severity
from satwarn.alert.heartbeat import EVERY, Heartbeat, heartbeat_alert
from satwarn.app.site import LiveSite
from satwarn.authority.desk import Issued
from satwarn.ledger.receipt import Path
from satwarn.receiver.effects import Fault
from satwarn.receiver.vigil import Vigil
from satwarn.uplink.carousel import Carousel, Emission, Item, Priority, priority_of, severity_of

if TYPE_CHECKING:
    from satwarn.app.system import House

__all__ = ["WideBand", "check_installed"]

BANDWIDTH_BIT_S = 256_000
DELAY_S = 0.125  # up to a geostationary satellite and down: a round figure of a model
CAP_TYPE = "application/cap+xml"
HUB = "hub"
BEAT = "heartbeat"
SAID_ALOUD = frozenset({Kept.SIGNATURE, Kept.CLOCK, Kept.REPLAY})
SIMULATED = (
    "The wide band is simulated: real FLUTE datagrams at the times the carousel gives them at {kbit:g} kbit/s,"
    " lost by chance; no satellite, no radio."
)


class WideBand:
    """Puts signed messages on the carousel and carries what comes whole to the sites. Close it when done."""

    def __init__(self, house: "House") -> None:
        self._house, self._clock = house, house.clock
        self._folder = scratch_folder()
        place, self._listeners = Folder(self._folder.name), (*house.sites, HUB)
        instance = int(self._clock.now.timestamp())
        self._sender = FluteSender(place / "sender", service=SERVICE, instance=instance)
        self._receiver = FluteReceiver(place / "sites", service=SERVICE, stations=len(self._listeners))
        self.reception = Reception(self._receiver, [Gate(house.trust) for _ in self._listeners])
        self.air = LocalAir(loss=house.settings.loss, chance=stream(house.settings.seed, "wideband"))
        self._ears = [self.air.join() for _ in self._listeners]
        self._vigils = {code: Vigil(self._clock.now) for code in self._listeners}
        self.transmitter = Transmitter(self._clock, Carousel(bandwidth_bit_s=BANDWIDTH_BIT_S), self._send)
        self._sessions: dict[str, int] = {}
        self.files: dict[str, dict[str, bytes]] = defaultdict(dict)
        self._open = True
        self._clock.after(0, self._begin)

    def put(self, issued: Issued, *, until: datetime) -> None:
        """Have an issued alert or plan go round until it is over."""
        self._put(issued.signed, priority_of(issued.alert), severity_of(issued.alert), until=until)

    def close(self) -> None:
        """End transmission, watch and processes."""
        self._open = False
        self.transmitter.stop()
        self._receiver.close()
        self._sender.close()
        self._folder.cleanup()

    # ── up ───────────────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> None:
        self._house.remark(SIMULATED.format(kbit=BANDWIDTH_BIT_S / 1000))
        self._beat()
        for code in self._listeners:
            self._clock.at(self._vigils[code].next_tick(), partial(self._watch, code))

    def _beat(self) -> None:
        if not self._open:
            return
        now = self._clock.now.replace(microsecond=0)
        aboard = tuple(sorted(item.key for item in self.transmitter.carousel.aboard() if item.key != BEAT))
        entry = self._house.record(BEAT, "wide band", {"aboard": list(aboard)})
        alert = heartbeat_alert(
            Heartbeat(sent=now, position=entry.position, aboard=aboard), sender=self._house.scenario.said.sender
        )
        signed = self._house.seal(cap.write(alert))
        self._put(signed, Priority.HEARTBEAT, Severity.UNKNOWN, until=now + 2 * EVERY, key=BEAT)
        self._clock.after(EVERY.total_seconds(), self._beat)

    def _put(self, signed: bytes, priority: Priority, severity: Severity, *, until: datetime, key: str = "") -> None:
        datagrams = self._sender.cut(signed, mime_type=CAP_TYPE)
        named = key or hashlib.sha256(signed).hexdigest()
        self._sessions[named] = session_of(SERVICE, signed)
        self.transmitter.put(
            Item(
                key=named, datagrams=datagrams, priority=priority, severity=severity, since=self._clock.now, until=until
            )
        )

    # ── down ─────────────────────────────────────────────────────────────────────────────────────

    def _send(self, emission: Emission) -> None:
        has_it = self.reception.whole_at(self._sessions[emission.item.key])
        if len(has_it) == len(self._ears):  # what everybody has is not carried again: nobody would look at it
            return
        self.air.send(emission.datagram)
        heard: dict[bytes, list[int]] = defaultdict(list)
        for number, ear in enumerate(self._ears):
            while (datagram := ear.take()) is not None:
                if number not in has_it:
                    heard[datagram].append(number)
        arrives = emission.ends + timedelta(seconds=DELAY_S)
        for datagram, numbers in heard.items():
            for judged in self.reception.push(datagram, numbers, now=arrives):
                self._clock.at(arrives, partial(self._arrive, judged))

    def _arrive(self, judged: Judged) -> None:
        code, outcome = self._listeners[judged.station], judged.outcome
        if isinstance(outcome, Passed) and outcome.heartbeat:
            self._vigils[code].hear(self._clock.now)
            self._clock.at(self._vigils[code].next_tick(), partial(self._watch, code))
        elif code in self._house.sites:
            self._hand(self._house.sites[code], outcome)

    def _hand(self, site: LiveSite, outcome: Outcome) -> None:
        match outcome:
            case Passed():
                site.hear_message(outcome.signed, Path.MULTICAST)
            case PassedFile():
                self.files[site.site.code][outcome.name] = outcome.content
            case Refused() if outcome.kept in SAID_ALOUD:
                site.fault(Fault(code=outcome.kept.value, what=outcome.why))
            case Refused():
                site.logged.append(outcome.why)

    def _watch(self, code: str) -> None:
        if not self._open:
            return
        for effect in self._vigils[code].tick(self._clock.now):
            if isinstance(effect, Fault) and code == HUB:
                self._house.record("silence", "wide band", {"what": effect.what})
                self._house.remark(f"The hub does not hear its own wide band: {effect.what}")
            elif isinstance(effect, Fault):
                self._house.sites[code].fault(effect)
