"""What one message says to one place, whatever carried it: the form in which the receiver decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from satwarn.alert.alert import Severity
from satwarn.frame import Report, dcr
from satwarn.frame.camf import MessageType
from satwarn.frame.dcx import JAPAN, Extended, JAlert, LAlert, LocalGovernment, NullMessage
from satwarn.frame.pages import PagedText
from satwarn.receiver import jma
from satwarn.receiver.information import Meaning, Move, informations, of_dcr, of_hazard
from satwarn.receiver.site import Site
from satwarn.receiver.where import Where, by_codes, by_ellipse

SAME_QUAKE = timedelta(minutes=2)
WEEK = timedelta(days=7)
ENDS_ALL = 99
WEATHER_LIFTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message's meaning here.

    Messages with the same `event` whose `about` (origin or onset time) differ by no more than `tolerance` are of one
    warning; `rank` orders them: more sounds again, less does not, and an end ends what is of its rank or below.
    `lasts` is the duration it gives itself, None when it gives none; `made` when it was made, where it says so; `text`
    what it says in words (in pages, of which those in `missing` have not been heard).
    """

    information: str
    event: str
    move: Move
    where: Where
    rank: int
    severity: Severity
    test: bool
    hazard: int = 0
    instruction: int = 0
    lasts: timedelta | None = None
    made: datetime | None = None
    about: datetime | None = None
    tolerance: timedelta = timedelta()
    text: PagedText | None = None

    def is_of(self, event: str, about: datetime | None) -> bool:
        """Whether it speaks of that event; an update or an end speaks of the latest, whenever that began."""
        if self.event != event:
            return False
        if self.move is not Move.WARN or self.about is None or about is None:
            return True
        return abs(self.about - about) <= self.tolerance


def said_by(report: Report, site: Site, *, now: datetime) -> Said | None:
    """What a frame says to this place; None for what is no warning (augmentation, null messages)."""
    match report:
        case Extended():
            return _extended(report, site, now)
        case dcr.DcReport():
            return _of_agency(report, site)
        case NullMessage() | _:
            return None


# ── type 44 ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_MOVES = {
    MessageType.TEST: Move.WARN,
    MessageType.ALERT: Move.WARN,
    MessageType.UPDATE: Move.UPDATE,
    MessageType.ALL_CLEAR: Move.END,
}
_SEVERITIES = (Severity.UNKNOWN, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)
_DURATIONS = {1: timedelta(hours=6), 2: timedelta(hours=12), 3: timedelta(hours=24)}


def codes_of(report: JAlert) -> tuple[str, ...]:
    """The JIS codes a frame names: two digits for a prefecture, five for a municipality."""
    return (*(f"{prefecture:02d}" for prefecture in report.prefectures), *report.municipalities)


def _extended(report: Extended, site: Site, now: datetime) -> Said:
    onset = report.onset
    if onset and onset - now > WEEK - timedelta(days=1):
        onset -= WEEK  # it was sent before the turn of the week and is heard after it
    information = of_hazard(report.hazard, report.instruction)
    severity = _SEVERITIES[report.severity]
    return Said(
        information=information,
        event=f"dcx {report.country}.{report.provider} {report.hazard}",
        move=Move.END if information == "missile-passed" else _MOVES[report.message],
        where=_where(report, site),
        rank=ENDS_ALL
        if report.message is MessageType.ALL_CLEAR or information == "missile-passed"
        else report.severity,
        severity=informations()[information].severity if severity is Severity.UNKNOWN else severity,
        test=report.message is MessageType.TEST,
        hazard=report.hazard,
        instruction=report.instruction,
        lasts=_DURATIONS.get(report.duration),
        made=onset if onset and onset <= now else None,
        about=onset,
    )


def _where(report: Extended, site: Site) -> Where:
    if report.country != site.country:
        return Where.ELSEWHERE
    if isinstance(report, JAlert):
        return by_codes(site, codes_of(report))
    answers = [by_ellipse(site, report.area)] if report.area else []
    if isinstance(report, LAlert | LocalGovernment) and report.municipality:
        answers.append(by_codes(site, (report.municipality,)))
    return min(answers, key=list(Where).index, default=Where.PERHAPS)


