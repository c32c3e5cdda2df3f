"""Make a site.toml: the place becomes its codes, what is plugged in becomes its sources. Nothing is guessed."""

import json
from dataclasses import replace
from math import isnan
from pathlib import Path

from satwarn.app.receiver_replay import ELSEWHERE, LANGUAGES, POINT, find_place, site_code
from satwarn.area.place import Place
from satwarn.area.spelled import country_of, is_known, normal, place_of, spell
from satwarn.errors import BadSetting
from satwarn.receiver import jma

SERIAL = Path("/dev/serial/by-id")
UNPLACED = """# latitude =                     # no table says where it lies: put the building's position here
# longitude ="""
EXAMPLE = "wss://hub.example.jp:8443"
PREFECTURE_DIGITS = 2
OTHERS = ("ttyACM*", "ttyUSB*", "serial0")
TEMPLATE = """# {name}: a satwarn receiver. Every key: satwarn receiver check, and docs/reference/site-toml.md.
[site]
code = "{code}"                  # {where}
name = "{name}"
{position}
languages = {languages}
folder = "{folder}"

# Whom to believe: the sender as it stands in its alerts, and its certificate beside this file.
{trust}
{air}
{ground}

# [multicast]                    # whole alerts by satellite, as its provider brings them
# address = "239.192.90.87:4011"
# interface = "eth1"

# [rules]                        # what differs from the default rule set; satwarn receiver check shows the table
# tornado-alert = "sound"

# [by_hand]                      # who may isolate it: satwarn receiver keys add NAME; two of them end a maintenance
# stop = "local"                 # a local stop wants no secret on this machine; "secret": it always wants one

[[output]]
name = "speaker"
kind = "speaker"

[[output]]
name = "screen"
kind = "screen"
"""
TRUST = """[[trust]]
sender = "{sender}"
certificate = "warning.pem"
"""
GROUND = """[ground]
address = "{address}"
certificate = "site.pem"
key = "site.key"
authority = "authority.pem"
"""
FILES = ("site.key", "site.pem", "authority.pem", "warning.pem")
"""What `receiver enrol` writes beside site.toml, as the tables above name it."""


def devices(serial: Path = SERIAL, dev: Path = Path("/dev")) -> tuple[str, ...]:
    """Serial devices that are plugged in, by the names that stay."""
    if serial.is_dir() and (found := sorted(map(str, serial.iterdir()))):
        return tuple(found)
    return tuple(str(one) for pattern in OTHERS for one in sorted(dev.glob(pattern)))


def site_toml(
    place: str, *, found: tuple[str, ...], folder: str, sender: str = "", address: str = "", position: str = ""
) -> str:
    """The text of a site.toml for a place (a name, a code or a point); BadArea where that is not clear.

    `position` ("48.14,11.58") says where in it the building stands.
    With a `sender` and the `address` of the hub's ground, the tables that name them, else an example as a comment.
    """
    known = is_known(place) and not POINT.fullmatch(place.strip())
    one = place_of(place) if known else find_place(place)
    code = normal(place) if known and len(place) > PREFECTURE_DIGITS else site_code(one)
    one = _moved(one, position)
    regions = jma.regions_of(code)
    jma_says = f"JMA: EEW {_words(regions.eew)}, coast {_words(regions.coasts)}, weather {_words(regions.weather)}"
    country = country_of(code)
    air = "\n".join(f'[[air]]\nkind = "tty"\naddress = "{device}"\nspeed = 115200\n' for device in found)
    return TEMPLATE.format(
        code=code,
        name=one.name("en", "de", "ja"),
        where=jma_says if country == "JP" else one.kind,
        position=_position(one),
        languages=json.dumps(LANGUAGES.get(country, ELSEWHERE)),
        folder=folder,
        trust=TRUST.format(sender=sender) if sender else _example(TRUST.format(sender="warning@example.jp")),
        ground=GROUND.format(address=address) if address else _example(GROUND.format(address=EXAMPLE)),
        air=air or '# [[air]]                        # no serial device was found\n# kind = "tty"\n# address = ""\n',
    )


def _moved(one: Place, position: str) -> Place:
    if not position:
        return one
    if not (point := POINT.fullmatch(position.strip())):
        raise BadSetting(f"no position: {position!r}", where="--position", fix='degrees: "48.14,11.58"')
    return replace(one, latitude_deg=float(point[1]), longitude_deg=float(point[2]))


def _position(one: Place) -> str:
    """Where it stands; the middle of a country is no place to stand, and a Kreis has none in any table."""
    if isnan(one.latitude_deg) or (one.kind == "country" and one == place_of(spell(one.scheme, one.code))):
        return UNPLACED
    return (
        f"latitude = {one.latitude_deg:.5f}        # put the building's own position here\n"
        f"longitude = {one.longitude_deg:.5f}"
    )


def _example(table: str) -> str:
    return "".join(f"# {line}\n" for line in table.splitlines())


def write(text: str, file: Path) -> None:
    """Write it where nothing is yet."""
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise BadSetting("is there already", where=str(file), fix="--out another file") from None


def _words(codes: frozenset[int]) -> str:
    return " ".join(map(str, sorted(codes))) or "none"
