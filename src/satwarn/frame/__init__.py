"""What the satellite carries: 250 bits, coded.

`decode` turns a frame into a report, `encode` a report into a frame; both stand on one table a message. `Stream` finds
the frames in whatever a receiver, an archive or a network gives.

>>> from satwarn.frame import decode, l1s
>>> frame = l1s.from_hexadecimal("53B0000DE2E216F920880000000000000000001FF00000000000001001758C8")
>>> report = decode(frame)
>>> report.kind, report.hazard, report.prefectures
('j_alert', 113, (31, 32, 33, 34, 35, 36, 37, 38, 39))
"""

from satwarn.errors import BadFrame, DoesNotFit
from satwarn.frame import l1s
from satwarn.frame.codec import decode, encode, fields
from satwarn.frame.heard import Heard
from satwarn.frame.l1s import payload_of
from satwarn.frame.report import Other, Report
from satwarn.frame.stream import CONTAINERS, Fault, Stream

__all__ = [
    "CONTAINERS",
    "BadFrame",
    "DoesNotFit",
    "Fault",
    "Heard",
    "Other",
    "Report",
    "Stream",
    "decode",
    "encode",
    "fields",
    "l1s",
    "payload_of",
]
