"""The simulated sites of a hub, their sky and their ground: told frames and messages, they hand back receipts."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from functools import cache, partial
from typing import Any

from satwarn.adapters.chance import stream
from satwarn.adapters.clock import VirtualClock
from satwarn.adapters.ground.local import LocalGround
from satwarn.alert.seal import Trust
from satwarn.app.outputs import Fitter, make_studio
from satwarn.app.site import LiveSite
from satwarn.hub.ports import Hear
from satwarn.ledger.receipt import Path
from satwarn.people.announcement import announce
from satwarn.receiver.effects import Warn
from satwarn.receiver.site import Site
from satwarn.satellite.sky import Sky

OUTPUTS = ("speaker", "screen", "mail")
LANGUAGES = ("ja", "en", "de", "ko")


class SimulatedSites:
    """A receiver at each of the codes. `on_receipt` is called with every receipt that comes back over the ground."""

    def __init__(self, codes: Iterable[str], trust: Trust, *, now: datetime, on_receipt: Hear) -> None:
        self._clock = VirtualClock(now)
        self._sky = Sky(loss=0.0, chance=stream(1, "sky"))
        self._ground = LocalGround(self._clock, loss=0.0, chance=stream(1, "ground"))
        self._ground.on_receipt(on_receipt)
        self._sites: dict[str, LiveSite] = {}
        fitter, speak = Fitter(self._clock, make_studio(), {}), _speaker()
        for code in codes:
            self._sites[code] = site = LiveSite(
                Site(code=code, outputs=OUTPUTS),
                trust=trust,
                clock=self._clock,
                speak=speak,
                watch=lambda event: None,
                outputs=fitter.fit(OUTPUTS, code),
            )
            site.join(self._ground.connect(code, partial(_hear, site)))

    def hear_frame(self, frame: bytes, *, at: datetime) -> None:
        """A frame leaves the satellites; it arrives a second and its way later."""
        for arrival in self._sky.carry(frame, at=at, listeners=tuple(self._sites)):
            for code in arrival.sites:
                self._clock.at(arrival.at, partial(self._sites[code].hear_frame, frame, arrival.satellite.prn))

    def hear_message(self, signed: bytes, *, until: datetime) -> None:
        """A signed message leaves on the ground path."""
        self._ground.publish(signed, until=until)

    def hear_carried(self, signed: bytes) -> None:
        """A signed message arrives whole by the wide band."""
        for site in self._sites.values():
            self._clock.after(0, partial(site.hear_message, signed, Path.MULTICAST))

    def turn(self, now: datetime) -> bool:
        """Let the next thing happen that is due by `now` (SatwarnError: it went wrong); False when there is none."""
        return self._clock.turn(now)

    def stand_at(self, now: datetime) -> None:
        """Let time pass in which nothing is due."""
        self._clock.run_until(now)

    def look(self, code: str) -> dict[str, Any]:
        """What one site is armed for, has said, logged and complained of, as JSON; KeyError: there is no such site."""
        site = self._sites[code]
        return {
            "code": code,
            "drills": [plan.drill for plan in site.memory.plans],
            "said": [[{**asdict(one), "lines": one.lines()} for one in said] for said in site.said],
            "receipts": [warned.receipt(code).to_json() for warned in site.memory.warnings.values()],
            "faults": site.faults,
            "logged": site.logged,
        }


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
