"""A drill is announced by its plan, and called off by a message of its own: texts for people, no sound.

The plan arms receivers and says nothing to anybody; what people read of it is `tables/drills.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files

from satwarn.alert.alert import Alert, Area, Info, MsgType, Named, Reference, ResponseType, Urgency
from satwarn.alert.chain import ENDING, Ending
from satwarn.alert.plan import DRILL, DrillPlan, plan_alert, plan_of
from satwarn.alert.purpose import PARAMETER, Purpose, frames_of, rules
from satwarn.errors import BadAlert

LANGUAGES = ("en", "de", "ja", "ko")
LONGEST_NAME = 60


def announced(plan: DrillPlan, tag: str, zone: tzinfo) -> Mapping[str, str]:
    """What people are told of a drill to come: event, headline, description, instruction."""
    return _filled("announced", plan, tag, zone)


def announce(drill: Alert, *, name: str, armed_from: datetime, armed_until: datetime, now: datetime) -> Alert:
    """The plan for an exercise that is drafted: its frames, its places, and when they may sound.

    BadAlert when it is no exercise, has no frames, or the window is over.
    """
    purpose = next(iter(drill.parameters(PARAMETER)), "")
    if purpose != Purpose.EXERCISE:
        raise BadAlert(f"only an exercise is announced, this is {purpose or 'a plan'}", where="purpose")
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadAlert(f"{name[:LONGEST_NAME]!r} is no name for a drill", where="name")
    if armed_until <= now:
        raise BadAlert(f"was over at {armed_until.isoformat()}", where="armed_until")
    plan = DrillPlan(drill=name, armed_from=armed_from, armed_until=armed_until, payloads=frames_of(drill))
    areas = tuple(replace(area, polygons=()) if area.geocodes else area for area in drill.infos[0].areas)
    return _plain(plan, drill, areas, now)


def _plain(plan: DrillPlan, drill: Alert, areas: tuple[Area, ...], now: datetime) -> Alert:
    return plan_alert(
        plan,
        identifier="draft",
        sender=drill.sender,
        sent=now.replace(microsecond=0),
        areas=areas,
        note=f"Arms receivers for the exercise {plan.drill}.",
    )


def called_off_by(plan: Alert, chain: tuple[Reference, ...]) -> Alert:
    """The message that calls a drill off: an Exercise Cancel in every language we speak, which disarms and is read."""
    found = plan_of(plan)
    if found is None:
        raise BadAlert("is no drill plan", where=f"alert {plan.identifier}")
    zone = found.armed_from.tzinfo
    assert zone is not None  # a plan's times are aware
    infos = tuple(_cancelled(plan.infos[0], found, tag, zone) for tag in LANGUAGES)
    return replace(
        plan,
        identifier=f"{plan.identifier}-end",
        status=rules()[Purpose.EXERCISE].status,
        msg_type=MsgType.CANCEL,
        codes=(),
        note=f"The exercise {found.drill} does not take place.",
        references=chain,
        infos=infos,
    )


def _cancelled(info: Info, plan: DrillPlan, tag: str, zone: tzinfo) -> Info:
    said = _filled("cancelled", plan, tag, zone)
    return replace(
        info,
        language=tag,
        event=said["event"],
        response_types=(ResponseType.NONE,),
        urgency=Urgency.PAST,
        onset=None,
        expires=None,
        headline=said["headline"],
        description=said["description"],
        instruction=said["instruction"],
        parameters=(
            Named(value_name=PARAMETER, value=Purpose.EXERCISE),
            Named(value_name=ENDING, value=Ending.RETRACTION),
            Named(value_name=DRILL, value=plan.drill),
        ),
    )


def _filled(which: str, plan: DrillPlan, tag: str, zone: tzinfo) -> Mapping[str, str]:
    words = _words()[which]
    begins, ends = plan.armed_from.astimezone(zone), plan.armed_until.astimezone(zone)
    short = ends.date() == begins.date() and ends - begins < timedelta(days=1)
    blanks = {
        "drill": plan.drill,
        "begins": f"{begins:%Y-%m-%d %H:%M}",
        "ends": f"{ends:%H:%M}" if short else f"{ends:%Y-%m-%d %H:%M}",
    }
    return {name: text.format(**blanks) for name, text in words.get(tag, words["en"]).items()}


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((files("satwarn.authority") / "tables" / "drills.toml").read_text(encoding="utf-8"))
