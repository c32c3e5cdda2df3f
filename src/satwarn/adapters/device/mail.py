"""Mail: sent by SMTP, and read back by a probe that owns one of the mailboxes it goes to."""

import imaplib
import mailbox
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from satwarn.adapters import clock
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
    password: str
    port: int = 993
    tls: bool = True
    authority: Path | None = None
    timeout_s: float = 30.0

    def find(self, message_id: str) -> bytes:
        """See Probe."""
        with self._opened() as server:
            server.login(self.user, self.password)
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
        known = ssl.create_default_context(cafile=self.authority)
        return imaplib.IMAP4_SSL(self.host, self.port, timeout=self.timeout_s, ssl_context=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpPost:
    """Sends to `host`, then looks into the probe's mailbox every `again_s` until `give_up_s`; no probe, no proof."""

    host: str
    port: int = 25
    probe: Probe | None = None
    timeout_s: float = 10.0
    again_s: float = 0.5
    give_up_s: float = 60.0

    def post(self, letter: Letter) -> bytes | Trouble | None:
        """Send it, and return it as it arrived; b"" when it never did, None where nobody can look."""
        try:
            with smtplib.SMTP(self.host, self.port, timeout=self.timeout_s) as server:
                server.sendmail(letter.sender, [letter.recipient], letter.data)
            return self._arrived(letter.message_id) if self.probe else None
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error) as error:
            return _trouble(error)

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


# What each kind of refusal means; the first that fits. smtplib's errors are themselves OSErrors.
REFUSALS: tuple[tuple[type[Exception], Cause, str, str], ...] = (
    (TimeoutError, Cause.LATE, "was not accepted in time", f"look why the mail server is slow, {TEST_AGAIN}"),
    (smtplib.SMTPRecipientsRefused, Cause.RULE, "was refused for its recipient", f"correct the list, {TEST_AGAIN}"),
    (smtplib.SMTPResponseException, Cause.RULE, "was refused", f"read the server's answer, correct it, {TEST_AGAIN}"),
    (imaplib.IMAP4.error, Cause.RULE, "could not be read back", f"correct the probe's user and password, {TEST_AGAIN}"),
    (ssl.SSLError, Cause.RULE, "could not be read back", f"correct the probe's authority or host, {TEST_AGAIN}"),
    (OSError, Cause.PATH, "was not accepted", f"start the mail server or correct its address, {TEST_AGAIN}"),
)


def _trouble(error: Exception) -> Trouble:
    if isinstance(error.__context__, TimeoutError):
        error = error.__context__  # smtplib tells of a server that falls silent as of one that hung up
    for kind, cause, detail, next_step in REFUSALS:
        if isinstance(error, kind):
            return Trouble(cause=cause, detail=f"{detail}: {error}", next_step=next_step)
    return Trouble(cause=Cause.UNKNOWN, detail=f"failed: {error}", next_step="look into the mail server's log")
