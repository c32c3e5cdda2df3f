"""The mail of one warning: an RFC 5322 message in UTF-8, and whether what arrived says what was meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from satwarn.ledger.receipt import Cause
from satwarn.people.announcement import Announcement
from satwarn.people.ports import Performance, Trouble

CHARSETS = ("utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "euc-kr", "latin-1")
RULE_UNDER_SUBJECT = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as meant: what it says, from whom to whom, and the Message-ID it is found by."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    body: str
    data: bytes


def write(performance: Performance, *, sender: str, recipient: str) -> Letter:
    """The message for a warning: drill label first in the subject, every language in the body."""
    said = performance.announcements
    subject = " / ".join(_headline(one) for one in said)
    body = RULE_UNDER_SUBJECT.join("\n".join(_lines(one)) for one in said) + "\n"
    name = sha256(f"{performance.site} {performance.warning}".encode()).hexdigest()[:32]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(performance.at)
    message["Message-ID"] = message_id = f"<{name}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, charset="utf-8", cte="base64")
    return Letter(
        message_id=message_id, sender=sender, recipient=recipient, subject=subject, body=body, data=message.as_bytes()
    )


def _headline(said: Announcement) -> str:
    return f"[{said.label.before.rstrip('.。')}] {said.headline}" if said.label else said.headline


def _lines(said: Announcement) -> Iterable[str]:
    label = said.label
    return (*([label.before] if label else []), *said.sentences, *([label.after] if label else []))


def judge_mail(meant: Letter, arrived: bytes) -> Trouble | None:
    """None when the message that arrived says what was meant, else the trouble; b"" = nothing arrived."""
    if not arrived:
        return Trouble(
            cause=Cause.PATH,
            detail="was not delivered",
            next_step="check the mail server's queue, its settings and the list of recipients, then send a test mail",
        )
    message = BytesParser(policy=SMTP).parsebytes(arrived)
    raw = message.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    labelled = (message.get_content_charset() or "us-ascii").lower()
    read = _decoded(raw, labelled)
    if _same(read, meant.body):
        return _judge_subject(meant, message)
    if written := _written_in(raw, meant.body, labelled):
        return _garbled(f"arrived garbled: labelled {labelled}, written in {written}")
    if read.strip() and _flat(meant.body).startswith(_flat(read)):
        return Trouble(
            cause=Cause.DEVICE,
            detail=f"arrived cut off after {len(read.rstrip())} of {len(meant.body.rstrip())} characters",
            next_step="raise the length limit of the mail system on the way, then send a test mail",
        )
    return Trouble(
        cause=Cause.UNKNOWN,
        detail="arrived with another text",
        next_step="compare the mail that arrived with the one that was sent, hop by hop",
    )


def _judge_subject(meant: Letter, message: EmailMessage) -> Trouble | None:
    try:
        subject = str(message["Subject"])
    except HeaderParseError:
        subject = ""
    return None if _flat(subject) == _flat(meant.subject) else _garbled("arrived with its subject garbled")


def _garbled(detail: str) -> Trouble:
    return Trouble(
        cause=Cause.CHARSET,
        detail=detail,
        next_step="set the mail system to UTF-8 from end to end, then send a test mail and read it",
    )


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, errors="replace")
    except LookupError:
        return raw.decode("ascii", errors="replace")


def _written_in(raw: bytes, meant: str, labelled: str) -> str:
    """The charset, other than the labelled one, in which the bytes say most of what was meant; "" when none does.

    A system with a wrong setting also loses characters its charset lacks, so lines are counted, not the whole.
    """
    lines = [line for line in meant.splitlines() if line.strip() and not line.isascii()]
    found = {charset: sum(line in _decoded(raw, charset) for line in lines) for charset in (labelled, *CHARSETS)}
    best = max(found, key=lambda charset: found[charset])
    return best if found[best] > found[labelled] else ""


def _same(read: str, meant: str) -> bool:
    return _flat(read) == _flat(meant)


def _flat(text: str) -> str:
    """Without line ends and the blanks around them: systems on the way may change those."""
    return " ".join(text.split())
