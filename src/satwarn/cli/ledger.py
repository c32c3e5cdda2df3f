"""`satwarn ledger`: check the seals, hand the entries out, sign, back up, forget."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from satwarn.cli._counted import counted

app = typer.Typer(help="Check and hand out the record of every deed and receipt.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A ledger (ledger.db) or an export (JSON lines).")]
LedgerFile = Annotated[Path, typer.Argument(help="A ledger (ledger.db).")]


@app.command()
def verify(
    file: File,
    key: Annotated[str | None, typer.Option(help="The auditor's public key: a PEM file or 64 hex digits.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Check every seal and, with --key, every checkpoint. Exit 1 names the first entry that does not hold.

    With --key it also exits 1 when no checkpoint of that key is in it: then anybody could have written the chain.

    Examples:

      satwarn ledger verify drill-report/ledger.db

      satwarn ledger verify export.jsonl --key auditor.pub
    """
    from satwarn.app.ledger_files import check
    from satwarn.errors import BrokenChain

    try:
        found = check(file, key=key)
        if key and not found.checkpoints:
            raise BrokenChain("holds no checkpoint of this key", where=str(file), fix="satwarn ledger checkpoint")
    except BrokenChain as error:
        if not as_json:
            raise
        typer.echo(json.dumps({"holds": False, "where": error.where, "what": error.what}))
        raise typer.Exit(1) from error
    if as_json:
        answer = {"holds": True, "entries": found.head.position, "seal": found.head.seal, "forgotten": found.forgotten}
        typer.echo(json.dumps(answer | ({"covered": found.covered} if key else {})))
        return
    typer.echo(f"{counted(found.head.position, 'entry', 'entries')}, every seal holds. Head: {found.head.seal}")
    if key:
        after = found.head.position - found.covered
        typer.echo(
            f"{counted(found.checkpoints, 'checkpoint')} by this key; "
            f"{counted(after, 'entry', 'entries')} came after the last one covers."
        )


@app.command()
def export(file: File) -> None:
    """Write every entry as one JSON object a line, so that anybody can check the chain.

    Example: satwarn ledger export drill-report/ledger.db > deeds.jsonl
    """
    from satwarn.app.ledger_files import entries_in

    for entry in entries_in(file):
        sys.stdout.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


@app.command()
def key(file: Annotated[Path, typer.Argument(help="Where the private key goes; nobody else may read it.")]) -> None:
    """Make the auditor's key; its public half goes to stdout. The private half never goes near the hub.

    Example: satwarn ledger key auditor.pem > auditor.pub
    """
    from satwarn.app.ledger_files import make_key

    typer.echo(make_key(file), nl=False)


@app.command()
def checkpoint(
    file: LedgerFile,
    key: Annotated[Path, typer.Option(help="The auditor's private key (PEM).")],
    by: Annotated[str, typer.Option(help="The auditor's name.")] = "auditor",
) -> None:
    """Check the whole chain, sign its head, and keep the signature in it.

    Example: satwarn ledger checkpoint satwarn-data/live/ledger.db --key auditor.pem
    """
    from satwarn.app.ledger_files import sign_head

    head = sign_head(file, key, by=by)
    typer.echo(f"entry {head.position} and all before it are signed: {head.seal}")


@app.command()
def backup(file: LedgerFile, to: Annotated[Path, typer.Argument(help="The copy.")]) -> None:
    """Copy a ledger that may be in use, and check the copy.

    Example: satwarn ledger backup satwarn-data/live/ledger.db backup.db
    """
    from satwarn.app.ledger_files import backup as copy

    typer.echo(f"{counted(copy(file, to).position, 'entry', 'entries')}, every seal holds, in {to}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    to: Annotated[Path, typer.Argument(help="Where the ledger shall be; nothing may be there.")],
) -> None:
    """Check a backup and put it in place.

    Example: satwarn ledger restore backup.db satwarn-data/live/ledger.db
    """
    from satwarn.app.ledger_files import restore as put_back

    typer.echo(f"{counted(put_back(file, to).position, 'entry', 'entries')}, every seal holds, in {to}")


@app.command()
def forget(
    file: LedgerFile,
    days: Annotated[int, typer.Option(help="Receipts and transmissions older than this lose their text.", min=1)],
    by: Annotated[str, typer.Option(help="Who asks for it.")] = "administrator",
) -> None:
    """Blank old receipts and transmissions; deeds are never forgotten, and the chain still holds.

    Example: satwarn ledger forget satwarn-data/live/ledger.db --days 365
    """
    from satwarn.app.ledger_files import forget as blank

    typer.echo(f"{blank(file, days=days, by=by)} texts were blanked")
