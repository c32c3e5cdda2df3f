"""`satwarn receiver keys`: who may isolate a receiver, and how a secret is asked for."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Who holds a key to this receiver: two of them end a maintenance.", no_args_is_help=True)
Config = Annotated[Path, typer.Option(help="The site's settings.")]
Name = Annotated[str, typer.Argument(help="The person.")]


def secret_of(name: str) -> str:
    """A person's secret, asked for without showing it; from a pipe, one line. Never an argument: others see those."""
    if sys.stdin.isatty():
        return str(typer.prompt(f"secret of {name}", hide_input=True, err=True))
    return sys.stdin.readline().strip()


def give(config: Path, name: str) -> None:
    """Make a key for a person and show its secret, once."""
    from satwarn.app import receiver_keys

    typer.echo(f"{name}: {receiver_keys.add(config, name)}")
    typer.echo(f"write it down for {name} now: it is kept nowhere and not shown again", err=True)


@app.command("add")
def add(name: Name, config: Config = Path("site.toml")) -> None:
    """Give a person a key, in place of the one they had; its secret is shown once. A running receiver knows at once.

    Example: satwarn receiver keys add "warden" --config /etc/satwarn/site.toml
    """
    give(config, name)


@app.command("remove")
def remove(name: Name, config: Config = Path("site.toml")) -> None:
    """Take a person's key back.

    Example: satwarn receiver keys remove "warden"
    """
    from satwarn.app import receiver_keys

    receiver_keys.remove(config, name)
    typer.echo(f"{name} holds no key any more", err=True)


@app.command("list")
def show(config: Config = Path("site.toml")) -> None:
    """Who holds a key, one name a line.

    Example: satwarn receiver keys list
    """
    from satwarn.app import receiver_keys

    for name in receiver_keys.names(config):
        typer.echo(name)
