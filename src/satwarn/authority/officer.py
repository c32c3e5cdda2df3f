"""The people of an authority: who they are, what they may do, and how they sign."""

from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from satwarn.alert.lifecycle import Deed
from satwarn.errors import NotAllowed


class Role(StrEnum):
    """What a person was appointed to do."""

    AUTHOR = "author"
    APPROVER = "approver"


MAY: dict[Role, frozenset[Deed]] = {
    Role.AUTHOR: frozenset({Deed.CHANGE, Deed.SUBMIT, Deed.ISSUE}),
    Role.APPROVER: frozenset({Deed.APPROVE, Deed.REFUSE, Deed.ISSUE}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One person: a name, roles, and the public half of the Ed25519 key that only they hold (32 bytes)."""

    name: str
    roles: frozenset[Role]
    public_key: bytes

    def check_may(self, deed: Deed) -> None:
        """NotAllowed unless one of the roles carries the deed."""
        if not any(deed in MAY[role] for role in self.roles):
            roles = ", ".join(sorted(self.roles)) or "no role"
            raise NotAllowed(f"{self.name} ({roles}) may not {deed}", fix="ask somebody whose role carries it")

    def check_signed(self, statement: bytes, signature: bytes) -> None:
        """NotAllowed unless this person's key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, statement)
        except InvalidSignature:
            raise NotAllowed(
                f"the approval is not signed by {self.name}", fix="sign the digest shown with your own key"
            ) from None


def approval_statement(subject: str, digest: str) -> bytes:
    """What an approver signs: the warning and the digest of its draft without identifier, sent and signature."""
    return f"satwarn approve {subject} {digest}".encode()


def sign_approval(key: Ed25519PrivateKey, subject: str, digest: str) -> bytes:
    """The approver's signature (64 bytes) under what they have read."""
    return key.sign(approval_statement(subject, digest))
