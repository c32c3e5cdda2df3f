"""Mail as the world has it: TLS agreed on or from the first byte, a login, and each refusal told by its cause."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import AuthResult, LoginPassword

from performances import performance
from satwarn.adapters import secret
from satwarn.adapters.device import mail
from satwarn.adapters.device.mail import ImapProbe, MaildirProbe, SmtpPost
from satwarn.app.receiver_outputs import outputs
from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.errors import BadSetting
from satwarn.ledger.receipt import Cause
from satwarn.people.mail import judge_mail, write
from satwarn.people.ports import Tried, Trouble
from tls_making import Root, root

HOST, PASSWORD = "127.0.0.1", "correct horse battery staple"
MEANT = write(performance(), sender="31202@satwarn.example", recipient="people@satwarn.example")


class Guarded(Controller):
    """Port 0: the system chooses, and nobody else takes it meanwhile."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"box", PASSWORD.encode())
    return AuthResult(success=good, handled=False)


class Choosy(Mailbox):
    """Takes mail for one person from one sender."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address != MEANT.sender:
            return "550 no such sender"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address != MEANT.recipient:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def served(folder: Path, tls: str, context: ssl.SSLContext) -> Iterator[int]:
    sealed: dict[str, Any] = {"starttls": {"tls_context": context, "require_starttls": True}}.get(tls, {})
    if tls == "implicit":
        sealed = {"ssl_context": context, "auth_require_tls": False}  # aiosmtpd counts STARTTLS alone as TLS
    wanted = tls == "starttls"  # it warns of a login it takes to be in the clear
    controller = Guarded(
        Choosy(str(folder)), hostname=HOST, port=0, authenticator=knows, auth_required=wanted, **sealed
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def authority(tmp_path: Path) -> Root:
    return root(tmp_path / "authority")


def post(port: int, known: Root, folder: Path, **changes: Any) -> SmtpPost:
    given: dict[str, Any] = {"tls": "starttls", "user": "box", "password": lambda: PASSWORD, "authority": known.pem}
    given |= {"probe": MaildirProbe(folder=folder)}
    return SmtpPost(host=HOST, port=port, timeout_s=20, give_up_s=5, **{**given, **changes})


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_it_logs_in_over_tls_and_is_read_back(tls: str, tmp_path: Path, authority: Root) -> None:
    with served(tmp_path / "mail", tls, authority.server()) as port:
        arrived = post(port, authority, tmp_path / "mail", tls=tls).post(MEANT)
    assert isinstance(arrived, bytes), arrived
    assert judge_mail(MEANT, arrived) is None


def refused(tmp_path: Path, known: Root, *, letter: Any = MEANT, server: Any = None, **changes: Any) -> Trouble:
    context = server or known.server()
    at = changes.pop("at", "starttls")
    with served(tmp_path / "mail", at, context) as port:
        trouble = post(port, known, tmp_path / "mail", **changes).post(letter)
    assert isinstance(trouble, Trouble)
    assert PASSWORD not in f"{trouble}"
    assert not list((tmp_path / "mail" / "new").glob("*"))
    return trouble


def test_a_wrong_password_is_told_as_that(tmp_path: Path, authority: Root) -> None:
    trouble = refused(tmp_path, authority, password=lambda: "wrong")
    assert (trouble.cause, "wrong user or password" in trouble.detail) == (Cause.RULE, True)
    assert "smtp_user" in trouble.next_step


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"days": -1}, "expired"),
        ({"name": "mail.satwarn.example"}, "IP address mismatch"),
    ],
)
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_certificate_is_refused_by_its_cause(
    tls: str, server: dict[str, Any], said: str, tmp_path: Path, authority: Root
) -> None:
    trouble = refused(tmp_path, authority, server=authority.server(**server), tls=tls, at=tls)
    assert (trouble.cause, "certificate is not believed" in trouble.detail) == (Cause.RULE, True)
    assert said in trouble.detail
    assert "smtp_authority" in trouble.next_step


def test_an_unknown_authority_gets_no_password(tmp_path: Path, authority: Root) -> None:
    def never() -> str:
        raise AssertionError("the password was asked for")

    other = root(tmp_path / "other")
    trouble = refused(tmp_path, authority, authority=other.pem, password=never)
    assert "certificate is not believed" in trouble.detail


@pytest.mark.parametrize(("tls", "at"), [("starttls", "none"), ("implicit", "starttls")])
def test_a_server_that_speaks_otherwise_gets_nothing(tls: str, at: str, tmp_path: Path, authority: Root) -> None:
    trouble = refused(tmp_path, authority, tls=tls, at=at)
    assert trouble.cause is Cause.RULE
    assert "smtp_tls" in trouble.next_step


def test_without_a_login_a_server_that_wants_one_says_so(tmp_path: Path, authority: Root) -> None:
    trouble = refused(tmp_path, authority, user="")
    assert "Authentication required" in trouble.detail


@pytest.mark.parametrize(
    ("sender", "recipient", "said"),
    [
        ("31202@satwarn.example", "nobody@satwarn.example", "for its recipient"),
        ("x@y.example", "people@satwarn.example", "for its sender"),
    ],
)
def test_a_refused_person_is_told(sender: str, recipient: str, said: str, tmp_path: Path, authority: Root) -> None:
    letter = write(performance(), sender=sender, recipient=recipient)
    trouble = refused(tmp_path, authority, letter=letter)
    assert (trouble.cause, said in trouble.detail) == (Cause.RULE, True), trouble


def test_an_authority_that_cannot_be_read_is_a_setting_to_correct(tmp_path: Path, authority: Root) -> None:
    broken = tmp_path / "broken.pem"
    for said in ("No such file", "no certificate"):
        trouble = refused(tmp_path, authority, authority=broken)
        assert "setting" in trouble.next_step
        assert said in trouble.detail
        assert "broken.pem" in trouble.detail
        broken.write_text("nonsense")


MAIL = {"name": "post", "kind": "mail", "sender": MEANT.sender, "recipient": MEANT.recipient}
FILE, ENV = {"smtp_password_file": "password"}, {"smtp_password_env": "SATWARN_MAIL"}


def site(folder: Path, **values: Any) -> ReceiverSettings:
    return settings_of(
        {"site": {"code": "31202", "folder": str(folder)}, "output": [{**MAIL, **values}]}, file=folder / "site.toml"
    )


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"smtp_tls": "ssl"}, "smtp_tls"),
        ({"address": "mail.example:smtp"}, "address"),
        ({"smtp_user": "box", "smtp_tls": "starttls"}, "smtp_user"),
        ({**FILE, "smtp_tls": "starttls"}, "smtp_user"),
        ({"smtp_user": "box", **FILE, **ENV, "smtp_tls": "starttls"}, "smtp_user"),
        ({"smtp_user": "box", **FILE, "address": "mail.example:25"}, "smtp_tls"),
        ({"imap": "mail.example:143", "imap_user": "box", "imap_password_file": "x", "imap_tls": False}, "imap_tls"),
    ],
)
def test_settings_that_would_fail_or_tell_the_password_are_refused(
    values: dict[str, Any], where: str, tmp_path: Path
) -> None:
    with pytest.raises(BadSetting, match=where):
        site(tmp_path, **values)


def test_a_site_logs_in_as_its_settings_say_and_keeps_its_password(
    tmp_path: Path, authority: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    with served(tmp_path / "mail", "starttls", authority.server()) as port:
        settings = site(
            tmp_path,
            address=f"{HOST}:{port}",
            smtp_tls="starttls",
            smtp_user="box",
            smtp_authority=str(authority.pem),
            probe="mail",
            probe_recipient=MEANT.recipient,
            **FILE,
        )
        (output,) = outputs(settings, post=lambda call: call())
        assert output.try_silently() == Tried(good=True, what="a test mail came as it was sent")  # type: ignore[attr-defined]
    assert PASSWORD not in f"{settings} {output} {capsys.readouterr()}"


def test_the_port_follows_the_kind_of_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[SmtpPost] = []
    real = mail.SmtpPost
    monkeypatch.setattr(mail, "SmtpPost", lambda **given: made.append(real(**given)) or made[-1])
    for tls in ("none", "starttls", "implicit"):
        outputs(site(tmp_path, address="mail.example", smtp_tls=tls), post=lambda call: call())
    assert [(one.host, one.port) for one in made] == [("mail.example", port) for port in (25, 587, 465)]


# ── the password ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_password_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    monkeypatch.setenv("SATWARN_MAIL", PASSWORD)
    assert secret.kept(file=tmp_path / "password", variable="") == PASSWORD
    assert secret.kept(file=None, variable="SATWARN_MAIL") == PASSWORD


def _absent(folder: Path) -> Callable[[], str]:
    return lambda: secret.kept(file=folder / "none", variable="")


def _foreign(folder: Path) -> Callable[[], str]:
    (folder / "foreign").write_text("pässword")
    return lambda: secret.kept(file=folder / "foreign", variable="")


def _empty(folder: Path) -> Callable[[], str]:
    return lambda: secret.kept(file=None, variable="SATWARN_NOT_SET")


@pytest.mark.parametrize(
    ("made", "said"), [(_absent, "No such file"), (_foreign, "ASCII"), (_empty, "$SATWARN_NOT_SET")]
)
def test_a_password_that_cannot_be_used_is_a_setting_to_correct(
    made: Callable[[Path], Callable[[], str]], said: str, tmp_path: Path, authority: Root
) -> None:
    password = made(tmp_path)
    with pytest.raises(BadSetting):
        password()
    trouble = refused(tmp_path, authority, password=password)
    assert said in trouble.detail
    assert "ssword: " not in trouble.detail.replace("password: ", "", 1)
    assert "pässword" not in f"{trouble}"


def test_a_probe_whose_server_is_not_believed_is_told_after_the_mail_was_sent(tmp_path: Path, authority: Root) -> None:
    other = root(tmp_path / "other")
    with served(tmp_path / "mail", "implicit", authority.server()) as port:
        probe = ImapProbe(host=HOST, port=port, user="probe", password=lambda: PASSWORD, authority=other.pem)
        trouble = post(port, authority, tmp_path / "mail", tls="implicit", probe=probe).post(MEANT)
    assert isinstance(trouble, Trouble)
    assert trouble.detail.startswith("could not be read back: that server's certificate is not believed")
    assert "imap_authority" in trouble.next_step
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1
