"""The wide band of a drill: one carousel, and one FLUTE process that listens for every simulated site.

FLUTE works at the speed of the machine; when a datagram is on the air, and so when an object is whole at a site, is
what the carousel's schedule says on the drill's clock. The hub listens to its own band, so that silence shows at the
desk.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path as Folder
from typing import TYPE_CHECKING, Any

from satwarn.adapters.air.flute import FluteReceiver, FluteSender
from satwarn.adapters.air.flute_process import check_installed, scratch_folder
from satwarn.adapters.air.gate import Gate, Kept, Outcome, Passed, PassedFile, Refused
from satwarn.adapters.air.lct import SERVICE, session_of
from satwarn.adapters.air.local import LocalAir
from satwarn.adapters.air.reception import Judged, Reception
from satwarn.adapters.air.transmit import Transmitter
from satwarn.adapters.chance import stream
from satwarn.adapters.keys import make_signing_key
from satwarn.alert import cap
from satwarn.alert.alert import Severity
from satwarn.alert.heartbeat import EVERY, Heartbeat, heartbeat_alert
from satwarn.alert.naming import name_of
from satwarn.alert.supply import SupplyKind, is_supply, supply_alert
from satwarn.app.receiver_supplies import check_texts
from satwarn.app.site import LiveSite
from satwarn.authority.desk import Issued
from satwarn.ledger.receipt import Path
from satwarn.people.language import language
from satwarn.receiver.effects import Fault, Log
from satwarn.receiver.supplies import Supplies
from satwarn.receiver.vigil import Vigil
from satwarn.uplink.carousel import Carousel, Emission, Item, Priority, priority_of, severity_of

if TYPE_CHECKING:
    from satwarn.app.system import House

__all__ = ["WideBand", "check_installed"]

SUPPLIES_AFTER_S = 60.0
SUPPLY_LASTS = timedelta(days=30)
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
        self._gates = [Gate(house.trust) for _ in self._listeners]
        self.reception = Reception(self._receiver, self._gates)
        self.air = LocalAir(loss=house.settings.loss, chance=stream(house.settings.seed, "wideband"))
        self._ears = [self.air.join() for _ in self._listeners]
        self.air.faults.deaf |= {n for n, code in enumerate(house.sites) if Path.MULTICAST in house.cut.get(code, ())}
        self._vigils = {code: Vigil(self._clock.now) for code in self._listeners}
        self.transmitter = Transmitter(
            self._clock, Carousel(bandwidth_bit_s=house.settings.bandwidth_bit_s), self._send
        )
        self._sessions: dict[str, int] = {}
        checked = cache(check_texts)  # every site gets the same: one look is enough
        self.supplies = {code: Supplies(house.trust, check_texts=checked) for code in house.sites}
        self.supplied: list[tuple[SupplyKind, int]] = []
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
        self._house.remark(SIMULATED.format(kbit=self._house.settings.bandwidth_bit_s / 1000))
        self._beat()
        self._clock.after(SUPPLIES_AFTER_S, self._supply)
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

    def _supply(self) -> None:
        """One of each: a certificate to change to, and a text worded anew; the report says who took them."""
        sender = self._house.scenario.said.sender
        spare = make_signing_key(sender, now=self._clock.now, valid_days=400).certificate_pem.ljust(1024, b"\n")
        texts = f'[sentence.system-test]\nheadline = "{language("en").sentence("system-test").headline}"\n'
        for kind, name, content in (
            (SupplyKind.TRUST, sender, spare),
            (SupplyKind.LANGUAGE, "en", texts.encode()),
        ):
            if self._open:
                self._send_supply(kind, name, content)

    def _send_supply(self, kind: SupplyKind, name: str, content: bytes) -> None:
        now, until = self._clock.now.replace(microsecond=0), self._house.scenario.times.ends
        entry = self._house.record("send supply", f"supply/{kind}", {"kind": kind.value, "file": name_of(content)})
        alert = supply_alert(
            kind,
            {name: content},
            serial=entry.position,
            mime_type="text/plain",
            identifier=f"supply-{entry.position}",
            sender=self._house.scenario.said.sender,
            sent=now,
            expires=now + SUPPLY_LASTS,
        )
        self.supplied.append((kind, entry.position))
        for one in (self._house.seal(cap.write(alert)), content):
            self._put(one, Priority.DATA, Severity.UNKNOWN, until=until)

    def told(self) -> dict[str, Any]:
        """What the report says of the band: how fast it was, and who took which supply."""
        return {
            "bandwidth_bit_s": self._house.settings.bandwidth_bit_s,
            "supplies": [
                {
                    "kind": kind.value,
                    "serial": serial,
                    "took": len(self.supplies) - len(missing),
                    "missing": missing,
                }
                for kind, serial in self.supplied
                for missing in [[code for code, one in self.supplies.items() if not _has(one, kind, serial)]]
            ],
        }

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
            case Passed() if is_supply(outcome.alert):
                alert, valid = outcome.alert, outcome.valid
                self._take(site, lambda supplies: supplies.hear(alert, valid=valid))
            case Passed():
                site.hear_message(outcome.signed, Path.MULTICAST)
            case PassedFile():
                content = outcome.content
                self._take(site, lambda supplies: supplies.file(content))
            case Refused() if outcome.kept in SAID_ALOUD:
                site.fault(Fault(code=outcome.kept.value, what=outcome.why))
            case Refused():
                site.logged.append(outcome.why)

    def _take(self, site: LiveSite, hear: Callable[[Supplies], list[Fault | Log]]) -> None:
        supplies, code = self.supplies[site.site.code], site.site.code
        before = supplies.kept.anchors
        for effect in hear(supplies):
            if isinstance(effect, Fault):
                site.fault(effect)
            else:
                site.logged.append(effect.what)
        if supplies.kept.anchors != before:
            site.believe(supplies.trust)
            self._gates[self._listeners.index(code)].believe(supplies.trust)

    def _watch(self, code: str) -> None:
        if not self._open:
            return
        for effect in self._vigils[code].tick(self._clock.now):
            if isinstance(effect, Fault) and code == HUB:
                self._house.record("silence", "wide band", {"what": effect.what})
                self._house.remark(f"The hub does not hear its own wide band: {effect.what}")
            elif isinstance(effect, Fault):
                self._house.sites[code].fault(effect)


def _has(supplies: Supplies, kind: SupplyKind, serial: int) -> bool:
    return any(
        heard.whole and heard.serial == serial for heard in supplies.kept.heard.values() if heard.supply.kind is kind
    )
