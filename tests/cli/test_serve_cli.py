"""`satwarn serve` as a person starts it; `publish` and `ledger` beside it."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

SATWARN = [str(Path(sys.executable).with_name("satwarn"))]


def satwarn(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SATWARN, *words], capture_output=True, text=True, check=False)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path, str]]:
    """A hub started by the command line: its port, its folder, and what it printed."""
    port, folder = free_port(), tmp_path_factory.mktemp("served")
    hub = subprocess.Popen(
        [*SATWARN, "serve", "--port", str(port), "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert hub.stdout is not None
    said = ""
    while said.count("first administrator") < 2:
        line = hub.stdout.readline().decode()
        assert line, f"it did not come up: {said}"
        said += line
    yield port, folder, said
    hub.send_signal(signal.SIGTERM)
    assert hub.wait(20) in (0, -signal.SIGTERM)
    hub.stdout.close()


def get(port: int, path: str, host: str = "127.0.0.1", **headers: str) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(f"http://{host}:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def test_it_says_where_it_is_and_how_the_first_person_comes_in(served: tuple[int, Path, str]) -> None:
    port, _, said = served
    assert f"http://localhost:{port}" in said
    assert f"http://training.localhost:{port}" in said
    assert re.search(rf"http://localhost:{port}/desk/first\?token=\S{{40,}}", said)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_public_page_sets_nothing_and_names_nobody(served: tuple[int, Path, str], host: str) -> None:
    status, text, headers = get(served[0], "/", host)
    assert status == 200
    assert "set-cookie" not in {name.lower() for name in headers}
    assert not re.findall(r"https?://", text)


@pytest.mark.parametrize("path", ["/openapi.json", "/healthz", "/readyz", "/metrics", "/feed.atom", "/desk/sign-in"])
def test_what_is_named_is_there(served: tuple[int, Path, str], path: str) -> None:
    assert get(served[0], path)[0] == 200


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/desk", "/healthz"])
def test_head_answers_as_get_does_without_the_body(served: tuple[int, Path, str], path: str) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", served[0])) as connection:
        connection.request("HEAD", path)
        answer = connection.getresponse()
        assert answer.status in (200, 302, 303, 307)
        assert answer.read() == b""


def test_the_sandbox_is_another_world(served: tuple[int, Path, str]) -> None:
    port = served[0]
    _, text, _ = get(port, "/", Host=f"training.localhost:{port}")
    assert "SANDBOX" in text
    assert "SANDBOX" not in get(port, "/")[1]


def test_a_port_that_is_taken_is_said_so_and_nothing_is_opened(served: tuple[int, Path, str], tmp_path: Path) -> None:
    done = satwarn("serve", "--port", str(served[0]), "--data", str(tmp_path / "second"))
    assert (done.returncode, "cannot answer there" in done.stderr) == (2, True)
    assert not (tmp_path / "second").exists()


def test_a_second_hub_on_the_same_folder_is_refused(served: tuple[int, Path, str]) -> None:
    second = satwarn("serve", "--port", str(free_port()), "--data", str(served[1]))
    assert second.returncode == 2
    assert "another hub runs on this folder" in second.stderr
    assert get(served[0], "/healthz")[0] == 200


def test_publish_writes_pages_that_ask_nobody(served: tuple[int, Path, str], tmp_path: Path) -> None:
    done = satwarn("publish", str(tmp_path / "out"), "--data", str(served[1]))
    assert done.returncode == 0, done.stderr
    pages = sorted(file.name for file in (tmp_path / "out").glob("*.html"))
    assert pages == ["index.de.html", "index.html", "index.ja.html", "index.ko.html"]
    assert not re.findall(r"https?://|<script", (tmp_path / "out" / "index.html").read_text())
    assert (tmp_path / "out" / "static" / "pages.css").is_file()


def test_a_wrong_folder_never_says_that_nothing_is_on(tmp_path: Path) -> None:
    done = satwarn("publish", str(tmp_path / "out"), "--data", str(tmp_path / "mistyped"))
    assert done.returncode == 2, done.stdout
    assert "--data" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_ledger_is_signed_exported_and_checked_by_an_outsider(served: tuple[int, Path, str], tmp_path: Path) -> None:
    ledger, key, public = served[1] / "live" / "ledger.db", tmp_path / "auditor.pem", tmp_path / "auditor.pub"
    public.write_text(satwarn("ledger", "key", str(key)).stdout)
    assert key.stat().st_mode & 0o077 == 0
    assert satwarn("ledger", "checkpoint", str(ledger), "--key", str(key)).returncode == 0
    export = tmp_path / "export.jsonl"
    export.write_text(satwarn("ledger", "export", str(ledger)).stdout)
    good = satwarn("ledger", "verify", str(export), "--key", str(public), "--json")
    assert (good.returncode, json.loads(good.stdout)["holds"]) == (0, True)

    other = tmp_path / "other.pub"
    other.write_text(satwarn("ledger", "key", str(tmp_path / "other.pem")).stdout)
    assert satwarn("ledger", "verify", str(export), "--key", str(other)).returncode == 1
    forged = tmp_path / "forged.jsonl"
    forged.write_text(export.read_text().replace('"position": 1,', '"position": 2,', 1))
    assert satwarn("ledger", "verify", str(forged), "--key", str(public)).returncode == 1
    assert satwarn("ledger", "verify", str(export), "--key", str(tmp_path / "none.pub")).returncode == 2
    assert satwarn("ledger", "key", str(key)).returncode == 2  # a key is never overwritten


def test_a_backup_of_a_ledger_in_use_is_put_back(served: tuple[int, Path, str], tmp_path: Path) -> None:
    ledger, copy, back = served[1] / "live" / "ledger.db", tmp_path / "copy.db", tmp_path / "new" / "ledger.db"
    assert satwarn("ledger", "backup", str(ledger), str(copy)).returncode == 0
    assert satwarn("ledger", "restore", str(copy), str(back)).returncode == 0
    assert satwarn("ledger", "verify", str(back)).returncode == 0
    assert satwarn("ledger", "restore", str(copy), str(back)).returncode == 2


@pytest.mark.parametrize("words", [["--port", "no"], ["--with-sites", "atlantis"], ["--zone", "Nowhere/Here"]])
def test_wrong_use_is_two(words: list[str], tmp_path: Path) -> None:
    done = satwarn("serve", "--data", str(tmp_path), *words)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
