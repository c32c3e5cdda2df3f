"""Telling somebody outside, once: a letter by SMTP, or a signed POST to an address that is really outside."""

import hashlib
import hmac
import http.client
import ipaddress
import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from satwarn.adapters import clock

TIMEOUT_S = 10.0
SIGNATURE = "Satwarn-Signature"
NUMBER = "Satwarn-Number"


class Unreached(Exception):
    """It was not taken; says why. `again` is whether trying again may help."""

    def __init__(self, why: str, *, again: bool = True) -> None:
        super().__init__(why)
        self.why, self.again = why, again


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """A mail server that takes our letters; with `user`, after STARTTLS unless `starttls` is off."""

    host: str
    sender: str
    port: int = 25
    starttls: bool = False
    user: str = ""
    password: str = ""

    def send(self, recipient: str, subject: str, text: str, *, name: str) -> None:
        """Hand a letter over; Unreached when the server does not take it. `name` makes its Message-ID."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, recipient, subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{name}@{self.sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, charset="utf-8", cte="base64")
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise Unreached(f"{self.host}: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An address that takes a signed POST. `private` allows addresses of one's own network, and plain HTTP."""

    address: str
    secret: bytes
    private: bool = False

    def send(self, body: bytes, *, number: str) -> None:
        """POST it, signed; Unreached unless it answers 2xx. Redirects are not followed."""
        parts = urlsplit(self.address)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in (("https", "http") if self.private else ("https",)) or not host or parts.username:
            raise Unreached("is no https address", again=False)
        asked = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Host": parts.netloc,
            "Content-Type": "application/json",
            NUMBER: number,
            SIGNATURE: signature(self.secret, body, at=int(clock.now().timestamp())),
        }
        link = _Pinned(host, port, self._outside(host, port), tls=parts.scheme == "https")
        try:
            link.request("POST", asked, body=body, headers=headers)
            status = link.getresponse().status
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unreached(f"{host}: {type(error).__name__} {error}") from None
        finally:
            link.close()
        if not 200 <= status < 300:
            raise Unreached(f"{host} answered {status}", again=status >= 500 or status in (408, 425, 429))

    def _outside(self, host: str, port: int) -> str:
        """The one address we shall speak to: resolved once, so that it cannot change after it was looked at."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Unreached(f"{host}: {error}") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self.private:
            for one in addresses:
                if not _is_outside(one):
                    raise Unreached(f"{host} is {one}, which is not outside", again=False)
        return addresses[0]


def _is_outside(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast


def signature(secret: bytes, body: bytes, *, at: int) -> str:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`."""
    mac = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


class _Pinned(http.client.HTTPConnection):
    """A connection to one given address, whatever the name means by then; TLS still asks for the name."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._address, self._tls = address, tls

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
