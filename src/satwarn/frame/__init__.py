"""What the satellite carries: 250 bits, coded.

`decode` turns a frame into a report, `encode` a report into a frame; both stand on one table a message.
"""

from satwarn.frame.codec import decode, encode
from satwarn.frame.l1s import payload_of
from satwarn.frame.report import Other, Report

__all__ = ["Other", "Report", "decode", "encode", "payload_of"]
