"""`satwarn frame` as a Unix user meets it."""

import json
import shlex
import subprocess
import sys

import jsonschema
import pytest
from tests.frame.vectors import everything, load
from typer.testing import CliRunner

from satwarn.cli import app
from satwarn.errors import SatwarnError
from satwarn.frame import CONTAINERS, Heard, decode, encode, l1s

FRAMES = [vector["hex"] for vector in load("real")]
AT = ["--received", "2026-06-03T12:00:00Z"]


SATWARN = [sys.executable, "-c", "from satwarn.cli import main; main()"]


def frame(*words, data=b""):
    """The command's exit code, its lines on stdout, and what it said on stderr."""
    done = CliRunner().invoke(app, ["frame", *words], input=data)
    if isinstance(done.exception, SatwarnError):  # what `main` makes of it
        return done.exception.exit_code, done.stdout.splitlines(), str(done.exception)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout.splitlines(), done.stderr


HEX = "\n".join(FRAMES).encode()


@pytest.fixture(scope="module")
def lines():
    code, found, said = frame("decode", "-", "--json", *AT, data=HEX)
    assert (code, said) == (0, "")
    return found


def test_one_compact_object_a_frame_in_input_order(lines):
    assert len(lines) == len(FRAMES)
    for line, vector in zip(lines, load("real"), strict=True):
        assert line.startswith("{")
        assert json.loads(line) == vector["meaning"]
        assert line == json.dumps(vector["meaning"], ensure_ascii=False, separators=(",", ":"))


def test_other_types_are_passed_on(lines):
    others = [json.loads(line) for line in lines if '"hex"' in line]
    assert {frozenset(other) for other in others} == {frozenset(("message_type", "hex"))}
    assert {other["message_type"] for other in others} == {47, 48, 49, 50, 63}


def test_encode_gives_the_identical_frames(lines):
    code, found, said = frame("encode", "-", data="\n".join(lines).encode())
    assert (code, found, said) == (0, FRAMES, "")


def test_without_a_reception_time_the_frames_come_back_too():
    made = "\n".join(vector["hex"] for vector in everything()).encode()
    _, found, _ = frame("decode", "-", "--json", data=made)
    code, again, _ = frame("encode", "-", data="\n".join(found).encode())
    assert code == 0
    assert "\n".join(again).encode() == made


@pytest.mark.parametrize("name", CONTAINERS)
def test_convert_there_and_back(name, tmp_path):
    there = tmp_path / "there"
    assert frame("convert", "-", "--to", name, "--satellite", "186", "--out", str(there), data=HEX)[0] == 0
    code, found, said = frame("convert", str(there))
    assert (code, found, said) == (0, FRAMES, "")


def test_repeats_noise_and_broken_ones():
    good = CONTAINERS["nmea"].write(Heard(l1s.from_hexadecimal(FRAMES[0]), satellite=184))
    bad = good[:20] + b"F" + good[21:]
    code, found, said = frame("decode", "--json", data=b"\x00\xff" + good + bad + good + b"trailing")
    assert code == 0
    assert len(found) == 2
    assert json.loads(found[0])["satellite"] == 184
    assert "stdin, byte 80: $QZQSM: checksum" in said
    assert "bytes are no part of a frame" in said


def test_text_is_for_people():
    code, found, _ = frame("decode", "--lang", "en", data=FRAMES[155].encode())
    assert code == 0
    assert found[0].startswith("J-Alert · Test")
    assert any(line.startswith("Area: ") for line in found)


def test_exit_codes(tmp_path):
    assert frame("decode", data=b"")[0] == 1
    assert frame("decode", data=b"\x00" * 500)[0] == 1
    assert frame("decode", str(tmp_path / "none"))[0] == 2
    assert frame("decode", str(tmp_path))[0] == 2
    assert frame("decode", "--lang", "xx", data=HEX)[0] == 2
    assert frame("decode", "--received", "soon", data=HEX)[0] == 2
    assert frame("decode", "--no-such-option")[0] == 2
    assert frame("convert", "--to", "morse", data=HEX)[0] == 2
    assert frame("convert", "--satellite", "1", data=HEX)[0] == 2
    assert frame("convert", data=b"")[0] == 1
    assert frame("table", "no-such-table")[0] == 2
    assert frame()[0] in (0, 2)


