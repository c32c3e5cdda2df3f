"""Lint of a receiver's settings: what triggers what here, what contradicts, what cannot be reached; and a rehearsal of
golden messages through the receiver's own machine, with every output absent."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from satwarn.adapters import clock, holder_file
from satwarn.adapters.air.flute_process import check_installed
from satwarn.adapters.air.multicast import UdpEar, group_of
from satwarn.adapters.device.address import host_and_port
from satwarn.app.receiver_door import is_loopback
from satwarn.app.receiver_settings import HEARS_NOTHING, ReceiverSettings, Values, is_deaf
from satwarn.app.receiver_test import NOTICE
from satwarn.app.receiver_values import SMTP_TLS
from satwarn.area.spelled import country_of, place_of
from satwarn.errors import BadSetting, Missing
from satwarn.frame import Report, dcr, encode
from satwarn.frame.camf import Ellipse, MessageType
from satwarn.frame.dcx import JAlert, OutsideJapan
from satwarn.receiver import jma
from satwarn.receiver.effects import Log, Show, Warn
from satwarn.receiver.information import Wish, informations
from satwarn.receiver.machine import Receiver
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.site import Site
from satwarn.receiver.where import offset_km

CONNECTS_WITHIN_S = 2.0
AT = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
FAR_KM = 100.0
OUTPUT_FILES = ("recording", "smtp_password_file", "smtp_authority", "imap_password_file", "imap_authority")
NETWORKED = ("mail", "mqtt", "modbus")
PORTS = {"mqtt": 1883, "modbus": 502}
OTHER_HAZARDS = {"earthquake": 36, "tsunami": 44, "forest fire": 27, "flood": 68}  # CAMF A4


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to put right (`error`) or to know (`warning`)."""

    level: str
    where: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One golden message: what the default rule set does with it here, and what this site's rules do."""

    message: str
    by_default: str
    here: str


def rule_table(settings: ReceiverSettings) -> list[dict[str, str]]:
    """Every type of information: what a frame alone and a signed alert do here, and where that is not default."""
    rows = []
    for name, known in informations().items():
        severity, wished = known.severity, settings.policy.wishes.get(name, known.wish)
        rows.append(
            {
                "information": name,
                "severity": severity.value,
                "frame": settings.policy.wish(name, severity, signed=False).value,
                "signed": settings.policy.wish(name, severity, signed=True).value,
                "default": known.wish.value,
                "changed": "yes" if wished is not known.wish else "",
            }
        )
    return rows


def findings(settings: ReceiverSettings, *, reach: bool = True) -> list[Finding]:
    """What is wrong or strange; `reach` tries to connect to outputs."""
    now = clock.now()
    return [
        *_rules(settings),
        *_place(settings),
        *_files(settings),
        *_deaf(settings, now),
        *_mute(settings),
        *_keys(settings),
        *(_unreachable(settings) if reach else ()),
    ]


def _rules(settings: ReceiverSettings) -> Iterator[Finding]:
    for name, wish in settings.policy.wishes.items():
        known = informations()[name]
        if wish is Wish.SOUND and known.wish is not Wish.SOUND:
            what = f"{known.names['en']} would sound, which by default only is {PAST[known.wish]}"
            yield Finding(level="warning", where=f"rules.{name}", what=what)
        if wish is not Wish.SOUND and known.wish is Wish.SOUND:
            what = f"{known.names['en']} is automatic in Japan, and would here only be {PAST[wish]}"
            yield Finding(level="warning", where=f"rules.{name}", what=what)
        if wish is known.wish:
            yield Finding(level="warning", where=f"rules.{name}", what="says what is the default anyway")


PAST = {Wish.SOUND: "sounded", Wish.SHOW: "shown", Wish.LOG: "logged"}


