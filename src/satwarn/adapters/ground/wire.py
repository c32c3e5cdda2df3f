"""What both ends of the ground path say over WebSocket, and how long they wait.

Binary messages, hub to site: eight bytes of number (big-endian), eight of the ledger's seal at that number, the signed
alert. Text messages are JSON objects:

    site  hello (its code), since, mark, protocol, version · receipt, run, number · beat (its state) · renew (PKCS#10)
    hub   welcome (version, remark) · refused (why) · got (number) · beat (now) · renewed (certificate, trust, until)
          supply (cap, files as text)

Neither side believes what is not signed, nor acts on what it does not know.
"""

import json
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from picows import WSFrame, WSMsgType

Now = Callable[[], datetime]
Chance = Callable[[], float]
Said = dict[str, Any]

BEAT_S = 15.0
DOWN_AFTER = timedelta(seconds=45)
"""Three beats missed: the line is taken for dead, on both sides; seen at the hub within 60 s."""
HELLO_WITHIN_S = 10.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
UNANSWERED = 32
"""Receipts a site sends before the hub has said that it has the first of them."""
LARGEST_SAID, LARGEST_CARRIED = 256 * 1024, 8 * 2**20
"""Bytes a site may say at once, and a hub may carry at once."""
PARCEL = struct.Struct(">Q8s")


def back_off_s(attempt: int, chance: float) -> float:
    """Seconds before the next attempt: doubling up to a minute, and spread, so that no storm meets a hub that rises."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt, 10)) * (0.5 + chance / 2)


def said_in(frame: WSFrame) -> Said | None:
    """A JSON object in a text message; None for anything else, which is noise."""
    if frame.msg_type is not WSMsgType.TEXT:
        return None
    try:
        said = json.loads(frame.get_payload_as_bytes())
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def spell(said: Said) -> bytes:
    """A text message."""
    return json.dumps(said, ensure_ascii=False).encode()
