"""The machine-readable begin and end of a warning, for trains, plants and schools: the same JSON on every way."""

import json
from dataclasses import dataclass, field
from typing import Any

from satwarn.alert.purpose import Purpose
from satwarn.people.ports import Performance


def begin_of(performance: Performance) -> dict[str, Any]:
    """A warning begins. `purpose` is real, exercise, public-test or technical-test: act on `real` alone."""
    return {
        "event": "begin",
        "event_type": performance.purpose.value,
        "warning": performance.warning,
        "site": performance.site,
        "purpose": performance.purpose.value,
        "information": performance.information,
        "severity": performance.severity,
        "at": performance.at.isoformat(),
        "texts": {said.language: said.lines() for said in performance.announcements},
    }


def end_of(warning: str, *, site: str, how: str, begun: Performance | None) -> dict[str, Any]:
    """A warning is over, `how` says why; its purpose and type where it began since this start, else ""."""
    return {
        "event": "end",
        "event_type": "end",
        "warning": warning,
        "site": site,
        "how": how,
        "purpose": begun.purpose.value if begun else "",
        "information": begun.information if begun else "",
    }


def written(event: dict[str, Any]) -> bytes:
    """As UTF-8 JSON."""
    return json.dumps(event, ensure_ascii=False).encode()


@dataclass(slots=True, kw_only=True)
class Begun:
    """What has begun and is not over, so that every begin gets its end, a stop of everything included."""

    site: str
    _on: dict[str, Performance] = field(default_factory=dict)

    def begin(self, performance: Performance) -> bytes | None:
        """The event to send; None for the words of an end, whose own event has gone out."""
        if performance.how:
            return None
        self._on[performance.warning] = performance
        return written(begin_of(performance))

    def end(self, warning: str, *, how: str) -> list[bytes]:
        """The events to send for the end of a warning, or ("") of everything that is on."""
        names = [warning] if warning else list(self._on)
        return [written(end_of(name, site=self.site, how=how, begun=self._on.pop(name, None))) for name in names]

    def has(self, warning: str) -> bool:
        """Whether that one is on."""
        return warning in self._on

    def on(self, *, real: bool) -> bool:
        """Whether anything of that kind is on."""
        return any((one.purpose is Purpose.REAL) is real for one in self._on.values())
