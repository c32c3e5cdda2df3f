"""The wide band of a running receiver: what it brings goes to the box, and its silence is a fault."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from satwarn.adapters.air.band import Band
from satwarn.adapters.air.gate import Kept, LastHeard, Outcome, Passed, PassedFile, Refused
from satwarn.adapters.memory import MemoryFile
from satwarn.adapters.resident import memory_mb
from satwarn.alert.supply import is_supply
from satwarn.app.receiver_box import Box
from satwarn.app.receiver_files import ReceiverFiles
from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.app.receiver_supplies import ReceiverSupplies
from satwarn.errors import BadMessage
from satwarn.ledger.receipt import Path
from satwarn.receiver.effects import Fault
from satwarn.receiver.vigil import Vigil

SAID_ALOUD = {Kept.SIGNATURE: "signature", Kept.CLOCK: "clock", Kept.REPLAY: "replay"}
KEEP_EVERY = timedelta(minutes=10)  # a card is not to be worn out by a heartbeat a minute
FORGERIES_KNOWN = 256


class ReceiverBand:
    """Hears the wide band for one box. `post` hands a call to the box's loop; `now` is the time believed."""

    def __init__(
        self,
        settings: ReceiverSettings,
        box: Box,
        supplies: ReceiverSupplies,
        *,
        now: Callable[[], datetime],
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        values = settings.multicast
        self._box, self._supplies, self._now = box, supplies, now
        self.address = values["address"]
        self.files = ReceiverFiles(settings.folder / "files", box.note)
        self._file = MemoryFile(settings.folder / "band.json")
        self._kept_at, self._kept = now(), self._recall()
        self._told: dict[str, None] = {}
        self._vigil = Vigil(now(), lasts=timedelta(minutes=values["silence_minutes"]))
        self.silence = ""
        self.band = Band(
            self.address,
            interface=values["interface"],
            trust=box.trust,
            now=now,
            tell=lambda outcome: post(partial(self._hear, outcome)),
            last=self._kept,
        )

    def start(self) -> None:
        """Begin to hear."""
        self.band.start()

    def close(self) -> None:
        """End its thread and its process."""
        self.band.close()

    def tick(self) -> None:
        """Time has passed: is it silent?"""
        for effect in self._vigil.tick(self._now()):
            self.silence = effect.what
            self._box.note("fault" if isinstance(effect, Fault) else "log", f"multicast: {effect.what}")

    def faults(self) -> dict[str, str]:
        """What is wrong with it now, by code."""
        if self.band.why and self.band.why != "not yet opened":
            return {"multicast": self.band.why}
        return {"multicast": self.silence} if self.silence else {}

    def state(self) -> dict[str, Any]:
        """What the status tells of it; the memory of its process is its own and stands apart from the receiver's."""
        last = self.band.last_heartbeat
        return {
            "address": self.address,
            "fault": next(iter(self.faults().values()), ""),
            "last_heartbeat": last.isoformat() if last else None,
            "datagrams": self.band.counts.get("heard", 0),
            "refused": dict(self.band.refused),
            "files": self.files.state(),
            "process": {"pid": self.band.pid, "deaths": self.band.deaths, "memory_mb": memory_mb(self.band.pid)},
        }

    def _hear(self, outcome: Outcome) -> None:
        match outcome:
            case Passed() if outcome.heartbeat:
                self._beat()
            case Passed() if is_supply(outcome.alert):
                self._supplies.hear(outcome.alert, valid=outcome.valid)
            case Passed():
                self._box.hear_message(outcome.signed, Path.MULTICAST)
                self.files.expect(outcome.alert)
            case PassedFile():
                self._supplies.file(outcome.content)
                self.files.take(outcome.name, outcome.content)
            case Refused() if outcome.kept in SAID_ALOUD:
                self._say(outcome)

    def _beat(self) -> None:
        for effect in self._vigil.hear(self._now()):
            self.silence = ""
            self._box.note("log", effect.what)
        last = self.band.gate.last
        if last.aboard != self._kept.aboard or self._now() - self._kept_at >= KEEP_EVERY:
            self._keep(last)

    def _say(self, refused: Refused) -> None:
        """A fault, once for each object: a forgery goes round as we do."""
        if refused.digest in self._told:
            return
        self._told[refused.digest] = None
        while len(self._told) > FORGERIES_KNOWN:
            del self._told[next(iter(self._told))]
        self._box.fault(SAID_ALOUD[refused.kept], f"on the wide band: {refused.why}")

    def _keep(self, last: LastHeard) -> None:
        self._kept, self._kept_at = last, self._now()
        sent = last.sent.isoformat() if last.sent else None
        try:
            self._file.keep(json.dumps({"position": last.position, "sent": sent, "aboard": sorted(last.aboard)}))
        except OSError as error:
            self._box.fault("memory", f"what the wide band said last cannot be kept: {error}")

    def _recall(self) -> LastHeard:
        try:
            kept = json.loads(self._file.read() or "{}")
            sent = datetime.fromisoformat(kept["sent"]) if kept.get("sent") else None
            return LastHeard(position=kept.get("position", -1), sent=sent, aboard=frozenset(kept.get("aboard", ())))
        except (BadMessage, ValueError) as error:
            self._file.set_aside()
            self._box.fault("memory", f"what the wide band said last is damaged: {error}")
            return LastHeard()
