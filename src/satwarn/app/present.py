"""The present, for commands that judge by it."""

from datetime import datetime

from satwarn.adapters import clock


def present() -> datetime:
    """The time of this machine, aware, in UTC."""
    return clock.now()
