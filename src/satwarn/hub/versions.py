"""The version rule between a hub and its receivers (docs/reference/versions.md).

Two numbers are told when a line is opened: the version of the software, of which only remarks are made, because an old
receiver that sounds is better than none; and the protocol of the ground, in which two that do not share one cannot be
sure to understand each other: such a line is refused, aloud, on both sides.
"""

from dataclasses import dataclass

PROTOCOL = 1
"""What is spoken on the ground path now; a receiver says it in its hello."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is to be said of a receiver's versions: `refused` ends its line, `remark` does not ("" = nothing)."""

    refused: str = ""
    remark: str = ""


def spoken(protocol: int = PROTOCOL) -> range:
    """The protocols a hub of that protocol speaks: its own and the one before."""
    return range(max(1, protocol - 1), protocol + 1)


def judge(*, hub: str, site: str, site_protocol: object, hub_protocol: int = PROTOCOL) -> Judgement:
    """What a hub says to a receiver that tells its version and protocol, whatever these may be."""
    known = spoken(hub_protocol)
    if isinstance(site_protocol, int) and site_protocol in known:
        return Judgement(remark=version_remark(hub, site))
    speaks = " and ".join(map(str, known))
    older = not isinstance(site_protocol, int) or site_protocol < known[0]
    which = "the receiver" if older else "the hub"
    said = f"{site_protocol!r}"[:20]
    return Judgement(
        refused=f"the receiver (satwarn {site[:20]}) speaks ground protocol {said}, this hub (satwarn {hub}) {speaks}: "
        f"upgrade {which}"
    )


def version_remark(hub: str, site: str) -> str:
    """What is to be said of a site's version beside the hub's; "" when they belong together."""
    ours, theirs = _main(hub), _main(site)
    if theirs is None:
        return "says no version that can be read: look at it"
    if ours is None or theirs in (ours, ours - 1):
        return ""
    return "is too old: upgrade the receiver" if theirs < ours else "is newer than the hub: upgrade the hub"


def _main(version: str) -> int | None:
    head = version.partition(".")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 6 else None
