"""Who may press a button of a receiver's own page: not another web page, and not one that borrows our name.

A browser sends what a foreign page makes it send; these questions tell it from our own page and from our command line.
"""

from collections.abc import Mapping
from ipaddress import ip_address

from satwarn.adapters.secret import same

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
Headers = Mapping[str, str]


def host_is_ours(headers: Headers, configured: str) -> bool:
    """Whether the Host is an address, localhost, or the name in the settings: a name that somebody else's server
    points at us (DNS rebinding) is none of them."""
    name = _name_of(headers.get("Host", "")).lower()
    return name == "localhost" or (bool(name) and name == _name_of(configured).lower()) or _is_address(name)


def is_loopback(peer: str) -> bool:
    """Whether the asker is this machine itself."""
    return _is_address(peer) and ip_address(peer).is_loopback


def _name_of(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and ":" in host else host


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that another site's page makes it ask."""
    origin = headers.get("Origin")
    if origin is not None and origin != f"http://{headers.get('Host', '')}":
        return True
    return headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def unproven(headers: Headers, *, said: str, token: str) -> str:
    """Why a POST by hand is not taken: a page of others can send neither JSON (its browser asks us first, and is not
    answered) nor the token that stands only in our own page."""
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == JSON or (kind == FORM and same(said, token)):
        return ""
    return "neither JSON nor a form of this receiver's own page: open the page again"
