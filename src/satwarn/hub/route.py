"""Which way an alert may leave: by its status, never by a setting somebody may forget."""

from satwarn.alert.alert import Alert, Status
from satwarn.alert.plan import plan_of
from satwarn.ledger.receipt import Path

ROUTES: dict[Status, frozenset[Path]] = {
    Status.ACTUAL: frozenset(Path),
    Status.EXERCISE: frozenset(Path),
    Status.TEST: frozenset(Path),
    Status.SYSTEM: frozenset({Path.GROUND, Path.MULTICAST}),
    Status.DRAFT: frozenset(),
}


def route(alert: Alert, *, open_paths: frozenset[Path]) -> frozenset[Path]:
    """The open paths this alert may take; a drill plan never takes the narrow band, which could not sign it."""
    paths = ROUTES[alert.status] & open_paths
    return paths - {Path.GNSS} if plan_of(alert) else paths
