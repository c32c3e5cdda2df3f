"""Sites as pages and programs list them, simulated and enrolled, with lines and faults; and the ground's state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from satwarn.alert.supply import SupplyKind
from satwarn.app.house import Served
from satwarn.area import spelled
from satwarn.area.place import Place
from satwarn.hub.sites import Held, SiteRow

LINES = {None: "", True: "connected", False: "not connected"}
UNKNOWN = "unknown: the ground path is down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One site; `line` is "connected", "not connected", "unknown: ..." or "" for one that never had any; `holds` are
    our supplies that it has (None: it does not say)."""

    code: str
    place: Place
    state: str
    line: str = ""
    since: str = ""
    version: str = ""
    note: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[SupplyKind, Held] | None = None

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
    sender = served.realm.settings.sender
    found = [_listed(code, rows.get(code), up, sender) for code in sorted({*simulated, *rows})]
    wanted = find.strip().lower()
    return [one for one in found if not wanted or _fits(one, wanted)]


def _fits(one: Listed, wanted: str) -> bool:
    code = one.code.lower()
    return (
        code.startswith(wanted)
        or code.endswith(f":{wanted}")
        or any(wanted in n.lower() for n in one.place.names.values())
    )


def held(row: SiteRow, sender: str) -> dict[SupplyKind, Held] | None:
    """Our newest supply of each kind at a site; None when it does not say."""
    if row.holds is None:
        return None
    return {kind: row.holds[key] for kind in SupplyKind if (key := f"{sender} {kind}") in row.holds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Of `enrolled` sites, how many have a supply of ours, or a newer one of its kind; how many do not say."""

    serial: int
    have: int
    silent: int
    enrolled: int


def taken(served: Served) -> dict[str, Taken]:
    """Who took each supply that is being sent, by its subject."""
    views, sender = served.realm.views, served.realm.settings.sender
    rows = [held(row, sender) for row in list(views.sites.values()) if row.fingerprints]
    found = {}
    for subject, body in list(views.supplies.items()):
        serial, kind = int(body["serial"]), SupplyKind((views.prepared[subject].in_force or {})["kind"])
        have = [one for holds in rows if (one := (holds or {}).get(kind)) and _has(one, serial)]
        found[subject] = Taken(serial=serial, have=len(have), silent=rows.count(None), enrolled=len(rows))
    return found


def _has(one: Held, serial: int) -> bool:
    return one.serial > serial or (one.serial == serial and one.whole)


def _listed(code: str, row: SiteRow | None, up: bool, sender: str) -> Listed:
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
        holds=held(row, sender),
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
