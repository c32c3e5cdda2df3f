"""What one site showed and sounded, as far as its receipts tell: words, screen, sound, made as the site makes them."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from satwarn.alert import cap
from satwarn.alert.alert import Alert
from satwarn.alert.lifecycle import LIVE, State
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import rule_of
from satwarn.app.outputs import make_studio
from satwarn.app.realm_views import Views
from satwarn.authority.standing import Standing
from satwarn.ledger.receipt import Act, Receipt
from satwarn.people.announcement import Announcement, announce
from satwarn.people.language import tags
from satwarn.people.ports import Performance
from satwarn.people.programme import Studio
from satwarn.people.screen import Screen, screen
from satwarn.people.sound import to_wav
from satwarn.receiver.memory import Life

LANGUAGES = ("ja", "en", "de", "ko")
_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One warning at one site: where it stands, what the site says it did, and the performance, if people heard it."""

    warning: Standing
    receipt: Receipt
    performance: Performance | None

    @property
    def on(self) -> bool:
        """Whether the site's screen shows it now: it sounded there, and the warning is on the air."""
        return self.performance is not None and self.warning.state in LIVE

    def is_told_by(self, record: Mapping[str, Any]) -> bool:
        """Whether the site's own record (SimulatedSites.look) holds the very words of the performance."""
        kept = [one["lines"] for said in record["said"] for one in said]
        return self.performance is not None and all(one.lines() in kept for one in self.performance.announcements)

    @property
    def screen(self) -> Screen | None:
        """What its screen shows, or showed."""
        return screen(self.performance) if self.performance else None


def answers(warning: Standing, views: Views) -> dict[str, Mapping[str, Any]]:
    """What each site last said of a warning; of one that was ended, of all its messages: an end has no receipt of its
    own, it is told with the receipt of what it ended."""
    ended = warning.state in (State.CLEARED, State.RETRACTED)
    told = [one.identifier for one in warning.chain] if ended else [warning.said.identifier]
    return {site: said for one in told for site, said in dict(views.receipts.get(one, {})).items()}


def not_told_of_the_end(said: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Sites that warned, and have not said that it is over."""
    ends = tuple(f"; {life}" for life in (Life.CLEARED, Life.RETRACTED, Life.OVER, Life.LEFT))
    return tuple(
        sorted(site for site, one in said.items() if one["act"] != Act.SILENT and not one["why"].endswith(ends))
    )


def heard_at(site: str, views: Views) -> tuple[Heard, ...]:
    """Every warning the site has answered, newest first."""
    named = dict(_named(views))
    found = (
        _heard(named[identifier], Receipt.from_json(by_site[site]), views.messages.get(identifier))
        for identifier, by_site in list(views.receipts.items())
        if site in by_site and identifier in named
    )
    return tuple(sorted(found, key=lambda one: one.receipt.decided_at, reverse=True))


def _named(views: Views) -> Iterator[tuple[str, Standing]]:
    for one in list(views.warnings.values()):
        if one.signed:
            yield from ((reference.identifier, one) for reference in one.chain)
            yield one.said.identifier, one


def _heard(warning: Standing, receipt: Receipt, signed: bytes | None) -> Heard:
    sounded = receipt.act is Act.SOUNDED and signed is not None
    performance = _performance(receipt, cap.read(signed).alert) if sounded and signed else None
    return Heard(warning=warning, receipt=receipt, performance=performance)


def _performance(receipt: Receipt, alert: Alert) -> Performance | None:
    if plan_of(alert):
        return None
    return Performance(
        warning=receipt.warning,
        site=receipt.site,
        purpose=rule_of(alert).purpose,
        announcements=_announcements(alert),
        at=receipt.decided_at,
    )


def _announcements(alert: Alert) -> tuple[Announcement, ...]:
    """The signed texts in the languages a site speaks: in its own order when all are there."""
    said = {info.language.partition("-")[0] for info in alert.infos}
    spoken = LANGUAGES if said.issuperset(LANGUAGES) else tuple(sorted(said & set(LANGUAGES) & set(tags())))
    rule = rule_of(alert)
    return announce(purpose=rule.purpose, label=rule.label, infos=alert.infos, instruction=0, languages=spoken)


@cache
def _studio() -> Studio:
    return make_studio()


def sound(performance: Performance) -> bytes:
    """The programme a loudspeaker plays for it, as a WAV file; seconds of work the first time."""
    with _MAKING:
        return to_wav(_studio().programme(performance))
