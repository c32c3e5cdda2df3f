"""Mail for real: an SMTP server on this machine, mailboxes read back by Maildir and by IMAP."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from performances import performance
from satwarn.adapters.device.mail import ImapProbe, MaildirProbe, SmtpPost
from satwarn.adapters.device.simulated import WAYS, cut, rewritten
from satwarn.ledger.receipt import Cause
from satwarn.people.mail import Letter, judge_mail, write
from satwarn.people.ports import Trouble

HOST = "127.0.0.1"


def letter() -> Letter:
    return write(performance(), sender="31202@satwarn.example", recipient="people@satwarn.example")


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


class Gateway(Mailbox):
    """Delivers into a Maildir, through whatever it does to messages on the way."""

    def __init__(self, folder: Path, alter: Callable[[bytes], bytes]) -> None:
        super().__init__(str(folder))
        self._alter = alter

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        altered = self._alter(envelope.content)  # type: ignore[attr-defined]
        if altered:
            envelope.content = altered  # type: ignore[attr-defined]
            return await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]
        return "250 accepted, and dropped"


@contextmanager
def mail_server(folder: Path, alter: Callable[[bytes], bytes] = lambda data: data) -> Iterator[SmtpPost]:
    controller = Controller(Gateway(folder, alter), hostname=HOST, port=free_port())
    controller.start()
    try:
        yield SmtpPost(host=HOST, port=controller.port, probe=MaildirProbe(folder=folder), give_up_s=0.3, again_s=0.05)
    finally:
        controller.stop()


def sent(folder: Path, alter: Callable[[bytes], bytes] = lambda data: data) -> Trouble | None:
    meant = letter()
    with mail_server(folder, alter) as server:
        arrived = server.post(meant)
    assert arrived is not None
    return arrived if isinstance(arrived, Trouble) else judge_mail(meant, arrived)


def test_what_is_read_back_is_what_was_meant(tmp_path: Path) -> None:
    assert sent(tmp_path / "mail") is None


@pytest.mark.parametrize(
    ("alter", "cause", "words"),
    [
        (lambda data: rewritten(data, written="iso-2022-jp", labelled="utf-8"), Cause.CHARSET, "written in iso-2022"),
        (lambda data: rewritten(data, written="utf-8", labelled="iso-2022-jp"), Cause.CHARSET, "written in utf-8"),
        (cut, Cause.DEVICE, "cut off after"),
        (lambda data: b"", Cause.PATH, "was not delivered"),
    ],
    ids=["ISO-2022-JP as UTF-8", "UTF-8 as ISO-2022-JP", "cut", "dropped"],
)
def test_each_way_of_spoiling_a_mail_is_found(
    tmp_path: Path, alter: Callable[[bytes], bytes], cause: Cause, words: str
) -> None:
    trouble = sent(tmp_path / "mail", alter)
    assert trouble is not None
    assert trouble.cause is cause
    assert words in trouble.detail
    assert trouble.next_step


def test_a_dead_server_is_a_failure_of_the_path() -> None:
    trouble = SmtpPost(host=HOST, port=free_port(), timeout_s=2).post(letter())
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.PATH


def test_a_server_that_hangs_is_late() -> None:
    with socket.socket() as deaf:
        deaf.bind((HOST, 0))
        deaf.listen()
        trouble = SmtpPost(host=HOST, port=deaf.getsockname()[1], timeout_s=0.2).post(letter())
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.LATE


def test_a_server_that_refuses_is_a_failure_of_a_rule(tmp_path: Path) -> None:
    class Closed(Gateway):
        async def handle_RCPT(self, *args: object) -> str:
            return "550 nobody of that name"

    controller = Controller(Closed(tmp_path / "mail", lambda data: data), hostname=HOST, port=free_port())
    controller.start()
    try:
        trouble = SmtpPost(host=HOST, port=controller.port).post(letter())
    finally:
        controller.stop()
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.RULE


def test_without_a_probe_nothing_is_proven(tmp_path: Path) -> None:
    with mail_server(tmp_path / "mail") as server:
        assert SmtpPost(host=HOST, port=server.port).post(letter()) is None


class _Imap(socketserver.StreamRequestHandler):
    """As much of an IMAP server (RFC 3501) as a probe asks of one; it knows the messages of `server.box`."""

    def handle(self) -> None:
        self.say(b"* OK ready")
        for line in iter(self.rfile.readline, b""):
            tag, verb, *rest = line.strip().split(b" ", 2)
            if verb == b"EXAMINE" and self.server.busy:  # type: ignore[attr-defined]
                self.server.busy -= 1  # type: ignore[attr-defined]
                self.say(tag + b" NO [INUSE] somebody has it open")
                continue
            getattr(self, f"do_{verb.decode().lower()}")(rest[0] if rest else b"")
            self.say(tag + b" OK done")
            if verb == b"LOGOUT":
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def do_capability(self, _: bytes) -> None:
        self.say(b"* CAPABILITY IMAP4rev1")

    def do_login(self, _: bytes) -> None: ...

    def do_examine(self, _: bytes) -> None:
        self.say(b"* %d EXISTS" % len(self.server.box))  # type: ignore[attr-defined]

    def do_search(self, what: bytes) -> None:
        wanted = what.rpartition(b" ")[2].strip(b'"')
        box = self.server.box  # type: ignore[attr-defined]
        self.say(b" ".join([b"* SEARCH", *(b"%d" % n for n, data in enumerate(box, 1) if wanted in data)]))

    def do_fetch(self, what: bytes) -> None:
        number = int(what.split()[0])
        data = self.server.box[number - 1]  # type: ignore[attr-defined]
        self.say(b"* %d FETCH (BODY[] {%d}" % (number, len(data)))
        self.wfile.write(data)
        self.say(b")")

    def do_logout(self, _: bytes) -> None:
        self.say(b"* BYE")


@pytest.mark.parametrize("there", [True, False], ids=["delivered", "missing"])
def test_an_imap_mailbox_is_read_back_too(there: bool) -> None:
    meant = letter()
    with socketserver.ThreadingTCPServer((HOST, 0), _Imap) as server:
        server.busy = 0  # type: ignore[attr-defined]
        server.box = [b"Message-ID: <other@x>\r\n\r\nnot this\r\n", *([meant.data] if there else [])]  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        probe = ImapProbe(host=HOST, port=server.server_address[1], user="probe", password=lambda: "secret", tls=False)
        found = probe.find(meant.message_id)
        server.shutdown()
        thread.join()
    assert found == (meant.data if there else b"")


@pytest.mark.parametrize("busy", [2, 1000], ids=["for a moment", "for good"])
def test_a_busy_imap_mailbox_is_asked_again_and_its_word_is_told(tmp_path: Path, busy: int) -> None:
    meant = letter()
    with socketserver.ThreadingTCPServer((HOST, 0), _Imap) as server, mail_server(tmp_path / "mail") as post:
        server.busy, server.box = busy, [meant.data]  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        probe = ImapProbe(host=HOST, port=server.server_address[1], user="probe", password=lambda: "secret", tls=False)
        found = replace(post, probe=probe).post(meant)
        server.shutdown()
        thread.join()
    if busy == 2:
        assert found == meant.data
    else:
        assert isinstance(found, Trouble)
        assert "somebody has it open" in found.detail


def test_the_drill_has_the_same_mail_system_in_memory() -> None:
    meant = letter()
    way = WAYS["mail"][""]
    assert way is not None
    assert way(meant) == meant.data
