"""Addresses become sources of bytes: a serial port, the network, a file."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from satwarn.adapters.clock import now
from satwarn.errors import Missing

__all__ = ["SOURCES", "listen", "now"]


def _serial(rest: str) -> Iterator[bytes]:
    from satwarn.adapters.air.source import BAUD, SPEEDS, read_tty

    device, _, baud = rest.partition("@")
    if baud and (not baud.isdigit() or int(baud) not in SPEEDS):
        raise Missing(f"{baud!r} is no speed", where=rest, fix=f"{device}@{BAUD}")
    return read_tty(device, int(baud) if baud else BAUD)


def _udp(rest: str) -> Iterator[bytes]:
    from satwarn.adapters.air import udp

    host, _, port = rest.removeprefix("//").rpartition(":")
    if not port.isdigit():
        raise Missing(f"{rest!r} names no port", fix="udp:239.0.0.55:5005")
    return udp.read(host or "0.0.0.0", int(port))  # noqa: S104 - the user asked to hear the network


def _file(rest: str) -> Iterator[bytes]:
    from satwarn.adapters.air import file

    return file.read(Path(rest), follow=True)


SOURCES: dict[str, Callable[[str], Iterator[bytes]]] = {"serial": _serial, "udp": _udp, "file": _file}


def listen(address: str) -> Iterator[bytes]:
    """What comes from `serial:DEVICE[@BAUD]`, `udp:HOST:PORT`, `file:PATH`, or a bare path of a port or file.

    It never ends. An empty piece says that nothing came for a while. Missing if the source is not there.
    """
    kind, colon, rest = address.partition(":")
    if colon and kind in SOURCES:
        return SOURCES[kind](rest)
    path = Path(address.partition("@")[0])
    if path.exists() and stat.S_ISCHR(path.stat().st_mode):
        return _serial(address)
    return _file(address)
