"""A transmitter and a receiver of the wide band by themselves, as a provider of satellite IP multicast runs them."""

import hashlib
import mimetypes
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from satwarn.adapters import clock
from satwarn.adapters.air.band import Band
from satwarn.adapters.air.band_sender import BandSender, BandSettings
from satwarn.adapters.air.flute_process import check_installed, scratch_folder
from satwarn.adapters.air.gate import Outcome, Passed, PassedFile, Refused
from satwarn.adapters.air.limits import Limits
from satwarn.alert import cap, seal
from satwarn.alert.alert import Severity
from satwarn.alert.heartbeat import EVERY, Heartbeat, heartbeat_alert, heartbeat_of
from satwarn.alert.naming import name_of, vouched_for
from satwarn.alert.seal import Trust
from satwarn.app.hub_band import BEAT, CAP_TYPE
from satwarn.errors import BadMessage, BadSetting, Missing, SatwarnError
from satwarn.uplink.carousel import Priority, priority_of, severity_of

LOOK_S = 1.0
LASTS = timedelta(days=1)  # what does not say until when goes round so long, while it lies in the folder
SUFFIXES = {".xml", ".cap"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One file of the folder as it goes out: a signed message, or a file that one of them names by its digest."""

    name: str
    content: bytes
    mime_type: str
    priority: Priority
    severity: Severity
    until: datetime
    is_message: bool
    is_heartbeat: bool = False

    @property
    def digest(self) -> str:
        """SHA-256, hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True)
