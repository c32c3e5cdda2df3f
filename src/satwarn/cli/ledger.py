"""`satwarn ledger`: check the seals, hand the entries out."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from satwarn.errors import Missing
from satwarn.ledger.entry import Entry

app = typer.Typer(help="Check and hand out the record of every deed and receipt.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A ledger (ledger.db) or an export (JSON lines).")]


@app.command()
def verify(file: File, as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False) -> None:
    """Check every seal. Exit 1 names the first entry that does not hold.

    Example: satwarn ledger verify drill-report/ledger.db
    """
    from satwarn.errors import BrokenChain
    from satwarn.ledger.chain import verify as check

    try:
        head = check(_entries(file))
    except BrokenChain as error:
        if not as_json:
            raise
        typer.echo(json.dumps({"holds": False, "where": error.where, "what": error.what}))
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps({"holds": True, "entries": head.position, "seal": head.seal}))
    else:
        typer.echo(f"{head.position} entries, every seal holds. Head: {head.seal}")


@app.command()
def export(file: File) -> None:
    """Write every entry as one JSON object a line, so that anybody can check the chain.

    Example: satwarn ledger export drill-report/ledger.db > deeds.jsonl
    """
    for entry in _entries(file):
        sys.stdout.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


def _entries(file: Path) -> Iterator[Entry]:
    from satwarn.app.wiring import read_ledger

    if file.is_file() and file.read_bytes()[:1] == b"{":
        return _exported(file)
    return read_ledger(file)


def _exported(file: Path) -> Iterator[Entry]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise Missing(f"not an entry of a ledger ({error})", where=f"{file}, line {number}") from error
