"""One thread writes the ledger: callers hand it work and wait; what waits together is committed together."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from satwarn.ledger.entry import Entry
from satwarn.ledger.ports import Ledger

MOST = 256
"""How many works share one commit at most."""

Job = Callable[[], Any]
Tell = Callable[[Entry], None]


class Writer:
    """Runs works one after the other on its own thread. `tell` is called there with every new entry, in order, before
    the next work begins; `committed` with those that have become durable; `forget` when a commit failed, so that
    whoever was told can start anew."""

    def __init__(
        self, ledger: Ledger, *, tell: Tell, committed: Callable[[list[Entry]], None], forget: Callable[[], None]
    ) -> None:
        self._ledger, self._tell, self._committed, self._forget = ledger, tell, committed, forget
        self._fresh: list[Entry] = []
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Any]] | None] = queue.SimpleQueue()
        self._told = 0
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    def start(self) -> None:
        """Tell what the ledger holds, then begin to take work."""
        self._catch_up()
        self._fresh = []
        self._thread.start()

    def submit(self, job: Job) -> Future[Any]:
        """Have a work done; the future is done when it is durable, or holds its error."""
        future: Future[Any] = Future()
        self._jobs.put((job, future))
        return future

    def stop(self) -> None:
        """Finish what waits, then stop."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch, ended = [first], False
            while len(batch) < MOST and not ended:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                ended = following is None
                if following is not None:
                    batch.append(following)
            self._commit(batch)
            if ended:
                return

    def _commit(self, batch: list[tuple[Job, Future[Any]]]) -> None:
        outcomes: list[Callable[[], None]] = []
        try:
            with self._ledger.group():
                outcomes = [self._one(job, future) for job, future in batch]
        except Exception as error:  # noqa: BLE001 - whatever kept the commit from the disk is every caller's answer
            self._forget()
            self._told = 0
            self._catch_up()
            self._fresh = []
            outcomes = [_failed(future, error) for _, future in batch]
        fresh, self._fresh = self._fresh, []
        self._committed(fresh)
        for answer in outcomes:
            answer()

    def _one(self, job: Job, future: Future[Any]) -> Callable[[], None]:
        try:
            result = job()
        except Exception as error:  # noqa: BLE001 - handed to the caller, who knows what to do with it
            return _failed(future, error)
        self._catch_up()
        return lambda: future.set_result(result)

    def _catch_up(self) -> None:
        for entry in self._ledger.since(self._told):
            self._tell(entry)
            self._told = entry.position
            self._fresh.append(entry)


def _failed(future: "Future[Any]", error: Exception) -> Callable[[], None]:
    return lambda: future.set_exception(error)
