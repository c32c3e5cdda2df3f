"""The wide band as a site hears it: the FLUTE process, and a gate for each station behind it. Nothing forged leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from satwarn.adapters.air.flute import Complete, FluteReceiver
from satwarn.adapters.air.gate import Gate, Outcome, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one station's gate said."""

    station: int
    outcome: Outcome


class Reception:
    """Datagrams in, judged messages and files out."""

    def __init__(self, receiver: FluteReceiver, gates: Sequence[Gate]) -> None:
        self._receiver, self._gates = receiver, gates

    def push(self, datagram: bytes, stations: Iterable[int] = (0,), *, now: datetime) -> list[Judged]:
        """Have these stations hear a datagram."""
        return self._judge(self._receiver.push(datagram, stations), now)

    def poll(self, timeout_s: float, *, now: datetime) -> list[Judged]:
        """What the process's own socket brought within a time."""
        return self._judge(self._receiver.poll(timeout_s), now)

    def _judge(self, whole: list[Complete], now: datetime) -> list[Judged]:
        judged = []
        for complete in whole:
            for outcome in self._gates[complete.station].hear(complete.digest, complete.content, now=now):
                if isinstance(outcome, Refused) and outcome.again:
                    self._receiver.reopen(complete)
                judged.append(Judged(station=complete.station, outcome=outcome))
        return judged
