"""The silent self-test against real servers: a sound server, SMTP with Maildir and IMAP, a broker, a cabinet, a hub."""

import asyncio
import json
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from house import key
from satwarn.adapters import clock
from satwarn.adapters.device.mail import ImapProbe
from satwarn.adapters.device.modbus import Contact
from satwarn.adapters.device.siren import Siren
from satwarn.adapters.ground.websocket import BEAT_S
from satwarn.alert.purpose import Purpose
from satwarn.app import receiver_run
from satwarn.app.receiver_outputs import outputs, signal_of
from satwarn.app.receiver_run import GLANCE_S, LOOK_S, Running
from satwarn.app.receiver_screen import Kiosk
from satwarn.app.receiver_settings import read
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.app.receiver_test import Check, certificates, deep, quick
from satwarn.ledger.receipt import OutputResult, Proof
from satwarn.people.announcement import Announcement
from satwarn.people.ports import Performance, Tried
from satwarn.receiver.clock import Clock, Source

AT = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def until(true: Callable[[], bool], *, seconds: float = 20) -> None:
    ends = clock.stopwatch() + seconds
    while not true():
        assert clock.stopwatch() < ends, "it did not happen in time"
        clock.wait(0.01)


# ── sound ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def siren(tmp_path: Path, ear: str) -> Iterator[Siren]:
    made = Siren(
        name="speaker",
        folder=tmp_path / "sound",
        signal_of=signal_of,
        post=lambda call: call(),
        backends=("PULSEAUDIO",),
        ear=ear,
        buffer_ms=200,
    )
    made.prepare()
    opened_s = clock.stopwatch()
    mouth = made.mouth
    assert mouth
    until(lambda: mouth.pulled_s > opened_s + 0.5)  # the server fills its buffer at once, then asks by and by
    try:
        yield made
    finally:
        made.close()


def pactl(*words: str) -> None:
    subprocess.run(["pactl", *words], check=True, capture_output=True)


def test_a_quiet_tone_comes_back_and_a_muted_amplifier_is_found(siren: Siren) -> None:
    assert siren.mouth
    well = siren.try_silently()
    assert well.good is True, well
    pactl("set-sink-mute", "proof", "1")
    mute = siren.try_silently()
    assert mute.good is False
    assert "amplifier" in mute.what
    assert siren.mouth.heard is None
    pactl("set-sink-mute", "proof", "0")
    assert siren.try_silently().good is True


def test_a_warning_in_the_midst_of_the_tone_is_not_kept_waiting_and_is_proven(siren: Siren) -> None:
    tried: list[Tried] = []
    trying = threading.Thread(target=lambda: tried.append(siren.try_silently()))
    trying.start()
    clock.wait(0.5)
    short = Announcement(language="en", label=None, headline="", sentences=("This is a test.",))
    found: list[OutputResult] = []
    assert siren.mouth
    drill = Performance(warning="w", site="31202", purpose=Purpose.EXERCISE, announcements=(short,), at=AT)
    siren.begin(drill, done=found.append)
    trying.join()
    assert tried == [Tried(good=None, what="a warning came between")], "it waited for the tone to end"
    until(lambda: bool(found), seconds=60)
    assert found[0].proof is Proof.PROVEN, found[0]


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def smtp(handler: object) -> Iterator[int]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class Kept(Mailbox):
    """Delivers into a Maildir and remembers for whom."""

    def __init__(self, folder: Path) -> None:
        self.recipients: list[str] = []
        super().__init__(str(folder))

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        self.recipients += envelope.rcpt_tos
        return await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]


def mail_site(folder: Path, **values: Any) -> Any:
    (folder / "hub.pem").write_bytes(key().certificate_pem)
    raw = {
        "site": {"code": "31202", "folder": str(folder)},
        "output": [{"name": "post", "kind": "mail", "sender": "box@satwarn.example", **values}],
    }
    settings = settings_of(raw, file=folder / "site.toml")
    (output,) = outputs(settings, post=lambda call: call())
    return output


def test_a_test_mail_goes_to_the_probe_alone_and_is_read_back(tmp_path: Path) -> None:
    box = Kept(tmp_path / "mail")
    with smtp(box) as port:
        output = mail_site(
            tmp_path,
            address=f"127.0.0.1:{port}",
            recipient="people@satwarn.example",
            probe=str(tmp_path / "mail"),
            probe_recipient="probe@satwarn.example",
        )
        assert output.try_silently() == Tried(good=True, what="a test mail came as it was sent")
    assert box.recipients == ["probe@satwarn.example"]
    (mail,) = (tmp_path / "mail" / "new").iterdir()
    read = BytesParser(policy=SMTP).parsebytes(mail.read_bytes())
    assert "This is a technical test" in read["Subject"]
    dead = output.try_silently()
    assert dead.good is False
    assert "not accepted" in dead.what


DOVECOT = """
base_dir = {at}/run
state_dir = {at}/run
log_path = {at}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{mail}
ssl = {tls}
{certificate}
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}
}}
first_valid_uid = 0
first_valid_gid = 0
disable_plaintext_auth = no
"""


