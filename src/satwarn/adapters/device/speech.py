"""Voices: espeak-ng for English, German, Korean and Japanese kana; Open JTalk for Japanese as it is written.

Neither need be there. A language without an engine is not spoken, and the report says so.
"""

import contextlib
import importlib
import importlib.util
import io
import shutil
import subprocess
import warnings
from dataclasses import dataclass, field

import numpy as np

from satwarn.errors import BadMessage
from satwarn.people.language import language as words_of
from satwarn.people.sound import FULL_SCALE, Samples, at_rate, from_wav, trimmed

ESPEAK, OPEN_JTALK = "espeak-ng", "pyopenjtalk-plus"
WORDS_PER_MINUTE = 150
ANSWERS_WITHIN_S = 5
ESPEAK_VOICES = {"en": "en-gb", "de": "de", "ko": "ko", "ja": "ja"}


def _espeak() -> str:
    return shutil.which("espeak-ng") or ""


def _has_open_jtalk() -> bool:
    return importlib.util.find_spec("pyopenjtalk") is not None


@dataclass(frozen=True, slots=True)
class Voices:
    """A Voice (see people.programme) made of whatever engines this machine has."""

    espeak: str = field(default_factory=_espeak)
    open_jtalk: bool = field(default_factory=_has_open_jtalk)

    def engine(self, language: str) -> str:
        """The engine that speaks this language, "" when there is none."""
        if language == "ja" and self.open_jtalk:
            return OPEN_JTALK
        return ESPEAK if self.espeak and language in ESPEAK_VOICES else ""

    def speak(self, language: str, text: str) -> Samples | None:
        """The line as samples; None without an engine, or where it cannot say this text."""
        match self.engine(language):
            case "pyopenjtalk-plus":
                return trimmed(_open_jtalk(text))
            case "espeak-ng":
                # Given a kanji, espeak-ng says the words "Chinese letter": it gets kana or nothing.
                reading = words_of(language).reading(text)
                return None if reading is None else self._say(ESPEAK_VOICES[language], reading)
        return None

    def _say(self, voice: str, text: str) -> Samples | None:
        command = [self.espeak, "-v", voice, "-s", str(WORDS_PER_MINUTE), "--stdin", "--stdout"]
        try:
            said = subprocess.run(  # noqa: S603 - a list, no shell; the text goes in by standard input
                command, input=text.encode(), capture_output=True, timeout=ANSWERS_WITHIN_S, check=True
            )
            return trimmed(from_wav(said.stdout))
        except (OSError, subprocess.SubprocessError, BadMessage):
            return None  # no voice: the language is left out, and named in the report


def _open_jtalk(text: str) -> Samples:
    # When imported it warns, and prints to standard output, of an accelerator it can do without.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        samples, rate_hz = importlib.import_module("pyopenjtalk").tts(text)
    return at_rate(np.asarray(samples / FULL_SCALE, np.float32), rate_hz)
