"""Frames from a serial port, the network and a file that grows."""

import os
import pty
import socket
import threading

import pytest

from satwarn.adapters.air import file, udp
from satwarn.app.listening import listen
from satwarn.errors import Missing
from satwarn.frame import CONTAINERS, Heard, Stream, l1s

FRAME = Heard(l1s.from_hexadecimal("53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"), satellite=186)


def first_frame(pieces):
    """The first frame that the pieces complete."""
    stream = Stream()
    for piece in pieces:
        if found := stream.feed(piece):
            return found[0]
    return None


@pytest.mark.parametrize("container", ["nmea", "ubx"])
def test_a_serial_port_gives_every_byte_as_it_is(container):
    master, slave = pty.openpty()
    pieces = listen(f"serial:{os.ttyname(slave)}@38400")
    writer = threading.Timer(0.1, os.write, (master, b"\r\n\x00" + CONTAINERS[container].write(FRAME)))
    writer.start()
    assert first_frame(pieces) == FRAME
    writer.join()
    pieces.close()
    os.close(slave)
    os.close(master)


def test_a_port_that_is_not_there():
    with pytest.raises(Missing, match="cannot open /dev/no-such-port"):
        next(listen("serial:/dev/no-such-port"))
    with pytest.raises(Missing, match="is no serial port"):
        next(listen("serial:/dev/null"))
    with pytest.raises(Missing, match="is no speed"):
        listen("serial:/dev/ttyACM0@fast")
    with pytest.raises(Missing, match="is no speed"):
        listen("serial:/dev/ttyACM0@12345")


def test_a_port_that_is_silent_and_then_unplugged(monkeypatch):
    monkeypatch.setattr("satwarn.adapters.air.source.WAIT_S", 0.01)
    master, slave = pty.openpty()
    pieces = listen(f"serial:{os.ttyname(slave)}")
    assert next(pieces) == b""
    os.close(slave)
    os.close(master)
    with pytest.raises(Missing, match="is gone"):
        next(pieces)


def test_datagrams_from_the_network():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with udp.open_socket("127.0.0.1", port) as hearing, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.sendto(CONTAINERS["datagram"].write(FRAME), ("127.0.0.1", port))
        heard = first_frame([hearing.recv(udp.LARGEST)])
    assert (heard, heard.satellite) == (FRAME, 186)


def test_addresses_that_cannot_be_heard():
    with pytest.raises(Missing, match=r"cannot hear udp:192\.0\.2\.1"):
        udp.open_socket("192.0.2.1", 5000)
    with pytest.raises(Missing, match="names no port"):
        listen("udp:239.0.0.55")


def test_a_file_that_grows(tmp_path):
    path = tmp_path / "log"
    sentence = CONTAINERS["nmea"].write(FRAME)
    path.write_bytes(sentence[:30])
    pieces = file.read(path, follow=True)
    assert next(pieces) == sentence[:30]
    with path.open("ab") as log:
        log.write(sentence[30:])
    assert next(pieces) == sentence[30:]
    assert next(pieces) == b""
    pieces.close()
    assert list(file.read(path)) == [sentence]
    with pytest.raises(Missing, match="cannot read"):
        list(file.read(tmp_path / "none"))
