"""The third-party alarm: whoever is configured is told at once that the glass was broken, and the ledger says whether.

It runs beside the warning and never holds it up: it is told of the deed after it is durable, on threads of its own.
"""

import json
import threading
from collections.abc import Callable, Sequence

from satwarn.adapters.post import Smtp, Unreached
from satwarn.alert.lifecycle import Deed
from satwarn.alert.purpose import PARAMETER
from satwarn.app.hub_settings import ThirdParty
from satwarn.app.realm import Realm
from satwarn.authority.alarm import Alarm
from satwarn.ledger.entry import Entry

WAITS_S: tuple[float, ...] = (2, 10, 30, 120, 600)
"""How long to wait after each failure; after the last it is given up, and stays shown."""


class ThirdParties:
    """Tells every third party of every breaking of the glass, once it is durable, until it is taken or given up."""

    def __init__(
        self,
        realm: Realm,
        parties: Sequence[ThirdParty],
        *,
        mail: Smtp | None,
        origin: str,
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self._realm, self.parties, self._mail, self._origin = realm, tuple(parties), mail, origin
        self.waits_s, self._stopped = tuple(waits_s), threading.Event()
        self._leave: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Take up what was not settled when the hub stopped, then listen."""
        self._leave = self._realm.listen(self._hear)
        for standing in list(self._realm.views.warnings.values()):
            if standing.review_open:
                for entry in self._realm.reader.of(standing.subject):
                    self._hear(entry)

    def stop(self) -> None:
        """Listen no more; what was not settled is taken up again by the next start."""
        self._leave()
        self._stopped.set()

    def _hear(self, entry: Entry) -> None:
        if entry.kind != Deed.GLASS:
            return
        settled = {
            (row.party, row.by)
            for row in self._realm.views.alarms_of(entry.subject)
            if row.number == entry.position and row.is_final
        }
        for party in self.parties:
            for by, tell in self._ways(party):
                if (party.name, by) not in settled:
                    work = threading.Thread(target=self._tell, args=(entry, party, by, tell), daemon=True)
                    work.start()

    def _ways(self, party: ThirdParty) -> list[tuple[str, Callable[[Alarm], None]]]:
        ways: list[tuple[str, Callable[[Alarm], None]]] = []
        mail, hook = self._mail, party.hook
        if party.mail and mail:
            ways.append(
                (
                    "mail",
                    lambda alarm: mail.send(party.mail, *alarm.letter(party.language), name=f"glass-{alarm.number}"),
                )
            )
        if hook:
            ways.append(("webhook", lambda alarm: hook.send(_body(alarm), number=str(alarm.number))))
        return ways

    def _tell(self, entry: Entry, party: ThirdParty, by: str, tell: Callable[[Alarm], None]) -> None:
        alarm = self._alarm(entry)
        for tried, wait_s in enumerate((*self.waits_s, 0.0), 1):
            try:
                tell(alarm)
            except Unreached as unreached:
                final = not unreached.again or tried > len(self.waits_s)
                self._note(entry, party, by, why=unreached.why, tried=tried, is_final=final)
                if final or self._stopped.wait(wait_s):
                    return
            else:
                self._note(entry, party, by, why="", tried=tried, is_final=True)
                return

    def _alarm(self, entry: Entry) -> Alarm:
        standing, zone = self._realm.views.warnings[entry.subject], self._realm.settings.zone
        info = standing.alert.infos[0]
        return Alarm(
            number=entry.position,
            subject=entry.subject,
            headline=info.headline or info.event,
            purpose=next(iter(standing.alert.parameters(PARAMETER)), ""),
            by=entry.actor,
            reason=str(entry.body.get("reason", "")),
            at=entry.time.astimezone(zone),
            link=f"{self._origin}/desk/w/{entry.subject}",
        )

    def _note(self, entry: Entry, party: ThirdParty, by: str, *, why: str, tried: int, is_final: bool) -> None:
        if self._stopped.is_set():
            return
        body = {
            "number": entry.position,
            "party": party.name,
            "by": by,
            "delivered": not why,
            "why": why[:300],
            "tried": tried,
            "final": is_final,
        }
        self._realm.submit(lambda: self._realm.record("alarm", entry.subject, body))


def _body(alarm: Alarm) -> bytes:
    return json.dumps(alarm.values(), ensure_ascii=False, sort_keys=True).encode()
