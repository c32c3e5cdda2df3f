"""From the desk to a receiver and back, everything real: a served hub, a receiver enrolled at it, TLS between them,
processes that are killed; and the receiver's own enrolment and renewal."""

import json
import os
import signal
import stat
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from satwarn.adapters import clock, secret
from satwarn.adapters.keys import make_officer_key
from satwarn.app.realm import Realm, RealmSettings, World
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.rights import Role
from satwarn.authority.roster import hash_secret
from web.conftest import free_port

PEOPLE = {"Tanaka": {Role.AUTHOR, Role.ADMINISTRATOR}, "Sato": {Role.APPROVER}, "Mori": {Role.DUTY_OFFICER}}
SCOPES = ["read", "draft", "submit", "issue", "approve", "enrol site", "revoke site", "unlock retraction", "retract"]
SITE = "31202.school"
SATWARN = [sys.executable, "-m", "satwarn"]


def wait(true: Callable[[], Any], *, within_s: float = 30.0) -> Any:
    """Until another process has done it; what `true` answered."""
    deadline = clock.stopwatch() + within_s
    while not (found := true()):
        assert clock.stopwatch() < deadline, "it did not happen in time"
        clock.wait(0.05)
    return found


@dataclass
class Served:
    """A hub in a process of its own, and its people's programs."""

    data: Path
    port: int = field(default_factory=free_port)
    ground: int = field(default_factory=free_port)
    keys: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def appoint(self) -> None:
        """Write the people into the ledger before the hub is served."""
        realm = Realm(
            RealmSettings(world=World.LIVE, folder=self.data / "live", sender="hub@satwarn.example", zone=UTC),
            now=clock.now,
        )
        realm.start()
        until = (clock.now() + timedelta(days=1)).isoformat()
        for name, roles in PEOPLE.items():
            self.keys[name], self.secrets[name] = make_officer_key(), secret.token()
            public = self.keys[name].public_key().public_bytes_raw().hex()
            body = {"roles": sorted(roles), "jurisdiction": EVERYWHERE.to_json(), "public_key": public}
            key = {"id": name, "hashed": hash_secret(self.secrets[name]), "scopes": SCOPES, "until": until}
            for kind, what in (("appoint", body), ("make key", key)):
                realm.submit(lambda k=kind, n=name, w=what: realm.record(k, f"person/{n}", w)).result()  # type: ignore[misc]  # bound
        realm.stop()

    def start(self) -> None:
        options = ["--port", str(self.port), "--ground-port", str(self.ground), "--data", str(self.data)]
        self.process = subprocess.Popen([*SATWARN, "serve", *options], stdout=subprocess.DEVNULL)
        wait(lambda: self.answers("/healthz"))
        wait(lambda: self.api("Tanaka", "/ground")["up"])

    def answers(self, path: str) -> bool:
        try:
            return httpx.get(f"{self.url}{path}").status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ground_pid(self) -> int:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = {
            int(pid) for task in children.parent.parent.iterdir() for pid in (task / "children").read_text().split()
        }
        return next(pid for pid in found if b"ground_process" in Path(f"/proc/{pid}/cmdline").read_bytes())

    def api(self, person: str, path: str, *, method: str = "GET", **body: Any) -> Any:
        headers = {"authorization": f"Bearer {self.secrets[person]}"}
        more = {"json": body} if method == "POST" else {}
        answer = httpx.request(method, f"{self.url}/api{path}", headers=headers, timeout=20, **more)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    def warn(self, purpose: str = "real") -> str:
        """Two people agree; the identifier of what is on the air then."""
        draft = {
            "hazard": "missile",
            "purpose": purpose,
            "severity": "Extreme",
            "minutes": 30,
            "codes": ["31202"],
            "said": {
                "en": {"headline": "Missile", "description": "It may fall nearby.", "instruction": "Take shelter."}
            },
        }
        subject = self.api("Tanaka", "/warnings", method="POST", **draft)["subject"]
        self.api("Tanaka", f"/warnings/{subject}/submit", method="POST", typed="missile attack")
        stands = self.api("Sato", f"/warnings/{subject}")
        proof = self.keys["Sato"].sign(stands["statement"].encode()).hex()
        assent = {"by": "key", "proof": proof}
        body = {"digest": stands["digest"], "assent": assent, "at_once": True, "typed": "missile attack"}
        return str(self.api("Sato", f"/warnings/{subject}/approve", method="POST", **body)["identifier"])

    def receipts(self, identifier: str, site: str = SITE) -> list[dict[str, Any]]:
        page = self.api("Tanaka", f"/ledger?subject={site}&limit=1000")
        found = [json.loads(entry["text"]) for entry in reversed(page) if entry["kind"] == "receipt"]
        return [receipt for receipt in found if receipt["identifier"] == identifier]

    def line(self, site: str = SITE) -> str:
        return next(one["line"] for one in self.api("Tanaka", "/sites") if one["code"] == site)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(data=tmp_path_factory.mktemp("hub"))
    served.appoint()
    served.start()
    yield served
    assert served.process is not None
    served.process.terminate()
    served.process.wait(20)


def cli(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*SATWARN, "receiver", *words], capture_output=True, text=True, timeout=60, check=False)


