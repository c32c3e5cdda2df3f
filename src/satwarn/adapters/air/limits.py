"""How much a process that listens to the air may take."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """For each station: size of an object, open sessions, disk, and time; for the process: memory.

    A session is given up when it was not heard for `idle_s`, or is not complete after `longest_s`; when there are too
    many, or too much of them on the disk, a silent one goes, else the one that has the least. `remembered` is how many
    complete ones are known again.
    """

    object_bytes: int = 4 << 20
    sessions: int = 64
    disk_bytes: int = 16 << 20
    idle_s: float = 600.0
    longest_s: float = 6 * 3600.0
    remembered: int = 4096
    memory_bytes: int = 1 << 30

    def to_json(self) -> dict[str, float]:
        """The limits as JSON values."""
        return asdict(self)
