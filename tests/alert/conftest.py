"""An alert and a signer that all tests of this room share."""

import pytest

from alert_making import Signer, make_alert, make_signer
from satwarn.alert.alert import Alert


@pytest.fixture(scope="session")
def signer() -> Signer:
    return make_signer()


@pytest.fixture
def alert() -> Alert:
    return make_alert()
