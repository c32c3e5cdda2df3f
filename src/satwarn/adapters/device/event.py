"""The machine-readable begin and end of a warning, for trains, plants and schools: the same JSON on every way."""

import json
from typing import Any

from satwarn.people.ports import Performance


def begin_of(performance: Performance) -> dict[str, Any]:
    """A warning begins. `purpose` is real, exercise, public-test or technical-test: act on `real` alone."""
    return {
        "event": "begin",
        "event_type": performance.purpose.value,
        "warning": performance.warning,
        "site": performance.site,
        "purpose": performance.purpose.value,
        "at": performance.at.isoformat(),
        "texts": {said.language: said.lines() for said in performance.announcements},
    }


def end_of(warning: str, *, site: str, how: str) -> dict[str, Any]:
    """A warning is over (`how` says why), or every output was told to fall silent (`warning` empty)."""
    return {"event": "end", "event_type": "end", "warning": warning, "site": site, "how": how}


def written(event: dict[str, Any]) -> bytes:
    """As UTF-8 JSON."""
    return json.dumps(event, ensure_ascii=False).encode()
