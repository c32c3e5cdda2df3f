"""What would my town have heard? A recording through a receiver's own machine, as values (for the page see
receiver_replay_page)."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

from satwarn.adapters import clock
from satwarn.alert.purpose import Purpose
from satwarn.alert.seal import Trust
from satwarn.app.receiver_words import words_of, words_of_end
from satwarn.area import gazetteer
from satwarn.area.place import Place
from satwarn.area.search import find, like, plain
from satwarn.area.spelled import country_of, is_known, place_of, spell
from satwarn.errors import BadArea, BadFrame
from satwarn.frame import Heard, Stream, decode, payload_of
from satwarn.frame.camf import Ellipse
from satwarn.frame.dcr import DcReport
from satwarn.people.announcement import Announcement
from satwarn.receiver.effects import Effect, End, Log, Show, Warn
from satwarn.receiver.information import informations
from satwarn.receiver.machine import Receiver
from satwarn.receiver.memory import Life
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.said import said_by
from satwarn.receiver.site import Site
from satwarn.receiver.where import Where

LANGUAGES = {"JP": ("ja", "en"), "DE": ("de", "en"), "KR": ("ko", "en")}
ELSEWHERE = ("en",)
POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing the receiver did: when, what (sounded, shown, over, logged), and the words.

    `audible` says that people heard it, and `purpose` with which signals.
    """

    at: datetime
    kind: str
    what: str
    why: str
    said: tuple[Announcement, ...] = ()
    audible: bool = False
    purpose: Purpose = Purpose.REAL
    information: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The words, as read."""
        return tuple(line for one in self.said for line in (one.headline, *one.sentences))

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "what": self.what,
            "why": self.why,
            "lines": list(self.lines),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Whom one message was for, by the receiver's own rules: codes of municipalities, and the ellipse it may carry.

    `heard` are the first and the last time it was on the air; `test` that it was one.
    """

    what: str
    heard: tuple[datetime, datetime]
    test: bool
    codes: frozenset[str]
    ellipse: Ellipse | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "what": self.what,
            "from": self.heard[0].isoformat(),
            "until": self.heard[1].isoformat(),
            "test": self.test,
            "codes": sorted(self.codes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A recording as one place would have lived it."""

    site: Site
    name: str
    begins: datetime
    ends: datetime
    frames: int
    moments: tuple[Moment, ...]
    zones: tuple[Zone, ...] = ()
    languages: tuple[str, ...] = ELSEWHERE

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "site": self.site.code,
            "name": self.name,
            "begins": self.begins.isoformat(),
            "ends": self.ends.isoformat(),
            "frames": self.frames,
            "sounded": sum(moment.kind == "sounded" for moment in self.moments),
            "moments": [moment.to_json() for moment in self.moments],
            "zones": [zone.to_json() for zone in self.zones],
        }


def find_place(words: str) -> Place:
    """The place of a name (in any language), a code, or a point ("48.14,11.58"); BadArea when none or several bear it.

    A point is in the smallest place that is known around it, and keeps its own latitude and longitude.
    """
    if point := POINT.fullmatch(words.strip()):
        return _at_point(float(point[1]), float(point[2]))
    if is_known(words):
        return place_of(words)
    found = _named(words)
    if len(found) == 1:
        return found[0]
    several = ", ".join(f"{spell(one.scheme, one.code)} {one.name()}" for one in found[:5])
    close = ", ".join(like(words))
    raise BadArea(
        f"{'several places are' if found else 'no place is'} called {words!r}",
        where="the place",
        fix=several or (f"{close}; or " if close else "") + 'a code (31202, AGS:09162) or a point ("48.14,11.58")',
    )


def _named(words: str) -> Sequence[Place]:
    """Places that bear exactly this name, Japan's municipalities and prefectures before those of other countries."""
    wanted = words.casefold()
    japan = [
        one
        for one in (*gazetteer.municipalities(), *gazetteer.prefectures())
        if wanted in {name.casefold() for name in one.names.values()}
        or any(name.casefold().startswith(wanted + " ") for name in one.names.values())
        or any(name == f"{words}{end}" for name in one.names.values() for end in "市区町村都道府県")
    ]
    return japan or [
        one for one in find(words) if any(plain(name).startswith(plain(words)) for name in one.names.values())
    ]


def _at_point(latitude_deg: float, longitude_deg: float) -> Place:
    from satwarn.area.atlas import shipped_atlas  # brings shapely, which only a point needs

    codes = shipped_atlas().at(latitude_deg, longitude_deg)
    if not codes:
        raise BadArea("no land of any country is known here", where=f"{latitude_deg}, {longitude_deg}")
    return replace(place_of(spell(*codes[-1])), latitude_deg=latitude_deg, longitude_deg=longitude_deg)


def site_code(one: Place) -> str:
    """The code a receiver in this place has: a prefecture's is that of its own office."""
    return f"{one.code}000" if one.scheme == "JISX0401" else spell(one.scheme, one.code)


def replay(recording: Path, place: Place, languages: Sequence[str] = ()) -> Replay:
    """Every frame of the recording at the time it tells, or one a second from the time its first report tells.

    The words are in `languages`, by default those of the place's country.
    """
    stream = Stream()
    heard = [*stream.feed(recording.read_bytes()), *stream.end()]
    site = _site_at(place)
    spoken = tuple(languages) or LANGUAGES.get(country_of(site.code), ELSEWHERE)
    machine = Receiver(site, Trust())
    now = begins = _first_time(heard)
    moments: list[Moment] = []
    zones: dict[str, Zone] = {}
    for frame in heard:
        now = _time_of(frame, now)
        _add_zone(zones, frame, site, now)
        machine.hear_radio(Radio(at=now, jamming=Level.NONE, spoofing=Level.NONE))
        machine.tick(now=now)
        machine.hear_frame(bytes(frame), satellite=frame.satellite or 0, now=now)
        moments += _moments(machine.effects(), spoken, now)
    return Replay(
        site=site,
        name=_shown_name(place, site, spoken),
        begins=begins,
        ends=now,
        frames=len(heard),
        moments=tuple(moments),
        zones=tuple(zones.values()),
        languages=spoken,
    )


def _shown_name(place: Place, site: Site, languages: Sequence[str]) -> str:
    """In the first of the languages, in Japan also as English has it; a point with its position."""
    names = [place.name(*languages), *([place.names["en"]] if country_of(site.code) == "JP" else [])]
    where = f"({site.position[0]:.2f}, {site.position[1]:.2f})" if site.position else ""
    return " ".join(dict.fromkeys([*names, where])).strip()


def _site_at(place: Place) -> Site:
    """A receiver in the place; BadArea where nothing says where it would stand."""
    is_point = place != place_of(spell(place.scheme, place.code))
    if not is_point and (isnan(place.latitude_deg) or place.kind == "country"):
        what = f"no table says where in {place.name()} it would stand"
        raise BadArea(what, where="the place", fix='a point: "48.14,11.58"')
    position = (place.latitude_deg, place.longitude_deg) if is_point else None
    return Site(code=site_code(place), outputs=("speaker",), position=position)


@cache
def _sites() -> Sequence[Site]:
    return tuple(Site(code=one.code, outputs=()) for one in gazetteer.municipalities())


def _add_zone(zones: dict[str, Zone], frame: Heard, own: Site, now: datetime) -> None:
    """Each payload once, with the time it was on the air; frames that are no warning, or noise, have no zone."""
    payload = payload_of(frame)
    if payload in zones:
        zones[payload] = replace(zones[payload], heard=(zones[payload].heard[0], now))
        return
    try:
        report = decode(frame, received=now)
    except BadFrame:
        return
    said = [(site.code, one) for site in (*_sites(), own) if (one := said_by(report, site, now=now))]
    if said:
        zones[payload] = Zone(
            what=_name(said[0][1].information),
            heard=(now, now),
            test=said[0][1].test,
            codes=frozenset(code for code, one in said if one.where is Where.HERE),
            ellipse=getattr(report, "area", None),
        )


def _first_time(heard: Iterable[Heard]) -> datetime:
    return next((time for frame in heard if (time := _time_of(frame, None))), datetime(2000, 1, 1, tzinfo=UTC))


def _time_of(frame: Heard, before: datetime | None) -> Any:
    """When it was received; without that, the report's own time moved on by a second a frame."""
    if frame.received:
        return frame.received
    report = decode(frame, received=before or clock.now())
    told = report.reported if isinstance(report, DcReport) else None
    if before is None:
        return told
    return max(before + timedelta(milliseconds=250), told or before)


def _moments(effects: Iterable[Effect], languages: Sequence[str], now: datetime) -> list[Moment]:
    found = []
    for effect in effects:
        match effect:
            case Warn():
                found.append(_given(effect, "sounded", "", languages, now))
            case Show():
                found.append(_given(effect, "shown", effect.why, languages, now))
            case End():
                found.append(_over(effect, languages, now))
            case Log():
                found.append(Moment(at=now, kind="logged", what="", why=effect.what))
    return found


def _given(effect: Warn | Show, kind: str, why: str, languages: Sequence[str], now: datetime) -> Moment:
    return Moment(
        at=now,
        kind=kind,
        what=_name(effect.information),
        why=why,
        said=words_of(effect, languages),
        audible=kind == "sounded",
        purpose=effect.purpose,
        information=effect.information,
    )


def _over(end: End, languages: Sequence[str], now: datetime) -> Moment:
    said = words_of_end(end, languages) if end.how is not Life.OVER else ()
    return Moment(
        at=now,
        kind="over",
        what=_name(end.information),
        why=end.how,
        said=said,
        audible=end.audible and bool(said),
        purpose=end.purpose,
        information=end.information,
    )


def _name(information: str) -> str:
    return informations()[information].names["en"] if information in informations() else information


def to_text(told: Replay) -> str:
    """As JSON text."""
    return json.dumps(told.to_json(), ensure_ascii=False, indent=1)
