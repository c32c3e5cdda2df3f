"""A frame as a receiver handed it over: 32 bytes, and what its container said about them."""

from datetime import datetime

from satwarn.frame.l1s import sound


class Heard(bytes):
    """A sound frame (usable wherever 32 bytes are) that remembers where it came from; BadFrame if it is not sound.

    `satellite`: its L1S PRN (183..191) or None; `received`: when (aware UTC) or None; `container`: the name of the form
    it came in.
    """

    satellite: int | None
    received: datetime | None
    container: str

    def __new__(
        cls, frame: bytes, *, container: str = "", satellite: int | None = None, received: datetime | None = None
    ) -> "Heard":
        """The frame with its surroundings."""
        heard = bytes.__new__(cls, sound(frame))
        heard.satellite = satellite
        heard.received = received
        heard.container = container
        return heard