# ── type 43 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_agency(report: dcr.DcReport, site: Site) -> Said:
    event, about, where, meaning = _read(report, site)
    if site.country != JAPAN:
        where = Where.ELSEWHERE
    return Said(
        information=meaning.information,
        event=event,
        move=_move(report, meaning),
        where=where,
        rank=meaning.rank,
        severity=informations()[meaning.information].severity,
        test=report.is_test,
        made=report.reported,
        about=about,
        tolerance=SAME_QUAKE,
    )


def _move(report: dcr.DcReport, meaning: Meaning) -> Move:
    """A cancellation (It 2) says that the report was wrong; a correction (It 1) speaks of what was reported."""
    if report.information_type == dcr.CANCELLATION:
        return Move.RETRACT
    if report.information_type == dcr.CORRECTION and meaning.move is Move.WARN:
        return Move.UPDATE
    return meaning.move


Reading = tuple[str, datetime | None, Where, Meaning]


def _read(report: dcr.DcReport, site: Site) -> Reading:
    match report:
        case dcr.EarthquakeEarlyWarning():
            return "jma eew", report.occurred, jma.shaking(site, report.regions), of_dcr(report.kind)
        case dcr.Tsunami():
            return "jma tsunami", None, jma.coast(site, (a.region for a in report.areas)), _tsunami(report, site)
        case dcr.Volcano():
            where = jma.ground(site, report.volcano, report.local_governments)
            return f"jma volcano {report.volcano}", None, where, _ending(of_dcr(report.kind, report.warning))
        case dcr.AshFall():
            own = [a for a in report.areas if jma.ground(site, report.volcano, (a.local_government,)) is Where.HERE]
            worst = _worst("ash_fall", (area.warning for area in own or report.areas))
            where = jma.ground(site, report.volcano, (area.local_government for area in report.areas))
            return f"jma ash {report.volcano}", None, where, worst
        case dcr.Weather():
            return _weather(report, site)
        case dcr.Flood():
            return _flood(report, site)
        case dcr.SeismicIntensity():
            here = site.prefecture in {f"{area.prefecture:02d}" for area in report.areas}
            return "jma intensity", report.occurred, Where.HERE if here else Where.ELSEWHERE, of_dcr(report.kind)
        case dcr.NankaiTrough():
            return f"jma nankai {report.serial}", report.reported, Where.HERE, of_dcr(report.kind)
        case _:
            return f"jma {report.kind}", report.reported, Where.PERHAPS, of_dcr(report.kind)


def _tsunami(report: dcr.Tsunami, site: Site) -> Meaning:
    meaning = of_dcr(report.kind, report.warning)
    if meaning.move is Move.END and jma.downgraded(site, report.areas):
        return Meaning(information=meaning.information, rank=1, move=Move.UPDATE)
    return _ending(meaning)


def _ending(meaning: Meaning) -> Meaning:
    """An end of everything of its event, whatever its rank was."""
    if meaning.move is not Move.END:
        return meaning
    return Meaning(information=meaning.information, rank=ENDS_ALL, move=Move.END)


def _worst(kind: str, codes: Iterable[int]) -> Meaning:
    return max((of_dcr(kind, code) for code in codes), key=lambda meaning: meaning.rank, default=of_dcr(kind))


def _weather(report: dcr.Weather, site: Site) -> Reading:
    own = [area for area in report.areas if jma.sky(site, (area.region,)) is Where.HERE]
    worst = _worst("weather", (area.warning for area in own or report.areas))
    if report.state == WEATHER_LIFTED:
        worst = Meaning(information=worst.information, rank=worst.rank, move=Move.END)
    return "jma weather", None, jma.sky(site, (area.region for area in report.areas)), worst


def _flood(report: dcr.Flood, site: Site) -> Reading:
    own = [area for area in report.areas if jma.river(site, (area.region,)) is Where.HERE]
    where = jma.river(site, (area.region for area in report.areas))
    concerned = own or list(report.areas)
    worst = _worst("flood", (area.level for area in concerned))
    rivers = sorted({area.region for area in concerned})
    return f"jma flood {' '.join(map(str, rivers))}", None, where, _ending(worst)
