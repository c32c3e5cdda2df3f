"""What tests of outputs need: one exercise as a site is to perform it, and a voice that is always there."""

from datetime import UTC, datetime

import numpy as np

from satwarn.alert.purpose import Purpose
from satwarn.people.announcement import announce
from satwarn.people.ports import Performance
from satwarn.people.programme import Studio
from satwarn.people.signal import signals
from satwarn.people.sound import RATE_HZ, Samples

LANGUAGES = ("ja", "en", "de", "ko")


class Murmur:
    """A voice that murmurs every line, its length and rhythm made from the text."""

    def __init__(self, *languages: str) -> None:
        self.languages = languages
        self.asked: list[tuple[str, str]] = []

    def engine(self, language: str) -> str:
        return "murmur" if language in self.languages else ""

    def speak(self, language: str, text: str) -> Samples | None:
        self.asked.append((language, text))
        if language not in self.languages:
            return None
        time = np.arange(len(text) * RATE_HZ // 12) / RATE_HZ
        return np.asarray(0.05 * np.sin(2 * np.pi * 180 * time) * np.sin(2 * np.pi * 3 * time), np.float32)


def performance(*languages: str, site: str = "31202", purpose: Purpose = Purpose.EXERCISE) -> Performance:
    label = {Purpose.REAL: "", Purpose.EXERCISE: "exercise"}[purpose]
    said = announce(purpose=purpose, label=label, infos=[], instruction=136, languages=languages or LANGUAGES)
    at = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
    return Performance(warning="frame ABC", site=site, purpose=purpose, announcements=said, at=at)


def studio(*languages: str) -> Studio:
    return Studio(voice=Murmur(*(languages or LANGUAGES)), signals=signals())
