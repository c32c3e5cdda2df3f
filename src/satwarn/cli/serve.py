"""`satwarn serve`: the hub, its console, its public pages, its sandbox."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    port: Annotated[int, typer.Option(help="Port to answer on.", min=1, max=65535)] = 8080,
    data: Annotated[Path, typer.Option(help="Folder for ledgers and keys; made if it is not there.")] = Path(
        "satwarn-data"
    ),
    with_sites: Annotated[str, typer.Option(help="Simulated sites: japan, germany, or how many.")] = "",
    host: Annotated[str, typer.Option(help="Address to answer on.")] = "127.0.0.1",
    name: Annotated[list[str] | None, typer.Option(help="Host name beside localhost; may be repeated.")] = None,
    sender: Annotated[str, typer.Option(help="As whom this authority speaks (CAP sender).")] = "hub@satwarn.example",
    zone: Annotated[str, typer.Option(help="Time zone of the authority.")] = "Asia/Tokyo",
    ground_port: Annotated[
        int | None, typer.Option(help="Port for receivers; 0: none.", min=0, max=65535, show_default="PORT + 363")
    ] = None,
    ground_host: Annotated[str, typer.Option(help="Address for receivers.", show_default="that of --host")] = "",
    multicast: Annotated[
        str, typer.Option(metavar="GROUP:PORT", help="Send by the wide band, as in 239.192.90.87:4011.")
    ] = "",
    bandwidth: Annotated[str, typer.Option(help="Of the wide band, 64k to 10M bit/s.")] = "256k",
    interface: Annotated[str, typer.Option(help="Network interface of the wide band: name or address.")] = "127.0.0.1",
    ttl: Annotated[int, typer.Option(help="How many networks the wide band crosses; 0: this machine alone.")] = 0,
    demo: Annotated[bool, typer.Option("--demo", help="Fill the sandbox with people and templates to try.")] = False,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="TOML file: mail server, third parties, single sign-on.")
    ] = None,
) -> None:
    """Serve the hub: public pages, console, API, ledger, simulated sky. Stop it with Ctrl-C.

    Examples:

      satwarn serve --port 8080 --data satwarn-data

      satwarn serve --with-sites japan

      satwarn serve --name warn.example.jp --ground-host 0.0.0.0 --ground-port 8443

      satwarn serve --settings hub.toml

      satwarn serve --multicast 239.192.90.87:4011 --bandwidth 256k --interface eth1 --ttl 1
    """
    from satwarn.app.house import ServeSettings
    from satwarn.app.hub_band import band_settings
    from satwarn.app.hub_settings import HubSettings, read
    from satwarn.errors import Missing

    settings = ServeSettings(
        port=port,
        data=data,
        host=host,
        with_sites=with_sites,
        sender=sender,
        zone=zone,
        names=tuple(name or ()),
        demo=demo,
        ground_host=ground_host,
        ground_port=_beside(port) if ground_port is None else ground_port,
        hub=read(settings_file) if settings_file else HubSettings(),
        band=band_settings(multicast, bandwidth, interface=interface, ttl=ttl) if multicast else None,
    )
    try:
        from satwarn.web.server import serve
    except ModuleNotFoundError as error:
        raise Missing(
            f"serving needs {error.name}, which is not installed", fix='pip install "satwarn[hub]"'
        ) from error
    serve(settings, say=typer.echo)


def _beside(port: int) -> int:
    """Where receivers find the hub unless it is said: 8443 beside 8080."""
    return port + 363 if port + 363 < 65536 else port - 363
