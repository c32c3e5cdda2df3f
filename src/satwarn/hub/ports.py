"""What the hub needs of the ground path: in process now, WebSocket and NATS later, the same port."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

Hear = Callable[[bytes, datetime], None]


class Line(Protocol):
    """One site's end of the ground path."""

    def report(self, receipt: bytes) -> None:
        """Send a receipt (JSON) back; it is kept and sent again until the hub has it."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class Ground(Protocol):
    """Carries signed bytes to every connected site, and receipts back. Nothing here blocks."""

    def connect(self, site: str, hear: Hear) -> Line:
        """Join as `site` (its code); `hear` is called with the bytes and the time they arrived."""
        ...

    def publish(self, message: bytes, *, until: datetime) -> None:
        """Send to every connected site, again and again where it is lost, until it arrives or `until` is past."""
        ...

    def on_receipt(self, take: Hear) -> None:
        """Have `take` called with each receipt that reaches the hub."""
        ...
