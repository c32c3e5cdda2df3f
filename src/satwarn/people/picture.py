"""A picture that came with an alert: what it is by its own bytes, and whether a browser on a wall can bear it.

Nothing is decoded here. Only the size is read, so that no small file is shown that grows to gigabytes in the browser.
"""

import struct
from dataclasses import dataclass

from satwarn.errors import BadMessage

MOST_BYTES = 2 << 20
MOST_PIXELS = 16_000_000
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
FRAMES_OF_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers of JPEG without a length


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG or JPEG that may be shown."""

    mime_type: str
    width: int
    height: int


def picture_in(content: bytes) -> Picture:
    """The picture in these bytes, whatever a sender calls them; BadMessage for what is none or is too large."""
    if len(content) > MOST_BYTES:
        raise BadMessage(f"a picture of {len(content)} bytes, at most {MOST_BYTES}")
    try:
        found = _png(content) if content.startswith(PNG) else _jpeg(content)
    except struct.error:
        raise BadMessage("a picture that is cut off") from None
    if not 0 < found.width * found.height <= MOST_PIXELS:
        raise BadMessage(f"a picture of {found.width} x {found.height}, at most {MOST_PIXELS} pixels")
    return found


def _png(content: bytes) -> Picture:
    kind, width, height = struct.unpack_from(">4s2L", content, len(PNG) + 4)
    if kind != b"IHDR" or b"acTL" in content.partition(b"IDAT")[0]:
        raise BadMessage("a PNG that is broken, or that moves")
    return Picture(mime_type="image/png", width=width, height=height)


def _jpeg(content: bytes) -> Picture:
    if not content.startswith(JPEG):
        raise BadMessage("neither a PNG nor a JPEG")
    at = 2
    while True:
        start, marker = struct.unpack_from(">2B", content, at)
        if start != 0xFF:
            raise BadMessage("a JPEG that is broken")
        if marker in FRAMES_OF_JPEG:
            height, width = struct.unpack_from(">2H", content, at + 5)
            return Picture(mime_type="image/jpeg", width=width, height=height)
        if marker == 0xFF:
            at += 1
        elif marker in ALONE:
            at += 2
        else:
            at += 2 + max(2, struct.unpack_from(">H", content, at + 2)[0])
