"""What an LCT/ALC datagram says of itself (RFC 5651, 5775, 6726, 5510), read before any of it reaches the extension.

Every object of ours is a FLUTE session of its own: the upper 16 of 48 bits name our service, the lower 32 are the first
of the object's SHA-256. So two senders of one content make one session, parts add up over passes, restarts and
fail-over, and an object that is not what its session names is known at once.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import Final, NamedTuple

from satwarn.errors import BadMessage
from satwarn.uplink.carousel_code import Code

SERVICE = 0x5A57  # ours, unless a network is told another
REED_SOLOMON = 5  # FEC Encoding ID (RFC 5510): the only code we send
TABLE_TOI, OBJECT_TOI = 0, 1
TABLE_MOST_BYTES = 4096
_FTI, _FDT, _CENC = 64, 192, 193
_CLOSE = 0b11  # flags A (session) and B (object)
_FIXED_EXTENSIONS: Final = 128  # a type from here on is one word long (RFC 5651, 5.2)
_FTI_LAYOUT = Struct(">BBHLHBB")  # type, words, length (48 bits in two), symbol bytes, block, most symbols


class Coding(NamedTuple):
    """What a datagram says of its object: its length, and how it was cut."""

    length_bytes: int
    symbol_bytes: int
    block: int
    symbols: int

    @property
    def needed(self) -> tuple[int, ...]:
        """How many symbols each block needs."""
        return _needed(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """One datagram: session, object, code and place in it."""

    tsi: int
    toi: int
    coding: Coding
    sbn: int
    esi: int


def session_of(service: int, content: bytes) -> int:
    """The session (48 bits) in which a service sends this content."""
    return service << 32 | int.from_bytes(hashlib.sha256(content).digest()[:4], "big")


def service_of(tsi: int) -> int:
    """The service a session belongs to."""
    return tsi >> 32


def location_of(tsi: int) -> str:
    """The file name of a session's object while it grows; nothing but the session decides it."""
    return f"{tsi & 0xFFFFFFFF:08x}"


def unclosed(datagram: bytes) -> bytes:
    """The datagram without the flags that close a session or an object: on a carousel the last is never the last.

    The extension sets one on an object's last datagram and forgets what it has of the object when it hears it, so that
    parts of two passes would not add up, and one datagram out of order, or forged, would cost the whole object.
    """
    flags = datagram[1]
    return datagram if not flags & _CLOSE else datagram[:1] + bytes((flags & ~_CLOSE,)) + datagram[2:]


def read_header(datagram: bytes) -> Header:
    """Read a datagram of the kind we send; BadMessage says why it is not one."""
    if len(datagram) < 20:
        raise _bad("is shorter than any header")
    flags = int.from_bytes(datagram[:2], "big")
    if flags >> 12 != 1:
        raise _bad(f"LCT version {flags >> 12}")
    half, toi_words, tsi_word = flags >> 4 & 1, flags >> 5 & 3, flags >> 7 & 1
    congestion, tsi_bytes, toi_bytes = 4 * ((flags >> 10 & 3) + 1), 4 * tsi_word + 2 * half, 4 * toi_words + 2 * half
    end = 4 * datagram[2]
    tsi_at = 4 + congestion
    toi_at = tsi_at + tsi_bytes
    extensions_at = toi_at + toi_bytes
    if not extensions_at <= end <= len(datagram) - 4:
        raise _bad("its header is longer than itself")
    if datagram[3] != REED_SOLOMON:
        raise _bad(f"FEC Encoding ID {datagram[3]}, we send {REED_SOLOMON}")
    toi = int.from_bytes(datagram[toi_at:extensions_at], "big")
    coding = _coding(datagram[extensions_at:end], is_table=toi == TABLE_TOI)
    if len(datagram) - end - 4 != coding.symbol_bytes:
        raise _bad(f"carries {len(datagram) - end - 4} bytes of a symbol of {coding.symbol_bytes}")
    place = int.from_bytes(datagram[end : end + 4], "big")
    return Header(
        tsi=int.from_bytes(datagram[tsi_at:toi_at], "big"),
        toi=toi,
        coding=coding,
        sbn=place >> 8,
        esi=place & 0xFF,
    )


def _coding(extensions: bytes, *, is_table: bool) -> Coding:
    found: Coding | None = None
    table = False
    while extensions:
        kind = extensions[0]
        size = 4 if kind >= _FIXED_EXTENSIONS else 4 * (extensions[1] if len(extensions) > 1 else 0)
        if not 4 <= size <= len(extensions):
            raise _bad("an extension is longer than its header")
        if kind == _FTI and size == _FTI_LAYOUT.size:
            _, _, high, low, symbol, block, symbols = _FTI_LAYOUT.unpack(extensions[:size])
            found = Coding(high << 32 | low, symbol, block, symbols)
        table |= kind == _FDT
        if kind == _CENC and extensions[1]:
            raise _bad("is compressed, which we never send: a small one could grow without end")
        extensions = extensions[size:]
    if found is None:
        raise _bad("does not say how it is coded")
    if table != is_table:
        raise _bad("takes an object for a file table, or the reverse")
    return found


def refusal(header: Header, *, service: int, most_bytes: int) -> str:
    """Why a well-made datagram is not let in; "" when it is."""
    if service_of(header.tsi) != service:
        return "alien"
    if header.toi not in (TABLE_TOI, OBJECT_TOI):
        return "odd"
    coding = header.coding
    if coding.length_bytes > (TABLE_MOST_BYTES if header.toi == TABLE_TOI else most_bytes):
        return "too big"
    if not (0 < coding.block <= coding.symbols and coding.symbol_bytes and coding.length_bytes):
        return "odd"
    return "" if header.sbn < len(coding.needed) and header.esi < coding.symbols else "odd"


@lru_cache(maxsize=256)
def _needed(coding: Coding) -> tuple[int, ...]:
    code = Code(symbol_bytes=coding.symbol_bytes, block=coding.block, parity=coding.symbols - coding.block)
    return code.blocks(coding.length_bytes)


def _bad(what: str) -> BadMessage:
    return BadMessage(what, where="datagram")
