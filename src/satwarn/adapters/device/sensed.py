"""What others sense for us: an amplifier's fault contact, a stop button, by Modbus/TCP, HTTP or MQTT. Only read."""

import json
import threading
import urllib.request
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from satwarn.adapters.device.address import host_and_port
from satwarn.adapters.device.modbus import connected, sensed
from satwarn.errors import Missing

ANSWERS_WITHIN_S = 3.0
LONGEST = 65536
MQTT_PORT = 1883
MEANWHILE = 64


class Input(Protocol):
    """One thing that is read."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def read(self) -> str:
        """Its value as text; OSError when it cannot be read."""
        ...

    def values(self) -> Sequence[str]:
        """Its value now, after those it had meanwhile where it is told of each; OSError when it cannot be read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusInput:
    """A discrete input of the device at `address` (host:port): "1" closed, "0" open."""

    name: str
    address: str
    unit: int
    number: int

    def read(self) -> str:
        """See Input."""
        with connected(self.address) as client:
            return str(int(sensed(client, self.number, self.unit)))

    def values(self) -> Sequence[str]:
        """See Input."""
        return (self.read(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpInput:
    """What a GET of `address` answers: its text, or of a JSON object the value under `key`."""

    name: str
    address: str
    key: str = ""

    def read(self) -> str:
        """See Input."""
        with urllib.request.urlopen(self.address, timeout=ANSWERS_WITHIN_S) as answer:  # noqa: S310 - a site's setting
            return _value(answer.read(LONGEST), self.key)

    def values(self) -> Sequence[str]:
        """See Input."""
        return (self.read(),)


@dataclass(slots=True, kw_only=True)
class MqttInput:
    """What was last said on `topic` of the broker at `address` (host:port); nothing said, or no broker, is no value."""

    name: str
    address: str
    topic: str
    key: str = ""
    _said: bytes | None = None
    _client: Any = None
    _heard: threading.Event = field(default_factory=threading.Event)
    _meanwhile: deque[bytes] = field(default_factory=lambda: deque(maxlen=MEANWHILE))

    def read(self) -> str:
        """See Input."""
        if self._client is None:
            self._open()
        self._heard.wait(ANSWERS_WITHIN_S)  # after the first time it is set: the newest word is there already
        if not self._client.is_connected():
            raise OSError(f"no broker at {self.address}")
        if self._said is None:
            raise OSError(f"nothing was said on {self.topic}")
        return _value(self._said, self.key)

    def values(self) -> Sequence[str]:
        """See Input; a press that is over before anybody looks is told all the same."""
        now = self.read()
        meanwhile = [self._meanwhile.popleft() for _ in range(len(self._meanwhile))]
        return (*(_value(said, self.key) for said in meanwhile), now)

    def close(self) -> None:
        """Let the broker go."""
        if self._client:
            self._client.disconnect()
            self._client.loop_stop()

    def _open(self) -> None:
        try:
            from paho.mqtt.client import Client
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError as error:
            raise Missing("paho-mqtt is not installed", fix="pip install 'satwarn[receiver]'") from error
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe(self.topic, qos=1)
        self._client.on_message = self._take
        self._client.connect_async(*host_and_port(self.address, MQTT_PORT))
        self._client.loop_start()

    def _take(self, client: Any, userdata: object, message: Any) -> None:
        self._said = bytes(message.payload)
        if not message.retain:  # a broker's memory is what it says now, not something that happened
            self._meanwhile.append(self._said)
        self._heard.set()


def _value(said: bytes, key: str) -> str:
    if not key:
        return said.decode(errors="replace").strip()
    try:
        value = json.loads(said)[key]
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(f"says nothing of {key!r}: {error}") from None
    return value if isinstance(value, str) else json.dumps(value)
