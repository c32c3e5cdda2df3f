"""Begin and end of a warning by MQTT, with Home Assistant discovery. It only tells: nobody can sound a siren over it.

Events are never retained (a broker's restart would replay an alert), states and discovery are. Proof is the message
coming back from the broker to a subscription of our own. `active` is ON for a real warning alone: what acts by itself
must not act on a drill, which has a state of its own.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from satwarn.adapters import clock
from satwarn.adapters.device.address import host_and_port
from satwarn.adapters.device.event import Begun
from satwarn.errors import Missing
from satwarn.ledger.receipt import OutputResult, Proof
from satwarn.people.ports import Done, Performance, Tried, told_as_end

PORT = 1883
BACK_WITHIN_S = 15.0
EVENTS = ("real", "public-test", "exercise", "technical-test", "end")


def discovery(site: str, topic: str) -> dict[str, Any]:
    """Home Assistant's description of this receiver, retained at homeassistant/device/satwarn-SITE/config."""
    own = f"satwarn-{site}"
    return {
        "device": {"identifiers": [own], "name": f"Warning receiver {site}"},
        "origin": {"name": "satwarn"},
        "availability_topic": f"{topic}/{site}/status",
        "components": {
            "alert": {
                "platform": "event",
                "unique_id": f"{own}-alert",
                "name": "Warning",
                "event_types": list(EVENTS),
                "state_topic": f"{topic}/{site}/alert",
            },
            "active": {
                "platform": "binary_sensor",
                "unique_id": f"{own}-active",
                "name": "Real warning on",
                "device_class": "safety",
                "state_topic": f"{topic}/{site}/active",
            },
            "drill": {
                "platform": "binary_sensor",
                "unique_id": f"{own}-drill",
                "name": "Exercise or test on",
                "state_topic": f"{topic}/{site}/drill",
            },
        },
    }


@dataclass(slots=True, kw_only=True)
class Mqtt:
    """An Output (see people.ports) through a broker at `address` (host:port)."""

    name: str
    address: str
    topic: str
    site: str
    post: Callable[[Callable[[], None]], None]
    _client: Any = None
    _begun: Begun = field(init=False)
    _waiting: dict[bytes, Done] = field(default_factory=dict)
    _tries: dict[bytes, threading.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._begun = Begun(site=self.site)

    def prepare(self) -> None:
        """Connect and stay connected; OSError while nobody listens there."""
        try:
            from paho.mqtt.client import Client
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError as error:
            raise Missing("paho-mqtt is not installed", fix="pip install 'satwarn[receiver]'") from error
        host, port = host_and_port(self.address, PORT)
        client = Client(CallbackAPIVersion.VERSION2, client_id=f"satwarn-{self.site}")
        client.will_set(self._at("status"), "offline", qos=1, retain=True)
        client.on_connect = self._connected
        client.on_message = self._came_back
        client.connect(host, port)
        client.loop_start()
        self._client = client

    def close(self) -> None:
        """Say good-bye."""
        if self._client:
            self._client.publish(self._at("status"), "offline", qos=1, retain=True)
            self._client.disconnect()
            self._client.loop_stop()

    def probe(self) -> str:
        """Why it would fail now, "" when it would not."""
        return "" if self._client and self._client.is_connected() else f"no broker at {self.address}"

    def try_silently(self) -> Tried:
        """Send a word to a topic of its own and wait for it to come back from the broker."""
        if why := self.probe():
            return Tried(good=False, what=why)
        word, back = f"{clock.now().isoformat()}".encode(), threading.Event()
        self._tries[word] = back
        self._client.publish(self._at("probe"), word, qos=1)
        good = back.wait(BACK_WITHIN_S)
        self._tries.pop(word, None)
        return Tried(good=good, what="a word came back from the broker" if good else "the broker gave nothing back")

    def allowed_s(self, performance: Performance) -> float:
        """Until the message must be back."""
        return BACK_WITHIN_S

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Say that it begins; OSError without a broker."""
        if not self._client or not self._client.is_connected():
            raise OSError(self.probe())
        body = self._begun.begin(performance)
        if body is None:
            done(told_as_end(self.name))
            return
        self._waiting[body] = done
        self._client.publish(self._at("alert"), body, qos=1)
        self._say_what_is_on()

    def end(self, warning: str, *, how: str, last: bool) -> None:
        """Say that it is over, and how."""
        for body in self._begun.end(warning, how=how):
            if self._client:
                self._client.publish(self._at("alert"), body, qos=1)
        self._say_what_is_on()

    def _say_what_is_on(self) -> None:
        for leaf, real in (("active", True), ("drill", False)):
            if self._client:
                self._client.publish(self._at(leaf), "ON" if self._begun.on(real=real) else "OFF", qos=1, retain=True)

    def _at(self, leaf: str) -> str:
        return f"{self.topic}/{self.site}/{leaf}"

    def _connected(self, client: Any, *_: object) -> None:
        client.subscribe([(self._at("alert"), 1), (self._at("probe"), 1)])
        described = json.dumps(discovery(self.site, self.topic))
        client.publish(f"homeassistant/device/satwarn-{self.site}/config", described, qos=1, retain=True)
        client.publish(self._at("status"), "online", qos=1, retain=True)
        self._say_what_is_on()

    def _came_back(self, client: Any, userdata: object, message: Any) -> None:
        if back := self._tries.get(bytes(message.payload)):
            back.set()
        done = self._waiting.pop(bytes(message.payload), None)
        if done:
            result = OutputResult(output=self.name, proof=Proof.PROVEN)
            self.post(lambda: done(result))
