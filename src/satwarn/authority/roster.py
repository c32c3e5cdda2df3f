"""Who is appointed: folded from the ledger, so that every appointment, key and code is a deed somebody did."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from satwarn.authority.jurisdiction import NOTHING, Jurisdiction
from satwarn.authority.officer import Officer
from satwarn.authority.rights import Role
from satwarn.errors import NotAllowed
from satwarn.ledger.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A passkey: its id and public key (both base64url), and the counter it last showed."""

    id: str
    public_key: str
    sign_count: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key for a program: only its SHA-256 is kept. `scopes` are deeds, at most those of the person."""

    id: str
    person: str
    hashed: str
    scopes: frozenset[str]
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether its time has not run out."""
        return now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One appointed person and everything by which they show who they are; `sso` is their issuer and subject at a
    single sign-on, `dismissed_by` says when that is what ended their office. `appointed_by` are those who gave them
    what they may, `alone` when that was an only administrator."""

    officer: Officer
    title: str = ""
    passkeys: tuple[Credential, ...] = ()
    codes: frozenset[str] = frozenset()
    dismissed: bool = False
    dismissed_by: str = ""
    sso: str = ""
    appointed_by: tuple[str, ...] = ()
    alone: bool = False

    def unspent(self, typed: str) -> str:
        """The hash of the unspent code that was typed; "" when it is none of theirs."""
        return next((hashed for hashed in code_hashes(typed) if hashed in self.codes), "")


def hash_secret(secret: str) -> str:
    """SHA-256 in hex. The secrets are random and long (100 bits and more), so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def spell_code(typed: str) -> str:
    """A one-time code as it is hashed, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def join_code(first: str, second: str) -> str:
    """The hash of a code of two halves, the `first` known by its hash only: who made one half cannot come in by it."""
    return hash_secret(f"{first} {spell_code(second)}")  # the blank: no code typed whole is spelt so


def code_hashes(typed: str) -> tuple[str, ...]:
    """As what a code may be kept: typed whole, or as two halves one after the other."""
    spelled = spell_code(typed)
    one, other = spelled[: len(spelled) // 2], spelled[len(spelled) // 2 :]
    return hash_secret(spelled), join_code(hash_secret(one), other), join_code(hash_secret(other), one)


@dataclass(slots=True)
class Roster(Mapping[str, Officer]):
    """Everybody by name. Told each entry once, in order; dismissed people are no officers. `removed` is when somebody
    last ended the office of another administrator."""

    people: dict[str, Person] = field(default_factory=dict)
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    removed: dict[str, datetime] = field(default_factory=dict)

    def tell(self, entry: Entry) -> None:
        """Take in one entry of the ledger."""
        if entry.kind in FOLDS:
            before = self.administrators() if entry.kind in OFFICE else ()
            FOLDS[entry.kind](self, entry, entry.body)
            if before and set(before) - {entry.actor, *self.administrators()}:
                self.removed[entry.actor] = entry.time

    def administrators(self) -> tuple[str, ...]:
        """Who may appoint, by name."""
        return tuple(sorted(name for name in list(self) if Role.ADMINISTRATOR in self.people[name].officer.roles))

    def officer(self, name: str) -> Officer:
        """The officer of that name; NotAllowed when there is none."""
        if name not in self:
            raise NotAllowed(f"{name} is not an officer of this authority")
        return self.people[name].officer

    def __getitem__(self, name: str) -> Officer:
        if self.people[name].dismissed:
            raise KeyError(name)
        return self.people[name].officer

    def __iter__(self) -> Iterator[str]:
        return (name for name, person in self.people.items() if not person.dismissed)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def by_code(self, typed: str) -> Person | None:
        """Whose unspent one-time code this is."""
        tried = set(code_hashes(typed))
        return next((p for p in list(self.people.values()) if tried & p.codes and not p.dismissed), None)

    def by_key(self, secret: str, *, now: datetime) -> ApiKey | None:
        """The API key with this secret, if it still holds and its person is still in office."""
        key = next((k for k in self.api_keys.values() if k.hashed == hash_secret(secret)), None)
        return key if key and key.holds(now) and key.person in self else None


def _appoint(roster: Roster, entry: Entry, body: dict[str, Any]) -> None:
    name = entry.subject.partition("/")[2]
    officer = Officer(
        name=name,
        roles=frozenset(map(Role, body["roles"])),
        jurisdiction=Jurisdiction.from_json(body["jurisdiction"]) if body.get("jurisdiction") else NOTHING,
        public_key=bytes.fromhex(body.get("public_key", "")),
    )
    known = roster.people.get(name, Person(officer=officer))
    roster.people[name] = replace(
        known,
        officer=officer,
        title=body.get("title", ""),
        dismissed=False,
        sso=body.get("sso", known.sso),
        appointed_by=(*body.get("proposed_by", ()), entry.actor),
        alone=entry.kind == APPOINT_ALONE,
    )


def _narrow(roster: Roster, entry: Entry, body: dict[str, Any]) -> None:
    # Who takes away did not give what is left: nobody's name, and no "alone", is washed off by a change of title.
    known = roster.people[entry.subject.partition("/")[2]]
    _appoint(roster, entry, body)
    name = known.officer.name
    roster.people[name] = replace(roster.people[name], appointed_by=known.appointed_by, alone=known.alone)


Fold = Callable[["Roster", Entry, dict[str, Any]], None]


def _person(change: Callable[[Person, dict[str, Any]], Person]) -> Fold:
    def fold(roster: Roster, entry: Entry, body: dict[str, Any]) -> None:
        name = entry.subject.partition("/")[2]
        roster.people[name] = change(roster.people[name], body)

    return fold


def _with_passkey(person: Person, body: dict[str, Any]) -> Person:
    one = Credential(id=body["id"], public_key=body["public_key"], sign_count=body["sign_count"], label=body["label"])
    return replace(person, passkeys=(*(k for k in person.passkeys if k.id != one.id), one))


def _with_key(person: Person, body: dict[str, Any]) -> Person:
    return replace(person, officer=replace(person.officer, public_key=bytes.fromhex(body["public_key"])))


_CHANGES: dict[str, Callable[[Person, dict[str, Any]], Person]] = {
    "enrol passkey": _with_passkey,
    "drop passkey": lambda person, body: replace(
        person, passkeys=tuple(key for key in person.passkeys if key.id != body["id"])
    ),
    "make codes": lambda person, body: replace(person, codes=frozenset(body["codes"])),
    "spend code": lambda person, body: replace(person, codes=person.codes - {body["code"]}),
    "show key": _with_key,
}


def _dismissed(person: Person, body: dict[str, Any]) -> Person:
    return replace(
        person,
        dismissed=True,
        dismissed_by=body.get("by", ""),
        passkeys=(),
        codes=frozenset(),
        officer=replace(person.officer, public_key=b""),
    )


def _make_key(roster: Roster, entry: Entry, body: dict[str, Any]) -> None:
    roster.api_keys[body["id"]] = ApiKey(
        id=body["id"],
        person=entry.subject.partition("/")[2],
        hashed=body["hashed"],
        scopes=frozenset(body["scopes"]),
        until=datetime.fromisoformat(body["until"]),
    )


def _dismiss(roster: Roster, entry: Entry, body: dict[str, Any]) -> None:
    # Keys go for good, like codes and passkeys: none comes to life again when the person is appointed again.
    name = entry.subject.partition("/")[2]
    roster.api_keys = {number: key for number, key in roster.api_keys.items() if key.person != name}
    _person(_dismissed)(roster, entry, body)


def _revoke_key(roster: Roster, entry: Entry, body: dict[str, Any]) -> None:
    roster.api_keys.pop(body["id"], None)


APPOINT, APPOINT_ALONE, NARROW, DISMISS = OFFICE = ("appoint", "appoint alone", "narrow", "dismiss")
"""What begins, changes or ends an office."""

FOLDS: dict[str, Fold] = {
    APPOINT: _appoint,
    APPOINT_ALONE: _appoint,
    NARROW: _narrow,
    DISMISS: _dismiss,
    "make key": _make_key,
    "revoke key": _revoke_key,
    **{kind: _person(change) for kind, change in _CHANGES.items()},
}
KINDS = frozenset(FOLDS)
