"""A contact behind Modbus/TCP (siren, beacon, the pre-start of a radio console), and the input that senses it.

The protocol has no security of its own: a network of its own, please. ON is written once and read back, never repeated
blindly; OFF is written when it is over, and first of all after a new connection.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from satwarn.adapters import clock
from satwarn.adapters.device.address import host_and_port
from satwarn.errors import Missing
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.ports import UNPROVEN_STEP, Done, Performance, Tried, Trouble, failed, stopped

PORT = 502
ANSWERS_WITHIN_S = 3.0
SWITCHES_WITHIN_S = 5.0
BUSY_WITHIN_S = 10.0
LOOK_AGAIN_S = 0.1
OFF_AGAIN_S, OFF_TRIES = 1.0, 3600
CHECK = "check fuse, cable and contact, then test this site again"


@dataclass(slots=True, kw_only=True)
class Contact:
    """An Output (see people.ports): one coil at `address` (host:port), sensed at a discrete input, -1 for none.

    `busy` is an input that says that somebody else speaks (a radio console): it is waited for, then overridden. `fault`
    is an input that says that what the coil drives is broken (an amplifier's fault contact).
    """

    name: str
    address: str
    unit: int
    coil: int
    sense: int
    busy: int
    post: Callable[[Callable[[], None]], None]
    fault: int = -1
    _lock: threading.Lock = field(default_factory=threading.Lock)
    keys: bool = False  # whether it keys the console that another output speaks into
    _wanted: bool = False
    _on: bool = False
    _closed: threading.Event = field(default_factory=threading.Event)

    def allowed_s(self, performance: Performance) -> float:
        """The wait for a busy console, and the switching."""
        return BUSY_WITHIN_S + SWITCHES_WITHIN_S + 3 * ANSWERS_WITHIN_S

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Close the contact; for the words of an end it stays open, unless it keys what says them."""
        self._wanted = self.keys or not performance.how
        threading.Thread(target=self._work, args=(self._wanted, done), daemon=True).start()

    def end(self, warning: str, *, how: str, last: bool) -> None:
        """Open the contact, unless another warning still wants it closed."""
        if last:
            self.release()

    def keyed(self, within_s: float) -> bool:
        """Wait until the contact is closed or cannot be, for whoever must not speak before; whether it was in time."""
        return self._closed.wait(within_s)

    def release(self) -> None:
        """Open the contact now: what waits for a console waits no longer."""
        self._wanted = False
        threading.Thread(target=self._off, daemon=True).start()

    def prepare(self) -> None:
        """Open the contact first of all, whatever it was; OSError while nobody listens there."""
        with self._lock:
            self._switch(on=False)

    def probe(self) -> str:
        """Why it would fail now, "" when it would not: the inputs are read, nothing is switched."""
        try:
            with self._lock, self._client() as client:
                if self.fault >= 0 and sensed(client, self.fault, self.unit):
                    return "its fault contact is closed: look at what it drives (amplifier, siren)"
                if not self._on and _heard(client.read_coils(self.coil, count=1, device_id=self.unit)).bits[0]:
                    return "its coil stands closed, though nothing is on"
                if not self._on and self.sense >= 0 and sensed(client, self.sense, self.unit):
                    return "its contact is closed, though nothing is on: it may be stuck"
        except OSError as error:
            return f"cannot be read: {error}"
        return ""

    def try_silently(self) -> Tried:
        """Read the coil and the contact; nothing is switched."""
        if why := self.probe():
            return Tried(good=False, what=why)
        if self.sense < 0:
            return Tried(good=None, what="answers, but nothing senses the contact")
        return Tried(good=True, what="the contact stands as it should")

    def _work(self, on: bool, done: Done) -> None:
        try:
            with self._lock:
                result = self._switch(on=on)
        except OSError as error:
            trouble = Trouble(cause=Cause.PATH, detail=f"could not be reached: {error}", next_step=CHECK)
            result = failed(self.name, trouble)
        self._closed.set()  # or it cannot be closed: whoever waits has waited long enough
        self.post(lambda: done(result))

    def _off(self) -> None:
        """Open it, again and again while nobody answers: a siren must not go on because a cable was loose just then."""
        for _ in range(OFF_TRIES):
            if self._wanted:
                return
            try:
                with self._lock:
                    self._switch(on=False)
            except OSError:
                clock.wait(OFF_AGAIN_S)
            else:
                return

    def _client(self) -> Any:
        return connected(self.address)

    def _switch(self, *, on: bool) -> OutputResult:
        self._on = on
        self._closed.clear()
        with self._client() as client:
            if on and self.busy >= 0:
                _wait(lambda: not self._wanted or not sensed(client, self.busy, self.unit), BUSY_WITHIN_S)
            if on and not self._wanted:
                return self._given_up(client)
            _heard(client.write_coil(self.coil, on, device_id=self.unit))
            stands = _heard(client.read_coils(self.coil, count=1, device_id=self.unit)).bits[0]
            if stands is not on:
                return failed(self.name, Trouble(cause=Cause.DEVICE, detail="did not switch its coil", next_step=CHECK))
            if on:
                self._closed.set()
            if self.sense < 0:
                return OutputResult(
                    output=self.name,
                    proof=Proof.UNPROVEN,
                    cause=Cause.UNPROVEN,
                    detail="switched its coil, but nothing senses the contact",
                    next_step=UNPROVEN_STEP,
                )
            follows = _wait(
                lambda: self._overtaken(on) or sensed(client, self.sense, self.unit) is on, SWITCHES_WITHIN_S
            )
            if on and not self._wanted:
                return self._given_up(client)
            if follows:
                return OutputResult(output=self.name, proof=Proof.PROVEN)
        trouble = Trouble(
            cause=Cause.POWER, detail="switched its coil, but the contact did not follow", next_step=CHECK
        )
        return failed(self.name, trouble)

    def _overtaken(self, on: bool) -> bool:
        return on and not self._wanted

    def _given_up(self, client: Any) -> OutputResult:
        """It was stopped meanwhile: the coil is opened before anything else is looked at."""
        self._on = False
        _heard(client.write_coil(self.coil, False, device_id=self.unit))
        return stopped(self.name)


def connected(address: str) -> Any:
    """A client of the device at host:port; OSError when nobody answers."""
    try:
        from pymodbus.client import ModbusTcpClient
    except ImportError as error:
        raise Missing("pymodbus is not installed", fix="pip install 'satwarn[receiver]'") from error
    host, port = host_and_port(address, PORT)
    client = ModbusTcpClient(host, port=port, timeout=ANSWERS_WITHIN_S)
    if not client.connect():  # type: ignore[no-untyped-call]  # pymodbus types all but this
        raise OSError(f"nobody answers at {address}")
    return client


def sensed(client: Any, number: int, unit: int) -> bool:
    """Whether a discrete input is closed; OSError when the device refuses to say."""
    return bool(_heard(client.read_discrete_inputs(number, count=1, device_id=unit)).bits[0])


def _heard(answer: Any) -> Any:
    """The answer; a refusal comes as a value, not as an exception."""
    if answer.isError():
        raise OSError(f"it refused: {answer}")
    return answer


def _wait(until: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time."""
    ends = clock.stopwatch() + seconds
    while not until():
        if clock.stopwatch() > ends:
            return False
        clock.wait(LOOK_AGAIN_S)
    return True
