"""`satwarn alert`, as a person or a script calls it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alert_making import NOON, SENDER, make_alert, make_info
from satwarn.alert import cap, seal
from satwarn.cli.alert import app

FILE = re.compile(r"[a-z]+\.(xml|json|pem)")
GOOD = cap.write(make_alert())
BROKEN = GOOD.replace(b"35.3,134 12.5", b"nowhere")


@pytest.fixture
def call(tmp_path):
    (tmp_path / "good.xml").write_bytes(GOOD)
    (tmp_path / "broken.xml").write_bytes(BROKEN)
    (tmp_path / "noise.xml").write_bytes(b"\x00\x01")
    (tmp_path / "feed.json").write_bytes(b"{}")

    def run(*words):
        files = [
            str(tmp_path / word) if "." in word and not word.startswith("-") and "=" not in word else word
            for word in words
        ]
        return CliRunner().invoke(app, files)

    return run


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["good.xml"], 0),
        (["broken.xml"], 1),
        (["noise.xml"], 2),
        (["feed.json"], 0),
        (["good.xml", "broken.xml"], 1),
        (["good.xml", "noise.xml", "broken.xml"], 2),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"], ["--sarif"]])
def test_check_exits_by_the_worst_file(call, files, code, form):
    assert call("check", *files, *form).exit_code == code


def test_check_says_where_and_how_to_mend(call):
    said = call("check", "broken.xml").stdout
    assert "circle-form" in said
    assert "/alert/info[1]/area/circle" in said
    assert "mend: 35.0,135.0 12.5" in said


def test_check_as_json_has_every_part_of_a_finding(call):
    (answer,) = json.loads(call("check", "broken.xml", "--json").stdout)
    assert answer["valid"] is False
    finding = next(f for f in answer["findings"] if f["rule"] == "circle-form")
    assert set(finding) == {"rule", "path", "line", "column", "severity", "what", "fix"}
    assert finding["severity"] == "error"


def test_check_as_sarif_names_its_rules(call):
    sarif = json.loads(call("check", "good.xml", "broken.xml", "--sarif").stdout)
    assert sarif["version"] == "2.1.0"
    run = sarif["runs"][0]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= known
    error = next(r for r in run["results"] if r["level"] == "error")
    assert error["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def test_a_profile_applies_only_when_asked_for(call):
    assert call("check", "good.xml").exit_code == 0
    assert call("check", "good.xml", "--profile", "ipaws").exit_code == 1
    assert call("check", "good.xml", "--profile", "nobody").exception.exit_code == 2


def test_expiry_does_not_change_the_answer(call):
    late = call("check", "good.xml", "--at", "2030-01-01T00:00:00", "--json")
    assert late.exit_code == 0
    assert "expired" in late.stdout


def test_show_labels_what_is_not_real_in_its_language(call):
    said = call("show", "good.xml", "--language", "en").stdout
    assert said.index("This is an exercise.") < said.index("This is a drill.") < said.index("This was an exercise.")
    assert "これは訓練です。" in call("show", "good.xml", "--language", "ja").stdout
    page = call("show", "good.xml", "--html").stdout
    assert page.startswith("<!doctype html>")
    assert "&amp; nothing else, 3 &lt; 4" in page
    assert json.loads(call("show", "good.xml", "--json").stdout)["status"] == "Exercise"


@pytest.fixture
def keys(tmp_path, signer):
    (tmp_path / "key.pem").write_bytes(signer.key_pem)
    (tmp_path / "certificate.pem").write_bytes(signer.certificate_pem)
    return f"{SENDER}={tmp_path / 'certificate.pem'}"


def test_sign_and_verify(call, keys, tmp_path, signer):
    made = call("sign", "good.xml", "--key", "key.pem", "--certificate", "certificate.pem", "-o", "signed.xml")
    assert made.exit_code == 0, made.output
    at = NOON.strftime("%Y-%m-%dT%H:%M:%S")
    judged = call("verify", "signed.xml", "--trust", keys, "--at", at, "--json")
    assert judged.exit_code == 0, judged.output
    assert json.loads(judged.stdout)[0]["verdict"] == "trusted"
    assert call("verify", "signed.xml", "--trust", keys, "--at", "2030-01-01T00:00:00").exit_code == 1
    assert call("verify", "signed.xml", "--at", at).exit_code == 1
    assert "none" in call("verify", "good.xml").stdout
    signed = cap.read((tmp_path / "signed.xml").read_bytes()).alert
    info = signed.infos[0]
    assert seal.resource_holds(info, 1, seal.content(info.resources[0]))
    assert not seal.resource_holds(info, 1, b"another file")


def test_convert_writes_strict_cap_and_says_what_was_odd(call, tmp_path):
    odd = GOOD.replace(b"T02:00:00-00:00</sent>", b"T02:00:00.5Z</sent>")
    (tmp_path / "odd.xml").write_bytes(odd)
    done = call("convert", "odd.xml", "-o", "strict.xml")
    assert done.exit_code == 0
    assert "cap-datetime" in done.stderr
    strict = (tmp_path / "strict.xml").read_bytes()
    assert cap.check_schema(strict) == []
    assert cap.read(strict).alert == make_alert()


def test_convert_takes_a_feed_apart(call, tmp_path):
    inner = GOOD.split(b"?>", 1)[1]
    (tmp_path / "feed.xml").write_bytes(b"<alerts>" + inner + inner + b"</alerts>")
    assert call("convert", "feed.xml").exception
    assert call("convert", "feed.xml", "--each", str(tmp_path / "out.d")).exit_code == 0
    assert [file.name for file in sorted((tmp_path / "out.d").iterdir())] == ["0001.xml", "0002.xml"]


def test_diff_tells_what_differs(call, tmp_path):
    assert call("diff", "good.xml", "good.xml").exit_code == 0
    other = make_alert(infos=(make_info(headline="Another headline"), make_alert().infos[1]))
    (tmp_path / "other.xml").write_bytes(cap.write(other))
    done = call("diff", "good.xml", "other.xml", "--json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert [d["path"] for d in answer["differences"]] == ["/alert/info[en-US]/headline"]
    assert [f["rule"] for f in answer["findings"]] == ["advice-left-behind"]


def test_encode_shows_the_frame_and_what_is_lost(call):
    at = NOON.strftime("%Y-%m-%dT%H:%M:%S")
    done = call("encode", "good.xml", "--at", at)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("53B0000DE2E216F92088")
    assert "exercise: A1 has one code for every test" in done.stdout
    answer = json.loads(call("encode", "good.xml", "--at", at, "--json").stdout)
    assert {"service", "frames", "losses", "area", "hazard"} <= set(answer)


def test_decode_makes_an_alert_that_encodes_to_the_same_frame(call, tmp_path):
    frame = "53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"
    at = NOON.strftime("%Y-%m-%dT%H:%M:%S")
    assert call("decode", frame, "--at", at, "-o", "heard.xml").exit_code == 0
    assert cap.read((tmp_path / "heard.xml").read_bytes()).alert.status == "Test"
    assert call("encode", "heard.xml", "--at", at, "--hex").stdout.strip() == frame


def test_it_works_in_a_pipe():
    satwarn = Path(sys.executable).with_name("satwarn")
    done = subprocess.run([satwarn, "alert", "check", "-"], input=BROKEN, capture_output=True, check=False)
    assert done.returncode == 1
    missing = subprocess.run([satwarn, "alert", "check", "no-such-file.xml"], capture_output=True, check=False)
    assert missing.returncode == 2
