"""The command line: each command is parse, call, print.

Each module here without an underscore in its name is a command: a group if it has an `app`, else its `command`.
"""

import importlib
import pkgutil
from typing import Annotated

import typer

from satwarn import __version__, cli

app = typer.Typer(
    name="satwarn",
    help="Warn people by satellite and by ground, and prove that they were warned.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"satwarn {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Warn people by satellite and by ground, and prove that they were warned."""


for name in (found.name for found in pkgutil.iter_modules(cli.__path__)):
    if "_" not in name:
        module = importlib.import_module(f"satwarn.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(module.command)
