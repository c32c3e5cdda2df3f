"""Who is at the other end: sessions, one-time codes, passkeys, keys of programs. Secrets are kept only as hashes."""

import hashlib
import hmac
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from satwarn.adapters import passkey, secret
from satwarn.adapters.session_file import Kept, SessionFile
from satwarn.app.realm import HUB, Realm
from satwarn.app.sso import SingleSignOn
from satwarn.authority.officer import Assent, By, Officer, check_key
from satwarn.authority.rights import Role
from satwarn.authority.roster import ApiKey, Person, hash_secret, spell_code
from satwarn.errors import Missing, NotAllowed
from satwarn.ledger.entry import Entry

DISMISS = "dismiss"
SESSIONS = "sessions.db"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
FRESH = timedelta(minutes=10)
"""How long after signing in somebody may make codes, passkeys and keys of their own."""
NOTE_EVERY = timedelta(minutes=1)
"""How often the file hears that somebody is still there: a restart may shorten a pause by so much."""
ANSWER_WITHIN = timedelta(minutes=5)
CODES = 20
TRIES, TRIES_WITHIN = 20, timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One person at one browser. `csrf` is asked back with every deed, and follows from the session's secret."""

    person: str
    csrf: str
    by: By
    began: datetime


@dataclass(slots=True)
class Tries:
    """Counts failures of one address; a right answer always passes, so nobody can lock the duty officer out."""

    failed: deque[datetime] = field(default_factory=deque)

    def too_many(self, now: datetime) -> bool:
        """Whether a further failure is worth a pause."""
        while self.failed and now - self.failed[0] > TRIES_WITHIN:
            self.failed.popleft()
        return len(self.failed) >= TRIES


class TooMany(NotAllowed):
    """Too many failures from one address; wait a minute."""


