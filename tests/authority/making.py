"""Alerts, people and a desk for the tests of the authority."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from house import ELEVEN, SENDER, key
from satwarn.adapters.keys import make_officer_key
from satwarn.adapters.ledger.sqlite import SqliteLedger
from satwarn.alert import seal
from satwarn.alert.alert import Alert
from satwarn.app.compose import Composed, Said, compose
from satwarn.authority.desk import Desk, Issued
from satwarn.authority.guards import Policy
from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
from satwarn.authority.officer import Assent, By, Officer, Role, sign_approval
from satwarn.authority.remembered import Remembered
from satwarn.authority.standing import Standing

SECOND = timedelta(seconds=1)
LATER = ELEVEN + timedelta(minutes=5)
MACHINE = "agency@quakes.example"


def warning(**changes: Any) -> Alert:
    """A real missile warning for Tottori unless changed."""
    form = Composed(
        hazard="missile",
        purpose="real",
        severity="Extreme",
        minutes=60,
        codes=("31",),
        said={
            "en": Said(headline="Missile launched", description="It may fall nearby.", instruction="Take shelter."),
            "ja": Said(headline="ミサイル発射", description="落下のおそれ。", instruction="直ちに避難。"),
        },
    )
    return compose(replace(form, **changes), sender=SENDER, now=ELEVEN)


def drill(**changes: Any) -> Alert:
    """An exercise for Tottori unless changed."""
    return warning(**{"hazard": "system-test", "purpose": "exercise", "severity": "Minor", **changes})


def sealed(xml: bytes) -> bytes:
    return seal.sign(xml, key_pem=key().key_pem, certificate_pem=key().certificate_pem)


@dataclass
class Office:
    """A desk with people whose keys we hold."""

    ledger: SqliteLedger
    policy: Policy = field(default_factory=Policy)
    people: dict[str, Officer] = field(default_factory=dict)
    keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered)

    @classmethod
    def at(cls, folder: Path | None, **people: set[Role]) -> "Office":
        office = cls(SqliteLedger(folder / "ledger.db" if folder else Path(":memory:")))
        for name, roles in (people or STAFF).items():
            office.appoint(name, roles)
        office.appoint(MACHINE, {Role.MACHINE})
        return office

    def appoint(self, name: str, roles: set[Role], jurisdiction: Jurisdiction = EVERYWHERE) -> None:
        self.keys[name] = make_officer_key()
        public = self.keys[name].public_key().public_bytes_raw()
        self.people[name] = Officer(name=name, roles=frozenset(roles), jurisdiction=jurisdiction, public_key=public)

    @property
    def desk(self) -> Desk:
        return Desk(self.ledger, self.people, sender=SENDER, policy=self.policy, remembered=self.remembered)

    def assent(self, by: str, subject: str) -> dict[str, Any]:
        stands = self.desk.stands(subject)
        assent: Assent = sign_approval(self.keys[by], subject, stands.digest, stands.taken_back.count(stands.digest))
        return {"subject": subject, "by": by, "digest": stands.digest, "assent": assent, "typed": "missile attack"}

    def signs(self, by: str, statement: bytes) -> Assent:
        """Their key under whatever statement."""
        return Assent(by=By.KEY, proof=self.keys[by].sign(statement))

    def submitted(self, alert: Alert, subject: str = "w") -> Standing:
        self.desk.draft(alert, subject=subject, by="author", now=ELEVEN)
        return self.desk.submit(subject=subject, by="author", now=ELEVEN, typed="missile attack")

    def on_air(self, alert: Alert, subject: str = "w") -> Issued:
        self.submitted(alert, subject)
        self.desk.approve(**self.assent("approver", subject), now=ELEVEN)
        return self.issue(subject)

    def issue(self, subject: str, by: str = "author", **more: Any) -> Issued:
        return self.desk.issue(subject=subject, by=by, seal=sealed, now=more.pop("now", ELEVEN), **more)


STAFF = {
    "author": {Role.AUTHOR},
    "approver": {Role.APPROVER},
    "duty": {Role.DUTY_OFFICER},
    "second": {Role.APPROVER},
    "auditor": {Role.AUDITOR},
    "administrator": {Role.ADMINISTRATOR},
}
