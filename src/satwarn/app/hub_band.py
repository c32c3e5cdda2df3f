"""The wide band of a hub: what it sends, its heartbeat, and what it hears of itself. Works in threads of its own.

The transmitter is a process (`adapters/air/band_sender`), started again when it dies. The hub listens to its own band
through the network, like any site, so that silence shows at the desk whatever causes it.
"""

import hashlib
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from satwarn.adapters import clock
from satwarn.adapters.air.band import Band
from satwarn.adapters.air.band_sender import BandSender, BandSettings, read_bandwidth
from satwarn.adapters.air.flute_process import scratch_folder
from satwarn.adapters.air.gate import Outcome, Passed
from satwarn.alert import cap
from satwarn.alert.alert import Alert, Severity
from satwarn.alert.heartbeat import EVERY, Heartbeat, heartbeat_alert
from satwarn.alert.seal import Trust
from satwarn.alert.supply import is_supply
from satwarn.errors import SatwarnError
from satwarn.receiver.effects import Fault
from satwarn.receiver.vigil import Vigil
from satwarn.uplink.carousel import Priority, priority_of, severity_of

BEAT = "heartbeat"
LOOK_S = 1.0
CAP_TYPE = "application/cap+xml"
OPEN_AGAIN_S = 5.0
SPOOL = Path("live") / "band"  # within a hub's data folder
CHANGED = timedelta(seconds=5)  # how soon a heartbeat says what has come aboard, or has left


def bandwidth_of(text: str) -> int:
    """Bits per second of `256k`, `1.5M` or `64000`; BadSetting outside 64k to 10M."""
    return read_bandwidth(text)


def band_settings(address: str, bandwidth: str, *, interface: str, ttl: int) -> BandSettings:
    """A wide band as people write it (`239.192.90.87:4011`, `256k`); BadSetting says what would do."""
    return BandSettings(address=address, bandwidth_bit_s=read_bandwidth(bandwidth), interface=interface, ttl=ttl)


