"""The command line: each command is parse, call, print. `_root` puts the commands together.

Nothing is imported here that a receiver must not carry: `satwarn receiver run` goes its own way, without typer.
"""

import os
import sys
from typing import Any, NoReturn

from satwarn.errors import SatwarnError

_NOBODY_READS = 141  # as a shell tells of a program that a closed pipe ended (128 + SIGPIPE)
_OTHER_PLACE = "a file or folder that is there, that you may write to, on a disk with room"


def main() -> None:
    """Run the command line; a SatwarnError ends it with its text and its exit code (2 = wrong use).

    When whoever reads its output has enough (`| head`), it ends without a word, as other tools do.
    """
    try:
        _run()
        sys.stdout.flush()
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # click and rich make an exit with 1 of it
            _end_unread()
        raise
    except BrokenPipeError:
        _end_unread()


def _end_unread() -> NoReturn:
    """End quietly: nothing that is still to be flushed at the end may complain either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.exit(_NOBODY_READS)


def _run() -> None:
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
    except BrokenPipeError:
        raise
    except OSError as error:  # a folder nobody may write to, a full disk: the person's to mend, and no answer of ours
        where = f"{error.filename}: " if error.filename else ""
        print(f"satwarn: {where}{error.strerror or error}\n  Try: {_OTHER_PLACE}", file=sys.stderr)  # noqa: T201
        sys.exit(2)


def __getattr__(name: str) -> Any:
    if name == "app":
        from satwarn.cli._root import app

        return app
    raise AttributeError(name)
