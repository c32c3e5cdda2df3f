"""Datagrams as one message between our process and the extension's, and what it is told to cut."""

import struct
from collections.abc import Iterable
from typing import Any

from satwarn.adapters.air.lct import location_of, session_of
from satwarn.adapters.air.limits import Limits
from satwarn.errors import DoesNotFit
from satwarn.uplink.carousel_code import TABLE, protect

INSTANCES = 1 << 20


def pack(datagrams: Iterable[bytes]) -> bytes:
    """Each datagram with its length before it."""
    return b"".join(struct.pack(">H", len(datagram)) + datagram for datagram in datagrams)


def unpack(message: bytes) -> tuple[bytes, ...]:
    """What `pack` packed."""
    datagrams, at = [], 0
    while at < len(message):
        (size,) = struct.unpack_from(">H", message, at)
        datagrams.append(message[at + 2 : at + 2 + size])
        at += 2 + size
    return tuple(datagrams)


def cut_order(content: bytes, *, mime_type: str, service: int, instance: int, limits: Limits) -> dict[str, Any]:
    """How an object is to be cut, as JSON values; DoesNotFit when no receiver would take it."""
    if not 0 < len(content) <= limits.object_bytes:
        raise DoesNotFit(
            f"{len(content)} bytes, receivers take 1 to {limits.object_bytes}",
            where="wide band object",
            fix="send a smaller file, or send it in parts",
        )
    tsi, code = session_of(service, content), protect(len(content))
    return {
        "tsi": tsi,
        "location": location_of(tsi),
        "type": mime_type,
        "instance": instance % INSTANCES,
        "code": (code.symbol_bytes, code.block, code.parity),
        "table": (TABLE.symbol_bytes, TABLE.block, TABLE.parity),
    }
