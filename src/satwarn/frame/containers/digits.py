"""Frames as lines of 63 (or 64) hexadecimal digits."""

from satwarn.frame import l1s
from satwarn.frame.containers import MORE, NOT_ONE, Container
from satwarn.frame.heard import Heard

SHORTEST = 56
"""Digits from which a line is taken for a damaged frame; shorter ones are other text."""
LONGEST = 80
_DIGITS = b"0123456789abcdefABCDEF"
_ENDS = b" \t\r\n"


def measure(head: bytes) -> int:
    """The length of the run of digits at the head, which white space has to end."""
    run = len(head[:LONGEST]) - len(head[:LONGEST].lstrip(_DIGITS))
    if run == len(head):
        return MORE if run < LONGEST else NOT_ONE
    return run if SHORTEST <= run < LONGEST and head[run] in _ENDS else NOT_ONE


def open_item(line: bytes) -> Heard:
    """The frame of a whole line; BadFrame if length or CRC are wrong."""
    return Heard(l1s.from_hexadecimal(line.decode("ascii")), container=HEX.name)


def write(frame: Heard) -> bytes:
    """The line with its end."""
    return l1s.hexadecimal(frame).encode() + b"\n"


HEX = Container(name="hex", title="lines of 63 hexadecimal digits", measure=measure, open_item=open_item, write=write)
