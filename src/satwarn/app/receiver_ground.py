"""A receiver's ground path: its line to the hub, its certificate there, and the renewal of that certificate.

What was renewed lies in the site's own folder, key and certificate in one file, so that no power cut can part them; the
files named in site.toml are never touched. Of the two, that counts whose certificate ends later.
"""

import os
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path as File
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from satwarn.adapters import chance
from satwarn.adapters.ground.tls import tls_of_site
from satwarn.adapters.ground.websocket import WebSocketLine
from satwarn.adapters.ground.wire import Now, Said
from satwarn.adapters.key_files import write_secret
from satwarn.adapters.keys import make_request
from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.errors import BadMessage, SatwarnError
from satwarn.hub.enrolment import RENEW_FROM
from satwarn.hub.ports import Hear

RENEWED, AUTHORITY = "ground.pem", "authority.pem"
ASK_AGAIN = timedelta(hours=1)
LATE = timedelta(days=30)
"""A certificate that ends so soon was not renewed as it should have been: a fault."""


class Credentials:
    """The files by which a site and its hub know each other."""

    def __init__(self, settings: ReceiverSettings) -> None:
        self._settings = settings
        self._renewed, self._authority = settings.folder / RENEWED, settings.folder / AUTHORITY
        self._asked: bytes = b""

    def context(self) -> ssl.SSLContext | None:
        """TLS as it is to be now; None for a hub without (`ws:`). BadSetting for files that cannot be used."""
        if not self._settings.ground["address"].startswith("wss:"):
            return None
        renewed = self._counts()
        certificate = self._renewed if renewed else self._named("certificate")
        key = "" if renewed else str(self._named("key") or "")
        return tls_of_site(certificate=str(certificate or ""), key=key, authority=str(self._trusted() or ""))

    def until(self) -> datetime | None:
        """When the certificate in use ends; None where there is none that can be read."""
        return _until(self._renewed) if self._counts() else _until(self._named("certificate"))

    def request(self) -> str:
        """A signing request for a fresh key, which is kept until the answer comes."""
        self._asked, request = make_request(self._settings.site.code)
        return request

    def take(self, answer: Said) -> datetime:
        """Keep a renewed certificate; returns when it ends. BadMessage when it is not what was asked for."""
        try:
            certificate = x509.load_pem_x509_certificate(str(answer["certificate"]).encode())
            authority = str(answer["trust"][1]).encode()
            key = serialization.load_pem_private_key(self._asked, password=None)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise BadMessage(f"no certificate came ({answer.get('error') or error})", where="renewal") from None
        if certificate.public_key() != key.public_key():
            raise BadMessage("the certificate that came is for another key", where="renewal")
        if (present := self._trusted()) and _same_key(authority, present.read_bytes()):
            write_secret(self._authority, authority)
        write_secret(self._renewed, self._asked + str(answer["certificate"]).encode())
        return certificate.not_valid_after_utc

    def _counts(self) -> bool:
        renewed, named = _until(self._renewed), _until(self._named("certificate"))
        return renewed is not None and (named is None or renewed > named)

    def _trusted(self) -> File | None:
        """The hub's authority: as named, or the same key's newer certificate."""
        named = self._named("authority")
        if named and self._authority.is_file() and _same_key(self._authority.read_bytes(), _bytes(named)):
            return self._authority
        return named

    def _named(self, key: str) -> File | None:
        name = self._settings.ground[key]
        return self._settings.beside(name) if name else None


class GroundLine:
    """The line and all that is done about it while it stands."""

    def __init__(
        self,
        settings: ReceiverSettings,
        hear: Hear,
        *,
        now: Now,
        state: Callable[[], Said],
        time: Callable[[datetime], None],
        note: Callable[[str, str], None],
        supply: Callable[[bytes, list[bytes]], None],
    ) -> None:
        self._settings, self._now, self._time, self._note, self._supply = settings, now, time, note, supply
        self.credentials = Credentials(settings)
        self._asked_at: datetime | None = None
        self._trouble = ""
        self.line = WebSocketLine(
            settings.ground["address"],
            settings.site.code,
            hear,
            now=now,
            chance=chance.stream(os.getpid(), "back-off"),
            tls=self.credentials.context,
            told=self._told,
        )
        self.line.state = state

    def look(self) -> dict[str, str]:
        """Ask for a new certificate when it is time; what is wrong, by code."""
        until, now, found = self.credentials.until(), self._now(), {}
        due = until is not None and until - now < RENEW_FROM
        if due and self.line.connected and (self._asked_at is None or now - self._asked_at > ASK_AGAIN):
            self._asked_at = now
            self.line.renew(self.credentials.request())
        if until is not None and until - now < LATE:
            ends = f"ends at {until:%Y-%m-%d} and was not renewed: satwarn receiver enrol"
            found["ground certificate"] = f"{ends}; {self._trouble}" if self._trouble else ends
        if not self.line.connected:
            found["ground"] = self.line.why
        elif self.line.remark:
            found["version"] = f"the hub says that this receiver {self.line.remark}"
        return found

    def _told(self, said: Said) -> None:
        if isinstance(beat := said.get("beat"), dict) and isinstance(time := beat.get("now"), str):
            if self._settings.ground["authority"]:  # a line that only the hub can hold
                self._time(datetime.fromisoformat(time))
        elif isinstance(answer := said.get("renewed"), dict):
            self._renewed(answer)
        elif isinstance(supply := said.get("supply"), dict):
            files = supply.get("files")
            texts = [one.encode() for one in files if isinstance(one, str)] if isinstance(files, list) else []
            self._supply(str(supply.get("cap", "")).encode(), texts)

    def _renewed(self, answer: Said) -> None:
        try:
            until = self.credentials.take(answer)
        except (SatwarnError, OSError) as error:
            self._trouble = str(error)
            self._note("ground", f"the certificate could not be renewed: {error}")
            return
        self._trouble = ""
        self._note("ground", f"the certificate was renewed until {until:%Y-%m-%d}")
        self.line.call_anew()


def _bytes(file: File) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _until(file: File | None) -> datetime | None:
    try:
        return x509.load_pem_x509_certificate(_bytes(file)).not_valid_after_utc if file else None
    except ValueError:
        return None


def _same_key(one: bytes, other: bytes) -> bool:
    try:
        keys: list[Any] = [x509.load_pem_x509_certificate(pem).public_key() for pem in (one, other)]
    except ValueError:
        return False
    return bool(keys[0] == keys[1])
