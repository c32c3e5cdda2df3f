"""The shared corpus of real CAP files; it is not part of the project, so tests on it skip where it is absent."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3] / "shared" / "vectors" / "cap"
needs_corpus = pytest.mark.skipif(not ROOT.is_dir(), reason="the shared CAP corpus (../shared/vectors/cap) is absent")


@dataclass(frozen=True)
class Case:
    file: str
    valid: bool
    why: str
    version: str
    kind: str
    warnings: str

    @property
    def data(self) -> bytes:
        return (ROOT / self.file).read_bytes()


def cases(**where) -> list[Case]:
    if not ROOT.is_dir():
        return []
    with (ROOT / "index.csv").open(encoding="utf-8") as index:
        found = [
            Case(r["file"], r["valid"] == "valid", r["why"], r["cap_version"], r["kind"], r["warnings"])
            for r in csv.DictReader(index)
        ]
    return [case for case in found if all(getattr(case, name) == value for name, value in where.items())]


def ids(case: Case) -> str:
    return case.file.rpartition("/")[2][:40]
