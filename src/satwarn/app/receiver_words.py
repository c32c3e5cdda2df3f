"""What a receiver says for what it has decided: signed texts where it heard them, else words by the type of danger."""

from collections.abc import Sequence

from satwarn.alert.purpose import rules
from satwarn.errors import BadAlert
from satwarn.people.announcement import Announcement, announce
from satwarn.people.danger import say, with_text
from satwarn.receiver.effects import End, Show, Warn

AGENCY_SPEAKS = "ja"


def words_of(effect: Warn | Show, languages: Sequence[str]) -> tuple[Announcement, ...]:
    """The announcement in each language; one that the signed text lacks is said by type."""
    unsigned = isinstance(effect, Show) and not effect.infos
    label = effect.label if isinstance(effect, Warn) else "" if unsigned else rules()[effect.purpose].label
    said: list[Announcement] = []
    for tag in languages:
        try:
            said += announce(
                purpose=effect.purpose,
                label=label,
                infos=effect.infos,
                instruction=effect.instruction,
                languages=(tag,),
            )
        except BadAlert:
            said += say(effect.information, label=label, languages=(tag,))
    if not effect.text:
        return tuple(said)
    paged = effect.text
    return with_text(tuple(said), paged.text, language_of_text=AGENCY_SPEAKS, pages=paged.pages, missing=paged.missing)


def words_of_end(end: End, languages: Sequence[str]) -> tuple[Announcement, ...]:
    """The announcement of an end."""
    return say(f"end:{end.how}", label=end.label, languages=languages)
