"""Wrong tries of a key make everybody wait, and neither a new file nor another name makes that shorter."""

import pytest

from satwarn.errors import NotAllowed
from satwarn.receiver.holders import FREE_TRIES, Holders, holder

SALT = bytes(16)
FITTER = holder("fitter", "RIGHT", salt=SALT)


def tried(holders: Holders, *, times: int, at_s: float = 0.0) -> Holders:
    for number in range(times):
        with pytest.raises(NotAllowed, match="not the secret"):
            holders.check(f"name {number}", "wrong", at_s=at_s)
    return holders


def test_after_some_wrong_tries_even_the_right_one_waits_and_then_counts() -> None:
    holders = tried(Holders([FITTER]), times=FREE_TRIES)
    with pytest.raises(NotAllowed, match="too many wrong tries"):
        holders.check("fitter", "right", at_s=0.5)
    assert holders.check("fitter", "ri-ght", at_s=1.0) == "fitter"
    assert holders.wrong == 0


def test_a_new_file_of_holders_makes_no_waiting_shorter() -> None:
    again = Holders([FITTER]).after(tried(Holders([FITTER]), times=FREE_TRIES))
    assert again.wrong == FREE_TRIES
    with pytest.raises(NotAllowed, match="too many wrong tries"):
        again.check("fitter", "right", at_s=0.5)
