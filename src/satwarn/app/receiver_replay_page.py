"""The page of a replay: the sum, the map, the timeline minute by minute, and the sound as it would have been heard."""

import base64
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import partial
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import jinja2
import numpy as np
import shapely

from satwarn.app.receiver_outputs import signal_of
from satwarn.app.receiver_replay import Moment, Replay, Zone
from satwarn.app.receiver_voice import render_programme
from satwarn.area import gazetteer
from satwarn.area.chart import Chart, draw
from satwarn.area.flat import Geometry, flat
from satwarn.area.shape import Ellipse
from satwarn.area.spelled import country_of, line_of, place_of, spell
from satwarn.people.danger import keys, sentence
from satwarn.people.look import look
from satwarn.people.page_words import word
from satwarn.people.ports import Performance
from satwarn.people.sound import RATE_HZ, Pcm, from_wav, pcm
from satwarn.receiver.site import Site

Say = Callable[..., str]

ZONES = {"JP": timezone(timedelta(hours=9), "JST"), "KR": timezone(timedelta(hours=9), "KST")}
NEAR_DEG = 20.0  # how far off the map of a place outside Japan still shows a message's ellipse
MARKS = {"sounded": ("proven", "●"), "shown": ("unproven", "◐"), "over": ("silent", "○")}
DOT_DEG = 0.045  # a municipality without an outline of its own, about 5 km across
MOST_SOUNDS = 12  # different ones; each takes about a megabyte
ULAW_HZ = RATE_HZ // 2
KINDS = ("certain", "possible", "neighbour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """What happened in one minute, and how many quiet ones went before it."""

    at: datetime
    moments: tuple[Moment, ...]
    quiet: int


def page(told: Replay) -> str:
    """The page, which asks nothing of anybody; its sounds are made with the voices of this machine."""
    counted = Counter(moment.kind for moment in told.moments)
    shown = [moment for moment in told.moments if moment.kind != "logged"]
    zones = _zones_drawn(told)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("satwarn.app", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say = partial(word, "replay", language=told.languages[0])
    clock = ZONES.get(country_of(told.site.code), UTC)
    return environment.get_template("replay.html").render(
        told=told,
        say=say,
        language=told.languages[0],
        css=look().css(),
        sentence=_sentence(told, counted, say),
        span=_span(told.begins.astimezone(clock), told.ends.astimezone(clock), say),
        zone=f"{clock}",
        ahead_s=_ahead_s(clock),
        named=lambda moment: _named(moment, told.languages[0]),
        map=_map(told, zones, say),
        zones=[{"number": n, "from": _at(zone.heard[0]), "to": _at(zone.heard[1])} for n, zone in enumerate(zones)],
        minutes=_minutes(shown, told.begins),
        marks=MARKS,
        sounds=_sounds(shown, told),
        logged=Counter(moment.why for moment in told.moments if moment.kind == "logged").most_common(),
        share=lambda at: round(100 * (at - told.begins) / max(told.ends - told.begins, timedelta(seconds=1)), 2),
        local=lambda at: at.astimezone(clock),
        stamp=_at,
        last=int((told.ends - told.begins).total_seconds() // 60),
    )


def _at(moment: datetime) -> int:
    return int(moment.timestamp())


def _ahead_s(clock: tzinfo) -> int:
    return int((clock.utcoffset(None) or timedelta()).total_seconds())


def _named(moment: Moment, language: str) -> str:
    known = moment.information in keys()
    return sentence(moment.information, language).headline if known else moment.what


def _sentence(told: Replay, counted: Counter[str], say: Say) -> str:
    if not any(counted[kind] for kind in MARKS):
        return say("nothing", n=told.frames)
    return say("sum", n=told.frames, **{kind: counted[kind] for kind in MARKS})


def _span(first: datetime, last: datetime, say: Say) -> str:
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    return say("span", first=f"{first:%Y-%m-%d %H:%M}", last=end, zone=f"{first:%Z}")


def _minutes(shown: Iterable[Moment], begins: datetime) -> list[Minute]:
    """The minutes in which something happened."""
    found: list[Minute] = []
    before = begins.replace(second=0, microsecond=0)
    for at, moments in groupby(shown, lambda moment: moment.at.replace(second=0, microsecond=0)):
        found.append(Minute(at=at, moments=tuple(moments), quiet=max(0, int((at - before).total_seconds() // 60) - 1)))
        before = at
    return found


# ── the map ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _zones_drawn(told: Replay) -> list[Zone]:
    """Those of which something can be drawn near the place, tests below and what reached the place on top."""
    here = country_of(told.site.code) == "JP"
    drawn = [zone for zone in told.zones if (here and zone.codes) or _is_near(zone, told.site)]
    return sorted(drawn, key=lambda zone: (not zone.test, told.site.code in zone.codes))


def _is_near(zone: Zone, site: Site) -> bool:
    """Whether its ellipse lies on the map of this place: in and around Japan, or near a place elsewhere."""
    area = zone.ellipse
    if area is None:
        return False
    if country_of(site.code) == "JP":
        return 20 < area.latitude_deg < 46 and 122 < area.longitude_deg < 154
    off_deg = abs((area.longitude_deg - site.point[1] + 180) % 360 - 180)
    return abs(area.latitude_deg - site.point[0]) < NEAR_DEG and off_deg < NEAR_DEG


def _map(told: Replay, zones: Sequence[Zone], say: Say) -> str:
    """Prefectures, Laender or countries around, whom each message was for, the place."""
    homes = [place_of(spell(*code)) for code in line_of(told.site.code)]
    home = next(one for one in homes if gazetteer.shape_of(one))
    near = gazetteer.places(home.scheme)
    latitude, longitude = told.site.point
    grounds = [_ground(zone, told.site) for zone in zones]
    around = shapely.box(longitude - 1, latitude - 1, longitude + 1, latitude + 1)
    view = around if home.kind == "country" else flat(*gazetteer.shape_of(home))  # whole countries may be islands apart
    chart = Chart(
        title=say("map", place=told.name.strip()),
        view=shapely.union_all([shapely.box(*ground.bounds) for ground in (view, *grounds) if not ground.is_empty]),
        drawn=(
            *(("unit", flat(*shape)) for one in near if (shape := gazetteer.shape_of(one))),
            *(
                (f"{_kind(zone, told)} zone z{n}", ground)
                for n, (zone, ground) in enumerate(zip(zones, grounds, strict=True))
            ),
        ),
        marks=(((latitude, longitude), told.name.strip()),),
        key=tuple((kind, say(kind)) for kind in KINDS),
        source=say("source"),
    )
    return draw(chart)


def _kind(zone: Zone, told: Replay) -> str:
    if zone.test:
        return "neighbour"
    return "certain" if told.site.code in zone.codes else "possible"


def _ground(zone: Zone, site: Site) -> Geometry:
    """Whole prefectures by their outline, other municipalities by a dot each, and the ellipse as sent."""
    parts: list[Geometry] = []
    for prefecture in gazetteer.prefectures():
        named = [one for one in gazetteer.municipalities(prefecture.code) if one.code in zone.codes]
        if len(named) == len(gazetteer.municipalities(prefecture.code)):
            parts.append(flat(*gazetteer.shape(prefecture.code)))
        else:
            parts += [_dot(one) for one in named]
    if zone.ellipse and _is_near(zone, site):
        sent = zone.ellipse
        parts.append(
            flat(
                Ellipse(
                    latitude_deg=sent.latitude_deg,
                    longitude_deg=sent.longitude_deg,
                    semi_major_km=sent.semi_major_km,
                    semi_minor_km=sent.semi_minor_km,
                    azimuth_deg=sent.azimuth_deg,
                )
            )
        )
    return shapely.union_all(parts)


def _dot(one: gazetteer.Place) -> Geometry:
    return shapely.Point(one.longitude_deg, one.latitude_deg).buffer(DOT_DEG, quad_segs=2)


# ── the sound ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What was heard as a `data:` address, and the languages this machine has no voice for."""

    address: str
    unspoken: Sequence[str]


def _sounds(shown: Sequence[Moment], told: Replay) -> dict[int, Sound]:
    """What was audible, by the place of the moment in `shown`; the same words stand once."""
    made: set[tuple[object, ...]] = set()
    sounds: dict[int, Sound] = {}
    for number, moment in enumerate(shown):
        words = (moment.purpose, moment.why, moment.said)
        if moment.audible and words not in made and len(made) < MOST_SOUNDS:
            made.add(words)
            sounds[number] = _sound(moment, told)
    return sounds


def _sound(moment: Moment, told: Replay) -> Sound:
    """Rendered by the receiver's own voice."""
    given = Performance(
        warning="",
        site=told.site.code,
        purpose=moment.purpose,
        announcements=moment.said,
        at=moment.at,
        how=moment.why if moment.kind == "over" else "",
    )
    asked = {
        "signal": signal_of(given),
        "purpose": given.purpose.value,
        "announcements": [{"language": said.language, "lines": said.lines()} for said in given.announcements],
    }
    with TemporaryDirectory() as folder:
        file = Path(folder) / "programme.wav"
        unspoken = render_programme(file, asked)["unspoken"]
        coded = base64.b64encode(to_ulaw_wav(pcm(from_wav(file.read_bytes())))).decode()
    return Sound(address=f"data:audio/wav;base64,{coded}", unspoken=unspoken)


def to_ulaw_wav(samples: Pcm) -> bytes:
    """A WAV of half the rate in 8 bits of µ-law (ITU-T G.711): a quarter of the size, which every browser plays."""
    halved = samples[: samples.size // 2 * 2].reshape(-1, 2).mean(axis=1)
    size = np.minimum(np.abs(halved), 32635) + 132
    exponent = np.floor(np.log2(size)).astype(int) - 7
    mantissa = (size.astype(int) >> (exponent + 3)) & 0x0F
    coded: bytes = (~((halved < 0) * 0x80 | exponent << 4 | mantissa) & 0xFF).astype(np.uint8).tobytes()
    coded += bytes(len(coded) % 2)
    form = struct.pack("<HHIIHHH", 7, 1, ULAW_HZ, ULAW_HZ, 1, 8, 0)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(coded)) + coded
    return b"RIFF" + struct.pack("<I", len(body)) + body
