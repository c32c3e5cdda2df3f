"""What would my town have heard? A recording through a receiver's own machine, as values (for the page see
receiver_replay_page)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from satwarn.adapters import clock
from satwarn.alert.purpose import Purpose
from satwarn.alert.seal import Trust
from satwarn.app.receiver_words import words_of, words_of_end
from satwarn.area import gazetteer
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

LANGUAGES = ("ja", "en")


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


def find_place(words: str) -> gazetteer.Place:
    """The place of a name (in English, Japanese or kana) or a code; BadArea when none or several bear it."""
    try:
        return gazetteer.place(words)
    except BadArea:
        pass
    wanted = words.casefold()
    found = [
        one
        for one in (*gazetteer.municipalities(), *gazetteer.prefectures())
        if wanted in {name.casefold() for name in one.names.values()}
        or any(name.casefold().startswith(wanted + " ") for name in one.names.values())
        or any(name == f"{words}{end}" for name in one.names.values() for end in "市区町村都道府県")
    ]
    if len(found) == 1:
        return found[0]
    several = ", ".join(f"{one.code} {one.names['en']}" for one in found[:5])
    raise BadArea(
        f"{'several places are' if found else 'no place is'} called {words!r}",
        where="--at",
        fix=several or f"a code of five digits, or: satwarn area find {words}",
    )


def replay(recording: Path, place: gazetteer.Place) -> Replay:
    """Every frame of the recording at the time it tells, or one a second from the time its first report tells."""
    stream = Stream()
    heard = [*stream.feed(recording.read_bytes()), *stream.end()]
    code = place.code if len(place.code) == 5 else f"{place.code}000"
    site = Site(code=code, outputs=("speaker",))
    machine = Receiver(site, Trust())
    now = begins = _first_time(heard)
    moments: list[Moment] = []
    zones: dict[str, Zone] = {}
    for frame in heard:
        now = _time_of(frame, now)
        _add_zone(zones, frame, now)
        machine.hear_radio(Radio(at=now, jamming=Level.NONE, spoofing=Level.NONE))
        machine.tick(now=now)
        machine.hear_frame(bytes(frame), satellite=frame.satellite or 0, now=now)
        moments += _moments(machine.effects(), now)
    return Replay(
        site=site,
        name=place.names.get("ja", "") + " " + place.names.get("en", ""),
        begins=begins,
        ends=now,
        frames=len(heard),
        moments=tuple(moments),
        zones=tuple(zones.values()),
    )


@cache
def _sites() -> Sequence[Site]:
    return tuple(Site(code=one.code, outputs=()) for one in gazetteer.municipalities())


def _add_zone(zones: dict[str, Zone], frame: Heard, now: datetime) -> None:
    """Each payload once, with the time it was on the air; frames that are no warning, or noise, have no zone."""
    payload = payload_of(frame)
    if payload in zones:
        zones[payload] = replace(zones[payload], heard=(zones[payload].heard[0], now))
        return
    try:
        report = decode(frame, received=now)
    except BadFrame:
        return
    said = [(site.code, one) for site in _sites() if (one := said_by(report, site, now=now))]
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


def _moments(effects: Iterable[Effect], now: datetime) -> list[Moment]:
    found = []
    for effect in effects:
        match effect:
            case Warn():
                said = words_of(effect, LANGUAGES)
                what = _name(effect.information)
                found.append(
                    Moment(at=now, kind="sounded", what=what, why="", said=said, audible=True, purpose=effect.purpose)
                )
            case Show():
                said, what = words_of(effect, LANGUAGES), _name(effect.information)
                found.append(Moment(at=now, kind="shown", what=what, why=effect.why, said=said, purpose=effect.purpose))
            case End():
                found.append(_over(effect, now))
            case Log():
                found.append(Moment(at=now, kind="logged", what="", why=effect.what))
    return found


def _over(end: End, now: datetime) -> Moment:
    said = words_of_end(end, LANGUAGES) if end.how is not Life.OVER else ()
    return Moment(
        at=now,
        kind="over",
        what=_name(end.information),
        why=end.how,
        said=said,
        audible=end.audible and bool(said),
        purpose=end.purpose,
    )


def _name(information: str) -> str:
    return informations()[information].names["en"] if information in informations() else information


def to_text(told: Replay) -> str:
    """As JSON text."""
    return json.dumps(told.to_json(), ensure_ascii=False, indent=1)
