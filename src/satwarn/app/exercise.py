"""A scenario's alert and frame: the same exercise said in CAP, in every language, and in code."""

from collections.abc import Iterable
from datetime import UTC

from satwarn.alert.alert import Alert, Area, Category, Certainty, Info, MsgType, Named, Scope, Severity, Urgency
from satwarn.alert.plan import DrillPlan, plan_alert
from satwarn.alert.purpose import FRAME_PARAMETER, PARAMETER, Purpose, rules
from satwarn.area import gazetteer
from satwarn.drill.scenario import Scenario
from satwarn.frame import encode, payload_of
from satwarn.frame.dcx import JAlert, MessageType
from satwarn.frame.l1s import gps_time_of_week_s, preamble_at
from satwarn.people.language import language


def report_of(scenario: Scenario) -> JAlert:
    """The DCX J-Alert test message of the scenario; DoesNotFit when its area does not go into one frame."""
    coded = scenario.coded
    return JAlert(
        message=MessageType(rules()[Purpose.EXERCISE].frame_message),
        provider=coded.provider,
        hazard=coded.hazard,
        severity=coded.severity,
        onset=scenario.times.issue.astimezone(UTC),
        instruction=coded.instruction,
        prefectures=tuple(int(prefecture) for prefecture in scenario.prefectures),
        vn=coded.vn,
    )


def payloads_of(scenario: Scenario) -> tuple[str, ...]:
    """What every frame of the scenario will carry, whatever its preamble and counter."""
    preamble = preamble_at(gps_time_of_week_s(scenario.times.issue))
    return (payload_of(encode(report_of(scenario), preamble=preamble, counter=0)),)


def alert_of(scenario: Scenario) -> Alert:
    """The CAP alert: status Exercise, one info a language, codes and shapes of every prefecture, and its frames."""
    return Alert(
        identifier="draft",
        sender=scenario.said.sender,
        sent=scenario.times.issue,
        status=rules()[Purpose.EXERCISE].status,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        note=scenario.said.note,
        infos=tuple(_info(scenario, tag) for tag in scenario.said.languages),
    )


def plan_of_drill(scenario: Scenario) -> Alert:
    """The drill plan that arms receivers for these frames, as a CAP alert of status System."""
    plan = DrillPlan(
        drill=scenario.name,
        armed_from=scenario.times.armed_from,
        armed_until=scenario.times.armed_until,
        payloads=payloads_of(scenario),
    )
    return plan_alert(
        plan,
        identifier="draft",
        sender=scenario.said.sender,
        sent=scenario.times.begins,
        areas=_areas(scenario.prefectures, "en", shapes=False),
        note=f"Arms receivers for the exercise {scenario.name}.",
    )


def _info(scenario: Scenario, tag: str) -> Info:
    said, times = scenario.said, scenario.times
    sentence = language(tag).sentence(said.sentence)
    return Info(
        language=tag,
        categories=(Category(said.category),),
        event=sentence.event,
        urgency=Urgency(said.urgency),
        severity=Severity(said.severity),
        certainty=Certainty(said.certainty),
        onset=times.issue,
        expires=times.armed_until,
        headline=sentence.headline,
        description=sentence.description,
        instruction=sentence.instruction,
        parameters=(
            Named(value_name=PARAMETER, value=Purpose.EXERCISE),
            *(Named(value_name=FRAME_PARAMETER, value=payload) for payload in payloads_of(scenario)),
        ),
        areas=_areas(scenario.prefectures, tag, shapes=True),
    )


def _areas(prefectures: Iterable[str], tag: str, *, shapes: bool) -> tuple[Area, ...]:
    return tuple(
        Area(
            description=gazetteer.place(code).names["ja" if tag == "ja" else "en"],
            polygons=gazetteer.cover(code) if shapes else (),
            geocodes=(Named(value_name="JISX0401", value=code),),
        )
        for code in prefectures
    )
