"""The manual cannot lie for longer than one commit: every command has its entry, every example runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from satwarn.cli import app

DOCS = Path(__file__).parents[2] / "docs"


def commands(command: object, name: str) -> list[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        return [name]
    return [each for part, one in inner.items() for each in commands(one, f"{name} {part}")]


@pytest.mark.parametrize("name", commands(typer.main.get_command(app), "satwarn"))
def test_every_command_has_a_manual_entry(name: str) -> None:
    assert f"## {name}\n" in (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")


def examples() -> list[tuple[str, str]]:
    return [
        (page.name, block)
        for page in sorted((DOCS / "tutorial").glob("*.md"))
        for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    ]


def test_every_example_of_the_tutorials_runs(tmp_path: Path) -> None:
    assert examples()
    satwarn = str(Path(sys.executable).with_name("satwarn"))
    for page, block in examples():
        for line in block.splitlines():
            command = [satwarn if word == "satwarn" else word for word in shlex.split(line)]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
            assert done.returncode == 0, f"{page}: {line}\n{done.stderr}"
