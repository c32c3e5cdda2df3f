"""Datagrams as one message between our process and the extension's."""

import struct
from collections.abc import Iterable


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
