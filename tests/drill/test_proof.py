"""A drill with broken devices: each fault is found by proof, at its site, and nothing else fails."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from satwarn.app.run import run_scenario
from satwarn.app.settings import DrillSettings
from satwarn.cli import app
from satwarn.drill import scenario as scenarios
from satwarn.drill.due import due_sites
from satwarn.drill.fault import broken, faults
from satwarn.drill.report import DrillReport
from satwarn.errors import BadScenario

DAY = scenarios.load("japan-2017-08-18")
TOTTORI = replace(DAY, prefectures=("31",), as_it_happened=("speaker-silent@31202",))
PLACES = [site.code for site in due_sites(TOTTORI) if "speaker" in site.outputs and site.act == "sounded"]


def drill(out: Path, *chosen: str, as_it_happened: bool = False) -> DrillReport:
    settings = DrillSettings(out=out, faults=chosen, as_it_happened=as_it_happened)
    return run_scenario(TOTTORI, settings, watch=lambda event: None)


def test_every_fault_at_a_site_of_its_own_is_found_and_nothing_else_fails(tmp_path: Path) -> None:
    assert len(PLACES) >= len(faults())
    chosen = dict(zip(PLACES, faults().values(), strict=False))
    report = drill(tmp_path, *(f"{fault.name}@{code}" for code, fault in chosen.items()))
    assert {(failure.code, failure.output) for failure in report.failures} == {
        (code, fault.output) for code, fault in chosen.items()
    }
    assert len(report.failures) == len(chosen)
    assert not report.held


def test_a_clean_drill_holds_and_its_report_says_by_what_proof(tmp_path: Path) -> None:
    report = drill(tmp_path)
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report.held
    assert written["failures"] == []
    assert written["outputs"]["mail"] == {"proven": 20, "unproven": 0, "failed": 0}
    assert written["outputs"]["speaker"]["proven"] == 19
    yonago = next(site for site in written["sites"] if site["code"] == "31202")
    assert [(one["output"], one["proof"], one["cause"]) for one in yonago["outputs"]] == [
        (output, "proven", "") for output in ("speaker", "screen", "mail", "relay")
    ]
    assert set(written["speech"]) == {"ja", "en", "de", "ko"}


def test_as_it_happened_names_the_site_in_words_and_in_the_report(tmp_path: Path) -> None:
    report = drill(tmp_path, as_it_happened=True)
    assert "Yonago's loudspeaker was silent" in report.sentence()
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert "\\u" not in text
    (failure,) = json.loads(text)["failures"]
    assert set(failure) == {"code", "name_en", "name_ja", "output", "cause", "next_step"}
    assert (failure["code"], failure["name_en"], failure["name_ja"]) == ("31202", "Yonago", "米子市")
    assert (failure["output"], failure["cause"]) == ("speaker", "device")


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (("earthquake",), "speaker-silent"),
        (("speaker-silent@01100",), "01100"),
        (("speaker-silent@31000",), "31000"),
        (("speaker-silent@",), "no site follows"),
        (("speaker-silent@31202", "speaker-clipped@31202"), "already"),
    ],
    ids=["unknown", "not due", "an office has no loudspeaker", "no code", "two in one"],
)
def test_a_fault_that_cannot_be_is_refused_before_anything_is_taken_away(
    tmp_path: Path, chosen: tuple[str, ...], words: str
) -> None:
    (tmp_path / "report.json").write_text("of yesterday")
    with pytest.raises(BadScenario, match=words):
        drill(tmp_path, *chosen)
    assert (tmp_path / "report.json").read_text() == "of yesterday"


def test_the_same_fault_twice_is_one_fault() -> None:
    twice = ("mail-cut", "mail-cut", "mail-cut@33000")
    assert broken(twice, due_sites(DAY)) == {("33000", "mail"): "mail-cut"}


def test_every_usual_place_of_a_fault_is_due_in_the_drill_of_the_day() -> None:
    for name in faults():
        assert broken([name], due_sites(DAY))


def test_the_four_of_that_day() -> None:
    assert dict(broken(DAY.as_it_happened, due_sites(DAY))) == {
        ("31202", "speaker"): "speaker-silent",
        ("32000", "mail"): "mail-garbled",
        ("33000", "mail"): "mail-garbled",
        ("34205", "mail"): "mail-not-sent",
    }


def test_drill_faults_lists_every_fault_first_in_its_line() -> None:
    result = CliRunner().invoke(app, ["drill", "faults"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == list(faults())
    listed = json.loads(CliRunner().invoke(app, ["drill", "faults", "--json"]).output)
    assert [fault["name"] for fault in listed] == list(faults())


def test_an_unknown_fault_is_wrong_use_and_lists_the_known(tmp_path: Path) -> None:
    satwarn = str(Path(sys.executable).with_name("satwarn"))
    command = [satwarn, "drill", "run", DAY.name, "--fault", "earthquake", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "speaker-silent" in done.stderr
    assert not (tmp_path / "out").exists()
