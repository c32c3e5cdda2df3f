#!/usr/bin/env python3
"""Whatever the bytes are: the stream does not crash, what it gives is sound, and every frame comes back bit for bit.

    pip install atheris==3.0.0
    python fuzz/frame.py -runs=1000000

Half of the inputs are taken as a stream, half as the 208 bits of a message, so that the search reaches all tables.
"""

import sys

import atheris

with atheris.instrument_imports(include=["satwarn.frame"]):
    from satwarn.frame import Stream, crc, decode, encode, l1s
    from satwarn.frame.notation import from_json, to_json


def stream(data: bytes) -> None:
    """The same frames in one piece and byte by byte, each with a right checksum."""
    whole, pieces = Stream(), Stream()
    found = whole.feed(data) + whole.end()
    again = [frame for n in range(len(data)) for frame in pieces.feed(data[n : n + 1])] + pieces.end()
    assert found == again
    assert all(crc.remainder(frame) == 0 for frame in found)


def message(data: bytes) -> None:
    """A message made of these bits is read, written and told in JSON without losing one of them."""
    data = data.ljust(28, b"\0")
    body = int.from_bytes(data[1:27]) & (1 << 208) - 1
    kind = (43, 44, data[0] & 0x3F)[data[27] % 3]
    frame = l1s.wrap(kind << 208 | body, preamble=l1s.PREAMBLES[data[0] % 3], counter=data[27] >> 4)
    assert encode(decode(frame), preamble=frame[0], counter=l1s.counter(frame)) == frame
    assert from_json(to_json(frame)) == frame


def one_input(data: bytes) -> None:
    """What libFuzzer calls."""
    (stream if data[:1] < b"\x80" else message)(data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
