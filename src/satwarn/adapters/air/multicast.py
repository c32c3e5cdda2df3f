"""UDP multicast, as a provider of satellite IP multicast takes it at one end and gives it back at the other."""

import errno
import ipaddress
import select
import socket
import struct

from satwarn.errors import DoesNotFit

LOOPBACK = "127.0.0.1"
MOST_BYTES = 1472  # an Ethernet frame without IP and UDP headers: never fragmented on the way
BUFFER_BYTES = 4 << 20
EXAMPLE = "239.192.90.87:4011 (a group of 239.0.0.0/8 and a port)"


class UdpAir:
    """Sends to a group and joins it, on one interface (its name or its address). `ttl` 0 keeps it on this machine."""

    def __init__(self, group: str, port: int, *, interface: str = LOOPBACK, ttl: int = 0) -> None:
        self._group, self._port, self._interface = group, port, interface
        out = _on(group, interface)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, out)
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, struct.pack("B", ttl))
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        except OSError as error:
            self._socket.close()
            raise OSError(error.errno, f"{error.strerror}: interface {interface}") from None

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
    """One receiver's socket. `fileno` may be handed to the process that listens. OSError without such an interface."""

    def __init__(self, group: str, port: int, interface: str = LOOPBACK) -> None:
        membership = _on(group, interface)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
            self._socket.bind((group, port))  # the group itself, so that nothing sent to the machine alone gets in
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        except OSError as error:
            self._socket.close()
            raise OSError(error.errno, f"{error.strerror}: group {group}:{port}, interface {interface}") from None

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


def group_of(address: str) -> tuple[str, int]:
    """Group and port of `239.192.90.87:4011`; DoesNotFit where that is no IPv4 multicast group with a port."""
    group, _, port = address.rpartition(":")
    _check(group, address)
    if not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise DoesNotFit(f"{address!r} names no port", where="wide band", fix=EXAMPLE)
    return group, int(port)


def _on(group: str, interface: str) -> bytes:
    """An `ip_mreqn`: the group, and the interface by its address or by its name."""
    _check(group, group)
    try:
        address, index = ipaddress.IPv4Address(interface).packed, 0
    except ValueError:
        try:
            address, index = bytes(4), socket.if_nametoindex(interface)
        except OSError:
            raise OSError(errno.ENODEV, f"there is no network interface {interface}") from None
    return struct.pack("=4s4si", socket.inet_aton(group), address, index)


def _check(group: str, said: str) -> None:
    try:
        if ipaddress.IPv4Address(group).is_multicast:
            return
    except ValueError:
        pass
    raise DoesNotFit(f"{said!r} is no multicast group", where="wide band", fix=EXAMPLE)
