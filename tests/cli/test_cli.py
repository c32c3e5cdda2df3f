"""The command line as a person or a script meets it."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SATWARN = Path(sys.executable).with_name("satwarn")


def satwarn(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SATWARN), *arguments], capture_output=True, text=True, check=False, input=stdin, timeout=120
    )


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("drill")
    return out, satwarn("drill", "run", "japan-2017-08-18", "--out", str(out))


def test_the_drill_ends_well_and_says_what_is_simulated(
    drilled: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, result = drilled
    assert result.returncode == 0, result.stderr
    flat = " ".join(result.stdout.split())
    assert "simulated" in flat
    assert "April 2024" in flat
    assert "every due outcome held" in flat
    assert {file.name for file in out.iterdir()} >= {"report.json", "receipts.csv", "ledger.db"}


def test_json_is_the_report_and_nothing_else(tmp_path: Path) -> None:
    result = satwarn("drill", "run", "japan-2017-08-18", "--out", str(tmp_path), "--json", "--satellite", "off")
    assert json.loads(result.stdout) == json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("drill", "run", "atlantis"),
        ("drill", "run"),
        ("drill", "run", "japan-2017-08-18", "--loss", "1.5"),
        ("drill", "run", "japan-2017-08-18", "--loss", "much"),
        ("drill", "run", "japan-2017-08-18", "--ground", "maybe"),
        ("ledger", "verify", "/nowhere/ledger.db"),
        ("sing",),
    ],
)
def test_wrong_use_exits_with_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = subprocess.run(
        [str(SATWARN), *arguments], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120
    )
    assert result.returncode == 2
    assert result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("drill", "run", "japan-2017-08-18", "--out", "taken/drill"), ("area", "map", "31", "--out", "nowhere/map.svg")],
)
def test_what_cannot_be_written_is_told_in_two_lines(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    result = subprocess.run(
        [str(SATWARN), *arguments], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120
    )
    assert result.returncode == 2
    said, fix = result.stderr.splitlines()
    assert said.startswith(f"satwarn: {arguments[-1]}: ")
    assert fix.startswith("  Try: ")


def test_a_drill_in_which_something_failed_exits_with_1(tmp_path: Path) -> None:
    result = satwarn("drill", "run", "japan-2017-08-18", "--out", str(tmp_path), "--loss", "1")
    assert result.returncode == 1
    assert "Tottori" in result.stdout


def test_the_ledger_of_the_drill_verifies_and_so_does_its_export(
    drilled: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    ledger = drilled[0] / "ledger.db"
    checked = satwarn("ledger", "verify", str(ledger))
    assert checked.returncode == 0
    assert "every seal holds" in checked.stdout
    export = tmp_path / "deeds.jsonl"
    export.write_text(satwarn("ledger", "export", str(ledger)).stdout, encoding="utf-8")
    answer = json.loads(satwarn("ledger", "verify", str(export), "--json").stdout)
    assert answer["holds"] is True
    assert answer["seal"] in checked.stdout


def test_one_changed_row_is_named(drilled: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    copy = tmp_path / "ledger.db"
    copy.write_bytes((drilled[0] / "ledger.db").read_bytes())
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE entry SET actor = 'Nobody' WHERE position = 3")
    result = satwarn("ledger", "verify", str(copy))
    assert result.returncode == 1
    assert "entry 3 (approve of plan by Nobody)" in result.stderr


def test_help_has_an_example_and_the_version_is_told() -> None:
    assert "japan-2017-08-18" in satwarn("drill", "run", "--help").stdout
    assert satwarn("--version").stdout.startswith("satwarn 0.")


@pytest.mark.parametrize(
    "arguments", [("frame", "table", "hazard"), ("area", "find", "a"), ("-h",), ("frame", "table", "hazard", "--json")]
)
def test_when_nobody_reads_it_ends_without_a_word(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "satwarn", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141