def test_enrol_writes_what_run_reads_and_refuses_a_spent_code(hub: Served, tmp_path: Path) -> None:
    code = hub.api("Tanaka", "/sites", method="POST", code="31201")["invitation"]
    out = tmp_path / "site"
    done = cli("enrol", "--hub", hub.url, "--code", code, "--out", str(out), "--folder", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["site"], said["ground"]) == ("31201", f"wss://localhost:{hub.ground}")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()}
    assert modes.pop("site.key") == 0o600
    assert set(modes) == {"site.pem", "authority.pem", "warning.pem", "site.toml"}
    values = tomllib.loads((out / "site.toml").read_text())
    assert values["trust"] == [{"sender": "hub@satwarn.example", "certificate": "warning.pem"}]
    assert set(values["ground"]) == {"address", "certificate", "key", "authority"}
    assert cli("check", str(out / "site.toml"), "--no-reach").returncode in (0, 1)
    again = cli("enrol", "--hub", hub.url, "--code", code, "--out", str(tmp_path / "other"))
    assert again.returncode == 1
    assert "used before" in again.stderr
    assert not (tmp_path / "other").exists()


def test_enrol_believes_no_hub_it_cannot_know(hub: Served, tmp_path: Path) -> None:
    plain = cli("enrol", "--hub", "http://hub.example.jp", "--code", "X", "--out", str(tmp_path / "a"))
    assert plain.returncode == 2
    assert "--fingerprint" in plain.stderr
    code = hub.api("Tanaka", "/sites", method="POST", code="31203")["invitation"]
    other = cli("enrol", "--hub", hub.url, "--code", code, "--out", str(tmp_path / "a"), "--fingerprint", "00" * 32)
    assert other.returncode == 1
    assert "fingerprint" in other.stderr
    assert not (tmp_path / "a").exists()
    nobody = cli("enrol", "--hub", f"http://localhost:{free_port()}", "--code", "X", "--out", str(tmp_path / "a"))
    assert nobody.returncode == 2


@dataclass
class Receiver:
    """`satwarn receiver run` with the files of its enrolment, silent outputs, and a status page."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        toml = (self.folder / "site.toml").read_text()
        if "[status]" not in toml:
            speaker = '[[output]]\nname = "speaker"\nkind = "speaker"\n'
            assert speaker in toml
            more = f'[[output]]\nname = "wav"\nkind = "wav"\naddress = "{self.folder}/wav"\n'
            status = f'[status]\naddress = "127.0.0.1:{self.port}"\n'
            (self.folder / "site.toml").write_text(toml.replace(speaker, more) + status)
        run = [*SATWARN, "receiver", "run", "--config", str(self.folder / "site.toml")]
        self.process = subprocess.Popen(run)

    def state(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/status.json", timeout=5) as answer:
                found: dict[str, Any] = json.loads(answer.read())
                return found
        except OSError:
            return {}

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)


@pytest.fixture
def receiver(hub: Served, tmp_path: Path) -> Iterator[Receiver]:
    code = hub.api("Tanaka", "/sites", method="POST", code=SITE)["invitation"]
    done = cli("enrol", "--hub", hub.url, "--code", code, "--out", str(tmp_path), "--folder", str(tmp_path / "state"))
    assert done.returncode == 0, done.stderr
    made = Receiver(tmp_path)
    made.start()
    yield made
    made.stop()


def test_from_the_desk_to_the_box_and_back_through_every_failure(hub: Served, receiver: Receiver) -> None:
    wait(lambda: hub.line() == "connected")

    begun = clock.stopwatch()
    first = hub.warn()
    took = wait(lambda: hub.receipts(first))[0]
    assert clock.stopwatch() - begun < 10
    assert (took["act"], took["first_path"]) == ("sounded", "ground")
    wait(lambda: any(r["outputs"] for r in hub.receipts(first)))

    pid = hub.ground_pid()  # the ground is cut while a warning is issued
    os.kill(pid, signal.SIGKILL)
    second = hub.warn()
    wait(lambda: hub.receipts(second))
    assert hub.ground_pid() != pid
    assert hub.api("Tanaka", "/ground")["restarts"] >= 1

    hub.kill()  # the whole hub: it comes back with all that was on, and nothing begins twice
    hub.start()
    wait(lambda: hub.line() == "connected", within_s=60)
    third = hub.warn()
    wait(lambda: hub.receipts(third))
    for identifier in (first, second, third):
        ran = [(r["line"]["run"], r["line"]["number"]) for r in hub.receipts(identifier)]
        assert len(ran) == len(set(ran))
    warned = [event for event in receiver.state()["events"] if event["kind"] == "warn"]
    assert len(warned) == 3

    hub.api("Mori", f"/sites/{SITE}", method="DELETE")
    wait(lambda: hub.line() == "")
    wait(lambda: "revoked" in receiver.state().get("faults", {}).get("ground", ""), within_s=60)
    fourth = hub.warn()
    assert hub.receipts(fourth) == []
    refused = hub.api("Tanaka", "/ground")["refused"]
    assert any(one["site"] == SITE and "revoked" in one["why"] for one in refused)
