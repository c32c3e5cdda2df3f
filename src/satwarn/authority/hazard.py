"""What may be warned of, and how many must agree before it is: `tables/hazards.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from satwarn.alert.alert import Alert, Named, Severity
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import Purpose, rule_of
from satwarn.errors import BadAlert
from satwarn.frame.compose_hazard import OWN
from satwarn.frame.compose_hazard import hazard_of as frame_hazard_of


class ApprovalClass(StrEnum):
    """How an alert is agreed on (architecture 4.3)."""

    ORDER = "order"
    MINUTES = "minutes"
    TURN = "turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One danger: its key, CAMF hazard code (None: the satellite cannot name it), class, and name by language."""

    key: str
    camf_a4: int | None
    approval: ApprovalClass
    names: Mapping[str, str]

    def event_codes(self) -> tuple[Named, ...]:
        """The CAP eventCodes that say it."""
        return (Named(value_name=OWN, value=str(self.camf_a4)),) if self.camf_a4 is not None else ()


@cache
def hazards() -> Mapping[str, Hazard]:
    """Every hazard by key, in the table's order."""
    table = (files("satwarn.authority") / "tables" / "hazards.csv").read_text(encoding="utf-8")
    return {
        row["hazard"]: Hazard(
            key=row["hazard"],
            camf_a4=int(row["camf_a4"]) if row["camf_a4"] else None,
            approval=ApprovalClass(row["class"]),
            names={tag: row[tag] for tag in ("en", "de", "ja", "ko")},
        )
        for row in csv.DictReader(table.splitlines())
    }


def hazard(key: str) -> Hazard:
    """A hazard by its key; BadAlert lists the ones there are."""
    if key not in hazards():
        raise BadAlert(f"no hazard {key!r}", where="hazard", fix=f"one of {', '.join(hazards())}")
    return hazards()[key]


def hazard_of(alert: Alert) -> Hazard:
    """The hazard an alert names, by its codes or words (as the bridge reads them); `other` when we have no row for it.

    BadAlert when its languages disagree.
    """
    named = {code.value for info in alert.infos for code in info.event_codes if code.value_name == OWN}
    if len(named) > 1:
        raise BadAlert(f"names several hazards: {', '.join(sorted(named))}", where="info/eventCode")
    found = frame_hazard_of(alert)
    keys = {one.camf_a4: one for one in hazards().values()}
    return keys.get(found.code, hazard("other")) if found.by != "category" else hazard("other")


def is_real(alert: Alert) -> bool:
    """Whether its purpose is real; a drill plan has none and never is."""
    return plan_of(alert) is None and rule_of(alert).purpose is Purpose.REAL


def approval_class(alert: Alert) -> ApprovalClass:
    """The class an alert is agreed on in; everything that is not real goes in turn."""
    return hazard_of(alert).approval if is_real(alert) else ApprovalClass.TURN


def is_extreme_and_real(alert: Alert) -> bool:
    """Whether it asks the officer to type the hazard: real, and of the highest severity."""
    return is_real(alert) and any(info.severity is Severity.EXTREME for info in alert.infos)
