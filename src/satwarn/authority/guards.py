"""What stops a draft before it goes further. Each guard is one question; "" lets it pass, else it says why not."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo

from satwarn.alert.alert import Alert, Info, MsgType
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import rule_of
from satwarn.area import spelled
from satwarn.authority.difference import places_in
from satwarn.authority.hazard import hazard_of, is_extreme_and_real, is_real
from satwarn.errors import BadAlert, NotAllowed

MUST_SAY = ("headline", "instruction", "expires")
"""What, what to do, until when; where is asked of the areas (Seoul 2023 sent neither reason nor place)."""

NEEDLESS = {("expires", MsgType.CANCEL)}
"""An end has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an authority has laid down: between which local times no drill may be heard (None: at none)."""

    zone: tzinfo = UTC
    quiet_from: time | None = None
    quiet_until: time = time(8)

    def is_quiet(self, now: datetime) -> bool:
        """Whether `now` falls into the quiet hours, which may run over midnight."""
        if self.quiet_from is None:
            return False
        local = now.astimezone(self.zone).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return local >= self.quiet_from or local < self.quiet_until


def check_area(alert: Alert) -> None:
    """BadAlert when an info names no area (nothing is widened to a default), BadArea when a code is unknown."""
    if not alert.infos:
        raise BadAlert("says nothing to anybody", where="info")
    for number, info in enumerate(alert.infos):
        if not any(area.is_somewhere for area in info.areas):
            raise BadAlert("names no area, so it would warn nobody or everybody", where=f"info[{number}]/area")
    if len({_places(info) for info in alert.infos}) > 1:
        raise BadAlert("the languages name different places", where="info/area", fix="give every language one area")
    for scheme in spelled.LISTED:
        for code in alert.geocodes(scheme):
            spelled.check(spelled.spell(scheme, code))


def _places(info: Info) -> frozenset[object]:
    return frozenset(place for area in info.areas for place in places_in(area))


def check_complete(alert: Alert) -> None:
    """BadAlert naming the first thing people would have to ask: what, where, what to do, until when."""
    if plan_of(alert):
        return
    for info in alert.infos:
        missing = [name for name in MUST_SAY if not getattr(info, name) and (name, alert.msg_type) not in NEEDLESS]
        if missing:
            raise BadAlert(
                f"does not say {', '.join(missing)}", where=f"info[{info.language}]", fix="fill it in before submitting"
            )


def check_legible(alert: Alert) -> None:
    """BadAlert for a text that reads otherwise than it is sent, by marks that turn or hide letters, or that nobody
    reads to its end. What a partner sent so is still shown to people: they put it into plain words."""
    for info in alert.infos:
        for text in (info.event, info.headline, info.description, info.instruction, info.audience, info.contact):
            if hidden := next((one for one in text if unicodedata.category(one) == "Cf" and one not in JOINERS), ""):
                raise BadAlert(
                    f"holds a mark that nobody sees (U+{ord(hidden):04X}) and that may turn or hide what is said",
                    where=f"info[{info.language}]",
                    fix="write it anew without the mark",
                )
            if len(text) > LONGEST_TEXT:
                raise BadAlert(
                    f"a text of {len(text)} characters, {LONGEST_TEXT} at most",
                    where=f"info[{info.language}]",
                    fix="say less: people read it in danger",
                )


JOINERS = frozenset("\u200c\u200d\u00ad\u200e\u200f\u061c")
"""Marks that some languages cannot be written without."""
LONGEST_TEXT = 10_000

NOT_A_DRILL = ("not a drill", "keine übung", "訓練ではあり", "훈련이 아닙")


def check_no_denial(alert: Alert) -> None:
    """BadAlert when a drill says of itself that it is none: an officer once believed such words (Hawaii 2018)."""
    if is_real(alert) or plan_of(alert):
        return
    for info in alert.infos:
        said = " ".join((info.headline, info.description, info.instruction)).casefold()
        if any(words in said for words in NOT_A_DRILL):
            raise BadAlert('says that it is "not a drill"', where=f"info[{info.language}]", fix="leave these words out")


A_DRILL = (
    *("this is a drill", "this is an exercise", "this is a test", "this is only a test", "this is only a drill"),
    *("dies ist eine übung", "dies ist nur eine übung", "dies ist ein test", "dies ist nur ein test"),
    *("これは訓練です", "これはテストです", "訓練放送です", "試験放送です"),
    *("훈련입니다", "시험 방송입니다"),
)


def check_no_drill_words(alert: Alert) -> None:
    """BadAlert when a real warning says that it is a drill: two towns once read such words out (29 August 2017)."""
    if plan_of(alert) or not is_real(alert):
        return
    for info in alert.infos:
        said = " ".join((info.headline, info.description, info.instruction)).casefold()
        if found := next((words for words in A_DRILL if words in said), ""):
            raise BadAlert(
                f'is real and says "{found}"',
                where=f"info[{info.language}]",
                fix="say what happens, or draft an exercise",
            )


def check_typed(alert: Alert, typed: str) -> None:
    """NotAllowed unless, for an extreme real alert, the officer typed what it warns of, in any language we know."""
    if plan_of(alert) or not is_extreme_and_real(alert):
        return
    names = {*hazard_of(alert).names.values(), *(info.event for info in alert.infos)}
    if typed.strip().casefold() not in {name.casefold() for name in names}:
        raise NotAllowed(
            "this will ring at the highest level: type what it warns of",
            where="typed",
            fix=f"type: {hazard_of(alert).names['en']}",
        )


def check_quiet(alert: Alert, policy: Policy, *, now: datetime) -> None:
    """NotAllowed when a drill that people can hear would go out in the quiet hours (Florida 2023, 04:45)."""
    if plan_of(alert) is None and not is_real(alert) and rule_of(alert).audible and policy.is_quiet(now):
        raise NotAllowed(
            f"it is {now.astimezone(policy.zone):%H:%M}, and no drill may be heard at night",
            where="quiet hours",
            fix=f"issue it after {policy.quiet_until:%H:%M}, or as a technical test, which nobody hears",
        )


def check_no_real_event(alert: Alert, live: Iterable[Alert]) -> None:
    """NotAllowed when a drill would go out while a real warning is on the air (July 2023)."""
    if is_real(alert):
        return
    for other in live:
        if is_real(other):
            raise NotAllowed(
                f"held: a real warning is on the air ({other.infos[0].event if other.infos else other.identifier})",
                where="drill",
                fix="end or await the real event, then issue the drill again, or drop it and tell people",
            )


def texts_of(alert: Alert) -> dict[str, tuple[str, ...]]:
    """What each language says, in words people read or hear."""
    return {
        info.language: (info.event, info.headline, info.description, info.instruction, info.audience, info.contact)
        for info in alert.infos
    }


def stale_languages(before: Alert, now: Alert, *, stale: frozenset[str], confirmed: frozenset[str]) -> frozenset[str]:
    """The languages that say what another no longer says: one was changed, these were not (Taiwan 2024).

    A language stops being stale when it is changed itself or somebody confirms that it still matches.
    """
    old, new = texts_of(before), texts_of(now)
    touched = {language for language, texts in new.items() if old.get(language) != texts}
    behind = set(new) - touched if touched & set(old) else set()
    return frozenset(((behind | stale) & set(new)) - touched - confirmed)
