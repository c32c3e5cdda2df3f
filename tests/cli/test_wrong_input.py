"""A file that is not what a command wants: which file it was and what to do, in few words, and nothing is harmed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from satwarn.adapters.ledger.sqlite import SqliteLedger
from satwarn.cli import app
from satwarn.errors import SatwarnError

NOISE = bytes(range(255, 0, -1)) * 8


def satwarn(*words: str) -> tuple[int, str]:
    """The exit code, and what the last error says."""
    done: Result = CliRunner().invoke(app, words)
    if isinstance(done.exception, SatwarnError):
        return done.exception.exit_code, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stderr


@pytest.mark.parametrize("content", [b"", NOISE, b"<alert>\n<no"])
@pytest.mark.parametrize(
    "words",
    [
        ("alert", "show", "FILE"),
        ("alert", "verify", "FILE"),
        ("alert", "convert", "FILE"),
        ("alert", "encode", "FILE"),
        ("area", "resolve", "FILE"),
        ("area", "import", "FILE", "--code", "X"),
        ("receiver", "check", "FILE"),
        ("ledger", "backup", "FILE", "COPY"),
        ("ledger", "forget", "FILE", "--days", "1"),
    ],
    ids=" ".join,
)
def test_the_file_is_named_and_not_repeated(words: tuple[str, ...], content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_bytes(content)
    code, said = satwarn(*(word.replace("FILE", str(file)).replace("COPY", str(tmp_path / "copy")) for word in words))
    assert code in (1, 2)
    assert str(file) in said
    assert len(said) < 600
    assert file.read_bytes() == content
    assert not (tmp_path / "copy").exists()


def test_a_file_is_not_converted_into_itself(tmp_path: Path) -> None:
    file = tmp_path / "day.ubx"
    file.write_bytes(NOISE)
    code, said = satwarn("frame", "convert", str(file), "--to", "nmea", "--out", str(file))
    assert (code, file.read_bytes()) == (2, NOISE)
    assert "--out" in said


def test_a_copy_that_cannot_be_written_is_told_without_a_traceback(tmp_path: Path) -> None:
    SqliteLedger(tmp_path / "ledger.db").close()
    code, said = satwarn("ledger", "backup", str(tmp_path / "ledger.db"), "/proc/copy")
    assert code == 2
    assert "/proc/copy: cannot be used as a ledger" in said
