"""The silent self-test: what can be proven without a sound. What fails is a fault, at the site and at the hub.

What is quick is looked at every few seconds, so that it is known within a minute; what takes its time or leaves a trace
(a tone, a mail) once a day.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from satwarn.adapters import clock
from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.errors import SatwarnError
from satwarn.people.ports import Output, Tried
from satwarn.receiver import keeping
from satwarn.receiver.clock import Source

NOTICE = timedelta(days=60)
LEAST_FREE_MB = 50
CLOCKS_AGREE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: `good` is None where nothing can be told, `what` is what was found."""

    name: str
    good: bool | None
    what: str
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """For the status and the heartbeat."""
        return {"name": self.name, "good": self.good, "what": self.what, "at": self.at.isoformat()}


def certificates(settings: ReceiverSettings, now: datetime) -> list[dict[str, Any]]:
    """Every certificate that is believed or shown, and how long it still holds."""
    ends = [(pin.sender, pin.not_after) for pin in settings.trust.pins]
    for key, name in (("certificate", "this site's own"), ("authority", "the hub's")):
        if settings.ground[key] and (until := _ends(settings, settings.ground[key])):
            ends.append((name, until))
    return [
        {"sender": name, "until": until.isoformat(), "days_left": (until - now) // timedelta(days=1)}
        for name, until in ends
    ]


def _ends(settings: ReceiverSettings, name: str) -> datetime | None:
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificates(settings.beside(name).read_bytes())
    except (OSError, ValueError):
        return None  # the line that needs it says so itself
    return min(one.not_valid_after_utc for one in found)


def quick(running: Any) -> list[Check]:
    """What can be looked at every few seconds; may block for as long as an output's own time-out."""
    sensed = (_check(f"input {name}", tried) for name, tried in (running.inputs.look() if running.inputs else ()))
    return [*_certificates(running), _disk(running), _clock(running), *_probes(running.box.outputs), *sensed]


def deep(running: Any) -> list[Check]:
    """What takes its time: the memory read back, a tone, a mail, a contact; each output in its turn."""
    return [_memory(running), *(_check(f"{output.name} tried", _tried(output)) for output in running.box.outputs)]


def _check(name: str, tried: Tried) -> Check:
    return Check(name=name, good=tried.good, what=tried.what, at=clock.now())


def _certificates(running: Any) -> Iterator[Check]:
    if not running.settings.trust.pins:
        yield _check("trust", Tried(good=False, what="no sender is believed: nothing signed can sound here"))
    for one in certificates(running.settings, running.now()):
        days = one["days_left"]
        soon = "has ended: replace it" if days < 0 else f"ends in {days} days: replace it"
        good = days >= NOTICE.days
        yield _check(f"certificate {one['sender']}", Tried(good=good, what=f"ends in {days} days" if good else soon))


def _disk(running: Any) -> Check:
    try:
        free_mb = shutil.disk_usage(running.settings.folder).free // 2**20
    except OSError as error:
        return _check("disk", Tried(good=False, what=f"cannot be looked at: {error}"))
    if free_mb < LEAST_FREE_MB:
        return _check("disk", Tried(good=False, what=f"{free_mb} MB are free: at least {LEAST_FREE_MB} are needed"))
    return _check("disk", Tried(good=True, what=f"{free_mb} MB are free"))


def _clock(running: Any) -> Check:
    """Satellite time, the hub's and this machine's: which is believed, and how far each is from the machine's."""
    reading, offsets = running.reading(), running.offsets_s()
    said = ", ".join(f"{name} {off_s:+.3f} s" for name, off_s in offsets.items())
    what = f"{reading.source} is believed; this machine is {said} against them" if said else "nothing to compare with"
    apart = max((abs(off_s) for off_s in offsets.values()), default=0.0)
    if reading.why or apart > CLOCKS_AGREE_S:
        return _check("clock", Tried(good=False, what=f"{reading.why or 'the clocks disagree'}: {what}"))
    return _check("clock", Tried(good=True if Source.GNSS.value in offsets else None, what=what))


def _probes(outputs: tuple[Output, ...]) -> Iterator[Check]:
    for output in outputs:
        if callable(probe := getattr(output, "probe", None)):
            why = _safely(probe)
            yield _check(f"output {output.name}", Tried(good=not why, what=why or "answers"))


def _safely(probe: Callable[[], str]) -> str:
    try:
        return probe()
    except Exception as error:  # noqa: BLE001 - whatever a driver dies of, the others are looked at too
        return f"cannot be tried: {error}"


def _tried(output: Output) -> Tried:
    attempt = getattr(output, "try_silently", None)
    if attempt is None:
        return Tried(good=None, what="cannot be tried in silence")
    try:
        tried: Tried = attempt()
    except Exception as error:  # noqa: BLE001 - as above
        return Tried(good=False, what=f"cannot be tried: {error}")
    return tried


def _memory(running: Any) -> Check:
    try:
        if kept := running.box.kept():
            keeping.from_json(kept)
    except (OSError, SatwarnError) as error:
        return _check("memory", Tried(good=False, what=f"cannot be read back: {error}"))
    return _check("memory", Tried(good=True, what="was read back"))
