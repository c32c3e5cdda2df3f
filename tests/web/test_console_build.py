"""The scripts that browsers get are what the sources in console/ become, byte for byte, and the sources are sound."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from satwarn.web import static_files

ROOT = Path(__file__).parents[2]
CONSOLE, STATIC = ROOT / "console", ROOT / "src" / "satwarn" / "web" / "static"
OURS = {"pages.css", "land.json", "units.json", "places.json"}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources beside what their lock names, away from the tree."""
    folder = tmp_path_factory.mktemp("console")
    shutil.copytree(CONSOLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    run(folder, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts")
    return folder


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def test_a_rebuild_gives_the_same_bytes(workshop: Path, tmp_path: Path) -> None:
    run(workshop, "npx", "--no-install", "vite", "build", "--outDir", str(tmp_path))
    built = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    kept = {one.name: one.read_bytes() for one in STATIC.iterdir() if one.name not in OURS}
    assert sorted(built) == sorted(kept)
    assert [name for name in built if built[name] != kept[name]] == [], "run: cd console && npm ci && npm run build"


def test_the_types_hold(workshop: Path) -> None:
    run(workshop, "npm", "run", "check")


def test_the_strictest_linter_finds_the_fault_put_there_and_nothing_else(workshop: Path) -> None:
    (workshop / "src" / "fault.ts").write_text("export const wrong = (text: any) => document.body.innerHTML = text;\n")
    command = ("npm", "run", "--silent", "lint", "--", "--format", "json")
    found = subprocess.run(command, cwd=workshop, capture_output=True, text=True, timeout=300)
    (workshop / "src" / "fault.ts").unlink()
    assert found.returncode != 0
    wrong = {Path(one["filePath"]).name: one["messages"] for one in json.loads(found.stdout) if one["messages"]}
    assert set(wrong) == {"fault.ts"}, wrong
    said = [f"{one['ruleId']} {one['message']}" for one in wrong["fault.ts"]]
    assert any("no-explicit-any" in line for line in said)
    assert any("text is never markup" in line for line in said)


def test_the_lock_names_no_registry() -> None:
    assert "://registry" not in (CONSOLE / "package-lock.json").read_text(encoding="utf-8")


def test_every_file_is_served_squeezed_and_asked_for_once(hub) -> None:  # type: ignore[no-untyped-def]  # web.hub.Hub
    browser = hub.browser()
    for name in static_files.names():
        answer = browser.get(f"/static/{name}")
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == static_files.kept(name).plain
        again = browser.http.get(f"/static/{name}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
