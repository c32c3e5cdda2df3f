"""What sites did with a warning, in the order in which somebody must look at it."""

from typing import Any

import pytest

from satwarn.web.outcome import STATES, state_of, worst_first


def receipt(act: str, *proofs: str) -> dict[str, Any]:
    return {"act": act, "outputs": [{"output": "speaker", "proof": proof} for proof in proofs]}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (None, "waiting"),
        (receipt("silent"), "silent"),
        (receipt("sounded"), "begun"),  # it warns, and no output has told of itself yet: not silent
        (receipt("shown"), "begun"),
        (receipt("sounded", "proven", "unproven", "failed"), "failed"),
        (receipt("sounded", "proven", "unproven"), "unproven"),
        (receipt("shown", "proven"), "proven"),
    ],
)
def test_the_worst_output_says_it(found: dict[str, Any] | None, state: str) -> None:
    assert state_of(found) == state


def test_what_must_be_looked_at_comes_first() -> None:
    answered = {
        "31201": receipt("silent"),
        "31202": receipt("sounded", "proven"),
        "31203": receipt("sounded", "failed"),
        "31204": receipt("sounded"),
    }
    rows = worst_first(answered)
    assert tuple(rows) == STATES
    assert [code for found in rows.values() for code, _ in found] == ["31203", "31204", "31202", "31201"]
