"""The people of an authority: who they are, what they may do, and how they say yes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.rights import Role, rights
from satwarn.errors import NotAllowed

__all__ = ["Assent", "By", "Officer", "Role", "approval_statement", "check_key", "sign_approval"]


class By(StrEnum):
    """By what a person shows that it is they who agree."""

    KEY = "key"
    """An Ed25519 signature (64 bytes) under the statement."""
    PASSKEY = "passkey"
    """A WebAuthn assertion whose challenge is the SHA-256 of the statement."""
    CODE = "code"
    """A one-time code from their printed list, spent by this deed."""
    SSO = "sso"
    """A single sign-on just now; counts only where the settings say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assent:
    """A person's yes: by what, and its bytes (signature, assertion as JSON, or the code)."""

    by: By
    proof: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One person: a name, roles, over what they may speak, and the public half of their Ed25519 key (b"" = none)."""

    name: str
    roles: frozenset[Role]
    jurisdiction: Jurisdiction
    public_key: bytes = b""

    def may(self, deed: str) -> bool:
        """Whether one of the roles carries the deed."""
        return any(deed in rights()[role] for role in self.roles)

    def check_may(self, deed: str) -> None:
        """NotAllowed unless one of the roles carries the deed."""
        if not self.may(deed):
            roles = ", ".join(sorted(self.roles)) or "no role"
            carry = ", ".join(role for role in Role if deed in rights()[role])
            raise NotAllowed(f"{self.name} ({roles}) may not {deed}", fix=f"ask one of these: {carry or 'nobody may'}")


CheckAssent = Callable[[Officer, bytes, Assent], str]
"""Says what of the proof the ledger keeps; NotAllowed unless this officer gave the assent to this statement."""


def check_key(officer: Officer, statement: bytes, assent: Assent) -> str:
    """The check that needs nothing but the officer's public key; returns the signature in hex."""
    try:
        if assent.by is not By.KEY or not officer.public_key:
            raise InvalidSignature
        Ed25519PublicKey.from_public_bytes(officer.public_key).verify(assent.proof, statement)
    except InvalidSignature:
        raise NotAllowed(
            f"the approval is not signed by {officer.name}", fix="sign the digest shown with your own key"
        ) from None
    return assent.proof.hex()


def approval_statement(subject: str, digest: str, taken_back: int = 0) -> bytes:
    """What an approver signs: the warning and the digest of its draft without identifier, sent and signature; and, if a
    yes to that was taken back before, how often, so that the old one is none when the same text comes again."""
    return f"satwarn approve {subject} {digest}{f' {taken_back}' if taken_back else ''}".encode()


def sign_approval(key: Ed25519PrivateKey, subject: str, digest: str, taken_back: int = 0) -> Assent:
    """The approver's signature under what they have read."""
    return Assent(by=By.KEY, proof=key.sign(approval_statement(subject, digest, taken_back)))
