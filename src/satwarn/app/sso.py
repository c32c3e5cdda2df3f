"""Single sign-on: a provider says who somebody is and which groups they are in; a table here says what that may do.

It appoints authors, approvers, duty officers and auditors as the table says, never administrators, and never takes the
name of somebody who was appointed by hand. Agreeing to a warning still takes a passkey or a code, unless the settings
say that a fresh sign-on is enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from satwarn.adapters import secret
from satwarn.adapters.oidc import Oidc, Provider, Question, ask
from satwarn.app.realm import Realm
from satwarn.authority.jurisdiction import NOTHING, Jurisdiction
from satwarn.authority.rights import Role
from satwarn.authority.roster import Person, hash_secret
from satwarn.errors import NotAllowed

ANSWER_WITHIN = timedelta(minutes=10)
MOST_PENDING = 10_000
LONGEST_NAME = 60
BY = "single sign-on"
"""Who the ledger says appointed somebody by the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """What the members of one group may do: roles (never administrator), and over what."""

    group: str
    roles: frozenset[Role]
    jurisdiction: Jurisdiction


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoSettings:
    """The provider, the claims that name a person and their groups, the table, and whether a sign-on of at most
    `assent_within` may agree to a warning (None: never, a passkey or a code is needed)."""

    provider: Provider
    table: tuple[GroupRow, ...]
    label: str = "single sign-on"
    name_claim: str = "name"
    groups_claim: str = "groups"
    assent_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Pending:
    question: Question
    browser: str
    until: datetime


@dataclass(slots=True)
class SingleSignOn:
    """Sends browsers away with a question, and takes each answer once."""

    realm: Realm
    settings: SsoSettings
    redirect_uri: str
    oidc: Oidc = field(init=False)
    _pending: dict[str, _Pending] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.oidc = Oidc(provider=self.settings.provider)

    def begin(self) -> tuple[str, str]:
        """Where the browser goes, and the secret it keeps meanwhile. Blocks: call it on a thread."""
        question, browser, now = ask(self.redirect_uri), secret.token(), self.realm.now()
        address = self.oidc.address(question)
        for state in [state for state, one in list(self._pending.items()) if one.until < now]:
            self._pending.pop(state, None)
        if len(self._pending) >= MOST_PENDING:
            self._pending.pop(next(iter(self._pending)), None)
        self._pending[hash_secret(question.state)] = _Pending(question, hash_secret(browser), now + ANSWER_WITHIN)
        return address, browser

    def claims(self, query: Mapping[str, str], browser: str) -> Mapping[str, Any]:
        """What the provider says of whoever comes back; the state is spent, whatever comes of it. Blocks."""
        pending = self._pending.pop(hash_secret(query.get("state", "")), None)
        if pending is None or pending.until < self.realm.now():
            raise NotAllowed("this answer is to no question of ours, or too late", where=BY, fix="sign in again")
        if not secret.same(hash_secret(browser), pending.browser):
            raise NotAllowed("this answer belongs to another browser", where=BY, fix="sign in again")
        if query.get("iss", self.settings.provider.issuer) != self.settings.provider.issuer:
            raise NotAllowed("this answer is from another provider", where=BY)
        if error := query.get("error", ""):
            raise NotAllowed(f"the provider says: {error[:60]}", where=BY, fix="sign in again, or by a code")
        if not query.get("code"):
            raise NotAllowed("the answer has no code", where=BY)
        return self.oidc.claims(query["code"], pending.question)

    # ── who it is, and what they may ─────────────────────────────────────────────────────────────

    async def admit(self, claims: Mapping[str, Any]) -> str:
        """The officer's name, appointed anew where their groups changed.

        NotAllowed when none of their groups is in the table (which ends the office it gave), when they were dismissed,
        or when their name is taken.
        """
        name = await self.realm.do(lambda: self._admit(claims))
        if not name:
            raise NotAllowed("none of your groups may do anything here", where=BY, fix="ask an administrator")
        return name

    def _admit(self, claims: Mapping[str, Any]) -> str:
        subject = f"{self.settings.provider.issuer} {claims['sub']}"
        people = self.realm.views.roster.people
        known = next((one for one in people.values() if one.sso == subject), None)
        rows = [row for row in self.settings.table if row.group in _groups(claims, self.settings.groups_claim)]
        if known and known.dismissed and known.dismissed_by != BY:
            raise NotAllowed(f"{known.officer.name} was dismissed", where=BY, fix="ask an administrator")
        if not rows:
            if known and not known.dismissed:
                self.realm.record("dismiss", f"person/{known.officer.name}", {"by": BY}, by=BY)
            return ""
        name = known.officer.name if known else self._new_name(claims, people)
        self._appoint(name, subject, rows, known)
        return name

    def _new_name(self, claims: Mapping[str, Any], people: Mapping[str, Person]) -> str:
        said = claims.get(self.settings.name_claim) or claims.get("preferred_username") or claims.get("email")
        name = " ".join(said.split()) if isinstance(said, str) else ""
        if not name or len(name) > LONGEST_NAME or any(not one.isprintable() or one in "/<>&" for one in name):
            raise NotAllowed("the provider gives no name that can be written down", where=BY)
        if name in people:
            raise NotAllowed(f"somebody else here is named {name}", where=BY, fix="ask an administrator")
        return name

    def _appoint(self, name: str, subject: str, rows: list[GroupRow], known: Person | None) -> None:
        roles = frozenset[Role]().union(*(row.roles for row in rows))
        held = NOTHING
        for row in rows:
            held = held.joined(row.jurisdiction)
        if known and Role.ADMINISTRATOR in known.officer.roles:
            roles |= {Role.ADMINISTRATOR}  # given by an administrator; only one takes it away
        if known and not known.dismissed and (known.officer.roles, known.officer.jurisdiction) == (roles, held):
            return
        body = {
            "roles": sorted(roles),
            "jurisdiction": held.to_json(),
            "title": known.title if known else "",
            "public_key": known.officer.public_key.hex() if known else "",
            "sso": subject,
        }
        self.realm.record("appoint", f"person/{name}", body, by=BY)


def _groups(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    found = claims.get(name, [])
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()


def row_of(group: str, roles: list[str], held: Mapping[str, Any]) -> GroupRow:
    """A row of the table; NotAllowed for a role that no table may give, ValueError for one that nobody knows."""
    given = frozenset(map(Role, roles))
    if forbidden := given & {Role.ADMINISTRATOR, Role.MACHINE}:
        raise NotAllowed(f"{', '.join(sorted(forbidden))} is appointed by an administrator only", where=group)
    nothing: dict[str, Any] = {"hazards": [], "areas": [], "purposes": [], "paths": []}
    return GroupRow(group=group, roles=given, jurisdiction=Jurisdiction.from_json({**nothing, **held}))
