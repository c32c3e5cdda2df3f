"""The silent self-test: what can be proven without a sound. What fails is a fault, at the site and at the hub."""

import shutil
from datetime import datetime, timedelta
from typing import Any

from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.errors import SatwarnError
from satwarn.receiver import keeping

NOTICE = timedelta(days=60)
LEAST_FREE_MB = 50


def certificates(settings: ReceiverSettings, now: datetime) -> list[dict[str, Any]]:
    """Every certificate that is believed, and how long it still holds."""
    return [
        {
            "sender": pin.sender,
            "until": pin.not_after.isoformat(),
            "days_left": (pin.not_after - now) // timedelta(days=1),
        }
        for pin in settings.trust.pins
    ]


def self_test(running: Any) -> dict[str, str]:
    """Faults by code; empty when all is well."""
    settings, now, found = running.settings, running.now(), {}
    for one in certificates(settings, now):
        if one["days_left"] < NOTICE.days:
            found[f"certificate {one['sender']}"] = f"its certificate ends in {one['days_left']} days: replace it"
    if not settings.trust.pins:
        found["trust"] = "no sender is believed: nothing signed can sound here"
    try:
        free_mb = shutil.disk_usage(settings.folder).free // 2**20
        if free_mb < LEAST_FREE_MB:
            found["disk"] = f"only {free_mb} MB are free"
        kept = running.box.kept()
        if kept:
            keeping.from_json(kept)
    except (OSError, SatwarnError) as error:
        found["disk"] = f"the memory cannot be read back: {error}"
    for output in running.box.outputs:
        if callable(probe := getattr(output, "probe", None)) and (why := probe()):
            found[f"output {output.name}"] = why
    return found
