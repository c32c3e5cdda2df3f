"""A loudspeaker that is always open: the signal starts within one buffer, the words follow when they are rendered.

Signals are rendered once, at start, and words by a process of their own, so that neither numpy nor a speech engine
lives in the receiver. The device streams silence between warnings: its loss is noticed before it is needed.
"""

import json
import subprocess
import sys
import threading
import wave
from array import array
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from satwarn.adapters import clock
from satwarn.errors import Missing
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.ports import STOP, UNPROVEN_STEP, Done, Performance, Tried, Trouble, failed
from satwarn.people.tone import found, tone

RATE_HZ = 22_050  # that of people.sound, which brings numpy; a test holds them together
BUFFER_MS = 40
RENDER_WITHIN_S = 120.0
GRACE_S = 30.0
STILL_S = 10.0
TONE_S = 2.0
KEYED_WITHIN_S = 16.0  # a busy console is waited for, then overridden (see modbus.BUSY_WITHIN_S)
LAG_S = 1.0  # until the far end has heard the last of it
VOICE = (sys.executable, "-m", "satwarn.app.receiver_voice")


def samples_of(file: Path) -> bytes:
    """The 16-bit samples of a WAV file of one channel."""
    with wave.open(str(file), "rb") as opened:
        return opened.readframes(opened.getnframes())


class Mouth:
    """The device: plays what it is given, in order, and silence in between."""

    def __init__(self, backends: tuple[str, ...], ear: str, buffer_ms: int) -> None:
        self._audio = _miniaudio()
        self._waiting: list[bytes] = []
        self._lock = threading.Lock()
        self.heard: list[bytes] | None = None
        self._overheard: list[bytes] | None = None
        self.first_sample_s: float | None = None
        self.pulled_s = clock.stopwatch()
        self.begun = 0  # how often a performance has begun
        self.gap = 0  # bytes of silence between the first sample and the last one played so far
        self._idle = 0
        chosen = [self._audio.Backend[name] for name in backends]
        form = {"nchannels": 1, "sample_rate": RATE_HZ, "buffersize_msec": buffer_ms, "backends": chosen}
        self._out = self._audio.PlaybackDevice(
            output_format=self._audio.SampleFormat.SIGNED16, app_name="satwarn", **form
        )
        self._in = self._listen(form, chosen, ear) if ear else None
        self._out.start(_started(self._feed()))

    def _listen(self, form: dict[str, Any], chosen: list[Any], ear: str) -> Any:
        found = [one["id"] for one in self._audio.Devices(chosen).get_captures() if ear in one["name"]]
        if not found:
            raise self._audio.MiniaudioError(f"no capture device is called {ear!r}")
        device = self._audio.CaptureDevice(
            input_format=self._audio.SampleFormat.SIGNED16, device_id=found[0], app_name="satwarn", **form
        )
        device.start(_started(self._hear()))
        return device

    def say(self, samples: bytes) -> None:
        """Play this after what is already waiting."""
        with self._lock:
            self._waiting.append(samples)

    def begin(self, samples: bytes, *, listen: bool) -> None:
        """Play this now, instead of whatever is waiting, and begin to count and to listen."""
        self.hush()
        with self._lock:
            self.begun += 1
            self.gap = self._idle = 0
            self.first_sample_s = None
            self.heard = [] if listen else None
            self._waiting.append(samples)

    def hush(self) -> None:
        """Play nothing more."""
        with self._lock:
            self._waiting.clear()

    def overhear(self, samples: bytes, *, longer_s: float) -> bytes | None:
        """Play this while nothing else is played, and return what the ear heard; None when a warning came between."""
        with self._lock:
            if self._waiting:
                return None
            self._waiting.append(samples)
            begun, self._overheard = self.begun, []
        until_s = clock.stopwatch() + len(samples) / 2 / RATE_HZ + STILL_S
        while self._waiting and begun == self.begun and clock.stopwatch() < until_s:
            clock.wait(0.02)  # a device that was just opened takes its time before it asks for samples
        clock.wait(longer_s)
        heard, self._overheard = self._overheard or [], None
        with self._lock:
            if begun != self.begun:
                return None
            self._waiting.clear()
        return b"".join(heard)

    @property
    def busy(self) -> bool:
        """Whether anything is left to play."""
        return bool(self._waiting)

    def close(self) -> None:
        """Let the device go."""
        self._out.close()
        if self._in:
            self._in.close()

    def _take(self, wanted: int) -> bytes:
        with self._lock:
            taken = b""
            while self._waiting and len(taken) < wanted:
                piece = self._waiting[0][: wanted - len(taken)]
                taken += piece
                self._waiting[0] = self._waiting[0][len(piece) :]
                if not self._waiting[0]:
                    self._waiting.pop(0)
            if taken:
                self.gap = self._idle
                self.first_sample_s = self.first_sample_s or clock.stopwatch()
            if self.first_sample_s is not None:
                self._idle += wanted - len(taken)
        return taken + bytes(wanted - len(taken))

    def _feed(self) -> Generator[bytes, int, None]:
        wanted = yield b""
        while True:
            self.pulled_s = clock.stopwatch()
            wanted = yield self._take(2 * wanted)

    def _hear(self) -> Generator[None, bytes, None]:
        while True:
            data = yield
            for kept in (self.heard, self._overheard):
                if kept is not None:
                    kept.append(bytes(data))


