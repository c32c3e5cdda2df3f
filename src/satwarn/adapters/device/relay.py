"""A relay with a light behind it, as a model: coil, contact, and a second contact that senses what really switched.

There is nothing here to switch for real; a board with pins takes this class's place and answers the same question.
"""

from dataclasses import dataclass

from satwarn.people.relay import Rhythm, Sensed


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayModel:
    """`supply` says whether the light has power; `stuck` is where the contact stays, None when it moves freely."""

    supply: bool = True
    stuck: bool | None = None

    def run(self, rhythm: Rhythm) -> Sensed:
        """Drive the coil through the rhythm, and say what the sensing contact saw."""
        closed = opened = 0
        was = self._contact(coil=False)
        for coil in (True, False) * rhythm.times:
            now = self._contact(coil=coil)
            closed += now and not was
            opened += was and not now
            was = now
        return Sensed(supply=self.supply, closed=closed, opened=opened)

    def _contact(self, *, coil: bool) -> bool:
        return coil if self.stuck is None else self.stuck
