"""The house's figures and words (architecture.md 3, examples.md 7), checked so that they stay true."""

import ast
import re
import subprocess
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = sorted((ROOT / "src" / "satwarn").rglob("*.py"))
WRITTEN = [file for file in SOURCE if file.name != "__init__.py" or file.stat().st_size > 200]
TRACKED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
    "\0"
)[:-1]
TEXT = [name for name in TRACKED if Path(name).suffix in {".py", ".toml", ".md", ".txt", ".csv", ".yml", ".mjs", ".ts"}]

# our word -> the words we do not use for it
WORDS = {
    "alert": {"notification"},  # in the plural it is a field of the DC report
    "frame": {"packet", "packets", "telegram", "telegrams"},
    "all-clear": {"resolved"},
    "site": {"endpoint"},
    "receipt": {"acknowledgement"},
}


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_modules_are_short() -> None:
    sizes = {file: lines(file) for file in WRITTEN}
    assert median(sizes.values()) <= 150
    assert quantiles(sizes.values(), n=10)[-1] <= 350
    assert not {str(file): size for file, size in sizes.items() if size > 600}


def test_functions_are_short() -> None:
    lengths = [
        node.body[-1].end_lineno - node.body[0].lineno + 1  # type: ignore[operator]
        for file in SOURCE
        for node in functions(file)
    ]
    assert median(lengths) <= 10


def test_every_module_says_what_it_is() -> None:
    silent = [str(file.relative_to(ROOT)) for file in SOURCE if not ast.get_docstring(ast.parse(file.read_text()))]
    assert silent == []


def test_no_drawers_without_a_name() -> None:
    drawers = [file.name for file in SOURCE if re.search(r"utils|helpers?|common|manager|base(?!d)", file.stem)]
    assert drawers == []


def test_one_word_for_one_thing() -> None:
    used = {
        word
        for file in SOURCE
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for word in re.split(r"_|(?<=[a-z])(?=[A-Z])", node.name)
    }
    strangers = {ours: {word.lower() for word in used} & theirs for ours, theirs in WORDS.items()}
    assert not {ours: found for ours, found in strangers.items() if found}


@pytest.mark.parametrize(
    "forbidden", ["py" + "pi.org", "python" + "hosted.", "registry.npm" + "js", "deb." + "debian.org"]
)
def test_no_registry_address_in_any_file(forbidden: str) -> None:
    named = [name for name in TEXT if forbidden in (ROOT / name).read_text(encoding="utf-8", errors="replace")]
    assert named == []


def test_no_lock_that_keeps_addresses() -> None:
    assert not {"uv.lock", "poetry.lock", "Pipfile.lock"} & {Path(name).name for name in TRACKED}


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("drill", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_ci_runs_the_readmes_test_command_and_nothing_cleverer() -> None:
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["make test"]


def test_no_two_test_files_share_a_name() -> None:
    # pytest imports test files by their bare name: of two with the same name one would silently not be run
    names = [Path(name).name for name in TRACKED if Path(name).name.startswith("test_")]
    assert {name for name in names if names.count(name) > 1} == set()
