"""A receiver's settings: site.toml, read strictly. What is unknown is refused by name, never skipped."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from satwarn.adapters.air.multicast import group_of
from satwarn.alert.seal import Trust
from satwarn.app.receiver_values import wrong_in
from satwarn.area.spelled import normal, place_of
from satwarn.errors import BadAlert, BadArea, BadMessage, BadSetting, BadSignature, DoesNotFit
from satwarn.people.language import tags
from satwarn.people.signal import profiles
from satwarn.receiver.information import Wish
from satwarn.receiver.policy import Policy
from satwarn.receiver.site import Site


@dataclass(frozen=True, slots=True)
class Key:
    """One key of site.toml: the table it stands in, its type, its default (None: must be given), and what it is for."""

    table: str
    name: str
    kind: type
    default: Any
    what: str


# The whole of site.toml, in order; docs/reference/site-toml.md is made from it. `[[air]]` and `[[output]]` may repeat.
KEYS: tuple[Key, ...] = (
    Key(
        "site",
        "code",
        str,
        None,
        "JIS X 0402 (31202; 31000 a prefecture's office), AGS:09162, ISO3166-1:AU; 31202.school one of several",
    ),
    Key("site", "name", str, "", "what people call it"),
    Key("site", "latitude", float, 0.0, "where it stands, degrees north; without it, where its municipality is"),
    Key("site", "longitude", float, 0.0, "degrees east"),
    Key("site", "margin_km", float, 5.0, "how far beyond the edge of a shape it still counts as inside"),
    Key("site", "languages", list, ["ja", "en"], "what is said and shown, in order"),
    Key("site", "folder", str, "/var/lib/satwarn", "where memory, logs and prepared sounds are kept"),
    Key("trust", "sender", str, None, "[[trust]], may repeat: a CAP sender that is believed"),
    Key("trust", "certificate", str, None, "its certificate, a PEM file (beside site.toml unless absolute)"),
    Key(
        "trust",
        "appoints",
        bool,
        False,
        "whether its supplies may appoint and revoke other senders, not only itself",
    ),
    Key("air", "kind", str, None, "[[air]], may repeat: tty, tcp, gpsd, file or pipe"),
    Key("air", "address", str, None, "/dev/serial/by-id/..., host:port, a file, or - for standard input"),
    Key("air", "speed", int, 115200, "baud, for a tty"),
    Key("air", "monitored", bool, True, "whether it tells of jamming and spoofing (u-blox does, bare $QZQSM does not)"),
    Key("ground", "address", str, "", "wss://host:port of the hub; empty for a receiver without ground"),
    Key("ground", "certificate", str, "", "this site's certificate, PEM"),
    Key("ground", "key", str, "", "its key, PEM"),
    Key("ground", "authority", str, "", "the certificate by which the hub is known, PEM"),
    Key("multicast", "address", str, "", "the wide band: group:port as the satellite's provider says; empty: none"),
    Key("multicast", "interface", str, "127.0.0.1", "the network interface it comes in by: its name or its address"),
    Key("multicast", "silence_minutes", int, 3, "how long without a signed heartbeat is a fault, at least 2"),
    Key(
        "rules", "unmonitored_radio", str, "show", '"sound": a radio that cannot monitor itself is enough; "show" else'
    ),
    Key("clock", "host", str, "trusted", '"trusted": the host keeps time; "alone": only satellites and hub do'),
    Key("output", "name", str, None, "[[output]], may repeat: its name in receipts"),
    Key("output", "kind", str, None, "speaker, wav, mail, screen, relay, http, mqtt or modbus"),
    Key("output", "address", str, "", "where it is: host:port, URL, file or folder; see the kinds"),
    Key("output", "topic", str, "satwarn", "first level of the MQTT topics"),
    Key("output", "coil", int, 0, "Modbus: the coil that is switched, from 0"),
    Key("output", "sense", int, -1, "Modbus: the input that senses it, from 0; -1 none, and nothing is proven"),
    Key("output", "unit", int, 1, "Modbus: the device's number"),
    Key("output", "busy", int, -1, "Modbus: the input that says a radio console is busy, from 0; -1 none"),
    Key("output", "fault", int, -1, "Modbus: the input that an amplifier closes when it is broken, from 0; -1 none"),
    Key(
        "output",
        "keyed_by",
        str,
        "",
        "speaker: the modbus output that keys its radio console; it speaks once that holds",
    ),
    Key("output", "pre_start_s", float, 0.0, "speaker: seconds between that contact and the first sound (pre-start)"),
    Key("output", "sender", str, "", "mail: from"),
    Key("output", "recipient", str, "", "mail: to"),
    Key("output", "smtp_tls", str, "none", 'mail: "starttls" (port 587), "implicit" (465) or "none" (25)'),
    Key("output", "smtp_user", str, "", "mail: who logs in at the mail server; empty: nobody"),
    Key("output", "smtp_password_file", str, "", "mail: a file with the password, beside site.toml"),
    Key("output", "smtp_password_env", str, "", "mail: or the environment's variable that has it"),
    Key("output", "smtp_authority", str, "", "mail: the certificate by which that server is known, PEM; else public"),
    Key("output", "probe", str, "", "mail: a Maildir that receives a copy, so that it can be read back"),
    Key("output", "imap", str, "", "mail: host:port of a mailbox that receives a copy, in place of a Maildir"),
    Key("output", "imap_user", str, "", "mail: its user"),
    Key("output", "imap_password_file", str, "", "mail: a file with its password, beside site.toml"),
    Key("output", "imap_password_env", str, "", "mail: or the environment's variable that has it"),
    Key("output", "imap_tls", bool, True, "mail: false only on this machine"),
    Key("output", "imap_authority", str, "", "mail: the certificate by which that server is known, PEM; else public"),
    Key("output", "probe_recipient", str, "", "mail: the probe's own address; the self-test writes to it alone"),
    Key(
        "output", "ear", str, "", "speaker: part of the name of the capture device that hears it; empty proves nothing"
    ),
    Key("output", "tone_hz", float, 9800.0, "speaker: the self-test's tone, heard by the ear and hardly by people"),
    Key("output", "tone_level", float, 0.01, "speaker: its level, of full scale (0.01 = -40 dB)"),
    Key("output", "backends", list, [], "speaker: miniaudio's backends in order of choice"),
    Key(
        "output", "buffer_ms", int, 40, "speaker: the device's buffer; more is safer on a busy machine, less is sooner"
    ),
    Key("output", "signals", str, "own", "speaker: whose signals: own (neutral) or a country's (at ch de fr jp kr)"),
    Key("output", "recording", str, "", "speaker: the site's own WAV in place of the warning signal"),
    Key("input", "name", str, None, "[[input]], may repeat: a contact that is sensed (an amplifier's, a stop button)"),
    Key("input", "kind", str, None, "modbus, http or mqtt"),
    Key("input", "address", str, None, "host:port, or a URL that is read with GET"),
    Key("input", "unit", int, 1, "Modbus: the device's number"),
    Key("input", "number", int, 0, "Modbus: the discrete input, from 0; it reads 1 closed, 0 open"),
    Key("input", "topic", str, "", "MQTT: what is subscribed to; its newest word counts"),
    Key("input", "key", str, "", "HTTP, MQTT: the key of a JSON object; empty: the whole text"),
    Key("input", "does", str, "fault", '"fault": it tells of one; "stop": a button that silences every output here'),
    Key("input", "pressed", str, "1", "stop: the value while the button is pressed; a press is a change to it"),
    Key("input", "fault", str, "1", "the value that is a fault"),
    Key("input", "means", str, "", "what that fault means, for people"),
    Key(
        "status", "address", str, "127.0.0.1:8631", "where the local status page and the screen's page are; empty: none"
    ),
    Key("by_hand", "holders", str, "key-holders.json", "who holds a key (satwarn receiver keys), beside site.toml"),
    Key(
        "by_hand",
        "stop",
        str,
        "local",
        '"local": a local stop wants no secret on this machine; "open": from anywhere; "secret": it always wants one',
    ),
    Key("ups", "address", str, "", "host:port of a NUT server (3493); empty: none"),
    Key("ups", "name", str, "ups", "the UPS's name there"),
    Key("self_test", "at", str, "03:30", "when it tests itself in silence each day, HH:MM UTC; empty: never"),
)
ONCE = ("site", "ground", "multicast", "clock", "status", "by_hand", "ups", "self_test")
REPEATED = ("trust", "air", "output", "input")
AIR_KINDS = ("tty", "tcp", "gpsd", "file", "pipe")
INPUT_KINDS = ("modbus", "http", "mqtt")
OUTPUT_KINDS = ("speaker", "wav", "mail", "screen", "relay", "http", "mqtt", "modbus")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverSettings:
    """Everything `receiver run` needs, checked. `outputs` and `air` are tables of values with every key present."""

    file: Path
    site: Site
    name: str
    languages: tuple[str, ...]
    folder: Path
    trust: Trust
    policy: Policy
    appoints: frozenset[str] = frozenset()
    air: Sequence[Values] = ()
    outputs: Sequence[Values] = ()
    inputs: Sequence[Values] = ()
    ground: Values = field(default_factory=dict)
    multicast: Values = field(default_factory=dict)
    clock_host: bool = True
    status: str = ""
    by_hand: Values = field(default_factory=dict)
    ups: Values = field(default_factory=dict)
    self_test_at: str = ""

    def beside(self, name: str) -> Path:
        """A file named in the settings: beside site.toml unless absolute."""
        return self.file.parent / name


OUR_NAME = "site.toml"
HEARS_NOTHING = "no source of frames, no wide band and no ground: it hears nothing"


def read(file: Path) -> ReceiverSettings:
    """The settings in a file; BadSetting says which key is wrong and what would do."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadSetting("there is no such file", where=str(file), fix="satwarn receiver init") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"not TOML: {error}", where=str(file)) from None
    try:
        return settings(raw, file=file)
    except BadSetting as error:
        raise BadSetting(error.what, where=error.where.replace(OUR_NAME, str(file), 1), fix=error.fix) from None