@pytest.fixture
def imap() -> Iterator[SimpleNamespace]:
    """A real Dovecot over a Maildir, in the clear and over TLS with a certificate of its own."""
    at = Path(
        tempfile.mkdtemp(prefix="satwarn-imap-")
    )  # not below pytest's own folder: Dovecot's user may not go there
    at.chmod(0o755)
    mail = at / "mail"
    for name in ("new", "cur", "tmp"):
        (mail / name).mkdir(parents=True)
    root = os.getuid() == 0
    me = pwd.getpwuid(os.getuid())
    owner = pwd.getpwnam("dovecot") if root else me
    if root:
        for folder in (mail, *mail.iterdir()):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
    certificate, keyfile = at / "imap.pem", at / "imap.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(keyfile), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    ports = free_port(), free_port()
    config = at / "dovecot.conf"
    config.write_text(
        DOVECOT.format(
            at=at,
            mail=mail,
            tls="yes",
            certificate=f"ssl_cert = <{certificate}\nssl_key = <{keyfile}",
            user=owner.pw_name if root else me.pw_name,
            group="dovecot" if root else "",
            port=ports[0],
            tls_port=ports[1],
            uid=owner.pw_uid,
            gid=owner.pw_gid,
        )
    )
    command = [shutil.which("dovecot", path="/usr/sbin:/usr/bin") or "dovecot", "-F", "-c", str(config)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _answers(ports[0]), seconds=60)
        yield SimpleNamespace(mail=mail, port=ports[0], tls_port=ports[1], certificate=certificate, owner=owner)
    finally:
        server.terminate()
        server.wait(15)
        shutil.rmtree(at)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5) as line:
            return line.recv(10).startswith(b"* OK")
    except OSError:
        return False


class Owned(Kept):
    """As Kept, into a mailbox of somebody else."""

    def __init__(self, folder: Path, owner: Any) -> None:
        super().__init__(folder)
        self._folder, self._owner = folder, owner

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        for file in (self._folder / "new").iterdir():
            os.chown(file, self._owner.pw_uid, self._owner.pw_gid)
        return answer


def test_a_test_mail_is_found_by_imap_on_a_real_server(tmp_path: Path, imap: SimpleNamespace) -> None:
    (tmp_path / "password").write_text("secret\n")
    site = {"recipient": "people@satwarn.example", "probe_recipient": "probe@satwarn.example"}
    site |= {"imap_user": "probe", "imap_password_file": "password"}
    with smtp(Owned(imap.mail, imap.owner)) as port:
        clear = mail_site(tmp_path, address=f"127.0.0.1:{port}", imap=f"127.0.0.1:{imap.port}", imap_tls=False, **site)
        assert clear.try_silently() == Tried(good=True, what="a test mail came as it was sent")
        sealed = mail_site(
            tmp_path,
            address=f"127.0.0.1:{port}",
            imap=f"127.0.0.1:{imap.tls_port}",
            imap_authority=str(imap.certificate),
            **site,
        )
        assert sealed.try_silently().good is True


def test_a_server_that_cannot_prove_its_name_gets_no_password(imap: SimpleNamespace) -> None:
    probe = ImapProbe(host="127.0.0.1", port=imap.tls_port, user="probe", password=lambda: "secret")
    with pytest.raises(ssl.SSLCertVerificationError):
        probe.find("<x@y>")


# ── contacts, clock, certificates, disk ──────────────────────────────────────────────────────────────────────────────


class FakeClient:
    """A Modbus device's coils and inputs, by number."""

    def __init__(self, coils: dict[int, bool], inputs: dict[int, bool]) -> None:
        self.coils, self.inputs = coils, inputs

    def __enter__(self) -> "FakeClient":
        return self

    def __exit__(self, *_: object) -> None: ...

    def read_coils(self, number: int, **_: object) -> Any:
        return SimpleNamespace(isError=lambda: False, bits=[self.coils.get(number, False)])

    def read_discrete_inputs(self, number: int, **_: object) -> Any:
        return SimpleNamespace(isError=lambda: False, bits=[self.inputs.get(number, False)])


