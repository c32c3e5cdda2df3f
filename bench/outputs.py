"""Sound and proof: a programme rendered against its own length, a far end judged against one bare level measurement."""

from datetime import UTC, datetime

import numpy as np

from bench.row import Row, best_of
from satwarn.adapters.device.simulated import WAYS
from satwarn.alert.purpose import Purpose
from satwarn.app.outputs import make_studio
from satwarn.people.announcement import announce
from satwarn.people.hearing import judge_sound
from satwarn.people.ports import Performance
from satwarn.people.programme import lasts_s

LANGUAGES = ("ja", "en", "de", "ko")


def run() -> list[Row]:
    """Two rows: rendering, judging."""
    said = announce(purpose=Purpose.EXERCISE, label="exercise", infos=[], instruction=136, languages=LANGUAGES)
    performance = Performance(
        warning="bench",
        site="31202",
        purpose=Purpose.EXERCISE,
        announcements=said,
        at=datetime(2017, 8, 18, 2, tzinfo=UTC),
    )
    render_s = best_of(3, lambda: make_studio().programme(performance))
    programme = make_studio().programme(performance)
    horn = WAYS["speaker"][""]
    assert horn
    heard = horn(programme)
    judge_s = best_of(5, lambda: judge_sound(programme, heard))
    level_s = best_of(5, lambda: np.sqrt(np.mean(np.square(heard, dtype=np.float32))))
    length_s = lasts_s(programme)
    return [
        Row(
            what="a drill's programme rendered, against its length",
            ours=f"{render_s * 1e3:.0f} ms",
            anchor=f"{length_s:.0f} s of sound",
            ratio=f"{length_s / render_s:.0f} x",
        ),
        Row(
            what="a loudspeaker judged, against one level of the same sound",
            ours=f"{judge_s * 1e3:.1f} ms",
            anchor=f"{level_s * 1e3:.1f} ms",
            ratio=f"{judge_s / level_s:.1f} x",
        ),
    ]
