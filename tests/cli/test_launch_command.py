"""`satwarn launch` as a person or a script meets it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import azarashi
import pytest

SATWARN = Path(sys.executable).with_name("satwarn")
REPORTS = Path(__file__).parents[1] / "authority" / "launch"


def launch(*arguments, cwd=None):
    return subprocess.run(
        [str(SATWARN), "launch", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=120,
    )


def test_text_says_estimate_who_when_and_what():
    found = launch(REPORTS / "2017-08-29.toml")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("Civil-protection estimate.")
    for word in (
        "Take cover now",
        "JISX0401:01",
        "Hokkaido",
        "北海道",
        "all-clear",
        "frame launch",
        "lost in the frames",
    ):
        assert word in found.stdout


def test_json_is_everything_shown():
    found = json.loads(launch(REPORTS / "2017-08-29.toml", "--json").stdout)
    assert found["estimate"] == "civil-protection estimate"
    assert found["approval"] == "B"
    assert {unit["code"]: unit["ring"] for unit in found["units"]} == {
        "01": "certain", "02": "certain", "03": "neighbour", "05": "neighbour",
    }  # fmt: skip
    assert list(found["stages"]) == ["launch", "passed", "sea", "not-coming", "unknown", "all-clear"]
    assert set(found["stages"]["launch"]["texts"]) == {"ja", "en", "de", "ko"}
    assert len(found["frames"]["frames"]) == 6
    assert found["frames"]["lost"]


def test_the_frames_say_each_stage_to_an_independent_decoder():
    found = json.loads(launch(REPORTS / "2017-08-29.toml", "--json").stdout)
    said = {"launch": "launched", "passed": "passed", "sea": "sea", "not-coming": "not come to Japan",
            "unknown": "launched", "all-clear": "not drop in Japan"}  # fmt: skip
    assert [frame["stage"] for frame in found["frames"]["frames"]] == list(said)
    for frame in found["frames"]["frames"]:
        heard = azarashi.decode(frame["hex"], "hex")
        assert [name.split()[0] for name in heard.ex9_target_area_list] == ["Hokkaido", "Aomori", "Iwate", "Akita"]
        assert said[frame["stage"]] in heard.a11_japanese_library


def test_html_is_one_page_without_outside_request(tmp_path):
    found = launch(REPORTS / "germany.json", "--html")
    assert found.returncode == 0
    assert found.stdout.startswith("<!doctype html>")
    assert "Civil-protection estimate" in found.stdout
    assert "<svg" in found.stdout
    assert not re.search(r"(href|src)\s*=\s*.https?:", found.stdout)
    assert launch(REPORTS / "germany.json", "--html", "-o", tmp_path / "page.html").stdout == ""
    assert "all of each Land" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_text_of_a_report_cannot_break_the_page(tmp_path):
    evil = (REPORTS / "2017-08-29.toml").read_text().replace('"Sunan"', '"<script>alert(1)</script>"')
    (tmp_path / "evil.toml").write_text(evil)
    assert "<script>" not in launch(tmp_path / "evil.toml", "--html").stdout


def test_a_newer_report_shows_what_changes(tmp_path):
    newer = (REPORTS / "2017-08-29.toml").read_text().replace("azimuth_deg = 72.6", "azimuth_deg = 84").replace(
        'event = "2017-08-29"', 'event = "2017-08-29"\nnumber = 2'
    )  # fmt: skip
    (tmp_path / "second.toml").write_text(newer)
    change = json.loads(launch(tmp_path / "second.toml", "--previous", REPORTS / "2017-08-29.toml", "--json").stdout)[
        "change"
    ]
    assert "JISX0401:02" in change["kept"]
    assert change["added"]
    assert change["people_to_approve"] in (1, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "no launch report"),
        (("nothing.toml",), 2, "nothing.toml"),
        ((Path(__file__),), 1, "neither TOML nor JSON"),
    ],
)
def test_wrong_use_and_wrong_reports(arguments, code, says):
    found = launch(*arguments)
    assert (found.returncode, found.stdout) == (code, "")
    assert says in found.stderr


def test_the_schema_is_published():
    assert json.loads(launch("--schema").stdout)["title"] == "Launch report"
