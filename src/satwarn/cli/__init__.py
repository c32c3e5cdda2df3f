"""The command line: each command is parse, call, print. `_root` puts the commands together.

Nothing is imported here that a receiver must not carry: `satwarn receiver run` goes its own way, without typer.
"""

import sys
from typing import Any

from satwarn.errors import SatwarnError


def main() -> None:
    """Run the command line; a SatwarnError ends it with its text and its exit code (2 = wrong use)."""
    try:
        if sys.argv[1:3] == ["receiver", "run"]:
            from satwarn.cli._receiver_run import run

            run(sys.argv[3:])
        else:
            from satwarn.cli._root import app

            app()
    except SatwarnError as error:
        print(f"satwarn: {error}", file=sys.stderr)  # noqa: T201 - the command line speaks here
        sys.exit(error.exit_code)


def __getattr__(name: str) -> Any:
    if name == "app":
        from satwarn.cli._root import app

        return app
    raise AttributeError(name)