class Folder:
    """A folder of signed messages (*.xml, *.cap) and files beside them, read again whenever something changes.

    `troubles` says of each file that is not sent why: no message, over, or named by nobody.
    """

    place: Path
    now: Callable[[], datetime] = clock.now
    troubles: dict[str, str] = field(default_factory=dict)
    _seen: tuple[tuple[str, int, int], ...] = ()
    _loaded: tuple[Loaded, ...] = ()

    def load(self) -> tuple[Loaded, ...]:
        """What is to go round now; Missing where there is no such folder."""
        if not self.place.is_dir():
            raise Missing("there is no such folder", where=str(self.place))
        files = sorted(one for one in self.place.iterdir() if one.is_file() and not one.name.startswith("."))
        seen = tuple((one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in files)
        if seen != self._seen:
            self._seen, self._loaded = seen, tuple(self._read(files))
        return tuple(one for one in self._loaded if one.until > self.now())

    def _read(self, files: Sequence[Path]) -> Iterator[Loaded]:
        self.troubles, named = {}, set[str]()
        for file in files:
            if file.suffix.lower() in SUFFIXES and (loaded := self._message(file)):
                named |= vouched_for(cap.read(loaded.content).alert)
                yield loaded
        for file in files:
            if file.suffix.lower() in SUFFIXES:
                continue
            content = file.read_bytes()
            if name_of(content) in named:
                yield self._loaded_file(file, content)
            else:
                self.troubles[file.name] = "no message here names it by its digest (resource uri ni:///sha-256;...)"

    def _message(self, file: Path) -> Loaded | None:
        content = file.read_bytes()
        try:
            alert = cap.read(content).alert
            priority, severity = priority_of(alert), severity_of(alert)
            is_heartbeat = heartbeat_of(alert) is not None
        except (BadMessage, SatwarnError) as error:
            self.troubles[file.name] = str(error).splitlines()[0]
            return None
        if b"Signature" not in content:
            self.troubles[file.name] = "it is not signed: no receiver would take it (satwarn alert sign)"
            return None
        expires = [info.expires for info in alert.infos if info.expires]
        until = max(expires) if expires else self.now() + LASTS
        if until <= self.now():
            self.troubles[file.name] = f"it expired at {until.isoformat()}"
            return None
        return Loaded(
            name=file.name,
            content=content,
            mime_type=CAP_TYPE,
            priority=priority,
            severity=severity,
            until=until,
            is_message=True,
            is_heartbeat=is_heartbeat,
        )

    def _loaded_file(self, file: Path, content: bytes) -> Loaded:
        return Loaded(
            name=file.name,
            content=content,
            mime_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            priority=Priority.DATA,
            severity=Severity.UNKNOWN,
            until=self.now() + LASTS,
            is_message=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs the heartbeat of a folder that brings none of its own."""

    sender: str
    key_pem: bytes
    certificate_pem: bytes

    def heartbeat(self, aboard: Sequence[str], *, now: datetime) -> bytes:
        """A heartbeat at position 0: a hub's own, which has a ledger, always counts for more."""
        beat = Heartbeat(sent=now.replace(microsecond=0), position=0, aboard=tuple(sorted(aboard)))
        written = cap.write(heartbeat_alert(beat, sender=self.sender))
        return seal.sign(written, key_pem=self.key_pem, certificate_pem=self.certificate_pem)


class Sending:
    """Has a folder go round: what is new in it goes at once, what is gone from it or over leaves."""

    def __init__(self, folder: Folder, settings: BandSettings, *, signer: Signer | None = None) -> None:
        check_installed()
        self._folder, self._settings, self._signer = folder, settings, signer
        self._aboard: dict[str, Loaded] = {}
        self._beat_at: datetime | None = None
        self._told: frozenset[str] = frozenset()

    def run(self, tell: Callable[[Mapping[str, Any]], bool]) -> None:
        """Send until `tell`, asked about once a second with the state, says that it is enough."""
        with scratch_folder() as place, closing(BandSender(Path(place), self._settings)) as sender:
            while True:
                self._take(sender)
                state = sender.state()
                if not tell({**self._named(state), "deaths": sender.deaths, "not_sent": self._folder.troubles}):
                    return
                clock.wait(LOOK_S)

    def _take(self, sender: BandSender) -> None:
        wanted = {BEAT if one.is_heartbeat else one.digest: one for one in self._folder.load()}
        for key in self._aboard.keys() - wanted.keys():
            sender.withdraw(key)
        for key, one in wanted.items():
            if self._aboard.get(key) != one:
                sender.put(
                    key,
                    one.content,
                    mime_type=one.mime_type,
                    priority=one.priority,
                    severity=one.severity,
                    until=one.until,
                )
        self._aboard = wanted
        if self._signer and BEAT not in wanted:
            self._beat(sender, self._signer)

    def _beat(self, sender: BandSender, signer: Signer) -> None:
        now, aboard = clock.now(), frozenset(one.digest for one in self._aboard.values() if one.is_message)
        if self._beat_at and self._beat_at <= now < self._beat_at + EVERY and aboard == self._told:
            return
        signed = signer.heartbeat(sorted(aboard), now=now)
        sender.put(
            BEAT,
            signed,
            mime_type=CAP_TYPE,
            priority=Priority.HEARTBEAT,
            severity=Severity.UNKNOWN,
            until=now + 2 * EVERY,
        )
        self._beat_at, self._told = now, aboard

    def _named(self, state: Mapping[str, Any]) -> dict[str, Any]:
        names = {key: one.name for key, one in self._aboard.items()}
        return {**state, "aboard": [{"name": names.get(one["key"], BEAT), **one} for one in state["aboard"]]}


class Listening:
    """Hears a group and keeps what its gate lets out: each message and file under its digest, whole or not at all."""

    def __init__(self, address: str, *, interface: str, trust: Trust, out: Path, object_bytes: int) -> None:
        check_installed()
        out.mkdir(parents=True, exist_ok=True)
        self._out, self._outcomes = out, queue.SimpleQueue[Outcome]()
        self._types: dict[str, str] = {}
        self.band = Band(
            address,
            interface=interface,
            trust=trust,
            now=clock.now,
            tell=self._outcomes.put,
            limits=Limits(object_bytes=object_bytes, disk_bytes=max(16 << 20, 4 * object_bytes)),
        )

    def run(self, tell: Callable[[Mapping[str, Any] | None], bool]) -> None:
        """Tell of each outcome, and with None about once a second, until told that it is enough."""
        self.band.start()
        try:
            while True:
                try:
                    said: Mapping[str, Any] | None = self._keep(self._outcomes.get(timeout=LOOK_S))
                except queue.Empty:
                    said = None
                if not tell(said):
                    return
        finally:
            self.band.close()

    def _keep(self, outcome: Outcome) -> dict[str, Any]:
        match outcome:
            case Passed():
                return self._keep_message(outcome)
            case PassedFile():
                digest = hashlib.sha256(outcome.content).hexdigest()
                suffix = mimetypes.guess_extension(self._types.get(outcome.name, "")) or ".bin"
                return {"kind": "file", "digest": digest, "file": self._write(digest, suffix, outcome.content)}
            case Refused():
                return {"kind": "refused", "digest": outcome.digest, "why": outcome.why, "as": outcome.kept.value}

    def _keep_message(self, passed: Passed) -> dict[str, Any]:
        alert = passed.alert
        if passed.heartbeat:
            beat = passed.heartbeat
            return {"kind": "heartbeat", "sent": beat.sent.isoformat(), "aboard": list(beat.aboard)}
        self._types |= {one.uri: one.mime_type for info in alert.infos for one in info.resources}
        return {
            "kind": "message",
            "digest": passed.digest,
            "file": self._write(passed.digest, ".xml", passed.signed),
            "sender": alert.sender,
            "identifier": alert.identifier,
            "sent": alert.sent.isoformat(),
            "status": alert.status.value,
            "headline": next((info.headline or info.event for info in alert.infos), ""),
            "certificate_expired": not passed.valid,
        }

    def _write(self, digest: str, suffix: str, content: bytes) -> str:
        file = self._out / f"{digest[:32]}{suffix}"
        new = self._out / f".{digest[:32]}.new"
        new.write_bytes(content)
        new.replace(file)
        return str(file)


def stop_on_signal() -> threading.Event:
    """Set when somebody wants it to end (Ctrl-C, SIGTERM)."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def over_after(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds have passed from now; never for 0."""
    ends = clock.stopwatch() + seconds
    return lambda: bool(seconds) and clock.stopwatch() >= ends


def trust_in(pairs: Sequence[str]) -> Trust:
    """`SENDER=FILE.pem`, several; BadSetting or Missing say which is wrong."""
    read = []
    for pair in pairs:
        sender, equals, file = pair.partition("=")
        if not (sender and equals and file):
            raise BadSetting(f"{pair!r}", where="--trust", fix="SENDER=FILE.pem")
        try:
            read.append((sender, Path(file).read_bytes()))
        except OSError as error:
            raise Missing(f"cannot be read: {error.strerror}", where=file) from None
    return Trust.of(read)
