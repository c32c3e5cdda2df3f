"""Asking the running receiver on this machine, by its local page."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from satwarn.app.receiver_settings import read
from satwarn.errors import Missing, NotAllowed
from satwarn.people.remark import remark

ANSWERS_WITHIN_S = 5.0


class Silent(Missing):
    """The receiver does not answer: that is bad news, not wrong use."""

    exit_code = 1


def ask(config: Path, path: str) -> dict[str, Any]:
    """What it says under a path."""
    answer: dict[str, Any] = json.loads(_open(config, path, None))
    return answer


def tell(config: Path, path: str, said: dict[str, Any]) -> str:
    """Tell it something, and its answer in the site's language; NotAllowed when it refuses."""
    return remark(_open(config, path, json.dumps(said).encode()), read(config).languages[0])


def stop_wants_secret(config: Path) -> bool:
    """Whether this site's local stop wants a key holder."""
    return bool(read(config).by_hand["stop"] == "secret")


def _open(config: Path, path: str, body: bytes | None) -> str:
    address = read(config).status
    if not address:
        raise Silent("this receiver has no local page to ask", where=str(config), fix="[status] address in site.toml")
    asked = urllib.request.Request(f"http://{address}{path}", data=body, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=ANSWERS_WITHIN_S) as answer:  # noqa: S310 - http, as built above
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        why, _, fix = error.read().decode(errors="replace").removeprefix(f"{path}: ").partition("\n  Try: ")
        raise NotAllowed(remark(why, read(config).languages[0]), fix=fix) from None
    except OSError as error:
        raise Silent(
            f"no receiver answers at {address}: {error}", where=str(config), fix="systemctl status satwarn-receiver"
        ) from None
