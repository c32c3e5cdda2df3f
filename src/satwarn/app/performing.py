"""One warning on all outputs of a site, performed side by side, so that none waits for another."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Cause, OutputResult
from satwarn.people.ports import Output, Performance, Trouble, failed, stopped


class Timer(Protocol):
    """Calls back later."""

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        """Have `call` happen `delay_s` seconds from now."""
        ...


class Performing:
    """One warning on all outputs of a site; `finish` is called once, when each has reported or is late."""

    def __init__(
        self,
        outputs: Sequence[Output],
        performance: Performance,
        *,
        clock: Timer,
        finish: Callable[[tuple[OutputResult, ...]], None],
    ) -> None:
        self._outputs, self._performance, self._clock, self._finish = outputs, performance, clock, finish
        self._results: dict[str, OutputResult] = {}
        self._stopped = False

    @property
    def warning(self) -> str:
        """What it is about."""
        return self._performance.warning

    @property
    def is_real(self) -> bool:
        """Whether it is no drill and no test."""
        return self._performance.purpose is Purpose.REAL

    def begin(self) -> None:
        """Start every output; each is on its own from here."""
        if not self._outputs:
            self._finish(())
        for output in self._outputs:
            self._clock.after(0, partial(self._start, output))

    def stop(self) -> None:
        """What has not begun does not begin any more; what has is told by `silence`."""
        self._stopped = True

    def _start(self, output: Output) -> None:
        if self._stopped:
            self._done(stopped(output.name))
            return
        try:
            output.begin(self._performance, done=self._done)
            self._clock.after(output.allowed_s(self._performance), partial(self._done, _late(output.name)))
        except Exception as error:  # noqa: BLE001 - whatever one device dies of, the others go on
            self._done(_died(output.name, error))

    def _done(self, result: OutputResult) -> None:
        if result.output in self._results:
            return
        self._results[result.output] = result
        if len(self._results) == len(self._outputs):
            self._finish(tuple(self._results[output.name] for output in self._outputs))


def silence(outputs: Iterable[Output], warning: str, *, how: str, last: bool) -> list[str]:
    """Tell every output that a warning ("": all) is over, whatever another one dies of; what failed comes back."""
    wrong = []
    for output in outputs:
        try:
            output.end(warning, how=how, last=last)
        except Exception as error:  # noqa: BLE001 - as above: a siren must not go on because a broker is away
            wrong.append(f"{output.name} could not be told to fall silent: {error}")
    return wrong


def _late(output: str) -> OutputResult:
    trouble = Trouble(
        cause=Cause.LATE,
        detail="did not report back in time",
        next_step="restart the device, check what it is connected to, then test this site again",
    )
    return failed(output, trouble)


def _died(output: str, error: Exception) -> OutputResult:
    trouble = Trouble(
        cause=Cause.DEVICE,
        detail=f"stopped with an error: {error}",
        next_step="look into the device's own log, restart it, then test this site again",
    )
    return failed(output, trouble)
