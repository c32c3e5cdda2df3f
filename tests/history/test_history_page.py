"""The page of failures says what the tests do, of all 36, and nothing more."""

import pytest
from tools.history import PAGE, Failure, failures, page

ALL = failures()


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tools/history.py"


def test_all_36_are_there() -> None:
    assert [one.number for one in ALL] == [*(f"F{n}" for n in range(1, 18)), *(f"X{n}" for n in range(1, 20))]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.number)
def test_each_is_rebuilt_by_a_test_of_its_own_and_told_with_its_source(one: Failure) -> None:
    assert one.tests, f"{one.number} has no test that bears its number"
    assert all(text.endswith(".") for text in (one.what, one.here, one.left) if text)
    assert one.where
    assert one.source
