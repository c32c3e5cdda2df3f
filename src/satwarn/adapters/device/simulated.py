"""Devices of a drill: they carry the real samples, messages and pages, and some of them are broken.

A fault lives here and nowhere else. Nothing tells the house of it but what comes out at the far end.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from functools import partial
from typing import Any, Generic, Protocol

import numpy as np

from satwarn.adapters.device.relay import RelayModel
from satwarn.ledger.receipt import Cause
from satwarn.people.mail import Letter
from satwarn.people.ports import STOP, Far, Meant, Trouble
from satwarn.people.screen import Screen, text_of
from satwarn.people.sound import FULL_SCALE, RATE_HZ, Pcm

HORN_LAG = RATE_HZ // 8  # samples: amplifier, cable and 40 m of air
HORN_GAIN_SHIFT = 2  # a quarter of the level reaches the microphone


class Timer(Protocol):
    """Calls back later."""

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        """Have `call` happen `delay_s` seconds from now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated(Generic[Meant, Far]):
    """A Carrier on a clock: `way` says what comes out for what goes in, `takes_s` how long after. No way: it hangs.

    `sounding` holds what is not yet through, the last begun last.
    """

    clock: Timer
    way: Callable[[Meant], Far | Trouble] | None
    takes_s: Callable[[Meant], float]
    sounding: list[Callable[[Trouble], None]] = field(default_factory=list)

    def carry(self, meant: Meant, *, came_out: Callable[[Far | Trouble | None], None]) -> None:
        """Bring it to the far end (see people.ports.Carrier)."""
        way = self.way
        if way:
            self.sounding.append(came_out)
            self.clock.after(self.takes_s(meant), lambda: self._through(way, meant, came_out))

    def _through(
        self, way: Callable[[Meant], Far | Trouble], meant: Meant, came_out: Callable[[Far | Trouble | None], None]
    ) -> None:
        if came_out in self.sounding:
            self.sounding.remove(came_out)
            came_out(way(meant))

    def stop(self) -> None:
        """Nothing more comes out; what was under way is told so."""
        cut = [*self.sounding]
        self.sounding.clear()
        for came_out in cut:
            came_out(STOP)


# ── loudspeaker: samples in, samples at the microphone out ───────────────────────────────────────


def horn(samples: Pcm) -> Pcm:
    """Quieter and a little later."""
    out = np.zeros(samples.size + HORN_LAG, np.int16)
    out[HORN_LAG:] = samples >> HORN_GAIN_SHIFT
    return out


def _silent_horn(samples: Pcm) -> Pcm:
    return np.zeros_like(samples)


def _half_silent_horn(samples: Pcm) -> Pcm:
    out = horn(samples)
    out[out.size // 2 :] = 0
    return out


def _overdriven_horn(samples: Pcm) -> Pcm:
    return np.asarray(np.clip(samples.astype(np.int32) * 16, -FULL_SCALE, FULL_SCALE), np.int16)


def _humming_horn(samples: Pcm) -> Pcm:
    hum = 0.1 * FULL_SCALE * np.sin(2 * np.pi * 50 * np.arange(samples.size) / RATE_HZ)
    return hum.astype(np.int16)


# ── mail: a message in, what lies in the probe's mailbox out ─────────────────────────────────────


@dataclass(slots=True)
class Mailbox:
    """A mailbox in memory; messages lie in it as they came."""

    messages: list[bytes] = field(default_factory=list)

    def find(self, message_id: str) -> bytes:
        """The message with that Message-ID, b"" when there is none."""
        parsed = ((BytesParser(policy=SMTP).parsebytes(data, headersonly=True), data) for data in self.messages)
        return next((data for message, data in parsed if message["Message-ID"] == message_id), b"")


def _post(gateway: Callable[[bytes], bytes], letter: Letter) -> bytes:
    mailbox = Mailbox()
    delivered = gateway(letter.data)
    if delivered:
        mailbox.messages.append(delivered)
    return mailbox.find(letter.message_id)


def rewritten(data: bytes, *, written: str, labelled: str) -> bytes:
    """What a gateway makes that writes in one charset and labels another."""
    message = BytesParser(policy=SMTP).parsebytes(data)
    assert isinstance(message, EmailMessage)
    raw = str(message.get_content()).encode(written, errors="replace")
    message.set_payload(base64.encodebytes(raw).decode("ascii"))
    message.set_param("charset", labelled)
    return message.as_bytes()


def cut(data: bytes) -> bytes:
    message = BytesParser(policy=SMTP).parsebytes(data)
    assert isinstance(message, EmailMessage)
    text = str(message.get_content())
    raw = text[: len(text) // 3].encode()
    message.set_payload(base64.encodebytes(raw).decode("ascii"))
    return message.as_bytes()


def _dead_server(letter: Letter) -> Trouble:
    return Trouble(
        cause=Cause.PATH,
        detail="was not accepted: the mail server did not answer",
        next_step="start the mail server or correct its address, then send a test mail",
    )


# ── screen: a page in, the text on the display out ───────────────────────────────────────────────


def _display(charset: str, shown: Screen) -> tuple[str, ...]:
    return text_of(shown.page().encode().decode(charset, errors="replace"))


def _other_page(shown: Screen) -> tuple[str, ...]:
    return ("Welcome to the town hall",)


Way = Callable[[Any], Any] | None

# What each device does when all is well, then under each fault; None hangs. The names of the faults, where they strike
# unless told otherwise and what they stand for are in drill/faults.csv.
WAYS: Mapping[str, Mapping[str, Way]] = {
    "speaker": {
        "": horn,
        "speaker-silent": _silent_horn,
        "speaker-half-silent": _half_silent_horn,
        "speaker-clipped": _overdriven_horn,
        "speaker-hums": _humming_horn,
        "speaker-hangs": None,
    },
    "mail": {
        "": partial(_post, lambda data: data),
        "mail-garbled": partial(_post, partial(rewritten, written="iso-2022-jp", labelled="utf-8")),
        "mail-mislabelled": partial(_post, partial(rewritten, written="utf-8", labelled="iso-2022-jp")),
        "mail-cut": partial(_post, cut),
        "mail-not-sent": partial(_post, lambda data: b""),
        "mail-server-dead": _dead_server,
        "mail-hangs": None,
    },
    "screen": {
        "": partial(_display, "utf-8"),
        "screen-blank": lambda shown: (),
        "screen-garbled": partial(_display, "latin-1"),
        "screen-other-page": _other_page,
        "screen-hangs": None,
    },
    "relay": {
        "": RelayModel().run,
        "relay-without-power": RelayModel(supply=False).run,
        "relay-stuck-open": RelayModel(stuck=False).run,
        "relay-stuck-closed": RelayModel(stuck=True).run,
        "relay-hangs": None,
    },
}


def device(output: str, fault: str, *, clock: Timer, takes_s: Callable[[Any], float]) -> Simulated[Any, Any]:
    """A simulated device for an output, with a fault or ("") without."""
    return Simulated(clock=clock, way=WAYS[output][fault], takes_s=takes_s)
