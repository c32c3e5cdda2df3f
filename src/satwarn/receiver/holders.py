"""Who holds a key to this receiver, and how a secret is tried: what isolates a siren is not open to whoever is near.

A secret is 100 bits made by chance and kept as its scrypt digest. Wrong tries make everybody wait, whatever name they
gave, so that nothing tells which names there are; the local stop never asks here, and so can never be locked out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import scrypt
from hmac import compare_digest

from satwarn.errors import NotAllowed

COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 2**26}
FREE_TRIES = 3
LONGEST_WAIT_S = 60.0
NOBODY = bytes(32)
NONE_YET = "satwarn receiver keys add NAME --config site.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One person's key: the digest of their secret, and the 16 bytes of salt it was made with."""

    name: str
    salt: bytes
    digest: bytes


def holder(name: str, secret: str, *, salt: bytes) -> Holder:
    """The key of a person with this secret; NotAllowed for a name that would not be told apart."""
    if not name.strip() or name != name.strip() or not name.isprintable() or len(name) > 64:
        raise NotAllowed("a name has 1 to 64 letters and no blank around it", where=f"name {name!r}")
    return Holder(name=name, salt=salt, digest=digest_of(secret, salt))


def digest_of(secret: str, salt: bytes) -> bytes:
    """The digest of a secret as a person types it: case and separators do not count."""
    plain = "".join(letter for letter in secret.upper() if letter.isalnum())
    return scrypt(plain.encode(), salt=salt, **COST)


class Holders:
    """The key holders of one receiver, and the wrong tries so far. Told the time in seconds of any steady clock."""

    def __init__(self, holders: Iterable[Holder] = ()) -> None:
        self._holders: Mapping[str, Holder] = {one.name: one for one in holders}
        self.wrong = 0
        self._wait_until_s = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """Who holds a key."""
        return tuple(self._holders)

    def after(self, earlier: "Holders") -> "Holders":
        """These holders with the wrong tries that others had before: a new file makes nobody's waiting shorter."""
        self.wrong, self._wait_until_s = earlier.wrong, earlier._wait_until_s
        return self

    def check(self, name: str, secret: str, *, at_s: float) -> str:
        """The holder's name; NotAllowed when it is too soon after wrong tries, or the secret is not that holder's."""
        if not self._holders:
            raise NotAllowed("nobody holds a key to this receiver", fix=NONE_YET)
        if at_s < self._wait_until_s:
            raise NotAllowed(f"too many wrong tries: wait {self._wait_until_s - at_s:.0f} s")
        known = self._holders.get(name)
        digest = digest_of(secret, known.salt if known else NOBODY[:16])  # as long for a name that there is not
        if known is None or not compare_digest(digest, known.digest):
            self.wrong += 1
            if self.wrong >= FREE_TRIES:
                self._wait_until_s = at_s + min(2.0 ** (self.wrong - FREE_TRIES), LONGEST_WAIT_S)
            raise NotAllowed("that is not the secret of that key holder")
        self.wrong = 0
        return known.name
