"""The command line: each command is parse, call, print."""

import sys
from typing import Annotated

import typer

from satwarn import __version__
from satwarn.cli import alert, drill, frame, ledger
from satwarn.errors import SatwarnError

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


app.add_typer(alert.app, name="alert")
app.add_typer(drill.app, name="drill")
app.add_typer(frame.app, name="frame")
app.add_typer(ledger.app, name="ledger")


def main() -> None:
    """Run the command line; a SatwarnError ends it with its text and its exit code (2 = wrong use)."""
    try:
        app()
    except SatwarnError as error:
        typer.echo(f"satwarn: {error}", err=True)
        sys.exit(error.exit_code)
