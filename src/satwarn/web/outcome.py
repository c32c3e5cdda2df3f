"""What came of a warning, site by site: what somebody must look at first, who was silent as due last."""

from collections.abc import Mapping
from typing import Any

Receipt = Mapping[str, Any]
PROOFS = ("failed", "unproven", "proven")
STATES = ("failed", "unproven", "begun", "proven", "silent")


def state_of(receipt: Receipt | None) -> str:
    """What a site did, by its worst output; begun while none is told of, waiting while it has not answered."""
    if receipt is None:
        return "waiting"
    if receipt["act"] == "silent":
        return "silent"
    told = {one["proof"] for one in receipt["outputs"]}
    return next((proof for proof in PROOFS if proof in told), "begun")


def worst_first(receipts: Mapping[str, Receipt]) -> dict[str, list[tuple[str, Receipt]]]:
    """Sites with their receipts by what they did, in the order of `STATES`."""
    found: dict[str, list[tuple[str, Receipt]]] = {state: [] for state in STATES}
    for code, receipt in sorted(dict(receipts).items()):
        found[state_of(receipt)].append((code, receipt))
    return found
