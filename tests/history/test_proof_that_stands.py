"""Failures that were known, or thought to be mended: one stands until the same way has been proven from end to end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from house import ELEVEN, SENDER, YONAGO, exercise_bytes, key
from satwarn.adapters.clock import VirtualClock
from satwarn.adapters.device.mail import MaildirProbe, SmtpPost
from satwarn.adapters.device.simulated import rewritten
from satwarn.adapters.memory import MemoryFile
from satwarn.app.receiver_box import Box
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.ledger.receipt import Path as Way
from satwarn.ledger.receipt import Proof
from satwarn.people.mail import Letter, judge_mail, write
from satwarn.people.ports import Done, Output, Performance, ProvingOutput, stopped
from satwarn.receiver.clock import Reading, Source
from web.conftest import free_port


class Gateway(Mailbox):
    """A mail server that delivers into a Maildir what `alter` leaves of a message, and says "accepted" in any case."""

    alter: Callable[[bytes], bytes] = staticmethod(lambda data: data)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        envelope.content = self.alter(envelope.content)
        if not envelope.content:
            return "250 accepted"
        return await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]


class ByPost:
    """A Carrier by real SMTP, in the test's own thread."""

    def __init__(self, post: SmtpPost) -> None:
        self._post = post

    def carry(self, meant: Letter, *, came_out: Callable[[Any], None]) -> None:
        came_out(self._post.post(meant))

    def stop(self) -> None: ...


@contextmanager
def operator(folder: Path) -> Iterator[tuple[Gateway, Output]]:
    """Whoever passes our mail on, and the output that hands it to them and looks into the box at the far end."""
    gateway = Gateway(str(folder))
    controller = Controller(gateway, hostname="127.0.0.1", port=free_port())
    controller.start()
    smtp = SmtpPost(
        host="127.0.0.1", port=controller.port, probe=MaildirProbe(folder=folder), give_up_s=0.2, again_s=0.05
    )
    mail: ProvingOutput[Letter, Any] = ProvingOutput(
        name="mail",
        mean=lambda performance: write(performance, sender="box@satwarn.example", recipient="people@satwarn.example"),
        carrier=ByPost(smtp),
        judge=judge_mail,
        lasts_s=lambda performance: 20.0,
    )
    try:
        yield gateway, mail
    finally:
        controller.stop()


def box_with(folder: Path, *outputs: Output, hours: float = 0) -> Box:
    """The box on the wall, started (again) over what it kept."""
    (folder / "hub.pem").write_bytes(key().certificate_pem)
    raw = {
        "site": {"code": YONAGO, "folder": str(folder), "languages": ["ja", "en"]},
        "trust": [{"sender": SENDER, "certificate": "hub.pem"}],
        "output": [{"name": one.name, "kind": "screen"} for one in outputs],
    }
    timer = VirtualClock(ELEVEN + timedelta(hours=hours, seconds=1))
    box = Box(
        settings_of(raw, file=folder / "site.toml"),
        outputs=outputs,
        timer=timer,
        clock=lambda: Reading(now=timer.now, source=Source.GNSS, error_s=0.0),
        memory=MemoryFile(folder / "memory.json"),
    )
    box.tick()
    return box


def after(box: Box, seconds: float) -> Box:
    box._timer.run_until(box.now + timedelta(seconds=seconds))  # type: ignore[attr-defined]
    return box


def garbled(data: bytes) -> bytes:
    return rewritten(data, written="iso-2022-jp", labelled="utf-8")


class BrokenOff:
    """An output that somebody stops before it is through."""

    name = "mail"

    def allowed_s(self, performance: Performance) -> float:
        return 60.0

    def begin(self, performance: Performance, *, done: Done) -> None:
        done(stopped(self.name))

    def end(self, warning: str, *, how: str, last: bool) -> None: ...


def test_f8_noboribetsu_2017_mail_that_failed_again_after_its_settings_were_checked(tmp_path: Path) -> None:
    """Neither a restart, nor settings that were looked at, nor a test somebody broke off ends a fault: a proof does."""
    with operator(tmp_path / "mail") as (gateway, mail):
        gateway.alter = garbled
        box = box_with(tmp_path, mail)
        box.hear_message(exercise_bytes(), Way.GROUND)
        after(box, 1)
        assert "written in iso-2022" in box.faults()["output mail"]

        again = box_with(tmp_path, mail)  # the settings were checked, and the receiver was started again
        assert "written in iso-2022" in again.faults()["output mail"]
        assert again.state()["outputs"] == {"mail": "failed"}  # and this is what the hub is told
        broken_off = box_with(tmp_path, BrokenOff(), hours=3)
        assert broken_off.audible_test("caretaker") == "tested"
        assert "output mail" in after(broken_off, 1).faults()
        again = box_with(tmp_path, mail, hours=3)
        again.audible_test("caretaker")
        assert "output mail" in after(again, 1).faults()  # still the same trouble

        gateway.alter = lambda data: data  # now it is mended: and even that is not taken on trust
        mended = box_with(tmp_path, mail, hours=26)
        assert "output mail" in mended.faults()
        mended.audible_test("caretaker")
        assert after(mended, 1).state()["outputs"] == {"mail": "proven"}
        assert mended.faults() == {}
        assert box_with(tmp_path, mail, hours=26).faults() == {}


def test_f12_rakuten_2022_a_contractor_s_route_that_led_nowhere(tmp_path: Path) -> None:
    """An operator that accepts a message and delivers it to nobody is found out at the far end, not believed."""
    with operator(tmp_path / "mail") as (gateway, mail):
        gateway.alter = lambda data: b""
        box = box_with(tmp_path, mail)
        box.audible_test("the monthly test")  # found by a test, before anybody needs it
        assert "was not delivered" in after(box, 1).faults()["output mail"]
        box.hear_message(exercise_bytes(), Way.GROUND)
        (receipt,) = after(box, 1).receipts.values()
        assert [(one.proof, one.cause) for one in receipt.outputs] == [(Proof.FAILED, "path")]
        assert all(one.next_step for one in receipt.outputs)


class Mute:
    """An operator that takes a message and never says what became of it."""

    name = "network"

    def allowed_s(self, performance: Performance) -> float:
        return 90.0

    def begin(self, performance: Performance, *, done: Done) -> None:
        self.done = done

    def end(self, warning: str, *, how: str, last: bool) -> None: ...


@pytest.mark.parametrize(("seconds", "known"), [(89, False), (91, True)])
def test_f12_an_answer_that_does_not_come_in_time_is_a_fault(tmp_path: Path, seconds: float, known: bool) -> None:
    """Each output says how long it may take; one second later its silence is a failure with its cause."""
    box = box_with(tmp_path, Mute())
    box.hear_message(exercise_bytes(), Way.GROUND)
    after(box, seconds)
    assert ("output network" in box.faults()) is known
    assert [one.cause for one in box.results.values()] == (["late"] if known else [])