def is_deaf(found: ReceiverSettings) -> bool:
    """Whether nothing can reach a receiver with these settings."""
    return not (found.air or found.ground["address"] or found.multicast.get("address"))


def settings(raw: Mapping[str, Any], *, file: Path) -> ReceiverSettings:
    """The settings in a parsed site.toml."""
    if strange := raw.keys() - {key.table for key in KEYS}:
        raise _wrong(min(strange), "no such table", f"one of {', '.join(dict.fromkeys(key.table for key in KEYS))}")
    one = {table: _table(table, raw.get(table, {})) for table in ONCE}
    many = {table: tuple(_table(table, row) for row in _rows(raw, table)) for table in REPEATED}
    names = tuple(row["name"] for row in many["output"])
    _choices(many, names, one)
    return ReceiverSettings(
        file=file,
        site=_site(one["site"], names, given=raw.get("site", {})),
        name=one["site"]["name"],
        languages=tuple(one["site"]["languages"]),
        folder=Path(one["site"]["folder"]),
        trust=_trust(many["trust"], file),
        policy=_policy(raw.get("rules", {})),
        appoints=frozenset(row["sender"] for row in many["trust"] if row["appoints"]),
        air=many["air"],
        outputs=many["output"],
        inputs=many["input"],
        ground=one["ground"],
        multicast=one["multicast"],
        clock_host=one["clock"]["host"] == "trusted",
        status=one["status"]["address"],
        by_hand=one["by_hand"],
        ups=one["ups"],
        self_test_at=one["self_test"]["at"],
    )


