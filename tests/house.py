"""What several rooms' tests need: one key, one exercise, its frames, and a receiver at a place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.alert import Alert, Named
from satwarn.alert.purpose import FRAME_PARAMETER, PARAMETER
from satwarn.alert.seal import Trust
from satwarn.app.exercise import alert_of, plan_of_drill, report_of
from satwarn.drill import scenario as scenarios
from satwarn.frame import encode
from satwarn.frame.dcx import JAlert
from satwarn.receiver.effects import Effect, Warn
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Memory
from satwarn.receiver.site import Site

SCENARIO = scenarios.load("japan-2017-08-18")
SENDER = SCENARIO.said.sender
ELEVEN = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
YONAGO, SAPPORO = "31202", "01100"
REPORT = report_of(SCENARIO)
SECOND = timedelta(seconds=1)


@cache
def key(sender: str = SENDER) -> SigningKey:
    """One key a sender for the whole test run: making them is slow."""
    return make_signing_key(sender, now=ELEVEN)


def trust() -> Trust:
    return Trust.of([(SENDER, key().certificate_pem)])


def frame(report: JAlert = REPORT, *, preamble: int = 0x53, counter: int = 0) -> bytes:
    return encode(report, preamble=preamble, counter=counter)


def signed(alert: Alert, *, by: SigningKey | None = None) -> bytes:
    one = by or key()
    return seal.sign(cap.write(alert), key_pem=one.key_pem, certificate_pem=one.certificate_pem)


def exercise(*, sent: datetime = ELEVEN, identifier: str = "exercise-1", **changes: object) -> Alert:
    return replace(alert_of(SCENARIO), identifier=identifier, sent=sent, **changes)  # type: ignore[arg-type]


def with_parameters(alert: Alert, **values: tuple[str, ...]) -> Alert:
    """The alert with its satwarn:* parameters replaced; keyword `purpose` or `frame`."""
    names = {"purpose": PARAMETER, "frame": FRAME_PARAMETER}
    infos = []
    for info in alert.infos:
        kept = [named for named in info.parameters if named.value_name not in {names[word] for word in values}]
        new = [Named(value_name=names[word], value=value) for word, listed in values.items() for value in listed]
        infos.append(replace(info, parameters=(*kept, *new)))
    return replace(alert, infos=tuple(infos))


@cache
def plan() -> bytes:
    return signed(replace(plan_of_drill(SCENARIO), identifier="plan-1", sent=ELEVEN - timedelta(minutes=3)))


@cache
def exercise_bytes() -> bytes:
    return signed(exercise())


def receiver(code: str = YONAGO, *, memory: Memory | None = None) -> Receiver:
    return Receiver(Site(code=code, outputs=("speaker", "screen")), trust(), memory=memory)


def warns(effects: list[Effect]) -> list[Warn]:
    return [effect for effect in effects if isinstance(effect, Warn)]