def _place(settings: ReceiverSettings) -> Iterator[Finding]:
    """Where it says that it stands, against where its code does; and where it keeps its memory."""
    known = replace(settings.site, position=None)
    wide = place_of(settings.site.code).kind in ("country", "Land", "province")  # its middle is far from most of it
    if settings.site.position and known.is_placed and not wide:
        away_km = offset_km(settings.site.position, known.point)
        if away_km > FAR_KM:
            what = f"stands {away_km:.0f} km from the middle of {settings.site.code}: is one of them wrong?"
            yield Finding(level="warning", where="site.latitude", what=what)
    there = next(one for one in (settings.folder, *settings.folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield Finding(level="error", where="site.folder", what=f"{settings.folder} cannot be written by this user")


def _files(settings: ReceiverSettings) -> Iterator[Finding]:
    """Files that are named and cannot be read."""
    named = [(f"ground.{key}", settings.ground[key]) for key in ("certificate", "key", "authority")]
    for row in settings.outputs:
        named += [(f"output {row['name']}", row[key]) for key in row if key in OUTPUT_FILES]
    for where, name in named:
        if name and not os.access(settings.beside(name), os.R_OK):
            yield Finding(level="error", where=where, what=f"{name} cannot be read by this user")


def _deaf(settings: ReceiverSettings, now: datetime) -> Iterator[Finding]:
    ground = bool(settings.ground["address"])
    band = settings.multicast.get("address", "")
    if is_deaf(settings):
        yield Finding(level="error", where="air", what=HEARS_NOTHING)
    if band:
        yield from _wide_band(settings)
    if not settings.trust.pins:
        yield Finding(level="error", where="trust", what="no sender is believed: nothing signed can sound here")
    if ground and not settings.ground["address"].startswith("wss:"):
        yield Finding(level="error", where="ground.address", what="is not wss: anybody on the line can cut or delay it")
    if settings.air and not ground:
        monitored = any(values["monitored"] for values in settings.air)
        if not monitored and not settings.policy.unmonitored_radio:
            what = "no radio here can monitor itself and there is no ground: no frame alone will ever sound"
            yield Finding(level="error", where="rules.unmonitored_radio", what=what)
    for pin in settings.trust.pins:
        if pin.not_after < now + NOTICE:
            yield Finding(level="warning", where="trust.certificate", what=f"of {pin.sender} ends {pin.not_after:%F}")


def _wide_band(settings: ReceiverSettings) -> Iterator[Finding]:
    try:
        check_installed()
        UdpEar(*group_of(settings.multicast["address"]), settings.multicast["interface"]).close()
    except (OSError, Missing) as error:
        yield Finding(level="error", where="multicast", what=str(error).splitlines()[0])
    if settings.multicast["interface"].startswith("127."):
        what = "hears this machine only: name the interface of the satellite modem"
        yield Finding(level="warning", where="multicast.interface", what=what)


def _mute(settings: ReceiverSettings) -> Iterator[Finding]:
    kinds = [values["kind"] for values in settings.outputs]
    if not kinds:
        yield Finding(level="error", where="output", what="no output: nobody would hear or see anything")
    elif not {"speaker", "wav", "relay", "modbus"} & set(kinds):
        yield Finding(level="warning", where="output", what="nothing makes a sound or switches one")
    for values in settings.outputs:
        needs = {"mail": ("address", "sender", "recipient"), "http": ("address",), "wav": ("address",)}
        needs |= {"mqtt": ("address",), "modbus": ("address",)}
        for key in needs.get(values["kind"], ()):
            if not values[key]:
                yield Finding(level="error", where=f"output {values['name']}", what=f"has no {key}")
        if values["kind"] == "speaker" and not values["ear"]:
            yield Finding(level="warning", where=f"output {values['name']}", what="has no ear: it can prove nothing")
        if values["kind"] == "modbus" and values["sense"] < 0:
            yield Finding(
                level="warning", where=f"output {values['name']}", what="senses nothing: it can prove nothing"
            )


def _keys(settings: ReceiverSettings) -> Iterator[Finding]:
    """Who can isolate it, and who could silence it from afar."""
    try:
        holders = holder_file.read(settings.beside(settings.by_hand["holders"]))
    except BadSetting as error:
        yield Finding(level="error", where="by_hand.holders", what=error.what)
        return
    if len(holders) < 2:
        what = f"{len(holders)} key holders: two end a maintenance (satwarn receiver keys add NAME)"
        yield Finding(level="warning", where="by_hand.holders", what=what)
    if settings.by_hand["stop"] == "open" and not is_loopback(settings.status.rpartition(":")[0]):
        what = "anybody on the network can silence a siren here"
        yield Finding(level="warning", where="by_hand.stop", what=what)


def _unreachable(settings: ReceiverSettings) -> Iterator[Finding]:
    inputs = [{**row, "name": f"{row['name']} (input)"} for row in settings.inputs if row["kind"] in NETWORKED]
    for values in (*settings.outputs, *inputs):
        if values["kind"] not in NETWORKED or not values["address"]:
            continue
        try:
            socket.create_connection(host_and_port(values["address"], _usual_port(values)), CONNECTS_WITHIN_S).close()
        except (OSError, ValueError) as error:
            what = f"cannot be reached at {values['address']}: {error}"
            yield Finding(level="error", where=f"output {values['name']}", what=what)


def _usual_port(values: Values) -> int:
    return SMTP_TLS[values["smtp_tls"]] if values["kind"] == "mail" else PORTS[values["kind"]]


# ── golden messages ──────────────────────────────────────────────────────────────────────────────────────────────────


def golden(settings: ReceiverSettings) -> list[tuple[str, Report]]:
    """A message of each kind that can reach this place, made for its own regions, and some that must not sound."""
    return _in_japan(settings.site) if country_of(settings.site.code) == "JP" else _elsewhere(settings.site)


def _elsewhere(site: Site) -> list[tuple[str, Report]]:
    """What a country's own provider could send: an ellipse around this place, one far off, and another country's."""
    latitude, longitude = site.point
    here = Ellipse(latitude_deg=latitude, longitude_deg=longitude, semi_major_km=20, semi_minor_km=20)
    there = replace(here, latitude_deg=latitude + (10 if latitude < 0 else -10))
    missile = OutsideJapan(
        message=MessageType.ALERT, country=site.country, provider=1, hazard=8, severity=3, onset=AT, ellipse=here
    )
    return [
        ("missile, here", missile),
        ("missile, elsewhere", replace(missile, ellipse=there)),
        ("missile, another country", replace(missile, country=site.country % 200 + 1)),
        ("missile, here, over", replace(missile, message=MessageType.ALL_CLEAR)),
        ("missile, here, a test", replace(missile, message=MessageType.TEST)),
        *((name, replace(missile, hazard=hazard)) for name, hazard in OTHER_HAZARDS.items()),
        ("flood, moderate", replace(missile, hazard=OTHER_HAZARDS["flood"], severity=1)),
    ]


def _in_japan(site: Site) -> list[tuple[str, Report]]:
    regions = jma.regions_of(site.code)
    prefecture = int(site.prefecture)
    missile = JAlert(
        message=MessageType.ALERT,
        provider=2,
        hazard=8,
        severity=3,
        onset=AT,
        instruction=128,
        prefectures=(prefecture,),
    )
    found: list[tuple[str, Report]] = [
        ("missile, here", missile),
        ("missile, elsewhere", replace(missile, prefectures=(prefecture % 47 + 1,))),
        ("test of J-Alert", replace(missile, message=MessageType.TEST, hazard=113, severity=0, instruction=136)),
        ("missile has passed", replace(missile, instruction=129)),
    ]
    head: dict[str, Any] = {"classification": dcr.MAXIMUM_PRIORITY, "reported": AT}
    if regions.eew:
        found.append(("earthquake early warning", _shaking(head, min(regions.eew))))
    for code, name in ((4, "major tsunami warning"), (3, "tsunami warning"), (2, "tsunami warning lifted")):
        if regions.coasts:
            areas = (dcr.TsunamiArrival(height=3 if code > 2 else 1, region=min(regions.coasts), arrival_code=1982),)
            found.append((name, dcr.Tsunami(**head, warning=code, areas=areas)))
    for code, name in ((2, "heavy rain special warning"), (23, "landslide alert"), (22, "tornado alert")):
        if regions.weather:
            areas_w = (dcr.WeatherArea(warning=code, region=min(regions.weather)),)
            found.append((name, dcr.Weather(**head, state=1, areas=areas_w)))
    if regions.rivers:
        for level, name in ((2, "river flood warning"), (4, "river is flooding")):
            areas_f = (dcr.FloodArea(level=level, region=min(regions.rivers)),)
            found.append((name, dcr.Flood(**head, areas=areas_f)))
    return found


def _shaking(head: dict[str, Any], region: int) -> Report:
    return dcr.EarthquakeEarlyWarning(
        **head,
        occurred=AT,
        depth_km=20,
        magnitude=7.0,
        epicentre=101,
        intensity_lower=8,
        intensity_upper=8,
        regions=(region,),
    )


def rehearse(settings: ReceiverSettings) -> list[Rehearsed]:
    """Every golden message through a machine with the default rules and one with this site's."""
    plain = replace(settings.policy, wishes={})
    rows = []
    for name, report in golden(settings):
        frame = encode(report, preamble=0x53, counter=0, at=AT)
        done = []
        for policy in (plain, settings.policy):
            box = Receiver(settings.site, settings.trust, policy=policy)
            box.hear_radio(Radio(at=AT, jamming=Level.NONE, spoofing=Level.NONE))
            box.hear_frame(frame, satellite=184, now=AT + timedelta(seconds=2))
            done.append(_came_of(box.effects()))
        rows.append(Rehearsed(message=name, by_default=done[0], here=done[1]))
    return rows


def _came_of(effects: list[Any]) -> str:
    for kind, word in ((Warn, "sounds"), (Show, "is shown"), (Log, "is logged")):
        if any(isinstance(effect, kind) for effect in effects):
            return word
    return "stays silent"


def differing(rows: list[Rehearsed]) -> list[Finding]:
    """Golden messages that do here other than by default: to be looked at before going live."""
    return [
        Finding(
            level="warning", where=f"rehearsal: {row.message}", what=f"{row.here} here, {row.by_default} by default"
        )
        for row in rows
        if row.here != row.by_default
    ]
