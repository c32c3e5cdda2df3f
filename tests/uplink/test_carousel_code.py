"""The theory of the code: the formula against lots drawn by numpy, the choice against its promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.uplink.carousel_code import (
    DESIGN_LOSS,
    OBJECT_MAY_FAIL,
    TABLE,
    TABLE_BYTES,
    Code,
    as_sent_bytes,
    completes,
    enough,
    protect,
)


@given(st.integers(1, 4 << 20))
def test_every_size_gets_a_code_that_keeps_its_promise_in_one_pass(size):
    code = protect(size)
    assert code.block + code.parity <= 255
    assert sum(code.blocks(size)) == -(-size // code.symbol_bytes)
    assert max(code.blocks(size)) - min(code.blocks(size)) <= 1
    assert 1 - code.completes(size, loss=DESIGN_LOSS) <= OBJECT_MAY_FAIL * 1.0001


@given(st.integers(1, 2 << 20), st.floats(0, 0.9))
def test_two_passes_are_better_than_one(size, loss):
    assert completes(size, loss=loss, passes=2) >= completes(size, loss=loss) - 1e-9


def test_without_loss_one_pass_is_enough_and_with_all_lost_none():
    assert completes(27_500, loss=0) == pytest.approx(1)
    assert completes(27_500, loss=1, passes=5) == pytest.approx(0)


@pytest.mark.parametrize(("needed", "sent", "loss"), [(54, 82, 0.2), (54, 82, 0.35), (3, 9, 0.5), (160, 229, 0.25)])
def test_the_formula_agrees_with_drawn_lots(needed, sent, loss):
    drawn = np.random.default_rng(1).random((20_000, sent)) >= loss
    measured = float((drawn.sum(axis=1) >= needed).mean())
    assert enough(needed, sent, arrives=1 - loss) == pytest.approx(measured, abs=0.012)


def test_the_table_is_kept_better_than_the_object():
    assert 1 - TABLE.completes(TABLE_BYTES, loss=DESIGN_LOSS) < OBJECT_MAY_FAIL / 2


def test_a_code_counts_what_it_sends():
    code = Code(symbol_bytes=100, block=10, parity=5)
    assert code.blocks(2_450) == (9, 8, 8)
    assert code.datagrams(2_450) == 25 + 15
    assert code.wire_bytes(2_450) == 40 * (100 + 32 + 28)


def test_what_is_added_stays_in_bounds_for_what_we_send():
    assert as_sent_bytes(27_500) < 2 * 27_500
    assert as_sent_bytes(2_000_000) < 1.6 * 2_000_000
