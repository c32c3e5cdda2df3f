"""A loudspeaker that is always open: the signal starts within one buffer, the words follow when they are rendered.

Signals are rendered once, at start, and words by a process of their own, so that neither numpy nor a speech engine
lives in the receiver.
"""

import json
import subprocess
import sys
import threading
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from satwarn.adapters import clock
from satwarn.adapters.device.mouth import RATE_HZ, TRY_AGAIN_S, Mouth
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.ports import STOP, UNPROVEN_STEP, Done, Performance, Tried, Trouble, failed
from satwarn.people.tone import found, tone

BUFFER_MS = 40
RENDER_WITHIN_S = 120.0
GRACE_S = 30.0
OPENS_WITHIN_S = 60.0  # a sound server may come up later than the receiver
TONE_S = 2.0
KEYED_WITHIN_S = 16.0  # a busy console is waited for, then overridden (see modbus.BUSY_WITHIN_S)
LAG_S = 1.0  # until the far end has heard the last of it
TO_THE_DEVICE = "look into the log of the sound server and at the card, then test this site again"
VOICE = (sys.executable, "-m", "satwarn.app.receiver_voice")


def samples_of(file: Path) -> bytes:
    """The 16-bit samples of a WAV file of one channel."""
    with wave.open(str(file), "rb") as opened:
        return opened.readframes(opened.getnframes())


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
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _saying: str = ""
    _turn: int = 0  # counts what was begun and what was stopped: only the newest may still say something
    _turns: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        """Open the device and render the signals (in a process of its own); OSError or Missing when there is none."""
        self._open()  # first: a sound server takes its time until it asks for samples
        self._voice({"signals": str(self.folder), "recording": self.recording, "profile": self.profile})
        self._signals = {
            file.stem.removeprefix("signal-"): samples_of(file) for file in self.folder.glob("signal-*.wav")
        }

    def _open(self) -> None:
        with self._opening:
            if not self.file and not self.mouth:
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
            if begun := self.mouth is not None and self.key is None:
                self._open_mouth(signal)
        threading.Thread(target=self._work, args=(performance, signal, turn, begun, done), daemon=True).start()

    def _open_mouth(self, signal: bytes) -> None:
        assert self.mouth
        self.mouth.begin(bytes(2 * int(RATE_HZ * self.pre_start_s)) + signal, listen=bool(self.ear))
        self.mouth.revive()

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
        """Why it would fail now, "" when it would not: an open device asks for samples all the time.

        What is lost is opened again, so that the next probe may find it well.
        """
        if self.file:
            return ""
        if self.mouth is None:
            return "the sound device is not open"
        self.mouth.revive()
        if self.mouth.stands_still:
            why = (f"the sound device stands still for {self.mouth.still_s:.0f} s", self.mouth.why)
            return ": ".join(filter(None, why))
        return f"it sounds, but its ear hears nothing: {self.mouth.deaf}" if self.mouth.deaf else ""

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

    def _work(self, performance: Performance, signal: bytes, turn: int, begun: bool, done: Done) -> None:
        if self.mouth and self.key:
            self.key.keyed(KEYED_WITHIN_S)  # better said into a busy channel than not at all
            begun = self._if_its_turn(turn, lambda: self._open_mouth(signal))
        result = self._result(performance, len(signal) if begun else None, turn)
        if self.key:
            self._if_its_turn(turn, self.key.release)
        self.post(lambda: done(result))

    def _result(self, performance: Performance, said: int | None, turn: int) -> OutputResult:
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

    def _perform(self, performance: Performance, said: int | None, turn: int) -> Trouble | None:
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

    def _speak(self, whole: Path, heard: Path, said: int | None, turn: int) -> Trouble | None:
        mouth = self._awaited(turn)
        if mouth is None:
            return STOP
        if said is None:  # it was not open, or not rendered, when the warning came: now it says the whole
            said = 0
            self._if_its_turn(turn, lambda: self._open_mouth(b""))
        samples = samples_of(whole)
        self._if_its_turn(turn, lambda: mouth.say(samples[said:]))
        if lost := self._heard_out(mouth, turn):
            return lost
        if not self.ear or mouth.deaf or mouth.heard is None:
            detail = f"played to the end, but nothing listens at its far end: {mouth.deaf}".removesuffix(": ")
            return Trouble(cause=Cause.UNPROVEN, detail=detail, next_step=UNPROVEN_STEP)
        clock.wait(0.5)
        if self._turn != turn:
            return STOP
        # What was meant, with the pause there was until the words were ready.
        _write(whole, samples[:said] + bytes(mouth.gap) + samples[said:])
        _write(heard, b"".join(mouth.heard))
        mouth.heard = None
        return self._judge(whole, heard)

    def _awaited(self, turn: int) -> Mouth | None:
        """The mouth, opened now where it is not yet open; None when it was stopped before that; OSError after a while.

        A sound server that starts with the machine may come later than the warning.
        """
        until_s = clock.stopwatch() + OPENS_WITHIN_S
        while self._turn == turn:
            try:
                self._open()
                return self.mouth
            except OSError:
                if clock.stopwatch() > until_s:
                    raise
                clock.wait(TRY_AGAIN_S)
        return None

    def _heard_out(self, mouth: Mouth, turn: int) -> Trouble | None:
        """Wait until all is said; a device that is lost meanwhile is opened again, and its words go on there."""
        while self._turn == turn and mouth.busy:
            if mouth.still_s > OPENS_WITHIN_S:
                self._if_its_turn(turn, mouth.hush)  # nothing may burst out when it comes back some day
                detail = f"fell silent: the sound device stands still: {mouth.why}".removesuffix(": ")
                return Trouble(cause=Cause.DEVICE, detail=detail, next_step=TO_THE_DEVICE)
            mouth.revive()
            clock.wait(0.05)
        return STOP if self._turn != turn else None

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
