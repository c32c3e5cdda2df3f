"""`satwarn area` as a person or a script meets it."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

SATWARN = Path(sys.executable).with_name("satwarn")
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"N03_004": "米子市", "N03_007": "31202"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[133.2, 35.3], [133.5, 35.3], [133.5, 35.5], [133.2, 35.5], [133.2, 35.3]]],
            },
        }
    ],
}


@pytest.fixture
def area(tmp_path):
    def run(*arguments):
        environment = os.environ | {"SATWARN_AREAS": str(tmp_path / "areas")}
        return subprocess.run(
            [str(SATWARN), "area", *map(str, arguments)], capture_output=True, text=True, check=False, env=environment,
            cwd=tmp_path, timeout=120,
        )  # fmt: skip

    return run


@pytest.fixture
def drawn(tmp_path):
    file = tmp_path / "area.geojson"
    file.write_text(json.dumps(GEOJSON), encoding="utf-8")
    return file


def test_find(area):
    found = area("find", "Yonago")
    assert found.returncode == 0
    assert "31202" in found.stdout
    assert "米子市" in found.stdout
    answer = json.loads(area("find", "米子", "--json").stdout)
    assert [one["code"] for one in answer["places"]] == ["31202"]
    lost = area("find", "Yonaga")
    assert (lost.returncode, lost.stdout) == (1, "")
    assert "Yonago" in lost.stderr


def test_at_names_every_level_and_takes_negative_coordinates(area):
    yonago = area("at", "35.43", "133.33")
    assert yonago.returncode == 0
    assert all(word in yonago.stdout for word in ("31202", "米子市", "Yonago", "鳥取県", "日本"))
    assert "raster" in yonago.stderr
    assert "Bayern" in area("at", "48.14", "11.58").stdout
    sydney = area("at", "-33.9", "151.2", "--json")
    assert [one["code"] for one in json.loads(sydney.stdout)["places"]] == ["AU"]
    assert json.loads(area("at", "--json", "-34.6", "-58.4").stdout)["places"][0]["code"] == "AR"
    assert area("at", "0", "0").returncode == 1
    assert area("at", "95", "0").returncode == 2
    assert area("at", "0", "181").returncode == 2
    assert area("at", "north", "0").returncode == 2


def test_resolve_gives_codes_with_shares(area, drawn):
    found = json.loads(area("resolve", drawn, "--json").stdout)["touched"]
    shares = {(one["scheme"], one["code"]): one["share"] for one in found}
    assert 0 < shares["JISX0401", "31"] < 0.5
    assert shares["JISX0402", "31202"] > 0.5
    assert "31202" in area("resolve", drawn).stdout
    gone = area("resolve", "nowhere.geojson")
    assert gone.returncode == 2
    assert "nowhere.geojson" in gone.stderr


def test_resolve_reads_a_cap_alert(area, tmp_path):
    from satwarn.alert import cap
    from satwarn.alert.purpose import Purpose
    from satwarn.area.atlas import shipped_atlas
    from satwarn.authority.launch import propose
    from satwarn.authority.launch_draft import draft
    from satwarn.authority.launch_report import read
    from satwarn.people.language import language

    atlas = shipped_atlas()
    report = Path(__file__).parents[1] / "authority/launch/2017-08-29.toml"
    proposal = propose(read(report.read_bytes()), atlas)
    words = {"en": language("en").sentence("missile-launch")}
    alert = draft(proposal, proposal.stages[0], words, atlas, sender="t@example", purpose=Purpose.EXERCISE)
    (tmp_path / "alert.xml").write_bytes(cap.write(alert))
    found = json.loads(area("resolve", "alert.xml", "--json").stdout)["touched"]
    assert {"01", "02", "03", "05"} <= {
        one["code"] for one in found if one["scheme"] == "JISX0401" and one["share"] > 0.99
    }


def test_fit_gives_ellipse_and_mask_with_overreach(area, drawn):
    found = json.loads(area("fit", "31", "32", "33", "--json").stdout)
    assert found["mask"] == {"prefectures": ["31", "32", "33"], "overreach": 0.0}
    assert found["ellipse"]["overreach"] > 0.5
    assert found["ellipse"]["semi_major_km"] > found["ellipse"]["semi_minor_km"]
    assert "overreach" in area("fit", drawn).stdout
    wrong = area("fit", "31999")
    assert wrong.returncode == 1
    assert "31999" in wrong.stderr


def test_map_draws_svg_and_png(area, tmp_path):
    assert area("map", "31", "32", "-o", "map.svg", "--title", "Two <prefectures>").returncode == 0
    svg = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert "Two &lt;prefectures&gt;" in svg
    assert "http://www.w3.org/2000/svg" in svg
    assert svg.count("http") == 1
    assert 'class="area"' in svg
    told = json.loads(area("map", "DE-BY", "-o", "map.png", "--json").stdout)
    assert (told["file"], told["title"]) == ("map.png", "DE-BY")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert area("map", "31", "-o", "map.gif").returncode == 2


def test_import_takes_the_place_of_the_built_in_layer(area, drawn):
    taken = area("import", drawn, "--code", "N03_007", "--name", "N03_004")
    assert taken.returncode == 0, taken.stderr
    assert "1 units (JISX0402, municipality)" in taken.stdout
    at = json.loads(area("at", "35.43", "133.33", "--json").stdout)["places"]
    assert (at[-1]["code"], at[-1]["made_of"]) == ("31202", "imported")
    assert json.loads(area("resolve", drawn, "--json").stdout)["touched"][-1]["share"] == pytest.approx(1, abs=0.001)
    wrong = area("import", drawn, "--code", "AGS")
    assert wrong.returncode == 2
    assert "N03_007" in wrong.stderr


def test_the_examples_of_the_how_to_page_run(area):
    page = (Path(__file__).parents[2] / "docs/how-to/areas.md").read_text(encoding="utf-8")
    examples = [line for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(examples) == 5
    for line in examples:
        assert area(*shlex.split(line)[2:]).returncode == 0, line
