"""Real devices block; each gets a thread of its own, so that none holds up another."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from satwarn.ledger.receipt import Cause
from satwarn.people.ports import Far, Meant, Trouble


def at_once(call: Callable[[], None]) -> None:
    """Call in the device's own thread."""
    call()


@dataclass(frozen=True, slots=True, kw_only=True)
class InThread(Generic[Meant, Far]):
    """A Carrier around a blocking `way`; `post` hands the answer to the thread that owns the receiver."""

    way: Callable[[Meant], Far | Trouble | None]
    post: Callable[[Callable[[], None]], None] = at_once

    def carry(self, meant: Meant, *, came_out: Callable[[Far | Trouble | None], None]) -> None:
        """Bring it to the far end (see people.ports.Carrier)."""

        def work() -> None:
            far = self._try(meant)
            self.post(lambda: came_out(far))

        threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        """What it carries (a letter, a page) is there at once or not at all: nothing is left to stop."""

    def _try(self, meant: Meant) -> Far | Trouble | None:
        try:
            return self.way(meant)
        except Exception as error:  # noqa: BLE001 - whatever a driver dies of, somebody must be told
            return Trouble(
                cause=Cause.DEVICE,
                detail=f"stopped with an error: {error}",
                next_step="look into the device's own log, restart it, then test this site again",
            )
