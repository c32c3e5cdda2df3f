"""`$QZQSM,<id>,<63 digits>*<checksum>`: the sentence of Sony, Allystar, Murata and many converters."""

from satwarn.errors import BadFrame
from satwarn.frame import l1s
from satwarn.frame.containers import MORE, NOT_ONE, Container, id_of, prn_of_id
from satwarn.frame.heard import Heard

START = b"$QZQSM,"
LONGEST = 80
_DIGITS = b"0123456789abcdefABCDEF"
_INSIDE = _DIGITS + b",*"


def checksum(body: bytes) -> int:
    """The XOR of all characters between `$` and `*`, folded in one integer."""
    folded = int.from_bytes(body)
    for bits in (512, 256, 128, 64, 32, 16, 8):
        folded ^= folded >> bits
    return folded & 0xFF


def measure(head: bytes) -> int:
    """The length of the sentence at the head, without its line end."""
    if not head.startswith(START):
        return MORE if START.startswith(head) else NOT_ONE
    star = head.find(b"*", 0, LONGEST)
    if star < 0:
        inside = head[len(START) : LONGEST]
        return MORE if len(head) < LONGEST and not inside.translate(None, _INSIDE) else NOT_ONE
    if head[len(START) : star].translate(None, _INSIDE):
        return NOT_ONE
    return star + 3 if len(head) >= star + 3 else MORE


def open_item(sentence: bytes) -> Heard:
    """The frame of a whole sentence; BadFrame if checksum, length, digits or CRC are wrong."""
    body, _, written = sentence[1:].partition(b"*")
    sum_of_body = checksum(body)
    if written.translate(None, _DIGITS) or int(written, 16) != sum_of_body:
        raise BadFrame(f"checksum {written.decode('ascii', 'replace')}, not {sum_of_body:02X}", where="$QZQSM")
    _, number, *digits = body.split(b",")
    if len(digits) != 1 or not number.isdigit():
        raise BadFrame("a sentence has a satellite and digits", where="$QZQSM")
    frame = l1s.from_hexadecimal(digits[0].decode("ascii"))
    return Heard(frame, container=NMEA.name, satellite=prn_of_id(int(number)))


def write(frame: Heard) -> bytes:
    """The sentence with its line end."""
    body = f"QZQSM,{id_of(frame):02},{l1s.hexadecimal(frame)}".encode()
    return b"$%s*%02X\r\n" % (body, checksum(body))


NMEA = Container(name="nmea", title="$QZQSM sentences", measure=measure, open_item=open_item, write=write)
