"""The office of a realm: who is appointed, their keys, whose alerts we take, and which sites there are."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from cryptography import x509

from satwarn.adapters import secret
from satwarn.app.realm import Realm
from satwarn.app.sign_in import Door
from satwarn.area import spelled
from satwarn.authority.appointing import Appointment, Way, way_of
from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
from satwarn.authority.officer import Assent, Officer
from satwarn.authority.prepared import Prepared, Sort, Stage
from satwarn.authority.rights import Role, deeds
from satwarn.authority.roster import APPOINT, APPOINT_ALONE, DISMISS, NARROW, hash_secret, join_code, spell_code
from satwarn.errors import BadAlert, Missing, NotAllowed

KEY_DAYS = 90
LONGEST_NAME = 60


_KIND = {Way.AT_ONCE: NARROW, Way.ALONE: APPOINT_ALONE}
NO_MORE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointed:
    """What came of an appointment: the code by which somebody new comes in (its first or second half where two
    administrators appoint), and what waits for another administrator."""

    code: str = ""
    waits: Prepared | None = None


class Office:
    """What administrators do; every verb names who did it, and asks whether they may."""

    def __init__(self, realm: Realm, door: Door) -> None:
        self._realm, self._door = realm, door

    async def first(self, token: str, name: str, roles: frozenset[Role]) -> tuple[str, ...]:
        """Appoint the first administrator by the printed link; returns their one-time codes."""
        wanted = Appointment(name=name, roles=roles | {Role.ADMINISTRATOR}, jurisdiction=EVERYWHERE)

        def work() -> None:
            self._door.check_first(token)  # on the ledger's thread: of two at the same moment only one is first
            self._check_name(name)
            self._put_in_office(wanted, APPOINT, by=name)

        await self._realm.do(work)
        return await self._door.make_codes(name, by=name)

    async def appoint(
        self, wanted: Appointment, *, by: str, check_alone: Callable[[], None] = lambda: None
    ) -> Appointed:
        """Appoint somebody, or change what they may: at once what takes away, else with another administrator.

        The code is spent by signing in; what they agree with later (codes, passkeys) they make themselves.
        `check_alone` may refuse an only administrator.
        """

        def work() -> Appointed:
            roster = self._realm.views.roster
            roster.officer(by).check_may("appoint")
            if wanted.name == by:
                raise NotAllowed("nobody appoints themselves", where="people", fix="ask another administrator")
            self._check_name(wanted.name)
            if not wanted.roles:
                raise BadAlert("nobody is appointed to nothing", where="roles", fix=f"some of {', '.join(Role)}")
            way = way_of(roster, wanted, by=by, now=self._realm.now())
            if way is Way.ALONE:
                check_alone()
            code = secret.code() if wanted.name not in roster and wanted.roles != {Role.MACHINE} else ""
            hashed = hash_secret(spell_code(code)) if code else ""
            with self._realm.ledger.work():
                if way is Way.TWO:
                    waits = self._realm.shelf.propose_appointment(wanted, half=hashed, by=by, now=self._realm.now())
                    return Appointed(code=code, waits=waits)
                self._put_in_office(wanted, _KIND[way], by=by, hashed=hashed)
            return Appointed(code=code)

        return await self._realm.do(work)

    async def agree(self, name: str, *, digest: str, by: str, assent: Assent | None) -> Appointed:
        """Agree, as another administrator, to the appointment whose digest was read: it is in force at once.

        Whoever is new comes in by the half of a code that the proposer was shown and the one returned here, so that
        neither of the two can come in as them.
        """

        def work() -> Appointed:
            with self._realm.ledger.work():
                signed = self._realm.shelf.sign(
                    Sort.APPOINTMENT, name, digest=digest, by=by, now=self._realm.now(), assent=assent
                )
                body = signed.in_force or {}
                self._check_name(name)  # of two proposals at a time another may be in force by now
                code = secret.code() if body["half"] else ""
                hashed = join_code(body["half"], code) if code else ""
                more = {"proposed_by": [signed.written_by]}
                self._put_in_office(Appointment.from_json(body), APPOINT, by=by, hashed=hashed, more=more)
            return Appointed(code=code)

        return await self._realm.do(work)

    async def withdraw(self, name: str, *, reason: str, by: str) -> Prepared:
        """Take back, or refuse, an appointment that waits for another administrator."""
        now = self._realm.now
        return await self._realm.do(
            lambda: self._realm.shelf.revoke(Sort.APPOINTMENT, name, reason=reason, by=by, now=now())
        )

    def _check_name(self, name: str) -> None:
        if not name.strip() or len(name) > LONGEST_NAME or any(not one.isprintable() or one in "/<>&" for one in name):
            raise BadAlert(f"{name[:LONGEST_NAME]!r} is no name to write down", where="name")
        if twin := _twin(name, self._realm.views.roster.people):
            raise BadAlert(f"{name} looks like {twin}, and nobody could tell them apart", where="name")

    def _put_in_office(
        self, wanted: Appointment, kind: str, *, by: str, hashed: str = "", more: Mapping[str, Any] = NO_MORE
    ) -> None:
        """The entries of an appointment; only on the ledger's thread. `hashed` is that of the code they come in by."""
        people, subject = self._realm.views.roster.people, f"person/{wanted.name}"
        body = {
            "roles": sorted(wanted.roles),
            "jurisdiction": wanted.jurisdiction.to_json(),
            "title": wanted.title[:LONGEST_NAME],
            "public_key": people[wanted.name].officer.public_key.hex() if wanted.name in people else "",
            **more,
        }
        self._realm.record(kind, subject, body, by=by)
        if wanted.certificate:
            trusted = {"sender": wanted.name, "certificate": wanted.certificate}
            self._realm.record("trust partner", f"partner/{wanted.name}", trusted, by=by)
        if hashed:
            self._realm.record("make codes", subject, {"codes": [hashed]}, by=by)

    async def dismiss(self, name: str, *, by: str) -> None:
        """Take somebody's office, codes, passkeys and keys away, at once, and what they proposed with it."""

        def work() -> None:
            roster = self._realm.views.roster
            roster.officer(by).check_may("dismiss")
            roster.officer(name)
            if roster.administrators() == (name,):
                raise NotAllowed("the last administrator stays", where=name, fix="appoint another one first")
            with self._realm.ledger.work():
                self._realm.record(DISMISS, f"person/{name}", {}, by=by)
                for one in self._realm.views.kept(Sort.APPOINTMENT):
                    if one.stage is Stage.WRITTEN and name in (one.name, one.written_by):
                        self._realm.record("revoke appointment", one.subject, {"reason": f"{name} dismissed"}, by=by)

        await self._realm.do(work)

    async def show_key(self, public_key: str, assent: Assent | None, *, by: str) -> None:
        """Keep the public half of a person's own Ed25519 key, with which their programs approve.

        NotAllowed without their assent to `key_statement`: else whoever stole a program's key would name their own.
        """
        _check_public(public_key)
        officer = self._realm.views.roster.officer(by)
        statement = key_statement(officer, public_key, self._realm.settings.sender)
        if assent is None:
            raise NotAllowed(
                "naming a key needs your assent", where="assent", fix=f"a one-time code, or: {statement.decode()}"
            )

        def work() -> None:
            with self._realm.ledger.work():
                proof = self._door.check_assent(officer, statement, assent)
                self._show_key(by, public_key, {"by": assent.by.value, "signature": proof})

        await self._realm.do(work)

    def _show_key(self, name: str, public_key: str, proof: dict[str, str]) -> None:
        self._realm.record("show key", f"person/{name}", {"public_key": public_key.lower(), **proof}, by=name)

    # ── programs ─────────────────────────────────────────────────────────────────────────────────

    async def make_key(self, person: str, scopes: frozenset[str], *, by: str, days: int = KEY_DAYS) -> tuple[str, str]:
        """A key for one's own program, or a machine's, for some deeds; returns its id and, this once, the secret.

        NotAllowed for another person's: what a key does is done in their name, and two people must stay two.
        """
        roster = self._realm.views.roster
        officer = roster.officer(person)
        if by != person:
            roster.officer(by).check_may("make key")
            if officer.roles != {Role.MACHINE}:
                raise NotAllowed(
                    f"what a key does is done in the name of {person}, so they make it themselves",
                    where="person",
                    fix="on their own page, or by a one-time code of theirs",
                )
        _check_wish(officer, scopes, days)
        made, number = f"satwarn_{secret.token()}", secret.token()[:12]
        until = self._realm.now() + timedelta(days=days)
        body = {"id": number, "hashed": hash_secret(made), "scopes": sorted(scopes), "until": until.isoformat()}
        await self._realm.do(lambda: self._realm.record("make key", f"person/{person}", body, by=by))
        return number, made

    async def make_key_by_code(
        self, code: str, scopes: frozenset[str], *, days: int, public_key: str, address: str
    ) -> tuple[str, str, str]:
        """One's own key by a one-time code, which is spent only if it is made; returns whose, its id, the secret.

        With `public_key` the code is the assent to that, too: whoever is new has no second one.
        """
        if person := self._realm.views.roster.by_code(code):
            _check_wish(person.officer, scopes, days)
        if public_key:
            _check_public(public_key)
        name = (await self._door.by_code(code, address=address)).officer.name
        if public_key:
            await self._realm.do(lambda: self._show_key(name, public_key, {"by": "code", "signature": "sign in"}))
        return (name, *await self.make_key(name, scopes, by=name, days=days))

    async def revoke_key(self, number: str, *, by: str) -> None:
        """Take a key back, one's own or, with that right, anybody's."""
        roster = self._realm.views.roster
        key = roster.api_keys.get(number)
        if key is None:
            raise Missing("no such key", where=number[:20])
        if by != key.person:
            roster.officer(by).check_may("revoke key")
        await self._realm.do(lambda: self._realm.record("revoke key", f"person/{key.person}", {"id": number}, by=by))

    # ── partners ─────────────────────────────────────────────────────────────────────────────────

    async def trust_partner(self, sender: str, certificate: str, jurisdiction: Jurisdiction, *, by: str) -> Appointed:
        """Take a sender's signed alerts as proposals from now on. By two, like every appointment: whoever gave a source
        of a standing order a certificate of their own would warn alone."""
        self._realm.views.roster.officer(by).check_may("appoint")
        try:
            x509.load_pem_x509_certificate(certificate.encode())
        except ValueError:
            raise BadAlert("is no certificate", where="certificate", fix="PEM, as the partner gave it") from None
        machine = frozenset({Role.MACHINE})
        wanted = Appointment(
            name=sender, roles=machine, jurisdiction=jurisdiction, title="partner", certificate=certificate
        )
        return await self.appoint(wanted, by=by)

    # ── sites ────────────────────────────────────────────────────────────────────────────────────

    async def invite_site(self, code: str, *, by: str) -> str:
        """A one-time code with which a receiver at that place enrols."""
        self._realm.views.roster.officer(by).check_may("enrol site")
        code = spelled.normal(code)
        made = secret.code()
        body = {"state": "invited", "code": hash_secret(spell_code(made))}
        await self._realm.do(lambda: self._realm.record("enrol site", f"site/{code}", body, by=by))
        return made

    async def revoke_site(self, code: str, *, by: str) -> None:
        """A site's certificate and invitation count no more from now on; a new code enrols it again."""
        self._realm.views.roster.officer(by).check_may("revoke site")
        if code not in self._realm.views.sites:
            raise Missing("is no site that was invited or enrolled", where=code[:20])
        await self._realm.do(lambda: self._realm.record("revoke site", f"site/{code}", {"state": "revoked"}, by=by))

    async def mark_site(self, code: str, state: str, note: str, *, by: str) -> None:
        """Say that a site is down, or up again, before an event makes it matter."""
        self._realm.views.roster.officer(by).check_may("mark site")
        code = spelled.normal(code)
        if state not in ("down", "up"):
            raise BadAlert(f"{state!r} is none of them", where="state", fix="down or up")
        body: dict[str, Any] = {"state": state, "note": note[:200]}
        await self._realm.do(lambda: self._realm.record("mark site", f"site/{code}", body, by=by))


