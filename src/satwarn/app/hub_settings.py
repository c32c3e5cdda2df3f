"""What a hub is told by a file (`satwarn serve --settings hub.toml`): whom it alarms, by which mail server."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path as File
from typing import Any
from urllib.parse import urlsplit

from satwarn.adapters.oidc import LOOPBACK, Provider
from satwarn.adapters.post import Hook, Smtp
from satwarn.app.sso import GroupRow, SsoSettings, row_of
from satwarn.authority.alarm import LANGUAGES
from satwarn.errors import BadSetting, SatwarnError

SHORTEST_SECRET = 32
LONGEST_ASSENT_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """Who is told at once when the glass is broken: by mail, by webhook, or both; letters in `language`."""

    name: str
    mail: str = ""
    hook: Hook | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """Everything the file says; each part may be left out. `origin` is what browsers see behind a proxy."""

    origin: str = ""
    mail: Smtp | None = None
    alarm: tuple[ThirdParty, ...] = ()
    sso: SsoSettings | None = None


Values = Mapping[str, Any]


def read(file: File) -> HubSettings:
    """The settings in a file; BadSetting says which key is wrong and what would do."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSetting("there is no such file", where=str(file)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"not TOML: {error}", where=str(file)) from None
    return settings(raw, folder=file.parent)


def settings(raw: Values, *, folder: File) -> HubSettings:
    """The settings in a parsed file; names of other files are relative to `folder`."""
    _only(raw, "the file", {"origin", "mail", "alarm", "sso"})
    mail = _mail(raw["mail"], folder) if "mail" in raw else None
    rows = raw.get("alarm", [])
    if not isinstance(rows, list):
        raise BadSetting("may repeat and has double brackets", where="alarm", fix="[[alarm]]")
    alarm = tuple(_party(row, folder) for row in rows)
    if any(one.mail for one in alarm) and mail is None:
        raise BadSetting("letters need a mail server", where="alarm.mail", fix="[mail] with host and sender")
    if len({one.name for one in alarm}) < len(alarm):
        raise BadSetting("two of them bear one name", where="alarm.name")
    sso = _sso(raw["sso"], folder) if "sso" in raw else None
    return HubSettings(origin=_origin(raw), mail=mail, alarm=alarm, sso=sso)


def _origin(raw: Values) -> str:
    origin = _text(raw, "hub.toml", "origin", "")
    parts = urlsplit(origin)
    if origin and (
        parts.scheme not in ("http", "https") or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}"
    ):
        raise BadSetting(f"{origin[:60]!r} is no origin", where="origin", fix="https://warn.example, nothing after it")
    return origin


def _mail(row: Values, folder: File) -> Smtp:
    _only(row, "mail", {"host", "port", "sender", "starttls", "user", "password_file"})
    user = _text(row, "mail", "user", "")
    starttls = _flag(row, "mail", "starttls", otherwise=bool(user))
    if user and not starttls:
        raise BadSetting("would send a password in the clear", where="mail.starttls", fix="starttls = true")
    port = row.get("port", 587 if user else 25)
    if not isinstance(port, int) or not 0 < port < 65536:
        raise BadSetting(f"{port!r} is no port", where="mail.port", fix="port = 587")
    return Smtp(
        host=_text(row, "mail", "host"),
        sender=_address(row, "mail", "sender"),
        port=port,
        starttls=starttls,
        user=user,
        password=secret_in(row, "mail", "password_file", folder).decode() if user else "",
    )


def _party(row: Values, folder: File) -> ThirdParty:
    _only(row, "alarm", {"name", "mail", "webhook", "secret_file", "private", "language"})
    name, address = _text(row, "alarm", "name"), _text(row, "alarm", "webhook", "")
    language = _text(row, "alarm", "language", "en")
    if language not in LANGUAGES:
        raise BadSetting(f"{language!r} is none of them", where="alarm.language", fix=f"one of {', '.join(LANGUAGES)}")
    private = _flag(row, "alarm", "private", otherwise=False)
    if address and not address.startswith(("https://", "http://") if private else "https://"):
        raise BadSetting(f"{address[:60]!r} is no https address", where="alarm.webhook", fix="https://…")
    hook = None
    if address:
        secret = secret_in(row, "alarm", "secret_file", folder)
        if len(secret) < SHORTEST_SECRET:
            raise BadSetting(f"holds {len(secret)} bytes", where="alarm.secret_file", fix=f"{SHORTEST_SECRET} or more")
        hook = Hook(address=address, secret=secret, private=private)
    mail = _address(row, "alarm", "mail") if "mail" in row else ""
    if not mail and hook is None:
        raise BadSetting(f"{name} could not be told", where="alarm", fix="mail, or webhook and secret_file")
    return ThirdParty(name=name, mail=mail, hook=hook, language=language)


