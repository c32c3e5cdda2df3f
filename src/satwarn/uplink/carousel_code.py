"""How much to add to an object so that it survives loss: the theory of the code, and the choice made from it.

Reed-Solomon over 8 bits (RFC 5510): a block of k source symbols leaves as n <= 255; any k of the n rebuild it. With a
share q of datagrams lost independently, one pass completes a block with P(Binomial(n, 1 - q) >= k), an object with the
product over its blocks, and nothing without its file table. What one pass leaves open, the next pass adds to.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, comb

UDP_IP_BYTES = 28  # IPv4 and UDP headers, which the satellite carries too
OBJECT_HEADER_BYTES = 32  # LCT with 48-bit session id, FTI and payload id
TABLE_HEADER_BYTES = 52  # the same with the extensions of a file table
LONGEST_BLOCK = 160
SYMBOLS_BYTES = (64, 128, 192, 256, 384, 512, 768, 1024, 1400)
DESIGN_LOSS = 0.2
OBJECT_MAY_FAIL = 1e-3  # in one pass, at the design loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One object's code: bytes a symbol, the most source symbols in a block, and parity symbols for every block."""

    symbol_bytes: int
    block: int
    parity: int

    def blocks(self, size_bytes: int) -> tuple[int, ...]:
        """Source symbols in each block, nearly equal (RFC 5052, 9.1)."""
        symbols = max(1, ceil(size_bytes / self.symbol_bytes))
        count = ceil(symbols / self.block)
        return tuple(symbols // count + (number < symbols % count) for number in range(count))

    def datagrams(self, size_bytes: int) -> int:
        """How many datagrams one pass of the object takes."""
        return sum(source + self.parity for source in self.blocks(size_bytes))

    def wire_bytes(self, size_bytes: int, *, header_bytes: int = OBJECT_HEADER_BYTES) -> int:
        """Bytes of one pass as the satellite carries them."""
        return self.datagrams(size_bytes) * (self.symbol_bytes + header_bytes + UDP_IP_BYTES)

    def completes(self, size_bytes: int, *, loss: float, passes: int = 1) -> float:
        """The chance that so many whole passes of the object are enough, each datagram lost with chance `loss`."""
        chance = 1.0
        for source in self.blocks(size_bytes):
            chance *= enough(source, source + self.parity, arrives=1 - loss**passes)
        return chance


# A file table of one file takes 680 to 720 bytes in the profile we send.
TABLE_BYTES = 720
TABLE = Code(symbol_bytes=240, block=4, parity=6)


@lru_cache(maxsize=4096)
def enough(needed: int, sent: int, *, arrives: float) -> float:
    """The chance that at least `needed` of `sent` arrive."""
    return sum(comb(sent, got) * arrives**got * (1 - arrives) ** (sent - got) for got in range(needed, sent + 1))


@lru_cache(maxsize=256)
def protect(size_bytes: int) -> Code:
    """The code with the fewest bytes on the air that keeps OBJECT_MAY_FAIL at DESIGN_LOSS."""
    codes = (_code(size_bytes, symbol) for symbol in SYMBOLS_BYTES)
    return min((code for code in codes if code), key=lambda code: code.wire_bytes(size_bytes))


def _code(size_bytes: int, symbol_bytes: int) -> Code | None:
    symbols = max(1, ceil(size_bytes / symbol_bytes))
    count = ceil(symbols / LONGEST_BLOCK)
    if count > 4096:
        return None
    block = ceil(symbols / count)
    may_fail = OBJECT_MAY_FAIL / count
    parity = next(
        (
            extra
            for extra in range(256 - block)
            if 1 - enough(block, block + extra, arrives=1 - DESIGN_LOSS) <= may_fail
        ),
        None,
    )
    return None if parity is None else Code(symbol_bytes=symbol_bytes, block=block, parity=parity)


def as_sent_bytes(size_bytes: int) -> int:
    """One pass of an object as sent: code and file table included."""
    table = TABLE.wire_bytes(TABLE_BYTES, header_bytes=TABLE_HEADER_BYTES)
    return protect(size_bytes).wire_bytes(size_bytes) + table


def completes(size_bytes: int, *, loss: float, passes: int = 1) -> float:
    """The chance that so many whole passes bring the object, file table and all, to a receiver that hears them all."""
    code = protect(size_bytes)
    if passes == 1:
        return TABLE.completes(TABLE_BYTES, loss=loss) * code.completes(size_bytes, loss=loss)
    # A datagram before the table is of no use, so a table that comes only in the second pass wastes the first.
    table = TABLE.completes(TABLE_BYTES, loss=loss)
    later = TABLE.completes(TABLE_BYTES, loss=loss, passes=passes) - table
    return table * code.completes(size_bytes, loss=loss, passes=passes) + later * code.completes(
        size_bytes, loss=loss, passes=passes - 1
    )