class Door:
    """Lets people and programs into one realm, and checks their assents."""

    def __init__(self, realm: Realm, *, host: str, origin: str) -> None:
        self._realm, self._host, self._origin = realm, host, origin
        self._sessions = SessionFile(realm.settings.folder / SESSIONS)
        self._seen: dict[str, datetime] = {}
        self._challenges: dict[bytes, datetime] = {}
        self._tries: dict[str, Tries] = {}
        self._counts: dict[str, int] = {}
        self._first = ""
        self.sso: SingleSignOn | None = None
        realm.check_assent = self.check_assent
        realm.listen(self._entry)

    def open(self) -> None:
        """Once the realm knows its people: whoever is not among them (any more) loses every session."""
        for person in self._sessions.people() - set(self._realm.views.roster):
            self._sessions.drop_of(person)

    def close(self) -> None:
        """Let go of the file of sessions."""
        self._sessions.close()

    # ── the first administrator ──────────────────────────────────────────────────────────────────

    def first_token(self) -> str:
        """The secret of the one-time link; "" once there is an administrator."""
        people = self._realm.views.roster
        if any(Role.ADMINISTRATOR in people[name].roles for name in list(people)):
            self._first = ""
        elif not self._first:
            self._first = secret.token()
        return self._first

    def check_first(self, token: str) -> None:
        """NotAllowed unless this is the secret of the link and nobody used it yet."""
        if not (self.first_token() and secret.same(token, self._first)):
            raise NotAllowed("this link was used, or is not the one printed", fix="start the hub again for a new one")

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────

    def begin(self, person: str, *, agent: str, by: By) -> tuple[str, Session]:
        """A new session for a person who has shown who they are: always a new secret, never one that came along."""
        now, token = self._realm.now(), secret.token()
        self._seen = {hashed: seen for hashed, seen in self._seen.items() if now - seen <= IDLE}
        self._sessions.drop_idle(since=now - IDLE - NOTE_EVERY)
        made = Kept(hashed=hash_secret(token), person=person, agent=agent, began=now, seen=now, by=by.value)
        self._sessions.put(made)
        return token, _session(made, token)

    def session(self, token: str, *, agent: str) -> Session | None:
        """The session of this secret, at this browser, if it has not run out."""
        found = self._lasting(token, agent=agent)
        if found is None:
            return None
        self._saw(found, self._realm.now())
        return _session(found, token)

    def lasts(self, token: str, *, agent: str) -> bool:
        """Whether there is such a session, without taking the question for a sign that somebody is there."""
        return self._lasting(token, agent=agent) is not None

    def _lasting(self, token: str, *, agent: str) -> Kept | None:
        found = self._sessions.find(hash_secret(token)) if token else None
        if found is None or found.agent != agent or found.person not in self._realm.views.roster:
            return None
        now, seen = self._realm.now(), max(found.seen, self._seen.get(found.hashed, found.seen))
        if now - seen > IDLE or now - found.began > LONGEST:
            self.end(token)
            return None
        return found

    def check_fresh(self, session: Session | None) -> None:
        """NotAllowed unless they signed in a moment ago: codes, passkeys and keys outlast the session that makes them,
        and whoever finds a screen unlocked must not make any."""
        if session is None or self._realm.now() - session.began > FRESH:
            raise NotAllowed("you signed in a while ago", where="sign in", fix="sign out and in again, then do it")

    def end(self, token: str) -> None:
        """Forget a session."""
        self._seen.pop(hash_secret(token), None)
        self._sessions.drop(hash_secret(token))

    def _saw(self, found: Kept, now: datetime) -> None:
        self._seen[found.hashed] = now
        if now - found.seen >= NOTE_EVERY:
            with suppress(Missing):  # a full disk sends nobody away: what is seen now is known here
                self._sessions.put(replace(found, seen=now))

    def _entry(self, entry: Entry) -> None:
        """Whoever is dismissed loses every session, also for the case that they are appointed again."""
        if entry.kind == DISMISS:
            with suppress(Missing):  # a full disk: the roster does not know them, and `open` does this after a restart
                self._sessions.drop_of(entry.subject.removeprefix("person/"))

    # ── ways in ──────────────────────────────────────────────────────────────────────────────────

    async def by_code(self, typed: str, *, address: str) -> Person:
        """Whose one-time code this is; it is spent by being used."""
        # A guess never waits for the ledger, nor does the ledger for it: whoever has a deed to do goes first.
        known = self._realm.views.roster.by_code(typed)
        found = await self._realm.do(lambda: self._spend(typed)) if known else None
        if found is None:
            raise self._failure(address, "this code is not known, or was used before", fix="the next one of your list")
        return found

    async def by_passkey(self, answer: str, *, address: str) -> Person:
        """Whose passkey answered the challenge we set."""
        try:
            challenge = self._answered(answer)
            person = self._person_of(passkey.id_in(answer))
            self._check_passkey(person, answer, challenge)
        except NotAllowed as error:
            raise self._failure(address, error.what) from None
        return person

    def by_key(self, bearer: str, *, address: str) -> ApiKey:
        """The program's key."""
        found = self._realm.views.roster.by_key(bearer, now=self._realm.now())
        if found is None:
            raise self._failure(
                address,
                "this key is not known, was revoked, or has run out",
                fix="make one on your page, or by a one-time code",
            )
        return found

    def _failure(self, address: str, what: str, *, fix: str = "") -> NotAllowed:
        now, tries = self._realm.now(), self._tries.setdefault(address, Tries())
        if tries.too_many(now):
            return TooMany("too many failures from this address", fix="wait a minute")
        tries.failed.append(now)
        return NotAllowed(what, where="sign in", fix=fix)

    # ── codes and passkeys ───────────────────────────────────────────────────────────────────────

    async def make_codes(self, person: str, *, by: str, count: int = CODES) -> tuple[str, ...]:
        """A new list of one-time codes for a person; every older one stops working. Shown once, kept as hashes."""
        codes = tuple(secret.code() for _ in range(count))
        body = {"codes": sorted(hash_secret(spell_code(code)) for code in codes)}
        await self._realm.do(lambda: self._realm.record("make codes", f"person/{person}", body, by=by))
        return codes

    def ask_new_passkey(self, person: str) -> dict[str, Any]:
        """What the browser is asked to make a passkey."""
        known = [one.id for one in self._realm.views.roster.people[person].passkeys]
        return passkey.registration(person, host=self._host, challenge=self._challenge(), known=known)

    async def enrol_passkey(self, person: str, answer: str, *, label: str) -> None:
        """Keep the passkey in the browser's answer."""
        challenge = self._answered(answer)
        one = passkey.made(answer, host=self._host, origin=self._origin, challenge=challenge)
        body = {"id": one.id, "public_key": one.public_key, "sign_count": one.sign_count, "label": label[:60]}
        await self._realm.do(lambda: self._realm.record("enrol passkey", f"person/{person}", body, by=person))

    def ask_passkey(self) -> dict[str, Any]:
        """What the browser is asked to show a passkey, whosever it is."""
        return passkey.assertion(host=self._host, challenge=self._challenge(), allowed=[])

    def ask_assent(self, person: str, statement: bytes) -> dict[str, Any]:
        """What the browser is asked so that a person agrees to exactly this statement."""
        known = [one.id for one in self._realm.views.roster.people[person].passkeys]
        return passkey.assertion(host=self._host, challenge=hashlib.sha256(statement).digest(), allowed=known)

    def check_assent(self, officer: Officer, statement: bytes, assent: Assent) -> str:
        """Whether the assent is this officer's, to this statement (runs inside the deed's own transaction)."""
        return _CHECKS[assent.by](self, officer, statement, assent)

    def _by_key(self, officer: Officer, statement: bytes, assent: Assent) -> str:
        return check_key(officer, statement, assent)

    def _by_code(self, officer: Officer, statement: bytes, assent: Assent) -> str:
        person = self._realm.views.roster.people[officer.name]
        hashed = person.unspent(assent.proof.decode(errors="replace"))
        if not hashed:
            raise NotAllowed(f"this is no unused code of {officer.name}", where="code", fix="the next one of your list")
        self._realm.record("spend code", f"person/{officer.name}", {"code": hashed, "for": statement.decode()})
        return hashed

    def _by_passkey(self, officer: Officer, statement: bytes, assent: Assent) -> str:
        answer = assent.proof.decode(errors="replace")
        person = self._realm.views.roster.people[officer.name]
        self._check_passkey(person, answer, hashlib.sha256(statement).digest())
        return answer

    def _by_sso(self, officer: Officer, statement: bytes, assent: Assent) -> str:
        """Whether this very session came by a single sign-on just now, and that is enough here."""
        token = assent.proof.decode(errors="replace")
        found = self._sessions.find(hash_secret(token))
        if found is None or found.person != officer.name or not self.agrees_by_sso(_session(found, token)):
            raise NotAllowed("this needs your passkey or a one-time code", where="assent", fix="or sign in again")
        return self._realm.views.roster.people[officer.name].sso

    def agrees_by_sso(self, session: Session) -> bool:
        """Whether the sign-on that began this session is fresh enough to agree to a warning by it."""
        within = self.sso.settings.assent_within if self.sso else None
        return within is not None and session.by is By.SSO and self._realm.now() - session.began <= within

    # ── inside ───────────────────────────────────────────────────────────────────────────────────

    def _spend(self, typed: str) -> Person | None:
        person = self._realm.views.roster.by_code(typed)
        if person is not None:
            body = {"code": person.unspent(typed), "for": "sign in"}
            self._realm.record("spend code", f"person/{person.officer.name}", body, by=HUB)
        return person

    def _person_of(self, credential: str) -> Person:
        for person in list(self._realm.views.roster.people.values()):
            if not person.dismissed and any(one.id == credential for one in person.passkeys):
                return person
        raise NotAllowed("this passkey is not known here", where="passkey")

    def _check_passkey(self, person: Person, answer: str, challenge: bytes) -> None:
        one = next((key for key in person.passkeys if key.id == passkey.id_in(answer)), None)
        if one is None:
            raise NotAllowed(f"this is no passkey of {person.officer.name}", where="passkey")
        count = passkey.shown(
            answer,
            public_key=one.public_key,
            sign_count=self._counts.get(one.id, one.sign_count),
            host=self._host,
            origin=self._origin,
            challenge=challenge,
        )
        self._counts[one.id] = count

    def _challenge(self) -> bytes:
        now = self._realm.now()
        for old in [key for key, until in self._challenges.items() if until < now]:
            del self._challenges[old]
        challenge = secret.token().encode()
        self._challenges[challenge] = now + ANSWER_WITHIN
        return challenge

    def _answered(self, answer: str) -> bytes:
        """The challenge an answer was made for, which then is spent."""
        challenge = passkey.challenge_in(answer)
        until = self._challenges.pop(challenge, None)
        if until is None or until < self._realm.now():
            raise NotAllowed("this answer is to no question of ours, or too late", where="passkey")
        return challenge


def _session(kept: Kept, token: str) -> Session:
    csrf = hmac.digest(token.encode(), b"csrf", hashlib.sha256).hex()
    return Session(person=kept.person, csrf=csrf, by=By(kept.by), began=kept.began)


Check = Callable[[Door, Officer, bytes, Assent], str]
_CHECKS: Mapping[By, Check] = {
    By.KEY: Door._by_key,
    By.CODE: Door._by_code,
    By.PASSKEY: Door._by_passkey,
    By.SSO: Door._by_sso,
}
