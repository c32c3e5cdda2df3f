"""The mouth and the ear of a loudspeaker: a device that is always open, and opened again when it is lost.

It streams silence between warnings, so that its loss is noticed before it is needed: a sound server that was started
anew or a card that was pulled asks for nothing any more. What was waiting then goes on at the new device.
"""

import sys
import threading
from collections.abc import Generator
from types import ModuleType
from typing import Any

from satwarn.adapters import clock
from satwarn.errors import Missing

RATE_HZ = 22_050  # that of people.sound, which brings numpy; a test holds them together
STILL_S = 5.0  # a device just opened may take 2 s before it asks again (PulseAudio's null sink renders so far ahead)
TRY_AGAIN_S = 1.0
EAR_CHANNELS = 2  # mixed here: PipeWire makes one channel of two by adding them up, 3 dB too loud, and cut off


class Mouth:
    """The device: plays what it is given, in order, and silence in between; OSError where there is none.

    `backends` are miniaudio's names, () = whatever is there but its null device, which nobody hears; `ear` is part of
    a capture device's name, "" for none. An ear that is not there is told by `deaf` and costs no sound.
    """

    def __init__(self, backends: tuple[str, ...], ear: str, buffer_ms: int) -> None:
        self._audio = _miniaudio()
        self._ear = ear
        self._chosen = [self._audio.Backend[name] for name in backends]
        self._form = {"nchannels": 1, "sample_rate": RATE_HZ, "buffersize_msec": buffer_ms, "backends": self._chosen}
        self._waiting: list[bytes] = []
        self._lock = threading.Lock()
        self.heard: list[bytes] | None = None
        self._overheard: list[bytes] | None = None
        self.first_sample_s: float | None = None
        self.asked = 0  # how often the device has asked for samples since it was opened
        self.begun = 0  # how often a performance has begun
        self.gap = 0  # bytes of silence between the first sample and the last one played so far
        self._idle = 0
        self.deaf = ""  # why the ear does not listen
        self.why = ""  # why it could not be opened again
        self._device = 0  # counts the devices opened: one that was given up gets no more samples
        self._out: Any = None
        self._in: Any = None
        self.pulled_s = self._heard_s = self._tried_s = clock.stopwatch()
        self._opening = threading.Lock()
        self._closed = threading.Event()
        self._open()

    # ── the device ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def still_s(self) -> float:
        """How long the device has asked for nothing."""
        return clock.stopwatch() - self.pulled_s

    @property
    def stands_still(self) -> bool:
        """Whether the device has asked for nothing for longer than any device that lives."""
        return self.still_s > STILL_S

    def revive(self) -> None:
        """Open again, in a thread of its own, what stands still or could not be opened; return at once."""
        deaf = bool(self._ear) and (bool(self.deaf) or clock.stopwatch() - self._heard_s > STILL_S)
        if (self.stands_still or deaf) and clock.stopwatch() - self._tried_s > TRY_AGAIN_S:
            self._tried_s = clock.stopwatch()
            threading.Thread(target=self._revive, daemon=True).start()  # a server that hangs may hold us for ever

    def _revive(self) -> None:
        if self._closed.is_set() or not self._opening.acquire(blocking=False):
            return
        try:
            if self.stands_still:
                self._let_go()
                self._open()
            else:
                _close(self._in)
                self._listen()
            self.why = ""
        except OSError as error:
            self.why = str(error)
        finally:
            self._opening.release()
        if self._closed.is_set():
            self._let_go()

    def _open(self) -> None:
        self._device += 1
        self.asked = 0
        try:
            self._out = self._made("Playback", output_format=self._audio.SampleFormat.SIGNED16)
            if self._out.backend == "Null" and self._audio.Backend.NULL not in self._chosen:
                raise self._audio.MiniaudioError("there is only a null device, which nobody hears")
            self.pulled_s = clock.stopwatch()
            if self._ear:
                self._listen()
            self._out.start(_started(self._feed(self._device)))
        except self._audio.MiniaudioError as error:
            self._let_go()
            raise OSError(f"no sound device opens: {_reason(error)}") from None

    def _listen(self) -> None:
        """Open the ear; what is wrong with it is told by `deaf`, and the siren sounds all the same."""
        self._heard_s = clock.stopwatch()
        try:
            named = [one["id"] for one in self._audio.Devices(self._chosen).get_captures() if self._ear in one["name"]]
            if not named:
                raise self._audio.MiniaudioError(f"no capture device is called {self._ear!r}")
            form = {"nchannels": EAR_CHANNELS, "input_format": self._audio.SampleFormat.SIGNED16}
            self._in = self._made("Capture", device_id=named[0], **form)
            self._in.start(_started(self._hear()))
            self.deaf = ""
        except self._audio.MiniaudioError as error:
            self._in, self.deaf = None, _reason(error)

    def _made(self, kind: str, **more: Any) -> Any:
        """A device; what miniaudio has begun of one that fails is let go of too, for it is tried again for years."""
        make = getattr(self._audio, f"{kind}Device")
        device = make.__new__(make)
        try:
            device.__init__(app_name="satwarn", **{**self._form, **more})
        except self._audio.MiniaudioError:
            _close(device)
            raise
        return device

    def close(self) -> None:
        """Let the device go."""
        self._closed.set()
        if self._opening.acquire(blocking=False):  # else whoever is opening it lets it go
            self._let_go()
            self._opening.release()

    def _let_go(self) -> None:
        for device in (self._out, self._in):
            _close(device)
        self._out = self._in = None

    # ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────────

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

    def _feed(self, device: int) -> Generator[bytes, int, None]:
        wanted = yield b""
        while device == self._device:
            self.pulled_s = clock.stopwatch()
            self.asked += 1
            wanted = yield self._take(2 * wanted)

    def _hear(self) -> Generator[None, bytes, None]:
        while True:
            data = yield
            self._heard_s = clock.stopwatch()
            for kept in (self.heard, self._overheard):
                if kept is not None:
                    kept.append(self._mixed(bytes(data)))

    def _mixed(self, samples: bytes) -> bytes:
        """The mean of the ear's channels."""
        form = self._audio.SampleFormat.SIGNED16
        return bytes(self._audio.convert_frames(form, EAR_CHANNELS, RATE_HZ, samples, form, 1, RATE_HZ))


def _started(generator: Generator[Any, Any, None]) -> Generator[Any, Any, None]:
    next(generator)
    return generator


def _reason(error: Exception) -> str:
    return ", ".join(map(str, error.args))


def _close(device: Any) -> None:
    """Let a device go, and its context with it: miniaudio's own close leaves the connection to the server open."""
    if device is None:
        return
    device.close()
    context, device._context = getattr(device, "_context", None), None
    if context is not None:
        _miniaudio().lib.ma_context_uninit(context)


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
