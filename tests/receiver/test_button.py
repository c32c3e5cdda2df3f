"""When a contact is a press: bounces, stuck buttons, cut lines, presses from before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.receiver.button import STUCK_S, Button, Stand

DEBOUNCE_S = 0.05


def presses(values: list[str | None], *, debounce_s: float = DEBOUNCE_S, step_s: float = 0.1) -> list[int]:
    """The steps at which a press was seen."""
    button = Button(pressed="1", debounce_s=debounce_s)
    return [n for n, value in enumerate(values) if button.feed(value, at_s=n * step_s)]


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        (["0", "1", "1", "1", "0"], [2]),  # once, however long it is held
        (["0", "1", "0", "1", "0"], []),  # bounces
        (["0", "1", "1", "0", "1", "1"], [2, 5]),
        (["1", "1", "1"], []),  # stuck since before we looked
        (["0", None, "1", "1"], []),  # a line that was cut: nobody saw it being pressed
        (["0", None, "0", "1", "1"], [4]),
        ([None, None], []),
        (["x", "1", "1"], [2]),  # whatever is not pressed is let go
    ],
)
def test_a_press_is_a_change_that_was_seen_and_lasted(values: list[str | None], seen: list[int]) -> None:
    assert presses(values) == seen


def test_what_has_settled_already_needs_no_time() -> None:
    assert presses(["0", "1", "0", "1"], debounce_s=0, step_s=0) == [1, 3]


def test_a_press_from_before_stops_nothing_that_began_after_it() -> None:
    button = Button(pressed="1", debounce_s=DEBOUNCE_S)
    button.feed("0", at_s=0)
    button.feed("1", at_s=5)
    button.begin()
    assert not button.feed("1", at_s=5.1)
    assert not button.feed("0", at_s=5.2)
    button.feed("1", at_s=5.3)
    assert button.feed("1", at_s=5.4)


def test_a_stuck_button_is_known() -> None:
    button = Button(pressed="0", debounce_s=DEBOUNCE_S)  # normally closed
    button.feed("1", at_s=0)
    assert button.stand is Stand.OPEN
    button.feed("0", at_s=1)
    assert button.stand is Stand.PRESSED
    assert not button.is_stuck(at_s=STUCK_S)
    assert button.is_stuck(at_s=STUCK_S + 2)


@given(st.lists(st.sampled_from(["0", "1", None]), max_size=60))
def test_there_is_never_a_press_without_a_let_go_seen_just_before(values: list[str | None]) -> None:
    for at in presses(values):
        held = at
        while held > 0 and values[held] == "1":
            held -= 1
        assert values[held] == "0"
        assert at - held >= 2
