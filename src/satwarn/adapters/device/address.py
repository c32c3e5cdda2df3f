"""Where a device is: host:port, or a host alone for the port its kind usually has."""


def host_and_port(address: str, usual: int) -> tuple[str, int]:
    """The host and the port of an address; `usual` where it names none."""
    host, _, port = address.partition(":")
    return host, int(port or usual)
