"""Pictures that come with an alert, by their own bytes: real ones are known, no noise is taken for one."""

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.errors import BadMessage
from satwarn.people.picture import MOST_BYTES, Picture, picture_in

# 16 x 12 pixels of red, as Chromium writes them.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh"
    "Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB"
    "UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA"
    "AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y"
    "WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM"
    "ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDAP//////////////////////////////////"
    "////////////////////////////////////////////////////2wBDAf//////////////////////////////////////////"
    "////////////////////////////////////////////wAARCAAMABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAH/"
    "xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIR"
    "AxEAPwCABT//2Q=="
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png(width: int, height: int, *, before: bytes = b"") -> bytes:
    rows = zlib.compress(b"".join(b"\0" + b"\xcc\x33\x33" * width for _ in range(height)))
    head = chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_real_pictures_are_known_by_their_bytes() -> None:
    assert picture_in(JPEG) == Picture(mime_type="image/jpeg", width=16, height=12)
    assert picture_in(png(30, 20)) == Picture(mime_type="image/png", width=30, height=20)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "neither"),
        (b"GIF89a" + bytes(40), "neither"),
        (JPEG[:40], "cut off"),
        (JPEG[:20] + b"x" + JPEG[21:], "broken"),
        (png(4, 4)[:18], "cut off"),
        (png(1, 1).replace(struct.pack(">2L", 1, 1), struct.pack(">2L", 60_000, 60_000)), "60000 x 60000"),
        (png(1, 1).replace(struct.pack(">2L", 1, 1), struct.pack(">2L", 0, 1)), "0 x 1"),
        (png(4, 4, before=chunk(b"acTL", bytes(8))), "moves"),
        (png(4, 4) + bytes(MOST_BYTES), "at most"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_browser_on_a_wall_should_not_get_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(BadMessage, match=why):
        picture_in(content)


@given(st.binary(max_size=80), st.sampled_from([b"", JPEG[:2], JPEG[:30], JPEG[:3], png(2, 2)[:12]]))
def test_noise_is_refused_or_a_picture_of_some_size_and_nothing_else(noise: bytes, head: bytes) -> None:
    try:
        found = picture_in(head + noise)
    except BadMessage:
        return
    assert found.width * found.height > 0
