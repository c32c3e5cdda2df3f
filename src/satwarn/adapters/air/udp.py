"""Frames from the network: datagrams, one to one or to a multicast group."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address

from satwarn.errors import Missing

LARGEST = 1 << 16
WAIT_S = 1.0


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that hears this address; a multicast group is joined. Missing if the address cannot be had."""
    heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        heard.bind((host, port))
        if ip_address(host).is_multicast:
            joined = socket.inet_aton(host) + bytes(4)  # on the interface that the routes name
            heard.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        heard.settimeout(WAIT_S)
    except (OSError, ValueError) as error:
        heard.close()
        raise Missing(f"cannot hear udp:{host}:{port}: {error}") from None
    return heard


def read(host: str, port: int) -> Iterator[bytes]:
    """The content of each datagram; an empty piece when nothing came for a second."""
    with open_socket(host, port) as heard:
        while True:
            try:
                yield heard.recv(LARGEST)
            except TimeoutError:
                yield b""
