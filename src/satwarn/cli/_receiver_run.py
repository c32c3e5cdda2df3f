"""`satwarn receiver run`, parsed without typer: the process that stands for years imports no more than it needs."""

import argparse
from collections.abc import Sequence
from pathlib import Path

HELP = "Run one receiver, unattended, until it is told to stop."
EXAMPLES = """Examples:

  satwarn receiver run --config site.toml

  satwarn receiver run --config site.toml --shadow    beside another receiver, with every output absent"""


def run(arguments: Sequence[str]) -> None:
    """Parse and run; exit code 2 for wrong use or settings that cannot be obeyed."""
    parser = argparse.ArgumentParser(
        prog="satwarn receiver run",
        description=HELP,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", type=Path, default=Path("site.toml"), help="the site's settings")
    parser.add_argument("--shadow", action="store_true", help="only say what would have been done")
    chosen = parser.parse_args(arguments)
    from satwarn.app import receiver_run

    receiver_run.run(chosen.config, shadow=chosen.shadow)
