"""`satwarn publish`: the public pages as files for a static host."""

from pathlib import Path
from typing import Annotated

import typer

from satwarn.cli._counted import counted


def command(
    out: Annotated[Path, typer.Argument(help="Folder to write into.")],
    data: Annotated[Path, typer.Option(help="The hub's folder (as for satwarn serve).")] = Path("satwarn-data"),
    address: Annotated[str, typer.Option(help="Where the pages will be found; for links in the feed.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of the authority.")] = "Asia/Tokyo",
) -> None:
    """Write the public pages in en, de, ja and ko, the signed messages and the feed as files.

    Nothing on the pages asks another host for anything. Run it again whenever something changes; a page is replaced
    whole.

    Example: satwarn publish public/ --data satwarn-data
    """
    from satwarn.app.publish import publish
    from satwarn.web.render import page, stylesheet

    count = publish(
        out, data / "live" / "ledger.db", zone_name=zone, address=address, render=page, stylesheet=stylesheet()
    )
    typer.echo(f"{counted(count, 'warning')}, in {out}")