def _sso(row: Values, folder: File) -> SsoSettings:
    known = {
        "issuer",
        "client_id",
        "client_secret_file",
        "label",
        "scope",
        "name_claim",
        "groups_claim",
        "assent_within_s",
    }
    _only(row, "sso", known | {"group"})
    issuer = _text(row, "sso", "issuer")
    parts = urlsplit(issuer)
    if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)) or not parts.hostname:
        raise BadSetting(f"{issuer[:60]!r} is no https address", where="sso.issuer", fix="https://login.example")
    within = row.get("assent_within_s", 0)
    if not isinstance(within, int) or isinstance(within, bool) or not 0 <= within <= LONGEST_ASSENT_S:
        raise BadSetting(f"{within!r} is too long", where="sso.assent_within_s", fix=f"0 to {LONGEST_ASSENT_S}")
    secret = secret_in(row, "sso", "client_secret_file", folder).decode() if "client_secret_file" in row else ""
    provider = Provider(
        issuer=issuer,
        client_id=_text(row, "sso", "client_id"),
        client_secret=secret,
        scope=_text(row, "sso", "scope", "openid profile"),
    )
    rows = row.get("group", [])
    if not isinstance(rows, list) or not rows:
        raise BadSetting("names no group, so nobody could sign in", where="sso.group", fix="[[sso.group]]")
    return SsoSettings(
        provider=provider,
        table=tuple(_group(one) for one in rows),
        label=_text(row, "sso", "label", "single sign-on"),
        name_claim=_text(row, "sso", "name_claim", "name"),
        groups_claim=_text(row, "sso", "groups_claim", "groups"),
        assent_within=timedelta(seconds=within) if within else None,
    )


def _group(row: Values) -> GroupRow:
    _only(row, "sso.group", {"group", "roles", "hazards", "areas", "purposes", "paths"})
    group = _text(row, "sso.group", "group")
    lists = {key: row.get(key) for key in ("roles", "hazards", "areas", "purposes", "paths") if key in row}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadSetting("is a list of words", where=f"sso.group.{key}")
    try:
        found = row_of(group, lists.pop("roles", []) or [], lists)
    except (SatwarnError, ValueError) as error:
        raise BadSetting(getattr(error, "what", str(error)), where=f"sso.group {group}") from None
    if not found.roles:
        raise BadSetting("carries no role", where=f"sso.group {group}", fix='roles = ["author"]')
    return found


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _only(row: Values, table: str, known: set[str]) -> None:
    if not isinstance(row, dict):
        raise BadSetting("is a table", where=table, fix=f"[{table}]")
    if strange := sorted(row.keys() - known):
        raise BadSetting(f"no {strange[0]!r} here", where=table, fix=f"some of {', '.join(sorted(known))}")


def _text(row: Values, table: str, key: str, otherwise: str | None = None) -> str:
    value = row.get(key, otherwise)
    if not isinstance(value, str) or (otherwise is None and not value.strip()) or not (value.isprintable()):
        raise BadSetting("is missing" if key not in row else "is no line of text", where=f"{table}.{key}")
    return value


def _flag(row: Values, table: str, key: str, *, otherwise: bool) -> bool:
    value = row.get(key, otherwise)
    if not isinstance(value, bool):
        raise BadSetting("is true or false", where=f"{table}.{key}")
    return value


def _address(row: Values, table: str, key: str) -> str:
    value = _text(row, table, key)
    if value.count("@") != 1 or " " in value or value.startswith("@") or value.endswith("@"):
        raise BadSetting(f"{value[:60]!r} is no mail address", where=f"{table}.{key}")
    return value


def secret_in(row: Values, table: str, key: str, folder: File) -> bytes:
    """The secret in the file that a key names: never in the settings themselves, which people show to each other."""
    file = folder / _text(row, table, key)
    try:
        return file.read_bytes().strip()
    except OSError as error:
        raise BadSetting(f"cannot be read: {error.strerror}", where=f"{table}.{key}", fix=f"chmod 600 {file}") from None
