"""A layout is one table, used both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.errors import DoesNotFit
from satwarn.frame.field import Field, offsets, pack, unpack, width

LAYOUT = (Field("A1", 2, "message type"), Field("A2", 9, "country"), Field("A5", 2, "severity", "CAMF A5"))


@given(st.integers(0, (1 << 13) - 1))
def test_unpack_mirrors_pack(word):
    assert pack(LAYOUT, unpack(LAYOUT, word)) == word


def test_the_first_field_is_the_most_significant():
    assert pack(LAYOUT, {"A1": 1, "A2": 111, "A5": 3}) == 0b01_001101111_11
    assert width(LAYOUT) == 13
    assert offsets(LAYOUT, 24) == {"A1": 24, "A2": 26, "A5": 35}


@pytest.mark.parametrize("value", [4, -1, None, "1", 1.0])
def test_what_does_not_fit_is_named_with_its_range_and_clause(value):
    with pytest.raises(DoesNotFit, match=r"A5 severity \[CAMF A5\]: .* does not fit 2 bits \(0..3\)"):
        pack(LAYOUT, {"A1": 0, "A2": 0, "A5": value})


def test_a_missing_value_is_named():
    with pytest.raises(DoesNotFit, match="A2 country"):
        pack(LAYOUT, {"A1": 0, "A5": 0})
