"""The manual cannot lie for longer than one commit: it is made from the commands, and every example runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tools.manual import PAGE, manual

DOCS = Path(__file__).parents[2] / "docs"


def test_the_manual_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == manual(), "run: python tools/manual.py"


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


def test_every_page_is_named_on_the_first_and_every_name_is_a_page() -> None:
    named = set(re.findall(r"\]\(([^)]+\.md)\)", (DOCS / "index.md").read_text(encoding="utf-8")))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"index.md"}
    assert named == pages
