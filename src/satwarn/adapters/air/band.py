"""The wide band at one station: ear, FLUTE process and gate in a thread of their own, so that nothing else waits."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from satwarn.adapters import clock
from satwarn.adapters.air.flute import FluteReceiver
from satwarn.adapters.air.flute_process import scratch_folder
from satwarn.adapters.air.gate import Gate, LastHeard, Outcome, Refused
from satwarn.adapters.air.lct import SERVICE
from satwarn.adapters.air.limits import Limits
from satwarn.adapters.air.multicast import LOOPBACK, UdpEar, group_of
from satwarn.adapters.air.reception import Reception
from satwarn.alert.seal import Trust
from satwarn.errors import SatwarnError

POLL_S = 0.25
OPEN_AGAIN_S = 2.0


class Band:
    """Hears a group and hands on what the gate says, from its own thread, by `tell`. A network that is not there, or a
    process that will not stand, is tried again for ever; `why` says what is wrong, "" when all is well."""

    def __init__(
        self,
        address: str,
        *,
        trust: Trust,
        now: Callable[[], datetime],
        tell: Callable[[Outcome], None],
        interface: str = LOOPBACK,
        service: int = SERVICE,
        last: LastHeard | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._group, self._port = group_of(address)
        self._interface, self._service, self._limits = interface, service, limits or Limits()
        self._now, self._tell = now, tell
        self.gate = Gate(trust, last=last)
        self.why = "not yet opened"
        self.refused: Counter[str] = Counter()
        self.counts: dict[str, int] = {}
        self.pid, self.deaths = 0, 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wide band", daemon=True)

    @property
    def last_heartbeat(self) -> datetime | None:
        """When the newest heartbeat that was believed was sent."""
        return self.gate.last.sent

    def start(self) -> None:
        """Begin to hear."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and its process."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._hear()
            except (OSError, SatwarnError) as error:
                self.why = str(error)
            except Exception as error:  # noqa: BLE001 - whatever strangers' bytes did to it, it is said, and it goes on
                self.why = f"{type(error).__name__}: {error}"
            self._closing.wait(OPEN_AGAIN_S if self.why else 0)

    def _hear(self) -> None:
        ear = UdpEar(self._group, self._port, self._interface)
        try:
            with (
                scratch_folder() as place,
                FluteReceiver(
                    Path(place) / "station", service=self._service, limits=self._limits, socket=ear.fileno()
                ) as receiver,
            ):
                self._listen(receiver, Reception(receiver, [self.gate]))
        finally:
            ear.close()

    def _listen(self, receiver: FluteReceiver, reception: Reception) -> None:
        self.why = ""
        counted = clock.stopwatch()
        while not self._closing.is_set():
            for judged in reception.poll(POLL_S, now=self._now()):
                if isinstance(judged.outcome, Refused):
                    self.refused[judged.outcome.kept] += 1
                self._tell(judged.outcome)
            self.pid, self.deaths = receiver.pid, receiver.deaths
            if clock.stopwatch() - counted > OPEN_AGAIN_S:
                counted, self.counts = clock.stopwatch(), receiver.refresh()
