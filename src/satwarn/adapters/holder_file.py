"""The key holders of a receiver in a file: names, salts and digests, never a secret."""

import json
import os
from pathlib import Path

from satwarn.adapters.secret import code
from satwarn.errors import BadSetting
from satwarn.receiver.holders import Holder, holder

SALT_BYTES = 16


def read(file: Path) -> tuple[Holder, ...]:
    """Every key holder; none where there is no file, BadSetting where it cannot be read."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return tuple(
            Holder(name=str(name), salt=bytes.fromhex(row["salt"]), digest=bytes.fromhex(row["digest"]))
            for name, row in rows.items()
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSetting(f"no file of key holders: {error}", where=str(file), fix="satwarn receiver keys add") from None


def add(file: Path, name: str) -> str:
    """Give a person a key, in place of the one they had; returns the secret, which is kept nowhere."""
    secret = code()
    _write(file, (*(one for one in read(file) if one.name != name), holder(name, secret, salt=os.urandom(SALT_BYTES))))
    return secret


def remove(file: Path, name: str) -> None:
    """Take a key back; BadSetting when nobody of that name holds one."""
    known = read(file)
    if name not in {one.name for one in known}:
        raise BadSetting(f"nobody called {name!r} holds a key", where=str(file))
    _write(file, tuple(one for one in known if one.name != name))


def _write(file: Path, holders: tuple[Holder, ...]) -> None:
    """Whole or not at all; written by its owner alone and read by anybody: the receiver is not root, and what stands
    there (digests of 100 bits of chance) opens nothing."""
    rows = {one.name: {"salt": one.salt.hex(), "digest": one.digest.hex()} for one in holders}
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8") as out:
        json.dump(rows, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fchmod(out.fileno(), 0o644)  # whatever the umask: one of 0077 would shut the receiver out
        os.fsync(out.fileno())
    part.replace(file)
