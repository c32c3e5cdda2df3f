"""A receiver's fault inputs, plugged together from site.toml: each is read every few seconds."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from satwarn.adapters.device.sensed import HttpInput, Input, ModbusInput, MqttInput
from satwarn.app.receiver_settings import ReceiverSettings, Values
from satwarn.people.ports import Tried


def _modbus(row: Values) -> Input:
    return ModbusInput(name=row["name"], address=row["address"], unit=row["unit"], number=row["number"])


def _http(row: Values) -> Input:
    return HttpInput(name=row["name"], address=row["address"], key=row["key"])


def _mqtt(row: Values) -> Input:
    return MqttInput(name=row["name"], address=row["address"], topic=row["topic"], key=row["key"])


MAKERS: Mapping[str, Callable[[Values], Input]] = {"modbus": _modbus, "http": _http, "mqtt": _mqtt}


class Inputs:
    """Every fault input of a site."""

    def __init__(self, settings: ReceiverSettings) -> None:
        self._rows: Sequence[tuple[Values, Input]] = [(row, MAKERS[row["kind"]](row)) for row in settings.inputs]

    def look(self) -> Iterator[tuple[str, Tried]]:
        """Each input's name and how it stands; what cannot be read is a fault too."""
        for row, one in self._rows:
            try:
                value = one.read()
            except Exception as error:  # noqa: BLE001 - whatever a driver dies of, the others are read too
                yield one.name, Tried(good=False, what=f"cannot be read: {error}")
                continue
            good = value != row["fault"]
            yield one.name, Tried(good=good, what=f"says {value}" if good else row["means"] or f"says {value}")

    def close(self) -> None:
        """Let go of what stays connected."""
        for _, one in self._rows:
            if isinstance(one, MqttInput):
                one.close()
