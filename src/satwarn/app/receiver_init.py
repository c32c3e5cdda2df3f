"""Make a site.toml: the place becomes its codes, what is plugged in becomes its sources. Nothing is guessed."""

from pathlib import Path

from satwarn.app.receiver_replay import find_place
from satwarn.errors import BadSetting
from satwarn.receiver import jma

SERIAL = Path("/dev/serial/by-id")
OTHERS = ("ttyACM*", "ttyUSB*", "serial0")
TEMPLATE = """# {name}: a satwarn receiver. Every key: satwarn receiver check, and docs/reference/site-toml.md.
[site]
code = "{code}"                  # {where}
name = "{name}"
latitude = {latitude:.5f}        # put the building's own position here
longitude = {longitude:.5f}
languages = ["ja", "en"]
folder = "{folder}"

# Whom to believe: the sender as it stands in its alerts, and its certificate beside this file.
# [[trust]]
# sender = "warning@example.jp"
# certificate = "warning.pem"

{air}
# [ground]
# address = "wss://hub.example.jp:8443"
# certificate = "site.pem"
# key = "site.key"
# authority = "authority.pem"

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


def devices(serial: Path = SERIAL, dev: Path = Path("/dev")) -> tuple[str, ...]:
    """Serial devices that are plugged in, by the names that stay."""
    if serial.is_dir() and (found := sorted(map(str, serial.iterdir()))):
        return tuple(found)
    return tuple(str(one) for pattern in OTHERS for one in sorted(dev.glob(pattern)))


def site_toml(place: str, *, found: tuple[str, ...], folder: str) -> str:
    """The text of a site.toml for a place (a name or a code); BadArea where that is not clear."""
    one = find_place(place)
    code = one.code if len(one.code) == 5 else f"{one.code}000"
    regions = jma.regions_of(code)
    where = f"JMA: EEW {_words(regions.eew)}, coast {_words(regions.coasts)}, weather {_words(regions.weather)}"
    air = "\n".join(f'[[air]]\nkind = "tty"\naddress = "{device}"\nspeed = 115200\n' for device in found)
    name = one.names.get("en") or one.names["ja"]
    return TEMPLATE.format(
        code=code,
        name=name,
        where=where,
        latitude=one.latitude_deg,
        longitude=one.longitude_deg,
        folder=folder,
        air=air or '# [[air]]                        # no serial device was found\n# kind = "tty"\n# address = ""\n',
    )


def write(text: str, file: Path) -> None:
    """Write it where nothing is yet."""
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise BadSetting("is there already", where=str(file), fix="--out another file") from None


def _words(codes: frozenset[int]) -> str:
    return " ".join(map(str, sorted(codes))) or "none"
