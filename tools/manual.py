"""Writes docs/reference/cli.md from the commands themselves, so that the manual and `--help` cannot disagree.

Run: python tools/manual.py
"""

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import typer.main

from satwarn.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"
HEAD = """# The command line

Exit codes: 0 good, 1 the answer is "no" or "bad", 2 wrong use. Data go to stdout, remarks to stderr.
`--help` says the same as this page, which `tools/manual.py` makes from it.
"""


def manual() -> str:
    """The whole page."""
    return HEAD + "".join(entry(name, command) for name, command in commands(typer.main.get_command(app), "satwarn"))


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with the words to call it."""
    inner = getattr(command, "commands", None)
    if not inner:
        yield name, command
        return
    for part, one in inner.items():
        yield from commands(one, f"{name} {part}")


def entry(name: str, command: Any) -> str:
    """One command: its help, then a table of what it takes."""
    text = cleandoc(command.help or "").replace("\b\n", "")
    told, _, examples = text.partition("Example")
    lines = [f"\n## {name}\n", told.strip(), ""]
    if examples:
        shown = [line.strip() for line in examples.splitlines()[1:]] or [examples.partition(":")[2].strip()]
        shown = [line for line in [examples.splitlines()[0].partition(":")[2].strip(), *shown] if line]
        lines += ["```", *dict.fromkeys(shown), "```", ""]
    rows = [row(parameter) for parameter in command.params if parameter.name != "help"]
    if rows:
        lines += ["| takes | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def row(parameter: Any) -> str:
    """One argument or option."""
    words = (
        ", ".join(f"`{word}`" for word in parameter.opts)
        if parameter.opts[0].startswith("-")
        else f"`{parameter.name.upper()}`"
    )
    meaning = (getattr(parameter, "help", None) or "").replace("|", "\\|")
    default = parameter.default
    known = default not in (None, False, (), []) and isinstance(default, str | int | float | Path)
    return f"| {words} | {meaning}{f' Default: `{default}`.' if known else ''} |"


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="utf-8")
