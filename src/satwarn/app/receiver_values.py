"""What a value of site.toml must be beyond its type: its range, its form. What is wrong is said for people."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from satwarn.adapters.air.source import SPEEDS

Check = Callable[[Any], str]
"""What is wrong with a value, "" when nothing is."""


def between(least: float, most: float) -> Check:
    """A number within these, both included."""
    return lambda value: "" if isfinite(value) and least <= value <= most else f"{value} is not {least:g} to {most:g}"


def given(value: str | Sequence[Any]) -> str:
    """Not empty."""
    return "" if value else "is empty"


def host_port(value: str) -> str:
    """host:port, the port from 0 to 65535."""
    host, _, port = value.rpartition(":")
    if host and port.isdecimal() and port.isascii() and int(port) < 1 << 16:
        return ""
    return f"{value!r} is no host:port"


def host(value: str) -> str:
    """A host, with or without its port."""
    return host_port(value) if ":" in value else ""


def hour(value: str) -> str:
    """HH:MM."""
    hours, _, minutes = value.partition(":")
    digits = value.isascii() and hours.isdecimal() and minutes.isdecimal() and len(value) == len("HH:MM")
    return "" if digits and int(hours) < 24 and int(minutes) < 60 else f"{value!r} is no HH:MM"


def url(*schemes: str) -> Check:
    """An address of one of these schemes, with a host."""

    def wrong(value: str) -> str:
        try:
            parts = urlsplit(value)
            fits = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 0) >= 0
        except ValueError:
            fits = False
        return "" if fits else f"{value!r} is no {schemes[0]}:// address"

    return wrong


def path(value: str) -> str:
    """Something that a file may be called."""
    return "" if value and "\0" not in value else f"{value!r} is no file"


def name(value: str) -> str:
    """What also stands in file names and in receipts."""
    fits = value.strip() == value and value.isprintable() and "/" not in value and value not in ("", ".", "..")
    return "" if fits else f"{value!r} is no name: letters, without a slash"


def where_set(check: Check) -> Check:
    """Empty, or as the check wants it."""
    return lambda value: check(value) if value else ""


CHECKS: Mapping[tuple[str, str], Check] = {
    ("site", "latitude"): between(-90, 90),
    ("site", "longitude"): between(-180, 180),
    ("site", "margin_km"): between(0, 1000),
    ("site", "languages"): given,
    ("site", "folder"): path,
    ("trust", "sender"): given,
    ("ground", "address"): where_set(url("wss", "ws")),
    ("multicast", "silence_minutes"): between(2, 24 * 60),
    ("output", "name"): name,
    ("output", "coil"): between(0, 65535),
    ("output", "sense"): between(-1, 65535),
    ("output", "busy"): between(-1, 65535),
    ("output", "fault"): between(-1, 65535),
    ("output", "unit"): between(0, 255),
    ("output", "pre_start_s"): between(0, 60),
    ("output", "imap"): where_set(host_port),
    ("output", "tone_hz"): between(100, 11000),
    ("output", "tone_level"): between(0, 1),
    ("output", "buffer_ms"): between(5, 2000),
    ("input", "name"): name,
    ("input", "does"): lambda value: "" if value in ("fault", "stop") else f"{value!r}",
    ("input", "unit"): between(0, 255),
    ("input", "number"): between(0, 65535),
    ("status", "address"): where_set(host_port),
    ("ups", "address"): where_set(host_port),
    ("self_test", "at"): where_set(hour),
}
# An address by what kind of thing is there. An output without one is a finding of `receiver check`, not of every start.
ADDRESSES: Mapping[tuple[str, str], Check] = {
    ("air", "tty"): path,
    ("air", "tcp"): host_port,
    ("air", "gpsd"): host_port,
    ("air", "file"): path,
    ("air", "pipe"): path,
    ("output", "mail"): host,
    ("output", "http"): where_set(url("http", "https")),
    ("output", "mqtt"): host,
    ("output", "modbus"): host,
    ("output", "wav"): where_set(path),
    ("input", "modbus"): host,
    ("input", "http"): url("http", "https"),
    ("input", "mqtt"): host,
}


SMTP_TLS = {"none": 25, "starttls": 587, "implicit": 465}  # and the port where none is said


def _mail(row: Mapping[str, Any]) -> tuple[str, str]:
    """A mail server and a mailbox as the world has them: no password in the clear but to this machine itself."""
    if row["smtp_tls"] not in SMTP_TLS:
        return "smtp_tls", f"{row['smtp_tls']!r}"
    sealed = {"smtp": row["smtp_tls"] != "none", "imap": row["imap_tls"]}
    for of, address in (("smtp", row["address"]), ("imap", row["imap"])):
        kept = [row[f"{of}_password_file"], row[f"{of}_password_env"]]
        if (row[f"{of}_user"] != "") is not any(kept) or all(kept):
            return f"{of}_user", f"{of}_user goes with either {of}_password_file or {of}_password_env"
        if any(kept) and not sealed[of] and address.partition(":")[0] not in ("localhost", "127.0.0.1"):
            return f"{of}_tls", "a password does not travel in the clear"
    return "", ""


def wrong_in(table: str, row: Mapping[str, Any]) -> tuple[str, str]:
    """The first key of a table whose value cannot be, and why; two empty strings where there is none."""
    for key, value in row.items():
        if why := CHECKS.get((table, key), lambda value: "")(value):
            return key, why
    if (check := ADDRESSES.get((table, row.get("kind", "")))) and (why := check(row["address"])):
        return "address", why
    if table == "air" and row["kind"] == "tty" and row["speed"] not in SPEEDS:
        return "speed", f"no serial port has a speed of {row['speed']} baud"
    return _mail(row) if (table, row.get("kind")) == ("output", "mail") else ("", "")