class Spool:
    """What is aboard, as files: a message as <digest>.xml, any other as <digest>.bin; each whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.tidy(set())

    def keep(self, key: str, content: bytes, *, is_message: bool) -> None:
        """Put one there, or in the place of the one before; OSError when the disk will not have it."""
        new = self._folder / f".{key}.new"
        new.write_bytes(content)
        new.replace(self._folder / f"{key}.{'xml' if is_message else 'bin'}")

    def tidy(self, aboard: set[str]) -> None:
        """Take away what is no longer aboard."""
        for file in self._folder.iterdir():
            if file.stem not in aboard:
                file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """As whom the band speaks: `seal` signs, `position` is the ledger's, `note` writes down what happened to it, and
    `heard` is given every signed message that came back whole."""

    sender: str
    trust: Trust
    now: Callable[[], datetime]
    seal: Callable[[bytes], bytes]
    position: Callable[[], int]
    note: Callable[[str, str], object]
    heard: Callable[[Alert, bytes], object]


class HubBand:
    """Have signed alerts go round until they are over. `start` it, `stop` it; the verbs return at once.

    What is aboard also lies in the folder `spool`, heartbeat and all, for a second transmitter to send.
    """

    def __init__(self, settings: BandSettings, voice: Voice, *, spool: Path | None = None) -> None:
        self.settings, self._voice = settings, voice
        self._jobs: queue.SimpleQueue[Callable[[BandSender], None]] = queue.SimpleQueue()
        self._spool = Spool(spool) if spool else None
        self._messages: set[str] = set()
        self._told_aboard: set[str] = set()
        self._names: dict[str, str] = {}
        self._stopping = threading.Event()
        self._sending: Mapping[str, Any] = {}
        self._why, self._deaths = "not yet started", 0
        self.transmitter_pid = 0
        self._sent_beat: datetime | None = None
        self._vigil = Vigil(voice.now())
        self._silence = ""
        self.ear = Band(
            settings.address,
            interface=settings.interface,
            service=settings.service,
            trust=voice.trust,
            now=voice.now,
            tell=self._hear,
        )
        self._thread = threading.Thread(target=self._run, name="wide band transmitter", daemon=True)

    def start(self) -> None:
        """Begin to send and to listen."""
        self.ear.start()
        self._thread.start()

    def stop(self) -> None:
        """Send no more; ends both processes."""
        self._stopping.set()
        self._jobs.put(lambda sender: None)
        if self._thread.is_alive():
            self._thread.join()
        self.ear.close()

    def put(self, alert: Alert, signed: bytes, *, until: datetime) -> None:
        """Have a signed message go round until it is over."""
        work = partial(self._put, signed, CAP_TYPE, priority_of(alert), severity_of(alert), until)
        self._jobs.put(lambda sender: work(sender, message=alert.identifier))

    def put_file(self, content: bytes, *, mime_type: str, priority: Priority, until: datetime) -> None:
        """Have a file that a message names by its digest go round beside it."""
        self._jobs.put(partial(self._put, content, mime_type, priority, Severity.UNKNOWN, until))

    def withdraw(self, signed: bytes) -> None:
        """Take a message off; the next heartbeat no longer says that it is aboard, so none played again is believed."""
        self._jobs.put(partial(self._withdraw, hashlib.sha256(signed).hexdigest()))

    def state(self) -> dict[str, Any]:
        """What the desk, `/healthz` and `/metrics` tell of it."""
        heard, names = self.ear.last_heartbeat, {BEAT: BEAT, **self._names}
        return {
            "address": self.settings.address,
            "interface": self.settings.interface,
            "bandwidth_bit_s": self.settings.bandwidth_bit_s,
            "rate_bit_s": round(self._sending.get("rate_bit_s", 0)),
            "passes": self._sending.get("passes", 0),
            "aboard": [{"name": names.get(one["key"], ""), **one} for one in self._sending.get("aboard", ())],
            "heartbeat_sent": self._sent_beat.isoformat() if self._sent_beat else None,
            "heartbeat_heard": heard.isoformat() if heard else None,
            "deaths": self._deaths,
            "fault": self.fault(),
        }

    def fault(self) -> str:
        """Why the band may not be heard, "" when all is well."""
        return self._why or self._sending.get("why", "") or self._silence or (self.ear.why if self._sent_beat else "")

    # ── sending, in its own thread ───────────────────────────────────────────────────────────────

    def _run(self) -> None:
        with ExitStack() as stack:
            place = Path(stack.enter_context(scratch_folder()))
            sender: BandSender | None = None
            while not self._stopping.is_set():
                try:
                    if sender is None:
                        sender = BandSender(place, self.settings)
                        stack.callback(sender.close)
                    self._send(sender)
                except (OSError, SatwarnError) as error:
                    self._trouble(str(error))
                    self._stopping.wait(OPEN_AGAIN_S)

    def _send(self, sender: BandSender) -> None:
        self._why = ""
        looked = clock.stopwatch()
        while not self._stopping.is_set():
            self._beat_if_due(sender)
            try:
                job = self._jobs.get(timeout=max(0.0, looked + LOOK_S - clock.stopwatch()))
            except queue.Empty:
                looked = clock.stopwatch()
                self._look(sender)
            else:
                self._do(job, sender)

    def _do(self, job: Callable[[BandSender], None], sender: BandSender) -> None:
        try:
            job(sender)
        except SatwarnError as error:  # one object that cannot travel must not keep the others from it
            self._voice.note("fault", f"not on the wide band: {error}")

    def _look(self, sender: BandSender) -> None:
        self._sending, self.transmitter_pid = sender.state(), sender.pid
        if sender.deaths > self._deaths:
            self._deaths = sender.deaths
            self._voice.note("fault", "the wide band's transmitter died and was started again with all that was aboard")
        for effect in self._vigil.tick(self._voice.now()):
            self._silence = f"the hub does not hear its own wide band: {effect.what}"
            self._voice.note("silence" if isinstance(effect, Fault) else "log", self._silence)

    def _beat_if_due(self, sender: BandSender) -> None:
        """Once a minute, and soon after what is aboard has changed."""
        now, aboard = self._voice.now().replace(microsecond=0), self._messages & set(sender.aboard())
        due = EVERY if aboard == self._told_aboard else CHANGED
        if self._sent_beat and self._sent_beat <= now < self._sent_beat + due:
            return
        heartbeat = Heartbeat(sent=now, position=self._voice.position(), aboard=tuple(sorted(aboard)))
        signed = self._voice.seal(cap.write(heartbeat_alert(heartbeat, sender=self._voice.sender)))
        sender.put(
            BEAT,
            signed,
            mime_type=CAP_TYPE,
            priority=Priority.HEARTBEAT,
            severity=Severity.UNKNOWN,
            until=now + 2 * EVERY,
        )
        self._keep(BEAT, signed, is_message=True)
        self._tidy(sender)
        self._sent_beat, self._messages, self._told_aboard = now, aboard, set(aboard)

    def _put(
        self,
        content: bytes,
        mime_type: str,
        priority: Priority,
        severity: Severity,
        until: datetime,
        sender: BandSender,
        message: str = "",
    ) -> None:
        digest = hashlib.sha256(content).hexdigest()
        sender.put(digest, content, mime_type=mime_type, priority=priority, severity=severity, until=until)
        self._keep(digest, content, is_message=bool(message))
        if message:
            self._messages.add(digest)
            self._names = {key: name for key, name in self._names.items() if key in self._messages} | {digest: message}

    def _withdraw(self, digest: str, sender: BandSender) -> None:
        sender.withdraw(digest)
        self._tidy(sender)

    def _keep(self, key: str, content: bytes, *, is_message: bool) -> None:
        """For a second transmitter; a full disk costs only that one."""
        try:
            if self._spool:
                self._spool.keep(key, content, is_message=is_message)
        except OSError as error:
            self._voice.note("fault", f"the second transmitter does not get it: {error}")

    def _tidy(self, sender: BandSender) -> None:
        if self._spool:
            self._spool.tidy({BEAT, *sender.aboard()})

    def _trouble(self, why: str) -> None:
        if why != self._why:
            self._voice.note("fault", f"the wide band does not send: {why}")
        self._why = why

    # ── listening, in the ear's thread ───────────────────────────────────────────────────────────

    def _hear(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Passed) or is_supply(outcome.alert):  # simulated sites keep no supplies
            return
        if outcome.heartbeat is None:
            self._voice.heard(outcome.alert, outcome.signed)
            return
        for effect in self._vigil.hear(self._voice.now()):
            self._silence = ""
            self._voice.note("log", effect.what)
