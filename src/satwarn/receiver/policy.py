"""What a site wants done, by type of information first and by severity second; an extreme one is never suppressed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from satwarn.alert.alert import Severity
from satwarn.errors import BadAlert
from satwarn.receiver.information import Wish, informations


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A site's rules: `wishes` differ from the default rule set, `unmonitored_radio` lets a radio that cannot tell
    whether it is deceived be enough for a frame alone. BadAlert for an unknown type and for silencing an extreme one.
    """

    wishes: Mapping[str, Wish] = field(default_factory=dict)
    unmonitored_radio: bool = False

    def __post_init__(self) -> None:
        for name, wish in self.wishes.items():
            if name not in informations():
                raise BadAlert(
                    f"no information type {name!r}", where="rules", fix=f"one of {', '.join(sorted(informations()))}"
                )
            if wish is Wish.LOG and informations()[name].severity is Severity.EXTREME:
                raise BadAlert(
                    "an extreme warning is never suppressed", where=f"rules.{name}", fix='"sound", or "show" at least'
                )

    def wish(self, information: str, severity: Severity, *, signed: bool) -> Wish:
        """What to do with a real warning of this type and severity."""
        known = informations()[information]
        wanted = self.wishes.get(information, known.wish)
        if wanted is Wish.SOUND:
            return Wish.SOUND
        if severity is Severity.EXTREME and information not in self.wishes:
            return Wish.SOUND
        unrecognised = known.severity is Severity.UNKNOWN and information not in self.wishes
        return Wish.SOUND if signed and unrecognised else wanted  # unknown is not low
