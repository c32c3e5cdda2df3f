"""The forms in which receivers, archives and networks carry frames: each is read from a noisy stream, and written.

A container is a module with a name, the byte its items start with, and three functions: `measure` says how long the
item at the head of some bytes is, `open_item` takes the frame out, `write` puts one in.
"""

from collections.abc import Callable
from dataclasses import dataclass

from satwarn.frame.heard import Heard

NOT_ONE = 0
MORE = -1
"""What `measure` says when no item starts here, or when it takes more bytes to tell."""

FIRST_PRN, LAST_PRN = 183, 191
ID_BELOW_PRN = 128
"""A satellite's number in `$QZQSM` and datagrams is its PRN less 128."""
SVID_BELOW_PRN = 182
"""Its u-blox number is its PRN less 182."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One form. `measure` gives the length of the item at the head, `NOT_ONE`, or `MORE`.

    `open_item` gives the frame, or None for an item of this form that is none of ours (another signal); it raises
    BadFrame for a broken one. `write` gives the item; `head` what stands before the first one in a file.
    """

    name: str
    title: str
    measure: Callable[[bytes], int]
    open_item: Callable[[bytes], Heard | None]
    write: Callable[[Heard], bytes]
    head: Callable[[Heard], bytes] = lambda _: b""


def prn_of_id(number: int) -> int | None:
    """The PRN of a satellite given as in `$QZQSM`, or None (also for 0, which says that it is not known)."""
    return number + ID_BELOW_PRN if FIRST_PRN <= number + ID_BELOW_PRN <= LAST_PRN else None


def id_of(frame: Heard) -> int:
    """The satellite's number as in `$QZQSM`, 0 if it is not known."""
    return frame.satellite - ID_BELOW_PRN if frame.satellite else 0
