"""The office of a realm: who is appointed, their keys, whose alerts we take, and which sites there are."""

from datetime import timedelta
from typing import Any

from cryptography import x509

from satwarn.adapters import secret
from satwarn.app.realm import Realm
from satwarn.app.sign_in import Door
from satwarn.area import spelled
from satwarn.authority.jurisdiction import EVERYWHERE, Jurisdiction
from satwarn.authority.officer import Assent
from satwarn.authority.rights import Role, deeds
from satwarn.authority.roster import hash_secret, spell_code
from satwarn.errors import BadAlert, NotAllowed

KEY_DAYS = 90
LONGEST_NAME = 60


class Office:
    """What administrators do; every verb names who did it, and asks whether they may."""

    def __init__(self, realm: Realm, door: Door) -> None:
        self._realm, self._door = realm, door

    async def first(self, token: str, name: str, roles: frozenset[Role]) -> tuple[str, ...]:
        """Appoint the first administrator by the printed link; returns their one-time codes."""
        self._door.check_first(token)
        await self._appoint(name, roles | {Role.ADMINISTRATOR}, EVERYWHERE, title="", by=name)
        return await self._door.make_codes(name, by=name)

    async def appoint(
        self, name: str, roles: frozenset[Role], jurisdiction: Jurisdiction, *, title: str, by: str
    ) -> str:
        """Appoint somebody, or change what they may; returns the code with which they come in for the first time.

        The code is spent by signing in; what they agree with later (codes, passkeys) they make themselves.
        """
        self._realm.views.roster.officer(by).check_may("appoint")
        if name == by:
            raise NotAllowed("nobody appoints themselves", where="people", fix="ask another administrator")
        known = name in self._realm.views.roster
        await self._appoint(name, roles, jurisdiction, title=title, by=by)
        if known or roles == {Role.MACHINE}:
            return ""
        (code,) = await self._door.make_codes(name, by=by, count=1)
        return code

    async def _appoint(
        self, name: str, roles: frozenset[Role], jurisdiction: Jurisdiction, *, title: str, by: str
    ) -> None:
        if not name.strip() or len(name) > LONGEST_NAME or any(not one.isprintable() or one in "/<>&" for one in name):
            raise BadAlert(f"{name[:LONGEST_NAME]!r} is no name to write down", where="name")
        if not roles:
            raise BadAlert("nobody is appointed to nothing", where="roles", fix=f"some of {', '.join(Role)}")
        roster = self._realm.views.roster
        public = roster.people[name].officer.public_key.hex() if name in roster.people else ""
        body = {
            "roles": sorted(roles),
            "jurisdiction": jurisdiction.to_json(),
            "title": title[:LONGEST_NAME],
            "public_key": public,
        }
        await self._realm.do(lambda: self._realm.record("appoint", f"person/{name}", body, by=by))

    async def dismiss(self, name: str, *, by: str) -> None:
        """Take somebody's office, codes, passkeys and keys away, at once."""
        roster = self._realm.views.roster
        roster.officer(by).check_may("dismiss")
        roster.officer(name)
        administrators = [one for one in list(roster) if Role.ADMINISTRATOR in roster[one].roles]
        if administrators == [name]:
            raise NotAllowed("the last administrator stays", where=name, fix="appoint another one first")
        await self._realm.do(lambda: self._realm.record("dismiss", f"person/{name}", {}, by=by))

    async def show_key(self, public_key: str, *, by: str, assent: Assent | None) -> None:
        """Keep the public half of a person's own Ed25519 key, with which their programs approve.

        NotAllowed without their assent by what they had before: whoever steals a program's key approves nothing.
        """
        if len(public_key) != 64 or any(digit not in "0123456789abcdefABCDEF" for digit in public_key):
            raise BadAlert("is no Ed25519 public key", where="public_key", fix="64 hex digits")
        public = public_key.lower()
        officer, sender = self._realm.views.roster.officer(by), self._realm.settings.sender
        statement = f"satwarn show key {by} {public} {officer.public_key.hex() or 'none'} {sender}"
        if assent is None:
            raise NotAllowed(
                "this needs your assent", where="assent", fix=f"a passkey or a one-time code for {statement}"
            )

        def show() -> None:
            with self._realm.ledger.work():
                proof = self._door.check_assent(officer, statement.encode(), assent)
                body = {"public_key": public, "by": assent.by.value, "signature": proof}
                self._realm.record("show key", f"person/{by}", body, by=by)

        await self._realm.do(show)

    # ── programs ─────────────────────────────────────────────────────────────────────────────────

    async def make_key(self, person: str, scopes: frozenset[str], *, by: str, days: int = KEY_DAYS) -> tuple[str, str]:
        """A key for a person's program, for some deeds of theirs; returns its id and, this once, the secret."""
        roster = self._realm.views.roster
        if by != person:
            roster.officer(by).check_may("make key")
        officer = roster.officer(person)
        if strange := scopes - set(deeds()):
            raise BadAlert(f"no deed {', '.join(sorted(strange))}", where="scopes", fix=f"some of {', '.join(deeds())}")
        if beyond := [deed for deed in sorted(scopes) if not officer.may(deed)]:
            raise NotAllowed(f"{person} may not {', '.join(beyond)}, so no key of theirs may", where="scopes")
        if not 0 < days <= 366:
            raise BadAlert(f"a key for {days} days", where="days", fix="1 to 366")
        made, number = f"satwarn_{secret.token()}", secret.token()[:12]
        until = self._realm.now() + timedelta(days=days)
        body = {"id": number, "hashed": hash_secret(made), "scopes": sorted(scopes), "until": until.isoformat()}
        await self._realm.do(lambda: self._realm.record("make key", f"person/{person}", body, by=by))
        return number, made

    async def revoke_key(self, number: str, *, by: str) -> None:
        """Take a key back, one's own or, with that right, anybody's."""
        roster = self._realm.views.roster
        key = roster.api_keys.get(number)
        if key is None:
            raise BadAlert("no such key", where=number)
        if by != key.person:
            roster.officer(by).check_may("revoke key")
        await self._realm.do(lambda: self._realm.record("revoke key", f"person/{key.person}", {"id": number}, by=by))

    # ── partners ─────────────────────────────────────────────────────────────────────────────────

    async def trust_partner(self, sender: str, certificate: str, jurisdiction: Jurisdiction, *, by: str) -> None:
        """Take a sender's signed alerts as proposals from now on."""
        self._realm.views.roster.officer(by).check_may("appoint")
        try:
            x509.load_pem_x509_certificate(certificate.encode())
        except ValueError:
            raise BadAlert("is no certificate", where="certificate", fix="PEM, as the partner gave it") from None
        await self._appoint(sender, frozenset({Role.MACHINE}), jurisdiction, title="partner", by=by)
        body = {"sender": sender, "certificate": certificate}
        await self._realm.do(lambda: self._realm.record("trust partner", f"partner/{sender}", body, by=by))

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
            raise BadAlert("is no site that was invited or enrolled", where=code[:20])
        await self._realm.do(lambda: self._realm.record("revoke site", f"site/{code}", {"state": "revoked"}, by=by))

    async def mark_site(self, code: str, state: str, note: str, *, by: str) -> None:
        """Say that a site is down, or up again, before an event makes it matter."""
        self._realm.views.roster.officer(by).check_may("read")
        code = spelled.normal(code)
        if state not in ("down", "up"):
            raise BadAlert(f"{state!r} is none of them", where="state", fix="down or up")
        body: dict[str, Any] = {"state": state, "note": note[:200]}
        await self._realm.do(lambda: self._realm.record("mark site", f"site/{code}", body, by=by))
