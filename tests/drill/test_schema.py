"""report.json keeps to its published schema, and the schema is narrow enough to notice when it does not."""

import csv
import json
from copy import deepcopy
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from satwarn.app.run import run_drill
from satwarn.app.settings import DrillSettings
from satwarn.drill.report import RECEIPT_COLUMNS

SCHEMA = json.loads((files("satwarn.drill") / "schema" / "report.schema.json").read_text(encoding="utf-8"))


def complaints(report):
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(report)]


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_file_of_a_drill(clean):
    text = (clean.out / "report.json").read_text(encoding="utf-8")
    assert complaints(json.loads(text)) == []
    assert "\\u" not in text


def test_the_day_as_it_was(the_day):
    report = the_day.report.to_json()
    assert {failure["code"] for failure in report["failures"]} == {"31202", "32000", "33000", "34205"}
    assert complaints(report) == []


def test_a_drill_by_satellite_alone(tmp_path):
    run_drill("japan-2017-08-18", DrillSettings(out=tmp_path, ground=False), watch=lambda event: None)
    assert complaints(json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))) == []


def changed(report, path, value):
    """The report with one value changed; `path` leads to it, and a value of ... takes it away."""
    report = deepcopy(report)
    *way, last = path
    place = report
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return report


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["failures"], ...),
        (["surprise"], 1),
        (["status"], "Actual"),
        (["loss"], 20),
        (["held"], True),
        (["failures"], []),
        (["failures", 0, "cause"], "bad luck"),
        (["failures", 0, "next_step"], ""),
        (["failures", 0, "code"], "312024"),
        (["deeds", 0, "at"], "2017-08-18T10:57:00"),
        (["ledger", "seal"], "0" * 63),
        (["frames", 0, "hex"], "53"),
        (["delays", "gnss", "worst_s"], "1.1"),
        (["delays", "pigeon"], {"heard": 1, "first": 1, "median_s": 1, "worst_s": 1}),
        (["prefectures", 0, "failed"], -1),
        (["outputs", "speaker", "proven"], None),
        (["sites", 0, "act"], "hummed"),
        (["sites", 100, "outputs", 0, "proof"], "likely"),
        (["speech", "en"], None),
        (["faults_set", 0], ""),
    ],
)
def test_what_is_wrong_is_noticed(the_day, path, value):
    report = the_day.report.to_json()
    assert not complaints(report)
    assert complaints(changed(report, path, value))


@pytest.mark.parametrize("word", [*SCHEMA["properties"], *RECEIPT_COLUMNS])
def test_the_manual_names_every_key_and_column(word):
    manual = Path(__file__).parents[2] / "docs" / "reference" / "report.md"
    assert f"`{word}`" in manual.read_text(encoding="utf-8")


def test_receipts_have_the_columns_the_manual_names(clean):
    with (clean.out / "receipts.csv").open(encoding="utf-8") as file:
        assert tuple(next(csv.reader(file))) == RECEIPT_COLUMNS
