"""What a loudspeaker says for one warning, in order: signal, then every language's words, then the closing signal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from satwarn.people.announcement import Announcement
from satwarn.people.ports import Performance
from satwarn.people.signal import AROUND_WORDS, Signal
from satwarn.people.sound import RATE_HZ, Pcm, Samples, even, pcm, silence, synthesise

AFTER_SIGNAL_S, BETWEEN_LINES_S, BETWEEN_LANGUAGES_S, TAIL_S = 0.8, 0.5, 1.0, 0.3
KEPT_PROGRAMMES, KEPT_LINES = 16, 256  # some 4 MB each, some 100 kB each


class Voice(Protocol):
    """Speaks a line of text."""

    def speak(self, language: str, text: str) -> Samples | None:
        """The line as samples; None when it has no voice for this language, or cannot say this text."""
        ...

    def engine(self, language: str) -> str:
        """The engine that speaks this language, "" when there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of the programme, loudness already even: a signal by its key, or (`spoken`) a line in a language."""

    what: str
    samples: Samples
    spoken: bool = False


@dataclass(slots=True, kw_only=True)
class Studio:
    """Makes programmes, each once for its distinct words.

    A line no engine can speak is left out, and with a label that cannot be spoken the whole language: what to do is
    worth saying alone, a drill without its label is not. `unspoken` remembers the languages not spoken in full.
    `own` holds a site's own recordings, by the key of the signal they take the place of.
    """

    voice: Voice
    signals: Mapping[str, Signal]
    own: Mapping[str, Samples] = field(default_factory=dict)
    unspoken: set[str] = field(default_factory=set)
    _made: dict[tuple[object, ...], Pcm] = field(default_factory=dict)
    _signals: dict[str, Samples] = field(default_factory=dict)
    _lines: dict[tuple[str, str], Samples] = field(default_factory=dict)

    def programme(self, performance: Performance) -> Pcm:
        """The whole programme as 16-bit samples."""
        lines = tuple((said.language, tuple(said.lines())) for said in performance.announcements)
        key = (performance.purpose, lines)
        if key not in self._made:
            _make_room(self._made, KEPT_PROGRAMMES)
            self._made[key] = _joined(self.parts(performance))
        return self._made[key]

    def parts(self, performance: Performance) -> list[Part]:
        """Its parts in order, pauses left out."""
        before, after = AROUND_WORDS[performance.purpose]
        opening = [self._signal(before)] if before else []
        closing = [self._signal(after)] if after else []
        spoken = [part for said in performance.announcements for part in self._spoken(said)]
        return [*opening, *spoken, *closing]

    def _signal(self, key: str) -> Part:
        if key not in self._signals:
            own = self.own.get(key)
            self._signals[key] = synthesise(self.signals[key]) if own is None else even(own)
        return Part(what=key, samples=self._signals[key])

    def _spoken(self, said: Announcement) -> Iterable[Part]:
        lines = {text: self._line(said.language, text) for text in said.lines()}
        spoken = [line for text in said.lines() if (line := lines[text]) is not None]
        if len(spoken) < len(said.lines()):
            self.unspoken.add(said.language)
        labels = (said.label.before, said.label.after) if said.label else ()
        if any(lines[text] is None for text in labels) or all(lines[text] is None for text in said.sentences):
            return []
        return [Part(what=said.language, samples=line, spoken=True) for line in spoken]

    def _line(self, language: str, text: str) -> Samples | None:
        key = (language, text)
        if key not in self._lines:
            spoken = self.voice.speak(language, text)
            if spoken is None or not spoken.size:
                return None  # not remembered: the engine may be well again for the next warning
            _make_room(self._lines, KEPT_LINES)
            self._lines[key] = even(spoken)
        return self._lines[key]


def _make_room(kept: dict[Any, Any], most: int) -> None:
    """Let go of the oldest: a receiver runs for years."""
    while len(kept) >= most:
        del kept[next(iter(kept))]


def _joined(parts: list[Part]) -> Pcm:
    pieces: list[Samples] = []
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        pieces += [part.samples, silence(_pause_s(part, following))]
    return pcm(np.concatenate(pieces))


def _pause_s(part: Part, following: Part | None) -> float:
    if following is None:
        return TAIL_S
    if part.what == following.what:
        return BETWEEN_LINES_S
    return BETWEEN_LANGUAGES_S if part.spoken and following.spoken else AFTER_SIGNAL_S


def lasts_s(samples: Pcm) -> float:
    """The length of samples in seconds."""
    return samples.size / RATE_HZ