@pytest.mark.parametrize(
    ("coils", "inputs", "said"),
    [
        ({}, {}, ""),
        ({0: True}, {}, "coil stands closed"),
        ({}, {1: True}, "may be stuck"),
        ({}, {2: True}, "fault contact is closed"),
    ],
)
def test_a_contact_is_sensed_while_nothing_is_on(
    coils: dict[int, bool], inputs: dict[int, bool], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = Contact(name="siren", address="x:1", unit=1, coil=0, sense=1, busy=-1, fault=2, post=lambda call: call())
    monkeypatch.setattr(Contact, "_client", lambda self: FakeClient(coils, inputs))
    assert said in contact.probe()
    assert contact.try_silently().good is not bool(said)


def running_with(tmp_path: Path, **changes: Any) -> Any:
    (tmp_path / "hub.pem").write_bytes(key().certificate_pem)
    raw = {
        "site": {"code": "31202", "folder": str(tmp_path)},
        "trust": [{"sender": "drill@satwarn.example", "certificate": "hub.pem"}],
    }
    settings = settings_of(raw, file=tmp_path / "site.toml")
    kept = {"reading": lambda: Clock().read(wall=AT, host_s=0), "offsets_s": dict, "now": lambda: AT, **changes}
    kept.setdefault("inputs", None)
    return SimpleNamespace(settings=settings, box=SimpleNamespace(outputs=(), kept=lambda: None), **kept)


def found(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_the_offset_of_every_clock_is_stated_and_a_wrong_one_is_a_fault(tmp_path: Path) -> None:
    for gnss_s, ground_s, good in ((0.2, -0.1, True), (3.0, 0.0, False), (0.0, -5.0, False)):
        clocks = Clock()
        clocks.hear(Source.GNSS, AT - timedelta(seconds=gnss_s), host_s=0)
        clocks.hear(Source.GROUND, AT - timedelta(seconds=ground_s), host_s=0)
        offsets = clocks.offsets_s(wall=AT + timedelta(seconds=7), host_s=7)
        assert offsets == pytest.approx({"gnss": gnss_s, "ground": ground_s})
        running = running_with(
            tmp_path, offsets_s=lambda told=offsets: told, reading=lambda c=clocks: c.read(wall=AT, host_s=0)
        )
        check = found(quick(running), "clock")
        assert check.good is good
        assert f"gnss {gnss_s:+.3f} s" in check.what


def test_a_certificate_is_told_by_its_age(tmp_path: Path) -> None:
    running = running_with(tmp_path)
    ends = datetime.fromisoformat(certificates(running.settings, AT)[0]["until"])
    for days, good, said in ((61, True, "ends in 61 days"), (59, False, "replace it"), (-2, False, "has ended")):
        running.now = lambda at=ends - timedelta(days=days): at
        check = found(quick(running), "certificate drill@satwarn.example")
        assert (check.good, said in check.what) == (good, True), check


def test_a_full_disk_and_a_damaged_memory_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = running_with(tmp_path)
    assert found(quick(running), "disk").good is True
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=10 * 2**20))
    assert found(quick(running), "disk").good is False
    running.box.kept = lambda: '{"plans": 7}'
    assert found(deep(running), "memory").good is False


def test_a_driver_that_dies_is_a_fault_and_costs_the_others_nothing(tmp_path: Path) -> None:
    def dies() -> str:
        raise RuntimeError("driver lost")

    good = SimpleNamespace(name="good", probe=lambda: "", try_silently=lambda: Tried(good=True, what="well"))
    running = running_with(tmp_path)
    running.box.outputs = (SimpleNamespace(name="bad", probe=dies, try_silently=dies), good)
    assert found(quick(running), "output bad").good is False
    assert found(quick(running), "output good").good is True
    assert [check.good for check in deep(running)][1:] == [False, True]


def test_a_screen_that_no_browser_shows_is_known_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk = Kiosk(name="screen")
    assert "no browser shows its page yet" in kiosk.probe()
    kiosk.asked()
    assert kiosk.probe() == ""
    assert kiosk.try_silently().good is True
    now_s = clock.stopwatch()
    monkeypatch.setattr(clock, "stopwatch", lambda: now_s + 60)
    assert "for 60 s" in kiosk.probe()
    assert kiosk.try_silently().good is False


# ── at the site and at the hub ───────────────────────────────────────────────────────────────────────────────────────


def test_what_breaks_is_known_at_the_hub_within_a_minute() -> None:
    slowest_probe_s = 10.0
    assert GLANCE_S + slowest_probe_s + LOOK_S + BEAT_S < 60


def run_receiver(file: Path, live: Callable[[Running], Awaitable[None]]) -> None:
    async def both() -> None:
        running = Running(read(file))
        task = asyncio.create_task(running.run())
        try:
            await live(running)
        finally:
            running._stopping.set()
            await task

    asyncio.run(both())


async def comes(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


def test_a_fault_comes_and_goes_in_status_and_heartbeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver_run, "GLANCE_S", 0.05)
    port = free_port()
    file = tmp_path / "site.toml"
    file.write_text(
        f'[site]\ncode = "31202"\nfolder = "{tmp_path}/state"\n[status]\naddress = ""\n'
        f'[[output]]\nname = "plant"\nkind = "http"\naddress = "http://127.0.0.1:{port}/"\n'
    )

    async def live(running: Running) -> None:
        await comes(lambda: "output plant" in running.box.faults())
        beat = json.loads(json.dumps(running.box.state()))  # what the hub is told
        assert {one["name"]: one["good"] for one in beat["self_test"]}["output plant"] is False
        assert "nobody listens" in beat["faults"]["output plant"]
        server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", port)
        await comes(lambda: "output plant" not in running.box.faults())
        server.close()
        await comes(lambda: "output plant" in running.box.faults())

    run_receiver(file, live)
