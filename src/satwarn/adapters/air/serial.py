"""A receiver on a serial port, through pyserial (extra `receiver`)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from satwarn.errors import Missing

if TYPE_CHECKING:
    from serial import Serial

BAUD = 115_200
WAIT_S = 1.0
AT_ONCE = 4096


def open_port(device: str, baud: int = BAUD) -> "Serial":
    """The port, raw; Missing if pyserial or the device is not there."""
    try:
        import serial
    except ModuleNotFoundError:
        raise Missing("serial ports need pyserial", fix="pip install 'satwarn[receiver]'") from None
    try:
        return serial.Serial(device, baud, timeout=WAIT_S)
    except (serial.SerialException, ValueError) as error:
        raise Missing(f"cannot open {device}: {error}", fix="see /dev/serial/by-id, and the group dialout") from None


def read(device: str, baud: int = BAUD) -> Iterator[bytes]:
    """What the receiver sends, as it comes, an empty piece when nothing came for a second; Missing when unplugged."""
    import serial

    with open_port(device, baud) as port:
        while True:
            try:
                yield port.read(max(1, min(port.in_waiting, AT_ONCE)))
            except (serial.SerialException, OSError) as error:
                raise Missing(f"{device} is gone: {error}", fix="plug it in again") from None
