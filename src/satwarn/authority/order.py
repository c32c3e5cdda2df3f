"""Standing orders: two sign beforehand, so that a machine may issue a class of warnings without a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from satwarn.alert.alert import Alert
from satwarn.authority.hazard import ApprovalClass, approval_class
from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.errors import BadAlert, NotAllowed

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOrder:
    """Which sources may speak, over what, until when, and at most for how many places at once."""

    name: str
    sources: frozenset[str]
    jurisdiction: Jurisdiction
    valid_from: datetime
    valid_until: datetime
    most_places: int

    def __post_init__(self) -> None:
        if not timedelta() < self.valid_until - self.valid_from <= LONGEST:
            raise BadAlert("must end after it begins, and within a year", where=f"order {self.name}")
        if not self.sources:
            raise BadAlert("names no source, so nobody could use it", where=f"order {self.name}")
        if self.most_places < 1:
            raise BadAlert("lets no place be warned", where=f"order {self.name}")

    def check(self, alert: Alert, *, source: str, now: datetime) -> None:
        """NotAllowed naming the first reason why this alert may not go out under the order."""
        where = f"order {self.name}"
        if source not in self.sources:
            raise NotAllowed(f"does not speak of the source {source}", where=where)
        if not self.valid_from <= now < self.valid_until:
            raise NotAllowed(f"valid from {self.valid_from:%Y-%m-%d} until {self.valid_until:%Y-%m-%d}", where=where)
        if approval_class(alert) is not ApprovalClass.ORDER:
            raise NotAllowed("this hazard and purpose need people, whatever an order says", where=where)
        places = {code.value for info in alert.infos for area in info.areas for code in area.geocodes}
        if not places:
            raise NotAllowed("names no place by code; a shape alone goes to people first", where=where)
        if len(places) > self.most_places:
            raise NotAllowed(f"names {len(places)} places, at most {self.most_places}", where=where)
        self.jurisdiction.check(alert, who=where)

    def runs_out_in(self, now: datetime) -> timedelta:
        """How long it still holds; not more than nothing when it has run out."""
        return self.valid_until - now

    def to_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "sources": sorted(self.sources),
            "jurisdiction": self.jurisdiction.to_json(),
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "most_places": self.most_places,
        }

    @classmethod
    def from_json(cls, name: str, values: Mapping[str, Any]) -> "StandingOrder":
        """Read what `to_json` wrote; KeyError or ValueError where it is no order."""
        return cls(
            name=name,
            sources=frozenset(values["sources"]),
            jurisdiction=Jurisdiction.from_json(values["jurisdiction"]),
            valid_from=datetime.fromisoformat(values["valid_from"]),
            valid_until=datetime.fromisoformat(values["valid_until"]),
            most_places=int(values["most_places"]),
        )
