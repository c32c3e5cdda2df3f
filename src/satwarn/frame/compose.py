"""From a CAP alert to frames: every field of CAMF from the alert, and a list of what was lost on the way.

The whole mapping is in the `cap_*.csv` tables and printed by the manual, for others to adopt.
"""

from dataclasses import dataclass
from datetime import datetime

from satwarn.alert.alert import Alert, Info
from satwarn.alert.purpose import Purpose
from satwarn.errors import BadArea, DoesNotFit
from satwarn.frame.codec import encode
from satwarn.frame.compose_area import Cover, Ground, Place, ground_of, is_in_japan, places_of
from satwarn.frame.compose_codes import Instruction, Service, duration, instruction, message_type, onset, purpose_of
from satwarn.frame.compose_codes import severity as severity_of
from satwarn.frame.compose_country import country_of
from satwarn.frame.compose_hazard import TEST_ALERT, Hazard, hazard_loss, hazard_of
from satwarn.frame.compose_loss import Aspect, Loss
from satwarn.frame.dcx import (
    FDMA,
    FMMC,
    JAPAN,
    LOCAL_GOVERNMENT,
    Extended,
    JAlert,
    LAlert,
    LocalGovernment,
    OutsideJapan,
)
from satwarn.frame.l1s import gps_time_of_week_s, preamble_at

CIVIL_PROTECTION = frozenset({1, 2, 3, 8, 9, 98, 99, 101, 102, 103, TEST_ALERT})
"""Hazards that go out as J-Alert in Japan unless another service is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """The frames' reports of one alert, what they cover, and everything that was lost."""

    service: Service
    purpose: Purpose
    hazard: Hazard
    instruction: Instruction
    reports: tuple[Extended, ...]
    cover: Cover
    losses: tuple[Loss, ...]

    def frames(self, at: datetime, *, counter: int = 0) -> tuple[bytes, ...]:
        """The frames as sent at a moment, one after another."""
        preamble = preamble_at(gps_time_of_week_s(at))
        return tuple(encode(report, preamble=preamble, counter=counter, at=at) for report in self.reports)


def compose(
    alert: Alert,
    *,
    at: datetime,
    service: Service | None = None,
    country: int | None = None,
    provider: int | None = None,
) -> Composed:
    """The frames for an alert as sent at `at`; `service` is chosen by hazard and area where it is not given.

    Raises BadArea for an alert without an area or with an unknown code, BadAlert for a purpose that contradicts the
    status, DoesNotFit for what no frame can say at all (a receipt, an onset after next week, an ellipse over 2500 km).
    """
    ground = ground_of(alert)
    hazard, purpose = hazard_of(alert), purpose_of(alert)
    service = service or _service(ground, hazard)
    losses: list[Loss] = []
    info = main_info(alert)
    message = message_type(alert, purpose, losses)
    tested = purpose is not Purpose.REAL
    start = onset(alert, info, at, losses)
    act = instruction(info, hazard.code, service, message, losses)
    placed = places_of(ground, service)
    common = {
        "message": message,
        "country": JAPAN if service is not Service.OUTSIDE_JAPAN else country_of(alert, ground, country),
        "provider": _PROVIDER[service] if provider is None else provider,
        "hazard": TEST_ALERT if tested else hazard.code,
        "severity": 0 if tested else severity_of(info, losses),
        "onset": start,
        "duration": duration(info, start, service, losses),
        "library_type": act.library_type,
        "instruction": act.code,
    }
    reports = tuple(_report(service, place, common) for place in placed.places)
    losses += _of_hazard(alert, hazard, info, tested) + list(placed.losses) + _of_words(alert, info)
    return Composed(
        service=service,
        purpose=purpose,
        hazard=hazard,
        instruction=act,
        reports=reports,
        cover=placed.cover,
        losses=tuple(losses),
    )


_PROVIDER = {
    Service.J_ALERT: FDMA,
    Service.L_ALERT: FMMC,
    Service.LOCAL_GOVERNMENT: LOCAL_GOVERNMENT,
    Service.OUTSIDE_JAPAN: 1,
}


def main_info(alert: Alert) -> Info | None:
    """The info whose codes a frame carries: the gravest, the first of equals."""
    order = ("Extreme", "Severe", "Unknown", "Moderate", "Minor")
    return min(alert.infos, key=lambda info: order.index(info.severity), default=None)


def _service(ground: Ground, hazard: Hazard) -> Service:
    coded = bool(ground.prefectures or ground.municipalities)
    if not coded and not is_in_japan(ground.shapes):
        return Service.OUTSIDE_JAPAN
    return Service.J_ALERT if hazard.code in CIVIL_PROTECTION else Service.L_ALERT


def _report(service: Service, place: Place, common: dict[str, object]) -> Extended:
    said = place.ellipse
    drawn = {"ellipse": said.ellipse, "setting": said.refinement} if said else {}
    if service is Service.J_ALERT:
        return JAlert(prefectures=place.prefectures, municipalities=place.municipalities, **common)  # type: ignore[arg-type]
    if service is Service.OUTSIDE_JAPAN:
        return OutsideJapan(**common, **drawn)  # type: ignore[arg-type]
    make = LAlert if service is Service.L_ALERT else LocalGovernment
    return make(municipality=next(iter(place.municipalities), None), **common, **drawn)  # type: ignore[arg-type]


def _of_hazard(alert: Alert, hazard: Hazard, info: Info | None, tested: bool) -> list[Loss]:
    if not tested:
        loss = hazard_loss(hazard, alert)
        return [loss] if loss else []
    losses = []
    if hazard.code != TEST_ALERT:
        losses.append(Loss(aspect=Aspect.HAZARD, what="a test goes as Test alert, whatever it tests", field="A4"))
    if info is not None and info.severity.value != "Unknown":
        losses.append(Loss(aspect=Aspect.SEVERITY, what=f"{info.severity}: a test has no severity", field="A5"))
    return losses


def _of_words(alert: Alert, info: Info | None) -> list[Loss]:
    """What no frame ever carries: who said it, how sure, in which words."""
    losses = [Loss(aspect=Aspect.IDENTITY, what="sender, identifier and signature are not in a frame")]
    if info is not None:
        what = f"certainty {info.certainty} and urgency {info.urgency} have no field"
        losses.append(Loss(aspect=Aspect.CERTAINTY, what=what))
    said = ", ".join(f"{one.language} {_characters(one)}" for one in alert.infos)
    if said:
        losses.append(Loss(aspect=Aspect.TEXT, what=f"characters of text by language: {said}; receivers say the codes"))
    files = sum(len(one.resources) for one in alert.infos)
    if files:
        losses.append(Loss(aspect=Aspect.FILES, what=f"{files} file(s)"))
    return losses


def _characters(info: Info) -> int:
    return sum(map(len, (info.event, info.headline, info.description, info.instruction)))


__all__ = ["BadArea", "Composed", "DoesNotFit", "Service", "compose"]
