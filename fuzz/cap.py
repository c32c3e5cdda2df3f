"""Throws damaged alerts at everything that reads them. One invariant: read, or refused with a SatwarnError, soon.

Run: python fuzz/cap.py [seconds] [seed]. Prints the first input that breaks it, as hexadecimal, and stops with 1.
"""

import random
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from satwarn.alert import cap, seal
from satwarn.alert.check import check
from satwarn.alert.profiles import PROFILES
from satwarn.errors import SatwarnError
from satwarn.frame.compose import compose

CORPUS = Path(__file__).parents[2] / "shared" / "vectors" / "cap"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SEED = b"""<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>i</identifier>
<sender>s</sender><sent>2026-11-21T00:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info>
<category>Met</category><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>
<certainty>Likely</certainty><area><areaDesc>a</areaDesc><polygon>1,2 3,4 5,6 1,2</polygon><circle>1,2 3</circle>
<geocode><valueName>JISX0401</valueName><value>31</value></geocode></area></info></alert>"""
PIECES = (
    b"<", b">", b"&", b"&amp;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?x?>", b"\x00", b"\xff\xfe", b"-00:00",
    b"Z", b",", b"1e999", b"nan", b"-180,-180", b"9" * 400, b"<info/>", b"<area/>", b"</info>", b"xmlns='urn:x'",
    b"<!DOCTYPE a>", b"=",
)  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The same with a few things cut, doubled, swapped or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.randrange(len(changed) + 1) for _ in range(2))
        to = min(to, at + 200)
        match chance.randrange(5):
            case 0:
                del changed[at:to]
            case 1:
                changed[at:at] = changed[at:to]
            case 2:
                changed[at:at] = chance.choice(PIECES)
            case 3 if changed:
                changed[at % len(changed)] = chance.randrange(256)
            case _:
                changed[at:to] = changed[at:to][::-1]
    return bytes(changed)


def read_all(data: bytes) -> None:
    """Everything that reads alerts, one after another."""
    for received in check(data, profile=PROFILES["google"], now=NOW).received:
        if received.value is not None:
            cap.read(cap.write(received.value))
            with suppress(SatwarnError):
                compose(received.value, at=NOW)
    seal.verify(data, seal.Trust(), at=NOW)


def main(seconds: float, seed: int) -> int:
    """Go on until the time is up or something breaks."""
    chance = random.Random(seed)
    files = sorted(CORPUS.glob("*/*")) if CORPUS.is_dir() else []
    seeds = [SEED, *(file.read_bytes() for file in files if file.stat().st_size < 20_000)]
    count, end = 0, time.process_time() + seconds
    while time.process_time() < end:
        data = damaged(chance.choice(seeds), chance)
        start = time.process_time()
        try:
            read_all(data)
        except SatwarnError:
            pass
        except Exception as broken:  # noqa: BLE001 - the invariant itself
            print(f"{broken!r}\n{data.hex()}")
            return 1
        if time.process_time() - start > 2:
            print(f"slow\n{data.hex()}")
            return 1
        count += 1
    print(f"{count} damaged alerts from {len(seeds)} seeds, all read or refused")
    return 0


if __name__ == "__main__":
    numbers = [*sys.argv[1:], *("60", "1")[len(sys.argv) - 1 :]]
    sys.exit(main(float(numbers[0]), int(numbers[1])))