def _rows(raw: Mapping[str, Any], table: str) -> list[Any]:
    rows = raw.get(table, [])
    if not isinstance(rows, list):
        raise _wrong(table, "may repeat and has double brackets", f"[[{table}]]")
    return rows


def _table(table: str, given: Any) -> Values:
    keys = {key.name: key for key in KEYS if key.table == table}
    if not isinstance(given, dict):
        raise _wrong(table, "is a table", f"[{table}]")
    if strange := given.keys() - keys.keys():
        raise _wrong(f"{table}.{min(strange)}", "no such key", f"one of {', '.join(keys)}")
    row = {name: _value(key, given) for name, key in keys.items()}
    wrong, why = wrong_in(table, row)
    if wrong:
        raise _wrong(f"{table}.{wrong}", why, keys[wrong].what)
    return row


def _value(key: Key, given: Mapping[str, Any]) -> Any:
    value = given.get(key.name, key.default)
    where = f"{key.table}.{key.name}"
    if value is None:
        raise _wrong(where, "is missing", key.what)
    if key.kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, key.kind) or isinstance(value, bool) is not (key.kind is bool):
        raise _wrong(where, f"{value!r} is no {key.kind.__name__}", key.what)
    return value


def _choices(many: Mapping[str, Sequence[Values]], names: Sequence[str], one: Mapping[str, Values]) -> None:
    for table, kinds in (("air", AIR_KINDS), ("output", OUTPUT_KINDS), ("input", INPUT_KINDS)):
        for row in many[table]:
            if row["kind"] not in kinds:
                raise _wrong(f"{table}.kind", f"no kind {row['kind']!r}", f"one of {', '.join(kinds)}")
    for row in many["output"]:
        if row["signals"] not in profiles():
            raise _wrong("output.signals", f"no signals {row['signals']!r}", f"one of {', '.join(profiles())}")
    if len(set(names)) < len(names):
        raise _wrong("output.name", "two outputs have the same name", "receipts know outputs by their names")
    if len({row["name"] for row in many["input"]}) < len(many["input"]):
        raise _wrong("input.name", "two inputs have the same name", "faults are known by their names")
    if one["by_hand"]["stop"] == "secret" and any(row["does"] == "stop" for row in many["input"]):
        raise _wrong("input.does", "a stop button cannot ask for the secret that [by_hand] stop wants", '"local"')
    if one["by_hand"]["stop"] not in ("local", "open", "secret"):
        raise _wrong("by_hand.stop", f"{one['by_hand']['stop']!r}", '"local", "open" or "secret"')
    contacts = {row["name"] for row in many["output"] if row["kind"] == "modbus"}
    for row in many["output"]:
        if row["keyed_by"] and row["keyed_by"] not in contacts:
            raise _wrong("output.keyed_by", f"no modbus output {row['keyed_by']!r}", "name one that keys the console")
    if one["clock"]["host"] not in ("trusted", "alone"):
        raise _wrong("clock.host", f"{one['clock']['host']!r}", '"trusted" or "alone"')
    _wide_band(one["multicast"])
    if strange := [tag for tag in one["site"]["languages"] if tag not in tags()]:
        raise _wrong("site.languages", f"no words in {strange[0]!r}", f"some of {', '.join(tags())}")


