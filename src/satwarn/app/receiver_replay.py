"""What would my town have heard? A recording through a receiver's own machine, as values and as a page."""

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from satwarn.adapters import clock
from satwarn.alert.seal import Trust
from satwarn.app.receiver_words import words_of, words_of_end
from satwarn.area import gazetteer
from satwarn.errors import BadArea
from satwarn.frame import Heard, Stream, decode
from satwarn.frame.dcr import DcReport
from satwarn.receiver.effects import Effect, End, Log, Show, Warn
from satwarn.receiver.information import informations
from satwarn.receiver.machine import Receiver
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.site import Site

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing the receiver did: when, what (sounded, shown, over, logged), and the words."""

    at: datetime
    kind: str
    what: str
    why: str
    lines: tuple[str, ...] = ()

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
class Replay:
    """A recording as one place would have lived it."""

    site: Site
    name: str
    begins: datetime
    ends: datetime
    frames: int
    moments: tuple[Moment, ...]

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
    for frame in heard:
        now = _time_of(frame, now)
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
                found.append(
                    Moment(at=now, kind="sounded", what=_name(effect.information), why="", lines=_said(effect))
                )
            case Show():
                what = _name(effect.information)
                found.append(Moment(at=now, kind="shown", what=what, why=effect.why, lines=_said(effect)))
            case End():
                lines = tuple(line for one in words_of_end(effect, LANGUAGES) for line in one.sentences)
                found.append(Moment(at=now, kind="over", what=_name(effect.information), why=effect.how, lines=lines))
            case Log():
                found.append(Moment(at=now, kind="logged", what="", why=effect.what))
    return found


def _name(information: str) -> str:
    return informations()[information].names["en"] if information in informations() else information


def _said(effect: Warn | Show) -> tuple[str, ...]:
    return tuple(line for one in words_of(effect, LANGUAGES) for line in (one.headline, *one.sentences))


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>%(title)s</title><style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;
margin:2rem auto;padding:0 1rem}ol{list-style:none;padding:0}li{border-left:.4rem solid #8886;margin:.5rem 0;
padding:.25rem .75rem}li.sounded{border-color:#c00}li.shown{border-color:#c80}li.over{border-color:#080}
time{font-variant-numeric:tabular-nums;margin-right:.75rem}p{margin:.25rem 0}button{font:inherit}
svg{max-width:22rem;height:auto;border:1px solid #8884}</style></head><body><h1>%(title)s</h1><p>%(sum)s</p>%(map)s
<p><button id="hear">Hear the warnings</button>
<label>from <input id="from" type="range" min="0" max="%(last)d" value="0"></label></p>
<ol id="line">%(moments)s</ol><script>
const items=[...document.querySelectorAll("#line li")],from=document.getElementById("from");
from.oninput=()=>items.forEach((item,i)=>item.hidden=i<+from.value);
document.getElementById("hear").onclick=()=>{const sound=new AudioContext();let at=sound.currentTime;
for(const item of items){if(item.hidden||!item.classList.contains("sounded"))continue;
for(const hertz of [520,660,520,660]){const tone=sound.createOscillator(),gain=sound.createGain();
tone.frequency.value=hertz;gain.gain.value=.1;tone.connect(gain).connect(sound.destination);
tone.start(at);tone.stop(at+.4);at+=.45}
for(const line of item.querySelectorAll("p"))speechSynthesis.speak(new SpeechSynthesisUtterance(line.textContent));
at+=1}};</script></body></html>
"""


def page(told: Replay) -> str:
    """The replay as one page that asks nothing of anybody: sum, map, timeline, sound on demand."""
    counted = {kind: sum(moment.kind == kind for moment in told.moments) for kind in ("sounded", "shown", "over")}
    title = f"{told.name.strip()}: {told.begins:%Y-%m-%d %H:%M} to {told.ends:%H:%M} UTC"
    said = f"{told.frames} frames; sounded {counted['sounded']}, shown {counted['shown']}, ended {counted['over']}."
    shown = [moment for moment in told.moments if moment.kind != "logged"]
    return PAGE % {
        "title": html.escape(title),
        "sum": html.escape(said if shown else f"{said} Nothing would have been heard or shown."),
        "map": _map(told.site),
        "last": max(0, len(shown) - 1),
        "moments": "".join(_item(moment) for moment in shown),
    }


def _item(moment: Moment) -> str:
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in moment.lines)
    head = f"{moment.kind}: {moment.what} {('(' + moment.why + ')') if moment.why else ''}"
    return f'<li class="{moment.kind}"><time>{moment.at:%H:%M:%S}</time>{html.escape(head)}{lines}</li>'


def _map(site: Site) -> str:
    """The prefecture's outline with the place in it."""
    rings = [polygon.points for polygon in gazetteer.shape(site.prefecture)]
    points = [point for ring in rings for point in ring]
    south, north = min(y for y, _ in points), max(y for y, _ in points)
    west, east = min(x for _, x in points), max(x for _, x in points)
    scale = 400 / max(north - south, east - west)

    def at(latitude: float, longitude: float) -> str:
        return f"{(longitude - west) * scale + 10:.1f},{(north - latitude) * scale + 10:.1f}"

    paths = "".join(f'<polygon points="{" ".join(at(*point) for point in ring)}"/>' for ring in rings)
    x, y = at(*site.point).split(",")
    size = f"{(east - west) * scale + 20:.0f} {(north - south) * scale + 20:.0f}"
    return (
        f'<svg viewBox="0 0 {size}" role="img" aria-label="where it is"><g fill="#8883" stroke="#888">{paths}</g>'
        f'<circle cx="{x}" cy="{y}" r="6" fill="#c00"/></svg>'
    )


def to_text(told: Replay) -> str:
    """As JSON text."""
    return json.dumps(told.to_json(), ensure_ascii=False, indent=1)
