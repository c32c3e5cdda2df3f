"""Secrets made by chance that nobody can guess, and how they are spelled for people."""

import secrets

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: they are read wrongly from paper


def token() -> str:
    """256 bits, for links, sessions and keys of programs."""
    return secrets.token_urlsafe(32)


def code() -> str:
    """A one-time code of 100 bits, in five groups of four letters for a printed list."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(20))
    return "-".join(letters[at : at + 4] for at in range(0, 20, 4))


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell where they differ."""
    return secrets.compare_digest(one.encode(), other.encode())
