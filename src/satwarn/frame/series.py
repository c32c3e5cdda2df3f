"""The life of a warning on the air: an Alert, its Updates, its All Clear, as far as frames can tell.

A frame names no warning it belongs to. An Update or an All Clear is linked only where exactly one live warning has the
same country, provider, hazard and area (A2, A3, A4 and the area); else the link stays open, and people decide. Tests
(A1 0) never touch what is real. J-Alert says in its instruction (A11) whether shelter ends: 129, 130, 131 and 135 end
it; 133 and 134 say stay inside. A duration of 0 (A8) is the rule and ends nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from satwarn.frame.camf import Ellipse, MessageType
from satwarn.frame.dcx import Extended, JAlert, LAlert, LocalGovernment

SHELTER_ENDS = frozenset((129, 130, 131, 135))
STAY_INSIDE = frozenset((133, 134))
"""Instructions of Japan's library (A9 1, A11)."""
KEPT = timedelta(hours=24)
"""A warning not heard of for longer than the longest duration that A8 can say is no longer live."""

Area = tuple[Ellipse | None, tuple[int, ...], tuple[str, ...], Ellipse | None]
Subject = tuple[bool, int, int, int, Area]


class Link(StrEnum):
    """What a message is to the warnings that are live."""

    BEGINS = "begins"
    CONTINUES = "continues"
    ENDS = "ends"
    OPEN = "open"
    """An Update or All Clear of which no single warning can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A warning: its messages so far, and whether it is over."""

    test: bool
    reports: tuple[Extended, ...]
    first_heard: datetime
    last_heard: datetime
    over: bool = False

    @property
    def stay_inside(self) -> bool:
        """Whether the last message says that shelter goes on (J-Alert after an interception or an impact)."""
        return not self.over and self.reports[-1].instruction in STAY_INSIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A message in its series; `series` is None where the link is open, `candidates` are then the ones it could be."""

    link: Link
    series: Series | None
    candidates: tuple[Series, ...] = ()


class Warnings:
    """Messages (each once, when its episode begins) and times go in, series come out."""

    def __init__(self) -> None:
        self._live: dict[int, tuple[Subject, Series]] = {}
        self._number = 0

    def hear(self, report: Extended, *, now: datetime) -> Linked:
        """Where a message that is new on the air belongs."""
        self.tick(now)
        subject = _subject(report)
        same = [number for number, (other, _) in self._live.items() if other == subject]
        if report in (last := [self._live[number][1].reports[-1] for number in same]):
            return self._go_on(same[last.index(report)], report, now, over=False)
        if _is_end(report) or report.message is MessageType.UPDATE:
            if len(same) != 1:
                candidates = tuple(self._live[number][1] for number in same)
                return Linked(link=Link.OPEN, series=None, candidates=candidates)
            return self._go_on(same[0], report, now, over=_is_end(report))
        if isinstance(report, JAlert) and len(same) == 1:
            return self._go_on(same[0], report, now, over=False)
        return self._begin(subject, report, now)

    def live(self) -> tuple[Series, ...]:
        """The warnings that are not over, the oldest first."""
        return tuple(series for _, series in self._live.values())

    def tick(self, now: datetime) -> None:
        """Forget what was not heard of for a day."""
        self._live = {number: live for number, live in self._live.items() if now - live[1].last_heard <= KEPT}

    def next_tick(self) -> datetime | None:
        """When the next warning is forgotten."""
        return min((series.last_heard + KEPT for _, series in self._live.values()), default=None)

    def _begin(self, subject: Subject, report: Extended, now: datetime) -> Linked:
        series = Series(test=subject[0], reports=(report,), first_heard=now, last_heard=now)
        self._number += 1
        self._live[self._number] = (subject, series)
        return Linked(link=Link.BEGINS, series=series)

    def _go_on(self, number: int, report: Extended, now: datetime, *, over: bool) -> Linked:
        subject, known = self._live[number]
        again = known.reports[-1] == report
        reports = known.reports if again else (*known.reports, report)
        series = replace(known, reports=reports, last_heard=now, over=over)
        if over:
            del self._live[number]
        else:
            self._live[number] = (subject, series)
        return Linked(link=Link.ENDS if over else Link.CONTINUES, series=series)


def _subject(report: Extended) -> Subject:
    test = report.message is MessageType.TEST
    return test, report.country, report.provider, report.hazard, _area(report)


def _area(report: Extended) -> Area:
    if isinstance(report, JAlert):
        return report.area, tuple(sorted(report.prefectures)), tuple(sorted(report.municipalities)), None
    if isinstance(report, LAlert | LocalGovernment):
        return report.area, (), (report.municipality,) if report.municipality else (), report.second_area
    return report.area, (), (), None


def _is_end(report: Extended) -> bool:
    said = isinstance(report, JAlert) and report.library_type == 1 and report.instruction in SHELTER_ENDS
    return said or report.message is MessageType.ALL_CLEAR
