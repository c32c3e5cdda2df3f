"""The wide band as a site hears it: the FLUTE process, and a gate for each station behind it. Nothing forged leaves."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from satwarn.adapters.air.flute import Complete, FluteReceiver
from satwarn.adapters.air.gate import Gate, Outcome, Refused

MOST_WHOLE = 4096  # sessions of which it is known who has them: a heartbeat a minute must not fill the memory
REOPEN_AFTER = timedelta(seconds=20)  # a forgery goes round as we do: it must not cost us a decoding every time


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one station's gate said."""

    station: int
    outcome: Outcome


class Reception:
    """Datagrams in, judged messages and files out. A session whose object was forged is heard again after a while."""

    def __init__(self, receiver: FluteReceiver, gates: Sequence[Gate]) -> None:
        self._receiver, self._gates = receiver, gates
        self._whole: OrderedDict[int, set[int]] = OrderedDict()
        self._shut: list[tuple[datetime, Complete]] = []

    def whole_at(self, tsi: int) -> frozenset[int]:
        """The stations at which the object of a session came whole and was not refused as forged."""
        return frozenset(self._whole.get(tsi, ()))

    def push(self, datagram: bytes, stations: Iterable[int] = (0,), *, now: datetime) -> list[Judged]:
        """Have these stations hear a datagram."""
        self._reopen(now)
        return self._judge(self._receiver.push(datagram, stations), now)

    def poll(self, timeout_s: float, *, now: datetime) -> list[Judged]:
        """What the process's own socket brought within a time."""
        self._reopen(now)
        return self._judge(self._receiver.poll(timeout_s), now)

    def _reopen(self, now: datetime) -> None:
        # A clock that fell back must not keep shut what would be open by now.
        while self._shut and not now < self._shut[0][0] <= now + REOPEN_AFTER:
            self._receiver.reopen(self._shut.pop(0)[1])

    def _judge(self, whole: list[Complete], now: datetime) -> list[Judged]:
        judged = []
        for complete in whole:
            self._whole.setdefault(complete.tsi, set()).add(complete.station)
            while len(self._whole) > MOST_WHOLE:
                self._whole.popitem(last=False)
            for outcome in self._gates[complete.station].hear(complete.digest, complete.content, now=now):
                if isinstance(outcome, Refused) and outcome.again:
                    self._whole[complete.tsi].discard(complete.station)
                    self._shut.append((now + REOPEN_AFTER, complete))
                judged.append(Judged(station=complete.station, outcome=outcome))
        return judged