def _wide_band(values: Values) -> None:
    if values["address"]:
        try:
            group_of(values["address"])
        except DoesNotFit as error:
            raise _wrong("multicast.address", error.what, error.fix) from None


def _site(values: Values, names: tuple[str, ...], *, given: Mapping[str, Any]) -> Site:
    if ("latitude" in given) is not ("longitude" in given):
        raise _wrong("site", "latitude and longitude go together", "give both, or neither")
    position = (values["latitude"], values["longitude"]) if "latitude" in given else None
    site = Site(code=values["code"], outputs=names, position=position, margin_km=values["margin_km"])
    try:
        normal(site.code)
        if position is None and (place := place_of(site.code)).kind == "country":
            raise BadArea(f"where in {place.name()} it stands is not said", fix="give latitude and longitude")
        _ = site.point
    except BadArea as error:
        raise BadSetting(error.what, where="site.code", fix=error.fix) from None
    return site


def _trust(rows: Sequence[Values], file: Path) -> Trust:
    pairs = []
    for row in rows:
        try:
            pairs.append((row["sender"], (file.parent / row["certificate"]).read_bytes()))
        except OSError as error:
            raise _wrong("trust.certificate", f"{row['certificate']}: {error.strerror}", "a PEM file") from None
    try:
        return Trust.of(pairs)
    except (BadSignature, BadMessage) as error:
        raise BadSetting(error.what, where="trust.certificate", fix=error.fix) from None


def _policy(given: Mapping[str, Any]) -> Policy:
    """`[rules]`: a type of information and what to do with it, and what an unmonitored radio may do."""
    if not isinstance(given, dict):
        raise _wrong("rules", "is a table", "[rules]")
    wishes, radio = dict(given), given.get("unmonitored_radio", "show")
    wishes.pop("unmonitored_radio", None)
    try:
        kinds = {name: Wish(wish) for name, wish in wishes.items()}
        return Policy(wishes=kinds, unmonitored_radio=Wish(radio) is Wish.SOUND)
    except ValueError as error:
        raise _wrong("rules", str(error), '"sound", "show" or "log"') from None
    except BadAlert as error:
        raise BadSetting(error.what, where=error.where, fix=error.fix) from None


def _wrong(where: str, what: str, fix: str) -> BadSetting:
    return BadSetting(what, where=f"{OUR_NAME}, {where}", fix=fix)
