"""Writes docs/explanation/history.md from tests/history/failures.toml and the tests that rebuild what it tells.

Run: python tools/history.py
"""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "history.md"
TABLE = ROOT / "tests" / "history" / "failures.toml"
NUMBER = re.compile(r"(?:^test|_and)_([fx][0-9]{1,2})(?=_)")
"""A test names each failure it rebuilds: test_f6_..._and_f15_..."""

OPENING = """# What went wrong before

Public warning systems have failed in public, and their failures are written down. Each of these 36 is rebuilt here as a
test, which shows that it cannot happen, or is seen and reported at once. Where satwarn does nothing about a part of
one, this page says so.

Run them: `.venv/bin/pytest tests/history`. The page is made by `tools/history.py` from `tests/history/failures.toml`
and the names of the tests; a test sees to it that it is current, and that no failure is without a test.
"""
PARTS = {"F": "In Japan", "X": "Elsewhere"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One row: what happened, what satwarn does about it and does not, and the tests (file::name) that rebuild it."""

    number: str
    when: str
    where: str
    what: str
    here: str
    source: str
    left: str = ""
    also: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def tests_in(folder: Path) -> Iterator[str]:
    """Every test below a folder, as file::name, the file as seen from the root."""
    for file in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{file.relative_to(ROOT)}::{node.name}"


def failures() -> tuple[Failure, ...]:
    """The table with its tests, in its order; ValueError for a test of a number that is not in it, and the like."""
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    known = tuple(tests_in(ROOT / "tests"))
    numbered: Mapping[str, list[str]] = defaultdict(list)
    for test in known:
        for number in NUMBER.findall(test.partition("::")[2]):
            numbered[number.upper()].append(test)
    if strange := set(numbered) - set(raw):
        raise ValueError(f"tests of {', '.join(sorted(strange))}, which {TABLE.name} does not have")
    found = tuple(
        Failure(number=number, tests=tuple(numbered[number]), **{**row, "also": tuple(row.get("also", ()))})
        for number, row in raw.items()
    )
    if gone := {test for one in found for test in one.also} - set(known):
        raise ValueError(f"no such test: {', '.join(sorted(gone))}")
    return found


def page() -> str:
    """The whole page."""
    lines = [OPENING]
    part = ""
    for one in failures():
        if (heading := PARTS[one.number[0]]) != part:
            part = heading
            lines += [f"## {part}", ""]
        lines += [*section(one), ""]
    return "\n".join(lines).rstrip() + "\n"


def section(one: Failure) -> Iterator[str]:
    """One failure's lines."""
    yield f"### {one.number}. {', '.join(filter(None, (one.where, one.when)))}"
    yield ""
    source = f"[Source]({one.source})" if one.source.startswith("http") else f"Source: {one.source}"
    yield f"{one.what} {source}."
    yield ""
    yield f"**Here:** {one.here}"
    yield ""
    if one.left:
        yield f"**Not done:** {one.left}"
        yield ""
    by_file: dict[str, list[str]] = defaultdict(list)
    for test in (*one.tests, *one.also):
        file, _, name = test.partition("::")
        by_file[file].append(name)
    for file, names in by_file.items():
        yield f"* `{file}`: {', '.join(f'`{name}`' for name in names)}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
