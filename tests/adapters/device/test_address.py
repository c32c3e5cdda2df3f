"""An address without a port means the usual one; a broker's name is no number."""

import pytest

from satwarn.adapters.device.address import host_and_port
from satwarn.adapters.device.modbus import connected


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("broker.local", ("broker.local", 1883)),
        ("broker.local:8883", ("broker.local", 8883)),
        ("10.0.0.7", ("10.0.0.7", 1883)),
    ],
)
def test_a_host_alone_has_the_usual_port(address: str, found: tuple[str, int]) -> None:
    assert host_and_port(address, 1883) == found


def test_a_device_by_its_host_alone_is_looked_for_and_not_stumbled_over() -> None:
    with pytest.raises(OSError, match=r"127\.0\.0\.1"), connected("127.0.0.1"):
        pass
