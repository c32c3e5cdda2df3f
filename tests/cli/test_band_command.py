"""`satwarn band send` and `satwarn band listen` as a provider uses them: two processes, a real group, real files."""

import base64
import hashlib
import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from house import SENDER, exercise, signed
from satwarn.adapters import clock
from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert.alert import Alert, Resource
from satwarn.alert.naming import resource_of
from satwarn.app.band_tools import Folder
from satwarn.errors import Missing
from satwarn.uplink.carousel import Priority

SATWARN = [sys.executable, "-m", "satwarn", "band"]
WAV = b"RIFF" + random.Random(1).randbytes(60_000)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_signing_key(SENDER, now=clock.now())


@pytest.fixture
def band() -> list[str]:
    return ["--group", "239.192.90.92", "--port", str(random.Random().randrange(20_000, 60_000))]


@pytest.fixture
def keys(tmp_path: Path, key: SigningKey) -> tuple[Path, Path]:
    files = tmp_path / "key.pem", tmp_path / "certificate.pem"
    files[0].write_bytes(key.key_pem)
    files[1].write_bytes(key.certificate_pem)
    return files


def alert_with(*resources: Resource, identifier: str = "one") -> Alert:
    now = clock.now().replace(microsecond=0)
    made = exercise(sent=now, identifier=identifier)
    infos = tuple(replace(info, resources=resources, expires=now + timedelta(hours=1)) for info in made.infos)
    return replace(made, infos=infos)


@contextmanager
def sending(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*SATWARN, "send", str(folder), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def listen(*words: str) -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run([*SATWARN, "listen", *words, "--json"], capture_output=True, text=True, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_an_alert_with_audio_and_an_image_comes_whole_and_every_file_is_the_one_that_was_signed(
    tmp_path: Path, key: SigningKey, keys: tuple[Path, Path], band: list[str]
) -> None:
    box, inbox = tmp_path / "outbox", tmp_path / "inbox"
    box.mkdir()
    alert = alert_with(
        resource_of(WAV, description="the announcement", mime_type="audio/x-wav"),
        resource_of(PNG, description="a map", mime_type="image/png"),
    )
    message = signed(alert, by=key)
    (box / "alert.xml").write_bytes(message)
    (box / "voice.wav").write_bytes(WAV)
    (box / "map.png").write_bytes(PNG)
    (box / "stray.txt").write_text("nobody names it")
    (box / "draft.xml").write_text("<alert/>")
    signing = ["--key", str(keys[0]), "--certificate", str(keys[1]), "--sender", SENDER]
    with sending(box, *band, "--bandwidth", "5M", *signing) as sender:
        trust = ["--trust", f"{SENDER}={keys[1]}", "--out", str(inbox)]
        code, said = listen(*band, *trust, "--for", "8")
        assert sender.poll() is None
    assert code == 0
    assert {one["kind"] for one in said} == {"message", "file", "heartbeat"}
    assert {file.read_bytes() for file in inbox.iterdir()} == {message, WAV, PNG}
    assert {file.suffix for file in inbox.iterdir()} >= {".xml", ".png"}
    assert all(hashlib.sha256(file.read_bytes()).hexdigest().startswith(file.stem) for file in inbox.iterdir())
    beats = [one["aboard"] for one in said if one["kind"] == "heartbeat"]
    assert beats[-1] == [hashlib.sha256(message).hexdigest()]


def test_a_stranger_s_message_is_refused_and_nothing_is_kept(
    tmp_path: Path, keys: tuple[Path, Path], band: list[str]
) -> None:
    box, inbox = tmp_path / "outbox", tmp_path / "inbox"
    box.mkdir()
    (box / "alert.xml").write_bytes(signed(alert_with(), by=make_signing_key(SENDER, now=clock.now())))
    with sending(box, *band):
        code, said = listen(*band, "--trust", f"{SENDER}={keys[1]}", "--out", str(inbox), "--for", "4")
    assert code == 1
    assert {(one["kind"], one["as"]) for one in said} == {("refused", "signature")}
    assert list(inbox.iterdir()) == []


def test_sending_says_what_it_does_and_what_it_does_not_send_and_ends_after_its_passes(
    tmp_path: Path, key: SigningKey, band: list[str]
) -> None:
    (tmp_path / "alert.xml").write_bytes(signed(alert_with(), by=key))
    (tmp_path / "unsigned.xml").write_bytes(b"<alert>")
    done = subprocess.run(
        [*SATWARN, "send", str(tmp_path), *band, "--bandwidth", "1M", "--passes", "2", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    state = json.loads(done.stdout.splitlines()[-1])
    assert state["passes"] > 2
    assert [one["name"] for one in state["aboard"]] == ["alert.xml"]
    assert done.stderr.count("unsigned.xml is not sent") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["send"],
        ["send", "no-such-folder"],
        ["send", ".", "--group", "192.0.2.1"],
        ["send", ".", "--bandwidth", "1k"],
        ["send", ".", "--ttl", "300"],
        ["send", ".", "--key", "key.pem"],
        ["send", ".", "--from-hub", "."],
        ["listen"],
        ["listen", "--trust", "nobody"],
        ["listen", "--trust", "a@b.example=no-such.pem"],
    ],
)
def test_wrong_use_is_two(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run([*SATWARN, *words], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_read_again_when_it_changes_and_what_is_over_goes(tmp_path: Path, key: SigningKey) -> None:
    now = [clock.now()]
    folder = Folder(tmp_path, now=lambda: now[0])
    assert folder.load() == ()
    (tmp_path / "alert.xml").write_bytes(signed(alert_with(), by=key))
    (loaded,) = folder.load()
    assert (loaded.priority, loaded.is_message) == (Priority.DRILL, True)
    assert folder.load() == (loaded,)
    (tmp_path / "alert.xml").unlink()
    assert folder.load() == ()
    (tmp_path / "again.xml").write_bytes(loaded.content)
    now[0] += timedelta(hours=2)
    assert folder.load() == ()
    assert "it expired" in folder.troubles["again.xml"]
    with pytest.raises(Missing):
        Folder(tmp_path / "gone").load()
