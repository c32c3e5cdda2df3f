"""Where a ledger ends."""

from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry's position (0 when the ledger is empty) and seal; who keeps it can prove what came before."""

    position: int = 0
    seal: str = GENESIS
