"""What people see: the warnings that are on, and one of them, in their language. Plain values for pages and files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from satwarn.alert.alert import Alert, Info
from satwarn.alert.lifecycle import LIVE, State
from satwarn.alert.plan import DrillPlan, drill_called_off, plan_of
from satwarn.alert.purpose import Purpose, rule_of
from satwarn.app.realm_views import Views
from satwarn.authority.drill_notice import announced
from satwarn.authority.standing import Standing
from satwarn.errors import Missing
from satwarn.people.language import language, tags

LANGUAGES = ("en", "de", "ja", "ko")
KEEP_S = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One warning in one language; `other_language` says that it could not be told in the one asked for.

    `drill` is "announced" for a drill that is to come, "cancelled" for one that was called off, else "".
    """

    subject: str
    identifier: str
    state: str
    on_air: bool
    ended_how: str
    purpose: str
    label_before: str
    label_after: str
    severity: str
    event: str
    headline: str
    description: str
    instruction: str
    places: tuple[str, ...]
    sender: str
    since: datetime
    sent: datetime
    until: datetime | None
    language: str
    other_language: bool
    drill: str = ""


ENDED = {State.RETRACTED: "retraction", State.CLEARED: "all-clear", State.EXPIRED: "expired"}


def notices(views: Views, *, now: datetime, tag: str, zone: tzinfo) -> list[Notice]:
    """Every warning people should know of: the real before drills, those on the air before those that ended."""
    shown = (one for one in views.public(now=now, keep_s=KEEP_S) if one.state in LIVE or not plan_of(one.said))
    found = [notice(one, tag=tag, zone=zone) for one in shown]
    return sorted(found, key=lambda one: (not one.on_air, one.purpose != "real"))


def notice(standing: Standing, *, tag: str, zone: tzinfo) -> Notice:
    """One warning as its people read it."""
    alert = standing.said
    if plan := plan_of(alert):
        return _announced(standing, plan, tag, zone)
    info = best_info(alert, tag)
    found = info.language.partition("-")[0]
    rule = rule_of(alert)
    label = language(found).label(rule.label) if rule.label and found in tags() else None
    return Notice(
        subject=standing.subject,
        identifier=alert.identifier,
        state=standing.state,
        on_air=standing.state in LIVE,
        ended_how=ENDED.get(standing.state, ""),
        purpose=rule.purpose,
        label_before=label.before if label else "",
        label_after=label.after if label else "",
        severity=info.severity,
        event=info.event,
        headline=info.headline or info.event,
        description=info.description,
        instruction=info.instruction,
        places=tuple(dict.fromkeys(area.description for area in info.areas)),
        sender=info.sender_name or alert.sender,
        since=(standing.issued_at or alert.sent).astimezone(zone),
        sent=alert.sent.astimezone(zone),
        until=info.expires.astimezone(zone) if info.expires and standing.state in LIVE else None,
        language=found,
        other_language=found != tag,
        drill="cancelled" if drill_called_off(alert) else "",
    )


def _announced(standing: Standing, plan: DrillPlan, tag: str, zone: tzinfo) -> Notice:
    """A drill that is to come, in our own words: its plan speaks to receivers only."""
    alert, said = standing.said, announced(plan, tag, zone)
    return Notice(
        subject=standing.subject,
        identifier=alert.identifier,
        state=standing.state,
        on_air=False,
        ended_how="",
        purpose=Purpose.EXERCISE,
        label_before="",
        label_after="",
        severity=alert.infos[0].severity,
        event=said["event"],
        headline=said["headline"],
        description=said["description"],
        instruction=said["instruction"],
        places=tuple(dict.fromkeys(area.description for area in alert.infos[0].areas)),
        sender=alert.sender,
        since=plan.armed_from.astimezone(zone),
        sent=alert.sent.astimezone(zone),
        until=plan.armed_until.astimezone(zone),
        language=tag,
        other_language=False,
        drill="announced",
    )


def best_info(alert: Alert, tag: str) -> Info:
    """The text in a language, else in English, else in whatever there is."""
    by_tag = {info.language.partition("-")[0]: info for info in reversed(alert.infos)}
    return by_tag.get(tag) or by_tag.get("en") or alert.infos[0]


def choose_language(asked: str, accepted: str, *, offered: Iterable[str] = LANGUAGES) -> str:
    """The language asked for by name, else the first accepted one (RFC 9110, 12.5.4), else English."""
    known = tuple(offered)
    if asked in known:
        return asked
    wanted = []
    for order, part in enumerate(accepted[:500].split(",")):
        name, _, weight = part.strip().partition(";")
        wanted.append((-_weight(weight), order, name.partition("-")[0].lower()))
    return next((name for minus, _, name in sorted(wanted) if name in known and minus < 0), "en")


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=")) if text.strip() else 1.0
    except ValueError:
        return 0.0


@lru_cache
def zone_of(name: str) -> tzinfo:
    """A time zone by its name (IANA); Missing when nobody knows it. Japan's needs no table: it has no summer time."""
    if name == "Asia/Tokyo":
        return timezone(timedelta(hours=9), "JST")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Missing(f"no time zone {name!r}", where="--zone", fix="a name like Europe/Berlin") from None
