"""A frame as a receiver handed it over: 32 bytes, and what its container said about them."""

from datetime import datetime


class Heard(bytes):
    """A sound frame (usable wherever 32 bytes are) that remembers where it came from.

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
        heard = super().__new__(cls, frame)
        heard.satellite, heard.received, heard.container = satellite, received, container
        return heard