def test_encode_says_which_line_is_wrong_and_goes_on(lines):
    wrong = [lines[0], "no json", "[1]", '{"kind":"marine"}', lines[1].replace('"counter":', '"counter":9'), lines[2]]
    code, found, said = frame("encode", data="\n".join(wrong).encode())
    assert code == 1
    assert found[0] == FRAMES[0]
    assert found[-1] == FRAMES[2]
    for number in (2, 3, 4):
        assert f"stdin, line {number}:" in said


def test_several_files_in_order(tmp_path):
    (tmp_path / "a").write_text(FRAMES[3])
    (tmp_path / "b").write_text(FRAMES[1] + "\n")
    _, found, _ = frame("decode", "--json", *AT, str(tmp_path / "a"), str(tmp_path / "b"))
    assert [json.loads(line) for line in found] == [load("real")[3]["meaning"], load("real")[1]["meaning"]]


def test_a_process_of_its_own_gives_the_same(lines):
    done = subprocess.run([*SATWARN, "frame", "decode", "-", "--json", *AT], input=HEX, capture_output=True)
    assert (done.returncode, done.stdout.decode().splitlines(), done.stderr) == (0, lines, b"")
    for wrong in (["decode", "no-such-file"], ["decode", "--no-such-option"]):
        assert subprocess.run([*SATWARN, "frame", *wrong], capture_output=True).returncode == 2


def test_a_reader_that_stops_is_no_error():
    command = shlex.join([*SATWARN, "frame", "decode", "-", "--json"])
    done = subprocess.run(f"{command} | head -1", shell=True, input=HEX * 40, capture_output=True)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


def test_tables():
    code, names, _ = frame("table")
    assert code == 0
    assert {"hazard", "prefecture", "instruction_japan", "severity"} <= set(names)
    _, found, _ = frame("table", "prefecture", "--lang", "ja")
    assert found[0] == "1\t北海道"
    _, found, _ = frame("table", "hazard", "--json")
    assert json.loads(found[8]) == {"code": 8, "name": "Missile attack", "status": "valid"}


def test_the_published_form_is_a_schema(lines):
    _, found, _ = frame("schema")
    form = json.loads("\n".join(found))
    jsonschema.Draft202012Validator.check_schema(form)
    jsonschema.validate(json.loads(lines[0]), form)


def test_watching_a_file_tells_each_message_once(tmp_path):
    log = tmp_path / "log.nmea"
    one_frame = l1s.from_hexadecimal(FRAMES[155])
    one = CONTAINERS["nmea"].write(Heard(one_frame, satellite=184))
    log.write_bytes(one * 5 + one.replace(b"$", b"#"))
    code, found, _ = frame("watch", str(log), "--once", "--json")
    assert code == 0
    assert [json.loads(line)["link"] for line in found] == ["begins"]
    code, found, said = frame("watch", f"file:{log}", "--once")
    assert "satellite 184" in found[0]
    assert said == ""
    later = encode(decode(one_frame), preamble=0x53, counter=(l1s.counter(one_frame) + 3) % 16)
    log.write_bytes(one + CONTAINERS["nmea"].write(Heard(later, satellite=184)))
    assert "satellite 184: 2 messages of this type lost" in frame("watch", str(log), "--once")[2]
    log.write_text(f"{one_frame.hex()}\n{later.hex()}\n")  # hexadecimal says no satellite: nothing can be counted
    assert frame("watch", str(log), "--once")[2] == ""
    assert frame("watch", str(tmp_path / "none"))[0] == 2
    assert frame("watch", "udp:nowhere")[0] == 2


def test_help_has_examples():
    for command in ("decode", "encode", "convert", "watch", "table", "schema"):
        code, found, _ = frame(command, "--help")
        assert code == 0
        assert any("Example" in line for line in found), command
