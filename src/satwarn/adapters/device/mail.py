"""Mail: sent by SMTP, and read back by a probe that owns one of the mailboxes it goes to."""

import imaplib
import mailbox
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from satwarn.adapters import clock
from satwarn.errors import BadSetting
from satwarn.ledger.receipt import Cause
from satwarn.people.mail import Letter
from satwarn.people.ports import Trouble

TEST_AGAIN = "then send a test mail"


class Probe(Protocol):
    """Reads one mailbox."""

    def find(self, message_id: str) -> bytes:
        """The message with that Message-ID as it arrived, b"" when it is not (yet) there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MaildirProbe:
    """A mailbox in a folder of this machine."""

    folder: Path

    def find(self, message_id: str) -> bytes:
        """See Probe."""
        box: mailbox.Maildir = mailbox.Maildir(self.folder, create=False)
        for key, message in box.iteritems():
            if message["Message-ID"] == message_id:
                return box.get_bytes(key)
        return b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapProbe:
    """A mailbox on a server, over TLS unless told otherwise.

    The server must prove its name, by a public authority or by the certificate in `authority` (PEM): whoever answers in
    its place does not get the password.
    """

    host: str
    user: str
    password: Callable[[], str]
    port: int = 993
    tls: bool = True
    authority: Path | None = None
    timeout_s: float = 30.0

    def find(self, message_id: str) -> bytes:
        """See Probe."""
        with self._opened() as server:
            server.login(self.user, self.password())
            kind, said = server.select("INBOX", readonly=True)
            if kind != "OK":  # a server that is busy with the box says no, and yes a moment later
                raise imaplib.IMAP4.abort(f"INBOX cannot be opened: {(said[0] or b'').decode(errors='replace')}")
            _, found = server.search(None, "HEADER", "Message-ID", f'"{message_id}"')
            numbers = (found[0] or b"").split()
            if not numbers:
                return b""
            _, parts = server.fetch(numbers[-1].decode(), "(BODY.PEEK[])")
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    def _opened(self) -> imaplib.IMAP4:
        if not self.tls:
            return imaplib.IMAP4(self.host, self.port, timeout=self.timeout_s)
        known = _believing(self.authority)
        return imaplib.IMAP4_SSL(self.host, self.port, timeout=self.timeout_s, ssl_context=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpPost:
    """Sends to `host`, then looks into the probe's mailbox every `again_s` until `give_up_s`; no probe, no proof.

    `tls` is "starttls", "implicit" (TLS from the first byte) or "none"; the server proves its name by a public
    authority or by the certificate in `authority` (PEM), and only then gets `user` and password.
    """

    host: str
    port: int = 25
    tls: str = "none"
    user: str = ""
    password: Callable[[], str] = str
    authority: Path | None = None
    probe: Probe | None = None
    timeout_s: float = 10.0
    again_s: float = 0.5
    give_up_s: float = 60.0

    def post(self, letter: Letter) -> bytes | Trouble | None:
        """Send it, and return it as it arrived; b"" when it never did, None where nobody can look."""
        try:
            self._send(letter)
        except (OSError, smtplib.SMTPException, BadSetting) as error:
            return _trouble(error, SENDING)
        try:
            return self._arrived(letter.message_id) if self.probe else None
        except (OSError, imaplib.IMAP4.error, BadSetting) as error:
            return _trouble(error, READING)

    def _send(self, letter: Letter) -> None:
        known = None if self.tls == "none" else _believing(self.authority)
        with self._connected(known) as server:
            if self.tls == "starttls":
                server.starttls(context=known)
            if self.user:
                server.login(self.user, self.password())
            server.sendmail(letter.sender, [letter.recipient], letter.data)

    def _connected(self, known: ssl.SSLContext | None) -> smtplib.SMTP:
        if self.tls == "implicit":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=known)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)

    def _arrived(self, message_id: str) -> bytes:
        assert self.probe
        until = clock.stopwatch() + self.give_up_s
        while True:
            is_last = clock.stopwatch() >= until
            try:
                found = self.probe.find(message_id)
            except imaplib.IMAP4.abort:
                if is_last:
                    raise
                found = b""
            if found or is_last:
                return found
            clock.wait(self.again_s)


def _believing(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:  # an ssl.SSLError is one too
        raise BadSetting(f"no certificate can be read: {error.strerror or error}", where=str(authority)) from None


# What each kind of refusal means, and what is to be done; the first that fits. smtplib's errors are OSErrors too.
Refusals = Sequence[tuple[type[Exception], Cause, str, str]]
SENDING: Refusals = (
    (TimeoutError, Cause.LATE, "was not accepted in time", "look why the mail server is slow"),
    (BadSetting, Cause.RULE, "was not sent", "correct the setting, or the rights of that file"),
    (smtplib.SMTPAuthenticationError, Cause.RULE, "was refused: wrong user or password",
     "correct smtp_user or its password"),
    (smtplib.SMTPNotSupportedError, Cause.RULE, "was not sent", "correct smtp_tls and smtp_user, or the server"),
    (smtplib.SMTPRecipientsRefused, Cause.RULE, "was refused for its recipient", "correct the list"),
    (smtplib.SMTPSenderRefused, Cause.RULE, "was refused for its sender", "correct sender, or log in (smtp_user)"),
    (smtplib.SMTPResponseException, Cause.RULE, "was refused", "read the server's answer, correct it"),
    (ssl.SSLCertVerificationError, Cause.RULE, "was not sent: the server's certificate is not believed",
     "correct smtp_authority or the host's name, or renew that certificate"),
    (ssl.SSLError, Cause.RULE, "was not sent: no TLS was agreed on", "correct smtp_tls or the port"),
    (OSError, Cause.PATH, "was not accepted", "start the mail server or correct its address"),
)  # fmt: skip
READING: Refusals = (
    (TimeoutError, Cause.LATE, "could not be read back in time", "look why the probe's server is slow"),
    (BadSetting, Cause.RULE, "could not be read back", "correct the setting, or the rights of that file"),
    (imaplib.IMAP4.error, Cause.RULE, "could not be read back", "correct the probe's user and password"),
    (ssl.SSLCertVerificationError, Cause.RULE, "could not be read back: that server's certificate is not believed",
     "correct imap_authority or the host's name, or renew that certificate"),
    (ssl.SSLError, Cause.RULE, "could not be read back: no TLS was agreed on", "correct imap_tls or the port"),
    (OSError, Cause.PATH, "could not be read back", "start the probe's server or correct its address"),
)  # fmt: skip


def _trouble(error: Exception, refusals: Refusals) -> Trouble:
    if isinstance(error.__context__, TimeoutError):
        error = error.__context__  # smtplib tells of a server that falls silent as of one that hung up
    said = " ".join(str(error).split("\n  Try: ")[0].split())
    for kind, cause, detail, next_step in refusals:
        if isinstance(error, kind):
            return Trouble(cause=cause, detail=f"{detail}: {said}", next_step=f"{next_step}, {TEST_AGAIN}")
    return Trouble(cause=Cause.UNKNOWN, detail=f"failed: {said}", next_step="look into the mail server's log")
