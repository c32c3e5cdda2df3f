"""The command line: each command is parse, call, print. `_root` puts the commands together.

Nothing is imported here that a receiver must not carry: `satwarn receiver run` goes its own way, without typer.
"""

import sys
from typing import Any

from satwarn.errors import SatwarnError

_OTHER_PLACE = "a file or folder that is there, that you may write to, on a disk with room"


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
    except OSError as error:  # a folder nobody may write to, a full disk: the person's to mend, and no answer of ours
        where = f"{error.filename}: " if error.filename else ""
        print(f"satwarn: {where}{error.strerror or error}\n  Try: {_OTHER_PLACE}", file=sys.stderr)  # noqa: T201
        sys.exit(2)


def __getattr__(name: str) -> Any:
    if name == "app":
        from satwarn.cli._root import app

        return app
    raise AttributeError(name)
