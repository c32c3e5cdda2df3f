"""UDP multicast, as a provider of satellite IP multicast takes it at one end and gives it back at the other."""

import ipaddress
import select
import socket
import struct

from satwarn.errors import DoesNotFit

LOOPBACK = "127.0.0.1"
MOST_BYTES = 1472  # an Ethernet frame without IP and UDP headers: never fragmented on the way
BUFFER_BYTES = 4 << 20


class UdpAir:
    """Sends to a group and joins it, on one interface. `ttl` 0 keeps it on this machine."""

    def __init__(self, group: str, port: int, *, interface: str = LOOPBACK, ttl: int = 0) -> None:
        if not ipaddress.ip_address(group).is_multicast:
            raise DoesNotFit(f"{group} is no multicast group", where="wide band", fix="239.0.0.1 to 239.255.255.255")
        self._group, self._port, self._interface = group, port, interface
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, struct.pack("b", ttl))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)

    def send(self, datagram: bytes) -> None:
        """Send one datagram to whoever has joined; DoesNotFit when it would be cut in two on the way."""
        if len(datagram) > MOST_BYTES:
            raise DoesNotFit(f"{len(datagram)} bytes, a datagram has at most {MOST_BYTES}", where="wide band")
        self._socket.sendto(datagram, (self._group, self._port))

    def join(self) -> "UdpEar":
        """Hear what is sent from now on."""
        return UdpEar(self._group, self._port, self._interface)

    def close(self) -> None:
        """Send no more."""
        self._socket.close()


class UdpEar:
    """One receiver's socket. `fileno` may be handed to the process that listens."""

    def __init__(self, group: str, port: int, interface: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._socket.bind((group, port))  # the group itself, so that nothing sent to the machine alone gets in
        membership = socket.inet_aton(group) + socket.inet_aton(interface)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self._socket.fileno()

    def take(self, timeout_s: float = 0.0) -> bytes | None:
        """The next datagram, None if none comes within the time."""
        ready, _, _ = select.select([self._socket], [], [], timeout_s)
        return self._socket.recv(65535) if ready else None

    def close(self) -> None:
        """Leave the group."""
        self._socket.close()