def _twin(name: str, known: Iterable[str]) -> str:
    """Who bears a name that looks like this one but is spelt otherwise, or what of it comes from another script."""
    scripts = {unicodedata.name(one, "").partition(" ")[0] for one in name if one.isalpha()}
    if "LATIN" in scripts and (strange := scripts & LOOKALIKES):
        return f"a name in Latin letters with {', '.join(sorted(strange)).capitalize()} ones"
    return next((one for one in known if one != name and _looks(one) == _looks(name)), "")


def _looks(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


LOOKALIKES = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
"""Scripts with letters that look like Latin ones."""


def _check_wish(officer: Officer, scopes: frozenset[str], days: int) -> None:
    if strange := scopes - set(deeds()):
        raise BadAlert(f"no deed {', '.join(sorted(strange))}", where="scopes", fix=f"some of {', '.join(deeds())}")
    if not scopes:
        raise BadAlert("a key for nothing", where="scopes", fix=f"some of {', '.join(deeds())}")
    if beyond := [deed for deed in sorted(scopes) if not officer.may(deed)]:
        raise NotAllowed(f"{officer.name} may not {', '.join(beyond)}, so no key of theirs may", where="scopes")
    if not 0 < days <= 366:
        raise BadAlert(f"a key for {days} days", where="days", fix="1 to 366")


def _check_public(public_key: str) -> None:
    if len(public_key) != 64 or any(digit not in "0123456789abcdefABCDEF" for digit in public_key):
        raise BadAlert("is no Ed25519 public key", where="public_key", fix="64 hex digits")


def key_statement(officer: Officer, public_key: str, sender: str) -> bytes:
    """What a person puts their code, passkey or present key to, so that their programs approve by another key.

    It names the present key and the authority, so that an assent heard before, or in the sandbox, is none.
    """
    present = officer.public_key.hex() or "none"
    return f"satwarn key {officer.name} {public_key.lower()} after {present} {sender}".encode()