def _started(generator: Generator[Any, Any, None]) -> Generator[Any, Any, None]:
    next(generator)
    return generator


def _miniaudio() -> ModuleType:
    """miniaudio without numpy, which it takes along where it finds it: 14 MB that a receiver has no use for."""
    kept = sys.modules.get("numpy")
    if kept is None:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # Python's own way to say: not to be imported
    try:
        import miniaudio
    except ImportError as error:
        raise Missing("miniaudio is not installed", fix="pip install 'satwarn[receiver]'") from error
    finally:
        if kept is None:
            del sys.modules["numpy"]
    found: ModuleType = miniaudio
    return found


class Key(Protocol):
    """What must hold before anybody hears us: the contact of a radio console."""

    def keyed(self, within_s: float) -> bool:
        """Wait until it holds; whether it did in time."""
        ...

    def release(self) -> None:
        """Let it go: all has been said."""
        ...


@dataclass(slots=True, kw_only=True)
class Siren:
    """An Output (see people.ports) on this machine's sound, or into a WAV file at `file`.

    `signal_of` names the opening signal of a performance; `ear` is part of a capture device's name, "" proves nothing.
    With a `key` it speaks once that holds (a busy console is waited for), or after KEYED_WITHIN_S all the same.
    """

    name: str
    folder: Path
    signal_of: Callable[[Performance], str]
    post: Callable[[Callable[[], None]], None]
    backends: tuple[str, ...] = ()
    ear: str = ""
    recording: str = ""
    profile: str = "own"
    file: str = ""
    key: Key | None = None
    pre_start_s: float = 0.0
    buffer_ms: int = BUFFER_MS
    tone_hz: float = 9800.0
    tone_level: float = 0.01
    mouth: Mouth | None = None
    _signals: dict[str, bytes] = field(default_factory=dict)
    _saying: str = ""
    _turn: int = 0  # counts what was begun and what was stopped: only the newest may still say something
    _turns: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        """Render the signals (in a process of its own) and open the device; Missing when there is none."""
        self._voice({"signals": str(self.folder), "recording": self.recording, "profile": self.profile})
        self._signals = {
            file.stem.removeprefix("signal-"): samples_of(file) for file in self.folder.glob("signal-*.wav")
        }
        if not self.file:
            self.mouth = Mouth(self.backends, self.ear, self.buffer_ms)

    def allowed_s(self, performance: Performance) -> float:
        """Long enough for every word at the slowest, and the grace."""
        letters = sum(len(line) for said in performance.announcements for line in said.lines())
        return 60.0 + 0.35 * letters + GRACE_S

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Start the signal now; the words follow from another thread."""
        signal = self._signals.get(self.signal_of(performance), b"")
        with self._turns:
            self._turn, self._saying = self._turn + 1, performance.warning
            turn = self._turn
            if self.mouth and self.key is None:
                self._open_mouth(self.mouth, signal)
        threading.Thread(target=self._work, args=(performance, signal, turn, done), daemon=True).start()

    def _open_mouth(self, mouth: Mouth, signal: bytes) -> None:
        mouth.begin(bytes(2 * int(RATE_HZ * self.pre_start_s)) + signal, listen=bool(self.ear))

    def _if_its_turn(self, turn: int, act: Callable[[], None]) -> bool:
        """Do it unless it was stopped, or something newer has begun; a stop cannot come between."""
        with self._turns:
            if self._turn != turn:
                return False
            act()
            return True

    def end(self, warning: str, *, how: str, last: bool) -> None:
        """Fall silent, if it is speaking of that warning ("" of whatever)."""
        with self._turns:
            if warning in ("", self._saying):
                self._turn, self._saying = self._turn + 1, ""
                if self.mouth:
                    self.mouth.hush()

    def close(self) -> None:
        """Let the device go."""
        if self.mouth:
            self.mouth.close()

    def probe(self) -> str:
        """Why it would fail now, "" when it would not: an open device asks for samples all the time."""
        if self.file:
            return ""
        if self.mouth is None:
            return "the sound device is not open"
        still_s = clock.stopwatch() - self.mouth.pulled_s
        return f"the sound device stands still for {still_s:.0f} s" if still_s > STILL_S else ""

    def try_silently(self) -> Tried:
        """Play a tone that hardly anybody hears, and look for it in what the ear hears.

        A warning is never kept waiting: it takes the place of the tone.
        """
        if self.file or not self.mouth or not self.ear:
            return Tried(good=None, what="nothing listens at its far end")
        samples = tone(self.tone_hz, self.tone_level, TONE_S, rate_hz=RATE_HZ)
        heard = self.mouth.overhear(samples, longer_s=LAG_S)
        if heard is None:
            return Tried(good=None, what="a warning came between")
        seconds = found(heard, self.tone_hz, rate_hz=RATE_HZ)
        what = f"a tone of {self.tone_hz:.0f} Hz was heard for {seconds:.1f} of {TONE_S:.1f} s"
        if seconds >= TONE_S / 2:
            return Tried(good=True, what=what)
        return Tried(good=False, what=f"{what}: check amplifier, cable and horn on the spot")

    def _work(self, performance: Performance, signal: bytes, turn: int, done: Done) -> None:
        if (mouth := self.mouth) and self.key:
            self.key.keyed(KEYED_WITHIN_S)  # better said into a busy channel than not at all
            self._if_its_turn(turn, lambda: self._open_mouth(mouth, signal))
        result = self._result(performance, len(signal), turn)
        if self.key:
            self._if_its_turn(turn, self.key.release)
        self.post(lambda: done(result))

    def _result(self, performance: Performance, said: int, turn: int) -> OutputResult:
        try:
            trouble = self._perform(performance, said, turn)
        except (OSError, subprocess.SubprocessError, wave.Error, KeyError, ValueError) as error:
            detail = f"could not say the words: {error}"
            trouble = Trouble(
                cause=Cause.DEVICE, detail=detail, next_step="look into its log, then test this site again"
            )
        if trouble is None:
            return OutputResult(output=self.name, proof=Proof.PROVEN)
        if trouble.cause is Cause.UNPROVEN:
            return OutputResult(
                output=self.name,
                proof=Proof.UNPROVEN,
                cause=Cause.UNPROVEN,
                detail=trouble.detail,
                next_step=trouble.next_step,
            )
        return failed(self.name, trouble)

    def _perform(self, performance: Performance, said: int, turn: int) -> Trouble | None:
        whole = self.folder / f"{self.name}-programme-{turn}.wav"
        heard = self.folder / f"{self.name}-heard-{turn}.wav"
        try:
            self._voice({"programme": str(whole), "signal": self.signal_of(performance), **_plain(performance)})
            if self.file:
                if not self._if_its_turn(turn, lambda: _copy(whole, Path(self.file))):
                    return STOP
                return self._judge(whole, Path(self.file))
            return self._speak(whole, heard, said, turn)
        finally:
            whole.unlink(missing_ok=True)
            heard.unlink(missing_ok=True)

    def _speak(self, whole: Path, heard: Path, said: int, turn: int) -> Trouble | None:
        mouth = self.mouth
        assert mouth
        samples = samples_of(whole)
        self._if_its_turn(turn, lambda: mouth.say(samples[said:]))
        while self._turn == turn and mouth.busy:
            clock.wait(0.05)
        if self._turn != turn:
            return STOP
        if not self.ear or mouth.heard is None:
            detail = "played to the end, but nothing listens at its far end"
            return Trouble(cause=Cause.UNPROVEN, detail=detail, next_step=UNPROVEN_STEP)
        clock.wait(0.5)
        if self._turn != turn:
            return STOP
        # What was meant, with the pause there was until the words were ready.
        _write(whole, samples[:said] + bytes(mouth.gap) + samples[said:])
        _write(heard, b"".join(mouth.heard))
        mouth.heard = None
        return self._judge(whole, heard)

    def _judge(self, meant: Path, heard: Path) -> Trouble | None:
        answer = self._voice({"meant": str(meant), "heard": str(heard)})
        if not answer.get("trouble"):
            return None
        return Trouble(cause=Cause(answer["cause"]), detail=answer["trouble"], next_step=answer["next_step"])

    def _voice(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Ask the voice process, which has numpy and the speech engines, and ends when it has answered."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ran = subprocess.run(  # noqa: S603 - our own module, a list, no shell
            VOICE, input=json.dumps(asked).encode(), capture_output=True, timeout=RENDER_WITHIN_S, check=True
        )
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer


def _plain(performance: Performance) -> dict[str, Any]:
    return {
        "purpose": performance.purpose.value,
        "announcements": [{"language": said.language, "lines": said.lines()} for said in performance.announcements],
    }


def _copy(one: Path, other: Path) -> None:
    other.write_bytes(one.read_bytes())


def _write(file: Path, samples: bytes) -> None:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(array("h", samples).tobytes())
