"""Secrets made by chance that nobody can guess, how they are spelled for people, and passwords kept elsewhere."""

import os
import secrets
from pathlib import Path

from satwarn.errors import BadSetting

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


def kept(*, file: Path | None, variable: str) -> str:
    """A password out of a file, or of a variable of the environment; read when it is needed, so that it may change.

    BadSetting when it is not there, or has letters that mail servers' logins cannot carry; it never says the password.
    """
    if file:
        where = str(file)
        try:
            password = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            what = error.strerror if isinstance(error, OSError) else "no text"
            raise BadSetting(f"the password cannot be read: {what}", where=where) from None
    else:
        where, password = f"${variable}", os.environ.get(variable, "")
    if not password:
        raise BadSetting("there is no password", where=where)
    if not password.isascii():
        raise BadSetting("the password has letters outside ASCII", where=where, fix="choose another")
    return password
