"""Sites as pages and programs list them, simulated and enrolled, with lines and faults; and the ground's state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from satwarn.app.house import Served
from satwarn.area import spelled
from satwarn.area.place import Place
from satwarn.hub.sites import SiteRow

LINES = {None: "", True: "connected", False: "not connected"}
UNKNOWN = "unknown: the ground path is down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One site; `line` is "connected", "not connected", "unknown: ..." or "" for one that never had any."""

    code: str
    place: Place
    state: str
    line: str = ""
    since: str = ""
    version: str = ""
    note: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_bad(self) -> bool:
        """Whether nobody should count on it as it is."""
        return self.state in ("down", "revoked") or self.line == LINES[False] or bool(self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundSummary:
    """The ground path in figures: of `enrolled` sites, how many stand, how many say that something is wrong."""

    up: bool
    port: int
    why: str
    since: datetime
    restarts: int
    enrolled: int
    connected: int
    faulty: int
    refused: tuple[tuple[str, str, datetime], ...]


def listed(served: Served, find: str = "") -> list[Listed]:
    """Every site, or those whose code or name fits, by code."""
    simulated, rows = list(served.realm.sky.sites), dict(served.realm.views.sites)
    up = served.ground is None or served.ground.state.up
    found = [_listed(code, rows.get(code), up) for code in sorted({*simulated, *rows})]
    wanted = find.strip().lower()
    return [one for one in found if not wanted or _fits(one, wanted)]


def _fits(one: Listed, wanted: str) -> bool:
    code = one.code.lower()
    return (
        code.startswith(wanted)
        or code.endswith(f":{wanted}")
        or any(wanted in n.lower() for n in one.place.names.values())
    )


def _listed(code: str, row: SiteRow | None, up: bool) -> Listed:
    place = spelled.place_of(code)
    if row is None:
        return Listed(code=code, place=place, state="simulated")
    return Listed(
        code=code,
        place=place,
        state=row.state,
        line=LINES[row.connected] if up or row.connected is None else UNKNOWN,
        since=row.since,
        version=row.version,
        note=row.note,
        faults=row.faults,
    )


def ground_summary(served: Served) -> GroundSummary | None:
    """The ground path as it stands; None where this realm has none."""
    if served.ground is None:
        return None
    rows, state = list(served.realm.views.sites.values()), served.ground.state
    enrolled = [row for row in rows if row.fingerprints]
    return GroundSummary(
        up=state.up,
        port=state.port,
        why=state.why,
        since=state.since,
        restarts=state.restarts,
        enrolled=len(enrolled),
        connected=sum(row.connected is True for row in enrolled) if state.up else 0,
        faulty=sum(bool(row.faults) for row in enrolled),
        refused=tuple((site, why, at) for (site, why), at in reversed(list(served.ground.refused.items())))[:10],
    )
