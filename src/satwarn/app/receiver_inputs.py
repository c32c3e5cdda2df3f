"""A receiver's inputs, plugged together from site.toml: contacts that tell of a fault, and buttons that stop it."""

from collections.abc import Callable, Iterator, Mapping

from satwarn.adapters import clock
from satwarn.adapters.device.sensed import HttpInput, Input, ModbusInput, MqttInput
from satwarn.app.receiver_settings import ReceiverSettings, Values
from satwarn.people.ports import Tried
from satwarn.receiver.button import Button, Stand

DEBOUNCE_S = 0.05
TOLD = {Stand.OPEN: "not pressed", Stand.PRESSED: "pressed", Stand.UNKNOWN: "not yet read"}


def _modbus(row: Values) -> Input:
    return ModbusInput(name=row["name"], address=row["address"], unit=row["unit"], number=row["number"])


def _http(row: Values) -> Input:
    return HttpInput(name=row["name"], address=row["address"], key=row["key"])


def _mqtt(row: Values) -> Input:
    return MqttInput(name=row["name"], address=row["address"], topic=row["topic"], key=row["key"])


MAKERS: Mapping[str, Callable[[Values], Input]] = {"modbus": _modbus, "http": _http, "mqtt": _mqtt}


class StopButton:
    """A button and the contact it is sensed by."""

    def __init__(self, row: Values) -> None:
        self.name, self._input = row["name"], MAKERS[row["kind"]](row)
        # What a broker brings is no bare contact: whatever sent it has let it settle, and may say it once.
        self._button = Button(pressed=row["pressed"], debounce_s=0.0 if row["kind"] == "mqtt" else DEBOUNCE_S)
        self._why = ""

    @property
    def stand(self) -> Stand:
        """How it stood when it was last read."""
        return self._button.stand

    def read(self) -> bool:
        """Read it now; whether somebody has pressed it since it was last read. May block, never raises."""
        try:
            values: list[str | None] = [*self._input.values()]
            self._why = ""
        except Exception as error:  # noqa: BLE001 - whatever a driver dies of, the others are read too
            values, self._why = [None], f"cannot be read: {error}"
        at_s = clock.stopwatch()
        presses = [self._button.feed(value, at_s=at_s) for value in values]
        return any(presses)

    def begin(self) -> None:
        """Read it as it stands now that there is something to stop: no press from before counts."""
        self.read()
        self._button.begin()

    def look(self) -> Tried:
        """How it stands, as it was last read; one that cannot be read or seems stuck is a fault."""
        if self._why:
            return Tried(good=False, what=self._why)
        if self._button.is_stuck(at_s=clock.stopwatch()):
            return Tried(good=False, what="stands pressed: it is stuck or shorted, and stops nothing")
        return Tried(good=True, what=TOLD[self.stand])

    def close(self) -> None:
        """Let go of what stays connected."""
        _close(self._input)


class Inputs:
    """Every input of a site."""

    def __init__(self, settings: ReceiverSettings) -> None:
        self._faults = [(row, MAKERS[row["kind"]](row)) for row in settings.inputs if row["does"] == "fault"]
        self.buttons = [StopButton(row) for row in settings.inputs if row["does"] == "stop"]

    def look(self) -> Iterator[tuple[str, Tried]]:
        """Each input's name and how it stands; what cannot be read is a fault too."""
        yield from ((button.name, button.look()) for button in self.buttons)
        for row, one in self._faults:
            try:
                value = one.read()
            except Exception as error:  # noqa: BLE001 - whatever a driver dies of, the others are read too
                yield one.name, Tried(good=False, what=f"cannot be read: {error}")
                continue
            good = value != row["fault"]
            yield one.name, Tried(good=good, what=f"says {value}" if good else row["means"] or f"says {value}")

    def close(self) -> None:
        """Let go of what stays connected."""
        for button in self.buttons:
            button.close()
        for _, one in self._faults:
            _close(one)


def _close(one: Input) -> None:
    if isinstance(one, MqttInput):
        one.close()
